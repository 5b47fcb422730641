"""A year on the special accounts of some projects: statements, one transfer that was no wages, a deposit that was
used, owners' guarantees, a query into an account. All through the product's own services."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils import timezone

from anxin.demo.registering import Cast
from anxin.demo.world import Site, World
from anxin.funds import queries, services_deposits, services_inquiries
from anxin.funds.entries import IN, OUT, Booking
from anxin.funds.models import AccountQuery, SpecialAccount, WageDeposit
from anxin.funds.services_account_life import file_account
from anxin.funds.services_accounts import record_balance, record_entries
from anxin.funds.services_assessment import assess_deposit, facts_of
from anxin.kernel.months import Month

#: stories whose bank delivers statements, month by month
_WITH_STATEMENTS = ("01", "05", "11", "16")
#: the story whose account paid a supplier, and so many days ago
_STRAY, _STRAY_AGO, _STRAY_FEN = "05", 20, 68_000_00
#: the story whose deposit was called on and not topped up
_USED, _USED_FEN = "06", 96_000_00
_ORDERED_AGO, _PAID_AGO = 47, 43
#: story → days until the owner's guarantee ends
_GUARANTEES = {"01": 320, "03": 140, "07": 24, "10": -6}
#: the story whose account was never filed
_NOT_FILED = ("04",)
Step = tuple[dt.date, float, Callable[[dt.datetime], object]]


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """What happened, by day and hour."""
    for key in _WITH_STATEMENTS:
        yield from _statements(world, cast, world.site(key))
    for site in world.sites:
        if site.permit_on is not None and site.story.key not in _NOT_FILED:
            day = site.started + dt.timedelta(days=12)
            yield day, 9, partial(_filed, cast, site, day)
    yield from _used_deposit(world, cast)
    for key, days in _GUARANTEES.items():
        day = world.site(key).started + dt.timedelta(days=3)
        until = world.today + dt.timedelta(days=days)
        yield day, 15, partial(_guarantee, cast, world.site(key), until)
    fixed_on = world.site("01").started + dt.timedelta(days=8)
    yield fixed_on, 15.5, partial(_assessed, cast)
    asked = world.today - dt.timedelta(days=4)
    yield asked, 10, partial(_asked, cast)
    yield asked + dt.timedelta(days=1), 9, partial(_approved, cast)


def _statements(world: World, cast: Cast, site: Site) -> Iterator[Step]:
    """One statement a month: what came in, the batches of wages, and what stood there at the end."""
    by_month: dict[Month, list[Booking]] = defaultdict(list)
    for booking in _bookings(world, cast, site):
        # what was agreed to arrive before the account was opened went elsewhere
        if site.started <= booking.booked_on < world.today:
            by_month[Month.of(booking.booked_on)].append(booking)
    balance = 0
    for month, bookings in sorted(by_month.items()):
        balance += sum(one.amount_fen if one.direction == IN else -one.amount_fen for one in bookings)
        last = min(month.last_day, world.today - dt.timedelta(days=1))
        told = tuple(sorted(bookings, key=lambda one: (one.booked_on, one.direction)))
        yield (
            # the month that is still running is told of up to yesterday
            min(last + dt.timedelta(days=1), world.today - dt.timedelta(days=1)), 20,
            partial(_deliver, cast, site, told, last, balance),
        )  # fmt: skip


def _bookings(world: World, cast: Cast, site: Site) -> Iterator[Booking]:
    yesterday = world.today - dt.timedelta(days=1)
    number = 0
    for disbursed in site.disbursed:
        number += 1
        yield Booking(
            disbursed.paid_on, IN, disbursed.paid_fen, counterparty=cast.employers[site.story.owner].name,
            reference=f"YS{site.story.key}R{number:03d}", purpose=f"{disbursed.month.chinese()}人工费",
        )  # fmt: skip
    for month in site.months:
        by_day: dict[dt.date, int] = defaultdict(int)
        for payment in month.payments:
            by_day[payment.paid_on] += payment.amount_fen
        for day, fen in sorted(by_day.items()):
            number += 1
            yield Booking(
                day, OUT, fen, reference=f"YS{site.story.key}C{number:03d}",
                purpose=f"{month.month.chinese()}农民工工资代发",
            )  # fmt: skip
    if site.story.key == _STRAY:
        day = min(world.today - dt.timedelta(days=_STRAY_AGO), yesterday)
        yield Booking(
            day, OUT, _STRAY_FEN, counterparty="云州恒信建材经营部（演示）", counterparty_account="9900000000000000017",
            reference=f"YS{site.story.key}X001", purpose="钢材货款",
        )  # fmt: skip


def _account(cast: Cast, key: str) -> SpecialAccount:
    return queries.accounts(cast.projects[key])[0].account


def _deliver(
    cast: Cast, site: Site, told: tuple[Booking, ...], last: dt.date, balance_fen: int, now: dt.datetime
) -> None:
    account = _account(cast, site.story.key)
    by: dict[str, Any] = {"actor": cast.clerk(), "now": now}
    source = f"云州农村商业银行{last:%Y-%m}对账单（演示数据）"
    record_entries(account=account, entries=told, source=source, **by)
    # A story that was funded late would show less than nothing: then the bank states no balance.
    if balance_fen >= 0:
        record_balance(account=account, balance_fen=balance_fen, on=last, source=source, **by)


def _filed(cast: Cast, site: Site, day: dt.date, now: dt.datetime) -> None:
    file_account(
        _account(cast, site.story.key), on=day, number=f"演示专户备〔{day.year}〕{site.story.key}号",
        body=cast.bodies["YZ-RS"], actor=cast.clerk(), now=now,
    )  # fmt: skip


def _used_deposit(world: World, cast: Cast) -> Iterator[Step]:
    ordered = world.today - dt.timedelta(days=_ORDERED_AGO)
    paid = world.today - dt.timedelta(days=_PAID_AGO)

    def deposit() -> WageDeposit:
        return queries.deposits(cast.projects[_USED])[0]

    yield ordered, 14, lambda now: services_deposits.order_use(
        deposit(), amount_fen=_USED_FEN, on=ordered, number="云州人社支〔演示〕2号", people=14,
        actor=cast.clerk(), now=now,
    )  # fmt: skip
    yield (
        paid,
        14,
        lambda now: services_deposits.record_use(
            deposit(), amount_fen=_USED_FEN, on=paid, people=14, actor=cast.clerk(), now=now
        ),
    )


def _guarantee(cast: Cast, site: Site, until: dt.date, now: dt.datetime) -> None:
    services_deposits.record_payment_guarantee(
        cast.projects[site.story.key], kind="bank", amount_fen=(site.contract_fen or 0) // 10,
        valid_from=site.started, valid_until=max(until, site.started), institution=cast.bodies["BK-CJ"],
        number=f"演示支付担保{site.code}", actor=cast.clerk(), now=now,
    )  # fmt: skip


def _assessed(cast: Cast, now: dt.datetime) -> None:
    known = facts_of(cast.projects["01"])
    if known is None:
        return
    facts = replace(
        known, clean_before=True, clean_years=0, managed=True, arrears=False, listed=False, months=None
    )
    assess_deposit(
        cast.projects["01"], facts, on=timezone.localdate(now),
        number="云州人社核〔演示〕1号", actor=cast.clerk(), now=now,
    )  # fmt: skip


def _asked(cast: Cast, now: dt.datetime) -> None:
    today = timezone.localdate(now)
    for key, case, who in (
        (_STRAY, "云州劳监案〔演示〕7号", "zhao"),
        ("03", "云州劳监案〔演示〕8号", "lin"),
    ):
        services_inquiries.ask_query(
            _account(cast, key), purpose="核查近三个月专用账户资金去向", case_number=case,
            first_day=today - dt.timedelta(days=90), last_day=today, by=cast.users[who], now=now,
        )  # fmt: skip


def _approved(cast: Cast, now: dt.datetime) -> None:
    query = AccountQuery.objects.filter(account=_account(cast, _STRAY).line_id).get()
    services_inquiries.decide_query(query, approve=True, note="同意", by=cast.users["chen"], now=now)
