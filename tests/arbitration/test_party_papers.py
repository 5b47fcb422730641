"""What parties hand in: the application straight to the commission, and after the award the complaint and the request to set it aside."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.arbitration import aftermath, party_facts
from anxin.casework import flow
from anxin.casework.clockwork import Words
from anxin.casework.models import Matter
from anxin.casework.services import attach
from anxin.kernel.refusal import Refused
from anxin.letters import content, party, party_kinds, party_signing, sources
from anxin.letters.models import PartyPaper
from anxin.typesetting.templates import template
from tests.arbitration.conftest import (
    DAY,
    IDS,
    NOW,
    TODAY,
    a_case,
    a_matter,
    applicant,
    at,
    claimed,
    decided,
    due,
    found,
    with_paper,
)
from tests.letters.test_party import CARD

LATER = at(TODAY + 6 * DAY)


def begun(bench, matter, kind, now=NOW) -> PartyPaper:
    return party.make(matter, kind=kind, by=bench.inspector, now=now)


def signed(bench, paper, signers, now=NOW, **values) -> PartyPaper:
    """Filled up from the example where nothing is known, closed and signed at the tablet by everybody; not yet kept."""
    said = content.values_of(paper)
    rest = {
        name: one.isoformat() if isinstance(one, dt.date) else one
        for name, one in template(paper.kind).example().items()
        if template(paper.kind).fields[name].required
    }
    who = {"by": bench.inspector, "now": now}
    paper = party.edit(paper, rest | said | values, expected_version=paper.version, **who)
    party.add_signer(
        paper, side="officer", name="陈明", phone="", id_number=CARD, again=paper.signers.get(), **who
    )
    for name in signers:
        party.add_signer(paper, side="party", name=name, phone="", id_number=CARD, **who)
    paper = party.close(paper, law=bench.law, expected_version=paper.version, **who)
    for one in paper.signers.select_related("paper__matter__lead"):
        party_signing.TURNS.sign_at_tablet(one, id_number=CARD, witness="马某", consent=True, **who)
    return paper


def take(bench, matter, step, now=NOW, body=""):
    """The step as the page takes it: what was signed whole goes along."""
    asked = bench.law.procedure(matter.procedure).transition(step).documents
    party_signing.keep_for_step(matter, asked, by=bench.inspector, now=now, law=bench.law)
    matter = Matter.objects.select_related("lead").get(pk=matter.pk)
    return flow.take(
        matter, step, by=bench.inspector, on=now.date(), now=now, law=bench.law, expected_version=matter.version,
        words=Words(body=body),
    )  # fmt: skip


@pytest.mark.parametrize("procedure", ["arbitration", "arbitration_simple", "arbitration_collective"])
def test_an_arbitration_is_offered_the_application_before_papers_of_others(procedure):
    first = [one.key for one in party_kinds.offered(procedure) if procedure in one.usual]
    assert "arbitration_application" in first and "annulment_application" not in first


def test_who_goes_straight_to_the_commission_signs_the_application_and_the_step_takes_it(bench):
    case = a_case(bench, procedure="arbitration", people=3, heard=False)
    claimed(bench, case)
    due(bench, case, "severance", 50_000, 2)
    with pytest.raises(Refused, match="没有办理本件的权限"):
        party.make(case.matter, kind="arbitration_application", by=bench.outsider, now=NOW)
    paper = begun(bench, case.matter, "arbitration_application")
    said = content.values_of(paper)
    assert (said["worker"], said["worker_id"], said["employer"]) == ("赵某某", IDS[0], bench.firm.name)
    assert [one["name"] for one in said["others"]] == ["钱某某", "孙0"]
    assert said["commission"] == bench.bureau.name
    assert [(one["item"], one["amount"]) for one in said["claims"]] == [
        ("支付赵某某的工资", 420_000),
        ("支付钱某某的经济补偿", 50_000),
    ]
    # others are named in papers of this kind alone
    assert "others" not in sources.known(case.matter, None) and "worker" not in sources.known(
        case.matter, None
    )
    Matter.objects.filter(pk=case.matter_id).update(state="correcting")
    with pytest.raises(Refused, match="仲裁申请书"):
        take(bench, case.matter, "correct", body="applicant")
    others = [{**one, "id_number": IDS[1], "about": "男，住某村"} for one in said["others"]]
    paper = signed(bench, paper, ["赵某某", "钱某某", "孙某"], others=others)
    take(bench, case.matter, "correct", body="applicant")
    paper.refresh_from_db()
    assert (paper.state, paper.document.kind) == ("done", "arbitration_application")
    assert Matter.objects.get(pk=case.matter_id).state == "applied"


def test_one_applicant_is_no_group_and_without_a_case_only_the_matter_is_known(bench):
    said = content.values_of(begun(bench, a_matter(bench, "arbitration"), "arbitration_application"))
    assert said["employer"] == bench.firm.name and "worker" not in said and "claims" not in said
    case = a_case(bench, procedure="arbitration", people=1, heard=False)
    claimed(bench, case)
    said = content.values_of(begun(bench, case.matter, "arbitration_application"))
    assert "others" not in said
    assert said["claims"] == [{"item": "支付工资", "period": "2026年1月", "amount": 420_000}]


def after(bench, *, people: int = 1, fen: int = 100_000) -> Matter:
    """The remedies of an award that the employer received a day later than the workers."""
    case = a_case(bench, people=people)
    found(bench, due(bench, case, "wage", fen), fen - 40_000, "没有考勤记录")
    for number in range(2, people + 1):
        found(bench, due(bench, case, "wage", 10_000, number))
    (award,) = decided(bench, case)
    document = with_paper(bench, case)
    document.number = "云劳人仲〔2026〕17号"
    document.save(update_fields=["number"])
    for side, day in (("worker", TODAY + DAY), ("employer", TODAY + 2 * DAY)):
        aftermath.receive(award, side, day, how="当面签收回证", by=bench.inspector, now=LATER, law=bench.law)
    return aftermath.begin(award, by=bench.inspector, now=LATER, law=bench.law)


def test_the_complaint_of_a_worker_begins_with_the_award_and_the_step_takes_it(bench):
    matter = after(bench)
    paper = begun(bench, matter, "civil_complaint", LATER)
    said = content.values_of(paper)
    last = matter.deadlines.get(clock="worker_sue").due_on
    assert (said["plaintiff"], said["prior"]) == ("worker", "final")
    assert said["award_number"] == "云劳人仲〔2026〕17号" and said["decided_on"] == TODAY.isoformat()
    assert said["worker_received"] == (TODAY + DAY).isoformat() and said["worker_until"] == last.isoformat()
    assert (said["worker"], said["employer"]) == ("赵某某", bench.firm.name)
    assert [one["amount"] for one in said["claims"]] == [100_000]
    assert [one["amount"] for one in said["refused"]] == [60_000]
    with pytest.raises(Refused, match="民事起诉状"):
        take(bench, matter, "worker_sues", LATER, "worker")
    signed(bench, paper, ["赵某某"], LATER)
    take(bench, matter, "worker_sues", LATER, "worker")
    assert Matter.objects.get(pk=matter.pk).state == "worker_sued"


def test_an_employer_may_not_sue_after_a_final_award_but_asks_to_have_it_set_aside(bench):
    matter = after(bench, people=2)
    complaint = begun(bench, matter, "civil_complaint", LATER)
    with pytest.raises(Refused, match=r"只能对非终局裁决起诉.*可以申请撤销"):
        signed(bench, complaint, ["周大成"], LATER, plaintiff="employer", others=[])
    paper = begun(bench, matter, "annulment_application", LATER)
    said = content.values_of(paper)
    assert said["employer_until"] == matter.deadlines.get(clock="employer_annul").due_on.isoformat()
    assert (said["awarded"], said["copies_made"]) == (70_000, 2)
    assert [one["name"] for one in said["others"]] == ["钱某某"] and "facts" not in said
    others = [{**said["others"][0], "about": "男，住某村"}]
    with pytest.raises(Refused, match="早于裁决日期"):
        signed(bench, begun(bench, matter, "annulment_application", LATER), ["周大成"], LATER, others=others,
               employer_received=(TODAY - DAY).isoformat())  # fmt: skip
    with pytest.raises(Refused, match="撤销裁决申请书"):
        take(bench, matter, "apply_annulment", LATER, "employer")
    signed(bench, paper, ["周大成"], LATER, others=others)
    take(bench, matter, "apply_annulment", LATER, "employer")
    assert Matter.objects.get(pk=matter.pk).state == "annul"


def test_an_award_that_is_not_final_is_sued_by_either_side_and_never_set_aside(bench):
    matter = after(bench, fen=2_500_001)
    assert party_facts.annulment(matter) == {}
    paper = begun(bench, matter, "civil_complaint", LATER)
    said = content.values_of(paper)
    assert said["prior"] == "open" and "plaintiff" not in said and "facts" not in said
    assert said["employer_received"] == (TODAY + 2 * DAY).isoformat()
    with pytest.raises(Refused, match="请填写诉讼请求"):
        signed(bench, paper, ["周大成"], LATER, plaintiff="employer", refused=[])
    paper = begun(bench, matter, "civil_complaint", LATER)
    signed(bench, paper, ["周大成"], LATER, plaintiff="employer")
    take(bench, matter, "employer_sues", LATER, "employer")
    assert Matter.objects.get(pk=matter.pk).state == "employer_sued"


def test_days_of_several_workers_are_told_only_where_they_are_the_same(bench):
    case = a_case(bench)
    found(bench, due(bench, case, "wage", 100_000))
    found(bench, due(bench, case, "wage", 100_000, 2))
    (award,) = decided(bench, case)
    with_paper(bench, case)
    matter = aftermath.begin(award, by=bench.inspector, now=NOW, law=bench.law)
    for number, day in ((1, TODAY + DAY), (2, TODAY + 2 * DAY)):
        aftermath.receive(award, "worker", day, how="当面签收回证", by=bench.inspector, now=LATER, law=bench.law,
                          applicants=[applicant(case, number).pk])  # fmt: skip
    said = party_facts.complaint(matter)
    assert "worker_received" not in said and "employer_received" not in said
    aftermath.receive(award, "worker", TODAY + DAY, how="更正：同日签收", by=bench.inspector, now=LATER, law=bench.law,
                      applicants=[applicant(case, 2).pk])  # fmt: skip
    assert party_facts.complaint(matter)["worker_received"] == TODAY + DAY


def test_a_refused_application_is_sued_by_who_applied(bench):
    case = a_case(bench, procedure="arbitration", people=1, heard=False)
    claimed(bench, case)
    assert party_facts.complaint(case.matter)["prior"] == "undecided"
    Matter.objects.filter(pk=case.matter_id).update(state="rejected")
    matter = Matter.objects.select_related("lead").get(pk=case.matter_id)
    paper = begun(bench, matter, "civil_complaint")
    said = content.values_of(paper)
    assert (said["plaintiff"], said["prior"], said["worker"]) == ("worker", "rejected", "赵某某")
    signed(bench, paper, ["赵某某"])
    take(bench, matter, "sue_rejected", body="applicant")
    assert Matter.objects.get(pk=matter.pk).state == "sued"
    Matter.objects.filter(pk=matter.pk).update(state="accepted")
    assert party_facts.complaint(Matter.objects.get(pk=matter.pk)) == {}


def test_papers_of_a_pending_case_begin_with_its_parties(bench):
    case = a_case(bench, procedure="arbitration", people=2, heard=False)
    given = content.values_of(begun(bench, case.matter, "power_of_attorney"))
    assert (given["principal"], given["principal_number"]) == ("赵某某", IDS[0])
    assert given["commission"] == bench.bureau.name and given["applicant"] == "赵某某等2人"
    objection = content.values_of(begun(bench, case.matter, "jurisdiction_objection"))
    assert (objection["employer"], objection["cause"]) == (bench.firm.name, case.cause)
    recusal = content.values_of(begun(bench, case.matter, "recusal_application"))
    assert recusal["respondent"] == bench.firm.name and "person" not in recusal and "asker" not in recusal


def test_the_list_of_evidence_begins_with_the_papers_of_the_case_and_not_with_those_that_prove_nothing(bench):
    case = a_case(bench, procedure="arbitration", people=1, heard=False)
    assert "evidence_rows" not in content.values_of(begun(bench, case.matter, "evidence_list"))
    for kind in ("labour_relation_material", "arbitration_application"):
        matter = Matter.objects.get(pk=case.matter_id)
        paper = {
            "data": b"%PDF-1.4",
            "filename": "a.pdf",
            "by": bench.inspector,
            "now": NOW,
            "law": bench.law,
        }
        attach(matter, kind=kind, **paper)
    said = content.values_of(begun(bench, case.matter, "evidence_list"))
    assert [one["title"] for one in said["evidence_rows"]] == ["劳动关系材料"]
    assert said["submitted_by"] == "赵某某"


@pytest.mark.parametrize(
    "kind", ["power_of_attorney", "evidence_list", "recusal_application", "jurisdiction_objection"]
)
def test_what_is_missing_in_a_party_paper_is_named_and_nothing_is_closed(bench, kind):
    case = a_case(bench, procedure="arbitration", people=1, heard=False)
    paper = begun(bench, case.matter, kind)
    with pytest.raises(Refused, match="请填写"):
        party.close(paper, by=bench.inspector, now=NOW, law=bench.law, expected_version=paper.version)
    assert PartyPaper.objects.get(pk=paper.pk).state == "draft"
