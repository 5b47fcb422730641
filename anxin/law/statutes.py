"""The statutes that parameters and rules cite."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anxin.law.errors import DataError
from anxin.law.numerals import chinese_number

LEVELS = ("法律", "行政法规", "部门规章", "部门规范性文件", "司法解释", "地方性法规", "地方规范性文件")


@dataclass(frozen=True)
class Statute:
    """One statute in one version."""

    key: str
    title: str
    short: str
    number: str
    issuer: str
    level: str
    effective_from: dt.date
    effective_until: dt.date | None
    status: str

    def in_force(self, on: dt.date) -> bool:
        return self.effective_from <= on and (self.effective_until is None or on <= self.effective_until)


@dataclass(frozen=True)
class Reference:
    """An article, and where needed its paragraph (款), of a statute."""

    statute: str
    article: int
    paragraph: int | None = None


def citation(statute: Statute, article: int, paragraph: int | None = None) -> str:
    """``《保障农民工工资支付条例》第十四条第二款``."""
    text = f"《{statute.title}》第{chinese_number(article)}条"
    return text + (f"第{chinese_number(paragraph)}款" if paragraph else "")


def parse_statutes(entries: Mapping[str, Mapping[str, Any]], file: str) -> dict[str, Statute]:
    """Statutes from the data file. Raises :class:`DataError` naming the entry."""
    statutes: dict[str, Statute] = {}
    for key, entry in entries.items():
        try:
            statute = Statute(
                key=key,
                title=entry["title"],
                short=entry["short"],
                number=entry["number"],
                issuer=entry["issuer"],
                level=entry["level"],
                effective_from=entry["effective_from"],
                effective_until=entry.get("effective_until"),
                status=entry["status"],
            )
        except KeyError as missing:
            raise DataError(f"{file}：法规“{key}”缺少 {missing}，请补齐。") from None
        if statute.level not in LEVELS:
            raise DataError(f"{file}：法规“{key}”的效力级别“{statute.level}”不在 {'、'.join(LEVELS)} 之内。")
        statutes[key] = statute
    return statutes
