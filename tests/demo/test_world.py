"""The invented city before it is loaded: deterministic, outside every real range, and of one shape on any day."""

import datetime as dt
from decimal import Decimal
from itertools import islice

import pytest

from anxin import law
from anxin.demo import samples, sheets
from anxin.demo.city import BODIES, EMPLOYERS, REGIONS, employer_uscc
from anxin.demo.people import OFFICIALS, SIGN_INS, crowd
from anxin.demo.places import site_place
from anxin.demo.stories import STORIES
from anxin.demo.world import build
from anxin.kernel.identifiers import bank_card_problem, id_number_problem, phone_problem, uscc_problem
from anxin.kernel.months import Month
from anxin.sheets import read_workbook, recognise

CALENDAR = law.load().calendar
TODAY = dt.date(2026, 11, 20)
#: ends of months, around New Year and National Day, a leap day
DAYS = [dt.date.fromisoformat(text) for text in (
    "2026-11-20", "2026-01-01", "2026-01-31", "2026-02-28", "2026-03-01", "2026-05-08", "2026-10-09",
    "2026-12-31", "2024-02-29", "2025-08-15",
)]  # fmt: skip


@pytest.fixture(scope="module")
def world():
    return build(TODAY, CALENDAR)


def test_the_same_day_and_seed_give_the_same_city(world):
    assert build(TODAY, CALENDAR) == world
    assert build(TODAY, CALENDAR, seed=1) != world


def test_invented_people_have_right_check_digits_and_belong_to_nobody():
    people = list(islice(crowd(1), 400))
    for field in ("name", "id_number", "card", "phone"):
        assert len({getattr(person, field) for person in people}) == 400
    for person in people:
        assert not id_number_problem(person.id_number) and person.id_number.startswith("99")
        assert not bank_card_problem(person.card) and person.card.startswith("99")
        assert not phone_problem(person.phone) and person.phone.startswith("1990000")


def test_places_and_businesses_lie_outside_the_real_ranges():
    assert all(code.startswith("99") for code, _, _ in REGIONS)
    assert len({employer_uscc(short) for short in EMPLOYERS}) == len(EMPLOYERS)
    for short, (name, _) in EMPLOYERS.items():
        assert not uscc_problem(employer_uscc(short)) and employer_uscc(short)[2:4] == "99"
        assert name.endswith("（演示）")
    assert len({body.code for body in BODIES}) == len(BODIES)


def test_every_site_has_a_place_of_its_own_out_at_sea_near_the_others_of_its_town():
    places = {one.key: site_place(one.region, int(one.key)) for one in STORIES}
    assert len({tuple(place.values()) for place in places.values()}) == len(STORIES)
    for place in places.values():  # far from every coast: east of Taiwan, south of Okinawa
        assert 20 < place["latitude"] < 21 and 130 < place["longitude"] < 131
    town = [places[one.key] for one in STORIES if one.region == "990101001"]
    assert len(town) > 3
    for along in ("latitude", "longitude"):
        assert max(one[along] for one in town) - min(one[along] for one in town) < Decimal("0.05")
    assert site_place("990102", 2)["latitude"] != site_place("990103", 2)["latitude"]


def test_every_sign_in_is_an_official_with_a_long_enough_password():
    assert [name for name, _, _ in SIGN_INS] == [official.username for official in OFFICIALS]
    assert all(len(password) >= 10 and who for _, password, who in SIGN_INS)


@pytest.mark.parametrize("today", DAYS)
def test_the_stories_keep_their_shape_on_any_day(today):
    city = build(today, CALENDAR)
    assert 350 <= sum(len(site.workers) for site in city.sites) <= 450
    for site in city.sites:
        story, latest = site.story, site.latest
        if story.stopped_ago is None:
            assert len(site.months) == story.months
            # the pay day is over, whatever holiday moved it, and the next one is still to come
            assert 5 <= (today - latest.due).days <= 30
            following = law.pay_day(latest.month.plus(1), site.pay_day or 15, 1, CALENDAR)
            assert story.bare or following.due > today
        for month in site.months:
            assert month.due < today
            assert all(payment.paid_on <= today for payment in month.payments)
            assert all(line.net_fen > 0 for line in month.lines)
        unpaid = [month for month in site.months if not month.payments]
        assert len(unpaid) == (1 if story.bare or story.for_practice else story.unpaid)
        assert all(disbursed.paid_on < today for disbursed in site.disbursed)


def test_trouble_stands_where_its_story_says_and_nowhere_else(world):
    for site in world.sites:
        story, month = site.story, site.latest
        listed = {line.person.id_number for line in month.lines}
        attended = {person.id_number for person, _ in month.attendance}
        assert len(attended - listed) == story.left_out
        assert len(listed - attended) == story.ghosts
        short = [
            line
            for line, paid in zip(month.lines, month.payments, strict=False)
            if paid.amount_fen < line.net_fen
        ]
        assert len(short) == (story.part_paid[0] if story.part_paid else 0)


def test_some_people_worked_on_two_sites_but_never_on_the_same_day(world):
    before, after = world.site("13"), world.site("16")
    both = {worker.id_number for worker in before.workers} & {worker.id_number for worker in after.workers}
    assert len(both) == 4
    last = max(day for month in before.months for _, days in month.attendance for day in days)
    first = min(
        day
        for month in after.months
        for person, days in month.attendance
        if person.id_number in both
        for day in days
    )
    assert last < first


@pytest.mark.parametrize("key", ["01", "02"])
def test_every_file_is_recognised_whole_in_both_layouts(world, key):
    site = world.site(key)
    month = site.latest
    expected = {
        "roster": (sheets.roster(site, TODAY), len(site.workers)),
        "attendance": (sheets.attendance(site, month), len(month.attendance)),
        "payroll": (sheets.payroll(site, month), len(month.lines)),
        "receipts": (sheets.receipts(site, month, samples.paid_in_full(month, TODAY)), len(month.lines)),
    }
    for kind, (delivery, people) in expected.items():
        found = recognise(read_workbook(delivery.data, delivery.filename), kind)
        assert (found.as_json()["rows_accepted"], found.as_json()["rows_rejected"]) == (people, []), kind
        assert found.warnings == [], kind
        if kind == "payroll":
            assert found.totals["net"] == sum(line.net_fen for line in month.lines)
            assert found.period == month.month


def test_the_damaged_row_of_a_roster_comes_back(world):
    site = world.site("03")
    delivery = sheets.roster(site, TODAY, damaged_row=True)
    found = recognise(read_workbook(delivery.data, delivery.filename), "roster")
    assert len(found.rows) == len(site.workers)
    assert [problem.column for problem in found.rejected] == ["C"]
    assert "科学计数" in found.rejected[0].reason


def test_stories_have_distinct_keys_and_every_rule_of_the_first_pack_is_shown():
    assert len({story.key for story in STORIES}) == len(STORIES)
    shown = set().union(*(story.expects for story in STORIES))
    pack = {"W01", "W03", "W04", "W05", "W07", "W08", "P01", "P02", "P03"}
    assert shown == pack | {"W06", "W10", "F01", "F12"}


def test_months_are_consecutive_up_to_the_latest(world):
    for site in world.sites:
        months = [month.month for month in site.months]
        assert months == [months[0].plus(count) for count in range(len(months))]
        assert Month.of(site.started) == months[0]
