"""What may be done and why not: every may beside its may-not."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from anxin.casework import flow
from anxin.casework.clockwork import Words
from anxin.casework.judging import Reason
from anxin.casework.models import Deadline, Document, Matter, Step
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from tests.casework.conftest import day
from tests.monitoring import factories as make

SENTENCE = re.compile(r"^[^。]+。$")


def refused(world, matter, step, on, **given) -> Refused:
    with pytest.raises(Refused) as caught:
        world.take(matter, step, on, **given)
    return caught.value


def test_opening_gives_number_state_clock_task_and_one_entry(world):
    before = JournalEntry.objects.count()
    matter = world.matter()
    assert matter.number == "990102〔2026〕试办甲程序0001号"
    assert (matter.state, matter.version, matter.closed_on) == ("registered", 1, None)
    clock = matter.deadlines.get()
    assert (clock.clock, clock.due_on, clock.authority) == ("decide", day("2026-03-09"), True)
    assert clock.basis.startswith("《")
    assert matter.next_due_on == day("2026-03-09")
    task = matter.tasks.get()
    assert (task.due_on, task.kind, task.for_organisation) == (day("2026-03-09"), "clock", world.lead)
    entry = JournalEntry.objects.get(sequence=before + 1)
    assert JournalEntry.objects.count() == before + 1
    assert entry.action == "matter.opened"
    assert entry.after["deadlines"][0]["due"] == "2026-03-09"


@pytest.mark.parametrize("who", ["stranger", "clerk", "auditor", "helper"])
def test_opening_is_for_those_who_handle_for_the_lead_body(world, who):
    with pytest.raises(Refused, match="没有以虚构单位LEAD名义"):
        world.matter(by=getattr(world, who))
    assert not Matter.objects.exists()


def test_leader_accepts_with_the_paper(world):
    matter = world.matter()
    paper = world.paper(matter, "case_filing_approval")
    before = JournalEntry.objects.count()
    step = world.take(matter, "accept", "2026-03-05", by=world.leader, note="符合条件")
    matter.refresh_from_db()
    assert (matter.state, matter.version, matter.stepped_on) == ("accepted", 2, day("2026-03-05"))
    assert list(step.documents.all()) == [paper]
    assert (step.body, step.from_state, step.to_state) == ("inspection_head", "registered", "accepted")
    assert step.articles == [world.law.cite("inspection_regulation", 14)]
    effects = {effect["clock"]: effect["effect"] for effect in step.effects}
    assert effects == {"decide": "met", "investigate": "started"}
    assert matter.deadlines.get(clock="decide").met_by == step
    assert JournalEntry.objects.count() == before + 1
    entry = JournalEntry.objects.get(action="matter.step")
    assert (entry.before["state"], entry.after["state"]) == ("registered", "accepted")
    assert entry.basis == step.articles[0]
    assert entry.after["documents"] == ["case_filing_approval"]


def test_officer_may_not_take_the_leaders_step(world):
    matter = world.matter()
    world.paper(matter, "case_filing_approval")
    option = world.option(matter, "accept", "2026-03-05")
    assert (option.allowed, option.reason) == (False, Reason.ROLE)
    assert "劳动保障监察机构负责人" in option.why
    assert str(refused(world, matter, "accept", "2026-03-05")) == option.why
    assert world.option(matter, "accept", "2026-03-05", world.leader).allowed


def test_paper_is_asked_for_by_name_and_a_withdrawn_one_does_not_count(world):
    from anxin.casework import services

    matter = world.matter()
    paper = world.paper(matter, "case_filing_approval")
    services.withdraw_document(paper, why="传错了", by=world.inspector, now=make.at("2026-03-02"))
    option = world.option(matter, "accept", "2026-03-05", world.leader)
    assert (option.reason, option.missing) == (Reason.PAPER, (("case_filing_approval",),))
    assert world.law.document("case_filing_approval").name in option.why
    assert refused(world, matter, "accept", "2026-03-05", by=world.leader).field == "documents"


def test_one_paper_of_a_group_suffices(world):
    matter = world.accepted()
    option = world.option(matter, "publish", "2026-03-10")
    assert option.missing == (("rectification_order", "interview_notice"),)
    assert "或" in option.why
    world.paper(matter, "interview_notice")
    assert world.option(matter, "publish", "2026-03-10").allowed


def test_second_round_of_a_step_needs_its_own_paper(world):
    matter = world.accepted()
    world.paper(matter, "interview_notice")
    world.take(matter, "publish", "2026-03-10")
    world.take(matter, "back", "2026-03-12")
    assert world.option(matter, "publish", "2026-03-13").reason is Reason.PAPER
    world.paper(matter, "interview_notice", text="第二份")
    assert world.option(matter, "publish", "2026-03-13").allowed


def test_wrong_state(world):
    matter = world.matter()
    option = world.option(matter, "publish", "2026-03-05")
    assert option.reason is Reason.STATE
    assert option.why == "本件现为“已登记”，“开始公示”须在“办理中”或“已上报”时办理。"
    assert not option.from_here


@pytest.mark.parametrize("who", ["stranger", "clerk", "auditor"])
def test_outside_ones_place(world, who):
    matter = world.matter()
    option = world.option(matter, "refuse", "2026-03-05", getattr(world, who))
    assert (option.allowed, option.reason) == (False, Reason.PLACE)
    assert world.lead.name in option.why
    assert world.option(matter, "refuse", "2026-03-05", world.colleague).allowed


def test_supporting_body_sees_and_may_not_act(world):
    from anxin.casework.access import visible_matters

    matter = world.matter(supporting=[world.helper_body])
    assert visible_matters(world.helper).get() == matter
    option = world.option(matter, "refuse", "2026-03-05", world.helper)
    assert option.reason is Reason.PLACE
    assert "协办单位只能查看" in option.why
    refused(world, matter, "refuse", "2026-03-05", by=world.helper)


def test_minimum_period_keeps_the_step_closed_until_the_day_after(world):
    matter = world.accepted()
    world.paper(matter, "interview_notice")
    world.take(matter, "publish", "2026-03-10")
    clock = matter.deadlines.get(clock="publicity")
    assert (clock.due_on, clock.act_from) == (day("2026-04-09"), day("2026-04-10"))
    last = world.option(matter, "finish", "2026-04-09")
    assert (last.allowed, last.reason) == (False, Reason.WAITING)
    assert "2026年4月9日" in last.why
    assert world.option(matter, "finish", "2026-04-10").allowed


def test_right_of_a_party_lapses_after_its_last_day(world):
    matter = world.matter()
    world.take(matter, "refuse", "2026-03-05")
    assert matter.deadlines.get(clock="objection").due_on == day("2026-03-12")
    assert world.option(matter, "object", "2026-03-12").allowed
    late = world.option(matter, "object", "2026-03-13")
    assert (late.allowed, late.reason) == (False, Reason.LAPSED)
    assert "2026年3月12日" in late.why


def test_step_that_opens_with_a_missed_limit(world):
    matter = world.accepted()
    due = matter.deadlines.get(clock="investigate").due_on
    assert due == day("2026-06-02")
    early = world.option(matter, "report", due.isoformat())
    assert (early.allowed, early.reason) == (False, Reason.NOT_MISSED)
    assert world.option(matter, "report", (due + dt.timedelta(days=1)).isoformat()).allowed


def test_automatic_step_is_not_for_people(world):
    matter = world.matter()
    world.take(matter, "refuse", "2026-03-05")
    option = world.option(matter, "give_up", "2026-03-20")
    assert (option.allowed, option.reason) == (False, Reason.AUTOMATIC)
    assert "由系统自动办理" in option.why


def test_closed_matter_stands_still(world):
    from anxin.casework.due import run_due

    matter = world.matter()
    world.take(matter, "refuse", "2026-03-05")
    run_due(day("2026-03-13"), now=make.at("2026-03-13"), law=world.law)
    matter.refresh_from_db()
    assert (matter.state, matter.closed_on) == ("closed", day("2026-03-13"))
    option = world.option(matter, "accept", "2026-03-20", world.leader)
    assert (option.allowed, option.reason) == (False, Reason.CLOSED)
    assert "2026年3月13日" in option.why
    assert not matter.tasks.filter(state="open").exists()


def test_days_do_not_go_backwards_or_ahead(world):
    matter = world.accepted()
    assert world.option(matter, "suspend", "2026-03-04").reason is Reason.EARLIER
    with pytest.raises(Refused, match="在将来"):
        flow.take(
            matter, "suspend", by=world.inspector, on=day("2026-03-07"), now=make.at("2026-03-06"),
            law=world.law, expected_version=matter.version, words=Words(pause_reason="鉴定"),
        )  # fmt: skip


def test_a_page_out_of_date_is_refused(world):
    matter = world.accepted()
    with pytest.raises(Refused, match="刷新") as caught:
        flow.take(
            matter, "suspend", by=world.inspector, on=day("2026-03-06"), now=make.at("2026-03-06"),
            law=world.law, expected_version=1, words=Words(pause_reason="鉴定"),
        )  # fmt: skip
    assert caught.value.field == "version"


def test_steps_of_parties_are_recorded_by_an_officer_for_them(world):
    matter = world.matter()
    world.take(matter, "ask_papers", "2026-03-04")
    step = world.take(matter, "complete", "2026-03-06")
    assert (step.body, step.actor) == ("worker", f"user:{world.inspector.pk}")
    with pytest.raises(Refused, match="请从中选择"):
        world.take(matter, "refuse", "2026-03-06", body="court")


def test_every_refusal_is_one_sentence_and_the_dry_question_says_the_same(world):
    matter = world.accepted()
    seen = set()
    for who in (world.inspector, world.leader, world.stranger, world.helper):
        for on in ("2026-03-04", "2026-03-06", "2026-06-30"):
            for option in flow.options(matter, who, day(on), world.law):
                if option.allowed:
                    continue
                assert SENTENCE.match(option.why), option.why
                with pytest.raises(Refused) as dry:
                    flow.ask(matter, option.transition.key, by=who, on=day(on), law=world.law)
                done = refused(world, matter, option.transition.key, on, by=who)
                assert str(dry.value) == str(done) == option.why
                seen.add(option.reason)
    assert {Reason.STATE, Reason.PLACE, Reason.ROLE, Reason.EARLIER, Reason.NOT_MISSED, Reason.PAPER} <= seen


def test_the_dry_question_tells_the_effects_and_writes_nothing(world):
    matter = world.matter()
    world.paper(matter, "case_filing_approval")
    before = (Step.objects.count(), JournalEntry.objects.count(), Deadline.objects.count())
    plan = flow.ask(matter, "accept", by=world.leader, on=day("2026-03-05"), law=world.law)
    assert [(effect.clock, effect.effect, effect.due) for effect in plan.effects] == [
        ("decide", "met", day("2026-03-09")),
        ("investigate", "started", day("2026-06-02")),
    ]
    assert (Step.objects.count(), JournalEntry.objects.count(), Deadline.objects.count()) == before
    step = world.take(matter, "accept", "2026-03-05", by=world.leader)
    assert step.effects == [effect.as_json() for effect in plan.effects]


def test_a_refused_step_leaves_nothing(world):
    matter = world.accepted()
    counts = (Step.objects.count(), JournalEntry.objects.count(), Document.objects.count())
    refused(world, matter, "suspend", "2026-03-06")  # no reason given
    matter.refresh_from_db()
    assert matter.version == 2
    assert (Step.objects.count(), JournalEntry.objects.count(), Document.objects.count()) == counts


def test_unknown_step_and_unknown_procedure(world):
    assert "没有代号为“fly”" in str(refused(world, world.matter(), "fly", "2026-03-05"))
    with pytest.raises(Refused) as caught:
        world.matter("no_such_procedure")
    assert caught.value.field == "procedure"


def test_options_cost_the_same_however_much_hangs_on_the_matter(world, django_assert_num_queries):
    def cost(matter):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as queries:
            flow.options(
                Matter.objects.select_related("lead").get(pk=matter.pk),
                world.inspector,
                day("2026-03-20"),
                world.law,
            )
        return len(queries)

    small = world.matter()
    world.take(small, "ask_papers", "2026-03-04")
    large = world.accepted()
    for number, on in enumerate(("2026-03-09", "2026-03-16")):
        world.take(large, "suspend", on, pause_reason=f"鉴定{number}")
        world.take(large, "resume", on)
        world.paper(large, "interview_notice", text=str(number))
    assert cost(large) <= cost(small) + 3  # the three parts of deadlines are empty lists without a query
    assert cost(large) <= 14
