"""监测总览 and the wall: what is open by district and week, counters that open their lists, and nobody's name."""

from __future__ import annotations

import datetime as dt
import html
import io
import re

import openpyxl
import pytest

from anxin.monitoring import overview
from anxin.monitoring.models import Warning
from anxin.registry.models import Region
from tests.monitoring import employers as firms
from tests.monitoring.warnings import a_pay_day, a_warning

#: a queries-per-page bound of the house
MOST_QUERIES = 15


def text(answer) -> str:
    return answer.content.decode()


def tile(found: overview.Districts, code: str) -> overview.Tile:
    return next(one for one in found.tiles if one.code == code)


def test_a_tile_counts_its_district_by_part_and_says_the_gravest_level(world):
    a_warning(world.here, level=3, family="paper", rule="W07")
    a_warning(world.here, level=1)
    a_warning(world.here, level=4, state=Warning.State.CLEARED, cleared_on=dt.date(2026, 11, 1))
    here = tile(overview.districts(world.leader), "990101")
    assert (here.parts["wages"].levels.all, here.parts["wages"].worst, here.parts["wages"].fill) == (2, 4, 10)
    assert (here.parts["paper"].levels.orange, here.parts["advice"].levels.all) == (1, 0)
    there = tile(overview.districts(world.leader), "990102")
    assert (there.parts["wages"].levels.all, there.parts["wages"].fill) == (1, 5)


def test_a_sign_of_forgery_stands_in_no_family(world):
    a_warning(world.here, advice=True, rule="F01", level=4)
    here = tile(overview.districts(world.leader), "990101")
    assert (here.parts["wages"].levels.all, here.parts["advice"].levels.all) == (1, 1)


def test_a_street_counts_for_its_district_and_a_city_for_none(world):
    Region.objects.create(code="990101001", name="某街道", parent_id="990101")
    firm = firms.employer(1, region_code="9901", name="某厂")
    a_warning(None, employer=firm, project=None)
    world.here.region_id = "990101001"
    world.here.save()
    found = overview.districts(world.leader)
    assert tile(found, "990101").parts["wages"].levels.all == 1
    assert found.elsewhere["wages"] == 1


def test_one_district_does_not_see_the_other(sign_in, world):
    page = text(sign_in("inspector").get("/overview"))
    assert "region=990101" in page and "region=990102" not in page
    assert "region=990102" in text(sign_in("leader").get("/overview"))
    assert [one.code for one in overview.districts(world.outsider).tiles] == ["990102"]


@pytest.mark.parametrize("family", ["wages", "paper", "advice"])
def test_a_tile_opens_as_many_warnings_as_it_says(sign_in, world, now, family):
    a_warning(world.here, family="paper", rule="W07", muted_until=now.date() + dt.timedelta(days=3))
    client = sign_in("leader")
    client.get("/overview")
    for one in overview.districts(world.leader).tiles:
        listed = client.get(f"/warnings?family={family}&state=standing&region={one.code}")
        assert len(listed.context["warnings"]) == one.parts[family].levels.all


def test_the_weeks_show_what_stood_open_came_and_went(world):
    Warning.objects.all().delete()
    on = dt.date(2026, 11, 18)  # a Wednesday
    a_warning(world.here, level=4, first_seen=dt.date(2026, 9, 1))
    gone = {"state": Warning.State.CLEARED, "cleared_on": dt.date(2026, 11, 10)}
    a_warning(world.here, level=2, first_seen=dt.date(2026, 11, 8), **gone)
    a_warning(world.here, level=1, first_seen=dt.date(2026, 11, 17))
    a_warning(world.here, level=1, first_seen=dt.date(2026, 11, 19))  # later than the day asked for
    weeks = overview.trends(world.leader, on=on, weeks=3)["wages"]
    assert [(w.first.day, w.last.day, w.open.all, w.opened, w.cleared) for w in weeks] == [
        (2, 8, 2, 1, 0),
        (9, 15, 1, 0, 1),
        (16, 18, 2, 1, 0),
    ]
    assert [(w.open.red, w.open.yellow, w.open.blue) for w in weeks] == [(1, 1, 0), (1, 0, 0), (1, 0, 1)]


def test_the_overview_exports_its_numbers(sign_in, world):
    answer = sign_in("inspector").get("/overview/export.xlsx?family=wages&weeks=13")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    places, weeks = book.worksheets
    assert [row[1] for row in places.iter_rows(values_only=True)][-1] == "990101"
    assert [row[2] for row in weeks.iter_rows(values_only=True)][-1] == 1


def test_a_district_without_warnings_is_a_tile_that_says_so(sign_in, world):
    Warning.objects.all().delete()
    assert "没有未消除的" in text(sign_in("inspector").get("/overview"))
    assert sign_in("leader").get("/overview?weeks=999&family=nonsense").status_code == 200


def test_every_counter_of_the_wall_opens_a_list_of_that_many(sign_in, world, now):
    overdue = {"act_by": now.date() - dt.timedelta(days=1)}
    a_warning(world.here, family="paper", rule="W07", level=3, **overdue)
    a_warning(world.here, advice=True, rule="F01")
    a_warning(world.here, rule="P01", level=2, muted_until=now.date() + dt.timedelta(days=9))
    a_warning(world.here, state=Warning.State.CLEARED, cleared_on=now.date())
    a_warning(world.here, state=Warning.State.CLEARED, cleared_on=now.date() - dt.timedelta(days=60))
    a_pay_day(world.here, now)
    client = sign_in("leader")
    page = text(client.get("/wall"))
    links = re.findall(
        r'<a class="wall-(?:card|level)[^"]*" href="([^"]+)"><span class="wall-number">([^<]+)<', page
    )
    assert len(links) == 8 + 9
    for address, said in links:
        listed = client.get(html.unescape(address))
        rows = next(
            listed.context[name] for name in ("warnings", "projects", "rows") if name in listed.context
        )
        if "rule=W03" in address:  # counted in people and yuan
            people, fen = sum(row.people for row in rows), sum(row.amount_fen for row in rows)
            assert said in {str(people), f"¥{fen / 100:,.2f}"}
        else:
            assert len(rows) == int(said), address


def test_the_wall_counts_only_what_one_may_see(sign_in, world):
    page = text(sign_in("outsider").get("/wall"))
    assert "990102" in page and "990101" not in page
    assert sign_in("admin").get("/wall").status_code == 403


def test_nobody_is_named_on_the_wall_nor_in_the_overview(sign_in, world, now):
    world.warning.assigned_to = world.inspector
    world.warning.sentence = f"{world.here.name} 拖欠甲工人1的工资"
    world.warning.save()
    for address in ("/wall", "/overview"):
        client = sign_in("leader")
        page = text(client.get(address))
        body = page.split('id="wall"' if address == "/wall" else 'id="page"')[1]
        for word in ("工人1", "甲", "某inspector", "某leader", world.here.name, "*"):
            assert word not in body, (address, word)


@pytest.mark.parametrize("address", ["/overview", "/wall"])
def test_the_pages_cost_few_queries_however_many_warnings(
    sign_in, world, address, django_assert_max_num_queries
):
    for level in (1, 2, 3, 4) * 3:
        a_warning(world.here, level=level)
    client = sign_in("leader")
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(address)


def test_the_wall_asks_for_itself_again_and_changes_nothing(sign_in, world):
    page = text(sign_in("leader").get("/wall"))
    assert 'hx-trigger="every 120s"' in page and "<form" not in page
    assert sign_in("leader").post("/wall").status_code == 405
