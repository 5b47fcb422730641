"""Where workers of a region find help: desks and telephones, kept by who registers projects there."""

from __future__ import annotations

import datetime as dt
import re

from django.db import transaction
from django.db.models import Q, QuerySet

from anxin.accounts.access import IMPORT, scopes
from anxin.accounts.models import User
from anxin.channels.models_guides import HelpPlace
from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.registry.models import Region

_PHONE = re.compile(r"^[0-9 、，,()（）+-]{3,40}$")


def kept_places(user: User) -> QuerySet[HelpPlace]:
    """The places that this person keeps: those of the regions for which they deliver facts as a whole."""
    condition = Q(pk__in=[])
    for region in _regions(user):
        condition |= Q(region__code__startswith=region)
    return HelpPlace.objects.filter(condition, ended_at__isnull=True).select_related("region")


def add_place(
    *,
    region: Region | None,
    name: str,
    phone: str,
    by: User,
    actor: Actor,
    now: dt.datetime,
    address: str = "",
    hours: str = "",
) -> HelpPlace:
    """Add a desk or telephone; readers of that region see it at once."""
    name, phone = " ".join(name.split()), " ".join(phone.split())
    if region is None or not any(region.code.startswith(one) for one in _regions(by)):
        raise Refused("没有这个地区代码，或不在您的管辖范围内。", field="region")
    if not name:
        raise Refused("请填写名称，例如：云城区劳动保障监察大队。", field="name")
    if not _PHONE.match(phone):
        raise Refused("请填写电话，只写数字、空格、括号和横线。", field="phone")
    with transaction.atomic():
        place = HelpPlace.objects.create(
            region=region,
            name=name[:60],
            phone=phone,
            address=address.strip()[:120],
            hours=hours.strip()[:60],
            recorded_at=now,
            recorded_by_name=actor.name,
        )
        _record(place, "help_place.added", f"登记受理点“{place.name}”", actor, now)
    return place


def end_place(place: HelpPlace, *, actor: Actor, now: dt.datetime) -> None:
    """Take a place off the guides; its row stays."""
    with transaction.atomic():
        if not HelpPlace.objects.filter(pk=place.pk, ended_at__isnull=True).update(ended_at=now):
            raise Refused("这个受理点已经停用了。")
        _record(place, "help_place.ended", f"停用受理点“{place.name}”", actor, now)


def _regions(user: User) -> list[str]:
    return [one.region for one in scopes(user, IMPORT) if not (one.industry or one.organisation)]


def _record(place: HelpPlace, action: str, summary: str, actor: Actor, now: dt.datetime) -> None:
    journal.record(
        actor=actor,
        action=action,
        object_type="help_place",
        object_id=place.pk,
        summary=summary,
        now=now,
        after={"region": place.region_id, "phone": place.phone},
    )
