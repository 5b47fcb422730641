"""What the tables of enforcement, credit, accounts and channels say, in the words of those who work with them."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.law.procedures import OPEN
from tests.law.readings import LAW, between, clock, clocks, decided_by_leader, into, length, table

# complaints and inspection


def test_complaint_registered_decided_within_five_working_days():
    """投诉受理：决定期限自登记之日起算，受理、不予受理、告知走争议程序、移送都算已决定。"""
    decide = clock("complaint_intake", "inspection.complaint_decision_days")
    assert decide.starts == (OPEN,)
    assert into("complaint_intake", "accepted", "rejected", "redirected", "transferred") <= set(decide.met_by)
    assert length(decide, dt.date(2026, 3, 2)) == (5, "工作日")


def test_complaint_undecided_in_time_goes_under_oversight():
    """逾期未决定受理，列入督办。"""
    missed = clock("complaint_intake", "inspection.complaint_decision_days").missed
    assert missed and missed.effect == "oversight"


def test_complaint_awaiting_papers_does_not_count():
    """要求补正期间不计：补正后重新起算或者继续计算。"""
    decide = clock("complaint_intake", "inspection.complaint_decision_days")
    asked = into("complaint_intake", "supplement")
    mended = between("complaint_intake", "supplement", "received")
    assert asked <= set(decide.paused_by) | set(decide.met_by)
    assert mended <= {*decide.resumed_by, *decide.restarted_by, *decide.starts}


def test_old_violation_is_a_question_of_two_years():
    """超过两年的不予受理：查处时效列在这一步旁边。"""
    refused = between("complaint_intake", "received", "rejected")
    used = {key for step in refused for key in table("complaint_intake").transition(step).checks}
    used |= {kept.parameter for kept in table("complaint_intake").clocks}
    assert "inspection.limitation_years" in used


def test_investigation_counts_from_filing_and_can_be_extended_and_suspended():
    """调查期限自立案起算，可以批准延长，中止期间不计，查结即止。"""
    investigate = clock("inspection_case", "inspection.investigation_days")
    assert investigate.starts == (OPEN,)
    assert into("inspection_case", "extended") <= set(investigate.extended_by)
    assert into("inspection_case", "suspended") <= set(investigate.paused_by)
    assert investigate.resumed_by
    assert investigate.missed and investigate.missed.effect == "oversight"


@pytest.mark.parametrize(
    ("region", "days"), [("", 60), ("440402", 45), ("510104", 30)], ids=["nation", "guangdong", "sichuan"]
)
def test_investigation_is_shorter_where_the_province_says_so(region, days):
    """粤45个工作日，川30个工作日。"""
    investigate = clock("inspection_case", "inspection.investigation_days")
    assert length(investigate, dt.date(2026, 3, 2), region) == (days, "工作日")


def test_hearing_must_be_asked_for_within_five_working_days():
    """听证告知后五个工作日内不要求的，不能再要求听证。"""
    ask = clock("inspection_case", "penalty.hearing_request_days")
    assert into("inspection_case", "notice_given") <= set(ask.starts)
    assert into("inspection_case", "hearing") <= set(ask.bars)


def test_hearing_notice_counts_back_seven_working_days_from_the_hearing():
    """听证通知：2026-03-16（周一）听证，最迟2026-03-05送到。"""
    notice = clock("inspection_case", "penalty.hearing_notice_days")
    assert notice.counts_back_from == "听证日"
    assert notice.missed and notice.missed.effect == "oversight"
    assert LAW.deadline(notice.parameter, dt.date(2026, 3, 16)).due == dt.date(2026, 3, 5)


def test_reconsideration_that_stays_silent_opens_the_way_to_court():
    """复议期满不作决定，当事人可以起诉；期限未满不能以此起诉。"""
    decide = clock("penalty_enforcement", "penalty.reconsideration_decide_days")
    assert decide.missed and decide.missed.effect == "party_may"
    sue = table("penalty_enforcement").transition(decide.missed.transition)
    assert sue.from_ == ("under_review",) and sue.by == ("sanctioned_party",)


def test_enforcement_waits_ten_working_days_after_the_demand():
    """催告满十个工作日，才能申请法院强制执行。"""
    demand = clock("penalty_enforcement", "penalty.demand_before_enforcement_days")
    assert into("penalty_enforcement", "demanded") <= set(demand.starts)
    assert between("penalty_enforcement", "demanded", "court_filed") <= set(demand.gates)


def test_reconsideration_and_suit_are_rights_that_go_by():
    """复议六十日、诉讼六个月，过期不能再提。"""
    for parameter in ("penalty.reconsideration_days", "penalty.litigation_months"):
        right = clock("penalty_enforcement", parameter)
        assert right.bars, parameter
        assert right.missed is None or right.missed.effect == "barred"


def test_unpaid_fine_becomes_late_by_itself():
    """罚款到期不缴，系统自动转入逾期加处。"""
    fine = clock("penalty_enforcement", "penalty.fine_payment_days")
    (late,) = between("penalty_enforcement", "served", "late")
    step = table("penalty_enforcement").transition(late)
    assert step.automatic and (step.automatic.clock, step.automatic.when) == (fine.key, "missed")


# transfer to the police


def test_transfer_is_decided_within_three_days_by_the_chief():
    """移送公安：接到专案组报告后三日内由正职负责人批准或者不批准。"""
    approve = clock("crime_transfer", "crime.transfer_approve_days")
    decisions = between("crime_transfer", "reported", "approved", "declined")
    assert into("crime_transfer", "reported") == set(approve.starts)
    assert decisions <= set(approve.met_by)
    assert all(decided_by_leader("crime_transfer", step) for step in decisions)


def test_transfer_is_sent_within_twenty_four_hours_of_approval():
    """移送公安：24小时自批准起算，夜间和休息日照算。"""
    send = clock("crime_transfer", "crime.transfer_send_hours")
    assert set(send.starts) == between("crime_transfer", "reported", "approved")
    assert between("crime_transfer", "approved", "sent") <= set(send.met_by)
    assert length(send, dt.date(2026, 3, 6)) == (24, "小时")


def test_police_refusal_can_be_contested_within_three_days_strictly():
    """公安不立案：三日内提请复议，末日是休息日也不顺延（2026-05-01放假）。"""
    ask = clock("crime_transfer", "crime.reconsider_request_days")
    assert into("crime_transfer", "not_filed") <= set(ask.starts)
    assert LAW.deadline(ask.parameter, dt.date(2026, 4, 28)).due == dt.date(2026, 5, 1)


def test_papers_go_to_the_police_within_three_days_of_filing():
    """公安立案后三日内移交材料。"""
    hand_over = clock("crime_transfer", "crime.handover_days")
    assert into("crime_transfer", "filed") <= set(hand_over.starts)
    assert into("crime_transfer", "handed_over") <= set(hand_over.met_by)


# credit


def test_listing_objection_within_five_working_days():
    """失信名单：告知后五个工作日内可以异议，异议五个工作日内核实。"""
    object_ = clock("blacklist_listing", "blacklist.objection_days")
    review = clock("blacklist_listing", "blacklist.objection_review_days")
    assert between("blacklist_listing", "notice", "objection") <= set(object_.bars) | set(object_.met_by)
    assert between("blacklist_listing", "notice", "objection") <= set(review.starts)
    assert review.missed


def test_listing_is_decided_from_the_end_of_the_order_not_from_filing():
    """列入决定自责令支付期限届满起二十个工作日，可以延长。"""
    decide = clock("blacklist_listing", "blacklist.listing_decision_days")
    assert "届满" in decide.counts_from or decide.starts == (OPEN,)
    assert into("blacklist_listing", "listed") <= set(decide.met_by)
    assert decide.extended_by


def test_removal_before_the_term_waits_six_months():
    """列入未满六个月，不能申请提前移出。"""
    wait = clock("blacklist_early_removal", "blacklist.early_removal_months")
    assert wait.gates
    assert set(wait.gates) & into("blacklist_early_removal", "reviewing", "approved")


# accounts and deposits


def test_account_is_opened_within_the_period_after_signing():
    """专户：期限届满未开户，系统自动转为逾期。"""
    open_ = clock("special_account", "special_account.open_days")
    assert into("special_account", "opened") & set(open_.met_by)
    assert any(
        table("special_account").transition(step).automatic
        for step in between("special_account", "to_open", "overdue")
    )


def test_account_is_not_cancelled_before_the_publicity_is_over():
    """公示期未满不得撤户。"""
    publicity = clock("special_account", "special_account.cancel_publicity_days")
    assert into("special_account", "cancel_publicity") <= set(publicity.starts)
    steps = between("special_account", "cancel_publicity", "cancel_review")
    waits = set(publicity.gates) | {
        step.key for step in table("special_account").transitions
        if step.automatic and (step.automatic.clock, step.automatic.when) == (publicity.key, "passed")
    }  # fmt: skip
    assert steps <= waits
    assert not between("special_account", "cancel_publicity", "cancel_review") & into(
        "special_account", "cancelled"
    )


def test_bank_pays_from_the_deposit_within_five_working_days_of_the_notice():
    """保证金：银行五个工作日自收到支付通知书起算。"""
    pay = clock("wage_deposit", "wage_deposit.bank_pay_days")
    assert into("wage_deposit", "use_ordered") <= set(pay.starts)
    assert into("wage_deposit", "used") <= set(pay.met_by)
    assert pay.missed


def test_used_deposit_is_replenished_in_ten_working_days_or_falls_overdue():
    """保证金动用后十个工作日内补足，逾期自动转入逾期未补足。"""
    refill = clock("wage_deposit", "wage_deposit.replenish_days")
    (overdue,) = between("wage_deposit", "used", "replenish_overdue")
    step = table("wage_deposit").transition(overdue)
    assert step.automatic and step.automatic.clock == refill.key
    assert length(refill, dt.date(2026, 3, 2)) == (10, "工作日")


def test_deposit_is_not_returned_before_the_publicity_is_over():
    """返还公示未满，不能进入返还审核；公示中发现欠薪的不予返还，清偿后再申请也要等期满。"""
    publicity = clock("wage_deposit", "wage_deposit.refund_publicity_days")
    assert into("wage_deposit", "refund_review") == set(publicity.gates)
    assert between("wage_deposit", "refund_publicity", "refused")


@pytest.mark.parametrize(
    ("procedure", "parameter", "inside", "outside"),
    [
        ("group_event", "inspection.gd_onsite_hours", "440402", "510104"),
        ("interview", "construction.nm_interview_rectify_days", "150102", "440402"),
        ("project_onboarding", "construction.nm_platform_onboarding_days", "150102", "510104"),
    ],
    ids=["guangdong", "inner mongolia, interview", "inner mongolia, platform"],
)
def test_limits_of_one_province_do_not_run_elsewhere(procedure, parameter, inside, outside):
    """只在一省施行的期限，到别处不计。"""
    kept = clock(procedure, parameter)
    assert kept.runs_in(inside)
    assert not kept.runs_in(outside)


# channels


def test_number_of_days_for_platform_clues_is_never_guessed():
    """线索平台：核处天数国家未定，没有当地数值就不计算；五个工作日的立案决定照样算。"""
    handle = clock("clue_platform", "channels.clue_platform_deadline_days")
    with pytest.raises(ValueError, match="地方"):
        LAW.deadline(handle.parameter, dt.date(2026, 3, 2))
    decide = clock("clue_platform", "inspection.complaint_decision_days")
    assert between("clue_platform", "verifying", "filed", "not_true", "out_of_scope") <= set(decide.met_by)


def test_complex_hotline_ticket_counts_from_receipt_not_from_the_extension():
    """12345：复杂工单的时限自收到工单起算，不是在普通时限上再加。"""
    complex_ = clock("hotline_12345", "channels.hotline_complex_days")
    ordinary = clock("hotline_12345", "channels.hotline_ordinary_days")
    assert OPEN in complex_.starts and OPEN in ordinary.starts
    assert into("hotline_12345", "extended") <= set(ordinary.met_by)
    assert not into("hotline_12345", "extended") & set(complex_.met_by)


def test_petition_office_and_handling_unit_each_have_fifteen_days():
    """信访：转送十五日自收到信访事项，告知十五日自收到转送。"""
    forward, notify = clocks("petition", "channels.petition_notify_days")
    assert forward.starts == (OPEN,)
    assert set(notify.starts) == between("petition", "registered", "transferred")
    assert notify.counts_from == "承办单位收到转送之日"
    assert between("petition", "transferred", "guided", "accepted") <= set(notify.met_by)


def test_petition_is_answered_in_sixty_days_and_the_head_may_add_thirty():
    """信访办理六十日，经负责人批准可以延长三十日。"""
    handle = clock("petition", "channels.petition_handle_days")
    assert into("petition", "handled") == set(handle.met_by)
    assert all(decided_by_leader("petition", step) for step in handle.extended_by)
    assert LAW.value(LAW.extension_of(handle.parameter), on=dt.date(2026, 3, 2)).value == 30


def test_petition_ends_when_nobody_asks_for_review_in_thirty_days():
    """三十日内不请求复查，终结；逾期不能再请求。"""
    ask = clocks("petition", "channels.petition_review_apply_days")[0]
    assert set(ask.bars) == between("petition", "handled", "review_requested")
    (ended,) = between("petition", "handled", "ended")
    assert table("petition").transition(ended).automatic


def test_hearing_of_a_recheck_is_not_counted():
    """复核听证的时间不计入三十日。"""
    answers = clocks("petition", "channels.petition_review_decide_days")
    paused = [set(kept.paused_by) for kept in answers if kept.paused_by]
    assert paused == [between("petition", "recheck_requested", "recheck_hearing")]


# emergencies, checks, aid


def test_emergency_fund_and_deposit_are_two_ways_and_only_the_bank_has_a_clock():
    """群体事件：动用保证金的，银行五个工作日付到本人；动用周转金没有国家期限。"""
    pay = clock("group_event", "wage_deposit.bank_pay_days")
    assert set(pay.starts) == into("group_event", "deposit_ordered")
    assert pay.starts[0] not in between("group_event", "responding", "fund_used")


def test_discipline_does_not_replace_payment():
    """政府项目：处分之后仍要拨付才办结。"""
    assert [state.key for state in table("gov_project_arrears").states if state.final] == ["paid"]
    assert between("gov_project_arrears", "disciplined", "paid")


def test_account_query_is_approved_at_city_level_by_a_leader():
    """账户查询须设区的市级以上人社部门负责人批准。"""
    (approve,) = into("account_query", "approved")
    assert table("account_query").transition(approve).by == ("city_hr_bureau_head",)
    assert decided_by_leader("account_query", approve)


def test_normal_check_result_is_published_within_twenty_working_days():
    """双随机：检查结束起二十个工作日公示正常结果；有问题的处理后公示。"""
    publish = clock("double_random", "double_random.normal_result_publish_days")
    assert set(publish.starts) == into("double_random", "checked")
    assert between("double_random", "normal", "published") | into("double_random", "problem") == set(
        publish.met_by
    )


def test_legal_aid_stands_still_while_papers_are_awaited():
    """法律援助：补充材料期间不计入七日；时效将满的可以先行援助，三日内指派。"""
    examine = clock("legal_aid", "channels.aid_review_days")
    assign = clock("legal_aid", "channels.aid_assign_days")
    assert set(examine.paused_by) == into("legal_aid", "supplement")
    assert into("legal_aid", "approved", "urgent") == set(assign.starts)


def test_no_invented_number_of_days_for_personal_data():
    """个人信息：法律只写“及时”“立即”，不编造天数。"""
    assert table("personal_info").clocks == ()
    assert {step.to for step in table("personal_info").leaving("breach")} == {"notified"}
