"""What is true: who was owed what, from when, why, and when it was paid; which pay days were missed; what was forged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.calendar import Month
from simulation.city import City

CAUSES = [
    "建设单位拖延拨付",
    "建设单位资金困难少拨",
    "建设单位停止拨付",
    "总包资金链断裂",
    "专户资金被挪用",
    "班组长卷款",
    "离场未结清",
    "工资表漏人",
    "工资表少算",
    "退票未补发",
    "发薪拖延",
    "账户余额不足",
]
SLIPS = ("离场未结清", "工资表漏人", "工资表少算", "退票未补发")
CAUSE = {name: number for number, name in enumerate(CAUSES)}
NOT_YET = np.datetime64("NaT")


class Arrears:
    """A growing table of what was owed when it fell due, one row a worker and month."""

    def __init__(self) -> None:
        self._size = 0
        self._columns: dict[str, np.ndarray] = {
            "row": np.zeros(1024, np.int64),
            "month": np.zeros(1024, np.int32),
            "entitled": np.zeros(1024, np.int64),
            "owed": np.zeros(1024, np.int64),
            "due": np.zeros(1024, "datetime64[D]"),
            "cause": np.zeros(1024, np.int8),
            "paid": np.full(1024, NOT_YET, "datetime64[D]"),
        }

    def add(
        self, row: np.ndarray, month: int, entitled: np.ndarray, owed: np.ndarray, due: object, cause: int
    ) -> np.ndarray:
        """Add rows and return their numbers."""
        start, end = self._size, self._size + len(row)
        while end > len(self._columns["row"]):
            self._columns = {
                name: np.concatenate([values, np.full_like(values, NOT_YET if name == "paid" else values[0])])
                for name, values in self._columns.items()
            }
        for name, values in (
            ("row", row),
            ("month", month),
            ("entitled", entitled),
            ("owed", owed),
            ("due", due),
            ("cause", cause),
        ):
            self._columns[name][start:end] = values
        self._columns["paid"][start:end] = NOT_YET
        self._size = end
        return np.arange(start, end)

    def pay(self, numbers: np.ndarray, on: object) -> None:
        """They have been paid in full on the day."""
        self._columns["paid"][numbers[numbers >= 0]] = on

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name][: self._size]


def write_arrears(city: City, arrears: Arrears, codes: pa.Array, ids: pa.Array) -> None:
    """``truth/arrears`` of the sites; paid after the last day counts as not paid."""
    months = [str(month) for month in city.months]
    paid = arrears["paid"].copy()
    paid[paid > np.datetime64(city.profile.until)] = NOT_YET
    kept = np.flatnonzero(arrears["due"] <= np.datetime64(city.profile.until))
    table = pa.table(
        {
            "主体": columns.same("项目", len(paid)),
            "代码": codes,
            "身份证号": ids,
            "月份": columns.words(arrears["month"], months),
            "应得": columns.yuan(arrears["entitled"]),
            "应付日期": columns.day(arrears["due"]),
            "付清日期": columns.day(paid),
            "欠付金额": columns.yuan(arrears["owed"]),
            "原因": columns.words(arrears["cause"], CAUSES),
        }
    )
    city.out.write("truth/arrears", city.profile.until, table.take(pa.array(kept)), sender="construction")


class PayDays:
    """One row a site and month: what was due, what arrived by the day, and the chief cause where it was missed.

    Missed is a pay day for lack of money, means or will. Slips of a clerk or a bank leave single people unpaid; that
    is in the arrears, and no missed pay day.
    """

    #: a pay day counts as missed where more than this share had not arrived
    MISSED = 0.05

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, Any, int, int, int, int]] = []

    def add(self, project: int, month: int, due: Any, owed: int, arrived: int, lack: np.ndarray) -> None:
        """``lack`` is what had not arrived by the day, by cause."""
        real = lack.copy()
        real[[CAUSE[name] for name in SLIPS]] = 0
        self.rows.append((project, month, due, owed, arrived, int(real.sum()), int(real.argmax())))

    def write(self, city: City, codes: np.ndarray) -> None:
        """``truth/paydays``: only days that have come."""
        rows = [row for row in self.rows if np.datetime64(row[2]) <= np.datetime64(city.profile.until)]
        if not rows:
            return
        project, month, due, owed, arrived, lack, cause = (np.array(part) for part in zip(*rows, strict=True))
        missed = lack > owed * self.MISSED
        months: list[Month] = city.months
        table = pa.table(
            {
                "项目编码": pa.array(codes[project]),
                "月份": columns.words(month, [str(one) for one in months]),
                "发薪日": columns.day(due.astype("datetime64[D]")),
                "应发": columns.yuan(owed),
                "按时到账": columns.yuan(arrived),
                "是否欠": columns.yes_no(missed),
                "原因": columns.blank(columns.words(cause, CAUSES), ~missed),
            }
        )
        city.out.write("truth/paydays", city.profile.until, table, sender="construction")
