"""One flow for every procedure: what may be done now and why not, and doing it.

:func:`options` answers for a page, :func:`ask` for one step with what is given with it (a dry question),
:func:`take` does it. All three go through :func:`_planned`, so that they never disagree.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework.clockwork import Clockwork, Effect, Words
from anxin.casework.event_days import check_days
from anxin.casework.judging import Option, check_events, judge
from anxin.casework.models import Document, Matter, Step
from anxin.casework.recording import Author, keep
from anxin.casework.situation import SYSTEM_ITSELF, Situation, Standpoint, situation, standpoint
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.law.catalogues import Body
from anxin.law.procedures import Transition

NOTE_LIMIT = 1000


@dataclass(frozen=True)
class Plan:
    """What a step would do: state, clocks, the papers it rests on. Nothing is written."""

    option: Option
    body: Body | None
    effects: tuple[Effect, ...]
    papers: tuple[Document, ...]
    to_state: str
    clockwork: Clockwork


def options(
    matter: Matter, user: User, on: dt.date, law: Law, found: Situation | None = None
) -> tuple[Option, ...]:
    """Every step of the procedure for this person on this day, those that lead on from here first.

    ``found`` is the matter's situation where the caller has read it already.
    """
    found = found or situation(matter, law)
    who = standpoint(user, matter)
    judged = [judge(found, step, who, on) for step in found.procedure.transitions]
    return tuple(sorted(judged, key=lambda option: not option.from_here))


def ask(
    matter: Matter,
    transition: str,
    *,
    by: User,
    on: dt.date,
    law: Law,
    words: Words = Words(),  # noqa: B008
) -> Plan:
    """What :func:`take` would do. Raises :class:`Refused` with the same sentence as it would."""
    found = situation(matter, law)
    return _planned(found, _step(found, transition), standpoint(by, matter), on, words)


def take(
    matter: Matter,
    transition: str,
    *,
    by: User,
    on: dt.date,
    now: dt.datetime,
    law: Law,
    expected_version: int,
    words: Words = Words(),  # noqa: B008
) -> Step:
    """Take a step: one transaction, one journal entry, the clocks moved, tasks made and done.

    ``expected_version`` is the version the person saw. Raises :class:`Refused`.
    """
    if on > timezone.localdate(now):
        raise Refused(f"办理日期{on}在将来，请填写今天或以前的日期。", field="on")
    if words.at is not None and timezone.localdate(words.at) != on:
        raise Refused("办理时刻与办理日期不是同一天，请核对。", field="at")
    with transaction.atomic():
        held = locked(matter.pk)
        if held.version != expected_version:
            raise Refused("本件刚刚被其他人员办理过，页面已过时，请刷新后再办理。", field="version")
        found = situation(held, law)
        check_days(found.procedure, words.events, timezone.localdate(now))
        plan = _planned(found, _step(found, transition), standpoint(by, held), on, words)
        return _done(found, plan, Author.of(by), on, now, words)


def take_by_itself(matter_id: int, transition: str, *, on: dt.date, now: dt.datetime, law: Law) -> Step:
    """Take a step that follows from a clock. Raises :class:`Refused` where it does not follow any more."""
    with transaction.atomic():
        found = situation(locked(matter_id), law)
        day = max(on, found.matter.stepped_on)
        plan = _planned(found, _step(found, transition), SYSTEM_ITSELF, day, Words())
        return _done(found, plan, Author.system(), day, now, Words())


def locked(matter_id: int) -> Matter:
    """The matter, held until the transaction ends: two people never act on the same version."""
    matter = (
        Matter.objects.select_for_update(of=("self",))
        .select_related("lead", "handler")
        .filter(pk=matter_id)
        .first()
    )
    if matter is None:
        raise Refused("没有这件事项，可能编号有误，请从列表中重新打开。")
    return matter


def _planned(found: Situation, step: Transition, who: Standpoint, on: dt.date, words: Words) -> Plan:
    option = judge(found, step, who, on)
    if not option.allowed:
        raise Refused(option.why, field="documents" if option.missing else "")
    if len(words.note) > NOTE_LIMIT:
        raise Refused(f"说明不能超过{NOTE_LIMIT}字，现在是{len(words.note)}字。", field="note")
    check_events(words.events, option.needs.events)
    body = _body(option, step, who, words)
    clockwork = Clockwork(found, on, words)
    clockwork.take(step.key, step.to)
    kinds = {kind for group in option.needs.papers for kind in group} | set(step.optional_documents)
    papers = tuple(paper for kind in sorted(kinds) for paper in found.fresh_papers(step, kind))
    return Plan(option, body, tuple(clockwork.effects), papers, step.to, clockwork)


def _body(option: Option, step: Transition, who: Standpoint, words: Words) -> Body | None:
    """The body whose step it is: the one named, or the first this person may stand for."""
    if who.is_system:
        return None
    if not words.body:
        return option.bodies[0]
    chosen = next((body for body in option.bodies if body.key == words.body), None)
    if chosen is None:
        names = "、".join(body.name for body in option.bodies)
        raise Refused(f"您可以登记的“{step.name}”办理主体为{names}，请从中选择。", field="body")
    return chosen


def _done(found: Situation, plan: Plan, author: Author, on: dt.date, now: dt.datetime, words: Words) -> Step:
    step = plan.option.transition
    kind = Step.Kind.AUTOMATIC if author.is_system else Step.Kind.TAKEN
    row = Step(
        matter=found.matter,
        kind=kind,
        transition=step.key,
        name=step.name[:120],
        from_state=found.matter.state,
        to_state=plan.to_state,
        on=on,
        at=now,
        actor=author.actor.key,
        actor_name=author.actor.name,
        body=plan.body.key if plan.body else "",
        body_name=plan.body.name[:80] if plan.body else "",
        note=words.note,
        articles=[found.law.cite_reference(reference) for reference in step.references],
    )
    return keep(found, row, plan.clockwork, author=author, now=now, papers=plan.papers)


def _step(found: Situation, key: str) -> Transition:
    step = next((step for step in found.procedure.transitions if step.key == key), None)
    if step is None:
        raise Refused(f"程序“{found.procedure.name}”没有代号为“{key}”的步骤，请刷新页面后重新选择。")
    return step
