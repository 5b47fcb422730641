"""Known sites against the register: by a person, by number, by name in the region; near names are proposed."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.monitoring import snapshot
from anxin.signals import coverage
from anxin.signals.models import KnownSite, SiteDecision
from anxin.signals.names import plain_site_name
from tests.signals.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
DAY = dt.date(2026, 9, 30)


@pytest.fixture
def site(district):
    def make(number: str, name: str, region: str = "990101", source: str = "permit") -> KnownSite:
        return KnownSite.objects.create(
            source=source,
            number=number,
            name=name,
            plain_name=plain_site_name(name),
            region_id=region,
            on=dt.date(2026, 5, 1),
            recorded_at=NOW,
        )

    return make


def found():
    return {one.number: (one.project_id, one.how) for one in coverage.sites(as_of=DAY)}


def test_the_permit_number_is_the_projects_whatever_the_names_say(site, project):
    registered = project("P-1", "滨江花园", permit_number="SG 2026-001")
    site("SG2026-001", "完全不同的名字")
    assert found() == {"SG2026-001": (registered.pk, "number")}


def test_the_same_name_in_the_same_region_is_the_project(site, project):
    registered = project("P-1", "滨江花园（二期）")
    site("SG-1", "滨江花园(二期) 建设工程项目")
    site("SG-2", "滨江花园二期", region="9901")
    assert found() == {"SG-1": (registered.pk, "name"), "SG-2": (registered.pk, "name")}


def test_the_same_name_elsewhere_or_twice_is_left_to_a_person(site, project, district):
    from anxin.registry.models import Region

    other = Region.objects.create(code="990102", name="另一区", parent_id="9901")
    project("P-1", "滨江花园", region=other)
    project("P-2", "安置房一标段")
    project("P-3", "安置房一标段")
    site("SG-1", "滨江花园")
    site("SG-2", "安置房一标段")
    assert found() == {"SG-1": (None, ""), "SG-2": (None, "")}


def test_a_near_name_is_proposed_and_not_taken(site, project):
    near = project("P-1", "滨江花园二期商品房")
    project("P-2", "城东污水处理厂")
    site("SG-1", "滨江花园二期商住楼")
    (missing,) = coverage.sites(as_of=DAY)
    assert missing.missing
    listed = [(near.pk, "P-1", near.name, "990101"), (0, "P-2", "城东污水处理厂", "990101")]
    assert [one.project_id for one in coverage.proposals(missing, listed)] == [near.pk]


def test_what_a_person_decided_holds_over_number_and_name(site, project):
    project("P-1", "滨江花园", permit_number="SG-1")
    other = project("P-2", "别的项目")
    site("SG-1", "滨江花园")
    site("SG-2", "农房自建")
    for number, values in (("SG-1", {"project": other}), ("SG-2", {"reason": "农村自建房"})):
        SiteDecision.objects.create(
            source="permit", number=number, decided_by_name="钱一", decided_at=NOW, **values
        )
    sites = {one.number: one for one in coverage.sites(as_of=DAY)}
    assert (sites["SG-1"].project_id, sites["SG-1"].how) == (other.pk, "person")
    assert (sites["SG-2"].missing, sites["SG-2"].exempt) == (False, "农村自建房")
    before = coverage.sites(as_of=DAY, known_at=NOW - dt.timedelta(days=1))
    assert before == []


def test_known_sites_reach_the_fact_tables_with_their_project(site, project):
    registered = project("P-1", permit_number="SG-1")
    site("SG-1", "滨江花园")
    site("SG-2", "城东污水处理厂")
    table = snapshot.take(as_of=DAY, known_at=NOW)["known_sites"].to_pylist()
    assert [(row["number"], row["project_id"]) for row in table] == [("SG-1", registered.pk), ("SG-2", None)]
