"""Journal entries of cases, and a case held until the transaction ends."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.arbitration.access import require_works
from anxin.arbitration.models import ArbitrationCase
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused


def note(
    case: ArbitrationCase,
    action: str,
    said: str,
    *,
    by: User,
    now: dt.datetime,
    after: dict[str, object] | None = None,
) -> None:
    """One journal entry about a case; numbers and days only, never a person's name."""
    record(
        actor=actor(by),
        action=f"arbitration.{action}",
        object_type="arbitration_case",
        object_id=case.pk,
        summary=f"{case}：{said}",
        now=now,
        after=after or {},
    )


def held(case: ArbitrationCase, by: User) -> ArbitrationCase:
    """The case, held until the transaction ends, for who works it. Raises :class:`Refused`."""
    rows = ArbitrationCase.objects.select_for_update(of=("self",)).select_related(
        "matter__lead", "matter__region", "matter__project", "matter__employer", "region", "employer"
    )
    found = rows.filter(pk=case.pk).first()
    if found is None:
        raise Refused("没有这件仲裁，请从列表中重新打开。")
    require_works(by, found)
    return found
