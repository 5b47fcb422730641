"""How a fact about money is written by hand: inserted, the one it replaces ended, both journalled at once."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.db import transaction

from anxin.evidence.journal import Actor, record
from anxin.evidence.models import Recorded
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project

#: the action under which every change here is journalled; sweeps of the touched projects react to it
RECORDED = "funds.recorded"
R = TypeVar("R", bound=Recorded)


def in_order(first: dt.date, last: dt.date | None, last_title: str, first_title: str, field: str) -> None:
    """Refuse a last day before the first one."""
    if last is not None and last < first:
        raise Refused(f"{last_title}{last}早于{first_title}{first}，请核对。", field=field)


def save(new: R, replaces: R | None, project: Project, summary: str, actor: Actor, now: dt.datetime) -> R:
    """Insert ``new``, end ``replaces``, and journal both in one transaction."""
    with transaction.atomic():
        if replaces is not None:
            end(replaces, now, project)
        new.save(force_insert=True)
        record(
            actor=actor,
            action=RECORDED,
            object_type=type(new).__name__.lower(),
            object_id=new.pk,
            summary=f"{'更正：' if replaces else ''}项目“{project.name}”{summary}",
            now=now,
            before={"id": replaces.pk} if replaces else None,
            after={"id": new.pk, "project_ids": [project.pk]},
        )
    return new


def end(replaced: Recorded, now: dt.datetime, project: Project) -> None:
    """Mark a fact of this project as replaced; refuses where somebody has already done so."""
    ends: dict[str, object] = {"pk": replaced.pk, "project": project, "superseded_at": None}
    if not type(replaced)._default_manager.filter(**ends).update(superseded_at=now):
        raise Refused("要更正的记录已被更正过，请刷新页面后重试。")
