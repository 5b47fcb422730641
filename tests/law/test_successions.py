"""Which procedure goes on from which: the shipped table, and what is refused in one."""

from __future__ import annotations

import pytest

from anxin.law import DataError, load
from anxin.law.successions import check_successions, parse_successions

LAW = load()
FINE = {
    "from": "mediation",
    "states": ["failed"],
    "opens": "arbitration",
    "says": "调解不成",
    "references": [],
}


def opened(procedure: str, state: str) -> list[str]:
    return [one.opens for one in LAW.successions(procedure, state)]


def test_mediation_comes_first_then_inspection_then_arbitration():
    assert opened("complaint_intake", "received") == ["mediation"]
    assert opened("complaint_intake", "accepted") == ["inspection_case"]
    assert opened("mediation", "failed") == ["complaint_intake", "arbitration", "legal_aid"]
    assert "arbitration" in opened("inspection_case", "revoked")


def test_a_case_ordered_to_pay_may_go_to_the_police_and_one_under_investigation_may_not():
    assert "crime_transfer" in opened("inspection_case", "ordered")
    assert "crime_transfer" not in opened("inspection_case", "investigating")


def test_from_every_state_that_is_named_somebody_could_get_on():
    for table in LAW.procedures():
        for state in table.states:
            for one in LAW.successions(table.key, state.key):
                assert LAW.procedure(one.opens).initial
                assert all(LAW.cite_reference(reference) for reference in one.references)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"from": "nowhere"}, "没有程序“nowhere”"),
        ({"opens": "nowhere"}, "没有程序“nowhere”"),
        ({"states": ["lost"]}, "没有状态“lost”"),
        ({"references": [{"statute": "no_law", "article": 1}]}, "没有收录法规“no_law”"),
    ],
)
def test_what_is_not_known_is_named(changed, said):
    statutes = {one.key: one for one in LAW.statutes()}
    procedures = {one.key: one for one in LAW.procedures()}
    with pytest.raises(DataError, match=said):
        check_successions(parse_successions([FINE | changed], "s.yaml"), procedures, statutes)


def test_a_pair_that_stands_twice_or_lacks_a_part_is_refused():
    procedures = {one.key: one for one in LAW.procedures()}
    with pytest.raises(DataError, match="写了两次"):
        check_successions(parse_successions([FINE, FINE], "s.yaml"), procedures, {})
    with pytest.raises(DataError, match="应有且只有"):
        parse_successions([{"from": "mediation"}], "s.yaml")
