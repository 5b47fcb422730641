"""The routing table: whatever it may be asked it answers, once, and says which rows decided."""

from __future__ import annotations

import pytest
import yaml

from anxin import law as law_data
from anxin.clues.models import Clue
from anxin.kernel.refusal import Refused
from anxin.referral import routing
from anxin.referral.bodies import Body, resolve
from anxin.referral.routing import Facts, TableProblem, every_facts, read_rows, route
from anxin.referral.shipped import shipped

PLACES = ("99", "9901", "990101", "990102", "990101001", "990102002")
#: a city with everything, a county without a bureau of its own, towns in one of them
FULL = [
    Body(1, "某市人社局", "bureau", "9901", frozenset()),
    Body(2, "某区人社局", "bureau", "990101", frozenset()),
    Body(3, "某省人社厅", "bureau", "99", frozenset()),
    Body(4, "某市住建局", "industry_authority", "9901", frozenset({"housing"})),
    Body(5, "某市交通局", "industry_authority", "9901", frozenset({"transport"})),
    Body(6, "某街道", "town", "990101001", frozenset()),
]
ONLY_OFFICE = [Body(1, "某市人社局", "bureau", "9901", frozenset())]


@pytest.fixture(scope="module")
def law():
    return law_data.load()


@pytest.fixture(scope="module")
def rows():
    return read_rows(shipped("routing").entries)


def facts(**said) -> Facts:
    given = {
        "region": "990101", "about": "construction", "industry": "housing", "kind": "complaint",
        "channel": "hotline", "weights": frozenset(), **said,
    }  # fmt: skip
    return Facts(**given)


def level_expected(one: Facts) -> str:
    """The rule of the shipped table in other words."""
    if len(one.region) == 2:
        return "province"
    city = len(one.region) == 4 or (one.about == "construction" and "government" in one.weights)
    return "city" if city else "county"


@pytest.mark.parametrize("bodies", [FULL, ONLY_OFFICE], ids=["full", "only-office"])
def test_every_combination_has_one_lead_of_the_right_level_and_a_procedure_that_exists(law, rows, bodies):
    procedures = {procedure.key for procedure in law.procedures()}
    asked = 0
    for one in every_facts(PLACES):
        found = route(rows, one)
        meant = resolve(found, bodies, place=one.region, industry=one.industry)
        asked += 1
        assert found.level == level_expected(one), one
        assert found.procedure in procedures
        assert found.lead not in found.supporting and meant.lead not in meant.supporting
        assert len({body.pk for body in meant.supporting}) == len(meant.supporting)
        assert found.desk == (one.about == "other")
        assert found.why and any("lead" in decided.what for decided in found.why)
        if found.lead == "wage_office" or meant.lead.kind == "bureau":
            assert meant.lead.kind == "bureau"
            if found.lead != "wage_office":
                assert any("代为牵头" in note for note in meant.notes)
        else:
            assert one.industry in meant.lead.trades
    assert asked == len(PLACES) * 3 * 5 * 2 * 8 * 8


def test_the_shipped_table_passes_its_own_check(law, rows):
    routing.check(rows, law)


@pytest.mark.parametrize(
    ("said", "lead", "supporting", "procedure"),
    [
        ({}, "industry", ("wage_office",), "hotline_12345"),
        ({"channel": "qr"}, "wage_office", ("industry",), "complaint_intake"),
        ({"channel": "platform"}, "wage_office", ("industry",), "clue_platform"),
        ({"industry": "unknown"}, "wage_office", (), "hotline_12345"),
        ({"kind": "report"}, "wage_office", ("industry",), "hotline_12345"),
        ({"about": "employer", "industry": "unknown"}, "wage_office", (), "hotline_12345"),
        ({"weights": frozenset({"group"})}, "wage_office", ("town", "industry"), "hotline_12345"),
    ],
)
def test_a_clue_goes_to_the_body_that_answers_for_it(rows, said, lead, supporting, procedure):
    found = route(rows, facts(**said))
    assert (found.lead, found.procedure) == (lead, procedure)
    assert set(found.supporting) - {"wage_office"} == set(supporting) - {"wage_office"}


def test_the_rows_that_decided_are_said_in_order(rows):
    found = route(rows, facts(weights=frozenset({"government"})))
    assert [decided.row.name for decided in found.why][:2] == [
        "12345工单，按热线工单办理",
        "政府或国有企业投资工程欠薪，市级牵头",
    ]
    assert found.why[1].what == ("lead", "level", "supporting")


def test_the_projects_own_body_goes_before_others_of_its_trade(rows):
    other = Body(9, "某区住建局", "industry_authority", "990101", frozenset({"housing"}))
    found = route(rows, facts())
    assert resolve(found, [*FULL, other], place="990101", industry="housing", responsible=4).lead.pk == 4
    assert resolve(found, [*FULL, other], place="990101", industry="housing").lead.pk == 9


def test_a_county_without_a_bureau_is_answered_for_by_the_city_and_the_reason_said(rows):
    meant = resolve(route(rows, facts(about="employer")), ONLY_OFFICE, place="990101", industry="unknown")
    assert meant.lead.pk == 1 and meant.notes == ("没有登记县级人社部门，由某市人社局负责。",)


def test_without_any_bureau_it_is_refused_with_what_to_do(rows):
    with pytest.raises(Refused, match="没有登记人社部门"):
        resolve(route(rows, facts()), FULL[3:], place="990101", industry="housing")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows[:-1], "没有一行说明由谁牵头"),
        (lambda rows: [*rows, {"name": "空行"}], "没有写出任何结果"),
        (lambda rows: [*rows, {"name": "错", "lead": "bank"}], "牵头和协办只能是"),
        (lambda rows: [*rows, {"name": "错", "lead": "town", "supporting": ["town"]}], "既牵头又协办"),
        (lambda rows: [{"name": "错", "procedure": "no_such", "clock": "x"}, *rows], "no_such"),
        (
            lambda rows: [
                {"name": "错", "procedure": "hotline_12345", "clock": "inspection.limitation_years"},
                *rows,
            ],
            "期限应从这些里选",
        ),
        (lambda rows: [{"name": "错", "channel": ["fax"], "lead": "town"}, *rows], "不认识的值"),
        (lambda rows: [], "没有行"),
    ],
)
def test_a_table_that_leaves_something_open_is_refused(law, change, words):
    with pytest.raises(TableProblem, match=words):
        routing.check(read_rows(change(list(shipped("routing").entries))), law)


def test_a_row_for_one_place_holds_only_there(rows):
    local = [{"name": "园区的交给镇街", "region": "990101001", "lead": "town"}, *shipped("routing").entries]
    there = read_rows(local)
    assert route(there, facts(region="990101001")).lead == "town"
    assert route(there, facts(region="990101")).lead == "industry"


def test_the_file_reads_as_data_without_code():
    text = (shipped("routing").path).read_text(encoding="utf-8")
    assert yaml.safe_load(text)["rows"]


def test_every_channel_that_a_clue_may_come_by_can_be_asked_about():
    assert set(routing.CHANNELS) == set(Clue.Channel.values)
