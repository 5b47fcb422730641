"""The open tasks of a matter follow from its state and its clocks; they are made and done with every step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anxin.casework.computing import Run
from anxin.casework.judging import missing_papers
from anxin.casework.models import Deadline, Document, Matter, Step, Task
from anxin.casework.situation import Situation, is_running
from anxin.law.procedures import Transition
from anxin.registry.models import Organisation

_TITLE = 200
#: beginning of the key of what a supporting body is asked for when a matter is opened
SUPPORT = "support:"
#: steps that a title names
_NAMED = 3


@dataclass(frozen=True)
class Wanted:
    """A task that should be open now."""

    key: str
    kind: str
    title: str
    for_leader: bool = False
    run: Run | None = None
    due_on: dt.date | None = None
    not_before: dt.date | None = None


def sync_tasks(found: Situation, *, step: Step | None, now: dt.datetime) -> None:
    """Open what is wanted, close what is not: done where its clock was met or its state left, else dropped."""
    wanted = {task.key: task for task in _wanted(found, step)}
    on = found.matter.stepped_on
    kept: set[str] = set()
    for task in Task.objects.filter(matter=found.matter, state=Task.State.OPEN):
        if task.kind == Task.Kind.DECISION:
            # given by people: only they end it; help is asked for as long as the matter is under way
            if found.matter.closed_on and task.key.startswith(SUPPORT):
                _drop(task, on)
            continue
        if task.key in wanted:
            _update(task, wanted[task.key], found.matter)
            kept.add(task.key)
        elif task.kind == Task.Kind.PAPER and not found.matter.closed_on:
            continue  # closed by the paper itself
        else:
            task.state = _ending(task, found)
            task.done_on = on
            task.save(update_fields=["state", "done_on"])
    new = [_new(task, found.matter, now) for key, task in wanted.items() if key not in kept]
    Task.objects.bulk_create(new)


def paper_arrived(document: Document, on: dt.date) -> None:
    """Close the tasks that asked for a paper of this kind."""
    Task.objects.filter(
        matter=document.matter,
        kind=Task.Kind.PAPER,
        state=Task.State.OPEN,
        key__startswith=f"paper:{document.kind}:",
    ).update(state=Task.State.DONE, done_on=on)


def no_more_support(matter: Matter, body: Organisation, on: dt.date) -> None:
    """A body that leads now helps nobody: what it was asked for as a supporting one is not needed any more."""
    for task in Task.objects.filter(
        matter=matter, state=Task.State.OPEN, key__startswith=SUPPORT, for_organisation=body
    ):
        _drop(task, on)


def _drop(task: Task, on: dt.date) -> None:
    task.state, task.done_on = Task.State.DROPPED, on
    task.save(update_fields=["state", "done_on"])


def reassign(matter: Matter) -> int:
    """Give the open tasks to whoever works on the matter now; returns how many."""
    moved = Task.objects.filter(matter=matter, state=Task.State.OPEN).exclude(kind=Task.Kind.DECISION)
    return moved.update(for_user=matter.handler, for_organisation=matter.lead)


def _wanted(found: Situation, step: Step | None) -> Iterable[Wanted]:
    ahead = found.procedure.leaving(found.matter.state)
    covered: set[str] = set()
    for run in found.runs:
        if is_running(run.deadline) and run.deadline.nature == Deadline.Nature.LIMIT:
            task, steps = _clock_task(found, run, ahead)
            covered |= steps
            yield task
    rest = [item for item in ahead if item.key not in covered and item.to != found.matter.state]
    if not covered and (next_step := _step_task(found, rest)):
        yield next_step
    if step is not None and step.kind == Step.Kind.AUTOMATIC:
        yield from _paper_tasks(found, step)


def _clock_task(found: Situation, run: Run, ahead: tuple[Transition, ...]) -> tuple[Wanted, set[str]]:
    """To meet a limit, or to watch that a party meets it; and the present steps that meet it."""
    deadline = run.deadline
    meets = [found.procedure.transition(key) for key in found.procedure.clock(deadline.clock).met_by]
    now = [item for item in meets if item in ahead]
    ours = any(body.side == "bureau" for item in meets for body in found.bodies(item))
    names = _either(now or meets)
    paused = deadline.paused_since is not None
    task = Wanted(
        key=f"clock:{deadline.clock}:{deadline.pk}",
        kind=Task.Kind.CLOCK if ours else Task.Kind.WATCH,
        title=(f"{deadline.name}：{names}" if names else deadline.name)[:_TITLE],
        for_leader=bool(now) and all(_leaders_only(found, item) for item in now),
        run=run,
        due_on=None if paused else deadline.due_on,
    )
    return task, {item.key for item in now}


def _step_task(found: Situation, steps: list[Transition]) -> Wanted | None:
    """Something has to happen next, and no limit says until when."""
    if not steps:
        return None
    manual = [item for item in steps if item.automatic is None] or steps
    own = [item for item in manual if any(body.side == "bureau" for body in found.bodies(item))]
    names = _either(own or manual)
    waits = [_not_before(found, item) for item in own or manual]
    return Wanted(
        key=f"step:{found.matter.state}",
        kind=Task.Kind.STEP if own else Task.Kind.WATCH,
        title=(f"下一步：{names}" if own else f"等候：{names}")[:_TITLE],
        for_leader=bool(own) and all(_leaders_only(found, item) for item in own),
        not_before=min((day for day in waits if day), default=None) if all(waits) else None,
    )


def _either(steps: Sequence[Transition]) -> str:
    """``“决定受理”或“决定不予受理”``; of many only the first, because the page of the matter lists them all."""
    said = "或".join(f"“{step.name}”" for step in steps[:_NAMED])
    return f"{said}等{len(steps)}种" if len(steps) > _NAMED else said


def _not_before(found: Situation, step: Transition) -> dt.date | None:
    for clock in found.procedure.clocks:
        follows = step.automatic is not None and step.automatic.clock == clock.key
        if (step.key in clock.gates or follows) and (run := found.running(clock.key)):
            return run.deadline.act_from
    return None


def _paper_tasks(found: Situation, step: Step) -> Iterable[Wanted]:
    """What happened by itself did not wait for its papers: they are asked for now."""
    taken = found.procedure.transition(step.transition)
    for group in missing_papers(found, taken):
        names = "或".join(found.law.document(kind).name for kind in group)
        yield Wanted(
            key=f"paper:{group[0]}:{step.pk}", kind=Task.Kind.PAPER, title=f"补附文书：{names}"[:_TITLE]
        )


def _leaders_only(found: Situation, step: Transition) -> bool:
    return all(body.head_only for body in found.bodies(step))


def _new(task: Wanted, matter: Matter, now: dt.datetime) -> Task:
    return Task(
        matter=matter,
        kind=task.kind,
        key=task.key,
        title=task.title,
        deadline=task.run.deadline if task.run else None,
        for_user=matter.handler,
        for_organisation=matter.lead,
        for_leader=task.for_leader,
        due_on=task.due_on,
        not_before=task.not_before,
        created_at=now,
    )


def _update(task: Task, wanted: Wanted, matter: Matter) -> None:
    fields = {
        "title": wanted.title,
        "for_leader": wanted.for_leader,
        "due_on": wanted.due_on,
        "not_before": wanted.not_before,
        "for_user_id": matter.handler_id,
        "for_organisation_id": matter.lead_id,
    }
    changed = [name for name, value in fields.items() if getattr(task, name) != value]
    for name in changed:
        setattr(task, name, fields[name])
    if changed:
        task.save(update_fields=changed)


def _ending(task: Task, found: Situation) -> str:
    """A limit's task is done when the limit was met; a step's when the state was left."""
    if task.deadline_id is None:
        return Task.State.DONE
    run = next((run for run in found.runs if run.deadline.pk == task.deadline_id), None)
    met = run is not None and run.deadline.met_on is not None
    return Task.State.DONE if met else Task.State.DROPPED
