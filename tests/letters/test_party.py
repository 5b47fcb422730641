"""Papers made with a party: made, filled, refused, closed, signed by people in turn or on print, kept, and what they promise."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework.models import Document, Matter, Task
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.letters import (
    content,
    party,
    party_kinds,
    party_signing,
    promises,
    turn_files,
    turns,
)
from anxin.letters.models import Consent, PartyPaper, PartySigner
from anxin.letters.promises import standing, with_promises
from anxin.typesetting.templates import template
from tests.letters.conftest import issued

DAY = dt.timedelta(days=1)
CARD = "110101199003070016"


def values(office, kind: str = "rectification_pledge") -> dict:
    """An example's words, dated today, its promise in ten days."""
    today = office.now.date()
    found = template(kind).example() | {"issued_on": today.isoformat()}
    due = (today + 10 * DAY).isoformat()
    if "finish_by" in found:
        found["finish_by"] = due
    for table, column in (("items", "finish_by"), ("plan", "pay_by")):
        if isinstance(found.get(table), list):
            found[table] = [{**row, column: due} for row in found[table]]
    return {name: one.isoformat() if isinstance(one, dt.date) else one for name, one in found.items()}


def made(office, kind: str = "rectification_pledge", *, filled: bool = True) -> PartyPaper:
    paper = party.make(office.matter, kind=kind, by=office.inspector, now=office.now)
    if filled:
        paper = party.edit(
            paper, values(office, kind), by=office.inspector, now=office.now, expected_version=paper.version
        )
        officer = paper.signers.get()
        party.add_signer(paper, side="officer", name="陈明", phone="19900001111", id_number="", again=officer,
                         by=office.inspector, now=office.now)  # fmt: skip
        party.add_signer(paper, side="party", name="周大成", phone="19900008888", id_number=CARD,
                         by=office.inspector, now=office.now)  # fmt: skip
    return paper


def closed(office, kind: str = "rectification_pledge") -> PartyPaper:
    paper = made(office, kind)
    return party.close(
        paper, by=office.inspector, now=office.now, law=office.law, expected_version=paper.version
    )


def by_phone(office, paper: PartyPaper, side: str) -> PartySigner:
    """Scan, claim, read, code, sign: as the page on the telephone does it."""
    signer = paper.signers.select_related("paper__matter__lead").get(side=side)
    token = party_signing.TURNS.make_link(signer, by=office.inspector, now=office.now)
    sort, link = turns.find(token, office.now)
    sort.claim(link, now=office.now)
    sort.read_to_end(link.signer, now=office.now)
    sort, link = turns.find(token, office.now)
    asked = sort.ask_code(link.signer, now=office.now)
    return sort.sign_with_code(link, code=asked.code, consent=True, device="手机", now=office.now)


def done(office, kind: str = "rectification_pledge") -> PartyPaper:
    paper = closed(office, kind)
    for side in ("party", "officer"):
        by_phone(office, paper, side)
    return party_signing.finish(paper, by=office.inspector, now=office.now, law=office.law)


def test_every_kind_is_of_the_catalogue_has_a_template_and_says_who_signs(office):
    law = office.law
    for key, kind in party_kinds.kinds().items():
        assert law.document(key).name == kind.name
        assert kind.template.style in ("record", "agreement")
        assert not kind.template.register
        assert set(kind.must) <= set(kind.needs) <= set(kind.roles)
        assert set(kind.roles) <= set(PartySigner.Side.values)
        promised = kind.promised(kind.template.example())
        assert bool(promised) == bool(kind.promises)
        for procedure in kind.usual:
            assert party_kinds.offered(procedure)[
                0
            ].usual  # a procedure that asks for one is offered one first
            law.procedure(procedure)


def test_a_paper_begins_with_what_the_matter_and_the_interview_say(office):
    notice = issued(office, kind="interview_notice")
    said = content.values_of(notice)
    record = content.values_of(made(office, "interview_record", filled=False))
    assert record["office"] == office.body.name
    assert record["project"] == "东台安置房工程"
    assert record["place"] == said["place"]
    assert record["interviewee"] == f"{said['interviewee']}（{said['post']}）"
    assert record["problems"] == said["matter"]
    assert record["issued_on"] == office.now.date().isoformat()
    pledge = content.values_of(made(office, filled=False))
    assert pledge["origin"].endswith("约谈")
    assert pledge["employer_code"] == office.firm.uscc
    assert "items" not in pledge
    made(office, "interview_record")
    after = content.values_of(made(office, filled=False))
    assert after["items"][0]["item"] == values(office, "interview_record")["commitment"]


def test_only_who_handles_the_matter_makes_one_and_what_is_missing_is_named(office):
    with pytest.raises(Refused, match="没有办理本件的权限"):
        party.make(office.matter, kind="rectification_pledge", by=office.outsider, now=office.now)
    with pytest.raises(Refused, match="请选择要制作"):
        party.make(office.matter, kind="rectification_order", by=office.inspector, now=office.now)
    paper = made(office, filled=False)
    with pytest.raises(Refused, match=r"还没有填完.*整改事项"):
        party.close(
            paper, by=office.inspector, now=office.now, law=office.law, expected_version=paper.version
        )
    with pytest.raises(Refused, match="没有“nonsense”这个字段"):
        party.edit(
            paper, {"nonsense": "x"}, by=office.inspector, now=office.now, expected_version=paper.version
        )
    with pytest.raises(Refused, match="刚刚被其他人员改过"):
        party.edit(paper, {"office": "某局"}, by=office.inspector, now=office.now, expected_version=9)
    kept = party.edit(paper, values(office), by=office.inspector, now=office.now, expected_version=1)
    again = party.edit(
        kept, values(office), by=office.inspector, now=office.now, expected_version=kept.version
    )
    assert again.version == kept.version == 2
    with pytest.raises(Refused, match="签名人里还没有承诺单位的代表"):
        party.close(kept, by=office.inspector, now=office.now, law=office.law, expected_version=kept.version)


def test_a_promise_before_the_paper_and_a_paper_of_tomorrow_are_told(office):
    paper = made(office)
    today = office.now.date()
    told = values(office)
    told["items"][1]["finish_by"] = (today - DAY).isoformat()
    found = party.problems(paper, told, today)
    assert [one.field for one in found] == ["items"]
    assert "早于文书日期" in found[0].sentence
    later = values(office) | {"issued_on": (today + DAY).isoformat()}
    assert any("在将来" in one.sentence for one in party.problems(paper, later, today))


def test_party_and_officer_sign_in_turn_and_the_paper_is_kept_with_its_promises(office):
    paper = done(office)
    assert paper.state == "done"
    verdict = turn_files.verdict(paper, office.now)
    assert (verdict.valid, len(verdict.signers)) == (True, 2)
    document = Document.objects.get(matter=office.matter, kind="rectification_pledge")
    assert paper.document == document
    assert document.dated == office.now.date()
    due = office.now.date() + 10 * DAY
    tasks = Task.objects.filter(matter=office.matter, key__startswith="promise:")
    assert [(one.due_on, one.state, one.for_organisation_id) for one in tasks] == [
        (due, "open", office.body.pk)
    ] * 2
    # nothing of what was promised and nobody's name stands in titles or in the journal
    said = [one.title for one in tasks] + [
        one.summary for one in JournalEntry.objects.filter(object_type="matter", action__startswith="paper.")
    ]
    assert not any("周大成" in one or "付清" in one for one in said)
    assert {"paper.made", "paper.closed", "paper.opened", "paper.signed", "paper.done"} <= set(
        JournalEntry.objects.values_list("action", flat=True)
    )
    assert isinstance(paper.promises.first().words, Sealed)
    with pytest.raises(Refused, match="不在签名阶段"):
        party_signing.finish(paper, by=office.inspector, now=office.now, law=office.law)


def test_the_words_that_the_signer_reads_hold_the_table_of_what_is_promised(office):
    words = [one["text"] for one in turn_files.shown_words(closed(office))]
    assert any("付清3名工人" in one and "完成日期" in one for one in words)


def test_a_pledge_without_its_party_is_not_kept_and_a_record_is(office):
    paper = closed(office)
    one = paper.signers.select_related("paper__matter__lead").get(side="party")
    with pytest.raises(Refused, match="还有2号当事人一方"):
        by_phone(office, paper, "officer")
        party_signing.finish(paper, by=office.inspector, now=office.now, law=office.law)
    party_signing.TURNS.note_refusal(one, why="认为金额不对，不签", by=office.inspector, now=office.now)
    with pytest.raises(Refused, match="承诺单位的代表没有人签名"):
        party_signing.finish(paper, by=office.inspector, now=office.now, law=office.law)
    record = closed(office, "interview_record")
    one = record.signers.select_related("paper__matter__lead").get(side="party")
    party_signing.TURNS.note_refusal(one, why="看过后不肯签名", by=office.inspector, now=office.now)
    by_phone(office, record, "officer")
    kept = party_signing.finish(record, by=office.inspector, now=office.now, law=office.law)
    assert kept.promises.count() == 1


def test_the_wrong_person_signs_at_no_tablet_and_no_second_telephone_opens_the_code(office):
    paper = closed(office)
    one = paper.signers.select_related("paper__matter__lead").get(side="party")
    desk = {"witness": "马某", "consent": True, "by": office.inspector, "now": office.now}
    with pytest.raises(Refused, match="不是这个签名人的"):
        party_signing.TURNS.sign_at_tablet(one, id_number="110101199003070024", **desk)
    token = party_signing.TURNS.make_link(one, by=office.inspector, now=office.now)
    sort, link = turns.find(token, office.now)
    secret = sort.claim(link, now=office.now)
    with pytest.raises(Refused, match=r"另一部手机上打开.*请让承办人"):
        sort.claim(link, now=office.now)
    _, link = turns.find(token, office.now)
    assert sort.is_device(link, secret)
    assert not sort.is_device(link, "another")
    with pytest.raises(Refused, match="先把文书全文看完"):
        sort.ask_code(link.signer, now=office.now)
    party_signing.TURNS.sign_at_tablet(one, id_number=CARD, **desk)
    assert turns.find(token, office.now) is None
    with pytest.raises(Refused, match="没有办理本件的权限"):
        party_signing.TURNS.make_link(
            paper.signers.select_related("paper__matter__lead").get(side="officer"),
            by=office.outsider,
            now=office.now,
        )
    with pytest.raises(Refused, match="已经有人签名"):
        party.reopen(paper, by=office.inspector, now=office.now)


def test_printed_and_signed_by_hand_the_scan_is_the_paper_once_it_was_compared(office):
    paper = closed(office, "no_arrears_pledge")
    scan = {
        "data": b"%PDF-1.7 scan",
        "filename": "承诺书扫描.pdf",
        "by": office.inspector,
        "now": office.now,
        "law": office.law,
    }
    with pytest.raises(Refused, match="逐页核对"):
        party_signing.finish_by_hand(paper, compared=False, **scan)
    with pytest.raises(Refused, match="是程序，不是文书"):
        party_signing.finish_by_hand(paper, compared=True, **(scan | {"data": b"MZ program"}))
    with pytest.raises(Refused, match="没有办理本件的权限"):
        party_signing.finish_by_hand(paper, compared=True, **(scan | {"by": office.outsider}))
    kept = party_signing.finish_by_hand(paper, compared=True, **scan)
    assert (kept.state, kept.by_hand, kept.done_by_name) == ("done", True, str(office.inspector))
    assert kept.document.filename == "承诺书扫描.pdf"
    assert kept.promises.count() == 0  # it promises nothing by a day
    signed = closed(office)
    by_phone(office, signed, "party")
    with pytest.raises(Refused, match="已经有人在手机或平板上签名"):
        party_signing.finish_by_hand(signed, compared=True, **scan)


def test_what_is_promised_falls_due_and_is_kept_or_broken(office):
    paper = done(office)
    first, second = paper.promises.order_by("number")
    today, after = office.now.date(), office.now.date() + 11 * DAY
    assert standing(first, today).mark == "waiting"
    assert (standing(first, after).mark, standing(first, after).words) == (
        "late",
        "到期没有核实履行，已超过1天",
    )
    later = office.now + 11 * DAY
    with pytest.raises(Refused, match="请写明核对的情况"):
        promises.answer(first, kept=True, said="好", by=office.inspector, now=later)
    with pytest.raises(Refused, match="没有办理本件的权限"):
        promises.answer(first, kept=True, said="回单齐全，金额相符", by=office.outsider, now=later)

    def flags(on: dt.date) -> tuple[bool, bool]:
        found = with_promises(Matter.objects.filter(pk=office.matter.pk), on).get()
        return found.promise_late, found.promise_broken

    assert flags(today) == (False, False)
    assert flags(after) == (True, False)
    promises.answer(first, kept=True, said="回单齐全，金额相符", by=office.inspector, now=later)
    broken = promises.answer(second, kept=False, said="没有补签合同", by=office.inspector, now=later)
    assert flags(after) == (False, True)
    broken.task.refresh_from_db()
    assert (broken.task.state, broken.task.done_note) == ("done", "没有履行：没有补签合同")
    with pytest.raises(Refused, match="已经登记为“没有履行”"):
        promises.answer(second, kept=True, said="后来补签了合同", by=office.inspector, now=later)


def test_a_draft_goes_back_for_mending_and_is_given_up_with_a_reason(office):
    paper = closed(office)
    back = party.reopen(paper, by=office.inspector, now=office.now)
    assert (back.state, back.file) == ("draft", None)
    with pytest.raises(Refused, match="请写明作废的原因"):
        party.drop(back, why="", by=office.inspector, now=office.now)
    gone = party.drop(back, why="单位换了代表，另做一份", by=office.inspector, now=office.now)
    assert gone.state == "dropped"
    with pytest.raises(Refused, match="不能作废"):
        party.drop(gone, why="再作废一次", by=office.inspector, now=office.now)


def test_an_approval_is_signed_by_who_proposes_and_who_decides_and_by_no_party(office):
    paper = party.make(office.matter, kind="case_filing_approval", by=office.inspector, now=office.now)
    assert content.values_of(paper)["received_on"] == office.matter.opened_on.isoformat()
    paper = party.edit(
        paper, values(office, "case_filing_approval"), by=office.inspector, now=office.now, expected_version=1
    )
    sure = {"by": office.inspector, "now": office.now}
    with pytest.raises(Refused, match="签名人里还没有审批人"):
        party.close(paper, law=office.law, expected_version=paper.version, **sure)
    with pytest.raises(Refused, match="请选择是哪一方"):
        party.add_signer(paper, side="party", name="周大成", phone="", id_number="", **sure)
    party.add_signer(
        paper,
        side="officer",
        name="陈明",
        phone="19900001111",
        id_number="",
        again=paper.signers.get(),
        **sure,
    )
    party.add_signer(paper, side="approver", name="许立", phone="19900002222", id_number="", **sure)
    paper = party.close(paper, law=office.law, expected_version=paper.version, **sure)
    for side in ("officer", "approver"):
        by_phone(office, paper, side)
    kept = party_signing.finish(paper, law=office.law, **sure)
    assert kept.document.kind == "case_filing_approval"


def test_a_signed_confirmation_of_address_is_the_consent_to_electronic_service(office):
    paper = made(office, "service_address_confirmation")
    said = values(office, "service_address_confirmation") | {"address": ""}
    assert [one.field for one in party.problems(paper, said, office.now.date())] == ["address"]
    assert not party.problems(paper, said | {"electronic": "declines"}, office.now.date())
    paper = party.close(
        paper, by=office.inspector, now=office.now, law=office.law, expected_version=paper.version
    )
    party_signing.finish_by_hand(
        paper, data=b"%PDF-1.7 scan", filename="确认书.pdf", compared=True, by=office.inspector, now=office.now, law=office.law
    )  # fmt: skip
    consent = Consent.objects.get(matter=office.matter)
    assert (consent.receiver, consent.how) == (values(office, paper.kind)["receiver"], "签了送达地址确认书")
    assert consent.awards  # the example agrees to awards by name


@pytest.mark.parametrize("key", sorted(party_kinds.kinds()))
def test_every_paper_closes_with_its_example(office, key):
    paper = party.make(office.matter, kind=key, by=office.inspector, now=office.now)
    paper = party.edit(paper, values(office, key), by=office.inspector, now=office.now, expected_version=1)
    for side in party_kinds.kinds()[key].needs:
        party.add_signer(
            paper,
            side=side,
            name="周大成",
            phone="19900008888",
            id_number="",
            by=office.inspector,
            now=office.now,
        )
    closed_ = party.close(
        paper, by=office.inspector, now=office.now, law=office.law, expected_version=paper.version
    )
    assert turn_files.read(closed_).startswith(b"%PDF")
    assert len(turn_files.shown_words(closed_)) > 3


def test_a_paper_begins_with_the_last_day_that_the_law_counted(office):
    deadline = office.matter.deadlines.get(clock="decide")
    said = content.values_of(made(office, "arbitration_filing_approval", filled=False))
    assert deadline.due_on and said["decide_by"] == deadline.due_on.isoformat()
    assert "limit_on" not in content.values_of(made(office, "arbitration_closure_approval", filled=False))
    office.matter.deadlines.filter(pk=deadline.pk).update(provisional=True)
    assert "decide_by" not in content.values_of(made(office, "arbitration_filing_approval", filled=False))


def test_what_both_sides_hand_in_is_kept_only_with_both_signatures(office):
    paper = made(office, "arb_review_application")
    closing = {"by": office.inspector, "now": office.now, "law": office.law}
    with pytest.raises(Refused, match="用人单位"):
        party.close(paper, expected_version=paper.version, **closing)
    party.add_signer(paper, side="other", name="周明", phone="19900008889", id_number="",
                     by=office.inspector, now=office.now)  # fmt: skip
    paper = party.close(paper, expected_version=paper.version, **closing)
    for side in ("party", "officer"):
        by_phone(office, paper, side)
    with pytest.raises(Refused, match="没有签名"):
        party_signing.finish(paper, **closing)
    by_phone(office, paper, "other")
    kept = party_signing.finish(paper, **closing)
    assert kept.document.kind == "arb_review_application"


def test_the_form_of_a_project_begins_with_what_the_register_knows(office):
    office.matter.project.contract_fen, office.matter.project.government_invested = 12_000_000_000, True
    office.matter.project.save()
    said = content.values_of(made(office, "project_form", filled=False))
    assert (said["project_code"], said["contract"], said["funding"]) == ("HERE", 12_000_000_000, "state")
    assert "permit" not in said and "share" not in said
