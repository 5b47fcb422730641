"""Nothing is created or lost, caps hold, and the order is that of the law, whatever the facts."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.law import LawError
from anxin.law.liability import plan, read_case
from anxin.law.liability.sharing import share

MONEY = st.integers(0, 50_000).map(lambda yuan: yuan / 100)
YES = st.sampled_from(["是", "否", "未知"])
MEANS = st.one_of(MONEY, st.sampled_from(["能付", "逃匿"]))


@st.composite
def documents(draw):
    """A chain of up to seven parties under two direct contractors, with up to four groups of workers."""
    parties = {"甲": {"付款能力": draw(MEANS)}}
    for name in ("乙", "戊"):
        money = {"应付": draw(MONEY), "已付": draw(MONEY), "结算": draw(MONEY)}
        money |= {"人工费足额": draw(st.sampled_from(["是", "否"])), "因果": draw(YES)}
        parties[name] = {"发包人": "甲", "付款能力": draw(MEANS), "工程款": money, "保证金": draw(MONEY)}
        parties[name] |= {"专户余额": draw(MONEY), "状态": draw(st.sampled_from(["正常", "解散"]))}
    for name in "丙丁己庚":
        above = draw(st.sampled_from(list(parties)[1:]))
        parties[name] = {"发包人": above, "付款能力": draw(MEANS)}
        parties[name] |= {"性质": draw(st.sampled_from(["单位", "合伙个体", "无资格单位", "个人"]))}
        parties[name] |= {"承接方式": draw(st.sampled_from(["承包", "转包", "挂靠", "派遣"]))}
        parties[name] |= {"状态": draw(st.sampled_from(["正常", "解散", "合并", "分立"]))}
        parties[name] |= {"书面协商": "否", "派遣许可": draw(st.sampled_from("是否")), "用工单位违法": "否"}
    arrears = [
        {"用人": name, "人数": draw(st.integers(1, 9)), "金额": draw(MONEY), "月份": [f"2026-0{place}"]}
        for place, name in enumerate(
            draw(st.lists(st.sampled_from(list(parties)[1:]), min_size=1, max_size=4)), start=1
        )
    ]
    fund = {"可用": draw(MONEY), "每人上限": draw(MONEY)}
    return {
        "建设单位": "甲", "手续齐备": draw(YES), "单位": parties, "拖欠": arrears, "应急周转金": fund,
    }  # fmt: skip


@given(documents())
@settings(max_examples=120, deadline=dt.timedelta(seconds=5))
def test_in_every_branch_steps_and_gap_make_the_arrears_and_caps_hold(document):
    owed = sum(round(item["金额"] * 100) for item in document["拖欠"])
    for branch in plan(read_case(document)).branches:
        found = branch.outcome
        assert found.total + found.excluded == owed
        assert sum(step.amount for step in found.steps) + found.gap == found.total
        rest = found.total
        for step in found.steps:
            rest -= step.amount
            assert step.gap_after == rest >= 0
            assert all(part.amount >= 0 for part in step.shares)
            assert step.cap is None or step.amount <= step.cap
            assert step.amount <= step.up_to <= found.total
            assert step.provisions
        assert [step.rank for step in found.steps] == sorted(step.rank for step in found.steps)


@given(documents(), MONEY)
@settings(max_examples=60, deadline=dt.timedelta(seconds=5))
def test_nobody_pays_more_than_it_is_able_to_over_all_steps(document, able_yuan):
    # A contractor with workers of its own and a subcontractor's is called twice.
    document["单位"]["乙"] |= {"付款能力": able_yuan, "状态": "正常", "专户余额": 0}
    document["单位"]["丙"] = {"发包人": "乙", "付款能力": 0}
    document["拖欠"] = [{"用人": name, "人数": 1, "金额": 200} for name in ("乙", "丙")]
    case = read_case(document)
    able = {party.name: party.means.alternatives[0].value for party in case.parties}
    for branch in plan(case).branches:
        paid: dict[str, int] = {}
        for step in branch.outcome.steps:
            paid[step.payer] = paid.get(step.payer, 0) + step.amount
        for payer, amount in paid.items():
            limit = able.get(payer)
            assert limit is None or amount <= limit


@given(documents(), st.integers(0, 30_000))
@settings(max_examples=120, deadline=dt.timedelta(seconds=5))
def test_more_unpaid_project_money_never_widens_the_gap(document, more):
    document["手续齐备"] = "是"
    for name in ("乙", "戊"):
        document["单位"][name]["工程款"]["因果"] = "是"
    before = plan(read_case(document)).branches[0].outcome.gap
    document["单位"]["乙"]["工程款"]["应付"] += more / 100
    assert plan(read_case(document)).branches[0].outcome.gap <= before


@given(documents())
@settings(max_examples=40, deadline=dt.timedelta(seconds=5))
def test_a_settled_fact_gives_one_of_the_branches_of_the_open_one(document):
    document["手续齐备"] = "未知"
    case = read_case(document)
    outcomes = [branch.outcome for branch in plan(case).branches]
    for way in case.lawful.alternatives:
        settled = replace(case, lawful=replace(case.lawful, alternatives=(way,)))
        assert all(branch.outcome in outcomes for branch in plan(settled).branches)


@given(st.integers(0, 400), st.lists(st.integers(0, 60), max_size=7))
def test_sharing_loses_no_fen_and_gives_nobody_more_than_wanted(pool, wants):
    parts = share(pool, wants)
    assert sum(parts) == min(pool, sum(wants))
    assert all(0 <= part <= want for part, want in zip(parts, wants, strict=True))


@given(st.integers(0, 400), st.lists(st.integers(0, 60), max_size=7))
def test_a_bigger_pool_lowers_nobodys_share(pool, wants):
    assert all(less <= more for less, more in zip(share(pool, wants), share(pool + 1, wants), strict=True))


def test_too_many_open_facts_are_refused_with_a_sentence():
    parties = {"乙": {"发包人": "甲", "工程款": "已付清", "保证金": 0}}
    for number in range(10):
        parties[f"丙{number}"] = {"发包人": "乙", "付款能力": "未知"}
    document = {"建设单位": "甲", "手续齐备": "是", "单位": parties}
    document["拖欠"] = [{"用人": "丙0", "人数": 1, "金额": 1}]
    with pytest.raises(LawError, match="请先查明其中几项再计算"):
        plan(read_case(document))
