"""An inspection case beside its steps: two inspectors, and what was found to be owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from anxin.accounts.access import DECIDE, HANDLE, actor
from anxin.accounts.models import User
from anxin.casework.access import acts_on
from anxin.casework.flow import locked
from anxin.casework.models import Matter
from anxin.enforcement.models import Arrears, Inspector
from anxin.evidence import journal
from anxin.kernel.refusal import Refused
from anxin.law import Law

INSPECTORS_MIN = "inspection.inspectors_min"
#: procedures on whose matters this help is offered
HELPED = ("inspection_case", "leniency_check", "crime_transfer")
_NAME, _CERTIFICATE, _SOURCE = 40, 40, 200
_MOST = 1_000_000
#: how many matters before one are looked at
_BACK = 6


def inspectors_missing(matter: Matter, on: dt.date, law: Law) -> str:
    """What the step that assigns a case waits for; empty where enough inspectors are named."""
    value = law.value(INSPECTORS_MIN, on, matter.region_id)
    named = sum(one.until is None for one in matter.inspectors.all())
    if named >= int(value.value):
        return ""
    return f"调查检查不得少于{value.value}名监察员（{value.reference}），现指定{named}名，请先在“办案辅助”中指定。"


def name_inspectors(
    matter: Matter, people: Sequence[tuple[str, str]], *, on: dt.date, by: User, now: dt.datetime, law: Law
) -> list[Inspector]:
    """Say who investigates, name and card; they replace those named before. Raises :class:`Refused`."""
    least = int(law.value(INSPECTORS_MIN, on, matter.region_id).value)
    cleaned = [(name.strip(), certificate.strip()) for name, certificate in people]
    cleaned = [one for one in cleaned if any(one)]
    for name, certificate in cleaned:
        if not name or not certificate or len(name) > _NAME or len(certificate) > _CERTIFICATE:
            raise Refused("请填写每名监察员的姓名和执法证号。", field="inspectors")
    if len({certificate for _, certificate in cleaned}) < max(least, len(cleaned)):
        raise Refused(f"须指定至少{least}名监察员，执法证号各不相同。", field="inspectors")
    with transaction.atomic():
        held = working(matter, by)
        held.inspectors.filter(until__isnull=True).update(until=now)
        made = [
            Inspector(matter=held, name=name, certificate=certificate, since=now, by_name=str(by)[:80])
            for name, certificate in cleaned
        ]
        Inspector.objects.bulk_create(made)
        names = "、".join(name for name, _ in cleaned)
        note(
            held, "case.inspectors", f"指定监察员：{names}", by, now, {"inspectors": [c for _, c in cleaned]}
        )
    return made


def record_arrears(
    matter: Matter, *, people: int, months: int, total_fen: int, single_fen: int, source: str, by: User,
    now: dt.datetime, lines: Sequence[Mapping[str, Any]] = (),
) -> Arrears:  # fmt: skip
    """What was found to be owed, by which papers; it supersedes what was found before. Raises :class:`Refused`.

    ``lines`` are the people it adds up from, where they were found one by one (``finding.register``).
    """
    if not 1 <= people <= _MOST:
        raise Refused("请填写被拖欠的人数，至少1人。", field="people")
    if not 0 <= months <= 600:
        raise Refused("请填写拖欠了几个月，不满一个月的填0。", field="months")
    if single_fen <= 0 or total_fen < single_fen or total_fen > single_fen * people:
        raise Refused("合计金额应在最多一人的金额和它乘以人数之间，请核对。", field="total_fen")
    if not source.strip() or len(source.strip()) > _SOURCE:
        raise Refused(f"请写明依据（如欠薪明细表），不超过{_SOURCE}字。", field="source")
    with transaction.atomic():
        held = working(matter, by)
        held.arrears.filter(superseded_at__isnull=True).update(superseded_at=now)
        made = Arrears.objects.create(
            matter=held, people=people, months=months, total_fen=total_fen, single_fen=single_fen,
            source=source.strip(), lines=list(lines), recorded_at=now, by_name=str(by)[:80],
        )  # fmt: skip
        after = {"people": people, "months": months, "total_fen": total_fen, "single_fen": single_fen}
        note(held, "case.arrears", f"查明欠薪{people}人", by, now, after)
    return made


def arrears_of(matter: Matter) -> Arrears | None:
    """What was found last, in this matter or in the one it follows: nothing is entered twice."""
    return arrears_of_all([matter]).get(matter.pk)


def arrears_of_all(matters: Sequence[Matter]) -> dict[int, Arrears]:
    """The same of many, by their keys, without those that found nothing; one query."""
    rows = Arrears.objects.filter(
        matter__in={pk for matter in matters for pk in cases_of(matter)}, superseded_at__isnull=True
    )
    found = {one.matter_id: one for one in rows.select_related("matter")}
    own = (
        (matter.pk, next((found[pk] for pk in cases_of(matter) if pk in found), None)) for matter in matters
    )
    return {pk: arrears for pk, arrears in own if arrears is not None}


def cases_of(matter: Matter) -> list[int]:
    """The matter and the one it follows: what was registered there counts here."""
    return [pk for pk in (matter.pk, matter.follows_id) if pk]


def lineage(matter: Matter) -> list[int]:
    """The matter and those it came from, the nearest first; one query. A complaint, its case and what follows are fewer."""
    back = [f"{'follows__' * step}follows_id" for step in range(_BACK)]
    rows = Matter.objects.filter(pk=matter.pk).values_list(*back)
    return [matter.pk, *(pk for pk in rows.get() if pk)]


def working(matter: Matter, by: User) -> Matter:
    """The matter, locked, where this person works on it and it is open."""
    held = locked(matter.pk)
    if not any(acts_on(by, one, held) for one in (HANDLE, DECIDE)):
        raise Refused(f"本件由{held.lead}牵头办理，您没有办理权限，请联系{held.lead}。")
    if held.closed_on is not None:
        raise Refused("本件已经办结，不再改动。")
    return held


def note(
    matter: Matter, action: str, said: str, by: User, now: dt.datetime, after: Mapping[str, object]
) -> None:
    """One journal entry about a case."""
    journal.record(
        actor=actor(by), action=action, object_type="matter", object_id=matter.pk,
        summary=f"{matter.number}：{said}", now=now, after=dict(after),
    )  # fmt: skip
