"""What the console reads of keys and of what was called with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from anxin.connections.models import ApiCall, ApiKey
from anxin.connections.scopes import SCOPES
from anxin.connections.services import holder_name
from anxin.registry.models import Organisation

#: how a call ended → the statuses that say so
ENDS = {"done": "已处理", "refused": "被拒绝", "failed": "系统出错"}
LIVE, ENDING, ENDED, WITHDRAWN = "live", "ending", "ended", "withdrawn"
STATES = {LIVE: "在用", ENDING: "即将到期", ENDED: "已到期", WITHDRAWN: "已停用"}


@dataclass(frozen=True)
class KeyRow:
    """One key in words, with how many calls came in the last day and how many of them were refused."""

    key: ApiKey
    holder: str
    scopes: list[str]
    state: str
    calls: int
    refused: int

    @property
    def kind(self) -> str:
        """What sort of holder it is, with a hotline's place."""
        body = self.key.organisation
        if body is None:
            return "闸机厂商"
        place = f"，{body.region}" if body.kind == Organisation.Kind.HOTLINE and body.region else ""
        return f"{body.get_kind_display()}{place}"

    @property
    def state_word(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class CallFilters:
    """What narrows the call log; an empty part narrows nothing. ``until`` is the last day that counts."""

    key: int | None = None
    end: str = ""
    code: str = ""
    since: dt.datetime | None = None
    before: dt.datetime | None = None


def keys() -> QuerySet[ApiKey]:
    """All keys, the latest first."""
    return ApiKey.objects.select_related("organisation__region", "follows").order_by("-pk")


def key_rows(found: Sequence[ApiKey], *, now: dt.datetime) -> list[KeyRow]:
    """Rows for these keys; one query more, however many."""
    day = now - dt.timedelta(days=1)
    counts = {
        key: (calls, refused)
        for key, calls, refused in ApiCall.objects.filter(key__in=found, at__gte=day)
        .values_list("key")
        .annotate(calls=Count("pk"), refused=Count("pk", filter=Q(status__gte=400)))
        .order_by()
    }
    return [
        KeyRow(key, holder_name(key), scope_words(key), state_of(key, now), *counts.get(key.pk, (0, 0)))
        for key in found
    ]


def scope_words(key: ApiKey) -> list[str]:
    """What the key may be used for, as people read it."""
    return [SCOPES[scope] for scope in key.scopes if scope in SCOPES]


def state_of(key: ApiKey, now: dt.datetime) -> str:
    """Whether the key is taken now, and whether it will soon not be."""
    if key.withdrawn_at is not None:
        return WITHDRAWN
    if key.expires_at is None:
        return LIVE
    if key.expires_at <= now:
        return ENDED
    return ENDING if key.expires_at <= now + dt.timedelta(days=30) else LIVE


def calls(filters: CallFilters) -> QuerySet[ApiCall]:
    """The calls, latest first."""
    found = ApiCall.objects.select_related("key__organisation").order_by("-pk")
    if filters.key is not None:
        found = found.filter(key=filters.key)
    if filters.end == "done":
        found = found.filter(status__lt=400)
    elif filters.end == "refused":
        found = found.filter(status__gte=400, status__lt=500)
    elif filters.end == "failed":
        found = found.filter(status__gte=500)
    if filters.code:
        found = found.filter(code=filters.code)
    if filters.since is not None:
        found = found.filter(at__gte=filters.since)
    if filters.before is not None:
        found = found.filter(at__lt=filters.before)
    return found
