"""The pay lists of a month: days, pay, order, slips of the pen, and who is not on them though they should be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.calendar import Month, pay_day, workday_on_or_before
from simulation.construction.attendance import FIXED_DAYS
from simulation.construction.workers import TRADES
from simulation.construction.world import World
from simulation.truth import CAUSE

ON_LIST = -1


@dataclass
class Lines:
    """One place a line, sorted by project and position."""

    row: np.ndarray
    project: np.ndarray
    days: np.ndarray
    gross: np.ndarray
    deduction: np.ndarray
    trade: np.ndarray
    position: np.ndarray
    wrong_card: np.ndarray
    entitled: np.ndarray  # what the line should pay out, in truth; 0 for people who do not exist
    carried: np.ndarray  # of the net pay, what makes good earlier months

    @property
    def net(self) -> np.ndarray:
        return self.gross - self.deduction

    def of(self, project: int) -> slice:
        return slice(*np.searchsorted(self.project, [project, project + 1]))


@dataclass
class Left:
    """People who are owed the month and stand on no list: row, what they are owed, why."""

    row: np.ndarray
    owed: np.ndarray
    cause: np.ndarray


@dataclass
class Clerks:
    """What the clerks of the sites carry from month to month."""

    world: World
    carried: np.ndarray  # per row: owed from earlier months, goes on the next list
    carried_at: dict[int, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = field(default_factory=dict)
    #: per row: numbers of the arrears that the carried money makes good
    carried_for: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    last: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=dict)
    without_list: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    order: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def carry(self, month: int, rows: np.ndarray, owed: np.ndarray, numbers: np.ndarray) -> None:
        """Put what is owed on the list of a later month."""
        self.carried_at.setdefault(month, []).append((rows, owed, numbers))


def make_lines(
    clerks: Clerks,
    month: Month,
    rows: np.ndarray,
    due: np.ndarray,
    claimed: np.ndarray,
    unsettled: np.ndarray,
) -> tuple[Lines, Left]:
    """The lists of all sites for the month. ``rows`` are sorted; ``unsettled`` are leavers who get nothing more."""
    world, number = clerks.world, clerks.world.number(month)
    rng = world.city.streams.rng("payroll", month)
    one, months = world.workers, len(world.city.months)
    project = one.project[rows]
    rate = one.rate_fen[rows]
    deduction = np.where(rng.random(len(rows)) < 0.15, rng.integers(5, 31, len(rows)) * 1000, 0)
    cause = np.full(len(rows), ON_LIST, np.int64)
    habits = world.city.profile.habits
    real = one.real[rows]
    cause[real & (rng.random(len(rows)) < habits["line_forgotten"])] = CAUSE["工资表漏人"]
    cause[real & unsettled] = CAUSE["离场未结清"]
    absconds = world.teams.absconds[one.team[rows]]
    cause[real & (absconds >= 0) & (number >= absconds) & (number < absconds + 2)] = CAUSE["班组长卷款"]
    failing = world.projects.contractor_failed <= number
    clerks.without_list = failing & (rng.random(len(failing)) < 0.75)
    cause[clerks.without_list[project]] = CAUSE["总包资金链断裂"]
    carried = _due_to_carry(clerks, number)
    gross_due = np.round(due * rate / 100).astype(np.int64) * 100
    gross = np.round(claimed * rate / 100).astype(np.int64) * 100
    days = claimed.copy()
    typed = (rng.random(len(rows)) < habits["days_mistyped"]) & (claimed > 3)
    days[typed] = (days[typed] + rng.choice([-3.0, -2.0, 2.0, 9.0], typed.sum())).clip(1, month.length)
    _fix_pay(world, rows, gross, gross_due, days)
    _copy_lists(clerks, number, rows, days, gross)
    deduction = np.minimum(deduction, gross // 5)
    on_list = (cause == ON_LIST) & (gross > 0)
    left = np.flatnonzero((cause != ON_LIST) & (gross_due > 0) & real)
    chosen = np.flatnonzero(on_list)
    position = _positions(clerks, project[chosen], one.team[rows[chosen]])
    order = np.lexsort((position, project[chosen]))
    chosen, position = chosen[order], position[order]
    entitled = np.where(real, np.maximum(gross_due - deduction, 0), 0)
    makes_good = carried[rows[chosen]]
    clerks.last = _remember(
        world, number + 1, months, rows[chosen], project[chosen], days[chosen], gross[chosen]
    )
    lines = Lines(
        row=rows[chosen],
        project=project[chosen],
        days=days[chosen],
        gross=gross[chosen] + makes_good,
        deduction=deduction[chosen],
        trade=one.trade[rows[chosen]],
        position=position,
        wrong_card=rng.random(len(chosen)) < habits["card_wrong"],
        entitled=entitled[chosen],
        carried=makes_good,
    )
    return _change_trades(world, number, lines), Left(rows[left], gross_due[left], cause[left])


def _due_to_carry(clerks: Clerks, number: int) -> np.ndarray:
    """Per row, what this month's list makes good. People no longer there get it in cash, which no list shows."""
    carried = np.zeros(len(clerks.world.workers), np.int64)
    clerks.carried_for = []
    for rows, owed, numbers in clerks.carried_at.pop(number, []):
        np.add.at(carried, rows, owed)
        clerks.carried_for.append((rows, numbers))
    clerks.carried = carried
    return carried


def _fix_pay(world: World, rows: np.ndarray, gross: np.ndarray, due: np.ndarray, days: np.ndarray) -> None:
    """Lists with monthly pay: a whole month is a whole salary for everybody who came on all the days of the list."""
    whole = world.workers.fixed_pay[rows] & (days >= FIXED_DAYS)
    salary = np.round(world.workers.rate_fen[rows] * FIXED_DAYS / 10_000).astype(np.int64) * 10_000
    gross[whole] = due[whole] = salary[whole]
    days[whole] = FIXED_DAYS


def _copy_lists(clerks: Clerks, number: int, rows: np.ndarray, days: np.ndarray, gross: np.ndarray) -> None:
    """F08: days and amounts of last month for nearly everybody, whatever the attendance."""
    for plant in clerks.world.planted(number, "F08"):
        before = clerks.last.get(plant.project) if plant.forged else None
        if before is None:
            continue
        place = np.searchsorted(rows, before[0]).clip(0, len(rows) - 1)
        same = rows[place] == before[0]
        days[place[same]], gross[place[same]] = before[1][same], before[2][same]


def _remember(
    world: World,
    following: int,
    months: int,
    row: np.ndarray,
    project: np.ndarray,
    days: np.ndarray,
    gross: np.ndarray,
) -> dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The lists that will be copied next month."""
    kept = {}
    for plant in world.planted(following, "F08") if following < months else []:
        part = slice(*np.searchsorted(project, [plant.project, plant.project + 1]))
        kept[plant.project] = (row[part], days[part], gross[part])
    return kept


def _positions(clerks: Clerks, project: np.ndarray, team: np.ndarray) -> np.ndarray:
    """Places on the list from 1, by project: in the order of the roster, people added since at the end of their team."""
    starts = np.searchsorted(project, np.unique(project))
    length = np.diff(np.r_[starts, len(project)])
    return np.arange(len(project)) - np.repeat(starts, length) + 1


def _change_trades(world: World, number: int, lines: Lines) -> Lines:
    """F10, honest: somebody who changed trade has two lines, whose days add up."""
    rows = [plant.rows for plant in world.planted(number, "F10") if not plant.forged]
    if not rows:
        return lines
    split = np.flatnonzero(np.isin(lines.row, np.concatenate(rows)) & (lines.days >= 4))
    first_days = np.floor(lines.days[split] * 0.5)
    share = first_days / lines.days[split]
    part = np.round(lines.gross[split] * share / 100).astype(np.int64) * 100
    second = Lines(
        row=lines.row[split],
        project=lines.project[split],
        days=first_days,
        gross=part,
        deduction=np.zeros(len(split), np.int64),
        trade=(lines.trade[split] + 2) % 8,
        position=lines.position[split],
        wrong_card=np.zeros(len(split), bool),
        entitled=np.minimum(part, lines.entitled[split]),
        carried=np.zeros(len(split), np.int64),
    )
    lines.days[split] -= first_days
    lines.gross[split] -= part
    lines.entitled[split] -= second.entitled
    both = Lines(
        **{
            name: np.concatenate([getattr(lines, name), getattr(second, name)])
            for name in Lines.__annotations__
        }
    )
    order = np.lexsort((np.arange(len(both.row)), both.position, both.project))
    both = Lines(**{name: getattr(both, name)[order] for name in Lines.__annotations__})
    starts = np.searchsorted(both.project, np.unique(both.project))
    both.position = np.arange(len(both.row)) - np.repeat(starts, np.diff(np.r_[starts, len(both.row)])) + 1
    return both


def pay_days(world: World, month: Month) -> np.ndarray:
    """When each site's wages of the month fall due."""
    by_day = {
        int(day): np.datetime64(pay_day(month, int(day), 1)) for day in np.unique(world.projects.pay_day)
    }
    return np.array([by_day[int(day)] for day in world.projects.pay_day], "datetime64[D]")


def write_lines(world: World, month: Month, lines: Lines, due: np.ndarray) -> None:
    """Deliver the lists some days before the pay day; some come late, a few never."""
    rng = world.city.streams.rng("payroll files", month)
    habits, count = world.city.profile.habits, len(world.projects)
    made = np.array(
        [np.datetime64(workday_on_or_before(day.item())) for day in due - rng.integers(3, 7, count)]
    )
    late = rng.random(count) < habits["payroll_late"]
    on = made + rng.integers(0, 2, count) + np.where(late, rng.integers(6, 26, count), 0)
    kept = np.flatnonzero((rng.random(count) >= habits["payroll_missing"])[lines.project])
    row, project = lines.row[kept], lines.project[kept]
    cards = world.people.card_letters[world.workers.card[row]].copy()
    wrong = np.flatnonzero(lines.wrong_card[kept])
    # One digit mistyped: the check digit gives it away, or it is somebody's closed account.
    cards[wrong, 10] = ord("0") + (cards[wrong, 10] - ord("0") + 1 + wrong % 8) % 10
    table = pa.table(
        {
            "项目编码": world.projects.codes(project),
            "工资月份": columns.same(str(month), len(row)),
            "序号": columns.number(lines.position[kept]),
            "身份证号": world.people.ids(world.workers.person[row]),
            "姓名": world.people.names(world.workers.person[row]),
            "工种": columns.words(lines.trade[kept], TRADES),
            "出勤天数": columns.number(lines.days[kept]),
            "应发": columns.yuan(lines.gross[kept]),
            "扣款": columns.yuan(lines.deduction[kept]),
            "实发": columns.yuan(lines.net[kept]),
            "收款账号": columns.fixed(cards),
            "制表日期": columns.day(made[project]),
        }
    )
    world.deliver_by_sender("payroll", table, on[project], project, tag=str(month))
