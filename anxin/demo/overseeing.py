"""What keeps warnings and rules in order: nights that climb the ladder, mutes by two people, stages of rules.

Nobody looks at what the first sweep found, so that it climbs from rung to rung; of one warning somebody reports in between. One warning is muted, for another that is asked. One rule went on
trial and came back, one is retired, one waits for the second person, and one was put back by what was measured of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.monitoring import services, stages, tasks
from anxin.monitoring.backtest.intervals import wilson
from anxin.monitoring.models import Warning

Step = tuple[dt.date, float, Callable[[dt.datetime], object]]

#: how many days ago the first sweep was, and how many nights after it nobody acted
_SWEPT, _NIGHTS = 92, 8
#: nights before today on which the ladder was looked at
_LAST_NIGHTS = (2, 1)


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """All of it, by day and hour."""
    yield from _ladder(world, cast)
    yield from _mutes(world, cast)
    yield from _stages(world, cast)


def _ladder(world: World, cast: Cast) -> Iterator[Step]:
    swept = world.today - dt.timedelta(days=_SWEPT)
    nights = {swept + dt.timedelta(days=count) for count in range(1, _NIGHTS + 1)}
    nights |= {world.today - dt.timedelta(days=count) for count in _LAST_NIGHTS}
    for night in sorted(nights):
        yield night, 23.5, partial(_night, night)
    yield swept + dt.timedelta(days=_NIGHTS - 1), 10.0, partial(_answer, cast)


def _night(night: dt.date, now: dt.datetime) -> None:
    tasks.look_after_warnings(on=night, now=now)


def _warning(cast: Cast, key: str, rule: str) -> int:
    """The first warning of a rule on a story's project."""
    return Warning.objects.filter(project=cast.projects[key], rule=rule).earliest("pk").pk


def _answer(cast: Cast, now: dt.datetime) -> None:
    """The leader looks into it himself; from here the ladder begins anew."""
    services.note(
        _warning(cast, "09", "W07"),
        user=cast.users["chen"],
        now=now,
        text="收到催办后约谈施工总承包单位：保函已在银行办理，要求十日内提交，逾期立案。",
    )


def _mutes(world: World, cast: Cast) -> Iterator[Step]:
    lin, chen, today = cast.users["lin"], cast.users["chen"], world.today

    def days(count: int) -> dt.date:
        return today + dt.timedelta(days=count)

    yield (
        days(-9),
        10.0,
        lambda now: services.ask_mute(
            _warning(cast, "04", "W06"),
            user=lin,
            now=now,
            until=days(12),
            reason="总包单位已到银行申请开立工资专用账户，受理回执在案，银行答复两周内开好。",
        ),
    )
    yield (
        days(-8),
        16.0,
        lambda now: services.decide_mute(
            _warning(cast, "04", "W06"), user=chen, now=now, approve=True, text="期满没有开户的，立案处理。"
        ),
    )
    yield (
        days(-1),
        11.0,
        lambda now: services.ask_mute(
            _warning(cast, "01", "W10"),
            user=lin,
            now=now,
            until=days(10),
            reason="项目部说明这名工人请假回乡，假条已要求补交，等待材料。",
        ),
    )


def _stages(world: World, cast: Cast) -> Iterator[Step]:
    yield from _stage(world, cast, "W13", "shadow", 75, "试用以来多为管理人员补发奖金，先试运行，不发线索。")
    yield from _stage(world, cast, "W13", "live", 20, "试运行五十余天，核对过的线索大多属实，恢复正式。")
    yield from _stage(world, cast, "Z01", "retired", 60, "本市没有按月通报的次数线，停用。")
    yield world.today - dt.timedelta(days=30), 1.0, _demote
    today, admin = world.today, cast.users["guanli"]
    yield (
        today - dt.timedelta(days=1),
        15.0,
        lambda now: services.propose_stage(
            rule="W20",
            stage="live",
            from_day=today,
            reason="催办阶梯运行平稳，建议把长期无反馈的也列为预警。",
            user=admin,
            now=now,
        ),
    )


def _stage(world: World, cast: Cast, rule: str, stage: str, ago: int, reason: str) -> Iterator[Step]:
    """Proposed by the administrator and confirmed by the leader the next day."""
    day = world.today - dt.timedelta(days=ago)

    def propose(now: dt.datetime) -> None:
        services.propose_stage(
            rule=rule, stage=stage, from_day=day, reason=reason, user=cast.users["guanli"], now=now
        )

    def confirm(now: dt.datetime) -> None:
        waiting = next(one for one in stages.waiting() if one.rule == rule)
        services.confirm_stage(waiting.pk, user=cast.users["chen"], now=now, agree=True)

    yield day - dt.timedelta(days=1), 14.0, propose
    yield day, 8.5, confirm


def _demote(now: dt.datetime) -> None:
    """What a month's count does by itself, told for a month that the invented city does not have."""
    right, cases = 6, 46
    low, high = wilson(right, cases) or (0.0, 1.0)
    since, until = now.date() - dt.timedelta(days=365), now.date() - dt.timedelta(days=1)
    measured = services.RuleMeasures("E03", cases, right / cases, low, high, since, until)
    services.demote_below_floor([measured], now)
