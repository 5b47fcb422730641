"""One call from its beginning to its end: budget, effect once, trial without effect, and the trace it leaves."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from anxin.connections.models import ApiCall, ApiKey, CallBudget, KeptAnswer, UsedNonce
from anxin.connections.refusals import CallRefused
from anxin.connections.signing import WINDOW
from anxin.evidence import bulk
from anxin.local_law.queries import current

_IDEMPOTENCY = re.compile(r"^[A-Za-z0-9._-]{8,80}$")
_CALL = 1000
#: how long an answer is kept: longer than any sender tries again
ANSWERS_KEPT = dt.timedelta(days=90)
#: traces removed in one look, so that a look stays short however many had come
_AT_ONCE = 50_000


@dataclass(frozen=True)
class Answer:
    """What goes back: the HTTP status and the body as JSON text. ``repeated``: from what was kept."""

    status: int
    body: str
    repeated: bool = False


def spend(key: ApiKey, *, now: dt.datetime) -> None:
    """Take one call from the key's budget. Raises :class:`CallRefused` when none is left."""
    limit = key.calls_per_minute * _CALL
    with transaction.atomic():
        CallBudget.objects.get_or_create(key=key, defaults={"thousandths": limit, "at": now})
        budget = CallBudget.objects.select_for_update().get(pk=key.pk)
        gained = int(max((now - budget.at).total_seconds(), 0) * limit / 60)
        left = min(limit, budget.thousandths + gained) - _CALL
        if left >= 0:
            budget.thousandths, budget.at = left, max(now, budget.at)
            budget.save(update_fields=["thousandths", "at"])
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
            return
    seconds = -(left * 60) // limit + 1
    raise CallRefused("too_many_calls", retry_after=seconds, limit=key.calls_per_minute, seconds=seconds)


def once(
    key: ApiKey,
    *,
    idempotency_key: str,
    request: bytes,
    effect: Callable[[], tuple[int, str]],
    now: dt.datetime,
) -> Answer:
    """Do the effect once for this word of the caller, and give the same answer to every repetition.

    ``request`` is all that makes the call this one (method, path, body). Effect and answer are one transaction:
    a call that is cut off has done nothing and may be sent again; of two at the same time one waits for the
    other. A refusal (an exception from ``effect``) is not kept. For a sandbox key the effect is taken back once
    the answer is known; the answer is kept, so that sending again can be tried. Raises :class:`CallRefused`.
    """
    if not _IDEMPOTENCY.match(idempotency_key):
        raise CallRefused("idempotency_missing")
    digest = hashlib.sha256(request).hexdigest()
    try:
        with transaction.atomic():
            kept = KeptAnswer(
                key=key, idempotency_key=idempotency_key, request_hash=digest, status=0, body="", at=now
            )
            kept.save(force_insert=True)  # a second call with the same word waits here for the first
            with transaction.atomic():
                kept.status, kept.body = effect()
                if key.sandbox:
                    transaction.set_rollback(True)
            kept.save(update_fields=["status", "body"])
            return Answer(kept.status, kept.body)
    except IntegrityError:
        earlier = KeptAnswer.objects.filter(key=key, idempotency_key=idempotency_key).first()
        if earlier is None:
            raise  # not our word that was doubled
    if earlier.request_hash != digest:
        raise CallRefused("idempotency_conflict")
    return Answer(earlier.status, earlier.body, repeated=True)


def trace(call: ApiCall) -> None:
    """Keep the call's trace."""
    call.path = call.path[:200]
    call.save(force_insert=True)


def forget(now: dt.datetime) -> int:
    """Remove what no call can need any more; returns how many rows."""
    nonces, _ = UsedNonce.objects.filter(at__lt=now - 2 * WINDOW).delete()
    answers, _ = KeptAnswer.objects.filter(at__lt=now - ANSWERS_KEPT).delete()
    return nonces + answers + _forget_traces(now)


def _forget_traces(now: dt.datetime) -> int:
    """Traces past their days; of calls that nobody signed, whoever sends them, only the latest so many."""
    kept = current().value("interface.call_log", now.date()).value
    unknown = ApiCall.objects.filter(key__isnull=True)
    limit = now - dt.timedelta(days=kept["unknown_days"])
    # "unknown" keys come by the index of key and number, "older than" by that of key and moment
    surplus = unknown.order_by("-pk").values_list("pk", flat=True)[kept["unknown_most"] :][:1]
    going = set(unknown.filter(at__lt=limit).values_list("pk", flat=True)[:_AT_ONCE])
    for newest in surplus:
        going |= set(unknown.filter(pk__lte=newest).order_by("-pk").values_list("pk", flat=True)[:_AT_ONCE])
    limit = now - dt.timedelta(days=kept["known_days"])
    first = ApiCall.objects.order_by("pk").first()
    if first is not None and first.at < limit:
        oldest = ApiCall.objects.order_by("pk").values_list("pk", "at", "key")[:_AT_ONCE]
        going |= {pk for pk, at, key in oldest if key and at < limit}
    for piece in bulk.chunks(going):
        ApiCall.objects.filter(pk__in=piece).delete()
    return len(going)
