"""A matter goes on in another procedure: nothing entered twice, the first keeps its course, once and within scope."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework.models import Matter
from anxin.casework.services import attach
from anxin.casework.succession import chain, go_on
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.registry.models import Employer
from tests.web.cases import a_matter, take
from tests.web.test_warnings import text


@pytest.fixture
def accepted(world, now) -> Matter:
    """A complaint that was accepted, with the worker's papers."""
    matter = a_matter(world, now, on=dt.date(2026, 11, 12))
    attach(
        matter, kind="case_filing_approval", data=b"%PDF-1", filename="立案审批表.pdf", number="第7号",
        by=world.inspector, now=now, law=local_law.current(),
    )  # fmt: skip
    take(matter, "accept", by=world.leader, on=dt.date(2026, 11, 16), now=now)
    return Matter.objects.get(pk=matter.pk)


def begun(matter: Matter, world, now, **changed) -> Matter:
    given = {"title": matter.title, "region": matter.region, "lead": matter.lead, "on": now.date()}
    return go_on(
        matter, "inspection_case", by=world.inspector, now=now, law=local_law.current(), **given | changed
    )


def test_the_form_is_filled_in_and_the_papers_come_along(sign_in, world, now, accepted):
    client = sign_in("inspector")
    page = text(client.get(f"/matters/{accepted.pk}"))
    assert "接着办理" in page and "劳动保障监察案件" in page
    address = f"/matters/new?procedure=inspection_case&follows={accepted.pk}"
    form = text(client.get(address))
    assert accepted.title in form and accepted.number in form and "东台安置房工程" in form
    client.post(
        address,
        {"title": accepted.title, "about_text": "东台安置房工程", "about": f"project:{world.here.pk}",
         "region": accepted.region_id, "lead": accepted.lead_id, "on": "2026-11-16"},
    )  # fmt: skip
    made = Matter.objects.get(follows=accepted)
    assert (made.procedure, made.project, made.lead) == ("inspection_case", world.here, accepted.lead)
    paper = made.documents.get(kind="case_filing_approval", number="第7号")
    assert paper.file_id == accepted.documents.get(number="第7号").file_id
    assert JournalEntry.objects.filter(action="matter.followed", object_id=str(accepted.pk)).count() == 1
    assert made.number in text(client.get(f"/matters/{accepted.pk}"))
    assert accepted.number in text(client.get(f"/matters/{made.pk}"))


def posted(client, accepted, **about: str) -> Matter | None:
    client.post(
        f"/matters/new?procedure=inspection_case&follows={accepted.pk}",
        {"title": accepted.title, "region": accepted.region_id, "lead": accepted.lead_id, "on": "2026-11-16", **about},
    )  # fmt: skip
    return Matter.objects.filter(follows=accepted).first()


def test_the_employer_comes_along_with_the_project(sign_in, world, accepted):
    Matter.objects.filter(pk=accepted.pk).update(employer=world.firm)
    made = posted(
        sign_in("inspector"), accepted, about_text="东台安置房工程", about=f"project:{world.here.pk}"
    )
    assert made is not None and (made.project, made.employer) == (world.here, world.firm)


def test_an_employer_without_any_site_comes_along(sign_in, world, accepted):
    shop = Employer.objects.create(uscc="91990101MA0000077P", name="某某餐饮店", region=world.here.region)
    Matter.objects.filter(pk=accepted.pk).update(project=None, employer=shop)
    client = sign_in("inspector")
    assert posted(client, accepted, about_text="没有登记过的店", about="employer:999999") is None
    made = posted(client, accepted, about_text="某某餐饮店", about=f"employer:{shop.pk}")
    assert made is not None and (made.project, made.employer) == (None, shop)


def test_what_was_named_anew_or_cleared_is_left_so(sign_in, world, accepted):
    Matter.objects.filter(pk=accepted.pk).update(project=None, employer=world.firm)
    made = posted(
        sign_in("inspector"), accepted, about_text="东台安置房工程", about=f"project:{world.here.pk}"
    )
    assert made is not None and (made.project, made.employer) == (world.here, None)


def test_what_was_begun_is_not_begun_again(world, now, accepted):
    begun(accepted, world, now)
    assert chain(world.inspector, accepted, local_law.current()).successors == []
    with pytest.raises(Refused, match="已经由本件接着办理过"):
        begun(accepted, world, now)


def test_what_the_table_does_not_have_there_is_refused(world, now):
    fresh = a_matter(world, now, on=dt.date(2026, 11, 12))
    with pytest.raises(Refused, match="已收件"):
        begun(fresh, world, now)
    assert not Matter.objects.filter(follows=fresh).exists()


def test_who_has_no_part_in_it_can_neither_see_nor_go_on(sign_in, world, now, accepted, people):
    with pytest.raises(Refused, match="没有办理权限"):
        go_on(
            accepted, "inspection_case", by=people["outsider"], now=now, law=local_law.current(), title="x",
            region=accepted.region, lead=accepted.lead, on=now.date(),
        )  # fmt: skip
    address = f"/matters/new?procedure=inspection_case&follows={accepted.pk}"
    assert sign_in("outsider").get(address).status_code == 404
