"""What a matter's page says in sentences: what it is, where it stands, what comes next, with whom and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anxin.casework.effects import effect_words
from anxin.casework.judging import Option, Reason
from anxin.casework.models import Deadline, Document, Matter, Step
from anxin.casework.queries import MatterOverview
from anxin.casework.statuses import Standing, Status, working_days_between
from anxin.casework.tasklist import TaskRow
from anxin.kernel.days import day_words
from anxin.law import Law, WorkCalendar
from anxin.letters.for_steps import Instrument

#: standing → mark of the style sheet; the word always stands beside the colour
MARKS = {
    Standing.RUNNING: "",
    Standing.DUE_TODAY: "mark-wait",
    Standing.OVERDUE: "mark-bad",
    Standing.PAUSED: "mark-busy",
    Standing.MET: "mark-good",
    Standing.MET_LATE: "mark-wait",
    Standing.LAPSED: "mark-wait",
    Standing.PASSED: "mark-good",
    Standing.ENDED: "",
    Standing.UNKNOWN: "mark-wait",
}
_MANY = 3


@dataclass(frozen=True)
class PaperGroup:
    """Papers of which one is still missing for a step: ``(key, name)`` each. ``number`` names its fields.

    ``made`` are those that are on their way in the product; one that is ready goes along with the step.
    """

    number: int
    choices: tuple[tuple[str, str], ...]
    made: tuple[Instrument, ...] = ()

    @property
    def ready(self) -> bool:
        return any(one.ready for one in self.made)


@dataclass(frozen=True)
class StepShown:
    """One step as the page offers it. ``may`` is also true where only papers are missing: they come along."""

    option: Option
    may: bool
    #: who takes it, in words
    who: str
    #: it is a party's or another office's step, which an officer records
    recorded: bool
    #: only for leaders
    leader: bool
    papers: tuple[PaperGroup, ...]
    #: parameters that matter to the step without being clocks: (key, name)
    checks: tuple[tuple[str, str], ...]
    articles: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.option.transition.key

    @property
    def name(self) -> str:
        return self.option.transition.name

    @property
    def place(self) -> str:
        """Where its form stands in the page."""
        return f"step-{self.key}"


@dataclass(frozen=True)
class Choices:
    """The steps of the page: those that may be taken now, those that wait, and the rest of the procedure."""

    open: list[StepShown] = field(default_factory=list)
    waiting: list[StepShown] = field(default_factory=list)
    elsewhere: list[StepShown] = field(default_factory=list)


def missing_kinds(found: Sequence[Option]) -> set[str]:
    """The papers that steps still ask for, where nothing else stands in their way."""
    return {kind for one in found if one.reason is Reason.PAPER for group in one.missing for kind in group}


def choices(found: Sequence[Option], law: Law, made: Mapping[str, Instrument] | None = None) -> Choices:
    """The options of the flow, sorted for the page; ``made`` by kind of paper what is on its way in the product."""
    result = Choices()
    for option in found:
        shown = _step(option, law, made or {})
        if shown.may:
            result.open.append(shown)
        elif option.from_here:
            result.waiting.append(shown)
        else:
            result.elsewhere.append(shown)
    return result


def _step(option: Option, law: Law, made: Mapping[str, Instrument]) -> StepShown:
    step = option.transition
    bodies = option.bodies or tuple(law.body(key) for key in step.by)
    groups = option.missing if option.reason is Reason.PAPER else ()
    return StepShown(
        option=option,
        may=option.allowed or option.reason is Reason.PAPER,
        who="、".join(body.name for body in bodies),
        recorded=all(body.side in ("party", "outside") for body in bodies),
        leader=all(body.head_only for body in bodies),
        papers=tuple(
            PaperGroup(
                number,
                tuple((kind, law.document(kind).name) for kind in group),
                tuple(made[kind] for kind in group if kind in made),
            )
            for number, group in enumerate(groups)
        ),
        checks=tuple((key, law.parameter(key).name) for key in step.checks),
        articles=tuple(law.cite_reference(reference) for reference in step.references),
    )


def standing_of(due: dt.date | None, today: dt.date, calendar: WorkCalendar) -> tuple[str, str]:
    """``还剩3个工作日``, ``今天到期`` or ``已逾期2个工作日``, with its style; empty where nothing is due."""
    if due is None:
        return "", ""
    if due == today:
        return "今天到期", "due-today"
    if due > today:
        return f"还剩{working_days_between(today, due, calendar)}个工作日", "due-later"
    return f"已逾期{max(working_days_between(due, today, calendar), 1)}个工作日", "due-over"


def standing_of_task(row: TaskRow, today: dt.date, calendar: WorkCalendar) -> tuple[str, str]:
    """The same for a row of the task list. A sign is advice: its day is never gone by."""
    return ("", "") if row.advice else standing_of(row.due, today, calendar)


def style_of(status: Status) -> str:
    """The style of a due date that tells its standing."""
    return {Standing.OVERDUE: "due-over", Standing.DUE_TODAY: "due-today"}.get(status.standing, "due-later")


def sentence(told: MatterOverview) -> str:
    """What it is and where it stands."""
    matter = told.matter
    names = [one.name for one in (matter.project, matter.employer) if one]
    about = f"涉及{'、'.join(names)}，" if names else ""
    head = f"{told.procedure.name}：{matter.title}。{about}{day_words(matter.opened_on)}开始，"
    if matter.closed_on:
        return f"{head}{day_words(matter.closed_on)}办结，结果为“{told.state_name}”。"
    return f"{head}现为“{told.state_name}”。"


def path(told: MatterOverview) -> list[str]:
    """The states it went through, the present one last; staying in a state is no move."""
    keys: list[str] = []
    for step in told.steps:
        if not keys or keys[-1] != step.to_state:
            keys.append(step.to_state)
    return [told.procedure.state(key).name for key in keys]


def next_step(matter: Matter, shown: Choices) -> str:
    """What happens next, in words, for the person who looks."""
    if matter.closed_on is not None:
        return "已经办结，没有下一步。"
    # What moves the matter comes first; what stays in the state is a side step.
    moving = [step for step in shown.open if step.option.transition.to != matter.state] or shown.open
    own = [step for step in moving if not step.recorded]
    if own:
        return f"办理{_either([step.name for step in own])}。"
    others = [step.name for step in moving]
    for_leader = [step.name for step in shown.waiting if step.leader and step.option.reason is Reason.ROLE]
    if for_leader:
        also = f"有{_either(others)}的，代为登记。" if others else ""
        return f"提请领导{_either(for_leader)}。{also}"
    if others:
        return f"等候{_either(others)}，发生后代为登记。"
    waiting = [step for step in shown.waiting if step.option.reason is not Reason.AUTOMATIC]
    if waiting:
        return f"等候{_either([step.name for step in waiting])}。"
    return "等候期限届满，届时系统自动办理。" if shown.waiting else "没有可以办理的步骤。"


def nearest(told: MatterOverview) -> Deadline | None:
    """The limit that runs out first."""
    running = [
        shown.deadline
        for shown in told.clocks
        if shown.status.standing in (Standing.RUNNING, Standing.DUE_TODAY, Standing.OVERDUE)
        and shown.deadline.nature == Deadline.Nature.LIMIT
        and shown.deadline.due_on is not None
    ]
    return min(running, key=lambda row: (row.due_on, row.pk), default=None)


def missing_papers(told: MatterOverview, law: Law) -> list[str]:
    """Names of what the file as a whole must hold and does not yet."""
    attached = {paper.kind for paper in told.documents}
    return [law.document(key).name for key in told.procedure.documents if key not in attached]


def _either(names: Sequence[str]) -> str:
    said = "或".join(f"“{name}”" for name in names[:_MANY])
    return f"{said}等{len(names)}种步骤之一" if len(names) > _MANY else said


def history(told: MatterOverview, law: Law) -> list[tuple[Step, bool, list[str], Sequence[Document]]]:
    """Newest first: the step, whether an officer recorded it for somebody else, what it did to the clocks, its papers."""
    sides = {body.key: body.side for body in law.bodies()}
    return [
        (
            step,
            sides.get(step.body, "") in ("party", "outside"),
            [effect_words(one) for one in step.effects],
            told.papers_of.get(step.pk, ()),
        )
        for step in reversed(told.steps)
    ]
