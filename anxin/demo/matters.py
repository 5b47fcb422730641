"""The city's matters: invented complaints and cases in different states, told with the product's own steps.

A story is a list of steps at past days. The papers that a step needs come along as short text files that say
what they stand for, so that every step is taken as an office takes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from anxin.accounts.models import User
from anxin.casework import flow, services
from anxin.casework.clockwork import Words
from anxin.casework.models import Matter
from anxin.demo.handling import Step
from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.enforcement.inspection import name_inspectors
from anxin.law import Law
from anxin.local_law import queries as local_law

#: two invented inspectors, whom every case of the city needs before it is assigned
_INSPECTORS = (("林晓", "演示执法990101001"), ("赵志刚", "演示执法990102001"))
_ONE_DAY = dt.timedelta(days=1)
#: how far back a day is looked for from which a period runs out on a given one
_FARTHEST = 200


@dataclass(frozen=True)
class Taken:
    """One step of a story: ``back`` working days before today."""

    back: int
    step: str
    by: str
    note: str = ""
    pause: str = ""
    extension: int = 0
    #: event → working days before today
    events: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """One matter. It begins ``back`` working days before today, or on the day from which the period
    ``runs_out`` (parameter, part, case) ends on a day so many working days from today (before it: negative)."""

    key: str
    procedure: str
    title: str
    site: str
    lead: str
    by: str
    back: int = 0
    runs_out: tuple[str, str] | None = None
    due_in: int = 0
    handler: str = ""
    supporting: Sequence[str] = ()
    papers: Sequence[str] = ()
    steps: Sequence[Taken] = ()


_COMPLAINT = ("inspection.complaint_decision_days", "")
_HOTLINE = ("channels.hotline_ordinary_days", "投诉举报类（欠薪工单）")

STORIES: tuple[Told, ...] = (
    Told("complaint-late", "complaint_intake", "木工班9人反映工资只发了六成", "04", "YC-RS", "lin",
         runs_out=_COMPLAINT, due_in=-4, handler="lin", papers=("complaint_form", "identity_proof")),
    Told("complaint-today", "complaint_intake", "1名钢筋工反映离场时没有结清工资", "10", "YC-RS", "lin",
         runs_out=_COMPLAINT, due_in=0, handler="lin", papers=("complaint_form",)),
    Told("hotline", "hotline_12345", "热线工单：询问东湖小学迁建工程何时补发工资", "16", "YC-RS", "lin",
         runs_out=_HOTLINE, due_in=3, handler="lin", steps=(
             Taken(3, "sign", "lin"), Taken(2, "contact", "lin", note="已电话联系诉求人，核对银行到账记录。"))),
    Told("case-running", "inspection_case", "连续三个月未发工资，立案调查", "03", "YC-RS", "lin",
         back=28, handler="lin", supporting=("YZ-ZJ",), papers=("case_filing_approval",), steps=(
             Taken(27, "assign", "lin", note="由林晓、赵志刚两名监察员办理。"),)),
    Told("case-paused", "inspection_case", "工资表上有4人没有考勤，核查虚报", "06", "QS-RS", "chen",
         back=40, papers=("case_filing_approval",), steps=(
             Taken(38, "assign", "chen"),
             Taken(15, "suspend", "chen", pause="等待公安机关对签名的鉴定意见"))),
    Told("case-ordered", "inspection_case", "上个工资月逾期未发，责令限期支付", "02", "JB-RS", "zhao",
         back=9, handler="zhao", papers=("case_filing_approval",), steps=(
             Taken(8, "assign", "zhao"),
             Taken(2, "order", "zhao", note="责令5日内付清26名工人的工资。"))),
    Told("case-notice", "inspection_case", "有5名出勤工人不在工资表上，拟作处罚", "05", "JB-RS", "zhao",
         back=35, handler="zhao", papers=("case_filing_approval",), steps=(
             Taken(34, "assign", "zhao"), Taken(10, "conclude", "zhao"),
             Taken(3, "notify", "zhao", events={"听证告知书送达之日": 3}))),
    Told("case-closed", "inspection_case", "三个月前的工资逾期，责令后已全部付清", "16", "YC-RS", "lin",
         back=38, handler="lin", papers=("case_filing_approval",), steps=(
             Taken(37, "assign", "lin"), Taken(33, "order", "lin"),
             Taken(26, "perform", "lin", note="银行回单显示22名工人全部到账。"),
             Taken(25, "revoke", "chen"), Taken(24, "close", "lin"))),
)  # fmt: skip


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """What happened, in no particular order between matters."""
    teller = _Teller(world.today, cast)
    for story in STORIES:
        yield from teller.told(story)


class _Teller:
    """Tells the stories; remembers which matter each of them opened."""

    def __init__(self, today: dt.date, cast: Cast) -> None:
        self.today, self.cast = today, cast
        self.opened: dict[str, int] = {}

    def told(self, story: Told) -> Iterator[Step]:
        law = local_law.current()
        begins = self.begins(story, law)
        yield begins, 9.0, self.opening(story, begins)
        hour = 9.5
        for taken in story.steps:
            day = max(self.back(taken.back, law), begins)
            yield day, hour, self.taking(story, taken, day)
            hour += 0.25

    def back(self, working_days: int, law: Law) -> dt.date:
        """The working day so many before today; today itself for none."""
        day = self.today
        while working_days > 0:
            day -= _ONE_DAY
            working_days -= law.calendar.presumed_workday(day)
        return day

    def begins(self, story: Told, law: Law) -> dt.date:
        if story.runs_out is None:
            return self.back(story.back, law)
        key, case = story.runs_out
        wanted = self.back(-story.due_in, law) if story.due_in <= 0 else self.ahead(story.due_in, law)
        region = self.cast_region(story)
        for days in range(_FARTHEST):
            start = min(self.today, wanted) - days * _ONE_DAY
            if law.deadline(key, start, region, only_for=case).due_day <= wanted:
                return start
        raise AssertionError(f"no day from which {key} runs out on {wanted}")

    def ahead(self, working_days: int, law: Law) -> dt.date:
        day = self.today
        while working_days > 0:
            day += _ONE_DAY
            working_days -= law.calendar.presumed_workday(day)
        return day

    def cast_region(self, story: Told) -> str:
        return str(self.cast.bodies[story.lead].region_id)

    def opening(self, story: Told, begins: dt.date) -> Callable[[dt.datetime], object]:
        def what(now: dt.datetime) -> None:
            cast, law = self.cast, local_law.current()
            project, by = cast.projects[story.site], cast.users[story.by]
            matter = services.open_matter(
                procedure=story.procedure,
                title=story.title,
                region=project.region,
                lead=cast.bodies[story.lead],
                by=by,
                on=begins,
                now=now,
                law=law,
                supporting=[cast.bodies[code] for code in story.supporting],
                project=project,
                handler=cast.users[story.handler] if story.handler else None,
            )
            self.opened[story.key] = matter.pk
            for kind in story.papers:
                _attach(matter, kind, by, begins, now, law)

        return what

    def taking(self, story: Told, taken: Taken, day: dt.date) -> Callable[[dt.datetime], object]:
        def what(now: dt.datetime) -> None:
            law, by = local_law.current(), self.cast.users[taken.by]
            matter = Matter.objects.select_related("lead", "handler").get(pk=self.opened[story.key])
            if taken.step == "assign":
                name_inspectors(matter, _INSPECTORS, on=day, by=by, now=now, law=law)
            option = next(
                one for one in flow.options(matter, by, day, law) if one.transition.key == taken.step
            )
            for group in option.missing:
                _attach(matter, group[0], by, day, now, law)
            flow.take(
                matter, taken.step, by=by, on=day, now=now, law=law, expected_version=matter.version,
                words=Words(
                    note=taken.note,
                    pause_reason=taken.pause,
                    extension_amount=taken.extension or None,
                    events={name: self.back(back, law) for name, back in taken.events.items()},
                ),
            )  # fmt: skip

        return what


def _attach(matter: Matter, kind: str, by: User, day: dt.date, now: dt.datetime, law: Law) -> None:
    name = law.document(kind).name
    services.attach(
        matter,
        kind=kind,
        data=f"演示文书：{name}。{matter.number}。演示数据，不是真实文书。".encode(),
        filename=f"{name}（演示）.txt",
        by=by,
        now=now,
        law=law,
        number=f"演示字〔{day.year}〕{matter.pk}号",
        dated=day,
    )
