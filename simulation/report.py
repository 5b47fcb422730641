"""The statistical report: the city beside the published figures it is fitted to.

Made in one pass: every table is counted as it is written, and parts of the city add to ``tally`` what no table says.
``report.md`` is for people, ``report.json`` for programs.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from simulation.calendar import month_of
from simulation.figures import Figure, figures
from simulation.profiles import Profile


class Report:
    """Counts what passes by."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        last = month_of(profile.until)
        self.opening = last.plus(1 - profile.months).first
        self.tally: Counter[str] = Counter()
        self._seen: dict[str, set[str]] = {}
        self._counters: dict[str, Callable[[pa.Table], None]] = {
            "registry/employers": self._employers,
            "registry/projects": lambda table: self._distinct("projects", table["项目编码"]),
            "roster": lambda table: self._distinct("workers", table["身份证号"]),
            "bank/accounts": lambda table: self._distinct("accounts", table["项目编码"]),
            "bank/receipts": self._receipts,
            "deposits": self._deposits,
            "social": self._social,
            "events": self._events,
            "clues": self._clues,
            "orders": lambda table: self._distinct("orders", table["文书号"]),
            "truth/arrears": self._arrears,
            "truth/employers": self._failures,
            "truth/paydays": self._paydays,
            "truth/forgeries": lambda table: self._by_kind("forgery", table["种类"]),
            "truth/lookalikes": lambda table: self._by_kind("lookalike", table["种类"]),
            "truth/lookalikes-employers": lambda table: self._by_kind("lookalike", table["种类"]),
        }

    def see(self, kind: str, on: dt.date, table: pa.Table) -> None:
        """Count one table that is being written."""
        self.tally[f"rows {kind}"] += table.num_rows
        if kind in self._counters:
            self._counters[kind](table)

    def write(self, root: Path, about: dict[str, Any]) -> None:
        """Write both files below ``root``."""
        for name, seen in self._seen.items():
            self.tally[name] = len(seen)
        lines = figures(self.profile, self.tally)
        truth = {key: self.tally[key] for key in sorted(self.tally) if not key.startswith("rows ")}
        rows = {key[5:]: self.tally[key] for key in sorted(self.tally) if key.startswith("rows ")}
        data = {
            "profile": about["profile"],
            "seed": about["seed"],
            "first_day": about["first_day"],
            "last_day": about["last_day"],
            "figures": [line.as_dict() for line in lines],
            "counts": truth,
            "rows": rows,
        }
        text = json.dumps(data, ensure_ascii=False, indent=1)
        (root / "report.json").write_text(text + "\n", encoding="utf-8")
        (root / "report.md").write_text(_page(about, lines, self.tally, rows), encoding="utf-8")

    def _distinct(self, name: str, column: pa.ChunkedArray) -> None:
        self._seen.setdefault(name, set()).update(pc.unique(column).drop_null().to_pylist())

    def _by_kind(self, name: str, column: pa.ChunkedArray) -> None:
        for each in pc.value_counts(column).to_pylist():
            self.tally[f"{name} {each['values']}"] += each["counts"]

    def _employers(self, table: pa.Table) -> None:
        if not self.tally["employers"]:
            self.tally["employers"] = table.num_rows

    def _receipts(self, table: pa.Table) -> None:
        arrived = table.filter(pc.equal(table["结果"], "成功"))
        self.tally["paid_fen"] += _fen(arrived["金额"])

    def _deposits(self, table: pa.Table) -> None:
        letters = table.filter(pc.equal(table["形式"], "保函"))
        self._distinct("letters", letters["项目编码"])

    def _social(self, table: pa.Table) -> None:
        self.tally["social_months"] += table.num_rows
        self.tally["insured_months"] += pc.sum(table["参保人数"]).as_py() or 0
        for least in (50, 100):
            many = pc.sum(pc.greater_equal(table["参保人数"], least)).as_py() or 0
            self.tally[f"months of {least} people"] += many

    def _events(self, table: pa.Table) -> None:
        first = table.filter(
            pc.and_(pc.is_null(table["止"]), pc.greater_equal(table["日期"], pa.scalar(self.opening)))
        )
        self._by_kind("event", first["种类"])
        filed = first.filter(pc.equal(first["种类"], "仲裁"))
        self.tally["arbitration_people"] += pc.sum(filed["人数"]).as_py() or 0
        self.tally["arbitration_fen"] += _fen(filed["金额"])
        self.tally["arbitration_groups"] += pc.sum(pc.greater_equal(filed["人数"], 10)).as_py() or 0

    def _clues(self, table: pa.Table) -> None:
        self._distinct("clues", table["编号"])
        self._distinct("clues_closed", table.filter(pc.is_valid(table["办结日期"]))["编号"])
        self._distinct("clues_founded", table.filter(pc.equal(table["属实"], "是"))["编号"])
        self._distinct("clues_of_employers", table.filter(pc.is_null(table["项目编码"]))["编号"])

    def _arrears(self, table: pa.Table) -> None:
        sites = table.filter(pc.equal(table["主体"], "项目"))
        self._distinct("site_people_in_arrears", sites["身份证号"])
        self._distinct("site_people_still", sites.filter(pc.is_null(sites["付清日期"]))["身份证号"])
        self.tally["site_arrears_fen"] += _fen(sites["欠付金额"])

    def _failures(self, table: pa.Table) -> None:
        # Builders owe on their sites, and are counted there.
        building = pc.equal(table["原因"], "总包资金链断裂")
        self.tally["builders_failed"] += pc.sum(building).as_py() or 0
        table = table.filter(pc.invert(building))
        inside = table.filter(pc.less_equal(table["起欠日期"], pa.scalar(self.profile.until)))
        self.tally["failed"] += inside.num_rows
        self.tally["failing_later"] += table.num_rows - inside.num_rows
        self.tally["failed_people"] += pc.sum(inside["人数"]).as_py() or 0
        self.tally["failed_fen"] += _fen(inside["欠薪金额"])
        groups = inside.filter(pc.greater_equal(inside["人数"], 10))
        self.tally["failed_groups"] += groups.num_rows
        self.tally["failed_group_people"] += pc.sum(groups["人数"]).as_py() or 0
        self._by_kind("failed", inside["原因"])

    def _paydays(self, table: pa.Table) -> None:
        self.tally["paydays"] += table.num_rows
        self.tally["paydays_missed"] += pc.sum(pc.equal(table["是否欠"], "是")).as_py() or 0


def _fen(column: pa.ChunkedArray) -> int:
    """The sum of money in yuan, as whole fen."""
    total = pc.sum(column).as_py()
    return round((total or 0) * 100)


def _number(value: float | None) -> str:
    if value is None:
        return "—"
    return (
        f"{value:,.0f}"
        if abs(value) >= 100 or value == int(value)
        else f"{value:,.2f}"
        if abs(value) >= 0.1
        else f"{value:.4f}"
    )


def _page(about: dict[str, Any], lines: list[Figure], tally: Counter[str], rows: dict[str, int]) -> str:
    """The report for people."""
    out = [
        f"# 模拟城市统计报告：{about['profile']}，种子 {about['seed']}",
        "",
        f"{about['first_day']} 至 {about['last_day']}。城市是虚构的；这里把它和它所参照的公开数字放在一起。",
        "“折算”是公开数字按本城规模（单位数、项目数、区县数、月数）换算后的值，比值是本城除以折算。",
        "",
        "| 指标 | 公开数字 | 出处 | 折算 | 本城 | 比值 | 说明 |",
        "| --- | ---: | --- | ---: | ---: | ---: | --- |",
    ]
    out += [
        f"| {line.title} | {_number(line.published)} {line.unit} | {line.source} | {_number(line.expected)} "
        f"| {_number(line.city)} | {_number(line.ratio)} | {line.note} |"
        for line in lines
    ]
    out += ["", "## 真相", "", "| 项 | 数 |", "| --- | ---: |"]
    out += [f"| {title} | {_number(tally[key])} |" for key, title in _TRUTH.items() if tally[key]]
    for prefix, title in _KINDS.items():
        found = sorted(key for key in tally if key.startswith(prefix + " "))
        out += [f"| {title}：{key[len(prefix) + 1 :]} | {_number(tally[key])} |" for key in found]
    out += ["", "## 写出的行", "", "| 类别 | 行数 |", "| --- | ---: |"]
    out += [f"| {kind} | {count:,} |" for kind, count in rows.items()]
    return "\n".join(out) + "\n"


_TRUTH = {
    "failed": "期内开始欠薪的用人单位",
    "failing_later": "期末后三个月内将欠薪的用人单位",
    "failed_people": "用人单位被欠薪人数",
    "builders_failed": "资金链断裂而欠薪的总包单位（人数和金额计在项目）",
    "silent": "其中始终无人反映的单位",
    "foreseeable": "欠薪前至少有一种迹象已送达的单位",
    "recovering": "有同样迹象而挺过来的单位",
    "paydays": "项目发薪日",
    "paydays_missed": "其中未足额按时发放",
}
_KINDS = {"failed": "欠薪原因", "forgery": "造假", "lookalike": "诚实的相似情形"}
