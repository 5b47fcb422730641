"""The amount of a wage deposit against cases worked by hand, and what holds for every contract."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from anxin.funds.deposit_amount import DepositAmount, DepositFacts, deposit_amount
from anxin.law import NotYetInForce, load

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "deposit_amount.yaml").read_text(encoding="utf-8"))
LAW = load()
YES_NO = {"是": True, "否": False, "不清楚": None}
FACTS = {
    "日期", "地区", "合同额", "年度合同额", "工期月数", "行业", "第几个工程", "签约前一年无拖欠", "无欠薪年数",
    "落实实名制和专户", "评级", "有过拖欠", "失信",
}  # fmt: skip
EXPECTED = {"应存", "免存", "比例", "写明", "待核实"}


@dataclass(frozen=True)
class Case:
    name: str
    facts: DepositFacts
    expected: dict[str, Any]


def fen(yuan: Any) -> int | None:
    return None if yuan is None else int(Decimal(str(yuan)) * 100)


def read(entry: dict[str, Any]) -> Case:
    both = {**CASES["共同"], **entry}
    strange = set(both) - FACTS - EXPECTED - {"名称"}
    assert not strange, f"{entry['名称']}：不认识的字段 {strange}"
    years = both["无欠薪年数"]
    facts = DepositFacts(
        on=both["日期"],
        region=both["地区"],
        contract_fen=fen(both["合同额"]) or 0,
        annual_fen=fen(both.get("年度合同额")),
        months=both.get("工期月数"),
        industry=both.get("行业", ""),
        ordinal=both.get("第几个工程", 1),
        clean_before=YES_NO[both.get("签约前一年无拖欠", "不清楚")],
        clean_years=None if years == "不清楚" else years,
        managed=YES_NO[both.get("落实实名制和专户", "不清楚")],
        rating=both.get("评级", ""),
        arrears=YES_NO[both["有过拖欠"]],
        listed=YES_NO[both["失信"]],
    )
    return Case(entry["名称"], facts, both)


GOLDEN = [read(entry) for entry in CASES["案例"]]


def told(amount: DepositAmount) -> str:
    return "\n".join(f"{line.text}{line.basis}" for line in amount.lines)


@pytest.mark.parametrize("case", GOLDEN, ids=[case.name for case in GOLDEN])
def test_amount_is_as_worked_by_hand(case):
    answer = deposit_amount(case.facts, LAW)
    exempt = case.expected.get("免存") == "是"
    assert answer.exempt is exempt
    if exempt:
        assert (answer.amount_fen, answer.percent) == (0, None)
    else:
        assert answer.amount_fen == fen(case.expected["应存"])
        assert answer.percent == Decimal(str(case.expected["比例"]))
    for words in case.expected.get("写明", []):
        assert words in told(answer)
    for words in case.expected.get("待核实", []):
        assert any(words in sentence for sentence in answer.unknown)


def test_there_are_enough_cases_and_each_line_cites_what_it_rests_on():
    assert len(GOLDEN) >= 30
    assert all(line.basis for case in GOLDEN for line in deposit_amount(case.facts, LAW).lines)


def test_contract_from_before_the_rules_gets_no_amount():
    with pytest.raises(NotYetInForce):
        deposit_amount(DepositFacts(dt.date(2021, 10, 31), "990101", 10**9), LAW)


_maybe = st.sampled_from([None, True, False])
_facts = st.builds(
    DepositFacts,
    on=st.dates(dt.date(2021, 11, 1), dt.date(2027, 1, 1)),
    region=st.sampled_from(["990101", "350100", "620100", "340100", "460100", "520100", "320200", "530124"]),
    contract_fen=st.integers(1, 10**12),
    months=st.none() | st.integers(1, 60),
    industry=st.sampled_from(["housing", "transport"]),
    ordinal=st.integers(1, 9),
    clean_before=_maybe,
    clean_years=st.none() | st.integers(0, 5),
    managed=_maybe,
    rating=st.sampled_from(["", "good", "excellent"]),
    arrears=_maybe,
    listed=_maybe,
)


@given(_facts)
def test_amount_is_never_negative_and_never_more_than_six_percent(facts):
    answer = deposit_amount(facts, LAW)
    assert 0 <= answer.amount_fen <= facts.contract_fen * 6 // 100 + 1
    assert answer.exempt is (answer.percent is None)


@given(_facts)
def test_whoever_owed_wages_never_deposits_less_than_one_who_did_not(facts):
    paying = replace(facts, arrears=False, listed=False)
    owing = replace(facts, arrears=True, listed=True)
    assert deposit_amount(owing, LAW).amount_fen >= deposit_amount(paying, LAW).amount_fen


@given(_facts)
def test_what_is_not_known_lowers_nothing(facts):
    known = replace(facts, clean_before=True, clean_years=5, managed=True, arrears=False, listed=False)
    unknown = replace(facts, clean_before=None, clean_years=None, managed=None, arrears=False, listed=False)
    assert deposit_amount(unknown, LAW).amount_fen >= deposit_amount(known, LAW).amount_fen
