"""From the stories to a year of facts, worked out for a given day. Pure: the same day and seed, the same city."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from anxin.demo.people import Person, card_number, crowd
from anxin.demo.stories import STORIES, Story
from anxin.kernel.months import Month, month_range
from anxin.law import WorkCalendar, pay_day

SEED = 9901
#: local deposit rate of the invented city, percent of the contract price (see data/law.yaml)
DEPOSIT_PERCENT = 2
#: what is left to somebody below the minimum wage after deductions, in fen, and for how many days' work
_LOW_NET_FEN = 1750_00
_WHOLE_MONTH_DAYS = 26
#: workers who moved on from a stopped site
_CAME_OVER = 4
_TEAMS = ("钢筋一班", "木工二班", "泥工班", "综合班")


@dataclass(frozen=True)
class Line:
    """What one person was promised for a month; ``card`` is where the bank sent it."""

    person: Person
    days: int
    gross_fen: int
    deduction_fen: int

    @property
    def net_fen(self) -> int:
        return self.gross_fen - self.deduction_fen


@dataclass(frozen=True)
class Payment:
    """One row of the bank's pay results."""

    name: str
    card: str
    amount_fen: int
    paid_on: dt.date
    reference: str


@dataclass(frozen=True)
class WageMonth:
    """One wage month of a project. ``attendance`` holds the days of each person who attended."""

    month: Month
    due: dt.date
    attendance: list[tuple[Person, list[dt.date]]]
    lines: list[Line]
    payments: list[Payment]
    by_file: bool


@dataclass(frozen=True)
class Disbursed:
    """Labour cost that reached the special account."""

    month: Month
    paid_fen: int
    paid_on: dt.date


@dataclass(frozen=True)
class Deposit:
    """A wage deposit; ``valid_until`` is empty for cash."""

    kind: str
    amount_fen: int
    valid_from: dt.date
    valid_until: dt.date | None
    released_on: dt.date | None = None


@dataclass(frozen=True)
class Site:
    """One project with everything that happened on it up to the day."""

    story: Story
    started: dt.date
    permit_on: dt.date | None
    planned_completion: dt.date
    stopped_on: dt.date | None
    pay_day: int | None
    fund_day: int
    contract_fen: int | None
    monthly_fen: int
    workers: list[Person]
    #: first day on site by work number
    entries: dict[str, dt.date]
    months: list[WageMonth]
    disbursed: list[Disbursed]
    deposit: Deposit | None

    @property
    def first_month(self) -> Month:
        """The first wage month, which is also the first with a disbursement."""
        return Month.of(self.started)

    @property
    def latest(self) -> WageMonth:
        """The latest wage month whose pay day is over."""
        return self.months[-1]

    @property
    def code(self) -> str:
        """The project's invented code."""
        return f"{self.story.region[:6]}-YS-{self.story.key}"


@dataclass(frozen=True)
class World:
    """The whole city on one day."""

    today: dt.date
    sites: list[Site] = field(default_factory=list)

    def site(self, key: str) -> Site:
        """The site of one story."""
        return next(site for site in self.sites if site.story.key == key)


def paid_in_full(month: WageMonth, paid_on: dt.date) -> list[Payment]:
    """What the bank would report had everybody on the payroll been paid on ``paid_on``."""
    return [
        Payment(line.person.name, line.person.card, line.net_fen, paid_on, f"YZL{paid_on:%Y%m%d}{index:04d}")
        for index, line in enumerate(month.lines, 1)
    ]


def build(today: dt.date, calendar: WorkCalendar, seed: int = SEED) -> World:
    """Work out every project's facts up to ``today``."""
    people = crowd(seed)
    world = World(today)
    for story in STORIES:
        before = world.site(story.joined_from) if story.joined_from else None
        world.sites.append(_Builder(story, today, calendar, people, seed, before).site())
    return world


class _Builder:
    """Works out one site; holds what its parts share."""

    def __init__(
        self,
        story: Story,
        today: dt.date,
        calendar: WorkCalendar,
        people: Iterator[Person],
        seed: int,
        before: Site | None,
    ) -> None:
        self.story, self.today, self.calendar = story, today, calendar
        self.chance = random.Random(f"{seed}:{story.key}")
        nominal = today - dt.timedelta(days=story.pay_ago)
        self.pay_day = nominal.day
        self.last = Month.of(nominal).plus(-1)
        self.first = self.last.plus(1 - story.months)
        self.stopped_on = today - dt.timedelta(days=story.stopped_ago) if story.stopped_ago else None
        came_over = before.workers[:_CAME_OVER] if before else []
        # Who came from a stopped site starts here only after it stopped.
        self.since = {
            person.id_number: before.stopped_on + dt.timedelta(days=3)
            for person in came_over
            if before and before.stopped_on
        }
        hired = came_over + [next(people) for _ in range(story.people - len(came_over))]
        self.workers = [self._employed(person, index) for index, person in enumerate(hired)]
        self.ghosts = [self._employed(next(people), story.people + i) for i in range(story.ghosts)]

    def _employed(self, person: Person, index: int) -> Person:
        return replace(person, team=_TEAMS[index % len(_TEAMS)], number=f"{index + 1:03d}")

    def entry(self, worker: Person) -> dt.date:
        """The worker's first day on this site."""
        return self.since.get(worker.id_number, self.first.first_day)

    def site(self) -> Site:
        story = self.story
        fund_on = self.today - dt.timedelta(days=story.fund_ago)
        started = self.first.first_day
        monthly = story.people * 7_800_00
        return Site(
            story=story,
            started=started,
            permit_on=None if story.bare else started - dt.timedelta(days=20),
            planned_completion=self.stopped_on or self.last.plus(9).last_day,
            stopped_on=self.stopped_on,
            pay_day=None if story.bare else self.pay_day,
            fund_day=fund_on.day,
            contract_fen=None if story.bare else story.contract_wan * 10_000_00,
            monthly_fen=monthly,
            workers=self.workers,
            entries={worker.number: self.entry(worker) for worker in self.workers},
            months=[month for month in map(self._month, month_range(self.first, self.last)) if month.lines],
            disbursed=[] if story.bare else list(self._disbursed(Month.of(fund_on), fund_on.day, monthly)),
            deposit=self._deposit(started),
        )

    def _month(self, month: Month) -> WageMonth:
        back = (self.last.year - month.year) * 12 + self.last.number - month.number
        latest = back == 0
        due = pay_day(month, self.pay_day, 1, self.calendar).due
        attendance = [
            (worker, days)
            for index, worker in enumerate(self.workers)
            if (days := self._attended(month, worker, latest and index < self.story.below_minimum))
        ]
        listed = attendance[: len(attendance) - self.story.left_out] if latest else attendance
        docked = self.story.below_minimum if latest else 0
        lines = [self._line(worker, len(days), n < docked) for n, (worker, days) in enumerate(listed)]
        if latest:
            lines = list(self._on_one_card(lines))
            lines += [self._line(ghost, 22, False) for ghost in self.ghosts]
        silent = back < self.story.unpaid or self.story.bare or self.story.for_practice
        payments = [] if silent else list(self._payments(month, back, due, lines))
        return WageMonth(month, due, attendance, lines, payments, back < self.story.by_file)

    def _attended(self, month: Month, worker: Person, whole_month: bool) -> list[dt.date]:
        """Days of one person: six days a week or so, from the first to the last day on site."""
        first = max(month.first_day, self.entry(worker))
        last = min(month.last_day, self.stopped_on or month.last_day)
        days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
        if not days:
            return []
        share = 1.0 if whole_month else self.chance.uniform(0.72, 0.92)
        wanted = min(_WHOLE_MONTH_DAYS if whole_month else round(len(days) * share), len(days))
        return sorted(self.chance.sample(days, wanted))

    def _line(self, person: Person, days: int, docked: bool) -> Line:
        gross = person.wage_fen * days
        if docked:
            return Line(person, days, gross, gross - _LOW_NET_FEN)
        borrowed = 500_00 if self.chance.random() < 0.12 and days > 9 else 0
        return Line(person, days, gross, borrowed)

    def _on_one_card(self, lines: list[Line]) -> Iterator[Line]:
        """The first people of the list, in their groups, are paid to the card of the first of each group."""
        start = 0
        for size in self.story.one_card:
            group, start = lines[start : start + size], start + size
            yield from (
                replace(line, person=replace(line.person, card=group[0].person.card)) for line in group
            )
        yield from lines[start:]

    def _payments(self, month: Month, back: int, due: dt.date, lines: list[Line]) -> Iterator[Payment]:
        story = self.story
        late = story.paid_late[1] if story.paid_late and story.paid_late[0] == back else 0
        paid_on = due + dt.timedelta(days=late)
        for index, line in enumerate(lines):
            amount, card = line.net_fen, line.person.card
            if back == 0 and story.part_paid and index < story.part_paid[0]:
                amount = line.net_fen * story.part_paid[1] // 100
            if back == 0 and story.strange_card and index == len(lines) - 1:
                card = card_number(int(story.key), "990077")
            reference = f"YZ{story.key}{str(month).replace('-', '')}{index + 1:04d}"
            yield Payment(line.person.name, card, amount, paid_on, reference)

    def _disbursed(self, latest: Month, day: int, monthly: int) -> Iterator[Disbursed]:
        last = latest.plus(-self.story.unfunded)
        if self.stopped_on:
            last = min(last, Month.of(self.stopped_on))
        for month in month_range(self.first, last):
            # a week early, so that the notice "three working days before" stays quiet
            yield Disbursed(month, monthly, month.day(day) - dt.timedelta(days=9))

    def _deposit(self, started: dt.date) -> Deposit | None:
        story = self.story
        if story.deposit in ("none", "unknown"):
            return None
        amount = story.contract_wan * 10_000_00 * DEPOSIT_PERCENT // 100
        begins = started - dt.timedelta(days=10)
        until = {
            "lapsing": self.today + dt.timedelta(days=20),
            "lapsed": self.today - dt.timedelta(days=6),
        }.get(story.deposit, self.last.plus(14).last_day)
        released = None
        if story.state == "completed" and self.stopped_on:
            released = self.stopped_on + dt.timedelta(days=35)
        if story.deposit == "short":
            return Deposit("cash", amount // 2, begins, None)
        return Deposit("guarantee", amount, begins, until, released)
