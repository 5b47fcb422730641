"""Complaints and what the bureau does about them: true ones and others, doubled, exaggerated, and silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.calendar import Month, workday_on_or_after
from simulation.construction.money import Money
from simulation.construction.world import World
from simulation.truth import CAUSE, Arrears

CHANNELS = ["12345热线", "全国欠薪线索平台", "来访", "电话", "扫码", "网格上报", "公安转来"]
NONE = np.datetime64("NaT")
TRUE, QUARRELS = (
    "反映工资未发",
    ["工程款纠纷", "工伤待遇", "材料款争议", "询问发放时间", "班组内部分账", "奖金约定"],
)


#: cause → chance of a complaint where it is a matter of single people
_SLIPS = {
    CAUSE["工资表漏人"]: 0.05,
    CAUSE["工资表少算"]: 0.06,
    CAUSE["退票未补发"]: 0.04,
    CAUSE["离场未结清"]: 0.3,
}


@dataclass
class Clue:
    """One complaint. ``people`` and ``fen`` are what is said, not what is."""

    on: np.datetime64
    channel: int
    project: int
    firm: int  # employer number; -1 where nobody knows
    row: int  # who speaks; -1
    people: int
    fen: int
    months: int
    extreme: bool
    founded: bool
    about: str


class Voices:
    """Complaints over the months. What has been complained of once is complained of again only by others."""

    def __init__(self, world: World, arrears: Arrears, money: Money) -> None:
        self.world, self.arrears, self.money = world, arrears, money
        self._heard = 0  # arrears looked at so far
        self._number = 0
        self._ordered: dict[int, int] = {}  # project → number of orders

    def write(self, month: Month) -> None:
        """Complaints that the month's missed pay days bring, and those that are about something else."""
        rng = self.world.city.streams.rng("clues", month)
        clues = [*self._true(rng), *self._false(month, rng), *self._forged(month, rng)]
        doubled = [self._again(clue, rng) for clue in clues if rng.random() < 0.28]
        self._deliver(month, sorted([*clues, *doubled], key=lambda clue: clue.on), rng)
        self._order(month, rng)

    def _new(self) -> dict[tuple[int, int], np.ndarray]:
        """Arrears that are new since the last time, by project and cause."""
        fresh = np.arange(self._heard, len(self.arrears["row"]))
        self._heard = len(self.arrears["row"])
        project = self.world.workers.project[self.arrears["row"][fresh]]
        groups: dict[tuple[int, int], np.ndarray] = {}
        key = project * 100 + self.arrears["cause"][fresh]
        for one in np.unique(key):
            groups[int(one) // 100, int(one) % 100] = fresh[key == one]
        return groups

    def _true(self, rng: np.random.Generator) -> list[Clue]:
        found = []
        for (project, cause), numbers in self._new().items():
            count, owed = len(numbers), int(self.arrears["owed"][numbers].sum())
            soon_paid = np.isnat(self.arrears["paid"][numbers]).mean() < 0.5
            # Many sites stay silent; money that comes after a few days is rarely worth a call, nor is a slip of a clerk.
            chance = _SLIPS.get(cause, 0.12 if soon_paid else 0.55) + min(0.2, count / 200)
            if rng.random() > chance:
                continue
            due = self.arrears["due"][numbers[0]]
            for _ in range(1 + rng.poisson(min(4.0, count / 15))):
                who = int(rng.choice(numbers))
                alone = rng.random() < 0.5 or count < 3
                share = 1 if alone else max(2, int(count * rng.uniform(0.3, 1.0)))
                fen = int(
                    (self.arrears["owed"][who] if alone else owed * share / count) * rng.lognormal(0.12, 0.3)
                )
                months = 1 if alone else int(rng.choice([1, 1, 2, 3]))
                extreme = count >= 20 and rng.random() < 0.12
                day = due + int(rng.gamma(1.5, 9)) + 1
                row = int(self.arrears["row"][who])
                found.append(
                    self._clue(day, project, row, max(share, 1), fen, months, extreme, True, TRUE, rng)
                )
        return found

    def _false(self, month: Month, rng: np.random.Generator) -> list[Clue]:
        """Complaints that turn out to be no arrears: quarrels about other money, questions, mistakes."""
        projects = self.world.projects
        live = np.flatnonzero(projects.days_overlap(month))
        often = rng.poisson(self.world.city.profile.habits["false_clues"], len(live))
        found = []
        for project in np.repeat(live, often):
            day = np.datetime64(month.first) + int(rng.integers(0, month.length))
            people = 1 if rng.random() < 0.6 else int(rng.integers(2, 30))
            fen = int(people * rng.lognormal(np.log(9_000), 0.6)) * 100
            about = str(rng.choice(QUARRELS))
            found.append(
                self._clue(
                    day,
                    int(project),
                    -1,
                    people,
                    fen,
                    int(rng.integers(1, 5)),
                    rng.random() < 0.02,
                    False,
                    about,
                    rng,
                )
            )
        return found

    def _forged(self, month: Month, rng: np.random.Generator) -> list[Clue]:
        """F13: complaints that ask for several times what attendance can carry."""
        found = []
        for plant in self.world.planted(self.world.number(month), "F13"):
            if plant.how != "complaint":
                continue
            plant.done.add(self.world.number(month))
            for row in plant.rows[:6]:
                day = np.datetime64(month.first) + int(rng.integers(5, month.length))
                fen = int(self.world.workers.rate_fen[row]) * int(rng.integers(95, 150))
                found.append(
                    self._clue(day, plant.project, int(row), 1, fen, 2, False, False, "要求支付工资差额", rng)
                )
        return found

    def _clue(
        self,
        day: np.datetime64,
        project: int,
        row: int,
        people: int,
        fen: int,
        months: int,
        extreme: bool,
        founded: bool,
        about: str,
        rng: np.random.Generator,
    ) -> Clue:
        firms = [int(self.world.projects.contractor[project]), -1]
        if row >= 0:
            firms.append(int(self.world.teams.sub[self.world.workers.team[row]]))
        if row >= 0 and rng.random() < 0.3:
            row = -1
        channel = int(rng.choice(len(CHANNELS), p=[0.34, 0.22, 0.14, 0.1, 0.1, 0.06, 0.04]))
        return Clue(
            day, channel, project, int(rng.choice(firms)), row, people, fen, months, extreme, founded, about
        )

    def _again(self, clue: Clue, rng: np.random.Generator) -> Clue:
        """The same complaint through another channel, with somewhat other figures."""
        other = (clue.channel + int(rng.integers(1, len(CHANNELS)))) % len(CHANNELS)
        people = max(1, int(clue.people * rng.lognormal(0, 0.2)))
        return Clue(
            **{
                **clue.__dict__,
                "on": clue.on + int(rng.integers(0, 9)),
                "channel": other,
                "people": people,
                "fen": int(clue.fen * rng.lognormal(0.05, 0.15)),
            }
        )

    def _deliver(self, month: Month, clues: Sequence[Clue], rng: np.random.Generator) -> None:
        if not clues:
            return
        count = len(clues)
        numbers = [f"XS{month.year}{month.number:02d}{number:05d}" for number in range(count)]
        on = np.array([clue.on for clue in clues], "datetime64[D]")
        closed = on + rng.integers(4, 50, count)
        told = rng.random(count) < 0.93
        first, last = (
            self._table(clues, numbers, on, np.full(count, NONE, "datetime64[D]"), told & False),
            self._table(clues, numbers, on, closed, told),
        )
        place = self.world.sender_of[self.world.projects.district[[clue.project for clue in clues]]]
        self.world.city.out.deliver(
            "clues", first, on, senders=self.world.senders, sender=place, tag=f"sites-{month}"
        )
        self.world.city.out.deliver(
            "clues", last, closed, senders=self.world.senders, sender=place, tag=f"sites-{month}-closed"
        )

    def _table(
        self, clues: Sequence[Clue], numbers: list[str], on: np.ndarray, closed: np.ndarray, told: np.ndarray
    ) -> pa.Table:
        projects, employers = self.world.projects, self.world.city.employers
        which = np.array([clue.project for clue in clues])
        firm = np.array([clue.firm for clue in clues])
        row = np.array([clue.row for clue in clues])
        founded = np.where(told, np.array([clue.founded for clue in clues]).astype(np.int8), 2)
        return pa.table(
            {
                "编号": pa.array(numbers),
                "渠道": columns.words(np.array([clue.channel for clue in clues]), CHANNELS),
                "接收日期": columns.day(on),
                "项目编码": projects.codes(which),
                "单位代码": columns.blank(employers.codes.take(pa.array(np.maximum(firm, 0))), firm < 0),
                "区划代码": columns.words(
                    projects.district[which], [place.code for place in self.world.city.profile.districts]
                ),
                "身份证号": columns.blank(
                    self.world.people.ids(self.world.workers.person[np.maximum(row, 0)]), row < 0
                ),
                "人数": columns.number(np.array([clue.people for clue in clues])),
                "金额": columns.yuan(np.array([clue.fen for clue in clues])),
                "月数": columns.number(np.array([clue.months for clue in clues])),
                "极端": columns.yes_no(np.array([clue.extreme for clue in clues])),
                "办结日期": columns.day(closed),
                "属实": columns.words(founded, ["否", "是", None]),
                "内容": pa.array([clue.about for clue in clues]),
            }
        )

    # -- orders to pay -----------------------------------------------------------------------------------------

    def _order(self, month: Month, rng: np.random.Generator) -> None:
        """Where much has waited for long, the bureau orders payment; half of those ordered find the money."""
        waiting = self.money.waiting
        rows: list[tuple[Any, ...]] = []
        day = month.plus(1).day(int(rng.integers(20, 26)))
        served = np.datetime64(workday_on_or_after(day))
        number = self.world.number(month)
        for project, items in enumerate(waiting):
            old = [one for one in items if number - one.month >= 1 and len(one.row)]
            fen = sum(int(one.rest.sum()) for one in old)
            if not old or fen < 3_000_000 or self._ordered.get(project, 0) >= 2 or rng.random() > 0.5:
                continue
            self._ordered[project] = self._ordered.get(project, 0) + 1
            people = len(np.unique(np.concatenate([one.row for one in old])))
            pays = served + int(rng.integers(3, 15)) if rng.random() < 0.5 else NONE
            rows.append((project, served, served + 10, people, fen, number - old[0].month + 1, pays))
            if not np.isnat(pays):
                who = (
                    ("保证金动用", "动用工资保证金")
                    if rng.random() < 0.35
                    else ("施工总承包单位", "自有资金垫付")
                )
                self.money.expect(project, pays, "in", (fen, *who, ""))
        if rows:
            self._deliver_orders(month, rows)

    def _deliver_orders(self, month: Month, rows: list[tuple[Any, ...]]) -> None:
        project, served, due, people, fen, months, paid = (np.array(part) for part in zip(*rows, strict=True))
        never = np.full(len(paid), NONE, "datetime64[D]")
        for tag, on, done in (("", served, never), ("paid", paid + 1, paid)):
            told = np.flatnonzero(~np.isnat(on))
            table = pa.table(
                {
                    "文书号": pa.array([f"责令{month}-{number + 1:03d}" for number in range(len(rows))]),
                    "项目编码": self.world.projects.codes(project),
                    "单位代码": self.world.city.employers.codes.take(
                        pa.array(self.world.projects.contractor[project])
                    ),
                    "区划代码": columns.words(
                        self.world.projects.district[project],
                        [place.code for place in self.world.city.profile.districts],
                    ),
                    "送达日期": columns.day(served),
                    "期满日期": columns.day(due),
                    "人数": columns.number(people),
                    "金额": columns.yuan(fen),
                    "最长月数": columns.number(months),
                    "付清日期": columns.day(done),
                }
            ).take(pa.array(told))
            self.world.city.out.deliver(
                "orders",
                table,
                on[told],
                senders=["inspection"],
                tag="-".join(filter(None, [f"sites-{month}", tag])),
            )
