"""Stages of rules: who may change them, what each does to a sweep, and when a rule loses its place."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.monitoring import stages
from anxin.monitoring.models import RuleStage, ShadowWarning, Warning
from anxin.monitoring.services import RuleMeasures, confirm_stage, demote_below_floor, propose_stage
from tests.monitoring import factories as make
from tests.monitoring.test_sweep import run, the, unpaid_site

pytestmark = pytest.mark.django_db
NOW = make.at("2026-11-18")
TODAY = dt.date(2026, 11, 18)


@pytest.fixture
def leader():
    return make.user("leader", "leader")


@pytest.fixture
def other():
    return make.user("other", "leader")


def propose(user, stage="shadow", rule="W03", **changes):
    values = {"from_day": TODAY, "reason": "误报太多", "now": NOW, **changes}
    return propose_stage(rule=rule, stage=stage, user=user, **values)


def put(stage: str, *, rule: str = "W03", day: str = "2026-11-18") -> RuleStage:
    return RuleStage.objects.create(
        rule=rule, stage=stage, from_day=dt.date.fromisoformat(day), reason="测试", answer="confirmed",
        asked_by_name="甲", asked_at=make.at(day), answered_by_name="乙", answered_at=make.at(day),
    )  # fmt: skip


def stage_of(rule: str, day: dt.date = TODAY) -> str:
    return stages.of_rules([rule], on=day, known_at=make.at("2026-12-31"))[rule]


def test_what_nobody_changed_is_as_it_shipped():
    assert stage_of("W03") == "live"


def test_a_proposal_changes_nothing_until_another_person_confirms(leader, other):
    record = propose(leader)
    assert stage_of("W03") == "live"
    confirm_stage(record.pk, user=other, now=NOW, agree=True)
    assert stage_of("W03") == "shadow"
    assert stage_of("W03", TODAY - dt.timedelta(days=1)) == "live"
    assert JournalEntry.objects.filter(action__startswith="monitoring.stage_").count() == 2


def test_nobody_confirms_the_own_proposal(leader):
    record = propose(leader)
    with pytest.raises(Refused, match="另一位同事"):
        confirm_stage(record.pk, user=leader, now=NOW, agree=True)
    assert stage_of("W03") == "live"


def test_what_was_refused_stays_as_it_was_and_says_why(leader, other):
    record = propose(leader)
    with pytest.raises(Refused, match="原因"):
        confirm_stage(record.pk, user=other, now=NOW, agree=False)
    confirm_stage(record.pk, user=other, now=NOW, agree=False, text="再看一个月")
    assert stage_of("W03") == "live"
    assert propose(leader).answer == "asked"


def test_an_inspector_may_neither_propose_nor_confirm(leader):
    inspector = make.user("lin")
    with pytest.raises(Refused, match="不能提议"):
        propose(inspector)
    with pytest.raises(Refused, match="不能确认"):
        confirm_stage(propose(leader).pk, user=inspector, now=NOW, agree=True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rule": "X99"}, "没有编号"),
        ({"stage": "loud"}, "选择一个阶段"),
        ({"stage": "live"}, "届时已是"),
        ({"stage": "draft"}, "不能从"),
        ({"reason": " "}, "理由"),
        ({"from_day": dt.date(2026, 11, 17)}, "不能早于今天"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(leader, wrong, said):
    with pytest.raises(Refused, match=said):
        propose(leader, **wrong)


def test_one_open_question_a_rule(leader):
    propose(leader)
    with pytest.raises(Refused, match="待确认"):
        propose(leader, stage="retired")


def test_what_is_confirmed_late_holds_from_that_day(leader, other):
    record = propose(leader)
    confirm_stage(record.pk, user=other, now=make.at("2026-11-25"), agree=True)
    assert stage_of("W03", dt.date(2026, 11, 24)) == "live"
    assert stage_of("W03", dt.date(2026, 11, 25)) == "shadow"


def test_a_rule_on_trial_is_counted_beside_the_warnings_and_warns_nobody():
    put("shadow")
    unpaid_site()
    run()
    assert not Warning.objects.filter(rule="W03").exists()
    row = ShadowWarning.objects.get(rule="W03")
    assert (row.people, row.amount_fen, row.closed_on) == (2, 1_200_000, None)
    run("2026-11-21")
    assert ShadowWarning.objects.filter(rule="W03").count() == 1


def test_a_draft_or_retired_rule_is_not_evaluated():
    put("retired")
    put("draft", rule="W04")
    unpaid_site()
    done = run()
    assert not {"W03", "W04"} & set(done.rules)
    assert not ShadowWarning.objects.exists()


@pytest.mark.parametrize(("stage", "word"), [("retired", "已停用"), ("shadow", "转为试运行")])
def test_the_warnings_of_a_rule_that_stops_close_with_the_reason(stage, word):
    unpaid_site()
    run("2026-11-17")
    put(stage)
    run("2026-11-18")
    warning = the("W03")
    assert warning.state == Warning.State.CLEARED
    last = warning.events.order_by("-pk").first()
    assert last.kind == "stopped" and word in last.text


def test_a_sweep_of_one_project_closes_no_other_warning_of_a_rule_that_stops():
    site, _ = unpaid_site()
    run("2026-11-17")
    put("retired")
    run("2026-11-18", project_ids=[site.pk])
    assert the("W03").state == Warning.State.OPEN


def test_a_rule_that_is_live_again_opens_its_warnings_again_and_ends_the_trial():
    unpaid_site()
    run("2026-11-17")
    put("shadow")
    run("2026-11-18")
    put("live", day="2026-11-19")
    run("2026-11-19")
    assert the("W03").state == Warning.State.OPEN
    assert not ShadowWarning.objects.filter(closed_on__isnull=True).exists()


def measured(**changes) -> RuleMeasures:
    values = {"rule": "W03", "cases": 200, "precision": 0.1, "low": 0.06, "high": 0.15, **changes}
    return RuleMeasures(since=dt.date(2026, 6, 1), until=dt.date(2026, 11, 1), **values)


def test_a_rule_measured_below_the_floor_goes_on_trial_once():
    assert demote_below_floor([measured()], NOW) == ["W03"]
    assert stage_of("W03") == "shadow"
    assert "低于" in RuleStage.objects.get().reason
    assert demote_below_floor([measured()], NOW) == []


@pytest.mark.parametrize("changes", [{"high": 0.31}, {"cases": 29}])
def test_what_may_be_above_the_floor_or_was_seldom_looked_at_stays(changes):
    assert demote_below_floor([measured(**changes)], NOW) == []
    assert stage_of("W03") == "live"
