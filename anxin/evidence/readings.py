"""What somebody opened and went through to its end before signing or sealing it: kept with who and when, claimed for nobody else."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anxin.evidence.journal import Actor, record
from anxin.evidence.models import FileReading
from anxin.kernel.refusal import Refused
from anxin.signing.parties import Extent, Reading


def opened(
    digest: str,
    *,
    extent: Extent,
    by: Actor,
    about: tuple[str, int],
    what: str,
    now: dt.datetime,
    files: int = 1,
) -> FileReading:
    """It is before this person; the first time counts. ``digest`` is the SHA-256 (hex) of the file, or of the list."""
    row, new = FileReading.objects.get_or_create(
        digest=digest,
        by_key=by.key,
        extent=extent.value,
        defaults={"by_name": by.name, "opened_at": now, "files": files},
    )
    if new:
        _note(row, "reading.opened", f"打开{what}", by, about, now)
    return row


def ended(
    digest: str, *, extent: Extent, by: Actor, about: tuple[str, int], what: str, now: dt.datetime
) -> None:
    """Its last line was before this person; the second time changes nothing. Raises :class:`Refused` where it was not opened."""
    found = FileReading.objects.filter(digest=digest, by_key=by.key, extent=extent.value)
    row = found.first()
    if row is None:
        raise Refused("内容在您打开以后有变化，请重新打开，从头看到尾。")
    if found.filter(ended_at__isnull=True).update(ended_at=now):
        _note(row, "reading.ended", f"看完{what}", by, about, now)


def read_by(by: Actor, digest: str, extent: Extent) -> FileReading | None:
    """This person's reading of it to its end; ``None`` where there was none."""
    return FileReading.objects.filter(
        digest=digest, by_key=by.key, extent=extent.value, ended_at__isnull=False
    ).first()


def files_read_by(by: Actor, digests: set[str]) -> dict[str, FileReading]:
    """Of these files those that this person went through to the end, one by one; one query."""
    rows = FileReading.objects.filter(
        digest__in=digests, by_key=by.key, extent=Extent.FILE.value, ended_at__isnull=False
    )
    return {one.digest: one for one in rows}


def as_reading(row: FileReading) -> Reading:
    """For the signature that follows. Only what was read to its end may be signed."""
    assert row.ended_at is not None
    opened_at, ended_at = timezone.localtime(row.opened_at), timezone.localtime(row.ended_at)
    return Reading(Extent(row.extent), row.digest, opened_at, ended_at, row.files)


def _note(
    row: FileReading, action: str, said: str, by: Actor, about: tuple[str, int], now: dt.datetime
) -> None:
    record(
        actor=by,
        action=action,
        object_type=about[0],
        object_id=about[1],
        summary=said[:200],
        now=now,
        after={"sha256": row.digest, "extent": row.extent, "files": row.files},
    )
