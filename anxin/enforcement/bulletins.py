"""Draft bulletins, and the joint interview that a person opens from one. Nothing here happens by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from anxin.accounts.access import actor, any_of
from anxin.accounts.models import User
from anxin.casework import services as casework
from anxin.casework.models import Matter
from anxin.enforcement.models import Bulletin
from anxin.enforcement.thresholds import RULES, may_count, reached, whole_places
from anxin.evidence import journal
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.registry.models import Employer, Organisation, Region

PROCEDURE = "interview"


def visible_bulletins(user: User) -> QuerySet[Bulletin]:
    """The bulletins about places for which this person answers as a whole."""
    here = any_of(Q(region__code__startswith=one.region) if one.region else Q() for one in whole_places(user))
    return Bulletin.objects.filter(here).select_related(
        "employer", "region", "lead", "drafted_by", "interview"
    )


def draft_bulletin(
    *, kind: str, employer: Employer, month: Month, region: Region, lead: Organisation, by: User, now: dt.datetime,
    law: Law,
) -> Bulletin:  # fmt: skip
    """Keep what was counted, with the rule and the rows, as a draft. Raises :class:`Refused`."""
    if not may_count(by, region):
        raise Refused(f"通报由负责{region}全部事项的同事起草，您没有权限。")
    found = next(
        (
            one
            for one in reached(month, region, law)
            if (one.line.kind, one.employer.pk) == (kind, employer.pk)
        ),
        None,
    )
    if found is None:
        raise Refused(f"{employer}在{month.chinese()}没有到通报的线，请刷新页面后核对。")
    if found.bulletin is not None:
        raise Refused(f"{employer}{month.chinese()}的这项通报已经起草，请打开查看。")
    with transaction.atomic():
        bulletin = Bulletin.objects.create(
            kind=kind, employer=employer, month=str(month), region=region, lead=lead, count=found.count,
            line=found.line.words, rule=RULES[kind], rows=found.rows, drafted_by=by, drafted_at=now,
        )  # fmt: skip
        after = {"employer": employer.pk, "month": str(month), "region": region.code, "count": found.count}
        _note(
            bulletin, "bulletin.drafted", f"起草通报：{found.count}，线为{found.line.words}", by, now, after
        )
    return bulletin


def open_interview(
    bulletin: Bulletin, *, supporting: Sequence[Organisation], by: User, now: dt.datetime, law: Law
) -> Matter:
    """Open the joint interview of the employer, with the bodies that take part. Raises :class:`Refused`."""
    with transaction.atomic():
        held = (
            Bulletin.objects.select_for_update(of=("self",))
            .select_related("employer", "region", "lead")
            .get(pk=bulletin.pk)
        )
        if held.interview_id is not None:
            raise Refused("已经由这份通报开始约谈，请打开约谈事项。")
        month = Month.parse(held.month).chinese()
        matter = casework.open_matter(
            procedure=PROCEDURE, title=f"约谈{held.employer}：{month}{held.get_kind_display()}（{held.count}）"[:200],
            region=held.region, lead=held.lead, by=by, on=timezone.localdate(now), now=now, law=law,
            supporting=supporting, employer=held.employer, handler=by,
        )  # fmt: skip
        held.interview = matter
        held.save(update_fields=["interview"])
        _note(held, "bulletin.interview", f"开始约谈：{matter.number}", by, now, {"matter": matter.pk})
    return matter


def _note(
    bulletin: Bulletin, action: str, said: str, by: User, now: dt.datetime, after: dict[str, object]
) -> None:
    journal.record(
        actor=actor(by), action=action, object_type="bulletin", object_id=bulletin.pk,
        summary=f"{bulletin.employer}{bulletin.month}：{said}"[:500], now=now, after=after,
    )  # fmt: skip
