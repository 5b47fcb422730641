"""What the city's task force did: an emergency of yesterday, and a drill three weeks ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.enforcement import emergencies
from anxin.enforcement.emergencies import Member
from anxin.enforcement.models import Emergency
from anxin.local_law import queries as local_law

Step = tuple[dt.date, float, Callable[[dt.datetime], object]]

_DRILL = 21
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
