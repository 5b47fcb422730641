"""An inspection case whole, on chosen days: two inspectors, sixty and thirty working days, hearing, decision, closing;
and one that goes to the police. Due dates were worked out by hand from the published calendar of 2026."""

from __future__ import annotations

import datetime as dt

import pytest
from django_tasks_db.models import DBTaskResult

from anxin.casework import flow, services
from anxin.casework.judging import Reason
from anxin.casework.models import Deadline, Matter
from anxin.casework.succession import go_on
from anxin.enforcement import crime
from anxin.enforcement.crime_notice import tell_of_line
from anxin.enforcement.hearing import host_of, name_host
from anxin.enforcement.inspection import arrears_of, inspectors_missing, name_inspectors, record_arrears
from anxin.enforcement.leniency import compare, decide_leniency
from anxin.enforcement.letter_facts import known
from anxin.enforcement.models import HearingHost
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.letters.content import sealed_values
from anxin.letters.models import Letter
from anxin.local_law import queries as local_law
from anxin.notices.models import Notice
from anxin.registry.models import Employer
from anxin.signals.models import PaymentOrder
from tests.casework.conftest import day
from tests.monitoring import factories as make
from tests.web.cases import take as take_with_papers

CARDS = (("林某某", "990102-001"), ("赵某某", "990102-002"))


@pytest.fixture
def firm(db) -> Employer:
    return Employer.objects.create(uscc="91990102MA0000001X", name="某建工公司", region=make.region("990102"))


def filed(world, firm, **fields) -> Matter:
    values = {"title": "拖欠工资", "employer": firm, "law": local_law.current(), **fields}
    return world.matter("inspection_case", **values)


def name_two(world, matter, people=CARDS):
    return name_inspectors(
        matter,
        people,
        on=day("2026-03-02"),
        by=world.inspector,
        now=make.at("2026-03-02"),
        law=local_law.current(),
    )


def step(world, matter, key, on, *, by=None, **words):
    return take_with_papers(matter, key, by=by or world.inspector, on=day(on), now=make.at(on, 12), **words)


def waits(world, matter, key, on):
    found = flow.options(
        Matter.objects.select_related("lead").get(pk=matter.pk), world.inspector, day(on), local_law.current()
    )
    return next(one for one in found if one.transition.key == key)


def investigated(world, firm, **fields) -> Matter:
    matter = filed(world, firm, **fields)
    name_two(world, matter)
    step(world, matter, "assign", "2026-03-03")
    return matter


def due(matter, clock) -> dt.date | None:
    return Deadline.objects.filter(matter=matter, clock=clock).latest("pk").due_on


def owed(world, matter, **fields):
    values = {"people": 12, "months": 4, "total_fen": 15_000_000, "single_fen": 2_500_000, "source": "欠薪明细表",
              "by": world.inspector, "now": make.at("2026-04-01"), **fields}  # fmt: skip
    return record_arrears(matter, **values)


# the case, whole


def test_a_case_from_filing_to_closing_keeps_the_known_due_dates(world, firm):
    matter = filed(world, firm)
    assert due(matter, "investigation") == day("2026-05-28")
    assert due(matter, "penalty_case") == day("2026-06-01")
    assert "不得少于2名监察员" in waits(world, matter, "assign", "2026-03-03").why
    name_two(world, matter)
    assert waits(world, matter, "assign", "2026-03-03").reason is Reason.PAPER
    step(world, matter, "assign", "2026-03-03")
    step(
        world,
        matter,
        "extend",
        "2026-05-20",
        by=world.leader,
        extension_amount=30,
        extension_paper="批准第1号",
    )
    assert due(matter, "investigation") == day("2026-07-10")
    step(world, matter, "conclude", "2026-06-30")
    assert due(matter, "decision") == day("2026-07-21")
    step(world, matter, "order", "2026-07-01")
    step(world, matter, "notify", "2026-07-13", events={"听证告知书送达之日": day("2026-07-13")})
    assert due(matter, "hearing_request") == day("2026-07-20")
    with pytest.raises(Refused, match="届满"):
        step(world, matter, "decide", "2026-07-20", by=world.leader)
    step(world, matter, "request_hearing", "2026-07-15")
    step(world, matter, "set_hearing", "2026-07-16", events={"听证日": day("2026-08-03")})
    assert due(matter, "hearing_notice") == day("2026-07-23")
    step(world, matter, "schedule_hearing", "2026-07-22")
    host(world, matter)
    step(world, matter, "hold_hearing", "2026-08-03")
    step(
        world,
        matter,
        "decide",
        "2026-08-10",
        by=world.leader,
        events={"收到行政处罚决定书之日": day("2026-08-10")},
    )
    assert due(matter, "fine_payment") == day("2026-08-25")
    step(world, matter, "perform_decision", "2026-08-20")
    step(world, matter, "close", "2026-08-21")
    matter.refresh_from_db()
    assert (matter.state, matter.closed_on) == ("closed", day("2026-08-21"))
    missed = Deadline.objects.filter(
        matter=matter, met_on__isnull=False, clock__in=["investigation", "decision", "hearing_notice"]
    )
    assert all(one.met_on <= one.due_on for one in missed)


def host(world, matter, name="何某某", recorder="唐某某", at="2026-07-22") -> HearingHost:
    return name_host(matter, name=name, recorder=recorder, by=world.inspector, now=make.at(at))


@pytest.fixture
def heard(world, firm) -> Matter:
    """A hearing was asked for and its day set; nobody was told of it yet."""
    matter = investigated(world, firm)
    step(world, matter, "conclude", "2026-06-10")
    step(world, matter, "notify", "2026-06-11", events={"听证告知书送达之日": day("2026-06-11")})
    step(world, matter, "request_hearing", "2026-06-15")
    step(world, matter, "set_hearing", "2026-06-16", events={"听证日": day("2026-07-02")})
    return matter


def test_a_hearing_is_held_by_somebody_else_than_those_who_investigate_and_only_then_decided(world, heard):
    assert waits(world, heard, "decide", "2026-07-02").reason is Reason.STATE
    assert "指定听证主持人" in waits(world, heard, "hold_hearing", "2026-07-02").why
    with pytest.raises(Refused, match="本案调查人员"):
        host(world, heard, name=CARDS[0][0])
    with pytest.raises(Refused, match="同一人"):
        host(world, heard, recorder="何某某")
    with pytest.raises(Refused, match="记录人的姓名"):
        host(world, heard, recorder=" ")
    first = host(world, heard)
    assert "还没有通知当事人" in waits(world, heard, "hold_hearing", "2026-07-02").why
    step(world, heard, "schedule_hearing", "2026-06-22")
    name_two(world, heard, (*CARDS, ("何某某", "990102-003")))
    assert "已是本案调查人员" in waits(world, heard, "hold_hearing", "2026-07-02").why
    again = host(world, heard, name="邓某某")
    first.refresh_from_db()
    assert (first.until, host_of(heard)) == (again.since, again)
    assert waits(world, heard, "hold_hearing", "2026-07-02").reason is Reason.PAPER, "the record is missing"
    step(world, heard, "hold_hearing", "2026-07-02")
    with pytest.raises(Refused, match="听证结束以前"):
        host(world, heard)
    step(world, heard, "decide", "2026-07-06", by=world.leader)
    assert JournalEntry.objects.filter(action="case.hearing_host").count() == 2


def test_a_hearing_waits_for_a_day_that_the_party_was_told_of_seven_working_days_before(world, firm):
    """Day of 2 July: 1 July, 30, 29, 26, 25, 24 and 23 June are the seven; 24 June is a day late."""
    matter = investigated(world, firm)
    step(world, matter, "conclude", "2026-06-10")
    step(world, matter, "notify", "2026-06-11", events={"听证告知书送达之日": day("2026-06-11")})
    step(world, matter, "request_hearing", "2026-06-15")
    host(world, matter)
    assert "还没有确定听证日期" in waits(world, matter, "hold_hearing", "2026-06-16").why
    step(world, matter, "set_hearing", "2026-06-16", events={"听证日": day("2026-07-02")})
    step(world, matter, "schedule_hearing", "2026-06-24")
    why = waits(world, matter, "hold_hearing", "2026-07-02").why
    assert "最迟应在2026年6月23日" in why and "实际于2026年6月24日" in why and "请另定听证日期" in why
    # another day, and the party told anew with a notice of its own
    step(world, matter, "set_hearing", "2026-06-25", events={"听证日": day("2026-07-08")})
    assert "还没有通知当事人" in waits(world, matter, "hold_hearing", "2026-07-08").why
    step(world, matter, "schedule_hearing", "2026-06-26")
    assert "还没有到这一天" in waits(world, matter, "hold_hearing", "2026-07-07").why
    step(world, matter, "hold_hearing", "2026-07-08")


def test_a_day_changed_after_the_notice_needs_another_notice(world, heard):
    step(world, heard, "schedule_hearing", "2026-06-22")
    host(world, heard)
    heard.refresh_from_db()
    services.set_event(
        heard, "听证日", day("2026-07-09"), by=world.inspector, now=make.at("2026-06-23"),
        law=local_law.current(), expected_version=heard.version,
    )  # fmt: skip
    assert (
        "改为2026年7月9日（星期四）以后还没有重新通知"
        in waits(world, heard, "hold_hearing", "2026-07-09").why
    )
    step(world, heard, "set_hearing", "2026-06-24", events={"听证日": day("2026-07-09")})
    step(world, heard, "schedule_hearing", "2026-06-24")
    step(world, heard, "hold_hearing", "2026-07-09")


def test_a_hearing_asked_for_after_its_days_is_refused(world, firm):
    matter = investigated(world, firm)
    step(world, matter, "conclude", "2026-06-10")
    step(world, matter, "notify", "2026-06-11", events={"听证告知书送达之日": day("2026-06-11")})
    assert waits(world, matter, "request_hearing", "2026-06-18").reason is Reason.PAPER, "the last day counts"
    with pytest.raises(Refused, match="2026年6月18日（星期四）届满，逾期不能再办理“要求听证”"):
        step(world, matter, "request_hearing", "2026-06-22")


def test_a_party_that_gives_up_its_hearing_is_decided_on_without_one(world, heard):
    step(world, heard, "waive_hearing", "2026-06-18")
    heard.refresh_from_db()
    assert heard.state == "heard"
    step(world, heard, "decide", "2026-06-22", by=world.leader)


def test_who_does_not_work_on_the_case_names_nobody(world, heard):
    with pytest.raises(Refused, match="没有办理权限"):
        name_host(heard, name="何某某", recorder="唐某某", by=world.stranger, now=make.at("2026-06-17"))


def test_the_notice_of_the_hearing_knows_who_presides(world, heard):
    host(world, heard)
    facts = known(Matter.objects.get(pk=heard.pk))
    assert (facts["host"], facts["recorder"]) == ("何某某", "唐某某")


def test_a_local_period_holds_over_the_nations(world, firm, monkeypatch):
    law = local_law.on_trial(
        [{"key": "inspection.investigation_days", "region": "990102", "name": "虚构县", "from": dt.date(2026, 1, 1),
          "value": 45, "source": "虚构县办案规定"}]
    )  # fmt: skip
    monkeypatch.setattr(local_law, "current", lambda: law)
    matter = investigated(world, firm, law=law)
    assert due(matter, "investigation") == day("2026-05-08")
    step(
        world,
        matter,
        "extend",
        "2026-05-07",
        by=world.leader,
        extension_amount=30,
        extension_paper="批准第1号",
    )
    assert due(matter, "investigation") == day("2026-06-18")


# two inspectors


def test_inspectors_are_named_before_the_case_is_assigned(world, firm):
    matter, law = filed(world, firm), local_law.current()
    assert "现指定0名" in inspectors_missing(matter, day("2026-03-02"), law)
    name_two(world, matter)
    assert inspectors_missing(matter, day("2026-03-02"), law) == ""


@pytest.mark.parametrize(
    "people", [CARDS[:1], (CARDS[0], ("林某某", CARDS[0][1])), (CARDS[0], ("赵某某", "")), ()]
)
def test_one_alone_twice_the_same_card_or_no_card_are_not_two(world, firm, people):
    with pytest.raises(Refused):
        name_two(world, filed(world, firm), people)


def test_another_pair_replaces_the_first_which_stays_in_the_record(world, firm):
    matter = filed(world, firm)
    name_two(world, matter)
    name_two(world, matter, (CARDS[0], ("钱某某", "990102-003")))
    assert matter.inspectors.count() == 4
    assert {one.name for one in matter.inspectors.filter(until__isnull=True)} == {"林某某", "钱某某"}


def test_who_does_not_work_on_the_case_names_nobody_and_finds_nothing(world, firm):
    matter = filed(world, firm)
    for person in (world.stranger, world.clerk):
        with pytest.raises(Refused, match="权限"):
            name_inspectors(
                matter,
                CARDS,
                on=day("2026-03-02"),
                by=person,
                now=make.at("2026-03-02"),
                law=local_law.current(),
            )
        with pytest.raises(Refused, match="权限"):
            owed(world, matter, by=person)


# the criminal line


def watched(matter, law=None):
    return crime.watch(Matter.objects.get(pk=matter.pk), day("2026-04-20"), law or local_law.current())


def ordered(firm, **fields) -> PaymentOrder:
    """The order with its service and its last day, as registered."""
    values = {"number": "令1", "employer": firm, "region": make.region("990102"), "served_on": day("2026-04-02"),
              "due_on": day("2026-04-10"), "recorded_at": make.at("2026-04-02"), **fields}  # fmt: skip
    return PaymentOrder.objects.create(**values)


def states(found) -> list[str]:
    return [one.state for one in found.points]


def test_without_what_was_found_nothing_is_said_of_the_line(world, firm):
    found = watched(filed(world, firm))
    assert states(found) == ["unknown", "unknown", "unmet"]
    assert not found.reached


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["met", "met"]),
        ({"months": 2}, ["unmet", "met"]),
        ({"people": 9}, ["met", "unmet"]),
        ({"single_fen": 2_000_000}, ["met", "met"]),
        ({"single_fen": 1_999_999}, ["unknown", "met"]),
        ({"single_fen": 499_999, "total_fen": 2_999_999}, ["unmet", "unmet"]),
        ({"single_fen": 500_000, "total_fen": 3_000_000}, ["unknown", "unknown"]),
    ],
)
def test_between_the_nations_least_and_most_only_the_province_decides(world, firm, fields, expected):
    matter = filed(world, firm)
    owed(world, matter, **fields)
    assert states(watched(matter))[:2] == expected


def test_the_provinces_own_number_decides_and_is_cited(world, firm):
    law = local_law.on_trial(
        [{"key": crime.SINGLE, "region": "99", "name": "虚构省", "from": dt.date(2026, 1, 1), "value": 12000, "source": "虚构省规定"},
         {"key": crime.GROUP, "region": "99", "name": "虚构省", "from": dt.date(2026, 1, 1), "value": 70000, "source": "虚构省规定"}]
    )  # fmt: skip
    matter = filed(world, firm)
    owed(world, matter, single_fen=1_199_999, total_fen=7_000_000)
    found = watched(matter, law)
    assert states(found)[:2] == ["unmet", "met"]
    assert "虚构省规定" in found.points[0].basis


def test_a_case_goes_to_the_police_with_nothing_entered_twice(world, firm):
    matter = investigated(world, firm)
    owed(world, matter)
    assert not watched(matter).reached  # nobody has ordered payment yet
    step(world, matter, "order", "2026-04-01")
    found = watched(matter)
    assert not found.reached and states(found)[2] == "unknown" and "没有登记" in found.points[2].why
    ordered(firm)
    assert watched(matter).reached
    assert "责令支付文书及送达证据" in found.missing
    services.attach(
        Matter.objects.get(pk=matter.pk), kind="pay_order_with_service", data=b"paper", filename="责令.pdf",
        by=world.inspector, now=make.at("2026-04-15"), law=local_law.current(),
    )  # fmt: skip
    assert "责令支付文书及送达证据" not in watched(matter).missing
    begun = go_on(
        Matter.objects.select_related("lead").get(pk=matter.pk), "crime_transfer", by=world.inspector,
        now=make.at("2026-04-20"), law=local_law.current(), title="涉嫌拒不支付劳动报酬", region=world.region,
        lead=world.lead, on=day("2026-04-20"),
    )  # fmt: skip
    assert begun.employer == firm
    assert arrears_of(begun).people == 12
    assert "责令支付文书及送达证据" not in watched(begun).missing
    step(world, begun, "form_team", "2026-04-20")
    step(world, begun, "report", "2026-04-21", events={"正职负责人接到移送报告之日": day("2026-04-21")})
    assert due(begun, "approval") == day("2026-04-24")
    step(world, begun, "approve", "2026-04-23", by=world.leader, at=make.at("2026-04-23", 9))
    step(world, begun, "send", "2026-04-24")
    step(world, begun, "receive", "2026-04-24", at=make.at("2026-04-24", 12))
    assert due(begun, "police_review") == day("2026-04-27")
    step(world, begun, "file", "2026-04-27")
    begun.refresh_from_db()
    assert begun.state == "filed"


def test_what_was_paid_after_the_order_is_no_crime(world, firm):
    matter = investigated(world, firm)
    owed(world, matter)
    step(world, matter, "order", "2026-04-01")
    step(world, matter, "perform", "2026-04-10")
    assert not watched(matter).reached


@pytest.mark.parametrize(
    ("on", "expected"), [("2026-04-01", "unmet"), ("2026-04-10", "unmet"), ("2026-04-11", "met")]
)
def test_an_order_counts_once_its_period_has_run_out_unpaid(world, firm, on, expected):
    matter = investigated(world, firm)
    step(world, matter, "order", "2026-04-01")
    ordered(firm, number="旧令", served_on=day("2026-03-01"), due_on=day("2026-03-02"))  # another case's
    ordered(firm)
    found = crime.watch(Matter.objects.get(pk=matter.pk), day(on), local_law.current())
    assert states(found)[2] == expected and "2026-04-10" in found.points[2].why
    PaymentOrder.objects.filter(number="令1").update(paid_on=day("2026-04-09"))
    assert states(watched(matter))[2] == "unmet"


def test_the_offices_own_order_says_until_when(world, firm):
    matter = investigated(world, firm)
    step(world, matter, "order", "2026-04-01")
    letter = Letter(
        matter=matter, kind="rectification_order", office=world.lead, drafted_by=world.inspector,
        drafted_at=make.at("2026-04-01"), fields=sealed_values({"pay_by": day("2026-04-25")}), state="draft",
    )  # fmt: skip
    letter.save()
    assert states(watched(matter))[2] == "unknown", "a draft orders nothing"
    Letter.objects.update(
        state="seal", serial=1, year=2026, number="人社监令〔2026〕1号", issued_on=day("2026-04-01"),
        issued_file=matter.documents.first().file, content=sealed_values({}),
    )  # fmt: skip
    assert states(watched(matter))[2] == "unmet" and "等到这一天过后" in watched(matter).points[2].why
    fresh = Matter.objects.get(pk=matter.pk)
    for on, expected in (("2026-04-25", "unmet"), ("2026-04-26", "met")):
        assert states(crime.watch(fresh, day(on), local_law.current()))[2] == expected


def test_the_lead_is_told_once_when_what_was_found_crosses_the_line(world, firm):
    matter = investigated(world, firm)

    def told():
        return tell_of_line(
            Matter.objects.get(pk=matter.pk), now=make.at("2026-04-01"), law=local_law.current()
        )

    owed(world, matter, people=9, single_fen=499_999, total_fen=2_000_000)
    assert told() == 0
    owed(world, matter)
    assert told() > 0 and told() == 0
    notice = Notice.objects.filter(to=world.leader, kind="crime_line").get()
    assert matter.number in notice.title and notice.link == f"/matters/{matter.pk}/inspection#crime"
    assert not Notice.objects.filter(to__in=[world.stranger, world.clerk])
    queued = DBTaskResult.objects.filter(task_path="anxin.enforcement.tasks.line_task")
    assert queued.count() == 2, "each finding is looked at"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"people": 0}, "people"), ({"months": -1}, "months"), ({"total_fen": 2_400_000}, "total_fen"),
     ({"total_fen": 99_000_000}, "total_fen"), ({"source": " "}, "source")],
)  # fmt: skip
def test_what_does_not_add_up_is_refused(world, firm, fields, field):
    with pytest.raises(Refused) as refused:
        owed(world, filed(world, firm), **fields)
    assert refused.value.field == field


def test_a_later_finding_supersedes_and_both_stay(world, firm):
    matter = filed(world, firm)
    owed(world, matter)
    owed(world, matter, people=13)
    assert arrears_of(matter).people == 13
    assert matter.arrears.count() == 2


# the three lists


def compared(matter, **answers):
    told = compare(Matter.objects.get(pk=matter.pk), day("2026-04-20"), local_law.current(), answers)
    return {ground.key: ground for ground in told.lists["waived"]}, told


def decided(world, matter, **fields):
    values = {"outcome": "waived", "malicious": "no", "answers": {}, "reason": "已全部付清，没有造成后果。",
              "on": day("2026-04-20"), "by": world.inspector, "now": make.at("2026-04-20"),
              "law": local_law.current(), **fields}  # fmt: skip
    return decide_leniency(matter, **values)


def test_conditions_are_met_unmet_or_unknown_from_records_and_answers(world, firm):
    matter = investigated(world, firm)
    minor, _ = compared(matter)
    assert minor["penalty.no_penalty_minor_corrected"].state == "unknown"
    step(world, matter, "order", "2026-04-01")
    step(world, matter, "perform", "2026-04-10")
    answers = {"违法行为轻微": "met", "没有造成危害后果": "met"}
    minor, _ = compared(matter, **answers)
    ground = minor["penalty.no_penalty_minor_corrected"]
    assert [one.state for one in ground.conditions] == ["met", "met", "met"]
    assert ground.state == "met"
    assert "第三十三条" in ground.citation


def test_an_earlier_case_says_that_it_is_not_the_first_whatever_is_answered(world, firm):
    step(world, investigated(world, firm), "order", "2026-04-01")
    minor, _ = compared(investigated(world, firm), 初次违法="met")
    ground = minor["penalty.may_no_penalty_first_time"]
    first = next(one for one in ground.conditions if one.words == "初次违法")
    assert (first.state, first.recorded, ground.state) == ("unmet", True, "unmet")


def test_the_person_decides_and_the_reason_is_kept_with_the_comparison(world, firm):
    made = decided(world, investigated(world, firm), answers={"违法行为轻微": "met"})
    assert (made.outcome, made.reason) == ("waived", "已全部付清，没有造成后果。")
    assert made.grounds[0]["conditions"][0]["state"] == "met"
    assert made.grounds[0]["conditions"][1]["state"] == "unknown"


@pytest.mark.parametrize("outcome", ["waived", "mitigated", "lighter"])
def test_malicious_arrears_never_come_under_a_list(world, firm, outcome):
    matter = investigated(world, firm)
    with pytest.raises(Refused, match="恶意欠薪不适用"):
        decided(world, matter, outcome=outcome, malicious="yes")
    assert decided(world, matter, outcome="none", malicious="yes").malicious


def test_a_case_on_its_way_to_the_police_is_malicious_whatever_is_said(world, firm):
    matter = investigated(world, firm)
    step(world, matter, "order", "2026-04-01")
    step(
        world,
        matter,
        "propose_transfer",
        "2026-04-20",
        events={"正职负责人接到移送报告之日": day("2026-04-20")},
    )
    with pytest.raises(Refused, match="正在移送"):
        decided(world, matter, malicious="no")


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"reason": "已付清"}, "reason"), ({"malicious": ""}, "malicious"), ({"outcome": ""}, "outcome")],
)
def test_an_opinion_without_its_reason_or_without_the_question_of_malice_is_none(world, firm, fields, field):
    with pytest.raises(Refused) as refused:
        decided(world, investigated(world, firm), **fields)
    assert refused.value.field == field
