"""Awards: in part or whole, final or not, on one paper or two, corrected beside; letters and remedies from them."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.arbitration import aftermath, award_papers, awarding
from anxin.arbitration.models import Award
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.letters import content, party, sources
from anxin.letters.models import Letter
from anxin.typesetting.filling import fill
from anxin.typesetting.templates import template
from tests.arbitration.conftest import (
    DAY,
    IDS,
    NOW,
    TODAY,
    a_case,
    again,
    applicant,
    at,
    claimed,
    decided,
    due,
    found,
    with_paper,
)
from tests.support.letters import cite


def test_what_is_found_may_not_exceed_the_claim_and_less_needs_a_reason(bench):
    claim = claimed(bench, a_case(bench))
    with pytest.raises(Refused, match="超过了请求"):
        found(bench, claim, 420_001, "多算了一天")
    with pytest.raises(Refused, match="写明理由"):
        found(bench, claim, 400_000)
    found(bench, claim, 400_000, "1月3日没有出勤记录")
    assert claim.finding.support == "part"
    found(bench, claim, 0, "没有证据证明用工")
    claim.refresh_from_db()
    assert awarding.open_findings(again(claim.applicant.case))[0].support == "none"


def test_an_award_waits_for_the_hearing_and_for_a_minimum_wage_on_record(bench):
    case = a_case(bench, heard=False)
    claim = claimed(bench, case)
    found(bench, claim)
    with pytest.raises(Refused, match="开庭审理以后"):
        decided(bench, case)
    case = a_case(bench)
    found(bench, claimed(bench, case))
    with pytest.raises(Refused, match="登记虚构区990101的月最低工资标准"):
        awarding.decide(case, [case.applicants.first().claims.get().pk], on=TODAY, pay_within=15, by=bench.inspector, now=NOW,
                        law=bench.bare_law)  # fmt: skip
    assert not Award.objects.exists()


def test_final_and_other_items_go_into_two_papers(bench):
    case = a_case(bench)
    small, big = due(bench, case, "wage", 2_400_000), due(bench, case, "severance", 2_400_001)
    found(bench, small)
    found(bench, big)
    first, second = decided(bench, case)
    assert (first.finality, second.finality) == ("final", "open")
    assert first.minimum_fen == 200_000 and first.ceiling_fen == 2_400_000 and not first.part
    assert [one.claim_id for one in first.findings.all()] == [small.pk]
    assert "超过12个月" in second.working[0]["why"] and "人社发〔2023〕1号" in first.minimum_source


def test_part_of_a_case_is_decided_first_and_counts_towards_the_rest(bench):
    case = a_case(bench)
    january = due(bench, case, "wage", 2_000_000, month="2026-01")
    february = due(bench, case, "wage", 1_000_000, month="2026-02")
    found(bench, january)
    found(bench, february)
    (first,) = decided(bench, case, january)
    assert first.part and first.finality == "final"
    letter = award_papers.draft(first, applicant(case), by=bench.inspector, now=NOW)
    assert letter.kind == "partial_award"
    assert [row["name"] for row in content.values_of(letter)["applicants"]] == ["赵某某"]
    (second,) = decided(bench, case, february)
    assert (
        award_papers.draft(second, applicant(case), by=bench.inspector, now=NOW).kind == "arbitration_award"
    )
    assert not second.part and second.finality == "open"
    assert "连同先行裁决的20,000.00元" in second.working[0]["why"]
    with pytest.raises(Refused, match="请选择要裁决的请求"):
        decided(bench, case)


def test_a_decided_award_is_corrected_beside_and_never_changed(bench):
    case = a_case(bench)
    claim = claimed(bench, case)
    found(bench, claim)
    (award,) = decided(bench, case)
    with pytest.raises(Refused, match="请用补正"):
        found(bench, claim, 1, "笔误应当更正")
    say = {
        "place": "第2页第3行",
        "before": "21月",
        "after": "12月",
        "on": TODAY,
        "by": bench.inspector,
        "now": NOW,
    }
    awarding.correct(award, **say)
    awarding.correct(award, **say)
    assert award.corrections.count() == 1
    for wrong, says in (
        ({"after": "21月"}, "一样"),
        ({"after": "11月"}, "已经补正过"),
        ({"on": TODAY - DAY}, "裁决之日"),
    ):
        with pytest.raises(Refused, match=says):
            awarding.correct(award, **say | wrong)
    with pytest.raises(Refused, match="没有权限"):
        awarding.correct(award, **say | {"by": bench.outsider, "place": "第1页"})
    known = sources.known(again(case).matter, None)
    assert known["corrections"] == [{"place": "第2页第3行", "before": "21月", "after": "12月"}]
    assert known["applicant"] == "赵某某等2人" and known["respondent"] == "某建工公司"


def test_the_letter_begins_with_exactly_the_rows_of_the_award(bench):
    case = a_case(bench)
    claim, other = claimed(bench, case), due(bench, case, "severance", 100_000)
    found(bench, claim)
    found(bench, other, 0, "没有解除劳动合同的事实")
    found(bench, claimed(bench, case, 2))
    (award,) = decided(bench, case)
    letter = award_papers.draft(award, applicant(case), by=bench.inspector, now=NOW)
    values = content.values_of(letter)
    assert values["items"] == [
        {
            "item": "工资",
            "month": "2026年1月",
            "days": 24.0,
            "rate": 30_000,
            "due": 720_000,
            "paid": 300_000,
            "owed": 420_000,
        }
    ]
    assert (
        values["finality"] == "final" and values["minimum_wage"] == 200_000 and values["ceiling"] == 2_400_000
    )
    assert values["worker"] == "赵某某" and values["worker_gender"] in ("male", "female")
    assert "经济补偿" in values["rejected"] and "1,000.00元不予支持" in values["rejected"]
    wrong = {one.field for one in content.problems("arbitration_award", values, None, TODAY)}
    assert not wrong & {
        "items",
        "ceiling",
        "minimum_wage",
        "finality",
        "claims",
        "rejected",
        "pay_within",
        "worker_born",
    }
    with pytest.raises(Refused, match="没有权限"):
        award_papers.draft(award, applicant(case), by=bench.outsider, now=NOW)


def test_an_award_that_rejects_everything_is_drafted_with_its_reasons(bench):
    case = a_case(bench)
    found(bench, due(bench, case, "severance", 100_000), 0, "没有解除劳动合同的事实")
    (award,) = decided(bench, case)
    values = content.values_of(award_papers.draft(award, applicant(case), by=bench.inspector, now=NOW))
    assert not values.get("items")
    assert "没有解除劳动合同的事实" in values["rejected"]
    wrong = {one.field for one in content.problems("arbitration_award", values, None, TODAY)}
    assert not wrong & {"items", "rejected", "pay_within"}
    with pytest.raises(Refused, match=r"没有.*申请人的请求"):
        award_papers.draft(award, applicant(case, 2), by=bench.inspector, now=NOW)


def test_a_mediation_paper_begins_with_the_parties_and_the_claims_of_one_applicant(bench):
    case = a_case(bench, people=1)
    claimed(bench, case)
    known = sources.known(again(case).matter, None)
    assert known["worker"] == "赵某某"
    assert "4,200.00元" in known["claims"] and "2026年1月工资" in known["claims"]
    case = a_case(bench, people=2)
    claimed(bench, case)
    assert "claims" not in sources.known(again(case).matter, None)


def test_a_row_without_days_still_fits_the_letter(bench):
    case = a_case(bench)
    found(bench, due(bench, case, "severance", 100_000))
    (award,) = decided(bench, case)
    values = award_papers.of_one(award, applicant(case))
    assert not [
        one
        for one in content.problems("arbitration_award", values, None, TODAY)
        if one.field.startswith("items")
    ]


def begun(bench, award):
    return aftermath.begin(award, by=bench.inspector, now=NOW, law=bench.law)


def test_each_paper_has_its_own_remedies_which_count_from_receipt(bench):
    case = a_case(bench)
    found(bench, due(bench, case, "wage", 100_000))
    found(bench, due(bench, case, "severance", 2_400_001))
    final, other = decided(bench, case)
    with pytest.raises(Refused, match="裁决书"):
        begun(bench, final)
    with_paper(bench, case)
    first, second = begun(bench, final), begun(bench, other)
    assert begun(bench, Award.objects.get(pk=final.pk)) == first and first != second
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("final", "nonfinal")
    later = at(TODAY + 3 * DAY)
    for side, day in (("worker", TODAY + DAY), ("employer", TODAY + 2 * DAY)):
        aftermath.receive(final, side, day, how="当面签收回证", by=bench.inspector, now=later, law=bench.law)
    dues = dict(first.deadlines.values_list("clock", "due_on"))
    assert dues["worker_sue"] >= TODAY + 16 * DAY and dues["employer_annul"] >= TODAY + 32 * DAY
    assert dues["relief_by_anyone"] == dues["employer_annul"]
    steps = first.steps.count()
    aftermath.receive(
        final, "worker", TODAY + DAY, how="当面签收回证", by=bench.inspector, now=later, law=bench.law
    )
    assert first.steps.count() == steps
    with pytest.raises(Refused, match="收到日期"):
        aftermath.receive(
            other,
            "worker",
            dt.date(2026, 5, 1),
            how="当面签收回证",
            by=bench.inspector,
            now=later,
            law=bench.law,
        )


def test_receipt_known_before_the_remedies_begin_goes_along(bench):
    case = a_case(bench, procedure="arbitration_collective", people=10)
    found(bench, claimed(bench, case))
    (award,) = decided(bench, case)
    aftermath.receive(award, "worker", TODAY, how="当面签收回证", by=bench.inspector, now=NOW, law=bench.law)
    with_paper(bench, case)
    matter = begun(bench, award)
    assert matter.deadlines.get(clock="worker_sue").due_on >= TODAY + 15 * DAY
    assert not matter.deadlines.filter(clock="employer_annul", due_on__isnull=False).exists()


def test_the_paper_of_the_representatives_begins_with_who_applies(bench):
    case = a_case(bench, people=3)
    case.applicants.filter(number=1).update(represents=True)
    paper = party.make(case.matter, kind="arbitration_representatives", by=bench.inspector, now=NOW)
    said = content.values_of(paper)
    assert [one["name"] for one in said["electors"]] == ["赵某某", "钱某某", "孙0"]
    assert [(one["name"], one["id_number"]) for one in said["elected"]] == [("赵某某", IDS[0])]
    assert said["commission"] == bench.bureau.name


def group(bench, people: int = 3):
    """Three applicants of whom two are paid and the third is refused everything."""
    case = a_case(bench, people=people)
    found(bench, claimed(bench, case))
    found(bench, due(bench, case, "severance", 100_000))
    found(bench, claimed(bench, case, 2, paid_fen=0))
    found(bench, due(bench, case, "severance", 50_000, 3), 0, "没有解除劳动合同的事实")
    return case, decided(bench, case)[0]


def test_one_paper_for_all_has_a_sum_for_each_and_every_item_in_its_annex(bench):
    _, award = group(bench)
    letter = award_papers.draft_for_all(award, by=bench.inspector, now=NOW)
    assert letter.kind == "collective_award"
    values = content.values_of(letter)
    assert values["awarded"] == [{"name": "赵某某", "owed": 520_000}, {"name": "钱某某", "owed": 720_000}]
    assert [row["name"] for row in values["items"]] == ["赵某某", "赵某某", "钱某某"]
    assert [row["name"] for row in values["applicants"]] == ["赵某某", "钱某某", "孙0"]
    assert "出生" in values["applicants"][0]["about"]
    assert "对申请人孙0关于经济补偿的请求中的500.00元不予支持：没有解除" in values["rejected"]
    assert "申请人钱某某请求被申请人支付2026年1月工资7,200.00元" in values["claims"]
    assert award_papers.draft_for_all(award, by=bench.inspector, now=NOW) == letter
    with pytest.raises(Refused, match="没有权限"):
        award_papers.draft_for_all(award, by=bench.outsider, now=NOW)


def test_the_paper_for_all_is_refused_where_a_sum_is_not_that_of_the_items(bench):
    whole = template("collective_award").example()
    assert not content.problems("collective_award", whole, None, TODAY)
    whole["awarded"] = [{"name": "赵㴔堃", "owed": 1_200_001}, {"name": "周某某", "owed": 1}]
    said = " ".join(one.sentence for one in content.problems("collective_award", whole, None, TODAY))
    assert "赵㴔堃的12,000.01元不等于逐项合计12,000.00元" in said
    assert "周某某不在申请人里" in said and "钱镕的0.00元不等于" in said


def test_a_paper_for_each_is_begun_once_also_for_whom_is_refused_everything(bench):
    case, award = group(bench)
    assert award_papers.draft_each(award, by=bench.inspector, now=NOW) == (3, 0)
    assert award_papers.draft_each(award, by=bench.inspector, now=NOW) == (0, 0)
    third = award_papers.draft(award, applicant(case, 3), by=bench.inspector, now=NOW)
    assert third.kind == "arbitration_award" and not content.values_of(third).get("items")
    assert Letter.objects.count() == 3


def test_the_filled_paper_shows_the_annex_behind_the_date_and_keeps_it(bench):
    made = fill(template("partial_award"), template("partial_award").example(), cite=cite)
    assert made.attachments == ("各申请人逐项金额表",)
    at = [one.kind for one in made.blocks].index("annex")
    assert [one.kind for one in made.blocks[at:]] == ["annex", "table"]
    assert any("1．支付赵㴔堃人民币12,000.00元（大写：壹万贰仟元整）。" in one.text for one in made.blocks[:at] if one.kind == "paragraph")  # fmt: skip
    assert content.words_of(content.sealed_words(made)) == made


def got(bench, award, side, day, **more):
    now = at(TODAY + 20 * DAY)
    return aftermath.receive(
        award, side, day, how="当面签收回证", by=bench.inspector, now=now, law=bench.law, **more
    )


def test_each_applicant_has_a_day_and_the_matter_waits_for_the_last(bench):
    case, award = group(bench)
    with_paper(bench, case)
    matter = begun(bench, award)
    first, second, third = case.applicants.order_by("number")
    got(bench, award, "worker", TODAY, applicants=[first.pk])
    got(bench, award, "employer", TODAY)
    assert not matter.deadlines.filter(clock="worker_sue", due_on__isnull=False).exists()
    with pytest.raises(Refused, match="请勾选是哪几位"):
        got(bench, award, "worker", TODAY, applicants=[])
    got(bench, award, "worker", TODAY + 5 * DAY, applicants=[second.pk, third.pk])
    last = matter.deadlines.get(clock="worker_sue").due_on
    own = [
        aftermath.last_day(one, award, "990101", bench.law).due_day
        for one in award.received.filter(side="worker").order_by("applicant__number")
    ]
    assert own[0] < own[1] == own[2] == last
    employer = award.received.get(side="employer")
    assert aftermath.remedy(employer, award) == "mediation_arbitration.employer_annul_days"
    entries = JournalEntry.objects.filter(action="arbitration.received").count()
    got(bench, award, "worker", TODAY, applicants=[first.pk])
    assert JournalEntry.objects.filter(action="arbitration.received").count() == entries
    with pytest.raises(Refused, match="没有权限"):
        aftermath.receive(
            award, "worker", TODAY, how="当面签收回证", by=bench.outsider, now=NOW, law=bench.law
        )


def test_a_representative_receives_for_whoever_has_no_day_of_their_own(bench):
    case, award = group(bench)
    first, second, third = case.applicants.order_by("number")
    with pytest.raises(Refused, match="推举代表"):
        got(bench, award, "worker", TODAY, through=first.pk)
    case.applicants.filter(pk=first.pk).update(represents=True)
    got(bench, award, "worker", TODAY + DAY, applicants=[third.pk])
    assert len(got(bench, award, "worker", TODAY, through=first.pk)) == 2
    kept = {one.applicant_id: (one.on, one.how) for one in award.received.all()}
    assert kept[second.pk] == (TODAY, "由代表1号代收：当面签收回证")
    assert kept[third.pk] == (TODAY + DAY, "当面签收回证")


def test_the_list_of_people_and_claims_begins_with_every_claim_of_the_case(bench):
    case = a_case(bench, procedure="arbitration_collective", people=3)
    claimed(bench, case)
    due(bench, case, "severance", 100_000, 2)
    paper = party.make(again(case).matter, kind="claims_list", by=bench.inspector, now=NOW)
    rows = content.values_of(paper)["claim_rows"]
    assert [(row["name"], row["item"], row["owed"]) for row in rows] == [("赵某某", "工资", 420_000), ("钱某某", "经济补偿", 100_000)]  # fmt: skip
    assert rows[0]["days"] == 24.0 and "days" not in rows[1]


def test_a_sentence_never_begins_a_table(bench):
    case = a_case(bench, procedure="arbitration", people=1)
    claimed(bench, case)
    matter = again(case).matter
    assert isinstance(sources.known(matter, None)["claims"], str)
    paper = party.make(matter, kind="claims_change_application", by=bench.inspector, now=NOW)
    assert "claims" not in content.values_of(paper)
    reply = party.make(matter, kind="counterclaim", by=bench.inspector, now=NOW)
    assert content.values_of(reply)["employer"] == "某建工公司"
