"""Who may sign where, and who may not; what a signed file says; files that want to be believed."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import stat
import subprocess
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from anxin.cli.samples import labour_contract as sample
from anxin.kernel.refusal import Refused
from anxin.signing.authority import Authority, local_root
from anxin.signing.parties import Method, Person, Slot
from anxin.signing.preparing import prepare
from anxin.signing.raw import find
from anxin.signing.sealing import sign
from anxin.signing.stamps import Seal, Stamp
from anxin.signing.timestamps import LocalTimeStamper
from anxin.signing.verdict import Unreadable
from anxin.signing.verifying import verify
from anxin.typesetting.seals import as_svg
from tests.signing.making import (
    AT,
    EMPLOYER,
    OTHER,
    WORKER,
    authority,
    check,
    folder,
    prepared,
    roots,
    sign_as,
    signed,
)
from tests.support.letters import needs_poppler


def test_two_signers_in_turn_are_named_with_their_time_and_what_they_cover():
    verdict = verify(signed(), roots())
    assert verdict.valid and verdict.trusted and verdict.changed == ()
    assert [one.name for one in verdict.signers] == [EMPLOYER.name, WORKER.name]
    document = verdict.as_json()
    assert document["changed"] is None
    assert document["signers"][0]["time"] == "2026-11-20T10:00:00+08:00"
    assert document["signers"][0]["covers"] == "revision 3 of 6"
    assert document["time_stamps"][-1]["covers"] == "whole file"
    assert document["signers"][1]["identity"]["witness"] == "示例见证人"


def test_without_the_root_the_file_is_intact_and_nobody_is_trusted():
    verdict = verify(signed())
    assert verdict.valid and not verdict.trusted
    assert {one.trusted for one in verdict.signers} == {False}


def test_another_authority_is_not_ours(tmp_path):
    other = Authority(tmp_path / "keys", AT)
    assert not any(one.trusted for one in verify(signed(), (other.root.certificate,)).signers)


def test_keys_are_readable_by_their_owner_only_and_say_that_they_are_examples():
    authority().signer_for(EMPLOYER, AT)
    files = [path for path in folder().rglob("*") if path.is_file()]
    assert files and {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert "示例" in str(authority().signer_for(EMPLOYER, AT).certificate.subject.native)
    assert local_root(folder())[0].dump() == authority().root.certificate.dump()


def test_the_folder_gives_the_same_keys_again():
    again = Authority(folder(), AT)
    assert again.root.certificate.dump() == authority().root.certificate.dump()
    one, two = (place.signer_for(WORKER, AT).certificate.dump() for place in (again, authority()))
    assert one == two


def test_a_certificate_revoked_before_signing_is_not_trusted_and_the_file_stays_intact(tmp_path, monkeypatch):
    from tests.signing import making

    own = Authority(tmp_path / "keys", AT)
    monkeypatch.setattr(making, "authority", lambda: own)
    own.revoke(own.signer_for(EMPLOYER, AT).certificate, AT - dt.timedelta(minutes=1))
    once = sign_as(prepared(), "employer", EMPLOYER)
    pdf = sign_as(once, "worker", WORKER)
    verdict = verify(pdf, (own.root.certificate,))
    assert verdict.valid
    assert [one.trusted for one in verdict.signers] == [False, True]
    assert "吊销" in verdict.signers[0].doubt


def test_the_last_time_stamp_is_judged_by_the_day_asked_for():
    assert verify(signed(), roots(), AT + dt.timedelta(days=3650)).trusted
    assert not verify(signed(), roots(), AT + dt.timedelta(days=365 * 25)).trusted


@pytest.mark.parametrize(
    ("slot", "signer", "changed", "word"),
    [
        ("worker", OTHER, {}, "不能代签"),
        ("worker", WORKER, {"person": OTHER}, "不能代签"),
        ("worker", WORKER, {"person": Person(WORKER.name, "another")}, "不能代签"),
        ("worker", WORKER, {"consent": False}, "没有表示同意"),
        ("worker", WORKER, {"read_to_end": False}, "读到文件末尾"),
        ("worker", WORKER, {"shown": "0" * 64}, "不是这份文件"),
        ("worker", WORKER, {"at": AT - dt.timedelta(hours=25)}, "24小时"),
        ("worker", WORKER, {"at": AT + dt.timedelta(minutes=1)}, "24小时"),
        ("nobody", WORKER, {}, "没有名为"),
    ],
)
def test_the_wrong_person_or_an_incomplete_check_cannot_sign(slot, signer, changed, word):
    identity = check(
        prepared(), changed.get("person", signer), **{k: v for k, v in changed.items() if k != "person"}
    )
    with pytest.raises(Refused, match=word):
        sign_as(prepared(), slot, signer, identity=identity)


def test_a_place_is_signed_once():
    with pytest.raises(Refused, match="已有签名"):
        sign_as(signed(), "worker", WORKER)


def test_a_tablet_needs_a_witness_and_no_identity_number_is_a_key():
    with pytest.raises(Refused, match="见证人"):
        check(b"", WORKER, method=Method.TABLET)
    with pytest.raises(Refused, match="身份证号码"):
        Person("张三", "11010119900101001X")


def test_a_missing_signature_is_said_and_so_is_a_cut_off_revision():
    marks, _ = find(signed())
    verdict = verify(signed()[: marks[1].end], roots())
    assert not verdict.valid and WORKER.name in verdict.missing[0]
    cut = verify(signed()[: marks[2].end], roots())
    assert not cut.valid and "时间戳" in cut.missing[0]


def updated(change) -> bytes:
    """The signed file with one more revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(signed()))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"0 0 m"))
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))


def _statement(writer):
    writer.root["/AnxinSigning"]["/Places"].pop()
    writer.update_root()


@pytest.mark.parametrize("change", [_page, _statement])
def test_a_later_revision_is_caught_even_under_a_new_time_stamp(change):
    """An attacker with a time-stamp authority of his own seals what he changed; every digest agrees."""
    from anxin.signing.sealing import _sealed
    from anxin.signing.timestamps import LocalTimeStamper

    pdf = updated(change)
    assert not verify(pdf, roots()).valid
    stamper = LocalTimeStamper(authority(), lambda: AT)
    sealed = _sealed(io.BytesIO(pdf), authority().signer_for(EMPLOYER, AT), stamper, AT)
    verdict = verify(sealed, roots())
    assert not verdict.valid
    assert any(EMPLOYER.name in sentence and "改动" in sentence for sentence in verdict.changed)


def test_sealing_again_is_no_change():
    from anxin.signing.sealing import _sealed
    from anxin.signing.timestamps import LocalTimeStamper

    stamper = LocalTimeStamper(authority(), lambda: AT)
    pdf = _sealed(io.BytesIO(signed()), authority().signer_for(EMPLOYER, AT), stamper, AT)
    assert verify(pdf, roots()).valid


@pytest.mark.parametrize("tail", [b"\n", b"\0", b"%%EOF\n", b"/ByteRange [0 1 2 3]"])
def test_bytes_after_the_end_are_caught(tail):
    assert not verify(signed() + tail, roots()).valid


def test_a_byte_range_that_leaves_out_more_is_caught():
    marks, _ = find(signed())
    start, first, second, length = marks[-1].byte_range
    old = b"[%d %d %d %d]" % (start, first, second, length)
    new = b"[%d %d %d %d]" % (start, first - 10, second, length)
    assert len(old) == len(new) and old in signed()
    assert not verify(signed().replace(old, new), roots()).valid


@pytest.mark.parametrize(
    "content",
    [
        b"", b"not a file", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n/Encrypt 5 0 R", b"%PDF-1.7\n/ByteRange [0 1",
        b"[" * 100_000, b"%PDF-1.7\n" + b"<<" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_signed_file_is_one_sentence(content):
    with pytest.raises(Unreadable) as refused:
        verify(content)
    assert refused.value.sentence.endswith("。")


def test_an_unsigned_file_is_said_to_be_unsigned():
    with pytest.raises(Unreadable, match="没有签名"):
        verify(prepared())


def test_broken_structure_behind_a_byte_range_is_no_crash():
    bomb = zlib.compress(b"\0" * 50_000_000)
    body = (
        b"%%PDF-1.7\n1 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(bomb)
        + bomb
        + b"\nendstream endobj\n"
    )
    head = body + b"/ByteRange [0 100000 100010 10]"
    assert not verify(head, roots()).valid


def test_an_outside_reader_finds_both_signatures_sound_and_a_changed_one_not(tmp_path):
    needs_poppler()
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed())
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True).stdout
    assert said.count("Signature is Valid") == 2
    assert WORKER.name in said and EMPLOYER.name in said
    changed = bytearray(signed())
    changed[40] ^= 1
    path.write_bytes(changed)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True).stdout
    assert "Signature is Valid" not in said


def test_the_picture_of_a_seal_is_bound_to_the_signature_and_seen_on_the_page(tmp_path):
    """As an owner has uploaded it: our own verification and an outside reader's accept it, and neither takes another in its place."""
    picture = io.BytesIO()
    Image.new("RGB", (60, 60), (0, 160, 0)).save(picture, "PNG")
    seal = Stamp(Seal(EMPLOYER.name, as_svg(picture.getvalue())), "示例")
    page = prepare(sample.contract(), [Slot("employer", "甲方", EMPLOYER, box=sample.EMPLOYER_BOX)])
    pdf = sign(
        page, slot="employer", signer=authority().signer_for(EMPLOYER, AT), identity=check(page, EMPLOYER),
        stamper=LocalTimeStamper(authority(), lambda: AT), at=AT, stamp=seal,
    )  # fmt: skip
    verdict = verify(pdf, roots(), AT)
    assert (verdict.changed, [one.name for one in verdict.signers]) == ((), [EMPLOYER.name])
    assert verdict.signers[0].trusted
    needs_poppler()
    path = tmp_path / "sealed.pdf"
    path.write_bytes(pdf)
    assert "Signature is Valid" in subprocess.run(["pdfsig", path], capture_output=True, text=True).stdout
    subprocess.run(["pdftoppm", "-r", "40", "-png", path, tmp_path / "page"], check=True)
    colours = {
        colour
        for one in tmp_path.glob("page*.png")
        for _, colour in Image.open(one).convert("RGB").getcolors(2**24)
    }
    assert (0, 160, 0) in colours
    changed = bytearray(pdf)
    changed[pdf.rindex(b"/Stamp") + 1] ^= 1
    assert not verify(bytes(changed), roots(), AT).valid


def test_trust_is_judged_the_same_inside_a_running_loop():
    """As in a server, or in a test run with a browser open (whose loop is in this thread: hence one of its own)."""

    async def inside():
        return verify(signed(), roots())

    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(asyncio.run, inside()).result().trusted


def test_the_libraries_own_judge_agrees():
    with ThreadPoolExecutor(
        1
    ) as apart:  # the library's judge runs a loop of its own, which a browser's would forbid
        apart.submit(_judged_by_the_library).result()


def _judged_by_the_library():
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(io.BytesIO(signed()))
    context = {
        "trust_roots": list(roots()),
        "allow_fetching": False,
        "crls": [authority().revocation_list(AT)],
        "moment": AT,
    }
    for one in reader.embedded_regular_signatures:
        status = validate_pdf_signature(one, ValidationContext(**context), ValidationContext(**context))
        assert status.intact and status.valid and status.trusted and status.docmdp_ok
    last = reader.embedded_timestamp_signatures[-1]
    assert validate_pdf_timestamp(last, ValidationContext(**context)).valid
