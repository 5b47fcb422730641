"""What papers of warnings, of the list and of an assessment begin with, and what is not theirs."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework import services as casework
from anxin.casework.models import Matter
from anxin.evidence.sealing import Sealed
from anxin.funds.models import LabourCostTerm, SpecialAccount
from anxin.kernel.refusal import Refused
from anxin.letters import content, drafting, origins, party
from anxin.registry.models import Employer, Participation
from tests.letters.conftest import issued
from tests.monitoring.warnings import a_warning


def opened(office, procedure: str) -> Matter:
    return casework.open_matter(
        procedure=procedure, title="一件事项", region=office.matter.region, lead=office.body, by=office.inspector,
        on=office.now.date(), now=office.now, law=office.law, project=office.matter.project, employer=office.firm,
        handler=office.inspector,
    )  # fmt: skip


def begun(office, matter: Matter, kind: str) -> dict:
    return content.values_of(party.make(matter, kind=kind, by=office.inspector, now=office.now))


def test_the_slip_of_a_matter_is_that_of_the_gravest_warning_that_stands(office):
    matter = opened(office, "warning")
    assert "warned" not in begun(office, matter, "warning_slip")
    site = office.matter.project
    a_warning(site, level=4, state="cleared", rule="W01")
    grave = a_warning(site, level=3)
    a_warning(site, level=2, rule="W02")
    said = begun(office, matter, "warning_slip")
    assert (said["warning_number"], said["level"], said["warned"]) == (str(grave.pk), "橙色", grave.sentence)
    assert "history" not in begun(office, matter, "warning_escalation_slip")


def test_the_page_of_the_list_begins_with_the_decision_and_leaves_its_facts_to_be_written_anew(office):
    decision = issued(office, kind="listing_decision")
    letter = drafting.draft(office.matter, kind="listing_publication", by=office.inspector, now=office.now)
    said, before = content.values_of(letter), content.values_of(decision)
    assert said["listing_number"] == decision.number
    assert {one: said[one] for one in ("ground", "listed_from", "listed_until")} == {
        one: before[one] for one in ("ground", "listed_from", "listed_until")
    }
    assert "found" not in said, "the decision may name workers, the page is everybody's"
    with pytest.raises(Refused, match="列入事由"):
        drafting.submit(letter, by=office.inspector, now=office.now, expected_version=letter.version)


def test_papers_of_an_assessment_have_a_row_for_each_content_of_the_law(office):
    matter = opened(office, "assessment")
    content_of_law = list(office.law.value("assessment.assess_content", on=office.now.date()).value)
    letter = drafting.draft(matter, kind="assessment_self_report", by=office.inspector, now=office.now)
    said = content.values_of(letter)
    assert [one["item"] for one in said["items"]] == content_of_law
    assert said["year"] == str(office.now.year - 1) and said["area"] == matter.region.name
    for kind, table in (("assessment_evidence", "proofs"), ("assessment_check_record", "checks")):
        assert [one["item"] for one in begun(office, matter, kind)[table]] == content_of_law
    with pytest.raises(Refused, match="存在的问题"):
        drafting.submit(letter, by=office.inspector, now=office.now, expected_version=letter.version)


def test_an_arbitration_does_not_begin_with_the_content_of_an_assessment(office):
    letter = drafting.draft(office.matter, kind="assessment_report", by=office.inspector, now=office.now)
    assert "year" not in content.values_of(letter)


def followed(office, procedure: str, follows: Matter | None = None) -> Matter:
    matter = opened(office, procedure)
    matter.follows = follows
    matter.save(update_fields=["follows"])
    return matter


def test_an_objection_begins_with_the_notice_its_receipt_and_its_last_day(office):
    office.matter = matter = followed(office, "blacklist_listing")
    notice = issued(office, kind="listing_notice")
    today = office.now.date()
    casework.set_event(
        matter, "当事人收到列入告知书之日", today, by=office.inspector, now=office.now, law=office.law,
        expected_version=matter.version,
    )  # fmt: skip
    clock = matter.deadlines.create(
        clock="objection", name="提出异议", nature="right", parameter="blacklist.objection_days", region_code="990101",
        started_on=today, started_by=matter.steps.latest("pk"), due_on=today + dt.timedelta(days=7), provisional=True,
    )  # fmt: skip
    assert "object_by" not in begun(office, matter, "listing_objection"), "a day that may still move"
    matter.deadlines.filter(pk=clock.pk).update(provisional=False)
    said = begun(office, matter, "listing_objection")
    before = content.values_of(notice)
    assert said["listing_notice"] == notice.number and said["notified_on"] == today.isoformat()
    assert said["object_by"] == clock.due_on.isoformat()
    assert said["found"] == before["found"] and said["employer_head"] == before["employer_head"]
    assert "reasons" not in said


def test_an_application_for_early_removal_begins_with_the_decision_of_the_listing_that_it_follows(office):
    listing = office.matter = followed(office, "blacklist_listing")
    decision = issued(office, kind="listing_decision")
    before = content.values_of(decision)
    said = begun(office, followed(office, "blacklist_early_removal", listing), "early_removal_application")
    assert said["listing_number"] == decision.number
    assert (said["listed_from"], said["listed_for"], said["amount"]) == (
        before["listed_from"],
        before["found"],
        before["amount"],
    )
    assert "corrected" not in said and "promised_on" not in said
    assert "listing_number" not in begun(
        office, followed(office, "blacklist_early_removal"), "early_removal_application"
    )


def test_papers_of_a_site_begin_with_its_businesses_its_account_and_its_terms(office):
    site = office.matter.project
    owner = Employer.objects.create(uscc="91990100MA0000003X", name="云州某城建公司", region=site.region)
    for firm, role in ((office.firm, "general_contractor"), (owner, "owner")):
        Participation.objects.create(project=site, employer=firm, role=role)
    fact = {"project": site, "recorded_at": office.now}
    account = fact | {"opened_on": office.now.date()}
    SpecialAccount.objects.create(**account, name="某专用账户", number=Sealed.of("9901000000000054321"))
    LabourCostTerm.objects.create(
        **fact, due_day=10, share_bp=2000, share_of="progress", first_month="2025-01"
    )
    said = begun(office, opened(office, "labour_cost_disbursement"), "labour_cost_application")
    assert (said["owner"], said["account_name"]) == (owner.name, "某专用账户")
    assert said["agreed"] == "每月一次，拨付日为10日，按当期工程进度款的20%"
    assert "account" not in said, "its number is shown in part elsewhere"
    agreement = begun(office, opened(office, "real_name"), "work_agreement")
    assert (agreement["contractor"], agreement["project"]) == (office.firm.name, site.name)
    assert "worker" not in agreement
    SpecialAccount.objects.create(**account, name="另一个账户")
    said = begun(office, opened(office, "labour_cost_disbursement"), "labour_cost_application")
    assert "account_name" not in said, "which of two, a person says"


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("mutual_assistance_letter", ("协助调查取证并代为送达文书", "前书面回复", "行政处罚法》第二十六条")),
        ("mutual_assistance_reply", ("现函复如下", "行政处罚法》第二十六条")),
    ],
)
def test_a_request_to_another_body_and_its_answer_are_numbered_letters(office, kind, says):
    letter = issued(office, kind=kind)
    said = "".join(str(one) for one in content.words_of(letter.content).blocks)
    assert letter.number.startswith("云人社监协") and all(one in said for one in says)
    assert origins.origin(kind, office.law) == "在事项的文书页拟稿，签发用印"
