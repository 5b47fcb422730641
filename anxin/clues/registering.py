"""A clue that an officer writes down: who may, what it may be the same as, and how it is taken in."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from anxin.accounts.access import HANDLE, IMPORT, Scope, actor, scopes
from anxin.accounts.models import User
from anxin.clues.access import visible_clues
from anxin.clues.intake import Given, Voice, take_in
from anxin.clues.models import Claimant, Clue, Telling
from anxin.evidence.sealing import finding_hash
from anxin.kernel.identifiers import phone_problem
from anxin.kernel.refusal import Refused

#: how far back the same telephone, project or employer may mean the same dispute
LOOKS_BACK = dt.timedelta(days=180)
#: hints shown at most, the latest first
MOST = 12
#: what an officer writes down; scanning has its own door
CHANNELS = (
    Clue.Channel.TELEPHONE,
    Clue.Channel.VISIT,
    Clue.Channel.POLICE,
    Clue.Channel.GRID,
    Clue.Channel.HOTLINE,
    Clue.Channel.PLATFORM,
)


@dataclass(frozen=True)
class Hint:
    """An earlier clue that the new one may be, with the reasons in words."""

    clue: Clue
    reasons: Sequence[str]


def hints(voice: Voice, user: User, *, now: dt.datetime, id_hashes: Iterable[str] = ()) -> list[Hint]:
    """Earlier clues within this person's scope that agree with the voice, the latest first; three queries at most.

    ``id_hashes`` are those of the people of a group (``finding_hash("id", …)``).
    """
    recent = visible_clues(user).filter(received_at__gte=now - LOOKS_BACK)
    reasons: dict[int, list[str]] = defaultdict(list)
    if voice.phone and phone_problem(voice.phone) is None:
        said = Telling.objects.filter(
            phone_hash=finding_hash("phone", voice.phone), superseded_at__isnull=True
        )
        for pk in recent.filter(pk__in=said.values("clue_id")).order_by().values_list("pk", flat=True):
            reasons[pk].append("同一个电话")
    if people := set(id_hashes):
        met: dict[int, set[str]] = defaultdict(set)
        listed = Claimant.objects.filter(id_hash__in=people, left_at__isnull=True, clue__in=recent)
        for pk, person in listed.values_list("clue_id", "id_hash"):
            met[pk].add(person)
        for pk, known in met.items():
            reasons[pk].append(f"名单里有{len(known)}个相同的人")
    same = _same(voice, reasons)
    found = recent.filter(same).order_by("-received_at", "-pk")[:MOST] if same else []
    return [Hint(clue, [*reasons[clue.pk], *_register_reasons(voice, clue)]) for clue in found]


def may_register(user: User, voice: Voice) -> bool:
    """Whether this person takes clues in there: who works the place or delivers for it; a trade needs its project."""
    return any(_covers(scope, voice) for permission in (HANDLE, IMPORT) for scope in scopes(user, permission))


def register_clue(voice: Voice, *, by: User, now: dt.datetime) -> Clue:
    """Write down what somebody told an officer; it is read like every other. Raises :class:`Refused`."""
    if voice.channel not in {str(one) for one in CHANNELS}:
        raise Refused("请选择这条线索是从哪里来的。", field="channel")
    if voice.received_at > now:
        raise Refused("接收时间不能晚于现在，请核对。", field="on")
    if not may_register(by, voice):
        raise Refused("这个地区不在您负责的范围内，请交由该地区登记。", field="region")
    with transaction.atomic():
        _refuse_known(voice, by)
        (clue,) = take_in([voice], actor=actor(by), now=now)
    return clue


def clue_from_facts(voice: Voice, known: Mapping[str, Any], *, why: str, by: User, now: dt.datetime) -> Clue:
    """A clue nobody told: ``known`` values by field stand like a person's word. Raises :class:`Refused`.

    The sender's number names what it comes from, so that it comes once.
    """
    with transaction.atomic():
        _refuse_known(voice, by)
        told = replace(voice, given=Given(known, why, str(by)))
        (clue,) = take_in([told], actor=actor(by), now=now)
    return clue


def received_on(day: dt.date, now: dt.datetime) -> dt.datetime:
    """The moment of a day that is stated without an hour: now if it is today, else its first minute."""
    today = timezone.localtime(now).date()
    return now if day == today else timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _same(voice: Voice, reasons: dict[int, list[str]]) -> Q:
    same = Q(pk__in=list(reasons)) if reasons else Q()
    if voice.project is not None:
        same |= Q(project=voice.project)
    if voice.employer is not None:
        same |= Q(employer=voice.employer)
    return same


def _register_reasons(voice: Voice, clue: Clue) -> list[str]:
    found = []
    if voice.project is not None and clue.project_id == voice.project.pk:
        found.append("同一个项目")
    if voice.employer is not None and clue.employer_id == voice.employer.pk:
        found.append("同一个用人单位")
    return found


def _covers(scope: Scope, voice: Voice) -> bool:
    if not (scope.industry or scope.organisation):
        return voice.region.startswith(scope.region)
    if voice.project is None:
        return False
    body = voice.project.responsible
    return scope.covers(
        region=voice.project.region_id,
        industry=voice.project.industry,
        organisation=body.code if body else "",
    )


def _refuse_known(voice: Voice, by: User) -> None:
    """The sender's number is known already: on one's own desk, or somewhere else."""
    if not voice.sender_number:
        return
    known = Clue.objects.filter(channel=voice.channel, sender_number=voice.sender_number).first()
    if known is None:
        return
    seen = visible_clues(by).filter(pk=known.pk).exists()
    where = f"，编号是{known.number}" if seen else "，由其他地区登记"
    raise Refused(f"来件编号“{voice.sender_number}”已经登记过{where}。", field="sender_number")
