"""Sending what is due, and asking what became of it: by one worker or by several, never one record at once.

A worker takes records by a conditional update that moves their next try behind a lease, as notices do. Before a
record leaves, it is marked as uncertain; whatever happens then (a crash, a broken line, a slow platform), the
platform is asked for the request's receipt before the same request is sent again. So a record is lost by nothing
and doubled by nothing that the platform can tell us.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from anxin.exchange.adapters import connect as connect_adapter
from anxin.exchange.adapters.base import Rejected, Session, TryAgain
from anxin.exchange.models import Platform, PlatformCode, UploadEvent, UploadRecord
from anxin.exchange.uploads import payloads, settling
from anxin.exchange.uploads.filling import requeue_version

_log = logging.getLogger(__name__)
_State = UploadRecord.State
_What = UploadEvent.What

LEASE = dt.timedelta(minutes=10)
#: records taken at once
BATCH = 40
#: seconds after which a run leaves the rest to the next one, so that imports and sweeps get their turn
RUN_SECONDS = 60
#: waiting before the second, third, … try; after the last one a record counts as stalled and is tried hourly
BACK_OFF = tuple(dt.timedelta(seconds=seconds) for seconds in (5, 30, 120, 300, 900))
HOURLY = dt.timedelta(hours=1)
#: so many records in a row without an answer are the platform's trouble, not theirs
IN_A_ROW = 3
_PAUSES = tuple(dt.timedelta(seconds=seconds) for seconds in (15, 60, 180, 300))
Connect = Callable[[Platform], Session]


@dataclass
class Outcome:
    """How many records of one run were sent, accepted or came back, and how many tries failed."""

    sent: int = 0
    settled: int = 0
    troubles: int = 0


def due(platform: Platform, now: dt.datetime) -> QuerySet[UploadRecord]:
    """What may go, or be asked for, now: its turn has come and what it needs is known to the platform."""
    waiting = (_State.QUEUED, _State.SENT, _State.STALLED)
    missing = UploadRecord.objects.filter(needed_by=OuterRef("pk"), accepted_at__isnull=True)
    found = UploadRecord.objects.filter(platform=platform, state__in=waiting, next_try__lte=now)
    return found.filter(~Exists(missing))


def anything_due(now: dt.datetime) -> bool:
    """Whether a worker would find something to do."""
    return any(due(platform, now).exists() for platform in _ready(now))


def drain(now: dt.datetime, *, connect: Connect = connect_adapter) -> Outcome:
    """Send and ask for everything that is due, for about a minute at most."""
    outcome, started = Outcome(), time.monotonic()
    for platform in _ready(now):
        drain_platform(platform, now, connect=connect, outcome=outcome, started=started)
    return outcome


def drain_platform(
    platform: Platform,
    now: dt.datetime,
    *,
    connect: Connect = connect_adapter,
    outcome: Outcome | None = None,
    started: float | None = None,
) -> Outcome:
    """The same for one platform, whether it is on or not."""
    run = _Run(platform, now, connect, outcome or Outcome(), time.monotonic() if started is None else started)
    try:
        run.all()
    except TryAgain as trouble:
        run.pause(trouble)
    return run.outcome


def _ready(now: dt.datetime) -> list[Platform]:
    return [
        platform
        for platform in Platform.objects.filter(enabled=True).order_by("pk")
        if platform.paused_until is None or platform.paused_until <= now
    ]


class _Codes:
    """The platform's codes, kept as soon as they are given."""

    def __init__(self, platform: Platform, moment: Callable[[], dt.datetime]) -> None:
        self._platform, self._moment = platform, moment

    def get(self, name: str, key: str) -> str | None:
        found = PlatformCode.objects.filter(platform=self._platform, name=name, object_key=key)
        return found.values_list("code", flat=True).first()

    def keep(self, name: str, key: str, code: str) -> None:
        PlatformCode.objects.update_or_create(
            platform=self._platform,
            name=name,
            object_key=key,
            defaults={"code": code[:120], "obtained_at": self._moment()},
        )

    def forget(self, name: str, key: str) -> None:
        PlatformCode.objects.filter(platform=self._platform, name=name, object_key=key).delete()


class _Run:
    """One run on one platform."""

    def __init__(
        self, platform: Platform, now: dt.datetime, connect: Connect, outcome: Outcome, started: float
    ) -> None:
        self.platform, self.outcome = platform, outcome
        self._now, self._started, self._begun = now, started, time.monotonic()
        self._session = connect(platform)
        self._codes = _Codes(platform, self.moment)
        self._in_a_row = 0

    def moment(self) -> dt.datetime:
        # The day is the caller's; how long talking takes is measured, because leases run on it.
        return self._now + dt.timedelta(seconds=time.monotonic() - self._begun)

    def all(self) -> None:
        """Receipts first, then what waits, as long as there is something and time."""
        while time.monotonic() - self._started < RUN_SECONDS:
            asked = self._ask()
            sent = self._send()
            if not (asked or sent):
                return

    def pause(self, trouble: TryAgain) -> None:
        """The platform as a whole does not answer: leave it alone for a while, longer each time."""
        platform = Platform.objects.get(pk=self.platform.pk)
        step = _PAUSES[min(platform.troubles, len(_PAUSES) - 1)]
        wait = dt.timedelta(seconds=trouble.wait) if trouble.wait else step
        until = self.moment() + wait
        Platform.objects.filter(pk=platform.pk).update(
            paused_until=until, trouble=trouble.sentence, troubles=F("troubles") + 1
        )
        # What this run had taken is free again: the pause, not a lease, says when it goes on.
        _log.warning("uploads to %s pause: %s", platform.code, trouble.sentence)

    # --- taking ------------------------------------------------------------------------------------------

    def _take(self, found: QuerySet[UploadRecord]) -> list[UploadRecord]:
        moment, claim = self.moment(), uuid.uuid4()
        ids = list(found.order_by("rank", "next_try", "pk").values_list("pk", flat=True)[:BATCH])
        due(self.platform, moment).filter(pk__in=ids).update(claim=claim, next_try=moment + LEASE)
        return list(UploadRecord.objects.filter(claim=claim).order_by("rank", "pk"))

    def _release(self, records: list[UploadRecord]) -> None:
        claims = [record.claim for record in records]
        UploadRecord.objects.filter(
            pk__in=[record.pk for record in records], claim__in=claims, state__in=(_State.QUEUED, _State.SENT, _State.STALLED)
        ).update(claim=None, next_try=self.moment())  # fmt: skip

    # --- receipts ----------------------------------------------------------------------------------------

    def _ask(self) -> bool:
        """Ask for the receipts of what is out, a batch at a time."""
        found = due(self.platform, self.moment())
        taken = self._take(
            found.filter(state=_State.SENT) | found.filter(state=_State.STALLED, sent_at__isnull=False)
        )
        if taken:
            try:
                self._receipts(taken)
            except TryAgain:
                self._release(taken)
                raise
        return bool(taken)

    def _receipts(self, records: list[UploadRecord]) -> None:
        """Settle what is answered; unknown requests go back to be sent; the rest is asked again later."""
        told = self._session.receipts([record.request_id for record in records])
        self._calm()
        unknown = {receipt.request_id for receipt in told if receipt.state == "unknown"}
        for receipt in told:
            self.outcome.settled += settling.settle(self.platform, receipt, now=self.moment())
        for record in UploadRecord.objects.filter(claim__in={one.claim for one in records}):
            if str(record.request_id) in unknown:
                self._later(
                    record,
                    "平台没有收到这次报送，将重新报送。",
                    state=_State.QUEUED,
                    uncertain=False,
                    sent_at=None,
                )
            else:
                self._later(record, "")

    # --- sending -----------------------------------------------------------------------------------------

    def _send(self) -> bool:
        found = due(self.platform, self.moment())
        taken = self._take(
            found.filter(state=_State.QUEUED) | found.filter(state=_State.STALLED, sent_at__isnull=True)
        )
        for index, record in enumerate(taken):
            try:
                self._one(record)
            except TryAgain as trouble:
                self._trouble(record, trouble)
                if trouble.everybody or self._in_a_row >= IN_A_ROW:
                    self._release(taken[index + 1 :])
                    raise
            except Exception:
                _log.exception("uploading record %s failed", record.pk)
                self._trouble(record, TryAgain("报送时系统出错。", uncertain=record.uncertain))
        return bool(taken)

    def _one(self, record: UploadRecord) -> None:
        if record.uncertain and self._already_there(record):
            return
        outgoing = payloads.one(record.kind, record.object_key, record.projects.values_list("pk", flat=True))
        if outgoing is None:
            self._withdraw(record)
            return
        if outgoing.version != record.version:
            requeue_version(record, outgoing, now=self.moment(), taken=True)
        # Written before it leaves: whoever finds the record after a crash asks first.
        if not self._write(record, uncertain=True):
            return
        try:
            number = self._session.post(
                outgoing, request_id=record.request_id, record=record.number, codes=self._codes
            )
        except Rejected as refused:
            self._calm()
            self.outcome.settled += settling.reject(
                self.platform, record.request_id, refused.reason, refused.field, now=self.moment()
            )
            return
        except TryAgain as trouble:
            if trouble.everybody and not trouble.uncertain and not record.uncertain:
                # Refused at the door, and never sent before: nothing can be there.
                self._write(record, uncertain=False)
            raise
        self._calm()
        self._sent(record, outgoing, number)

    def _sent(self, record: UploadRecord, outgoing: payloads.Outgoing, number: str) -> None:
        moment = self.moment()
        # Its receipt is asked for at once: many platforms have it by then.
        changes = {"state": _State.SENT, "sent_at": moment, "next_try": moment, "claim": None, "tries": 0}
        if self._write(record, **changes, reason=""):
            shown = f"平台收件，流水号{number[:60]}，等候核对。" if number else "平台收件，等候核对。"
            masked = dict(self._session.masked(outgoing))
            settling.note(record, _What.SENT, shown, now=moment, sent=masked)
            self.outcome.sent += 1

    def _already_there(self, record: UploadRecord) -> bool:
        """Ask for the receipt of an earlier try; ``True`` when the platform has it, whatever it says of it."""
        wanted = str(record.request_id)
        told = [one for one in self._session.receipts([record.request_id]) if one.request_id == wanted]
        known = [one for one in told if one.state != "unknown"]
        for receipt in known:
            self.outcome.settled += settling.settle(self.platform, receipt, now=self.moment())
        fresh = UploadRecord.objects.get(pk=record.pk)
        if known and fresh.request_id == record.request_id and fresh.state in (_State.QUEUED, _State.STALLED):
            self._later(fresh, "平台已收到先前的报送，等候核对。", state=_State.SENT, sent_at=self.moment())
        return bool(known)

    def _withdraw(self, record: UploadRecord) -> None:
        reason = "本系统已没有这条记录，不再报送。"
        if self._write(record, state=_State.WITHDRAWN, next_try=None, claim=None, reason=reason):
            settling.note(record, _What.TROUBLE, reason, now=self.moment())

    # --- trouble -----------------------------------------------------------------------------------------

    def _trouble(self, record: UploadRecord, trouble: TryAgain) -> None:
        self.outcome.troubles += 1
        self._in_a_row += 1
        if trouble.everybody:
            # Not this record's fault: it keeps its turn.
            self._write(record, claim=None, next_try=self.moment())
            settling.note(record, _What.TROUBLE, trouble.sentence, now=self.moment())
        else:
            self._later(record, trouble.sentence)

    def _later(self, record: UploadRecord, sentence: str, **changes: Any) -> None:
        """The next try, later each time; after the last step the record counts as stalled."""
        moment, step = self.moment(), record.tries
        if step < len(BACK_OFF):
            changes["next_try"] = moment + BACK_OFF[step]
        else:
            changes |= {"state": _State.STALLED, "next_try": moment + HOURLY}
            sentence = sentence or "平台一直没有给出回执，每小时再问一次。"
        if sentence:
            changes["reason"] = sentence
        if self._write(record, claim=None, tries=step + 1, **changes) and sentence:
            settling.note(record, _What.TROUBLE, sentence, now=moment)

    def _write(self, record: UploadRecord, **changes: Any) -> bool:
        """Write on the record as long as it is still about this request: its content may have changed since."""
        mine = UploadRecord.objects.filter(pk=record.pk, request_id=record.request_id)
        return mine.update(**changes) == 1

    def _calm(self) -> None:
        """The platform answered: whatever was the matter is over."""
        self._in_a_row = 0
        if self.platform.troubles or self.platform.trouble:
            self.platform.troubles, self.platform.trouble = 0, ""
            Platform.objects.filter(pk=self.platform.pk).update(troubles=0, trouble="", paused_until=None)
