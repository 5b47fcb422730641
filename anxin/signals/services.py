"""What a person decides about a known site. Each is one transaction and one journal entry."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from anxin.evidence.journal import Actor, record
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project
from anxin.signals.models import KnownSite, SiteDecision


def match_site(site: KnownSite, *, project: Project, actor: Actor, now: dt.datetime) -> SiteDecision:
    """Say that the site is this project; an earlier decision ends."""
    return _decide(site, project, "", f"确认工地“{site.name}”就是项目“{project.name}”", actor, now)


def exempt_site(site: KnownSite, *, reason: str, actor: Actor, now: dt.datetime) -> SiteDecision:
    """Say that the site is under no supervision here, and why; an earlier decision ends."""
    reason = reason.strip()
    if len(reason) < 4:
        raise Refused("请写明为什么不需要纳入监管，不少于4个字。", field="reason")
    if len(reason) > 200:
        raise Refused("理由不能超过200个字，请删减。", field="reason")
    return _decide(site, None, reason, f"工地“{site.name}”不纳入监管：{reason}", actor, now)


def take_back_decision(site: KnownSite, *, actor: Actor, now: dt.datetime) -> None:
    """Undo what was decided: the site is again held against the register by number and name."""
    with transaction.atomic():
        ended = SiteDecision.objects.filter(
            source=site.source, number=site.number, ended_at__isnull=True
        ).update(ended_at=now)
        if not ended:
            raise Refused("这个工地没有可以撤回的决定。")
        _record(site, f"撤回对工地“{site.name}”的决定", {}, actor, now)


def _decide(
    site: KnownSite, project: Project | None, reason: str, summary: str, actor: Actor, now: dt.datetime
) -> SiteDecision:
    with transaction.atomic():
        here = SiteDecision.objects.filter(source=site.source, number=site.number, ended_at__isnull=True)
        here.update(ended_at=now)
        decision = SiteDecision.objects.create(
            source=site.source,
            number=site.number,
            project=project,
            reason=reason,
            decided_by_name=actor.name,
            decided_at=now,
        )
        _record(site, summary, {"project": project.pk if project else None, "reason": reason}, actor, now)
    return decision


def _record(site: KnownSite, summary: str, after: dict[str, object], actor: Actor, now: dt.datetime) -> None:
    record(
        actor=actor,
        action="signals.site_decided",
        object_type="known_site",
        object_id=f"{site.source}:{site.number}",
        summary=summary,
        now=now,
        after=after,
    )
