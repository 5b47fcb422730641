"""What the page of a due date is made of: shared by the modules that find due dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from anxin.accounts.models import User
from anxin.law import Deadline, Law, Pause
from anxin.registry.models import Project
from anxin.web.bureau.due_calendar import DrawnMonth, drawn


@dataclass(frozen=True)
class Part:
    """One due date of the page. ``problem`` says in a sentence why there is none."""

    heading: str
    deadline: Deadline | None = None
    months: list[DrawnMonth] = field(default_factory=list)
    problem: str = ""
    #: what the first marked day is, where it is no 起算日
    start_word: str = ""


@dataclass(frozen=True)
class Shown:
    """What a due date's page says. ``about`` is where it stands, as (address, words)."""

    name: str
    about: tuple[str, str]
    due: dt.date | dt.datetime | None
    parts: list[Part]
    standing: str = ""
    notes: tuple[str, ...] = ()


Kind = Callable[[User, int, str, Law], Shown | None]


def part_of(
    law: Law,
    deadline: Deadline,
    pauses: Sequence[Pause] = (),
    heading: str | None = None,
    start_word: str = "",
) -> Part:
    said = deadline.name if heading is None else heading
    return Part(said, deadline, drawn(law, deadline, pauses, start_word=start_word), start_word=start_word)


def project_place(project: Project) -> tuple[str, str]:
    return reverse("project", args=[project.pk]), project.name
