"""What the city's task force did: an emergency of yesterday, a drill three weeks ago, a meeting with decisions, marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from anxin.casework import giving
from anxin.casework.models import Matter, Task
from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.enforcement import emergencies, inspection, marks, meetings
from anxin.enforcement.emergencies import Member
from anxin.enforcement.models import Emergency, Meeting
from anxin.local_law import queries as local_law
from anxin.payroll.models import PayrollLine

Step = tuple[dt.date, float, Callable[[dt.datetime], object]]

_DRILL, _MET = 21, 6
#: parts of the titles of the matters that were talked about
_AGENDA = ("连续三个月未发工资", "木工班9人反映")
#: invented people with telephones that nobody has
_TEAM = (
    Member("hr", "云城区劳动保障监察大队", "林晓", "19900000101"),
    Member("police", "城南派出所（演示）", "韩志远", "19900000102"),
    Member("industry", "云州市住房和城乡建设局", "吴秀英", "19900000103"),
)


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """All of it, by day and hour."""
    yesterday = world.today - dt.timedelta(days=1)
    yield yesterday, 14.5, partial(_call, cast, False)
    yield yesterday, 14.75, partial(_team, cast, False)
    yield (
        yesterday,
        15.5,
        partial(
            _entry,
            cast,
            False,
            "人社、派出所、住建三方到场，工人推选5名代表谈判",
            38,
            96_400_000,
            None,
            False,
        ),
    )
    yield (
        yesterday,
        17.0,
        partial(
            _entry,
            cast,
            False,
            "总包单位答应先付生活费，其余五日内付清；工人陆续离开",
            12,
            None,
            7_600_000,
            True,
        ),
    )
    drill = world.today - dt.timedelta(days=_DRILL)
    yield drill, 9.5, partial(_call, cast, True)
    yield drill, 9.75, partial(_team, cast, True)
    yield drill, 10.25, partial(_entry, cast, True, "模拟：三方二十五分钟内到场", 20, None, None, True)
    yield drill, 11.0, partial(_end, cast)
    met = world.today - dt.timedelta(days=_MET)
    yield met - dt.timedelta(days=2), 15.0, partial(_plan, cast, met)
    yield met, 11.5, partial(_meet, cast, world.today)
    yield world.today - dt.timedelta(days=2), 16.0, partial(_done, cast)
    yield met, 16.0, partial(_owed, cast)
    yield yesterday, 11.0, partial(_owed_by_list, cast)
    yield met, 15.0, partial(_mark, cast, _AGENDA[0], "leader", "陈明远", "三个月未发，人数多，已有聚集")
    yield (
        met,
        15.25,
        partial(_mark, cast, _AGENDA[1], "listed", "云州市根治欠薪领导小组办公室（演示）", "受理逾期"),
    )


def _call(cast: Cast, drill: bool, now: dt.datetime) -> None:
    project = cast.projects["14" if drill else "03"]
    emergencies.open_emergency(
        place="云城区东湖社区服务中心工地大门（演练）" if drill else "城南安置房二期项目部门口",
        people=20 if drill else 30,
        what="模拟木工班聚集讨薪" if drill else "木工、钢筋两个班组聚集讨薪，没有堵路",
        region=project.region, lead=cast.bodies["YC-RS"], by=cast.users["lin"], now=now,
        law=local_law.current(), report_hours=24, project=project, drill=drill,
    )  # fmt: skip


def _found(drill: bool) -> Emergency:
    return Emergency.objects.get(drill=drill)


def _team(cast: Cast, drill: bool, now: dt.datetime) -> None:
    emergencies.name_team(_found(drill), _TEAM, by=cast.users["lin"], now=now)


def _entry(
    cast: Cast,
    drill: bool,
    text: str,
    people: int,
    owed_fen: int | None,
    paid_fen: int | None,
    report: bool,
    now: dt.datetime,
) -> None:
    emergencies.add_entry(
        _found(drill), text=text, by=cast.users["lin"], now=now, people=people, owed_fen=owed_fen,
        paid_fen=paid_fen, report=report,
    )  # fmt: skip


def _end(cast: Cast, now: dt.datetime) -> None:
    emergencies.end_emergency(_found(True), how="演练结束，三方均按时到场", by=cast.users["lin"], now=now)


def _matter(said: str) -> Matter:
    return Matter.objects.get(title__startswith=said)


def _plan(cast: Cast, met: dt.date, now: dt.datetime) -> None:
    body = cast.bodies["YC-RS"]
    assert body.region is not None
    meetings.plan_meeting(
        title="云城区根治欠薪专班第11次会商", on=met, place="区人社局三楼会议室", convenor=body, region=body.region,
        by=cast.users["lin"], now=now, matters=[_matter(said) for said in _AGENDA],
    )  # fmt: skip


def _meet(cast: Cast, today: dt.date, now: dt.datetime) -> None:
    by, meeting = cast.users["lin"], Meeting.objects.get()
    meetings.hold_meeting(
        meeting, attended="区人社局林晓、市住建局吴秀英、城南派出所（演示）、街道办（演示）",
        minutes="一、城南安置房二期：总包单位资金链紧张，先由建设单位垫付生活费，住建部门约谈总包单位。\n\n"
        "二、木工班9人：用人单位承认少发，限期补足，逾期立案。", by=by, now=now,
    )  # fmt: skip
    for said, text, body, days in (
        (_AGENDA[0], "约谈总包单位法定代表人，书面报告付款计划", "YZ-ZJ", 0),
        (_AGENDA[0], "核对三个月的考勤和工资表，算清每人欠薪数额", "YC-RS", 3),
        (_AGENDA[1], "督促用人单位补发工资并收取银行回单", "YC-RS", -1),
    ):
        due_on = max(today + dt.timedelta(days=days), now.date())
        meetings.decide(
            meeting, _matter(said), text=text, body=cast.bodies[body], due_on=due_on, by=by, now=now
        )


def _owed(cast: Cast, now: dt.datetime) -> None:
    inspection.record_arrears(
        _matter(_AGENDA[0]), people=38, months=3, total_fen=96_400_000, single_fen=3_180_000,
        source="三个月工资表、考勤和调查笔录", by=cast.users["lin"], now=now,
    )  # fmt: skip


def _owed_by_list(cast: Cast, now: dt.datetime) -> None:
    """The order to pay rests on the pay list of the month that nobody got."""
    lines = PayrollLine.objects.filter(payroll__project=cast.projects["02"], superseded_at__isnull=True)
    last = lines.order_by("-payroll__month").values_list("payroll__month", flat=True)[:1]
    fens = list(lines.filter(payroll__month=last).values_list("net_fen", flat=True))
    inspection.record_arrears(
        _matter("上个工资月逾期未发，责令"), people=len(fens), months=1, total_fen=sum(fens), single_fen=max(fens),
        source="上个工资月的工资表，银行没有回单", by=cast.users["zhao"], now=now,
    )  # fmt: skip


def _mark(cast: Cast, said: str, kind: str, who: str, why: str, now: dt.datetime) -> None:
    marks.put_mark(
        _matter(said), kind=kind, who=who, since=now.date(), why=why, by=cast.users["chen"], now=now
    )


def _done(cast: Cast, now: dt.datetime) -> None:
    task = Task.objects.get(title__startswith="约谈总包", for_organisation=cast.bodies["YZ-ZJ"])
    giving.finish_task(task, note="已约谈，总包单位书面承诺分两次付清。", by=cast.users["wu"], now=now)
