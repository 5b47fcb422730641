"""The record: who writes, what is closed, who signs what on whose telephone, and what the file says afterwards."""

from __future__ import annotations

import datetime as dt
import subprocess

import pytest

from anxin.arbitration import record_papers, record_signing, recording
from anxin.arbitration.models import RecordCode, Signer, SigningLink
from anxin.casework.models import Document
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from tests.hearings.conftest import IDS, TODAY, a_case, a_hearing, at, formed
from tests.support.letters import needs_poppler, text_of

HEARD = dt.date(2026, 4, 20)
NOW = at(HEARD, 10)
MINUTE = dt.timedelta(minutes=1)
WORDS = """首席仲裁员许某：请申请人陈述请求。10:30 开始调查。
申请人赵某甲：两个月没有发工资，
一共12000元。
被申请人代理人周某：金额没有异议。"""


@pytest.fixture
def record(court):
    return recording.start(a_hearing(court, formed(court, a_case(court))), by=court.xu_user, now=at(HEARD, 9))


@pytest.fixture
def closed(court, record):
    recording.rewrite(record, text=WORDS, version=1, by=court.xu_user)
    recording.add_signer(
        record, side="respondent", name="周某", phone="19900008888", id_number="", by=court.xu_user
    )
    record.refresh_from_db()
    return recording.close(record, present="申请人赵某甲、钱某乙到庭；被申请人代理人周某到庭。", version=record.version,
                           by=court.xu_user, now=NOW, law=court.law)  # fmt: skip


def signer(record, side: str, first: bool = True) -> Signer:
    rows = record.signers.filter(side=side).order_by("number")
    return Signer.objects.select_related(
        "record__hearing__case__matter__lead", "record__file", "record__unsigned"
    ).get(pk=(rows.first() if first else rows.last()).pk)


def by_phone(court, one: Signer, now=NOW) -> Signer:
    """Scan, claim, read, code, sign: as the page does it."""
    token = record_signing.make_link(one, by=court.xu_user, now=now)
    link = record_signing.link_of(token, now)
    record_signing.claim(link, now=now)
    record_signing.read_to_end(link.signer, now=now)
    link = record_signing.link_of(token, now)
    asked = record_signing.ask_code(link.signer, now=now)
    return record_signing.sign_with_code(link, code=asked.code, consent=True, device="手机", now=now)


def test_typed_lines_and_pasted_words_are_kept_sealed_and_an_old_page_overwrites_nothing(court, record):
    recording.add(record, who="首席仲裁员", text="现在开庭。", version=1, by=court.xu_user)
    with pytest.raises(Refused, match="又有人记过"):
        recording.add(record, who="书记员", text="到庭人员如下。", version=1, by=court.officer)
    with pytest.raises(Refused, match="没有权限"):
        recording.add(record, who="书记员", text="到庭人员如下。", version=2, by=court.outsider)
    recording.rewrite(record, text=WORDS, version=2, by=court.officer)
    record.refresh_from_db()
    assert recording.said(record) == [
        ("首席仲裁员许某", "请申请人陈述请求。10:30 开始调查。"),
        ("申请人赵某甲", "两个月没有发工资， 一共12000元。"),
        ("被申请人代理人周某", "金额没有异议。"),
    ]
    assert isinstance(record.words, Sealed)
    with pytest.raises(Refused, match="第一行请写明"):
        recording.read_lines("现在开庭。")
    assert [one.get_side_display() for one in record.signers.order_by("number")] == [
        "申请人", "申请人", "仲裁员", "仲裁员", "仲裁员", "书记员",
    ]  # fmt: skip


def test_a_record_is_begun_at_its_time_and_closed_with_everything(court, record):
    other = a_hearing(
        court, formed(court, a_case(court), of=("spare",)), day=dt.date(2026, 4, 22), room=court.rooms[1]
    )
    with pytest.raises(Refused, match="还没有到"):
        recording.start(other, by=court.officer, now=at(HEARD))
    with pytest.raises(Refused, match="已经登记为已开庭"):
        recording.start(record.hearing, by=court.officer, now=at(HEARD))
    closing = {"by": court.xu_user, "now": NOW, "law": court.law}
    with pytest.raises(Refused, match="还是空的"):
        recording.close(record, present="双方都到庭", version=1, **closing)
    with pytest.raises(Refused, match="至少填一项"):
        recording.add_signer(record, side="respondent", name="周某", phone="", id_number="", by=court.xu_user)
    recording.rewrite(record, text=WORDS, version=1, by=court.xu_user)
    with pytest.raises(Refused, match="到庭情况"):
        recording.close(record, present="", version=2, **closing)
    for one in record.signers.filter(side="applicant"):
        recording.drop_signer(one, by=court.xu_user)
    with pytest.raises(Refused, match="还没有到庭的当事人"):
        recording.close(record, present="都没有到庭", version=2, **closing)


def test_everybody_signs_in_turn_and_the_file_is_whole(court, closed, tmp_path):
    for one in closed.signers.order_by("number"):
        if (
            one.phone is None
        ):  # the second applicant has no telephone: at the desk, with the card and a witness
            record_signing.sign_at_tablet(signer(closed, "applicant", first=False), id_number=IDS[1], witness="马某",
                                          consent=True, by=court.xu_user, now=NOW)  # fmt: skip
        else:
            by_phone(court, Signer.objects.select_related("record").get(pk=one.pk))
    closed.refresh_from_db()
    found = record_papers.verdict(closed, NOW)
    assert (found.valid, found.trusted, len(found.signers)) == (True, True, 7)
    assert [one.identity["method"] for one in found.signers].count("tablet") == 1
    done = record_signing.finish(closed, by=court.xu_user, now=NOW, law=court.law)
    assert done.state == "done"
    matter = closed.hearing.case.matter
    matter.refresh_from_db()
    assert (
        matter.state == "hearing_set"
    )  # the notice in writing is still missing: nothing is skipped for the record's sake
    kept = Document.objects.filter(matter=closed.hearing.case.matter).values_list("kind", flat=True)
    assert set(kept) == {"arbitration_hearing_record", "arbitration_record_note"}
    actions = list(JournalEntry.objects.values_list("action", flat=True))
    assert actions.count("arbitration.record_signed") == 7
    assert actions.count("arbitration.record_opened") == 6
    needs_poppler()
    pdf = record_papers.read(closed)
    (tmp_path / "record.pdf").write_bytes(pdf)
    said = subprocess.run(
        ["pdfsig", str(tmp_path / "record.pdf")], capture_output=True, text=True, check=False
    ).stdout
    assert said.count("Signature is Valid") >= 7
    text = text_of(pdf, tmp_path)
    assert "两个月没有发工资" in text
    assert "第四十条" in text


def test_the_wrong_person_cannot_sign(court, closed):
    one = signer(closed, "applicant")
    token = record_signing.make_link(one, by=court.xu_user, now=NOW)
    link = record_signing.link_of(token, NOW)
    secret = record_signing.claim(link, now=NOW)
    with pytest.raises(Refused, match="另一部手机"):
        record_signing.claim(link, now=NOW)
    link = record_signing.link_of(token, NOW)
    assert record_signing.is_device(link, secret)
    assert not record_signing.is_device(link, "another")
    with pytest.raises(Refused, match="先把笔录全文看完"):
        record_signing.ask_code(link.signer, now=NOW)
    record_signing.read_to_end(link.signer, now=NOW)
    link = record_signing.link_of(token, NOW)
    asked = record_signing.ask_code(link.signer, now=NOW)
    assert asked.phone == "19910000001"
    with pytest.raises(Refused, match="勾选"):
        record_signing.sign_with_code(link, code=asked.code, consent=False, device="手机", now=NOW)
    other = RecordCode.objects.get()
    for _ in range(5):
        with pytest.raises(Refused, match="验证码不对"):
            record_signing.sign_with_code(link, code="x", consent=True, device="手机", now=NOW)
    with pytest.raises(Refused, match="验证码不对"):  # right, but tried too often
        record_signing.sign_with_code(link, code=asked.code, consent=True, device="手机", now=NOW)
    assert other.used_at is None
    second = signer(closed, "applicant", first=False)
    desk = {"consent": True, "by": court.xu_user, "now": NOW}
    for why, change in (
        ("不能代签", {"id_number": IDS[0], "witness": "马某"}),
        ("见证人应是", {"id_number": IDS[1], "witness": "钱某乙"}),
        ("写明在场见证人", {"id_number": IDS[1], "witness": ""}),
    ):
        with pytest.raises(Refused, match=why):
            record_signing.sign_at_tablet(second, **change, **desk)
    with pytest.raises(Refused, match="没有登记这个人的身份证号"):
        record_signing.sign_at_tablet(signer(closed, "respondent"), id_number=IDS[0], witness="马某", **desk)
    assert not closed.signers.filter(signed_at__isnull=False).exists()


def test_a_link_ends_with_its_hour_with_a_newer_one_and_with_the_signature(court, closed):
    one = signer(closed, "respondent")
    old = record_signing.make_link(one, by=court.xu_user, now=NOW)
    new = record_signing.make_link(one, by=court.xu_user, now=NOW)
    assert record_signing.link_of(old, NOW) is None
    assert record_signing.link_of(new, NOW + 59 * MINUTE) is not None
    assert record_signing.link_of(new, NOW + 60 * MINUTE) is None
    assert record_signing.link_of("x", NOW) is None
    with pytest.raises(Refused, match="没有权限"):
        record_signing.make_link(one, by=court.outsider, now=NOW)
    by_phone(court, one)
    assert not SigningLink.objects.filter(ended_at__isnull=True).exists()
    with pytest.raises(Refused, match="已经签过名"):
        record_signing.make_link(one, by=court.xu_user, now=NOW)


def test_a_refusal_is_written_down_with_its_reason_and_goes_to_the_file(court, closed, tmp_path):
    refusing = signer(closed, "respondent")
    with pytest.raises(Refused, match="拒绝签名的情况"):
        record_signing.note_refusal(refusing, why="", by=court.xu_user, now=NOW)
    record_signing.object_to(refusing, words="第三句漏记了分期付款", now=NOW)
    record_signing.note_refusal(refusing, why="认为漏记了分期付款，拒绝签名", by=court.xu_user, now=NOW)
    with pytest.raises(Refused, match="记明拒绝签名"):
        by_phone(court, refusing)
    with pytest.raises(Refused, match="没有签名"):
        record_signing.finish(closed, by=court.xu_user, now=NOW, law=court.law)
    for one in closed.signers.filter(refused_at__isnull=True):
        who = Signer.objects.select_related("record").get(pk=one.pk)
        if who.phone is None:
            record_signing.note_refusal(who, why="中途退庭，没有签名", by=court.xu_user, now=NOW)
        else:
            by_phone(court, who)
    closed.refresh_from_db()
    record_signing.finish(closed, by=court.xu_user, now=NOW, law=court.law)
    found = record_papers.verdict(closed, NOW)
    assert (found.changed, len(found.missing), len(found.signers)) == ((), 2, 5)
    needs_poppler()
    told = Document.objects.get(kind="arbitration_record_note")
    from anxin.evidence import files

    text = "".join(text_of(files.read(told.file), tmp_path).split())
    assert "认为漏记了分期付款，拒绝签名" in text
    assert "第三句漏记了分期付款" in text


def test_a_record_goes_back_to_writing_only_before_the_first_signature(court, closed):
    recording.reopen(closed, by=court.xu_user, now=NOW)
    closed.refresh_from_db()
    assert (closed.state, closed.file) == ("writing", None)
    again = recording.close(
        closed, present="双方都到庭。", version=closed.version, by=court.xu_user, now=NOW, law=court.law
    )
    by_phone(court, signer(again, "secretary"))
    with pytest.raises(Refused, match="已经有人签名"):
        recording.reopen(again, by=court.xu_user, now=NOW)
    assert TODAY < HEARD
