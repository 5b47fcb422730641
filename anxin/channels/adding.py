"""Pictures and recordings of a submission: with it, or one by one after it, each once however often it is sent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction

from anxin.channels import floods, limits
from anxin.channels.models_voice import Submission, SubmissionFile
from anxin.channels.refusing import TooMany
from anxin.evidence import doors
from anxin.evidence.sealing import finding_hash
from anxin.kernel.refusal import Refused

PICTURES_AT_MOST, SOUNDS_AT_MOST = 6, 3
#: a form that waited on the phone for days still brings its pictures
OPEN_FOR = dt.timedelta(days=14)
_KEY = re.compile(r"[A-Za-z0-9_-]{8,80}")
_AT_MOST = {SubmissionFile.Kind.PICTURE: PICTURES_AT_MOST, SubmissionFile.Kind.SOUND: SOUNDS_AT_MOST}

DOORS: dict[str, doors.Door] = {
    SubmissionFile.Kind.PICTURE.value: doors.PHOTO, SubmissionFile.Kind.SOUND.value: doors.VOICE,
}  # fmt: skip


@dataclass(frozen=True)
class Prepared:
    """A file whose content has been looked at: a picture written anew, or a recording as it came."""

    kind: str
    file: doors.Taken


def prepare(kind: str, data: bytes) -> Prepared:
    """Look at what was sent, outside any transaction: it takes time. Raises :class:`Refused`."""
    door = DOORS.get(kind)
    if door is None:
        raise Refused("只能发送照片和录音。", field="file")
    return Prepared(kind, doors.taken(data, "", door))


def check_number(kinds: Sequence[str]) -> None:
    """Refuse more files than one submission may have, before any is looked at."""
    if kinds.count(SubmissionFile.Kind.PICTURE) > PICTURES_AT_MOST:
        raise Refused(f"照片最多{PICTURES_AT_MOST}张，请挑最清楚的。", field="photos")
    if kinds.count(SubmissionFile.Kind.SOUND) > SOUNDS_AT_MOST:
        raise Refused(f"录音最多{SOUNDS_AT_MOST}段。", field="voice")


def add(submission: Submission, prepared: Prepared, *, key: str, now: dt.datetime) -> SubmissionFile:
    """Keep one file; sent again under the same ``key`` it is the one kept already. Raises :class:`Refused`."""
    if not _KEY.fullmatch(key):
        raise Refused("这个文件没有收下，请刷新页面后重新选择。", field="file")
    key_hash = finding_hash("submission-file", key)
    known = submission.files.filter(key_hash=key_hash).first()
    if known is not None:
        return known
    if now - submission.received_at > OPEN_FOR:
        raise Refused("这一份已经交了很久，不能再加照片和录音；请到“查进度”用回执号留言。", field="file")
    try:
        with transaction.atomic():
            if floods.take([limits.FILE.of(submission.pk)], now=now):
                raise TooMany(int(limits.FILE.seconds))
            return _write(submission, prepared, key_hash, now)
    except IntegrityError:  # the same file came twice at the same moment
        return submission.files.get(key_hash=key_hash)


def _write(submission: Submission, prepared: Prepared, key_hash: str, now: dt.datetime) -> SubmissionFile:
    Submission.objects.select_for_update().get(pk=submission.pk)  # two at once would both be the last one
    number = submission.files.filter(kind=prepared.kind).count() + 1
    kind = SubmissionFile.Kind(prepared.kind)
    if number > _AT_MOST[kind]:
        raise Refused(f"{kind.label}最多{_AT_MOST[kind]}个，这一个没有收下。", field="file")
    file = replace(prepared.file, name=f"{kind.label}{number}.{prepared.file.kind.endings[0]}")
    return SubmissionFile.objects.create(
        submission=submission,
        key_hash=key_hash,
        kind=kind,
        file=doors.store(file, now=now),
        content_type=file.kind.content_type,
        name=file.name,
        added_at=now,
    )
