"""Verification: bytes first, then structure, then trust. A file that fails early is judged early.

1. The byte ranges: the last must cover the whole file but for its own signature, written in the one way.
2. Each signature's own bytes (``cms.py``) and the digest of what it covers.
3. Only then the structure: fields, later revisions, who should have signed (``structure.py``).
4. Trust (``trust.py``), which never makes an intact file invalid.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import x509

from anxin.signing import raw, structure
from anxin.signing.cms import BadSignature, Checked, check_signature, check_time_stamp, subject
from anxin.signing.hashing import ACCEPTED
from anxin.signing.naming import SHANGHAI, name_of, person_of
from anxin.signing.raw import BadContents, Mark
from anxin.signing.structure import Field, Structure, Tampered
from anxin.signing.trust import Vouching
from anxin.signing.verdict import WHOLE_FILE, Signature, Unreadable, Verdict

#: a contract has a few hundred kilobytes; what is larger is not read
MOST_BYTES = 64 * 1024 * 1024
_UNNAMED = "（无法读出姓名）"


@dataclass(frozen=True)
class _Read:
    """One signature as its own bytes tell it."""

    mark: Mark
    name: str
    checked: Checked | None
    time_stamp: bool
    problem: str


def verify(pdf: bytes, trust: Sequence[x509.Certificate] = (), at: dt.datetime | None = None) -> Verdict:
    """What can be said of the file. ``at`` is the day by which the last time stamp must still be trusted.

    Raises :class:`~anxin.signing.verdict.Unreadable` where there is nothing to judge.
    """
    if len(pdf) > MOST_BYTES:
        raise Unreadable(f"文件超过{MOST_BYTES // (1024 * 1024)} MB，不予验证。")
    marks, words = raw.find(pdf)
    if not marks:
        raise Unreadable(_nothing_there(pdf, words))
    changed = _range_problems(pdf, marks, words)
    found: list[_Read] = []
    for mark in reversed(marks):  # the last covers the most; after a first problem only names are asked for
        if mark.in_order(len(pdf)):
            sound = not changed and not any(one.problem for one in found)
            found.insert(0, _read(pdf, mark) if sound else _named(pdf, mark))
    changed += [one.problem for one in found if one.problem]
    if changed:
        return Verdict(tuple(_plain(one) for one in found if not one.time_stamp), changed=tuple(changed))
    return _by_structure(pdf, marks, found, trust, at)


def _nothing_there(pdf: bytes, words: int) -> str:
    if b"%PDF-" not in pdf[:1024]:
        return "这不是PDF文件。"
    if b"/Encrypt" in pdf and not words:
        return "文件有密码保护，无法验证，请先去掉密码再验证。"
    return "文件里没有签名。" if not words else "文件里的签名残缺，读不出它覆盖的范围。"


def _range_problems(pdf: bytes, marks: Sequence[Mark], words: int) -> list[str]:
    if len(marks) > raw.MOST_SIGNATURES:
        return [f"签名超过{raw.MOST_SIGNATURES}个，不予验证。"]
    problems = []
    if words != len(marks) or len({mark.byte_range for mark in marks}) != len(marks):
        problems.append("签名的覆盖范围写法异常或重复，文件被改动。")
    if not all(mark.in_order(len(pdf)) for mark in marks):
        problems.append("签名的覆盖范围超出文件或次序颠倒，文件被截断或改动。")
    if marks[-1].end < len(pdf):
        problems.append(f"最后一个签名之后多出{len(pdf) - marks[-1].end}个字节，不在任何签名的覆盖之内。")
    return problems


def _read(pdf: bytes, mark: Mark) -> _Read:
    try:
        der = mark.contents(pdf)
    except BadContents as bad:
        return _Read(mark, _UNNAMED, None, False, f"有一个签名{bad}。")
    certificate = subject(der)
    name = name_of(certificate) if certificate else _UNNAMED
    # A token carries the digest inside its content, a signature as an attribute; both hold its very bytes.
    if not any(mark.digest(algorithm, pdf) in der for algorithm in ACCEPTED):
        return _Read(mark, name, None, False, f"“{name}”签名所覆盖的内容被改动。")
    time_stamp = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04" in der[:120]
    try:
        checked = (check_time_stamp if time_stamp else check_signature)(der, ())
        agrees = checked.imprint == mark.digest(checked.algorithm, pdf)
        problem = "" if agrees else f"“{name}”签名所覆盖的内容被改动。"
        return _Read(mark, name, checked, time_stamp, problem)
    except BadSignature as bad:
        return _Read(mark, name, None, time_stamp, f"“{name}”的签名{bad}。")


def _named(pdf: bytes, mark: Mark) -> _Read:
    try:
        certificate = subject(mark.contents(pdf))
    except BadContents:
        certificate = None
    return _Read(mark, name_of(certificate) if certificate else _UNNAMED, None, False, "")


def _by_structure(
    pdf: bytes,
    marks: Sequence[Mark],
    found: Sequence[_Read],
    trust: Sequence[x509.Certificate],
    at: dt.datetime | None,
) -> Verdict:
    try:
        read = structure.read(structure.open_file(pdf), marks)
    except Tampered as problem:
        return Verdict(tuple(_plain(one) for one in found if not one.time_stamp), changed=(str(problem),))
    changed, missing = [], []
    known = {field.slot for field in read.fields} | {place.key for place in read.places or ()}
    for field, one in zip(read.fields, found, strict=True):
        if field.time_stamp != one.time_stamp:
            changed.append(f"“{one.name}”的签名种类与内容不符。")
        sentence = structure.later_changes(field, one.name, known)
        changed += [sentence] if sentence else []
    changed += _wrong_people(read, found)
    missing += _missing(read)
    vouching = Vouching(trust, read.certificates, read.revocation_lists, read.responses)
    judged = [_judged(one, field, read, vouching, at) for one, field in zip(found, read.fields, strict=True)]
    return Verdict(
        tuple(said for said, field in zip(judged, read.fields, strict=True) if not field.time_stamp),
        tuple(said for said, field in zip(judged, read.fields, strict=True) if field.time_stamp),
        tuple(dict.fromkeys(changed)),
        tuple(missing),
        _notes(read, judged),
    )


def _wrong_people(read: Structure, found: Sequence[_Read]) -> list[str]:
    """Who signed against who was to sign, and against whose identity was checked."""
    places = {place.key: place for place in read.places or ()}
    wrong = []
    for field, one in zip(read.fields, found, strict=True):
        if field.time_stamp or one.checked is None or read.places is None:
            continue
        place = places.get(field.slot)
        if place is None:
            wrong.append(f"“{one.name}”签在了没有约定的位置。")
            continue
        person = person_of(one.checked.certificate)
        said = field.identity or {}
        if person != place.person:
            wrong.append(f"应由“{place.person.name}”签名的位置，签的是“{person.name}”。")
        if (said.get("name"), said.get("key")) != (place.person.name, place.person.key):
            wrong.append(f"“{one.name}”的签名没有本人的身份核验记录。")
    return wrong


def _missing(read: Structure) -> list[str]:
    if read.places is None:
        return []
    signed = {field.slot for field in read.fields if not field.time_stamp}
    missing = [
        f"缺少“{place.person.name}”（{place.label}）的签名：还没有签，或签名所在的版本被截去。"
        for place in read.places
        if place.key not in signed
    ]
    if not read.fields[-1].time_stamp:
        missing.append("最后一个签名之后应有覆盖全文的时间戳，现在没有：签名没有完成，或时间戳被截去。")
    return missing


def _judged(
    one: _Read, field: Field, read: Structure, vouching: Vouching, at: dt.datetime | None
) -> Signature:
    checked = one.checked
    assert checked is not None
    last = field is read.fields[-1]
    doubt = ""
    if checked.moment is None:
        doubt = "没有时间戳，无法确认签名的时间。"
    else:
        doubt = vouching.doubt(checked, checked.moment, time_stamp=field.time_stamp)
        # Earlier time stamps are kept alive by later ones; the last has nothing behind it but its certificate.
        if last and field.time_stamp and at is not None and at > checked.certificate.not_valid_after:
            doubt = "时间戳的证书已过有效期，文件需要加盖新的时间戳。"
        if not doubt and checked.token is not None:
            doubt = vouching.doubt(checked.token, checked.moment, time_stamp=True)
            doubt = f"时间戳的{doubt}" if doubt else ""
    covers = WHOLE_FILE if last else f"revision {field.revision + 1} of {read.revisions}"
    moment = checked.moment.astimezone(SHANGHAI) if checked.moment else None
    return Signature(one.name, moment, covers, not doubt, doubt, field.slot, field.reason, field.identity)


def _notes(read: Structure, judged: Sequence[Signature]) -> tuple[str, ...]:
    notes = []
    if read.places is None:
        notes.append("文件没有写明应由谁签名，是否还缺签名、是否有版本被截去，无法判断。")
    if any(one.time is None for one in judged):
        notes.append("有签名不带时间戳，只能确认内容未改动，不能确认签名的时间。")
    return tuple(notes)


def _plain(one: _Read) -> Signature:
    """A signature of a file that is not judged any further."""
    moment = one.checked.moment if one.checked else None
    return Signature(
        one.name,
        moment.astimezone(SHANGHAI) if moment else None,
        "unknown",
        False,
        "文件被改动，没有核对证书。",
    )
