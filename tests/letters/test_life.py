"""From the draft to the sealed letter: who may, who may not, and what is refused with which words."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from django.db import DatabaseError, transaction

from anxin.evidence import files
from anxin.evidence.journal import verify
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.letters import content, drafting, issuing, sealing, sources
from anxin.letters.judging import why_not
from anxin.letters.life import FOUR_EYES, MOVES, Act, State
from anxin.letters.models import Letter, LetterAct, LetterHead
from tests.letters.conftest import drafted, issued, reviewed, sealed, whole
from tests.support.letters import needs_faces, needs_poppler, text_of

ACTS = (Act.DRAFTED, Act.SUBMITTED, Act.REVIEWED, Act.ISSUED, Act.SEALED)


def test_a_draft_begins_with_what_the_matter_knows(office):
    letter = drafting.draft(office.matter, kind="rectification_order", by=office.inspector, now=office.now)
    values = content.values_of(letter)
    assert values["employer"] == "云州某建工有限公司"
    assert values["employer_code"] == "91990101MA0000009P"
    assert values["project"] == "东台安置房工程"
    assert values["contact"] == "某inspector"
    assert values["contact_phone"] == "0999-5550100"
    assert not set(values) & {"number", "issued_on", "issuer"}
    assert b"91990101" not in letter.fields.envelope


def test_a_later_letter_begins_with_the_number_of_the_one_it_quotes_and_no_draft_has_one(office):
    drafted(office, "interview_notice")
    assert "interview_number" not in sources.known(office.matter, None)
    notice = issued(office, kind="interview_notice")
    begun = drafting.draft(office.matter, kind="reminder_letter", by=office.inspector, now=office.now)
    assert content.values_of(begun)["interview_number"] == notice.number != ""
    assert content.values_of(begun)["employer"] == office.firm.name


def test_what_is_missing_is_listed_and_refused(office):
    letter = drafting.draft(office.matter, kind="risk_notice", by=office.inspector, now=office.now)
    with pytest.raises(Refused) as refused:
        drafting.submit(letter, by=office.inspector, now=office.now, expected_version=1)
    assert "存在的问题" in str(refused.value)
    assert "整改期限" in str(refused.value)
    with pytest.raises(Refused, match="存在的问题"):
        issuing.preview(letter, on=office.now.date(), law=office.law)
    assert Letter.objects.get().state == State.DRAFT


def test_the_whole_life_leaves_acts_and_entries(office, tmp_path):
    needs_faces()
    letter = sealed(office)
    assert letter.number == "云治欠提〔2026〕1号"
    assert letter.state == State.SERVE
    assert [one.act for one in letter.acts.order_by("id")] == list(ACTS)
    assert [one.by_name for one in letter.acts.order_by("id")] == [
        "某inspector", "某inspector", "某colleague", "某leader", "某keeper",
    ]  # fmt: skip
    entries = JournalEntry.objects.filter(object_type="letter")
    *before, last = (f"letter.{one}" for one in ACTS)
    # who seals has read first
    assert [one.action for one in entries.order_by("sequence")] == [
        *before,
        "reading.opened",
        "reading.ended",
        last,
    ]
    assert not any("周大成" in str(one.after) for one in entries)
    assert verify().intact
    paper = letter.document
    assert (paper.number, paper.kind) == (letter.number, "risk_notice")
    assert paper.file == letter.sealed_file


def test_pdfsig_finds_the_seal_valid_over_the_whole_file(office, tmp_path):
    needs_faces()
    needs_poppler()
    if not shutil.which("pdfsig"):
        pytest.skip("poppler-utils 没有安装")
    data = files.read(sealed(office).sealed_file)
    (tmp_path / "letter.pdf").write_bytes(data)
    said = subprocess.run(
        ["pdfsig", "-nocert", "letter.pdf"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    assert "Signature is Valid" in said
    assert "云州市云城区人力资源和社会保障局" in said
    assert "云治欠提〔2026〕1号" in text_of(data, tmp_path)
    found = sealing.judged(data, office.now)
    assert found.good
    assert "没有改动" in found.sentence
    broken = bytearray(data)
    broken[len(broken) // 2] ^= 1
    assert not sealing.judged(bytes(broken), office.now).good


def test_who_wrote_neither_reviews_nor_issues(office, settings):
    letter = drafted(office, by=office.leader)
    letter = drafting.submit(letter, by=office.inspector, now=office.now, expected_version=1)
    for person in (office.leader, office.inspector):
        with pytest.raises(Refused, match="另一个人"):
            issuing.review(letter, by=person, now=office.now, expected_version=2)
    letter = issuing.review(letter, by=office.colleague, now=office.now, expected_version=2)
    with pytest.raises(Refused, match="另一个人"):
        issuing.issue(letter, by=office.leader, now=office.now, law=office.law, expected_version=3)
    assert Letter.objects.get().state == State.ISSUE


def test_six_eyes_ask_for_a_third_person(office, settings):
    letter = drafted(office)
    letter = drafting.submit(letter, by=office.inspector, now=office.now, expected_version=1)
    letter = issuing.review(letter, by=office.leader, now=office.now, expected_version=2)
    assert why_not(letter, Act.ISSUED, office.leader) == ""
    settings.ANXIN_LETTER_EYES = "six"
    assert "另一个人" in why_not(letter, Act.ISSUED, office.leader)


@pytest.mark.parametrize(
    ("act", "may", "may_not"),
    [
        (Act.SUBMITTED, "inspector", ("keeper", "outsider", "auditor")),
        (Act.REVIEWED, "colleague", ("keeper", "outsider", "auditor", "inspector")),
        (Act.ISSUED, "leader", ("colleague", "keeper", "outsider")),
        (Act.SEALED, "keeper", ("leader", "colleague", "outsider")),
    ],
)
def test_each_act_is_a_right_of_its_own(office, act, may, may_not):
    letter = drafted(office)
    letter.state = next(move.from_[0] for move in MOVES if move.act == act)
    assert why_not(letter, act, getattr(office, may)) == ""
    assert all(why_not(letter, act, getattr(office, one)) for one in may_not)
    letter.state = State.SERVED
    assert "现在不能" in why_not(letter, act, getattr(office, may))


def test_the_least_is_four_eyes():
    assert Act.DRAFTED in FOUR_EYES[Act.REVIEWED]
    assert Act.DRAFTED in FOUR_EYES[Act.ISSUED]


def test_sent_back_with_a_reason_and_read_again(office):
    letter = reviewed(office)
    with pytest.raises(Refused, match="退回的原因"):
        issuing.send_back(letter, why=" ", by=office.leader, now=office.now, expected_version=3)
    letter = issuing.send_back(
        letter, why="金额与附表不符", by=office.leader, now=office.now, expected_version=3
    )
    assert letter.state == State.DRAFT
    letter = drafting.edit(
        letter, whole() | {"people": 13}, by=office.inspector, now=office.now, expected_version=4
    )
    assert content.values_of(letter)["people"] == 13
    assert letter.acts.latest("id").act == Act.EDITED
    same = drafting.edit(
        letter, whole() | {"people": 13}, by=office.inspector, now=office.now, expected_version=5
    )
    assert same.version == 5


def test_an_old_form_is_refused_and_a_strange_field(office):
    letter = drafted(office)
    with pytest.raises(Refused, match="刷新"):
        drafting.edit(letter, whole(), by=office.inspector, now=office.now, expected_version=7)
    with pytest.raises(Refused, match="没有“number”"):
        drafting.edit(letter, {"number": "1"}, by=office.inspector, now=office.now, expected_version=1)


def test_given_up_before_issue_never_after(office):
    needs_faces()
    letter = drafted(office)
    letter = drafting.drop(letter, why="改用约谈", by=office.inspector, now=office.now, expected_version=1)
    assert (letter.state, letter.number) == (State.DROPPED, "")
    made = issued(office)
    with pytest.raises(Refused, match="现在不能作废"):
        drafting.drop(
            made, why="写错了名字", by=office.inspector, now=office.now, expected_version=made.version
        )


def test_an_issued_letter_gives_way_only_to_a_successor(office, tmp_path):
    needs_faces()
    needs_poppler()
    old = sealed(office)
    with pytest.raises(Refused, match="现在不能修改"):
        drafting.edit(old, whole(), by=office.inspector, now=office.now, expected_version=old.version)
    with pytest.raises(Refused, match="为什么"):
        drafted(office, replaces=old)
    new = drafted(office, replaces=old, why="整改期限写错一天")
    with pytest.raises(Refused, match="已经有一份替代"):
        drafted(office, replaces=old, why="整改期限写错一天")
    assert Letter.objects.get(pk=old.pk).state == State.SERVE
    new = sealed(office, new)
    old.refresh_from_db()
    assert old.state == State.REPLACED
    assert new.number in old.acts.latest("id").note
    assert f"本文书替代{old.number}" in text_of(files.read(new.sealed_file), tmp_path).replace("\n", "")
    with pytest.raises(Refused, match="已经被替代"):
        drafted(office, replaces=old, why="整改期限写错一天")


@pytest.mark.parametrize(
    "change",
    [{"number": "云治欠提〔2026〕9号"}, {"fields": "{}"}, {"issued_on": "2026-01-01"}, {"sealed_file": None}],
)
def test_the_database_refuses_a_change_of_an_issued_letter(office, change):
    needs_faces()
    letter = sealed(office)
    with pytest.raises(DatabaseError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        LetterAct.objects.filter(letter=letter).update(by_name="别人")


def test_without_a_sign_of_the_office_nothing_is_numbered(office):
    LetterHead.objects.all().delete()
    letter = reviewed(office)
    with pytest.raises(Refused, match="机关代字"):
        issuing.issue(letter, by=office.leader, now=office.now, law=office.law, expected_version=3)


def test_what_was_issued_is_kept_as_data(office):
    needs_faces()
    for kind in ("rectification_order", "arbitration_award"):
        letter = issued(office, kind=kind)
        kept = content.words_of(letter.content)
        again = content.filled(
            letter, content.values_of(letter), LetterHead.objects.get(), number=letter.number, on=letter.issued_on, law=office.law
        )  # fmt: skip
        assert kept == again
