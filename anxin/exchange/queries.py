"""What pages read about reporting. People leave here masked; numbers cost a constant number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from anxin.accounts.access import VIEW, may
from anxin.accounts.models import User
from anxin.evidence.journal import Actor
from anxin.exchange.access import visible_records
from anxin.exchange.models import PackageImport, Platform, UploadRecord
from anxin.exchange.uploads.alarms import stalled

_State = UploadRecord.State
WAITING = (_State.QUEUED, _State.SENT, _State.STALLED)


@dataclass(frozen=True)
class PlatformRow:
    """A platform with the numbers of the records this person may see; ``standing_still`` is about all of them."""

    platform: Platform
    queued: int
    sent: int
    accepted: int
    rejected: int
    stalled: int
    oldest: dt.datetime | None
    standing_still: bool


@dataclass(frozen=True)
class RecordFilters:
    """What narrows the list of records; an empty part narrows nothing."""

    platform: str = ""
    kind: str = ""
    state: str = ""
    text: str = ""


def platforms(user: User, now: dt.datetime) -> list[PlatformRow]:
    """Every platform with its numbers. Who sets platforms up and sees no people gets numbers over everything."""
    seen = visible_records(user) if may(user, VIEW) else UploadRecord.objects.all()
    rows = seen.values("platform_id", "state").annotate(count=Count("pk"), oldest=Min("queued_at"))
    numbers = {(row["platform_id"], row["state"]): (row["count"], row["oldest"]) for row in rows}
    found = []
    for platform in Platform.objects.order_by("pk"):
        counts = {state: numbers.get((platform.pk, state), (0, None)) for state in _State}
        waits = [counts[state][1] for state in WAITING if counts[state][1]]
        found.append(
            PlatformRow(
                platform,
                counts[_State.QUEUED][0],
                counts[_State.SENT][0],
                counts[_State.ACCEPTED][0],
                counts[_State.REJECTED][0],
                counts[_State.STALLED][0],
                min(waits, default=None),
                stalled(platform, now) is not None,
            )
        )
    return found


def records(user: User, filters: RecordFilters, permission: str = VIEW) -> QuerySet[UploadRecord]:
    """The records that meet the filters, newest first; each with ``missing``, what it waits for."""
    unmet = UploadRecord.objects.filter(accepted_at__isnull=True)
    found = (
        visible_records(user, permission)
        .select_related("platform")
        .prefetch_related(Prefetch("needs", queryset=unmet, to_attr="missing"))
        .order_by("-pk")
    )
    if filters.platform:
        found = found.filter(platform__code=filters.platform)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.state:
        found = found.filter(state=filters.state)
    if text := filters.text.strip():
        found = found.filter(
            Q(title__icontains=text)
            | Q(reason__icontains=text)
            | Q(receipt=text)
            | Q(projects__name__icontains=text)
        ).distinct()
    return found


def package_imports(by: Actor) -> QuerySet[PackageImport]:
    """What this person took in, newest first."""
    return PackageImport.objects.filter(taken_by=by.key).order_by("-pk")
