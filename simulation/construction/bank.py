"""What banks deliver: entries and balances of the wage accounts, results of payments, and where wage cards' money goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import columns, identifiers
from simulation.calendar import Month
from simulation.construction.ledger import OUT, Booked
from simulation.construction.world import World
from simulation.forgeries.plan import Plant

REFUSALS = ["户名与账号不符", "账号不存在", "账户已销户或冻结"]
MINUTE, HOUR = np.timedelta64(60, "s"), np.timedelta64(3600, "s")
#: other accounts: of families, of collectors, of firms
FAMILY, COLLECTOR, FIRM = 700_000_000_000, 800_000_000_000, 900_000_000_000


@dataclass
class Paid:
    """Payments to cards, one place each, in the order of booking."""

    project: np.ndarray
    month: np.ndarray
    row: np.ndarray
    amount: np.ndarray
    at: np.ndarray
    fine: np.ndarray
    refusal: np.ndarray


def paid_of(world: World, booked: Booked, rng: np.random.Generator) -> Paid:
    """The payments of what was booked, with their minute."""
    parts = booked.payments
    length = np.array([len(part[2]) for part in parts], np.int64)

    def each(place: int, kind: str) -> np.ndarray:
        return np.repeat(np.array([part[place] for part in parts], dtype=kind), length)

    starts = np.repeat(np.cumsum(length) - length, length)
    within = np.arange(int(length.sum())) - starts
    batch = np.repeat(rng.integers(9 * 3600, 16 * 3600, len(parts)), length)
    day = each(4, "datetime64[D]").astype("datetime64[s]")
    return Paid(
        each(0, "int64"),
        each(1, "int64"),
        np.concatenate([part[2] for part in parts]) if parts else np.zeros(0, np.int64),
        np.concatenate([part[3] for part in parts]) if parts else np.zeros(0, np.int64),
        day + (batch + within // 4).astype("timedelta64[s]"),
        each(5, "bool"),
        each(6, "int64"),
    )


def write_receipts(world: World, month: Month, paid: Paid) -> None:
    """Each payment with its result, the day after; some batches come weeks later, a few never."""
    rng = world.city.streams.rng("receipts", month)
    habits, count = world.city.profile.habits, len(world.projects)
    late = np.where(rng.random(count) < habits["receipts_late"], rng.integers(10, 35, count), 0)
    kept = np.flatnonzero((rng.random(count) >= habits["receipts_missing"])[paid.project])
    project, row = paid.project[kept], paid.row[kept]
    cards = world.people.card_letters[world.workers.card[row]].copy()
    wrong = np.flatnonzero(~paid.fine[kept])
    cards[wrong, 10] = ord("0") + (cards[wrong, 10] - ord("0") + 1 + wrong % 8) % 10
    number = pa.compute.binary_join_element_wise(
        pa.repeat(f"R{month.year}{month.number:02d}", len(kept)),
        columns.fixed(identifiers.digits(kept, 8)),
        "",
    )
    table = pa.table(
        {
            "项目编码": world.projects.codes(project),
            "工资月份": columns.words(paid.month[kept], [str(one) for one in world.city.months]),
            "流水号": number,
            "收款账号": columns.fixed(cards),
            "户名": world.people.names(world.workers.person[row]),
            "金额": columns.yuan(paid.amount[kept]),
            "到账时间": columns.moment(paid.at[kept]),
            "结果": columns.words(paid.fine[kept].astype(np.int8), ["退回", "成功"]),
            "原因": columns.words(
                np.where(paid.fine[kept], len(REFUSALS), paid.refusal[kept]), [*REFUSALS, None]
            ),
        }
    )
    on = paid.at[kept].astype("datetime64[D]") + 1 + late[project]
    world.deliver_by_sender("bank/receipts", table, on, project, tag=str(month))


def write_entries(world: World, month: Month, booked: Booked) -> None:
    """Entries of the special accounts, each on the day after, with the balance that they left."""
    rows = [row for row in booked.entries if world.has_account[row[0]]]
    if not rows:
        return
    project, on, way, amount, who, account, purpose, period, balance = (
        list(part) for part in zip(*rows, strict=True)
    )
    which = np.array(project)
    days = np.array(on, "datetime64[D]")
    table = pa.table(
        {
            "项目编码": world.projects.codes(which),
            "流水号": pa.array(
                [f"E{month.year}{month.number:02d}{number:07d}" for number in range(len(rows))]
            ),
            "记账日期": columns.day(days),
            "方向": columns.words(np.array(way) == OUT, ["收入", "支出"]),
            "金额": columns.yuan(np.array(amount)),
            "对方户名": pa.array(
                [_counterpart(world, project_, name) for project_, name in zip(project, who, strict=True)]
            ),
            "对方账号": pa.array([name or None for name in account], pa.string()),
            "用途": pa.array(purpose),
            "所属期": pa.array([name or None for name in period], pa.string()),
            "余额": columns.yuan(np.array(balance)),
        }
    )
    order = np.argsort(days, kind="stable")
    world.city.out.deliver(
        "bank/entries", table.take(pa.array(order)), days[order] + 1, senders=["banks"], tag=str(month)
    )


def _counterpart(world: World, project: int, who: str) -> str:
    firm = {"建设单位": world.projects.owner, "施工总承包单位": world.projects.contractor}.get(who)
    return who if firm is None else world.titles[int(firm[project])]


def write_card_flows(world: World, month: Month, paid: Paid) -> None:
    """Money that leaves the wage cards at banks that tell it: families and other accounts, and what is planted."""
    rng = world.city.streams.rng("flows", month)
    told = np.flatnonzero(paid.fine & world.projects.cards_told[paid.project])
    row, amount, at = paid.row[told], paid.amount[told], paid.at[told]
    flows = _Flows(world, row, amount, at, paid.month[told])
    spent = rng.random(len(row)) < 0.7
    later = (rng.gamma(1.6, 2.2, len(row)).clip(0.05, 25) * 86_400).astype("timedelta64[s]")
    flows.add(
        np.flatnonzero(spent),
        np.round(amount * rng.uniform(0.2, 0.9, len(row)) / 10_000) * 10_000,
        at + later,
        FAMILY + world.workers.person[row],
    )
    number = world.number(month)
    for plant in world.plants:
        if plant.kind == "F12" and plant.how == "returned" and plant.covers(number + 1):
            _returned(world, plant, number + 1, flows, rng)
        elif (plant.kind in ("F02", "F09")) and (plant.covers(number)):
            _collected(plant, number, flows, rng)
    flows.write(month)


class _Flows:
    """Flows being put together; a payment that is collected has no flow of its own."""

    def __init__(
        self, world: World, row: np.ndarray, amount: np.ndarray, at: np.ndarray, month: np.ndarray
    ) -> None:
        self.world, self.row, self.amount, self.at, self.month = world, row, amount, at, month
        self._taken = np.zeros(len(row), bool)
        self._parts: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []

    def of(self, rows: np.ndarray) -> np.ndarray:
        """Payments to these rows."""
        return np.flatnonzero(np.isin(self.row, rows))

    def add(self, which: np.ndarray, amount: np.ndarray, at: np.ndarray, to: np.ndarray) -> None:
        self._parts.append((which, amount[which], at[which], to[which]))

    def instead(self, which: np.ndarray, share: np.ndarray, after: np.ndarray, to: int) -> None:
        """These payments go on to one account, and nowhere else."""
        self._taken[which] = True
        self.beside(which, share, after, to)

    def beside(self, which: np.ndarray, share: np.ndarray, after: np.ndarray, to: int) -> None:
        """A part of these payments goes to one account as well."""
        amount = np.round(self.amount[which] * share / 1000).astype(np.int64) * 1000
        self._parts.append(
            (which, amount, self.at[which] + after.astype("timedelta64[s]"), np.full(len(which), to))
        )

    def write(self, month: Month) -> None:
        first = self._parts[0]
        left = ~self._taken[first[0]]
        parts = [tuple(column[left] for column in first), *self._parts[1:]]
        which, amount, at, to = (np.concatenate(column) for column in zip(*parts, strict=True))
        some = amount > 0
        which, amount, at, to = which[some], amount[some].astype(np.int64), at[some], to[some]
        product = identifiers.CARD_PRODUCTS[to % len(identifiers.CARD_PRODUCTS)]
        table = pa.table(
            {
                "卡号": self.world.people.cards(self.world.workers.card[self.row[which]]),
                "时间": columns.moment(at),
                "金额": columns.yuan(amount),
                "转入账号": columns.fixed(identifiers.cards(product, to)),
            }
        )
        # Banks tell it once a week.
        on = at.astype("datetime64[D]").astype("datetime64[W]").astype("datetime64[D]") + 8
        self.world.city.out.deliver("bank/cards", table, on, senders=["banks"], tag=str(month), packed=False)


def _collected(plant: Plant, number: int, flows: _Flows, rng: np.random.Generator) -> None:
    which = flows.of(plant.rows)
    if not len(which):
        return
    if plant.kind == "F02":
        plant.done.add(number)
    count, collector = len(which), COLLECTOR + int(plant.rows[0])
    if plant.kind == "F02" and plant.forged:
        flows.instead(which, rng.uniform(0.93, 1.0, count), rng.integers(60, 540, count), collector)
    elif plant.kind == "F09" and plant.forged and plant.how == "moved_on":
        flows.instead(which, rng.uniform(0.9, 1.0, count), rng.integers(1800, 40 * 3600, count), collector)
    elif plant.how == "family":
        flows.instead(which, rng.uniform(0.3, 0.9, count), rng.integers(86_400, 7 * 86_400, count), collector)
    elif plant.how == "canteen":
        flows.beside(
            which, rng.uniform(0.03, 0.08, count), rng.integers(86_400, 5 * 86_400, count), collector
        )


def _returned(world: World, plant: Plant, number: int, flows: _Flows, rng: np.random.Generator) -> None:
    which = flows.of(plant.rows)
    if len(which):
        plant.done.add(number)
        account = FIRM + int(world.projects.contractor[plant.project])
        # Before midnight of the day on which the wages came.
        left = (
            np.timedelta64(86_400 - 60, "s") - (flows.at[which] - flows.at[which].astype("datetime64[D]"))
        ).astype(np.int64)
        flows.instead(
            which,
            rng.uniform(0.85, 1.0, len(which)),
            (rng.uniform(0.1, 0.95, len(which)) * left).astype(np.int64),
            account,
        )


def firm_account(employer: int) -> str:
    """The account of a firm."""
    to = np.array([FIRM + employer])
    product = identifiers.CARD_PRODUCTS[to % len(identifiers.CARD_PRODUCTS)]
    return bytes(identifiers.cards(product, to)[0]).decode()
