"""How each employer stands, in compact arrays that are carried from month to month: about 50 bytes an employer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.city import City
from simulation.universe import TRADE_NAMES, TRADES

#: trade → (monthly wage in yuan, share of staff that changes in a month, meter of its own, kWh a person and month)
HABITS: dict[str, tuple[int, float, float, float]] = {
    "批发和零售业": (5000, 0.035, 0.10, 90),
    "住宿和餐饮业": (4600, 0.060, 0.55, 260),
    "制造业": (5800, 0.035, 0.85, 620),
    "租赁和商务服务业": (6200, 0.045, 0.06, 60),
    "居民服务业": (4700, 0.045, 0.20, 110),
    "信息技术服务业": (9500, 0.030, 0.06, 90),
    "交通运输和仓储业": (6300, 0.040, 0.20, 160),
    "建筑业": (6000, 0.050, 0.10, 120),
    "房地产业": (6800, 0.030, 0.15, 100),
    "其他": (5400, 0.030, 0.15, 120),
}
assert list(HABITS) == TRADE_NAMES == list(TRADES)
#: what employer and worker pay together for one insured person, of the wage
INSURANCE_SHARE = 0.26


def of_trade(trade: np.ndarray, place: int) -> np.ndarray:
    """The habit of each employer's trade."""
    return np.array([habit[place] for habit in HABITS.values()], np.float32)[trade]


@dataclass
class Standing:
    """One row an employer, by its number in the universe."""

    #: has an account at the social insurance; without one nothing is known of it month by month
    account: np.ndarray
    meter: np.ndarray
    #: insured now, and as it was on the first day
    insured: np.ndarray
    usual: np.ndarray
    #: works there without being insured; goes as the insured go
    outside: np.ndarray
    wage_fen: np.ndarray
    arrears_months: np.ndarray
    arrears_fen: np.ndarray
    #: a month's power and water in an ordinary month
    power: np.ndarray
    water: np.ndarray

    def staff(self, who: np.ndarray) -> np.ndarray:
        """People who work there now, insured or not."""
        share = self.insured[who] / np.maximum(self.usual[who], 1)
        return np.maximum(self.insured[who] + np.round(self.outside[who] * share).astype(np.int64), 1)

    def due_fen(self, who: np.ndarray | slice) -> np.ndarray:
        """Social insurance that falls due for a month."""
        per_head = np.round(self.wage_fen[who] * INSURANCE_SHARE).astype(np.int64)
        return self.insured[who].astype(np.int64) * per_head


def opening(city: City) -> Standing:
    """All employers as they stand before the first month."""
    rng = city.streams.rng("employers", "opening")
    everybody = city.employers
    size, trade, count = everybody.size, everybody.trade, len(everybody)
    account = rng.random(count) < np.select([size < 3, size < 10], [0.30, 0.75], 0.98)
    insured = np.maximum(rng.binomial(size, np.where(size < 10, 0.9, 0.95)), 1).astype(np.int32)
    wage = of_trade(trade, 0) * 100 * np.exp(rng.normal(0, 0.18, count))
    meter = rng.random(count) < of_trade(trade, 2) * np.where(size < 5, 0.4, 1.0)
    power = (of_trade(trade, 3) * size * np.exp(rng.normal(0, 0.4, count))).astype(np.float32)
    return Standing(
        account=account,
        meter=meter,
        insured=insured,
        usual=insured.copy(),
        outside=(size - np.minimum(insured, size)).astype(np.int32),
        wage_fen=np.round(wage / 10_000).astype(np.int32) * 10_000,
        arrears_months=np.zeros(count, np.int16),
        arrears_fen=np.zeros(count, np.int64),
        power=power,
        water=(size * 3.2 * np.exp(rng.normal(0, 0.4, count))).astype(np.float32),
    )
