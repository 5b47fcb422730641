"""A queue that stands still is told to people, not found by chance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from anxin.accounts.access import IMPORT, MANAGE, MAY
from anxin.accounts.models import User
from anxin.exchange.models import Platform, UploadRecord
from anxin.notices import kinds, services
from anxin.notices.models import ChannelName
from anxin.notices.outline import Outline

STALLED = kinds.register(
    kinds.Kind(
        "upload_stalled",
        "报送停滞",
        "向上级平台的报送一段时间没有进展",
        frozenset({str(ChannelName.EMAIL), str(ChannelName.WEBHOOK)}),
    )
)
_State = UploadRecord.State


@dataclass(frozen=True)
class Stall:
    """A platform's queue without progress: so many records wait, since when."""

    platform: Platform
    waiting: int
    since: dt.datetime


def stalled(platform: Platform, now: dt.datetime) -> Stall | None:
    """The stall of a platform, or ``None``: off, nothing to do, or answered lately.

    Records that wait for another one, which came back, are not counted: they are mended, not delivered.
    """
    if not platform.enabled:
        return None
    limit = now - dt.timedelta(minutes=platform.stall_minutes)
    since = max(filter(None, (platform.progress_at, platform.enabled_at)), default=None)
    if since is not None and since > limit:
        return None
    missing = UploadRecord.objects.filter(needed_by=OuterRef("pk"), accepted_at__isnull=True)
    waiting = UploadRecord.objects.filter(
        ~Exists(missing),
        platform=platform,
        state__in=(_State.QUEUED, _State.SENT, _State.STALLED),
        queued_at__lte=limit,
    )
    count = waiting.count()
    if not count:
        return None
    oldest = waiting.order_by("queued_at").values_list("queued_at", flat=True).first()
    return Stall(platform, count, max(filter(None, (since, oldest))))


def raise_alarms(now: dt.datetime) -> int:
    """Tell the administrators and those who deliver files of every stall, once each; returns new notices."""
    told = 0
    for platform in Platform.objects.filter(enabled=True).order_by("pk"):
        stall = stalled(platform, now)
        if stall is not None:
            told += len(services.send_many(_messages(stall), now=now))
    return told


def _messages(stall: Stall) -> list[services.Message]:
    platform = stall.platform
    since = timezone.localtime(stall.since)
    why = platform.trouble or "平台没有给出回执，或任务进程没有运行。"
    # One occasion per stand-still: progress in between makes the next one another.
    anchor = platform.progress_at or platform.enabled_at
    key = f"upload:{platform.pk}:stalled:{anchor.isoformat() if anchor else ''}"
    return [
        services.Message(
            to=user,
            kind=STALLED.key,
            title=f"向“{platform.name}”的报送自{since:%m月%d日%H:%M}起没有进展，有{stall.waiting}条在等",
            body=why,
            once_key=key[:160],
            link="/system/uploads",
            about=("platform", platform.pk),
            outline=Outline(count=stall.waiting),
        )
        for user in _to_be_told(platform)
    ]


def _to_be_told(platform: Platform) -> list[User]:
    """Who can do something about it: administrators, and who delivers files in the platform's region."""
    roles = {role for role, may in MAY.items() if MANAGE in may}
    clerks = {role for role, may in MAY.items() if IMPORT in may}
    wanted = Q(grants__role__in=roles)
    near = Q(grants__role__in=clerks)
    if platform.region:
        above = [platform.region[:length] for length in range(len(platform.region))]
        near &= Q(grants__region__startswith=platform.region) | Q(grants__region__in=above)
    return list(User.objects.filter(wanted | near, is_active=True).distinct().order_by("pk"))
