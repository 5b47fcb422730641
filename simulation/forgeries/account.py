"""F12: money of the wage account that goes elsewhere, and honest bookings that look like it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulation.construction.bank import firm_account
from simulation.construction.money import Money
from simulation.construction.world import World
from simulation.forgeries.plan import Plant

_FOR = ["材料款", "机械租赁费", "工程款", "往来款"]
_TO = ["建材供应商", "租赁站", "劳务公司", "商贸公司"]


def move_money(world: World, accounts: Money, number: int, due: np.ndarray) -> None:
    """What is planted in the month of that number, in the days before its pay day."""
    rng = world.city.streams.rng("move money", number)
    if number == 0:
        return
    for plant in world.planted(number, "F12"):
        before = due[plant.project] - int(rng.integers(2, 9))
        choice = int(rng.integers(0, len(_FOR)))
        account = firm_account(int(rng.integers(0, len(world.city.employers))))
        if plant.how == "siphoned":
            share = float(rng.uniform(0.55, 0.95))
            accounts.expect(
                plant.project,
                before,
                "fraction out",
                (share, _TO[choice], account, _FOR[choice], _seen(world, plant)),
            )
        elif plant.how == "paid_out":
            share = float(rng.uniform(0.06, 0.2))
            accounts.expect(
                plant.project,
                before,
                "fraction out",
                (share, _TO[choice], account, _FOR[choice], _seen(world, plant)),
            )
        elif plant.how == "reversed":
            amount = int(rng.integers(2, 40)) * 100_000
            if plant.first == number:
                accounts.expect(plant.project, before, "there and back", (amount, _TO[choice], account))
            fee = int(rng.integers(10, 80)) * 100
            accounts.expect(plant.project, before + 1, "out", (fee, "开户银行", "", "账户管理费", ""))
            accounts.expect(
                plant.project, before + 1, "out", (fee * 12, "税务机关", "", "代扣个人所得税", "")
            )


def _seen(world: World, plant: Plant) -> Callable[[np.datetime64], None]:
    """Called with the day once the money has really gone."""

    def note(on: np.datetime64) -> None:
        first = np.datetime64(world.city.months[0].first, "M")
        plant.done.add(int((on.astype("datetime64[M]") - first).astype(np.int64)))

    return note
