"""What a platform says of a request, written on the record it is about, and on no other."""

from __future__ import annotations

import datetime as dt
import re
import uuid

from django.db import transaction

from anxin.exchange.adapters.base import Receipt
from anxin.exchange.models import Platform, UploadEvent, UploadRecord

_State = UploadRecord.State
_What = UploadEvent.What
_OPEN = (_State.QUEUED, _State.SENT, _State.STALLED)
#: what looks like an identifier in a platform's words
_DIGITS = re.compile(r"\d{6,}[\dXx]*")


def settle(platform: Platform, receipt: Receipt, *, now: dt.datetime) -> bool:
    """Write a final answer down; ``True`` when it ended the waiting of a record.

    The same answer again changes nothing. One that names another record, or an earlier version, is kept
    beside the record and believed in nothing. What was accepted stays accepted.
    """
    if receipt.state not in ("accepted", "rejected"):
        return False
    with transaction.atomic():
        found = _of_request(platform, receipt.request_id)
        if found is None:
            _late(platform, receipt, now)
            return False
        if receipt.record != found.number:
            _stray(found, receipt, f"回执写的是另一条记录（{_shown(receipt.record)}），没有采信。", now)
            return False
        if receipt.state == "accepted":
            return _accept(found, receipt, now)
        return _reject(found, receipt.reason, receipt.field, receipt.number, now)


def reject(platform: Platform, request: uuid.UUID, reason: str, field: str, *, now: dt.datetime) -> bool:
    """The platform refused the request at once, without a receipt."""
    with transaction.atomic():
        found = _of_request(platform, str(request))
        return found is not None and _reject(found, reason, field, "", now)


def _accept(found: UploadRecord, receipt: Receipt, now: dt.datetime) -> bool:
    if found.state not in (*_OPEN, _State.REJECTED):
        return False
    found.state, found.accepted_at, found.receipt = _State.ACCEPTED, now, receipt.number
    found.reason = found.reason_field = ""
    _end(found, f"平台已接收，回执编号{_shown(receipt.number) or '未给出'}。", now)
    Platform.objects.filter(pk=found.platform_id).update(progress_at=now, accepted_at=now)
    return True


def _reject(found: UploadRecord, reason: str, field: str, number: str, now: dt.datetime) -> bool:
    """The platform does not take this version; it waits for a person to mend it."""
    if found.state not in _OPEN:
        return False
    words = _shown(reason) or "平台没有说明原因。"
    found.state, found.receipt, found.reason, found.reason_field = _State.REJECTED, number, words, field
    _end(found, f"平台退回：{words}", now)
    Platform.objects.filter(pk=found.platform_id).update(progress_at=now)
    return True


def _end(found: UploadRecord, sentence: str, now: dt.datetime) -> None:
    found.answered_at, found.next_try, found.claim, found.uncertain = now, None, None, False
    found.save()
    note(found, _What.RECEIPT, sentence, now=now)


def note(found: UploadRecord, what: str, sentence: str, *, now: dt.datetime, sent: object = None) -> None:
    """One line of the record's history."""
    UploadEvent.objects.create(
        record=found,
        at=now,
        what=what,
        request_id=found.request_id,
        sentence=sentence[:500],
        sent=sent,
    )


def _of_request(platform: Platform, request: str) -> UploadRecord | None:
    number = _uuid(request)
    if number is None:
        return None
    found = UploadRecord.objects.select_for_update().filter(platform=platform, request_id=number)
    return found.first()


def _late(platform: Platform, receipt: Receipt, now: dt.datetime) -> None:
    """A receipt for an earlier version of one of our records; for nobody's request it is dropped."""
    number = _uuid(receipt.request_id)
    events = UploadEvent.objects.filter(request_id=number, record__platform=platform) if number else None
    earlier = events.select_related("record").first() if events is not None else None
    if earlier is None:
        return
    record = earlier.record
    if receipt.record == record.number and receipt.state == "accepted" and record.accepted_at is None:
        # The platform does know this record, if in an earlier version: what needs it may go.
        UploadRecord.objects.filter(pk=record.pk).update(accepted_at=now)
    _stray(record, receipt, "迟到的回执，说的是以前的内容，不影响现在的状态。", now, request=number)


def _stray(
    record: UploadRecord,
    receipt: Receipt,
    sentence: str,
    now: dt.datetime,
    *,
    request: uuid.UUID | None = None,
) -> None:
    request = request or record.request_id
    # The same stray answer comes with every asking; once is enough to know.
    if record.events.filter(what=_What.STRAY, request_id=request, sentence=sentence).exists():
        return
    UploadEvent.objects.create(record=record, at=now, what=_What.STRAY, request_id=request, sentence=sentence)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _shown(text: str) -> str:
    """A platform's words as they may be kept: one line, long numbers hidden."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return _DIGITS.sub(lambda found: f"{found[0][:2]}****{found[0][-2:]}", plain)[:480]
