"""What the officials did with the warnings, as far as it is past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from anxin.demo.registering import Cast
from anxin.demo.world import WageMonth, World
from anxin.monitoring import services
from anxin.monitoring.models import Warning

#: (day, hour, what): ``what`` is called with the moment
Step = tuple[dt.date, float, Callable[[dt.datetime], object]]

FOLLOWED = "16"


def followed_month(world: World) -> WageMonth:
    """The wage month of the story that is followed from the first sign to the last payment."""
    return world.site(FOLLOWED).months[-3]


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """All of them, in no particular order."""
    yield from _followed(world, cast)
    yield from _three_months(world, cast)
    yield from _suspended(world, cast)
    yield from _lapsing(world, cast)


def _days(count: int) -> dt.timedelta:
    return dt.timedelta(days=count)


def _warning(cast: Cast, key: str, rule: str, month: WageMonth | None = None) -> int:
    """The warning of a rule on a story's project, for a month or the latest there is."""
    found = Warning.objects.filter(project=cast.projects[key], rule=rule)
    if month is not None:
        found = found.filter(month=str(month.month))
    return found.latest("pk").pk


def _followed(world: World, cast: Cast) -> Iterator[Step]:
    """Unpaid, seen, handed over, visited, talked to; then the money came."""
    month, lin, wu = followed_month(world), cast.users["lin"], cast.users["wu"]

    def wanted() -> int:
        return _warning(cast, FOLLOWED, "W03", month)

    yield month.due + _days(11), 9.0, lambda now: services.acknowledge(wanted(), user=lin, now=now)
    yield (
        month.due + _days(11),
        9.5,
        lambda now: services.assign(
            wanted(),
            user=lin,
            now=now,
            to_user=wu,
            to_organisation=cast.bodies["YZ-ZJ"],
            text="请督促施工总承包单位尽快发放。",
        ),
    )
    yield (
        month.due + _days(15),
        15.0,
        lambda now: services.note(
            wanted(),
            user=wu,
            now=now,
            text="到场核实：总包单位称建设单位工程款未到，工资表已由工人签字确认。",
        ),
    )
    yield (
        month.due + _days(33),
        10.0,
        lambda now: services.note(
            wanted(), user=wu, now=now, text="约谈施工总承包单位和建设单位，双方书面承诺5日内发清。"
        ),
    )


def _three_months(world: World, cast: Cast) -> Iterator[Step]:
    """The oldest month is in hand, the next one is known, the latest nobody has touched yet."""
    months, lin = world.site("03").months, cast.users["lin"]
    oldest, second = months[-3], months[-2]
    seen = world.today - _days(38)
    yield (
        seen,
        9.0,
        lambda now: services.assign(
            _warning(cast, "03", "W03", oldest), user=lin, now=now, to_user=lin, text="本人办理。"
        ),
    )
    yield (
        world.today - _days(20),
        16.0,
        lambda now: services.note(
            _warning(cast, "03", "W03", oldest),
            user=lin,
            now=now,
            text="已向总包单位送达限期改正通知，要求提供资金来源。",
        ),
    )
    yield (
        world.today - _days(2),
        9.0,
        lambda now: services.acknowledge(_warning(cast, "03", "W03", second), user=lin, now=now),
    )


def _suspended(world: World, cast: Cast) -> Iterator[Step]:
    """A request to clear that waits for a second person."""
    zhao = cast.users["zhao"]
    yield (
        world.today - _days(2),
        11.0,
        lambda now: services.ask_clearing(
            _warning(cast, "13", "W01"),
            user=zhao,
            now=now,
            text="项目已停工，双方签订停工协议，停工期间不再产生人工费用，工人工资已结清。",
            conclusion="wrong_rule",
            data="停工协议（演示数据）：自停工之日起暂停拨付人工费用。".encode(),
            filename="停工协议（演示）.txt",
        ),
    )


def _lapsing(world: World, cast: Cast) -> Iterator[Step]:
    """A request to clear that came back."""
    wu, chen = cast.users["wu"], cast.users["chen"]

    def wanted() -> int:
        return _warning(cast, "10", "W08")

    yield world.today - _days(3), 23.0, lambda now: services.assign(wanted(), user=chen, now=now, to_user=wu)
    yield (
        world.today - _days(2),
        10.0,
        lambda now: services.ask_clearing(
            wanted(), user=wu, now=now, text="施工单位已口头承诺办理保函延期。", conclusion="mended"
        ),
    )
    yield (
        world.today - _days(2),
        16.0,
        lambda now: services.decide_clearing(
            wanted(), user=chen, now=now, approve=False, text="口头承诺不足以消除，请提供银行出具的延期保函。"
        ),
    )
