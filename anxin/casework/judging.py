"""May this step be taken by this person on this day, and if not, why: one sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from anxin.accounts.access import HANDLE, may
from anxin.casework import conditions
from anxin.casework.computing import Run
from anxin.casework.models import Deadline
from anxin.casework.situation import Situation, Standpoint, overdue
from anxin.kernel.refusal import Refused
from anxin.law.catalogues import Body
from anxin.law.procedures import Clock, Transition
from anxin.law.wording import day_text

#: of a name that nobody knows, so much is repeated
_SHOWN = 30


class Reason(Enum):
    """Why a step may not be taken, for pages and tests; people read the sentence."""

    CLOSED = "closed"
    STATE = "state"
    PLACE = "place"
    ROLE = "role"
    AUTOMATIC = "automatic"
    EARLIER = "earlier"
    WAITING = "waiting"
    NOT_MISSED = "not_missed"
    LAPSED = "lapsed"
    CONDITION = "condition"
    PAPER = "paper"


@dataclass(frozen=True)
class ExtensionNeed:
    """A clock that the step extends, with the most the law allows (``None``: not recorded)."""

    clock: str
    name: str
    most: int | None
    unit: str


@dataclass(frozen=True)
class EventNeed:
    """An event whose day a clock counts from. ``known``: given before. Where it is not required and not
    given, the clock counts from the day of the step, or waits until the day is known."""

    name: str
    required: bool
    known: dt.date | None


@dataclass(frozen=True)
class Needs:
    """What the step asks of whoever takes it, for a form: papers (one of each group), and further words."""

    papers: tuple[tuple[str, ...], ...] = ()
    extensions: tuple[ExtensionNeed, ...] = ()
    pauses: tuple[str, ...] = ()
    events: tuple[EventNeed, ...] = ()
    #: clocks in hours that begin: the moment makes them exact
    moment: bool = False


@dataclass(frozen=True)
class Option:
    """One step of the procedure as it stands for one person on one day."""

    transition: Transition
    allowed: bool
    #: empty where allowed
    why: str
    reason: Reason | None
    #: of papers: those still missing, one of each group
    missing: tuple[tuple[str, ...], ...]
    #: bodies for which this person may take or record the step
    bodies: tuple[Body, ...]
    needs: Needs
    #: whether it leads on from where the matter stands
    from_here: bool


@dataclass(frozen=True)
class _No:
    reason: Reason
    why: str
    missing: tuple[tuple[str, ...], ...] = ()


_Check = Callable[[Situation, Transition, Standpoint, dt.date], _No | None]


def judge(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> Option:
    """The one place that says whether a step may be taken: asked by pages and by the taking itself."""
    no = next((no for check in _CHECKS if (no := check(found, step, who, on))), None)
    return Option(
        transition=step,
        allowed=no is None,
        why=no.why if no else "",
        reason=no.reason if no else None,
        missing=no.missing if no else (),
        bodies=tuple(body for body in found.bodies(step) if who.stands_for(body)),
        needs=needs(found, step, on),
        from_here=found.matter.state in step.from_,
    )


def paper_groups(step: Transition) -> tuple[tuple[str, ...], ...]:
    """The papers a step needs: one of each group."""
    return (*((kind,) for kind in step.documents), *step.any_of)


def needs(found: Situation, step: Transition, on: dt.date) -> Needs:
    """What has to be given with the step."""
    clocks = found.procedure.clocks
    starting = [clock for clock in clocks if step.key in (*clock.starts, *clock.restarted_by)]
    return Needs(
        papers=paper_groups(step),
        extensions=tuple(
            _extension(found, clock)
            for clock in clocks
            if step.key in clock.extended_by and found.running(clock.key)
        ),
        pauses=tuple(
            clock.key for clock in clocks if step.key in clock.paused_by and found.running(clock.key)
        ),
        events=event_needs(found, step.key),
        moment=any(_in_hours(found, clock) for clock in starting),
    )


def event_needs(found: Situation, transition: str) -> tuple[EventNeed, ...]:
    """The days to be asked with a step (or with the opening), each once."""
    needed: dict[str, bool] = {}
    for clock in found.procedure.started_by(transition):
        name = clock.counts_back_from or clock.counts_from
        if name and clock.runs_in(found.matter.region_id):
            required = bool(clock.counts_back_from) and not clock.when_known
            needed[name] = needed.get(name, False) or required
    return tuple(EventNeed(name, required, found.events.get(name)) for name, required in needed.items())


def check_events(given: Mapping[str, dt.date], needed: Sequence[EventNeed]) -> None:
    """Raises :class:`Refused` for a day of an event that nothing counts from: it would be kept for nobody."""
    known = [need.name for need in needed]
    strange = sorted(set(given) - set(known))
    if strange:
        raise Refused(
            f"这里不登记“{strange[0][:_SHOWN]}”的日期，可登记的有：{'、'.join(known) or '无'}。",
            field="events",
        )


def _extension(found: Situation, clock: Clock) -> ExtensionNeed:
    run = found.running(clock.key)
    assert run is not None
    deadline, law = run.deadline, found.law
    key = law.extension_of(clock.parameter)
    try:
        value = law.value(key, deadline.started_on, deadline.region_code, only_for=deadline.only_for)
        most = value.value if isinstance(value.value, int) else None
        if most is not None and value.counting is not None and value.counting.mode == "total":
            most -= law.deadline(
                deadline.parameter, deadline.started_on, deadline.region_code, part=deadline.part,
                only_for=deadline.only_for,
            ).length  # fmt: skip
        if most is not None:
            most -= sum(extension.amount for extension in run.extensions)
        return ExtensionNeed(clock.key, deadline.name, most, value.unit)
    except ValueError:
        return ExtensionNeed(clock.key, deadline.name, None, "")


def _in_hours(found: Situation, clock: Clock) -> bool:
    return found.law.parameter(clock.parameter).unit == "小时"


def _closed(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> _No | None:
    matter = found.matter
    if matter.closed_on is None or matter.state in step.from_:
        return None
    state = found.procedure.state(matter.state).name
    return _No(
        Reason.CLOSED, f"本件已于{day_text(matter.closed_on)}办结（{state}），不能再办理“{step.name}”。"
    )


def _state(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> _No | None:
    if found.matter.state in step.from_:
        return None
    now = found.procedure.state(found.matter.state).name
    wanted = "”或“".join(found.procedure.state(key).name for key in step.from_)
    return _No(Reason.STATE, f"本件现为“{now}”，“{step.name}”须在“{wanted}”时办理。")


def _place(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> _No | None:
    if who.is_system or who.handles or who.decides:
        return None
    lead = found.matter.lead.name
    if who.sees and who.user is not None and _supports_only(found, who):
        return _No(Reason.PLACE, f"本件由{lead}牵头办理，协办单位只能查看，请联系{lead}办理“{step.name}”。")
    return _No(Reason.PLACE, f"您没有办理本件的权限，“{step.name}”由{lead}中有办理权限的人员办理。")


def _supports_only(found: Situation, who: Standpoint) -> bool:
    """Seen through a supporting body, not through a role that only looks."""
    return who.user is not None and may(who.user, HANDLE)


def _role(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> _No | None:
    bodies = found.bodies(step)
    if who.is_system or any(who.stands_for(body) for body in bodies):
        return None
    names = "、".join(body.name for body in bodies)
    if all(body.side == "bureau" and body.level == "head" for body in bodies):
        return _No(Reason.ROLE, f"“{step.name}”须由{names}决定，请提请有决定权限的领导办理。")
    return _No(Reason.ROLE, f"“{step.name}”由{names}办理，请联系有办理权限的同事登记。")


def _automatic(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> _No | None:
    if who.is_system or step.automatic is None:
        return None
    clock = found.procedure.clock(step.automatic.clock)
    run = found.running(clock.key)
    name = run.deadline.name if run else found.law.parameter(clock.parameter).name
    if run and run.deadline.due_on is None:
        # What the system cannot count, people may: otherwise the matter would stand still for ever.
        return None
    when = "期满" if step.automatic.when == "passed" else "逾期"
    until = f"（{day_text(run.deadline.due_on)}届满）" if run and run.deadline.due_on else ""
    return _No(Reason.AUTOMATIC, f"“{step.name}”在“{name}”{when}后由系统自动办理{until}，无须人工操作。")


def _earlier(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> _No | None:
    last = found.matter.stepped_on
    if on >= last:
        return None
    return _No(
        Reason.EARLIER, f"办理日期{day_text(on)}早于上一步的日期{day_text(last)}，请填写当日或以后的日期。"
    )


def _waiting(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> _No | None:
    for clock in found.procedure.clocks:
        waits = step.key in clock.gates or (
            step.automatic is not None
            and step.automatic.clock == clock.key
            and step.automatic.when == "passed"
        )
        run = found.latest(clock.key) if waits else None
        if run is not None and (no := _not_over(run, step, on)):
            return no
    return None


def _not_over(run: Run, step: Transition, on: dt.date) -> _No | None:
    deadline = run.deadline
    if deadline.nature == Deadline.Nature.RIGHT and deadline.met_on is not None:
        return None  # the party has used its right: there is nothing left to wait for
    if deadline.paused_since is not None:
        since = day_text(deadline.paused_since)
        return _No(Reason.WAITING, f"“{deadline.name}”自{since}起中止，恢复并期满后才能办理“{step.name}”。")
    if deadline.due_on is None:
        return _No(
            Reason.WAITING,
            f"“{deadline.name}”的期满日无法计算，期满后才能办理“{step.name}”："
            f"{deadline.problem or '请核对起算日期。'}",
        )
    if on > deadline.due_on:
        return None
    return _No(
        Reason.WAITING,
        f"“{deadline.name}”到{day_text(deadline.due_on)}届满，期满次日起才能办理“{step.name}”。",
    )


def _not_missed(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> _No | None:
    """A step that opens because a limit was missed is closed while none of its limits is."""
    waits = list(found.clocks_opening(step.key))
    if step.automatic is not None and step.automatic.when == "missed":
        waits.append(found.procedure.clock(step.automatic.clock))
    runs = [run for clock in waits if (run := found.latest(clock.key))]
    if not runs or any(overdue(run.deadline, on) or run.deadline.problem for run in runs):
        return None
    deadline = runs[0].deadline
    if deadline.met_on is not None:
        return _No(
            Reason.NOT_MISSED,
            f"“{deadline.name}”已于{day_text(deadline.met_on)}按期完成，不能办理“{step.name}”。",
        )
    until = f"到{day_text(deadline.due_on)}届满" if deadline.due_on else "尚未届满"
    return _No(Reason.NOT_MISSED, f"“{deadline.name}”{until}，逾期后才能办理“{step.name}”。")


def _lapsed(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> _No | None:
    for clock in found.procedure.clocks:
        run = found.latest(clock.key) if step.key in clock.bars else None
        if run is not None and _is_gone(run.deadline, on):
            return _No(
                Reason.LAPSED,
                f"“{run.deadline.name}”已于{day_text(run.deadline.due_on)}届满，逾期不能再办理“{step.name}”。",  # type: ignore[arg-type]
            )
    return None


def _is_gone(deadline: Deadline, on: dt.date) -> bool:
    """A right is lost only by a limit that somebody has seen in the law's text."""
    if deadline.due_on is None or deadline.needs_check:
        return False
    return deadline.paused_since is None and on > deadline.due_on


def _condition(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> _No | None:
    """What a package above asks of the step, by the parameters that the table names beside it."""
    sentence = conditions.unmet(step.checks, found.matter, on, found.law)
    sentence = sentence or conditions.unmet_of_step(step.key, found.matter, on, found.law)
    return _No(Reason.CONDITION, sentence) if sentence else None


def _paper(found: Situation, step: Transition, who: Standpoint, on: dt.date) -> _No | None:
    if who.is_system:
        # What the law lets happen by itself waits for no paper; the paper becomes a task.
        return None
    missing = missing_papers(found, step)
    if not missing:
        return None
    wanted = "、".join(_group_text(found, group) for group in missing)
    return _No(Reason.PAPER, f"办理“{step.name}”前还须附上{wanted}，请先上传。", missing)


def missing_papers(found: Situation, step: Transition) -> tuple[tuple[str, ...], ...]:
    """The groups of which no paper is at hand."""
    return tuple(
        group for group in paper_groups(step) if not any(found.fresh_papers(step, kind) for kind in group)
    )


def _group_text(found: Situation, group: Sequence[str]) -> str:
    return "或".join(f"《{found.law.document(kind).name}》" for kind in group)


_CHECKS: tuple[_Check, ...] = (
    _closed, _state, _place, _role, _automatic, _earlier, _waiting, _not_missed, _lapsed, _condition, _paper,
)  # fmt: skip
