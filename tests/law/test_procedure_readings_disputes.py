"""What the tables of mediation, arbitration and what follows an award say, in the words of the field."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.law.procedures import OPEN
from tests.law.readings import LAW, between, clock, clocks, decided_by_leader, into, length, table

ARBITRATION = "mediation_arbitration"


# mediation and what gives it force


def test_silence_for_five_days_means_no_negotiation():
    """协商：五日不回应视为不愿协商；没有等满也可以申请调解。"""
    reply = clock("mediation", f"{ARBITRATION}.negotiation_reply_days")
    assert reply.starts == (OPEN,)
    assert reply.missed and reply.missed.effect == "deemed"
    assert not reply.missed.transition


def test_mediation_runs_from_the_application_not_from_acceptance():
    """调解十五日自收到申请起算；期满未成可以申请仲裁。"""
    mediate = clock("mediation", f"{ARBITRATION}.mediation_days")
    assert set(mediate.starts) == into("mediation", "applied")
    assert into("mediation", "agreed", "failed") <= set(mediate.met_by)
    assert mediate.missed and mediate.missed.effect == "party_may"


@pytest.mark.parametrize(
    ("parameter", "days"),
    [(f"{ARBITRATION}.arb_review_apply_days", 15), (f"{ARBITRATION}.judicial_confirm_days", 30)],
    ids=["arbitration review", "judicial confirmation"],
)
def test_joint_application_for_force_has_its_window_from_the_agreement(parameter, days):
    """共同申请：仲裁审查十五日、司法确认三十日，自协议生效起，过期不再受理。"""
    apply = clock("mediation_force", parameter)
    assert apply.starts == (OPEN,)
    assert apply.bars == apply.met_by
    assert apply.missed and apply.missed.effect == "barred"
    assert length(apply, dt.date(2026, 3, 2)) == (days, "日")


def test_debtor_contests_a_payment_order_within_fifteen_days_of_receipt():
    """支付令异议自债务人收到起算，不从发出起算。"""
    contest = clock("mediation_force", f"{ARBITRATION}.payment_order_objection_days")
    assert set(contest.starts) == between("mediation_force", "pay_order_issued", "pay_order")
    assert into("mediation_force", "objected") <= set(contest.bars)


@pytest.mark.parametrize("procedure", ["mediation_force", "post_award"])
def test_execution_is_asked_for_within_two_years_of_the_last_day_to_perform(procedure):
    """申请执行两年，自履行期最后一日起算，过期不能再申请。"""
    execution = clock(procedure, f"{ARBITRATION}.execution_years")
    assert execution.counts_from == "履行期最后一日"
    assert between(procedure, "unperformed", "executing") == set(execution.bars)
    assert length(execution, dt.date(2026, 3, 2)) == (2, "年")


# arbitration


def test_arbitration_decides_on_acceptance_and_begins_anew_after_correction():
    """仲裁受理五个工作日；补正期间不计，补正之日重新起算。"""
    decide = clock("arbitration", f"{ARBITRATION}.arb_accept_days")
    assert decide.starts == (OPEN,)
    assert between("arbitration", "applied", "accepted", "rejected", "redirected") <= set(decide.met_by)
    assert between("arbitration", "applied", "correcting") <= set(decide.paused_by)
    assert between("arbitration", "correcting", "applied") <= set(decide.restarted_by)


@pytest.mark.parametrize("procedure", ["arbitration", "arbitration_collective"])
def test_undecided_application_opens_the_way_to_court(procedure):
    """逾期未决定受理，可以直接起诉；期限未满不能以此起诉。"""
    missed = clock(procedure, f"{ARBITRATION}.arb_accept_days").missed
    assert missed and missed.effect == "party_may"
    assert missed.transition in between(procedure, "applied", "sued")


@pytest.mark.parametrize("procedure", ["arbitration", "arbitration_simple", "arbitration_collective"])
def test_no_award_in_time_opens_the_way_to_court(procedure):
    """逾期未裁决可以起诉，法院受理后终止仲裁。"""
    missed = clock(procedure, f"{ARBITRATION}.arb_award_days").missed
    assert missed and missed.effect == "party_may"
    assert missed.transition in between(procedure, "heard", "sued")
    assert any(reference.article == 43 for reference in missed.references)


def test_award_counts_from_acceptance_and_stands_still_while_suspended():
    """审限自受理起算；中止、公告送达不计，追加当事人、变更请求、反申请重新起算。"""
    award = clock("arbitration", f"{ARBITRATION}.arb_award_days")
    assert set(award.starts) == between("arbitration", "applied", "accepted")
    assert into("arbitration", "suspended", "notice_service") == set(award.paused_by)
    assert set(award.restarted_by) == {"counterclaim", "change_claims", "add_party", "transferred"}
    assert all(decided_by_leader("arbitration", step) for step in award.extended_by)


def test_case_outside_jurisdiction_is_explained_before_acceptance_and_transferred_after():
    """受理前无管辖权：书面说明并告知；受理后发现：移送。"""
    assert not any(
        "applied" in table("arbitration").transition(step).from_
        for step in into("arbitration", "transferred")
    )
    assert between("arbitration", "applied", "redirected")


def test_hearing_notice_counts_back_five_working_days_from_the_hearing():
    """开庭通知：2026-03-02（周一）开庭，最迟2026-02-24（春节假后第一个工作日）送到。"""
    notice = clock("arbitration", f"{ARBITRATION}.arb_hearing_notice_days")
    assert notice.counts_back_from == "开庭日"
    assert between("arbitration", "hearing_set", "scheduled") <= set(notice.met_by)
    assert LAW.deadline(notice.parameter, dt.date(2026, 3, 2)).due == dt.date(2026, 2, 24)


def test_respondent_who_does_not_answer_does_not_stop_the_case():
    """被申请人不答辩，答辩期满自动排庭。"""
    defence = clock("arbitration", f"{ARBITRATION}.arb_defence_days")
    automatic = [
        step
        for step in table("arbitration").transitions
        if step.automatic and step.automatic.clock == defence.key
    ]
    assert [(step.from_, step.to, step.by) for step in automatic] == [(("served",), "tribunal", ("system",))]


def test_public_notice_must_run_out_before_it_counts_as_service():
    """公告期未满，不能视为送达。"""
    notice = clock("arbitration", f"{ARBITRATION}.service_public_notice_days")
    assert set(notice.gates) == between("arbitration", "notice_service", "served")


@pytest.mark.parametrize("procedure", ["arbitration", "arbitration_simple", "arbitration_collective"])
def test_award_files_are_kept_ten_years_others_five(procedure):
    """案卷：裁决结案保存十年，其他五年。"""
    kept = {clock.part: clock for clock in clocks(procedure, f"{ARBITRATION}.arb_file_retention_years")}
    closed = dt.date(2026, 3, 2)
    assert length(kept["award"], closed) == (10, "年")
    assert length(kept["mediation_or_other"], closed) == (5, "年")
    assert set(kept["award"].starts) == between(procedure, "awarded", "closed")
    assert set(kept["mediation_or_other"].starts) == between(procedure, "mediated", "closed")


@pytest.mark.parametrize("procedure", ["arbitration", "arbitration_collective"])
def test_what_the_application_lacks_is_told_once_in_its_days(procedure):
    """补正：当场或者五日（工作日）内一次性告知；不补正的可以收回；补正期间不计入受理期限。"""
    told = clock(procedure, f"{ARBITRATION}.arb_correction_notice_days")
    assert told.starts == (OPEN,)
    assert between(procedure, "applied", "correcting", "accepted", "rejected") <= set(told.met_by)
    decide = clock(procedure, f"{ARBITRATION}.arb_accept_days")
    assert between(procedure, "applied", "correcting") <= set(decide.paused_by)
    assert between(procedure, "correcting", "applied", "withdrawn") <= set(decide.resumed_by)


@pytest.mark.parametrize("procedure", ["arbitration", "arbitration_simple", "arbitration_collective"])
def test_an_award_is_corrected_where_it_stands_and_only_there(procedure):
    """补正裁决书（第五十四条）：裁决以后，状态不变，附补正决定书。"""
    step = table(procedure).transition("correct_award")
    assert (step.from_, step.to, step.documents) == (("awarded",), "awarded", ("award_correction",))
    assert [one.article for one in step.references] == [54]


def test_simple_procedure_is_shorter_in_zhejiang_and_counts_from_acceptance():
    """简易处理：立项日期即受理日期；浙江三十日，普通程序仍四十五日。"""
    simple = clock("arbitration_simple", f"{ARBITRATION}.arb_award_days")
    ordinary = clock("arbitration", f"{ARBITRATION}.arb_award_days")
    assert simple.starts == (OPEN,)
    on = dt.date(2026, 3, 2)
    assert [length(simple, on, region)[0] for region in ("", "330102")] == [45, 30]
    assert length(ordinary, on, "330102")[0] == 45


def test_collective_case_is_told_everything_once_within_five_working_days():
    """集体争议：受理后五个工作日内一次性通知；推举代表不另给受理时间。"""
    once = clock("arbitration_collective", f"{ARBITRATION}.collective_notice_days")
    assert set(once.starts) == into("arbitration_collective", "accepted")
    assert between("arbitration_collective", "accepted", "one_shot_notice") <= set(once.met_by)
    assert clock("arbitration_collective", f"{ARBITRATION}.arb_accept_days").starts == (OPEN,)


# after the award


def test_employer_cannot_sue_over_a_final_award_but_may_ask_to_annul_it():
    """终局裁决：用人单位不能起诉，只能三十日内申请撤销；劳动者可以起诉。"""
    leaving = {step.to for step in table("post_award").leaving("final")}
    assert "employer_sued" not in leaving
    assert {"annul", "worker_sued"} <= leaving
    annuls = [kept for kept in clocks("post_award", f"{ARBITRATION}.employer_annul_days") if kept.bars]
    assert [set(kept.bars) for kept in annuls] == [into("post_award", "annul")]


def test_each_side_counts_from_its_own_receipt_of_the_award():
    """起诉期限各从自己收到裁决书之日起算，没有登记收到日期不起算。"""
    worker = clock("post_award", f"{ARBITRATION}.worker_sue_days")
    employer = next(kept for kept in clocks("post_award", f"{ARBITRATION}.employer_sue_days") if kept.bars)
    assert worker.counts_from == "劳动者收到裁决书之日"
    assert employer.counts_from == "用人单位收到裁决书之日"
    assert worker.when_known and employer.when_known


def test_nonfinal_award_takes_effect_when_nobody_sued_after_the_last_receipt():
    """非终局裁决：最后一方收到后十五日内都没有起诉，自动生效。"""
    (effect,) = between("post_award", "nonfinal", "effective")
    step = table("post_award").transition(effect)
    assert step.automatic and step.automatic.when == "missed"
    assert table("post_award").clock(step.automatic.clock).counts_from == "最后一方收到裁决书之日"


def test_final_award_can_be_executed_while_the_annulment_period_still_runs():
    """终局裁决自作出即生效，撤销期未满也可以申请执行，执行中仍可以申请撤销。"""
    assert between("post_award", "final", "final_executing")
    assert between("post_award", "final_executing", "annul")
