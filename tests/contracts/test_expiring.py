"""A contract whose time has run out is shown as such to everybody, and its clerk is reminded before."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.contracts import drafting, expiring
from anxin.contracts.access import clerk_contracts
from anxin.contracts.models import Contract, ContractBatch
from anxin.sheets import read_workbook
from anxin.web import clock
from anxin.workforce.models import Enrolment
from tests.contracts.conftest import SHARED, start
from tests.contracts.test_pages import own, signed_in, text

State = Contract.State
LIST = "/employer/contracts/running"


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", now.date)


@pytest.fixture
def ending(sent, now) -> list[Contract]:
    """In force: one ended yesterday, one ends in thirty days, one a day later."""
    days = (
        now.date() - dt.timedelta(days=1),
        now.date() + dt.timedelta(days=30),
        now.date() + dt.timedelta(days=31),
    )
    for one, day in zip(sent, days, strict=True):
        Contract.objects.filter(pk=one.pk).update(
            state=State.IN_FORCE, worker_signed_at=now, in_force_at=now, ends_on=day
        )
    return list(Contract.objects.order_by("pk"))


def test_the_last_day_still_counts_and_the_day_after_does_not(ending, now):
    one = ending[0]
    assert (one.past_end(one.ends_on), one.past_end(one.ends_on + dt.timedelta(days=1))) == (False, True)
    assert (one.standing(now.date()), ending[1].standing(now.date())) == ("已到期", "双方已签，已生效")
    one.state = State.ENDED
    assert not one.past_end(now.date())


def test_the_clerk_is_reminded_thirty_days_before_and_nobody_elses_clerk(ending, site, now):
    found = expiring.running_out(clerk_contracts(site.clerk), now.date())
    assert set(found) == set(ending[:2])
    assert expiring.counted(found, now.date()) == expiring.Running(1, 1, 1)
    assert (
        expiring.counted(expiring.running_out(clerk_contracts(site.stranger), now.date()), now.date()).all
        == 0
    )
    Enrolment.objects.filter(worker=ending[0].worker).update(exit=now.date())
    assert expiring.counted(found.all(), now.date()).worked_on == 0


def test_everybody_is_shown_that_it_has_run_out(ending, site):
    clerk, one = signed_in(site.clerk), ending[0]
    page = text(clerk.get(f"/employer/contracts/{one.pk}"))
    assert (
        "已到期" in page and "依法终止（劳动合同法第四十四条第一款第一项）" in page and "第八十二条" in page
    )
    assert "1 份合同已到期，其中 1 人还在工地；1 份快到期" in text(clerk.get("/employer/contracts"))
    assert "1 份劳动合同已到期" in text(clerk.get("/employer/"))
    past = text(clerk.get("/employer/contracts?state=past"))
    assert one.number in past and ending[1].number not in past
    phone = text(own(one.worker, site.project).get(f"/w/contracts/{one.pk}"))
    assert "到期" in phone and "合同有效" not in phone
    assert "合同有效" in text(own(ending[1].worker, site.project).get(f"/w/contracts/{ending[1].pk}"))
    officer = signed_in(site.inspector).get(f"/labour-contracts/{site.project.pk}?part=all")
    assert "已到期" in text(officer)


def test_the_list_pages_goes_to_excel_and_belongs_to_its_clerk(ending, site, monkeypatch):
    clerk = signed_in(site.clerk)
    said = text(clerk.get(LIST))
    assert all(one.number in said for one in ending[:2]) and ending[2].number not in said
    assert "已到期 1 份，其中 1 人还在工地；30 天内到期 1 份" in said
    monkeypatch.setattr("anxin.web.employer.contract_running._PAGE", 1)
    first = clerk.get(LIST)
    assert ending[1].number not in text(first)
    second = text(clerk.get(f"{LIST}?after={first.context['next_key']}"))
    assert ending[1].number in second and ending[0].number not in second
    assert clerk.get(f"{LIST}?after=nonsense").status_code == 200
    book = read_workbook(clerk.get(f"{LIST}/export.xlsx").content, "x.xlsx")
    cells = [str(cell) for row in book.sheets[0].rows for cell in row]
    assert {ending[0].number, "已到期", "快到期"} <= set(cells)
    assert "没有到期的合同" in text(signed_in(site.stranger).get(LIST))
    assert signed_in(site.inspector).get(LIST).status_code == 403


def test_the_renewal_of_all_of_a_site_starts_from_the_list(ending, site, now):
    clerk = signed_in(site.clerk)
    (offer,) = clerk.get(LIST).context["sites"]
    assert (offer.project, offer.people) == (site.project, 2)
    form = clerk.get(
        f"/employer/contracts/new?project={site.project.pk}&employer={site.firm.pk}&kind=renewal&running=yes"
    )
    rows = Enrolment.objects.filter(
        worker__in=[one.worker_id for one in ending[:2]], superseded_at__isnull=True
    )
    assert form.context["picked"] == set(rows.values_list("pk", flat=True))
    said = {**SHARED, "project": site.project.pk, "employer": site.firm.pk, "kind": "renewal", "send": "on"}
    said |= {"ids": list(form.context["picked"]), "ends_on": "2027-12-31"}
    assert clerk.post("/employer/contracts/new", said).status_code == 302
    batch = ContractBatch.objects.latest("pk")
    drafting.make_batch(batch.pk, now=now)
    made = list(batch.contracts.order_by("previous_id"))
    assert [one.begins_on for one in made] == [one.ends_on + dt.timedelta(days=1) for one in ending[:2]]
    after = clerk.get(LIST)
    assert after.context["sites"] == [] and "正在签" in text(after)


def test_an_end_by_time_is_offered_with_its_own_day_and_reason(ending, site):
    form = signed_in(site.clerk).get(f"/employer/contracts/{ending[0].pk}").context["form"]
    assert form.initial == {"ended_on": ending[0].ends_on, "reason": "expired"}


def test_a_new_contract_for_whom_has_an_ended_one_on_paper_is_a_renewal(ending, site, now):
    assert start(site, now, kind=ContractBatch.Kind.RENEWAL).made == 3
