"""Workers of the invented city speak: boards with site codes, a yes, a no that waits, a no that was answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anxin.agency import services as agency
from anxin.evidence.journal import SYSTEM, Actor
from anxin.evidence.sealing import Sealed
from anxin.payroll.models import PayrollLine
from anxin.registry.models import Project
from anxin.workforce.models import Worker
from anxin.workforce.signin import ID_DIGITS, worker_actor
from anxin.workforce.site_codes import current_site_code, issue_site_code

_CLERK = Actor("demo:clerk", "项目部劳资专管员（演示）")


@dataclass(frozen=True)
class WorkerDoor:
    """What somebody needs to try the workers' pages: all of it invented."""

    site_code: str
    name: str
    digits: str


def boards_and_words(*, now: dt.datetime) -> None:
    """Every site gets its code; three workers of one site have said something about last month."""
    for project in Project.objects.order_by("pk"):
        issue_site_code(project, actor=SYSTEM, now=now)
    lines = _lines_to_speak_to()
    for line, speak in zip(lines[1:], (_yes, _no, _answered_no), strict=False):
        if line.worker is not None:
            speak(line, line.worker, now)  # the first one's word is left to whoever tries it


def worker_door() -> WorkerDoor | None:
    """A worker who can sign in, has been promised a wage and has not answered yet."""
    for line in _lines_to_speak_to()[:1]:
        code, worker = current_site_code(line.payroll.project), line.worker
        if code is not None and worker is not None and isinstance(worker.id_number, Sealed):
            return WorkerDoor(code.code, worker.name, worker.id_number.open()[-ID_DIGITS:])
    return None


def _lines_to_speak_to() -> list[PayrollLine]:
    """The latest month of the first site whose people have phones; the same each time."""
    found = PayrollLine.objects.filter(
        superseded_at__isnull=True, worker__phone__isnull=False, batch__isnull=False
    ).select_related("payroll__project", "worker")
    newest = found.order_by("payroll__project_id", "-payroll__month", "id").first()
    return list(found.filter(payroll=newest.payroll).order_by("id")[:4]) if newest else []


def _yes(line: PayrollLine, worker: Worker, now: dt.datetime) -> None:
    agency.confirm_promise(line, worker=worker, actor=worker_actor(worker), now=now)


def _no(line: PayrollLine, worker: Worker, now: dt.datetime) -> None:
    says = "天数不对；少记了两天"
    agency.contest_promise(line, worker=worker, says=says, actor=worker_actor(worker), now=now)


def _answered_no(line: PayrollLine, worker: Worker, now: dt.datetime) -> None:
    word = agency.contest_promise(
        line, worker=worker, says="扣款不对", actor=worker_actor(worker), now=now - dt.timedelta(hours=3)
    )
    answer = "已核对：扣的是您本月预支的生活费，收条在项目部，您随时可以来看。"
    agency.answer_word(word, answer=answer, actor=_CLERK, now=now)
