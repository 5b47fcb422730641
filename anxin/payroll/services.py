"""Seeing a payroll line's identifiers in full. Lines themselves arrive through :mod:`anxin.payroll.imports`."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.models import User
from anxin.payroll.models import PayrollLine
from anxin.workforce.services import unmask_on


def unmask(line: PayrollLine, field: str, *, purpose: str, user: User, now: dt.datetime) -> str:
    """The line's ``name`` or ``bank_card`` in full; needs the permission on its project and a purpose."""
    project = line.payroll.project
    return unmask_on(project, line, field, person=line.name, purpose=purpose, user=user, now=now)
