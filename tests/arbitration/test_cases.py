"""A case with its applicants and claims: what comes along, what adds up, what is refused, what the records propose."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from anxin.arbitration import applicants, claims, groups, opening, proposals
from anxin.arbitration.applicants import Person
from anxin.arbitration.claims import Line
from anxin.arbitration.models import ArbitrationCase, Claim
from anxin.arbitration.opening import Opening
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import finding_hash
from anxin.kernel.refusal import Refused
from anxin.mediation.models import MediationCase
from anxin.mediation.sealed import plain
from anxin.workforce.models import AttendanceDay, Enrolment, Worker
from tests.arbitration.conftest import IDS, NOW, TODAY, a_case, a_matter, applicant, claimed, decided, found
from tests.monitoring import factories as make


def test_the_parties_of_a_mediation_come_along_without_being_typed(bench):
    before = a_matter(bench, "mediation")
    mediation = MediationCase.objects.create(
        matter=before, origin="counter", region=bench.region, employer_name="某建工公司", claims="支付工资", facts="没有发", people=1,
        claimed_fen=100, applied_on=TODAY, recorded_at=NOW,
    )  # fmt: skip
    mediation.parties.create(number=1, name="赵某某", id_number=IDS[0], claimed_fen=100)
    matter = a_matter(bench)
    asked = Opening(applied_on=TODAY, employer_name="某建工公司")
    with pytest.raises(Refused, match="请写明申请人"):
        opening.open_case(matter, asked, by=bench.inspector, now=NOW)
    matter.follows = before
    matter.save(update_fields=["follows"])
    case = opening.open_case(matter, asked, by=bench.inspector, now=NOW)
    (one,) = case.applicants.all()
    assert plain(one.name) == "赵某某" and plain(one.id_number) == IDS[0]
    assert opening.open_case(matter, asked, by=bench.inspector, now=NOW) == case
    assert ArbitrationCase.objects.count() == 1


def test_only_the_body_that_leads_fills_in_a_case_and_only_of_an_arbitration(bench):
    asked = Opening(applied_on=TODAY, employer_name="某建工公司", people=[Person("赵某某")])
    matter = a_matter(bench)
    for who in (bench.outsider, bench.clerk):
        with pytest.raises(Refused, match="没有权限"):
            opening.open_case(matter, asked, by=who, now=NOW)
    with pytest.raises(Refused, match="不是仲裁"):
        opening.open_case(a_matter(bench, "mediation"), asked, by=bench.inspector, now=NOW)


def test_the_same_list_twice_adds_nobody_and_a_wrong_number_is_named_by_its_line(bench):
    case = a_case(bench)
    same = [Person("赵某某", IDS[0], row=1), Person("李某", row=2)]
    assert applicants.add(case, same, by=bench.inspector, now=NOW) == 1
    assert applicants.add(case, same, by=bench.inspector, now=NOW) == 0
    with pytest.raises(Refused, match="名单第3行"):
        applicants.add(case, [Person("周某", "990101198503120011", row=3)], by=bench.inspector, now=NOW)
    with pytest.raises(Refused, match="没有权限"):
        applicants.add(case, [Person("周某")], by=bench.outsider, now=NOW)
    assert not any("赵某某" in entry.summary for entry in JournalEntry.objects.all())


def test_owed_is_worked_out_to_the_fen(bench):
    case = a_case(bench)
    assert claimed(bench, case).owed_fen == 420_000
    half = claimed(bench, case, month="2026-02", days=Decimal("0.5"), rate_fen=33_333, paid_fen=0)
    assert half.owed_fen == 16_667
    assert claimed(bench, case).pk == Claim.objects.get(month="2026-01").pk


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"paid_fen": 720_000}, "小于应付"),
        ({"days": None}, "一起填"),
        ({"due_fen": 1}, "不一致"),
        ({"days": Decimal("1.25")}, "一位小数"),
        ({"month": "2026-13"}, "不是有效的月份"),
        ({"item": "food"}, "从列表中选择"),
        ({"days": None, "rate_fen": None}, "应付多少元"),
    ],
)
def test_a_line_that_does_not_add_up_is_refused_in_a_sentence(changed, says):
    fine = {"item": "wage", "month": "2026-01", "days": Decimal(24), "rate_fen": 30_000, "paid_fen": 300_000}
    assert claims.checked(Line(**fine)).due_fen == 720_000
    with pytest.raises(Refused, match=says):
        claims.checked(Line(**(fine | changed)))


def test_a_decided_claim_is_not_changed_and_an_open_one_is(bench):
    case = a_case(bench)
    claim = claimed(bench, case)
    changed = claims.put(
        applicant(case), Line("wage", "2026-01", due_fen=500_000), by=bench.inspector, now=NOW, claim=claim
    )
    assert changed.owed_fen == 500_000
    found(bench, changed)
    decided(bench, case)
    with pytest.raises(Refused, match="已经裁决"):
        claims.put(
            applicant(case), Line("wage", "2026-01", due_fen=1), by=bench.inspector, now=NOW, claim=changed
        )
    with pytest.raises(Refused, match="已经裁决"):
        claims.remove(changed, by=bench.inspector, now=NOW)


def test_attendance_and_wages_of_the_site_become_a_proposal_with_its_sources(bench):
    worker = Worker.objects.create(
        name="赵某某", id_number=IDS[0], id_hash=finding_hash("id", IDS[0]), recorded_at=NOW
    )
    Enrolment.objects.create(project=bench.project, worker=worker, agreed_wage="300元/天", recorded_at=NOW)
    for number in range(1, 5):
        AttendanceDay.objects.create(
            project=bench.project, worker=worker, day=dt.date(2026, 1, number), share=1, recorded_at=NOW
        )
    line = make.line(bench.project, "2026-01", worker, net_fen=100_000)
    make.pay(line, amount_fen=50_000, paid_on="2026-02-15")
    case = a_case(bench)
    got = proposals.proposed(case)
    (one,) = got.lines
    assert one.applicant.number == 1 and one.line.days == 4 and one.line.due_fen == 120_000
    assert one.line.paid_fen == 50_000 and one.owed_fen == 70_000
    assert "逐日考勤" in one.line.source and "300元/天" in one.line.source and not one.standing
    assert [person.number for person in got.unknown] == [2]
    claims.put(one.applicant, one.line, by=bench.inspector, now=NOW)
    assert proposals.proposed(case).lines[0].standing


def test_ten_elect_three_to_five_and_nobody_else_does(bench):
    small = a_case(bench)
    keys = [one.pk for one in small.applicants.all()]
    with pytest.raises(Refused, match="10人以上"):
        groups.elect(small, keys, by=bench.inspector, now=NOW, law=bench.law)
    case = a_case(bench, people=11)
    keys = [one.pk for one in case.applicants.order_by("number")]
    for wrong in (keys[:2], keys[:6]):
        with pytest.raises(Refused, match="3至5名"):
            groups.elect(case, wrong, by=bench.inspector, now=NOW, law=bench.law)
    assert groups.elect(case, keys[:3], by=bench.inspector, now=NOW, law=bench.law) == 3
    assert "推举了3名代表" in groups.standing(case, bench.law).says


def test_a_represented_claim_is_given_up_only_with_that_persons_consent(bench):
    case = a_case(bench, people=10)
    claim = claimed(bench, case, 10)
    with pytest.raises(Refused, match="还没有推举"):
        groups.ask(case, "give_up", "放弃2026年1月的工资", on=TODAY, by=bench.inspector, now=NOW)
    keys = [one.pk for one in case.applicants.order_by("number")]
    groups.elect(case, keys[:3], by=bench.inspector, now=NOW, law=bench.law)
    with pytest.raises(Refused, match="须经本人同意"):
        claims.remove(claim, by=bench.inspector, now=NOW)
    consent = groups.ask(case, "give_up", "放弃2026年1月的工资", on=TODAY, by=bench.inspector, now=NOW)
    say = {"how": "当面签名", "on": TODAY, "by": bench.inspector, "now": NOW}
    assert groups.answer(consent, [keys[9]], agrees=False, **say) == 1
    with pytest.raises(Refused, match="须经本人同意"):
        claims.remove(claim, by=bench.inspector, now=NOW)
    again = groups.ask(case, "change", "把1月的工资改为协商数", on=TODAY, by=bench.inspector, now=NOW)
    # a representative speaks for themselves and is not asked
    with pytest.raises(Refused, match="还没有表示意见的人"):
        groups.answer(again, keys[:1], agrees=True, **say)
    assert groups.answer(again, [keys[9]], agrees=True, **say) == 1
    claims.remove(claim, by=bench.inspector, now=NOW)
