"""Tasks that people give beside the steps of a procedure: to a body, until a day, done with a word about it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import DECIDE, HANDLE, actor
from anxin.accounts.models import User
from anxin.casework.access import acts_on, works_for
from anxin.casework.flow import locked
from anxin.casework.models import Matter, Task
from anxin.casework.notifying import tell_given
from anxin.casework.services import AUTHORITIES
from anxin.casework.tasking import SUPPORT
from anxin.evidence import journal
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation

_TITLE, _NOTE = 200, 500


def give_support(matter: Matter, *, by: User, now: dt.datetime) -> list[Task]:
    """Ask each supporting body to help by the lead's next limit, with a notice; it ends at the latest with the matter.

    For a matter whose supporting bodies a table named: nobody has to think of them. Asked again, nothing is added.
    """
    asked = set(matter.tasks.filter(key__startswith=SUPPORT).values_list("for_organisation", flat=True))
    bodies = matter.supporting.exclude(pk__in=asked).order_by("code")
    return [
        give_task(
            matter, title=f"协助{matter.lead}办理，核实本单位掌握的情况并告知牵头单位", body=body, due_on=matter.next_due_on,
            by=by, now=now, key=f"{SUPPORT}{body.code}",
        )
        for body in bodies
    ]  # fmt: skip


def give_task(
    matter: Matter,
    *,
    title: str,
    body: Organisation,
    due_on: dt.date | None,
    by: User,
    now: dt.datetime,
    key: str = "",
) -> Task:
    """Give the lead body or another one something to do; one that did not support yet does so from now on.

    ``key``: what it is about where a package above gives it (a party's promise); its day is then the party's own and may be past.
    """
    title = title.strip()
    if not title or len(title) > _TITLE:
        raise Refused(f"请写明要做什么，不超过{_TITLE}字。", field="text")
    if not key and due_on is None:
        raise Refused("请填写完成日期，今天或以后的一天。", field="due_on")
    if not key and due_on is not None and due_on < timezone.localdate(now):
        raise Refused(f"完成日期{due_on}已经过去，请填写今天或以后的日期。", field="due_on")
    if body.kind not in AUTHORITIES:
        raise Refused(f"{body}是{body.get_kind_display()}，不能承担任务，请选择办案的单位。", field="body")
    with transaction.atomic():
        held = _leading(matter, by)
        if held.closed_on is not None:
            raise Refused("本件已经办结，不能再交办任务。")
        number = held.tasks.filter(kind=Task.Kind.DECISION).count() + 1
        task = Task.objects.create(
            matter=held, kind=Task.Kind.DECISION, key=key or f"decision:{number}", title=title, for_organisation=body,
            due_on=due_on, created_at=now,
        )  # fmt: skip
        if body.pk != held.lead_id:
            held.supporting.add(body)
        after = {"task": task.pk, "body": body.code, "due_on": due_on.isoformat() if due_on else ""}
        _note(held, "matter.task_given", f"交{body}办理：{title}", by, now, after)
        tell_given(task, by=by, now=now)
    return task


def finish_task(task: Task, *, note: str, by: User, now: dt.datetime) -> Task:
    """The body says what came of it; the lead body may write down what it was told. Raises :class:`Refused`."""
    with transaction.atomic():
        held, found = _open(task, note, "完成情况")
        if not (works_for(by, HANDLE, found.for_organisation, held) or _leads(by, held)):
            raise Refused(f"这项任务交给{found.for_organisation}办理，您没有登记完成的权限。")
        _end(found, Task.State.DONE, note, by, now)
        _note(
            held,
            "matter.task_done",
            f"{found.for_organisation}完成：{found.title}",
            by,
            now,
            {"task": found.pk},
        )
    return found


def drop_task(task: Task, *, why: str, by: User, now: dt.datetime) -> Task:
    """The lead body takes it back. Raises :class:`Refused`."""
    with transaction.atomic():
        held, found = _open(task, why, "收回的原因")
        if not _leads(by, held):
            raise Refused(f"任务由牵头单位{held.lead}收回，您没有权限。")
        _end(found, Task.State.DROPPED, why, by, now)
        _note(held, "matter.task_dropped", f"收回任务：{found.title}", by, now, {"task": found.pk})
    return found


def _leads(by: User, matter: Matter) -> bool:
    return acts_on(by, HANDLE, matter) or acts_on(by, DECIDE, matter)


def _leading(matter: Matter, by: User) -> Matter:
    held = locked(matter.pk)
    if not _leads(by, held):
        raise Refused(f"本件由{held.lead}牵头办理，您没有办理权限，请联系{held.lead}。")
    return held


def _open(task: Task, words: str, what: str) -> tuple[Matter, Task]:
    """The task, held with its matter, where it still waits and something was said."""
    if not words.strip() or len(words.strip()) > _NOTE:
        raise Refused(f"请写明{what}，不超过{_NOTE}字。", field="note")
    held = locked(task.matter_id)
    found = Task.objects.select_related("for_organisation").get(pk=task.pk)
    if found.kind != Task.Kind.DECISION:
        raise Refused("这是办理步骤的待办，随步骤自动完成，不用另行登记。")
    if found.state != Task.State.OPEN:
        raise Refused("这项任务已经结束，请刷新页面。")
    return held, found


def _end(task: Task, state: str, note: str, by: User, now: dt.datetime) -> None:
    task.state, task.done_on = state, timezone.localdate(now)
    task.done_note, task.done_by_name = note.strip(), str(by)[:80]
    task.save(update_fields=["state", "done_on", "done_note", "done_by_name"])


def _note(
    matter: Matter, action: str, said: str, by: User, now: dt.datetime, after: dict[str, object]
) -> None:
    journal.record(
        actor=actor(by), action=action, object_type="matter", object_id=matter.pk,
        summary=f"{matter.number}：{said}", now=now, after=after,
    )  # fmt: skip
