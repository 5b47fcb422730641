"""Everything that happened in the city, in the order of time: deliveries, payments, sweeps, and what people did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.utils import timezone

from anxin.casework import tasks as casework
from anxin.demo import (
    agency,
    clues,
    enforcement,
    gates,
    handling,
    history,
    institutions,
    interfaces,
    matters,
    money,
    overseeing,
    pursued,
    reception,
    referrals,
    registering,
    settling,
    shares,
    sheets,
    signs,
)
from anxin.demo.registering import Cast
from anxin.demo.sheets import Delivery
from anxin.demo.world import Site, WageMonth, World, paid_in_full
from anxin.evidence import imports
from anxin.evidence.models import ImportBatch
from anxin.monitoring import services as monitoring
from anxin.monitoring.models import Sweep

#: days before today on which the city was swept; a sweep takes a second or two, so only where something changes
_DAYS_SWEPT = (92, 3)
#: days after its due day on which the followed story was swept
_FOLLOWED_SWEPT = (10, 32, 38)


@dataclass(frozen=True)
class Event:
    """Something that happened at a moment; ``what`` is called with that moment."""

    at: dt.datetime
    what: Callable[[dt.datetime], object]


def events(world: World, cast: Cast, now: dt.datetime) -> list[Event]:
    """All events up to ``now``, oldest first; those of one moment stay in the order of telling."""
    told = [event for site in world.sites for event in _site_events(world, cast, site)]
    told += _sweeps(world)
    told += [Event(_at(day, hour), what) for day, hour, what in handling.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in overseeing.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in matters.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in institutions.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in interfaces.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in money.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in settling.steps(world, cast)]
    told += [Event(at, what) for at, what in gates.steps(world, cast, now)]
    told += [Event(_at(day, hour), what) for day, hour, what in agency.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in signs.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in clues.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in referrals.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in shares.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in pursued.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in enforcement.steps(world, cast)]
    told += [Event(_at(day, hour), what) for day, hour, what in reception.steps(world, cast)]
    told += _waiting(world, cast, now)
    return sorted((event for event in told if event.at <= now), key=lambda event: event.at)


def first_moment(world: World) -> dt.datetime:
    """When the office began: a month before the first project."""
    return _at(min(site.started for site in world.sites) - dt.timedelta(days=30), 9)


def final_sweep(now: dt.datetime) -> Sweep:
    """The sweep of the day itself; its findings are what the console shows first."""
    return monitoring.sweep(
        as_of=timezone.localdate(now), known_at=now, trigger=Sweep.Trigger.MANUAL, now=now
    )


def final_day(now: dt.datetime) -> None:
    """The day's run over due days: what went by is under oversight, and people are reminded."""
    casework.run_day(timezone.localdate(now), now=now)


def _at(day: dt.date, hour: float) -> dt.datetime:
    moment = dt.datetime.combine(day, dt.time(int(hour), round(hour % 1 * 60)))
    return timezone.make_aware(moment)


def _site_events(world: World, cast: Cast, site: Site) -> Iterator[Event]:
    story = site.story
    begins = world.today - dt.timedelta(days=6) if story.bare else site.started - dt.timedelta(days=10)
    yield Event(_at(begins, 9.5), partial(registering.register_site, cast, site))
    for disbursed in site.disbursed:
        yield Event(_at(disbursed.paid_on, 11), partial(registering.disburse, cast, site, disbursed))
    if story.for_practice:
        return
    for day in _roster_days(world, site):
        delivery = sheets.roster(site, day, damaged_row=story.key == "03")
        yield Event(_at(day, 10), partial(_deliver, cast, site, delivery, ""))
    for month in site.months:
        yield from _month_events(world, cast, site, month)
    if site.stopped_on:
        day = site.stopped_on + dt.timedelta(days=1)
        yield Event(_at(day, 15), partial(registering.stop, cast, site))


def _roster_days(world: World, site: Site) -> list[dt.date]:
    """The roster came at the start, and again when people joined or the work stopped."""
    if site.story.bare:
        return [world.today - dt.timedelta(days=6)]
    days = sorted(set(site.entries.values()))
    if site.stopped_on:
        days.append(site.stopped_on + dt.timedelta(days=1))
    return days


def _month_events(world: World, cast: Cast, site: Site, month: WageMonth) -> Iterator[Event]:
    if not month.by_file:
        taken = partial(history.take_over, site=site, month=month)
        yield Event(
            _at(month.due, 16.5),
            lambda now: taken(cast.projects[site.story.key], actor=cast.clerk(), now=now),
        )
        return
    if site.story.bare:
        day = world.today - dt.timedelta(days=5)
        yield Event(
            _at(day, 10.5), partial(_deliver, cast, site, sheets.payroll(site, month), str(month.month))
        )
        return
    attendance_on, payroll_on = month.due - dt.timedelta(days=6), month.due - dt.timedelta(days=5)
    yield Event(
        _at(attendance_on, 9.25),
        partial(_deliver, cast, site, sheets.attendance(site, month), str(month.month)),
    )
    yield Event(
        _at(payroll_on, 10.5), partial(_deliver, cast, site, sheets.payroll(site, month), str(month.month))
    )
    if month.payments:
        paid_on = month.payments[0].paid_on
        yield Event(
            _at(paid_on, 16.5), partial(_deliver, cast, site, sheets.receipts(site, month), str(month.month))
        )


def _deliver(cast: Cast, site: Site, delivery: Delivery, month: str, now: dt.datetime) -> ImportBatch:
    """Hand a file in and accept it, as a clerk does."""
    batch = _hand_in(cast, site, delivery, month, now)
    recognition = getattr(batch, "recognition", None)
    return imports.accept_batch(batch.pk, actor=cast.clerk(), now=now, recognition=recognition)


def _hand_in(cast: Cast, site: Site, delivery: Delivery, month: str, now: dt.datetime) -> ImportBatch:
    return imports.open_batch(
        kind=delivery.kind,
        data=delivery.data,
        filename=delivery.filename,
        project_code=site.code,
        month=month or None,
        actor=cast.clerk(),
        now=now,
    )


def _sweeps(world: World) -> Iterator[Event]:
    days_back = {world.today - dt.timedelta(days=count) for count in _DAYS_SWEPT}
    followed = handling.followed_month(world).due
    after = {followed + dt.timedelta(days=count) for count in _FOLLOWED_SWEPT}
    for day in sorted(days_back | after):
        if day < world.today:
            yield Event(_at(day, 22), partial(_sweep, day))


def _sweep(day: dt.date, now: dt.datetime) -> Sweep:
    return monitoring.sweep(as_of=day, known_at=now, trigger=Sweep.Trigger.NIGHTLY, now=now)


def _waiting(world: World, cast: Cast, now: dt.datetime) -> Iterator[Event]:
    """Two files of today: one that clears a warning when accepted, one that is no spreadsheet."""
    site = world.site("02")
    day = world.today - dt.timedelta(days=1)
    paid = sheets.receipts(site, site.latest, paid_in_full(site.latest, day))
    yield Event(_at(day, 17), partial(_hand_in, cast, site, paid, str(site.latest.month)))
    broken = Delivery("payroll", f"{site.story.name}工资表扫描件.xlsx", "演示数据：这不是电子表格".encode())
    yield Event(_at(day, 17.25), partial(_hand_in, cast, site, broken, ""))
