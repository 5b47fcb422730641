"""What a party promised by a day: each is a task of the matter until somebody says whether it was kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.casework import giving
from anxin.casework.models import Matter, Task
from anxin.evidence.sealing import Sealed, plain
from anxin.kernel.refusal import Refused, worded
from anxin.letters import content, party
from anxin.letters.models import PartyPaper, Promise
from anxin.typesetting.filling import checked

_Outcome = Promise.Outcome
#: beginning of a task's key; the paper and the number follow
KEY = "promise"


@dataclass(frozen=True)
class Standing:
    """How a promise stands on a day. ``mark``: waiting, late, kept or broken."""

    promise: Promise
    mark: str
    words: str


def follow(paper: PartyPaper, *, by: User, now: dt.datetime) -> list[Promise]:
    """Keep what the paper promises, each with a task for the lead body until its day; in the caller's transaction."""
    kind = party.kind_of(paper)
    values = checked(kind.template, content.values_of(paper))[0]
    matter = Matter.objects.select_related("lead").get(pk=paper.matter_id)
    made = []
    for number, (words, due_on) in enumerate(kind.promised(values), 1):
        task: Task | None = None
        if matter.closed_on is None:
            task = giving.give_task(
                matter, title=f"核对是否履行：{kind.name}第{number}项", body=matter.lead, due_on=due_on, by=by, now=now,
                key=f"{KEY}:{paper.pk}:{number}",
            )  # fmt: skip
        made.append(
            Promise.objects.create(
                paper=paper, number=number, words=Sealed.of(words), due_on=due_on, task=task
            )
        )
    return made


def answer(promise: Promise, *, kept: bool, said: str, by: User, now: dt.datetime) -> Promise:
    """Whether it was kept, in words; the task ends with it. Raises :class:`Refused`."""
    said = worded(said, "请写明核对的情况：看了什么凭据，履行到哪一步", field="note", most=300)
    with transaction.atomic():
        party.locked(promise.paper, by)
        held = Promise.objects.select_for_update(of=("self",)).select_related("paper__matter__lead", "task").get(
            pk=promise.pk
        )  # fmt: skip
        if held.outcome:
            raise Refused(f"这项承诺已经登记为“{held.get_outcome_display()}”，无须重复登记。")
        outcome = _Outcome.KEPT if kept else _Outcome.BROKEN
        held.outcome, held.note = outcome, said
        held.answered_on, held.answered_by_name = timezone.localdate(now), str(by)[:80]
        held.save(update_fields=["outcome", "note", "answered_on", "answered_by_name"])
        if held.task is not None and held.task.state == Task.State.OPEN:
            giving.finish_task(held.task, note=f"{outcome.label}：{said}", by=by, now=now)
        party.note(
            held.paper, "promise", f"第{held.number}项承诺{outcome.label}", who=actor(by), now=now,
            after={"promise": held.pk, "outcome": outcome.value},
        )  # fmt: skip
    return held


def standing(promise: Promise, today: dt.date) -> Standing:
    """In words, for a page. The promise's task is read along."""
    if promise.outcome:
        return Standing(promise, promise.outcome, promise.get_outcome_display())
    task = promise.task
    if task is not None and task.state != Task.State.OPEN:
        return Standing(promise, "kept", f"{task.done_by_name}在待办里登记：{task.done_note}")
    if promise.due_on < today:
        return Standing(promise, "late", f"到期没有核实履行，已超过{(today - promise.due_on).days}天")
    return Standing(promise, "waiting", "还没有到期" if promise.due_on > today else "今天到期")


def with_promises(matters: QuerySet[Matter], today: dt.date) -> QuerySet[Matter]:
    """Each with ``promise_late`` and ``promise_broken``: whether a day went by unanswered, and whether one was not kept."""
    mine = Promise.objects.filter(paper__matter=OuterRef("pk"))
    late = mine.filter(outcome="", task__state=Task.State.OPEN, due_on__lt=today)
    return matters.annotate(
        promise_late=Exists(late), promise_broken=Exists(mine.filter(outcome=_Outcome.BROKEN))
    )


def of_matter(matter: Matter) -> list[Promise]:
    """All promises of the matter's papers, by day; two at most of a page's queries."""
    rows = Promise.objects.filter(paper__matter=matter).select_related("paper", "task")
    return list(rows.order_by("due_on", "pk"))


def words_of(promise: Promise) -> str:
    """What was promised; a look at what may be personal."""
    return plain(promise.words)
