"""A folder of deliveries made by hand: one project, its people, and what is told of them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from anxin.monitoring.folder.manifest import COLUMNS

PROJECT = {
    "项目编码": "P1",
    "项目名称": "虚构工程",
    "区划代码": "990101",
    "行业主管": "住建",
    "合同价款": "30000000.00",
    "施工许可日期": "2026-01-05",
    "开工日期": "2026-01-10",
    "项目状态": "在建",
    "发薪日": "15",
    "发薪月": "次月",
    "人工费周期(月)": "1",
    "人工费拨付日": "5",
    "每期人工费": "500000.00",
    "政府投资": "否",
}
FIRST_ID, SECOND_ID = "990101199001011239", "990101199001021234"


class Folder:
    """Writes one file a call and keeps the manifest in step."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._files: list[dict[str, Any]] = []
        self.add("registry/projects", "2026-01-10", PROJECT)

    def add(self, kind: str, on: str, *rows: dict[str, Any]) -> Path:
        """One delivery; columns that are not given stay empty."""
        path = self.root / kind / f"{len(self._files)}-{on}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[kind])
            writer.writeheader()
            writer.writerows(rows)
        self._files.append(
            {"path": str(path.relative_to(self.root)), "kind": kind, "delivered_on": on, "rows": len(rows)}
        )
        self._write_manifest()
        return path

    def line(self, on: str, *, person: str = FIRST_ID, month: str = "2026-03", **values: Any) -> None:
        """A payroll of one line."""
        self.add("payroll", on, payroll_line(person=person, month=month, **values))

    def receipt(self, on: str, **values: Any) -> None:
        self.add("bank/receipts", on, receipt(**values))

    def _write_manifest(self) -> None:
        document = {"first_day": "2026-01-01", "last_day": "2026-12-31", "files": self._files}
        (self.root / "manifest.json").write_text(json.dumps(document), encoding="utf-8")


def payroll_line(
    *,
    person: str = FIRST_ID,
    month: str = "2026-03",
    net: str = "6000.00",
    account: str = "621700000001",
    **more: Any,
) -> dict[str, Any]:
    return {
        "项目编码": "P1",
        "工资月份": month,
        "序号": "1",
        "身份证号": person,
        "姓名": "甲某",
        "应发": net,
        "实发": net,
        "收款账号": account,
        **more,
    }


def receipt(
    *,
    number: str = "R1",
    month: str = "2026-03",
    amount: str = "6000.00",
    account: str = "621700000001",
    paid_at: str = "2026-04-15 10:00:00",
    result: str = "成功",
    name: str = "甲某",
) -> dict[str, Any]:
    return {
        "项目编码": "P1",
        "工资月份": month,
        "流水号": number,
        "收款账号": account,
        "户名": name,
        "金额": amount,
        "到账时间": paid_at,
        "结果": result,
    }
