"""Procedure tables: what the loader refuses, and that nothing the field asks for is lost."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml

from anxin.law import DataError, UnknownKey, load
from anxin.law.counting_rules import parse_counting
from anxin.law.procedure_checks import Lookups, check_procedure
from anxin.law.procedures import parse_procedure

LAW = load()
EXPECTED = yaml.safe_load(
    (Path(__file__).parent / "data" / "procedure_expectations.yaml").read_text(encoding="utf-8")
)["procedures"]
LENGTHS = ("deadline", "period")

#: a small procedure that keeps every promise; the tests break one at a time
GOOD = {
    "key": "small",
    "name": "小程序",
    "purpose": "试验",
    "begins": "收件之日",
    "decided_by": ["head"],
    "confidence": "verified",
    "references": [{"statute": "regulation", "article": 3}],
    "documents": ["form"],
    "states": {
        "received": {"name": "已收件"},
        "waiting": {"name": "待补正"},
        "publicity": {"name": "公示"},
        "done": {"name": "办结", "final": True},
    },
    "transitions": [
        {"key": "ask", "name": "告知补正", "from": ["received"], "to": "waiting", "by": ["office"]},
        {"key": "answer", "name": "已补正", "from": ["waiting"], "to": "received", "by": ["party"]},
        {
            "key": "decide",
            "name": "决定",
            "from": ["received"],
            "to": "publicity",
            "by": ["head"],
            "documents": ["form"],
            "any_of": [["grant", "refusal"]],
            "checks": ["p.people"],
            "references": [{"statute": "regulation", "article": 4, "sub": 1}],
        },
        {
            "key": "close",
            "name": "期满办结",
            "from": ["publicity"],
            "to": "done",
            "by": ["system"],
            "automatic": {"clock": "publicity", "when": "passed"},
        },
    ],
    "clocks": [
        {
            "key": "decision",
            "parameter": "p.decide",
            "starts": ["open"],
            "met_by": ["decide"],
            "paused_by": ["ask"],
            "resumed_by": ["answer"],
            "extended_by": ["ask"],
            "missed": {"effect": "oversight", "says": "列入督办。"},
        },
        {"key": "publicity", "parameter": "p.publicity", "starts": ["decide"], "gates": ["close"]},
    ],
}


def counting(unit="工作日", **fields):
    return parse_counting({}, {"starts_on": "收到", **fields}, unit, "p")


LOOKUPS = Lookups(
    statutes={"regulation"},
    parameters={
        "p.decide": counting(),
        "p.more": counting(extends="p.decide"),
        "p.publicity": counting("日", bound="min"),
        "p.before": counting(direction="backward"),
        "p.validity": counting("年", bound="range"),
        "p.people": None,
    },
    documents={"form", "grant", "refusal"},
    bodies={"head": "bureau", "office": "bureau", "party": "party", "system": "system"},
)


def checked(content):
    procedure = parse_procedure(content, "small.yaml")
    check_procedure(procedure, LOOKUPS)
    return procedure


def broken(**changes):
    """The good procedure with the values at some places changed; a place is written as ``clocks__0__starts``."""
    content = copy.deepcopy(GOOD)
    for place, value in changes.items():
        *path, last = [int(part) if part.isdigit() else part for part in place.split("__")]
        inside = content
        for part in path:
            inside = inside[part]
        if value is None:
            del inside[last]
        else:
            inside[last] = value
    return content


def test_good_table_is_read_as_written():
    procedure = checked(GOOD)
    assert procedure.initial.key == "received"
    assert [step.key for step in procedure.leaving("received")] == ["ask", "decide"]
    assert procedure.transition("decide").any_of == (("grant", "refusal"),)
    assert procedure.transition("decide").references[0].sub == 1
    assert [clock.key for clock in procedure.started_by("open")] == ["decision"]
    assert [clock.key for clock in procedure.met_by("decide")] == ["decision"]
    assert procedure.parameters() == ("p.decide", "p.publicity", "p.people")
    assert procedure.documents_used() == ("form", "grant", "refusal")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"colour": "red"}, "不认识的字段：colour"),
        ({"purpose": None}, "缺少 purpose"),
        ({"key": "other"}, "应与文件名相同"),
        ({"confidence": "sure"}, "confidence 应为"),
        ({"states": {}}, "缺少 states"),
        ({"states__received": {"name": "已收件", "final": "yes"}}, "final 应为 true 或 false"),
        ({"transitions__0__from": "received"}, "from 应为代号的列表"),
        ({"transitions__0__from": ["received", "received"]}, "重复的代号"),
        ({"transitions__0__key": None}, "没有 key"),
        ({"transitions__2__any_of": [["grant"]]}, "每组至少两份"),
        ({"transitions__2__references": [{"statute": "regulation", "article": 0}]}, "正整数"),
        ({"transitions__3__automatic": {"clock": "publicity", "when": "soon"}}, "automatic.when 应为"),
        ({"clocks__0__missed": {"effect": "anger", "says": "恼火。"}}, "effect 应为"),
        ({"clocks__0__missed": {"effect": "oversight"}}, "缺少 says"),
    ],
)
def test_malformed_table_is_refused_with_file_and_entry(changes, says):
    with pytest.raises(DataError, match=says) as refused:
        parse_procedure(broken(**changes), "small.yaml")
    assert str(refused.value).startswith("small.yaml")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"transitions__1__key": "ask"}, "步骤“ask”出现了两次"),
        ({"clocks__1__key": "decision"}, "期限“decision”出现了两次"),
        ({"transitions__0__key": "open"}, "不能叫“open”"),
        ({"transitions__0__to": "nowhere"}, "没有收录的状态“nowhere”"),
        ({"transitions__0__by": ["nobody"]}, "没有收录的主体“nobody”"),
        ({"transitions__2__documents": ["poem"]}, "没有收录的文书“poem”"),
        ({"transitions__2__any_of": [["grant", "poem"]]}, "没有收录的文书“poem”"),
        ({"transitions__2__checks": ["p.none"]}, "没有收录的法规参数“p.none”"),
        ({"transitions__2__references": [{"statute": "none", "article": 1}]}, "没有收录的法规“none”"),
        ({"documents": ["poem"]}, "没有收录的文书“poem”"),
        ({"decided_by": ["nobody"]}, "没有收录的主体“nobody”"),
        ({"references": [{"statute": "none", "article": 1}]}, "没有收录的法规“none”"),
        ({"states__lost": {"name": "失落", "final": True}}, "“失落”从初始状态走不到"),
        ({"transitions__1__from": ["received"]}, "“待补正”没有出路"),
        ({"transitions__1__to": "waiting"}, "“待补正”没有出路"),
        ({"transitions__3__by": ["office"]}, "by 只能是系统"),
        ({"transitions__3__automatic": {"clock": "none", "when": "passed"}}, "不在本程序的 clocks 里"),
        ({"transitions__3__automatic": {"clock": "publicity", "when": "missed"}}, "与期限“publicity”不合"),
        ({"clocks__0__parameter": "p.none"}, "没有收录的法规参数“p.none”"),
        ({"clocks__0__parameter": "p.people"}, "不是期限或期间"),
        ({"clocks__0__parameter": "p.more"}, "是“p.decide”的延长"),
        ({"clocks__0__parameter": "p.validity"}, "有效年份的范围"),
        ({"clocks__0__parameter": "p.before"}, "counts_back_from"),
        ({"clocks__0__counts_back_from": "开庭日"}, "counts_back_from"),
        ({"clocks__0__starts": ["none"]}, "没有收录的步骤“none”"),
        ({"clocks__0__starts": []}, "没有 starts"),
        ({"clocks__0__met_by": ["none"]}, "没有收录的步骤“none”"),
        ({"clocks__0__met_by": []}, "没有 met_by"),
        ({"clocks__0__resumed_by": []}, "须同时写"),
        ({"clocks__0__missed": None}, "须写 missed"),
        ({"clocks__0__gates": ["decide"]}, "才能用 gates"),
        ({"clocks__0__when_known": True}, "counts_from"),
        ({"clocks__0__regions": ["内蒙古"]}, "区划代码"),
        ({"clocks__0__missed__transition": "none"}, "没有收录的步骤“none”"),
        ({"clocks__0__missed__references": [{"statute": "none", "article": 1}]}, "没有收录的法规“none”"),
        ({"clocks__1__met_by": ["close"]}, "最短期间"),
        ({"clocks__1__extended_by": ["ask"]}, "没有参数延长“p.publicity”"),
    ],
)
def test_table_that_breaks_a_promise_is_refused_with_file_and_entry(changes, says):
    content = broken(**changes)
    with pytest.raises(DataError, match=says) as refused:
        checked(content)
    assert str(refused.value).startswith("small.yaml")


def test_right_of_a_party_needs_no_missed_but_an_authority_does():
    party = broken(transitions__2__by=["party"], clocks__0__missed=None)
    assert checked(party).clock("decision").missed is None


def test_unknown_state_step_and_clock_are_named():
    procedure = checked(GOOD)
    for find in (procedure.state, procedure.transition, procedure.clock):
        with pytest.raises(UnknownKey, match="没有名为“none”"):
            find("none")


def test_clock_of_one_region_runs_there_only():
    clock = checked(broken(clocks__0__regions=["15", "4404"])).clock("decision")
    assert [clock.runs_in(code) for code in ("150102", "15", "440402", "4401", "51", "")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    assert checked(GOOD).clock("decision").runs_in("")


# the shipped tables


def test_all_procedures_are_shipped_with_nothing_lost():
    shipped = {procedure.key: procedure for procedure in LAW.procedures()}
    assert set(shipped) == set(EXPECTED)
    assert len(shipped) == 36
    assert sum(len(procedure.states) for procedure in shipped.values()) >= 279
    assert sum(len(procedure.transitions) for procedure in shipped.values()) >= 278


@pytest.mark.parametrize("key", sorted(EXPECTED))
def test_procedure_has_the_states_and_parameters_asked_for(key):
    procedure, expected = LAW.procedure(key), EXPECTED[key]
    assert set(expected["states"]) <= {state.key for state in procedure.states}
    # a step with several origins may stand for several of the collected ones
    arrows = sum(len(step.from_) for step in procedure.transitions)
    assert arrows >= expected["transitions"]
    used = {*procedure.parameters(), *extensions(procedure)}
    assert set(expected["parameters"]) <= used


@pytest.mark.parametrize("key", sorted(EXPECTED))
def test_every_length_of_time_of_a_procedure_is_a_clock(key):
    procedure = LAW.procedure(key)
    running = {clock.parameter for clock in procedure.clocks} | set(extensions(procedure))
    lengths = {name for name in EXPECTED[key]["parameters"] if LAW.parameter(name).type in LENGTHS}
    twofold = {
        # one number for two limits, which have keys of their own
        "channels.petition_review_days",
    }
    assert lengths - twofold <= running


def extensions(procedure):
    return [LAW.extension_of(clock.parameter) for clock in procedure.clocks if clock.extended_by]


def test_no_authority_lets_its_own_limit_pass_in_silence():
    for procedure in LAW.procedures():
        for clock in procedure.clocks:
            sides = {LAW.body(body).side for key in clock.met_by for body in procedure.transition(key).by}
            if sides & {"bureau", "outside"}:
                assert clock.missed and clock.missed.says.endswith("。"), (procedure.key, clock.key)


def test_every_clock_has_a_step_that_can_start_it_and_what_meets_it_lies_ahead():
    """From where a clock starts, one of the steps that meet it, wait for it or follow from it can be reached."""
    for procedure in LAW.procedures():
        for clock in procedure.clocks:
            ends = {*clock.met_by, *clock.gates, *clock.bars}
            ends |= {
                step.key
                for step in procedure.transitions
                if step.automatic and step.automatic.clock == clock.key
            }
            for start in clock.starts if ends else ():
                origin = procedure.initial.key if start == "open" else procedure.transition(start).to
                assert ends & steps_ahead(procedure, origin), (procedure.key, clock.key, start)


def steps_ahead(procedure, origin):
    seen, ahead, found = {origin}, [origin], set()
    while ahead:
        for step in procedure.leaving(ahead.pop()):
            found.add(step.key)
            if step.to not in seen:
                seen.add(step.to)
                ahead.append(step.to)
    return found


def test_states_and_steps_of_a_procedure_have_names_of_their_own():
    for procedure in LAW.procedures():
        names = [state.name for state in procedure.states]
        assert len(names) == len(set(names)), procedure.key
        for state in procedure.states:
            steps = [step.name for step in procedure.leaving(state.key)]
            assert len(steps) == len(set(steps)), (procedure.key, state.key)
