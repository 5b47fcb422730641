"""From the desk to the body that answers: proposed, changed with a reason, accepted, returned once."""

from __future__ import annotations

import pytest

from anxin.casework.giving import finish_task
from anxin.casework.models import Matter, Task
from anxin.clues.models import Clue
from anxin.clues.states import move
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.notices.models import Notice
from anxin.referral import services
from anxin.referral.hotline import stands_of
from anxin.referral.models import Asking, Referral
from anxin.referral.queries import standing
from anxin.referral.referring import facts_of
from anxin.referral.transferring import transfer
from tests.referral.clues import a_clue, step, to_the_end
from tests.referral.conftest import NOW


def refer(city, clue, **more):
    return services.refer(clue, by=more.pop("by", city.desk), now=NOW, law=city.law, **more)


def state_of(clue) -> str:
    return Clue.objects.get(pk=clue.pk).state


def test_a_housing_ticket_goes_to_the_housing_bureau_with_nothing_entered_twice(city):
    clue = a_clue(city)
    made = refer(city, clue)
    matter = Matter.objects.get()
    assert (matter.lead.code, matter.procedure) == ("ZJ", "hotline_12345")
    assert [body.code for body in matter.supporting.all()] == ["QRS"]
    assert (matter.project, matter.employer, matter.industry) == (city.site, city.firm, "housing")
    assert matter.title == "众力劳务欠4人工资18,600.00元：木工班工资"
    assert matter.next_due_on is not None
    assert state_of(clue) == "referred"
    assert [one["name"] for one in made.route["why"]][
        -1
    ] == "工程欠薪的热线工单，谁主管谁负责，行业主管部门牵头"
    entry = JournalEntry.objects.get(action="referral.referred")
    assert entry.after["lead"] == "ZJ" and entry.object_id == str(clue.pk)


@pytest.mark.parametrize("invested", ["government_invested", "state_invested"])
def test_wages_owed_on_a_project_of_public_money_are_the_citys(city, invested):
    setattr(city.site, invested, True)
    city.site.save(update_fields=[invested])
    facts = facts_of(a_clue(city, channel="qr"), city.law, NOW.date())
    assert facts.weights == {"government"}
    refer(city, a_clue(city, channel="qr"))
    assert Matter.objects.get().lead.code == "SRS"


def test_a_scanned_complaint_opens_an_intake_counted_from_the_day_it_was_told(city):
    refer(city, a_clue(city, channel="qr"))
    matter = Matter.objects.get()
    assert (matter.lead.code, matter.procedure) == ("QRS", "complaint_intake")
    assert [event.on for event in matter.event_dates.all()] == [NOW.date()]
    assert matter.deadlines.get(clock="decision").due_on is not None


def test_a_clue_of_a_platform_opens_the_platforms_procedure(city):
    refer(city, a_clue(city, channel="platform"))
    assert Matter.objects.get().procedure == "clue_platform"


def test_another_lead_needs_a_reason_that_stays(city):
    clue = a_clue(city)
    with pytest.raises(Refused, match="改派请写明理由"):
        refer(city, clue, lead=city.bodies["QRS"])
    made = refer(city, clue, lead=city.bodies["QRS"], why="项目已移交区人社牵头")
    assert (made.proposed.code, made.matter.lead.code, made.changed_why) == (
        "ZJ",
        "QRS",
        "项目已移交区人社牵头",
    )
    assert not made.matter.supporting.filter(code="QRS").exists()


def test_who_may_not_work_the_clue_does_not_refer_it(city):
    clue = a_clue(city)
    for person in (city.outsider, city.clerk):
        with pytest.raises(Refused, match="没有处理这条线索的权限"):
            refer(city, clue, by=person)
    assert state_of(clue) == "new" and not Matter.objects.exists()


def test_what_is_not_about_wages_is_answered_by_the_desk(city):
    clue = a_clue(city, arrears=False)
    with pytest.raises(Refused, match="由分派岗直接答复"):
        refer(city, clue)
    services.answer(
        clue,
        "不是工资问题，已告知其他部门",
        words="路灯问题已告知城管局，电话12319。",
        by=city.desk,
        now=NOW,
        law=city.law,
    )
    clue.refresh_from_db()
    assert clue.state == "closed" and clue.closed_at == NOW


def test_a_claim_cannot_be_answered_away_by_the_desk(city):
    with pytest.raises(Refused, match="结论目录"):
        services.answer(
            a_clue(city),
            "不是工资问题，已直接答复",
            words="已经电话答复了反映人。",
            by=city.desk,
            now=NOW,
            law=city.law,
        )


def test_a_clue_that_nobody_has_read_is_not_referred(city):
    with pytest.raises(Refused, match="还没有判读"):
        refer(city, a_clue(city, arrears=None))


def test_a_clue_is_referred_once(city):
    clue = a_clue(city)
    refer(city, clue)
    with pytest.raises(Refused, match="已经派出"):
        refer(city, clue)


def test_merged_clues_go_on_together_and_are_referred_once(city):
    first, second = a_clue(city), a_clue(city)
    Clue.objects.filter(pk=second.pk).update(dispute=first)
    second.refresh_from_db()
    with pytest.raises(Refused, match="已并入"):
        refer(city, second)
    refer(city, first)
    assert state_of(second) == "referred" and Referral.objects.count() == 1


def test_acceptance_signs_the_ticket_too(city):
    clue = a_clue(city)
    made = refer(city, clue)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    assert Matter.objects.get().state == "accepted"
    assert made.askings.get().accepted_by_name == "某housing"
    with pytest.raises(Refused, match="已经接收"):
        services.accept(clue, by=city.housing, now=NOW, law=city.law)


def test_a_step_of_the_matter_is_an_acceptance_too(city):
    made = refer(city, a_clue(city))
    step(made.matter, "sign", by=city.housing)
    assert made.askings.get().accepted_by_name == "某housing"


def test_a_body_that_was_not_asked_neither_accepts_nor_returns(city):
    clue = a_clue(city)
    refer(city, clue)
    with pytest.raises(Refused, match="由云州市住建局办理"):
        services.accept(clue, by=city.transport, now=NOW, law=city.law)
    with pytest.raises(Refused, match="由云州市住建局办理"):
        services.return_(clue, why="不属本单位职责", by=city.transport, now=NOW, law=city.law)


def test_a_return_needs_a_reason_and_goes_back_to_the_desk(city):
    clue = a_clue(city)
    made = refer(city, clue)
    with pytest.raises(Refused, match="退单请写明理由"):
        services.return_(clue, why="", by=city.housing, now=NOW, law=city.law)
    services.return_(clue, why="项目归交通部门主管", by=city.housing, now=NOW, law=city.law)
    assert Matter.objects.get().lead.code == "ZJ", "first asked, first answers: it stays until another has it"
    with pytest.raises(Refused, match="正在等分派岗改派"):
        services.return_(clue, why="项目归交通部门主管", by=city.housing, now=NOW, law=city.law)
    with pytest.raises(Refused, match="刚刚退回"):
        services.redirect(clue, city.bodies["ZJ"], why="再想一想", by=city.desk, now=NOW, law=city.law)
    services.redirect(clue, city.bodies["JT"], why="交通部门主管", by=city.desk, now=NOW, law=city.law)
    assert Matter.objects.get().lead.code == "JT"
    assert [one.body.code for one in made.askings.order_by("position")] == ["ZJ", "JT"]


def test_the_second_return_goes_to_the_wage_office_by_itself_which_keeps_it(city):
    clue = a_clue(city)
    refer(city, clue)
    services.return_(clue, why="项目归交通部门主管", by=city.housing, now=NOW, law=city.law)
    services.redirect(clue, city.bodies["JT"], why="交通部门主管", by=city.desk, now=NOW, law=city.law)
    services.return_(clue, why="本局没有这个项目", by=city.transport, now=NOW, law=city.law)
    last = Asking.objects.order_by("-position").first()
    assert (last.body.code, last.final, last.position) == ("QRS", True, 3)
    matter = Matter.objects.get()
    assert (
        matter.lead.code == "QRS" and Task.objects.filter(for_organisation=matter.lead, state="open").exists()
    )
    with pytest.raises(Refused, match="负责到底，不能再退"):
        services.return_(clue, why="还是不归我们管", by=city.desk, now=NOW, law=city.law)


def test_what_was_accepted_is_not_returned(city):
    clue = a_clue(city)
    refer(city, clue)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    with pytest.raises(Refused, match="已经接收，不能再退"):
        services.return_(clue, why="不归我们管的", by=city.housing, now=NOW, law=city.law)


def test_a_clue_taken_out_of_a_dispute_is_referred_by_itself(city):
    first, second = a_clue(city), a_clue(city)
    Clue.objects.filter(pk=second.pk).update(dispute=first)
    refer(city, first)
    Clue.objects.filter(pk=second.pk).update(dispute=None)
    refer(city, Clue.objects.get(pk=second.pk))
    assert Referral.objects.count() == 2
    with pytest.raises(Refused, match="不能改为"):
        move(second.pk, "referred", now=NOW)


def hand_on(city, matter, to, *, by, reason="项目归交通部门主管"):
    fresh = Matter.objects.get(pk=matter.pk)
    return transfer(
        fresh, city.bodies[to], on=NOW.date(), reason=reason, by=by, now=NOW, law=city.law,
        expected_version=fresh.version,
    )  # fmt: skip


def test_a_transfer_before_acceptance_is_a_return_and_the_second_goes_to_the_wage_office(city):
    clue = a_clue(city)
    made = refer(city, clue)
    with pytest.raises(Refused, match="请写明移送的原因"):
        hand_on(city, made.matter, "JT", by=city.housing, reason=" ")
    assert "退回分派岗" in hand_on(city, made.matter, "JT", by=city.housing)
    first = made.askings.get()
    assert first.returned_why == "项目归交通部门主管（建议由云州市交通局办理）"
    assert Matter.objects.get().lead.code == "ZJ"
    with pytest.raises(Refused, match="正在等分派岗改派"):
        hand_on(city, made.matter, "JT", by=city.housing)
    services.redirect(clue, city.bodies["JT"], why="交通部门主管", by=city.desk, now=NOW, law=city.law)
    assert "由云城区人社局办理" in hand_on(city, made.matter, "ZJ", by=city.transport)
    last = made.askings.latest("position")
    assert (last.body.code, last.final, Matter.objects.get().lead.code) == ("QRS", True, "QRS")
    with pytest.raises(Refused, match="负责到底"):
        hand_on(city, made.matter, "ZJ", by=city.desk)
    services.accept(clue, by=city.desk, now=NOW, law=city.law)
    with pytest.raises(Refused, match="只能移送有管辖权的其他人社部门"):
        hand_on(city, made.matter, "ZJ", by=city.desk)
    hand_on(city, made.matter, "SRS", by=city.desk)
    assert Matter.objects.get().lead.code == "SRS"


def test_after_acceptance_a_transfer_tells_who_answers_now(city):
    clue = a_clue(city)
    made = refer(city, clue)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    assert hand_on(city, made.matter, "JT", by=city.housing) == "事项已移送云州市交通局。"
    assert Matter.objects.get().lead.code == "JT" and not made.askings.filter(returned_at__isnull=False)
    assert standing(clue).body == "云州市交通局"
    state = stands_of([Clue.objects.get(pk=clue.pk)])[clue.pk].state
    assert (state.body, state.state) == ("云州市交通局", "referred")
    services.return_(clue, why="本局没有这个项目", by=city.transport, now=NOW, law=city.law)
    assert standing(clue).body == "云州市交通局", "it has it until the desk has asked another"


def test_a_matter_without_a_clue_is_only_transferred(city):
    made = refer(city, a_clue(city))
    Referral.objects.update(ended_at=NOW)
    assert "已移送" in hand_on(city, made.matter, "JT", by=city.housing)
    assert made.askings.count() == 1


def test_asking_the_hotline_back_is_no_acceptance_and_happens_once(city):
    clue = a_clue(city)
    made = refer(city, clue)
    step(made.matter, "ask_return", by=city.housing, note="不归本市")
    assert made.askings.get().accepted_at is None
    with pytest.raises(Refused, match="请等热线答复"):
        services.return_(clue, why="项目归交通部门主管", by=city.housing, now=NOW, law=city.law)
    Matter.objects.update(state="dispatched")  # the centre does not agree
    with pytest.raises(Refused, match="已经退过一次"):
        step(made.matter, "ask_return", by=city.housing)
    services.return_(clue, why="项目归交通部门主管", by=city.housing, now=NOW, law=city.law)
    assert made.askings.latest("position").body.code == "QRS", "the second return"
    with pytest.raises(Refused, match="负责到底"):
        step(made.matter, "ask_return", by=city.desk)


def helping(matter):
    return Task.objects.filter(matter=matter, kind=Task.Kind.DECISION)


def test_supporting_bodies_get_a_task_and_a_notice_when_it_is_passed_on(city):
    matter = refer(city, a_clue(city), by=city.desk).matter
    task = helping(matter).get()
    assert (task.for_organisation.code, task.due_on, task.state) == ("QRS", matter.next_due_on, "open")
    told = Notice.objects.filter(once_key=f"given:{task.pk}")
    assert {one.to.username for one in told} == {"head", "leader"}, "whoever acts for it there, but the desk"
    hand_on(city, matter, "QRS", by=city.housing)  # returned: nobody leads it yet but the first
    assert helping(matter).get().state == "open"
    services.redirect(
        matter.referral.clue, city.bodies["QRS"], why="区里办理", by=city.desk, now=NOW, law=city.law
    )
    assert helping(matter).get().state == "dropped", "who leads helps nobody"


def test_without_a_supporting_body_nobody_is_asked_to_help(city):
    matter = refer(city, a_clue(city), supporting=[]).matter
    assert not helping(matter)


def test_help_is_asked_for_until_the_matter_ends_unless_it_was_given(city):
    first, second = (refer(city, a_clue(city)).matter for _ in range(2))
    finish_task(helping(first).get(), note="已核对考勤", by=city.head, now=NOW)
    for matter in (first, second):
        to_the_end(matter, by=city.housing)
    assert [helping(one).get().state for one in (first, second)] == ["done", "dropped"]
