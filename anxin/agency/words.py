"""Workers' words beside any run: about wages that came in a file, and about days.

Where a run has been shown to the worker, its line is what one speaks to (:mod:`anxin.agency.confirming`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from anxin.agency.confirming import worker_key
from anxin.agency.models_words import WorkerWord
from anxin.evidence.journal import Actor, record
from anxin.kernel.masking import mask_name
from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused, worded
from anxin.payroll.models import PayrollLine
from anxin.registry.models import Project
from anxin.workforce.models import Enrolment, Worker

_SIGNED = "《保障农民工工资支付条例》第三十一条"
State = WorkerWord.State


def confirm_promise(line: PayrollLine, *, worker: Worker, actor: Actor, now: dt.datetime) -> WorkerWord:
    """The worker's yes to a wage of a delivered payroll; the same yes again is the one there is."""
    with transaction.atomic():
        current = _own_promise(line, worker, actor)
        last = _words(worker).filter(promise=current).order_by("-id").first()
        if last is not None and last.state == State.SAID:
            return last
        if last is not None and last.state == State.OPEN:
            raise Refused("您提出的异议还没有答复；请等答复后再确认。")
        what = f"确认{_of(current)}"
        return _said(worker, current.payroll.project, State.SAID, "", actor, now, what, promise=current)


def contest_promise(
    line: PayrollLine, *, worker: Worker, says: str, actor: Actor, now: dt.datetime
) -> WorkerWord:
    """The worker's no to a wage of a delivered payroll; one touch is enough, words may be empty."""
    with transaction.atomic():
        current = _own_promise(line, worker, actor)
        open_word = _words(worker).filter(promise=current, state=State.OPEN).first()
        if open_word is not None:
            return _added(open_word, says)
        what = f"对{_of(current)}提出异议"
        return _said(worker, current.payroll.project, State.OPEN, says, actor, now, what, promise=current)


def contest_attendance(
    project: Project, day: dt.date, *, worker: Worker, says: str, actor: Actor, now: dt.datetime
) -> WorkerWord:
    """The worker's no to one day at one of the own sites, before there is a payroll to speak to."""
    if day > timezone.localdate(now):
        raise Refused("这一天还没有到。", field="day")
    with transaction.atomic():
        _own(worker, actor)
        if not Enrolment.objects.filter(worker=worker, project=project, superseded_at__isnull=True).exists():
            raise Refused("花名册上没有您在这个工地的记录，请到项目部核对。")
        open_word = _words(worker).filter(project=project, day=day, state=State.OPEN).first()
        if open_word is not None:
            return _added(open_word, says)
        what = f"对{day:%Y-%m-%d}的考勤提出异议"
        return _said(worker, project, State.OPEN, says, actor, now, what, day=day)


def answer_word(word: WorkerWord, *, answer: str, actor: Actor, now: dt.datetime) -> WorkerWord:
    """Tell the worker what has been found or corrected; figures are corrected where they came from."""
    text = worded(answer, "请写明核对结果和怎样处理", field="answer", more="，工人会看到", most=500)
    with transaction.atomic():
        found = WorkerWord.objects.select_for_update().get(pk=word.pk)
        if found.state != State.OPEN:
            raise Refused("这条异议已经答复过了，请刷新后再看。")
        found.state, found.answer, found.answered_at = State.ANSWERED, text[:500], now
        found.answered_by_name = actor.name
        found.save(update_fields=["state", "answer", "answered_at", "answered_by_name"])
        _record(
            found, actor, now, "agency.word_answered", f"答复{mask_name(found.worker.name)}的异议：{text}"
        )
    return found


def words_to_promises(worker: Worker, lines: Iterable[int]) -> dict[int, WorkerWord]:
    """Payroll line id → the worker's last word to it."""
    rows = _words(worker).filter(promise_id__in=list(lines)).order_by("id")
    return {row.promise_id: row for row in rows if row.promise_id is not None}


def words_to_days(worker: Worker, month: Month) -> dict[tuple[int, dt.date], WorkerWord]:
    """(project id, day) → the worker's last word to that day's attendance."""
    rows = _words(worker).filter(day__range=(month.first_day, month.last_day)).order_by("id")
    return {(row.project_id, row.day): row for row in rows if row.day is not None}


def _words(worker: Worker) -> QuerySet[WorkerWord]:
    return WorkerWord.objects.filter(worker=worker)


def _own(worker: Worker, actor: Actor) -> None:
    """Only the worker speaks here; two touches at once wait for each other."""
    if actor.key != worker_key(worker.pk):
        raise Refused("只有工人本人才能用自己的手机确认或提出异议。")
    Worker.objects.select_for_update().get(pk=worker.pk)


def _own_promise(line: PayrollLine, worker: Worker, actor: Actor) -> PayrollLine:
    _own(worker, actor)
    current = PayrollLine.objects.select_related("payroll__project").get(pk=line.pk)
    if current.worker_id != worker.pk:
        raise Refused("这不是您的工资，不能确认或提出异议。")
    if current.superseded_at is not None:
        raise Refused("这条工资已经更正，请返回看新的金额。")
    return current


def _of(line: PayrollLine) -> str:
    return f"{Month.parse(line.payroll.month).chinese()}工资{sentence_yuan(line.net_fen)}"


def _added(word: WorkerWord, says: str) -> WorkerWord:
    """Touched first, explained afterwards."""
    text = says.strip()
    if text and text not in word.says:
        word.says = f"{word.says}；{text}".strip("；")[:500]
        word.save(update_fields=["says"])
    return word


def _said(
    worker: Worker,
    project: Project,
    state: str,
    says: str,
    actor: Actor,
    now: dt.datetime,
    what: str,
    *,
    promise: PayrollLine | None = None,
    day: dt.date | None = None,
) -> WorkerWord:
    word = WorkerWord.objects.create(
        worker=worker,
        project=project,
        promise=promise,
        day=day,
        net_fen=promise.net_fen if promise else None,
        says=says.strip()[:500],
        at=now,
        state=state,
    )
    action = "agency.word_confirmed" if state == State.SAID else "agency.word_contested"
    _record(word, actor, now, action, f"{mask_name(worker.name)}{what}（本人手机）：项目“{project.name}”")
    return word


def _record(word: WorkerWord, actor: Actor, now: dt.datetime, action: str, summary: str) -> None:
    record(
        actor=actor,
        action=action,
        object_type="worker_word",
        object_id=word.pk,
        summary=summary,
        after={"project_ids": [word.project_id], "promise": word.promise_id, "day": str(word.day or "")},
        basis=_SIGNED,
        now=now,
    )
