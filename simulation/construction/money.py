"""Money of the sites: what owners send, what contractors add, what is taken out, who is paid and who waits.

Each site has one account whose balance never falls below nothing. Wages that the balance does not cover wait, oldest
first, for the next money. One site and month at a time: a handful of bookings, whole arrays of workers.
"""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

from simulation.calendar import Month
from simulation.construction.ledger import IN, OUT, Booked, Day, Waiting, banking, share_out
from simulation.construction.payroll import Clerks, Left, Lines
from simulation.construction.projects import FAILED, GOOD, SLOW, SQUEEZED
from simulation.construction.world import World
from simulation.truth import CAUSE, CAUSES, Arrears, PayDays


class Money:
    """Accounts, contractors' means, and what waits."""

    def __init__(self, world: World, clerks: Clerks, arrears: Arrears, paydays: PayDays) -> None:
        self.world, self.clerks, self.arrears, self.paydays = world, clerks, arrears, paydays
        count = len(world.projects)
        rng = world.city.streams.rng("money")
        self.balance = np.zeros(count, np.int64)
        self.opened = np.zeros(count, bool)
        self.waiting: list[list[Waiting]] = [[] for _ in range(count)]
        self.coming: list[list[tuple[Day, int, str, Any]]] = [[] for _ in range(count)]
        self.backlog = np.zeros(count, np.int64)  # what the owner has kept back
        self.agreed = np.zeros(count, np.int64)
        # Means of the contractors in months of a site's wages.
        reach = rng.uniform(0.8, 2.6, len(world.city.employers))
        self.means = reach
        self.booked = Booked()
        self._ticket = 0

    # -- what is to come ---------------------------------------------------------------------------------------

    def expect(self, project: int, on: Day, what: str, data: Any) -> None:
        """Put an event of the site on its day."""
        self._ticket += 1
        heapq.heappush(self.coming[project], (on, self._ticket, what, data))

    def owner_sends(self, month: Month, number: int, planned: np.ndarray) -> None:
        """Decide for each site when the labour cost of the month will arrive and how much of it."""
        world, rng = self.world, self.world.city.streams.rng("owners", month)
        projects = world.projects
        live = np.flatnonzero(projects.days_overlap(month) & (planned > 0))
        draws = rng.random((len(projects), 6))
        delays = rng.lognormal(0, 0.65, len(projects))
        if number % 3 == 0:
            self.agreed = np.where(
                planned > 0,
                np.round(planned * rng.uniform(1.04, 1.14, len(planned)) / 10**6).astype(np.int64) * 10**6,
                self.agreed,
            )
        fresh = (self.agreed == 0) & (planned > 0)
        self.agreed[fresh] = np.round(planned[fresh] * 1.1 / 10**6).astype(np.int64) * 10**6
        for project in live:
            if not self.opened[project]:
                self._open(int(project), month, draws[project, 0])
            # Where more people work than was thought when the quarter was agreed, an owner who pays pays for them.
            amount = max(int(self.agreed[project]), int(planned[project] * 1.1) // 10**5 * 10**5)
            state = int(projects.owner_state[project, number])
            self._send(int(project), month, state, amount, draws[project], delays[project])

    def _open(self, project: int, month: Month, draw: float) -> None:
        self.opened[project] = True
        if self.world.projects.start[project] < Day(month.first):
            share = 0.35 + 0.7 * draw
            self.expect(
                project,
                Day(month.first),
                "in",
                (int(self.agreed[project] * share), "期初结转", "期初结转", ""),
            )

    def _send(
        self, project: int, month: Month, state: int, amount: int, draws: np.ndarray, delay: float
    ) -> None:
        due = Day(month.day(int(self.world.projects.due_day[project])))
        if state == GOOD and draws[0] < 0.035:
            state, delay = SLOW, delay * 1.4
        if state == FAILED:
            self.backlog[project] += amount
            return
        if state == SQUEEZED:
            share = 0.25 + 0.5 * draws[1]
            self.backlog[project] += int(amount * (1 - share))
            amount, late = int(amount * share), 4 + 11 * delay
        elif state == SLOW:
            late = 1 + 11 * delay
        else:
            late = -3 + 5 * draws[2]
        if state in (GOOD, SLOW) and self.backlog[project] and draws[3] < 0.6:
            back = int(self.backlog[project] * (0.6 + 0.4 * draws[4]))
            self.backlog[project] = 0
            self.expect(
                project,
                banking(due + int(late) + int(6 * draws[5])),
                "in",
                (back, "建设单位", "人工费补拨", str(month)),
            )
        self.expect(project, banking(due + int(late)), "in", (amount, "建设单位", "人工费", str(month)))

    # -- the pay day -------------------------------------------------------------------------------------------

    def settle(self, month: Month, lines: Lines, left: Left, due: np.ndarray) -> None:
        """Live each site up to the pay day of the month's wages, and pay them as far as the money goes."""
        rng = self.world.city.streams.rng("settle", month)
        number = self.world.number(month)
        draws = rng.random((len(self.world.projects), 8))
        starts = np.searchsorted(lines.project, np.arange(len(self.world.projects) + 1))
        of_left = self.world.workers.project[left.row]
        left_starts = np.searchsorted(of_left, np.arange(len(self.world.projects) + 1))
        for project in np.flatnonzero(
            (np.diff(starts) > 0)
            | (np.diff(left_starts) > 0)
            | np.array([bool(queue) for queue in self.coming])
        ):
            part = slice(starts[project], starts[project + 1])
            missing = slice(left_starts[project], left_starts[project + 1])
            on = self._pay_on(int(project), due[project], draws[project])
            self.live_until(int(project), min(on, due[project]), draws[project])
            self._leave_out(int(project), number, left, missing, due[project])
            arrived, lack = self._pay(int(project), number, lines, part, due[project], on, draws[project])
            owed = int(lines.entitled[part].sum() + left.owed[missing].sum())
            lack += np.bincount(left.cause[missing], left.owed[missing], len(CAUSES)).astype(np.int64)
            if owed:
                self.paydays.add(int(project), number, due[project], owed, arrived, lack)

    def _pay_on(self, project: int, due: Day, draws: np.ndarray) -> Day:
        """The day itself, but for sites that have the habit of paying some days later."""
        if self.world.projects.late_habit[project] and draws[6] < 0.6:
            return banking(due + 3 + int(20 * draws[7]))
        return due

    def live_until(self, project: int, day: Day, draws: np.ndarray) -> None:
        """All events of the site before the day."""
        queue = self.coming[project]
        while queue and queue[0][0] < day:
            on, _, what, data = heapq.heappop(queue)
            if what == "in":
                amount, who, purpose, period = data
                self._book(project, on, IN, amount, who, "", purpose, period)
                if self.waiting[project]:
                    self.expect(project, banking(on + 1 + int(2 * draws[5])), "catch up", None)
            elif what == "out":
                amount, who, account, purpose, period = data
                amount = min(amount, int(self.balance[project]))
                if amount:
                    self._book(project, on, OUT, amount, who, account, purpose, period)
            elif what == "fraction out":
                share, who, account, purpose, seen = data
                amount = int(self.balance[project] * share) // 100_00 * 100_00
                if amount:
                    self._book(project, on, OUT, amount, who, account, purpose, "")
                    seen(on)
            elif what == "there and back":
                amount, who, account = data
                if amount <= self.balance[project]:
                    self._book(project, on, OUT, amount, who, account, "误转", "")
                    self.expect(project, on + 1, "in", (amount, who, "误转退回", ""))
            elif what == "catch up":
                self._catch_up(project, on)
            else:
                self._again(project, on, data)

    def finish(self, day: Day) -> None:
        """Live every site up to the day, without another pay day."""
        draws = self.world.city.streams.rng("finish").random((len(self.coming), 8))
        for project in range(len(self.coming)):
            self.live_until(project, day, draws[project])

    def _leave_out(self, project: int, number: int, left: Left, part: slice, due: Day) -> None:
        """People on no list are owed all of it; most of them come onto a later one."""
        rows, owed, causes = left.row[part], left.owed[part], left.cause[part]
        if not len(rows):
            return
        rng = self.world.city.streams.rng("left out", project, number)
        for cause in np.unique(causes):
            mine = causes == cause
            numbers = self.arrears.add(rows[mine], number, owed[mine], owed[mine], due, int(cause))
            later, chance = _MENDED.get(int(cause), (1, 0.0))
            if rng.random() < chance:
                self.clerks.carry(number + later, rows[mine], owed[mine], numbers)

    def _pay(
        self, project: int, number: int, lines: Lines, part: slice, due: Day, on: Day, draws: np.ndarray
    ) -> tuple[int, np.ndarray]:
        """Pay the list. Returns what arrived by the day for people who exist, and what did not, by cause."""
        net, row, wrong = lines.net[part], lines.row[part], lines.wrong_card[part]
        need = int(net.sum())
        if not need:
            return 0, np.zeros(len(CAUSES), np.int64)
        cause = self._why(project, number)
        if on > due:
            self.live_until(project, on, draws)
            cause = CAUSE["发薪拖延"]
        if need > self.balance[project]:
            self._contractor_adds(project, need, on, draws, number)
        paid = share_out(
            net, int(self.balance[project]), bool(self.world.projects.pay_whole_teams[project]), draws[4]
        )
        out = int(paid.sum())
        if out:
            self._book(
                project, on, OUT, out, "农民工工资代发", "", "代发工资", str(self.world.city.months[number])
            )
            self._to_cards(project, number, row, paid, wrong, on)
        fine = paid * ~wrong
        arrived = np.minimum(fine, lines.entitled[part]) if on <= due else np.zeros_like(fine)
        return int(arrived.sum()), self._note_arrears(
            project, number, lines, part, paid, fine, due, on, cause
        )

    def _note_arrears(
        self,
        project: int,
        number: int,
        lines: Lines,
        part: slice,
        paid: np.ndarray,
        fine: np.ndarray,
        due: Day,
        on: Day,
        cause: int,
    ) -> np.ndarray:
        """Put into the truth who was owed on the day; how much, by cause."""
        row, net, entitled, wrong = (
            lines.row[part],
            lines.net[part],
            lines.entitled[part],
            lines.wrong_card[part],
        )
        in_time = fine if on <= due else np.zeros_like(fine)
        owed = entitled - np.minimum(entitled, in_time)
        short = (owed > np.maximum(entitled // 50, 5000)) & (entitled > 0)
        numbers = np.full(len(row), -1, np.int64)
        why = np.where(
            wrong & (paid == net),
            CAUSE["退票未补发"],
            np.where((paid == net) & (on <= due), CAUSE["工资表少算"], cause),
        )
        for one in np.unique(why[short]):
            mine = short & (why == one)
            numbers[mine] = self.arrears.add(row[mine], number, entitled[mine], owed[mine], due, int(one))
        full = (paid == net) & ~wrong & (entitled <= net)
        self.arrears.pay(numbers[full], on)
        open_ = np.flatnonzero(paid < net)
        if len(open_):
            self.waiting[project].append(Waiting(number, row[open_], (net - paid)[open_], numbers[open_]))
        self._returned(project, number, np.flatnonzero(wrong & (paid > 0)), row, paid, numbers, on)
        if not len(open_):
            for rows, made_good in self.clerks.carried_for:
                self.arrears.pay(
                    made_good[np.isin(rows, row) | (self.world.workers.project[rows] == project)], on
                )
        return np.bincount(why[short], owed[short], len(CAUSES)).astype(np.int64)

    def _returned(
        self,
        project: int,
        number: int,
        which: np.ndarray,
        row: np.ndarray,
        paid: np.ndarray,
        numbers: np.ndarray,
        on: Day,
    ) -> None:
        if not len(which):
            return
        self.expect(
            project,
            on + 1,
            "in",
            (int(paid[which].sum()), "银行退汇", "退票", str(self.world.city.months[number])),
        )
        rng = self.world.city.streams.rng("returned", project, number)
        for one in which:
            if rng.random() < 0.92:
                day = banking(on + int(rng.integers(3, 21)))
                self.expect(
                    project,
                    day,
                    "again",
                    (number, row[one : one + 1], paid[one : one + 1], numbers[one : one + 1]),
                )

    def _again(self, project: int, on: Day, data: tuple[int, np.ndarray, np.ndarray, np.ndarray]) -> None:
        """Pay a returned payment once more, to the right card, as soon as there is money."""
        number, row, amount, numbers = data
        if self.balance[project] < amount.sum():
            self.expect(project, on + 5, "again", data)
            return
        self._book(
            project,
            on,
            OUT,
            int(amount.sum()),
            "农民工工资代发",
            "",
            "补发工资",
            str(self.world.city.months[number]),
        )
        self._to_cards(project, number, row, amount, np.zeros(1, bool), on)
        self.arrears.pay(numbers, on)

    def _catch_up(self, project: int, on: Day) -> None:
        """Pay what waits, the oldest month first."""
        for one in list(self.waiting[project]):
            paid = share_out(one.rest, int(self.balance[project]), True, 0.0)
            if not paid.any():
                return
            self._book(
                project,
                on,
                OUT,
                int(paid.sum()),
                "农民工工资代发",
                "",
                "补发工资",
                str(self.world.city.months[one.month]),
            )
            which = np.flatnonzero(paid)
            self._to_cards(project, one.month, one.row[which], paid[which], np.zeros(len(which), bool), on)
            self.arrears.pay(one.number[paid == one.rest], on)
            rest = np.flatnonzero(one.rest > paid)
            one.row, one.number, one.rest = one.row[rest], one.number[rest], (one.rest - paid)[rest]
        self.waiting[project] = [one for one in self.waiting[project] if len(one.row)]

    # -- the contractor ----------------------------------------------------------------------------------------

    def _contractor_adds(self, project: int, need: int, on: Day, draws: np.ndarray, number: int) -> None:
        """Own money of the contractor, some days before the pay day, as long as there is any."""
        projects = self.world.projects
        contractor = int(projects.contractor[project])
        short = need - int(self.balance[project])
        months = short / max(need, 1)
        if projects.contractor_failed[project] <= number or self.means[contractor] < months * 0.5:
            return
        willing = 0.08 if projects.weak[project] else 0.96
        # Small holes are filled more readily than whole months.
        if draws[0] > willing + (0.25 if months < 0.15 else 0.0):
            return
        share = 1.0 if self.means[contractor] >= months and draws[1] < 0.93 else 0.5 + 0.4 * draws[2]
        amount = int(short * share) + 1
        self.means[contractor] -= months * share
        self._book(project, on, IN, amount, "施工总承包单位", "", "自有资金垫付", "")

    def refill(self) -> None:
        """A little margin comes in each month; contractors whose owners do not pay get none."""
        state = self.backlog > 0
        gain = np.full(len(self.means), 0.06)
        np.subtract.at(gain, self.world.projects.contractor, 0.06 * state)
        self.means = (self.means + gain.clip(-0.1)).clip(0, 5)

    def _why(self, project: int, number: int) -> int:
        projects = self.world.projects
        state = int(projects.owner_state[project, number])
        if 0 <= projects.siphoned[project] <= number <= projects.siphoned[project] + 2:
            return CAUSE["专户资金被挪用"]
        if state in _OWNERS:
            return _OWNERS[state]
        if projects.contractor_failed[project] <= number:
            return CAUSE["总包资金链断裂"]
        return CAUSE["账户余额不足"]

    # -- bookings ----------------------------------------------------------------------------------------------

    def _book(
        self, project: int, on: Day, way: int, amount: int, who: str, account: str, purpose: str, period: str
    ) -> None:
        self.balance[project] += amount if way == IN else -amount
        if self.balance[project] < 0:
            raise ValueError("an account cannot be overdrawn")
        self.booked.entries.append(
            (project, on, way, amount, who, account, purpose, period, int(self.balance[project]))
        )

    def _to_cards(
        self, project: int, number: int, row: np.ndarray, paid: np.ndarray, wrong: np.ndarray, on: Day
    ) -> None:
        which = np.flatnonzero(paid)
        fine = which[~wrong[which]]
        bad = which[wrong[which]]
        if len(fine):
            self.booked.payments.append((project, number, row[fine], paid[fine], on, 1, 0))
        if len(bad):
            self.booked.payments.append((project, number, row[bad], paid[bad], on + 1, 0, project % 3))

    def take(self) -> Booked:
        """What has been booked since the last time."""
        booked, self.booked = self.booked, Booked()
        return booked


_OWNERS = {
    SLOW: CAUSE["建设单位拖延拨付"],
    SQUEEZED: CAUSE["建设单位资金困难少拨"],
    FAILED: CAUSE["建设单位停止拨付"],
}
#: cause → months until it comes onto a list, chance
_MENDED = {
    CAUSE["工资表漏人"]: (1, 1.0),
    CAUSE["离场未结清"]: (2, 0.5),
    CAUSE["班组长卷款"]: (3, 0.6),
    CAUSE["总包资金链断裂"]: (3, 0.4),
}
