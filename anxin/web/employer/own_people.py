"""A subcontractor's file speaks of its own people alone: rows of other employers' people keep the file out."""

from __future__ import annotations

from anxin.accounts.access import employers_of
from anxin.accounts.models import User
from anxin.evidence.sealing import finder
from anxin.registry.models import Employer, Project
from anxin.sheets import Recognition
from anxin.workforce.models import Enrolment
from anxin.workforce.people import plain_name

_ROWS_NAMED = 5


def others_in(recognition: Recognition, kind: str, user: User, project: Project) -> str:
    """Why the file is not taken, in a sentence with its rows; empty where it names nobody else's people.

    Attendance: people whom the roster has with other employers only. A roster: rows that name another employer.
    """
    rows = _rows_of_others(recognition, kind, user, project)
    if not rows:
        return ""
    shown = "、".join(str(row) for row in rows[:_ROWS_NAMED])
    more = f"等{len(rows)}行" if len(rows) > _ROWS_NAMED else ""
    return f"第{shown}行{more}是其他单位的人员，请只保留本单位的人员后再上传。"


def _rows_of_others(recognition: Recognition, kind: str, user: User, project: Project) -> list[int]:
    own = employers_of(user)
    if kind == "roster":
        names = {
            plain_name(name) for name in Employer.objects.filter(uscc__in=own).values_list("name", flat=True)
        }
        stated = [(row.number, plain_name(row.values.get("employer") or "")) for row in recognition.rows]
        return [number for number, name in stated if name and name not in names]
    ours, theirs = _people(project, own)
    find = finder("id")
    found = []
    for row in recognition.rows:
        number = row.values.get("id_number")
        key = find(number) if number else plain_name(row.values.get("name") or "")
        if key in theirs and key not in ours:
            found.append(row.number)
    return found


def _people(project: Project, own: list[str]) -> tuple[set[str], set[str]]:
    """Hashes of ID numbers and names on the roster: of these employers, and of all others."""
    ours: set[str] = set()
    theirs: set[str] = set()
    rows = Enrolment.objects.filter(project=project, superseded_at__isnull=True)
    for uscc, id_hash, name in rows.values_list("employer__uscc", "worker__id_hash", "worker__name"):
        (ours if uscc in own else theirs).update((id_hash, plain_name(name)))
    return ours, theirs
