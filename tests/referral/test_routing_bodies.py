"""Who leads and who helps, worked out a second time: from duties, without rows and their order, over every combination.

The shipped table is a list of rows asked in turn. Here the same is said as duties that hold or do not hold (属地管理,
分级负责, 谁主管谁负责), and the two must agree wherever they can be asked. The values are written out once more, so that a
value that is added to the product and forgotten here shows.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import pytest

from anxin.referral import routing
from anxin.referral.bodies import resolve
from anxin.referral.routing import Facts, TableProblem, read_rows, route
from anxin.referral.shipped import shipped
from tests.referral.test_routing import FULL, ONLY_OFFICE, PLACES

OFFICE, TRADE, TOWN = "wage_office", "industry", "town"
KNOWN_TRADES = ("housing", "transport", "water", "other")
HEAVY = ("pressing", "group", "government")


def every_combination() -> list[Facts]:
    """Each region × what × trade × kind × channel × set of weights."""
    channels = ("hotline", "platform", "visit", "telephone", "grid", "police", "qr", "sweep")
    weights = [frozenset(some) for size in range(len(HEAVY) + 1) for some in combinations(HEAVY, size)]
    return [
        Facts(*said)
        for said in product(
            PLACES, ("construction", "employer", "other"), (*KNOWN_TRADES, "unknown"), ("complaint", "report"),
            channels, weights,
        )
    ]  # fmt: skip


def site_of_a_trade(one: Facts) -> bool:
    """Somebody is responsible for the trade of this site."""
    return one.about == "construction" and one.industry in KNOWN_TRADES


def wages(one: Facts) -> bool:
    return one.about in ("construction", "employer")


def trade_leads(one: Facts) -> bool:
    """谁主管谁负责: an ordinary order of the hotline about a site goes to whoever is responsible for the trade. The wage office
    keeps what is its own: what is reported as an offence (inspection), what gathers people or presses, public money."""
    ordinary_order = one.channel == "hotline" and one.kind == "complaint" and not one.weights
    return site_of_a_trade(one) and ordinary_order


def with_a_duty(one: Facts) -> set[str]:
    """Everybody who has something to do with it."""
    bound = {OFFICE}  # wages are the office's, whoever leads; and what is none is answered at its desk
    if site_of_a_trade(one):
        bound.add(TRADE)
    if one.about == "construction" and "government" in one.weights:
        bound.add(
            TRADE
        )  # who builds with public money has an authority over it even where the trade is not written down
    if wages(one) and one.weights & {"group", "pressing"}:
        bound.add(TOWN)  # 属地: people on the spot
    return bound


def expected(one: Facts) -> tuple[str, frozenset[str]]:
    """The lead and who helps: everybody else with a duty."""
    lead = TRADE if trade_leads(one) else OFFICE
    return lead, frozenset(with_a_duty(one) - {lead})


def disagreements(rows, asked: list[Facts]) -> list[Facts]:
    """Where the table says something else, or twice, or nothing."""
    found = []
    for one in asked:
        try:
            said = route(rows, one)
        except TableProblem:
            found.append(one)
            continue
        helpers = frozenset(said.supporting)
        if (said.lead, helpers) != expected(one) or len(helpers) != len(said.supporting):
            found.append(one)
    return found


@pytest.fixture(scope="module")
def rows():
    return read_rows(shipped("routing").entries)


def test_the_table_and_the_duties_agree_on_lead_and_helpers_wherever_they_are_asked(rows):
    asked = every_combination()
    assert len(asked) == len(PLACES) * 3 * 5 * 2 * 8 * 8 == len(set(asked))
    assert set(asked) == set(routing.every_facts(PLACES)), "a value is known to one side alone"
    assert disagreements(rows, asked) == []


@pytest.mark.parametrize(
    ("said", "lead", "helpers"),
    [
        # by hand, so that the duties themselves are held against something
        ({}, TRADE, {OFFICE}),
        ({"kind": "report"}, OFFICE, {TRADE}),
        ({"channel": "qr"}, OFFICE, {TRADE}),
        ({"industry": "unknown"}, OFFICE, set()),
        ({"industry": "unknown", "weights": frozenset({"government"})}, OFFICE, {TRADE}),
        ({"weights": frozenset({"group"})}, OFFICE, {TRADE, TOWN}),
        ({"about": "employer", "weights": frozenset({"pressing"})}, OFFICE, {TOWN}),
        ({"about": "other", "weights": frozenset(HEAVY)}, OFFICE, set()),
    ],
)
def test_the_duties_by_hand(said, lead, helpers):
    given = {"region": "990101", "about": "construction", "industry": "housing", "kind": "complaint",
             "channel": "hotline", "weights": frozenset()} | said  # fmt: skip
    assert expected(Facts(**given)) == (lead, frozenset(helpers))


@pytest.mark.parametrize(
    "name",
    [
        "政府或国有企业投资工程欠薪",
        "举报违法行为",
        "集体讨薪和紧急事项",
        "工程欠薪的热线工单",
        "工程欠薪的投诉举报",
        "其余欠薪",
    ],
)
@pytest.mark.parametrize("how", ["left out", "first of all"])
def test_a_row_left_out_or_out_of_place_shows(rows, name, how):
    """The comparison finds something where the table is wrong: each row that decides a body matters, most by their place."""
    place = next(number for number, row in enumerate(rows) if row.name.startswith(name))
    rest = [row for number, row in enumerate(rows) if number != place]
    spoilt = rest if how == "left out" else [rows[place], *rest]
    harmless = how == "first of all" and name in (
        "政府或国有企业投资工程欠薪",
        "举报违法行为",
        "集体讨薪和紧急事项",
        "工程欠薪的投诉举报",
    )
    asked = [one for one in every_combination() if one.region == "990101"]
    assert bool(disagreements(spoilt, asked)) is not harmless


@pytest.mark.parametrize("field", ["lead", "supporting"])
def test_another_body_in_any_row_that_names_one_shows(rows, field):
    asked = [one for one in every_combination() if one.region == "990101"]
    for place, row in enumerate(rows):
        held = getattr(row, field)
        if not held:
            continue
        other = TOWN if field == "lead" else tuple({OFFICE, TRADE, TOWN} - set(held) - {row.lead})
        spoilt = [*rows[:place], replace(row, **{field: other}), *rows[place + 1 :]]
        assert disagreements(spoilt, asked), row.name


@pytest.mark.parametrize("bodies", [FULL, ONLY_OFFICE], ids=["full", "only-office"])
def test_the_registered_bodies_are_of_the_kind_that_the_duties_name(rows, bodies):
    """A trade without a registered authority is led by the office; nobody of another trade is asked."""
    for one in every_combination():
        lead, helpers = expected(one)
        meant = resolve(route(rows, one), bodies, place=one.region, industry=one.industry)
        # an authority answers for its own place and what lies within
        there = any(one.industry in body.trades and one.region.startswith(body.region) for body in bodies)
        assert (meant.lead.kind == "industry_authority") is (lead == TRADE and there), one
        asked = [body for body in meant.supporting if body.kind == "industry_authority"]
        assert all(one.industry in body.trades for body in asked), one
        assert not asked or TRADE in helpers, one
        assert not any(body.kind == "town" for body in meant.supporting) or TOWN in helpers, one
