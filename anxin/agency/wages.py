"""What a line comes to, and the sentence that shows it. Pure arithmetic over one line's figures."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from anxin.kernel.money import MoneyError, parse_yuan, sentence_yuan
from anxin.payroll.lines import MOST_FEN

DAY, MONTH, HOUR, PIECE, FIXED = "day", "month", "hour", "piece", "fixed"
UNITS = {DAY: "按日", MONTH: "按月", HOUR: "按时", PIECE: "计件", FIXED: "按约定金额"}
_COUNTED = {DAY: "天", MONTH: "天", HOUR: "小时", PIECE: "件", FIXED: ""}
_RATE_WORDS = {DAY: "日工资", MONTH: "月工资", HOUR: "小时工资", PIECE: "单价", FIXED: "约定金额"}

#: what may be taken off a wage, and its word. Anything else has to say what it is.
DEDUCTIONS = {
    "advance": "已预支工资",
    "tax": "个人所得税",
    "insurance": "社会保险个人部分",
    "fund": "住房公积金个人部分",
    "court": "法院判决、裁定代扣",
    "damage": "赔偿损失",
    "other": "其他",
}
#: these need words: what was damaged, what "other" is
NEEDS_NOTE = frozenset({"damage", "other"})

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?万?")
#: the 2 of a square metre is no amount
_AREA = re.compile(r"m[23]")
_UNIT_WORDS = (
    (HOUR, ("小时", "工时", "时薪", "/时", "/h")),
    (PIECE, ("计件", "平方", "立方", "/件", "/吨", "/米", "/m", "/根", "/块", "每件", "每吨", "每米")),
    (MONTH, ("月",)),
    (DAY, ("天", "日", "工日", "/工", "每工")),
)  # fmt: skip


@dataclass(frozen=True)
class Rate:
    """An agreed wage: so many fen for one ``unit``."""

    unit: str
    fen: int


@dataclass(frozen=True)
class Deduction:
    """What is taken off, of which kind, and why."""

    kind: str
    fen: int
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "fen": self.fen, "note": self.note}

    @property
    def words(self) -> str:
        return DEDUCTIONS.get(self.kind, self.kind) + (f"（{self.note}）" if self.note else "")


@dataclass(frozen=True)
class Figures:
    """The figures of one line. ``paid_days``: the days of a month that a monthly wage stands for (月计薪天数)."""

    unit: str
    rate_fen: int | None
    quantity: Decimal
    extra_fen: int = 0
    deductions: tuple[Deduction, ...] = ()
    paid_days: Decimal = Decimal("21.75")

    @property
    def earned_fen(self) -> int:
        """What rate and quantity give, before what is added or taken off."""
        if self.rate_fen is None:
            return 0
        if self.unit == FIXED:
            return self.rate_fen
        if self.unit == MONTH:
            # A whole month's wage is never exceeded by days: what was worked beyond is overtime, and stands apart.
            return min(self.rate_fen, whole_fen(Decimal(self.rate_fen) * self.quantity / self.paid_days))
        return whole_fen(Decimal(self.rate_fen) * self.quantity)

    @property
    def gross_fen(self) -> int:
        return self.earned_fen + self.extra_fen

    @property
    def deduction_fen(self) -> int:
        return sum(one.fen for one in self.deductions)

    @property
    def net_fen(self) -> int:
        return self.gross_fen - self.deduction_fen

    def problem(self) -> tuple[str, str] | None:
        """What cannot be so, whatever attendance says: (field, sentence)."""
        if self.unit not in UNITS:
            return "unit", "计酬方式不对，请在按日、按月、按时、计件、按约定金额中选一种。"
        if self.rate_fen is not None and not 0 <= self.rate_fen <= MOST_FEN:
            return "rate", "单价应不小于零，且不会超过1亿元，请核对。"
        if not 0 <= self.quantity < Decimal("9999999"):
            return "quantity", "数量应不小于零，请核对。"
        if (self.unit == MONTH and self.quantity > 31) or (self.unit == DAY and self.quantity > 31):
            return "quantity", "一个月的计薪天数不会超过31天，请核对。"
        if not 0 <= self.extra_fen <= MOST_FEN:
            return "extra", "加班和津贴应不小于零；要减少的请填在扣款里，并写明是什么扣款。"
        for one in self.deductions:
            if one.kind not in DEDUCTIONS or one.fen <= 0:
                return "deduction", "扣款的种类或金额不对：每一项扣款都要有种类，金额大于零。"
            if one.kind in NEEDS_NOTE and not one.note:
                return "deduction", f"扣款“{DEDUCTIONS[one.kind]}”必须写明是什么、为什么扣。"
        if self.gross_fen > MOST_FEN:
            return "rate", "金额超过1亿元，不会是一个人的工资，请核对单价和数量。"
        if self.net_fen < 0:
            return "deduction", (
                f"扣款{sentence_yuan(self.deduction_fen)}多于应发{sentence_yuan(self.gross_fen)}，"
                "实发不能小于零，请核对扣款。"
            )
        return None

    def told(self) -> str:
        """How the net wage came about, in one sentence that anybody can follow with a pencil."""
        if self.rate_fen is None:
            return "没有可用的约定工资，请填写计酬方式和单价。"
        parts = [self._earned_told()]
        if self.extra_fen:
            parts.append(f"另加{sentence_yuan(self.extra_fen)}，应发{sentence_yuan(self.gross_fen)}")
        for one in self.deductions:
            parts.append(f"扣{one.words}{sentence_yuan(one.fen)}")
        if self.extra_fen or self.deductions:
            parts.append(f"实发{sentence_yuan(self.net_fen)}")
        return "，".join(parts) + "。"

    def _earned_told(self) -> str:
        rate, earned = sentence_yuan(self.rate_fen or 0), sentence_yuan(self.earned_fen)
        word, counted = _RATE_WORDS[self.unit], f"{plain(self.quantity)}{_COUNTED[self.unit]}"
        if self.unit == FIXED:
            return f"{word}{earned}"
        if self.unit == MONTH:
            if self.quantity >= self.paid_days:
                return f"{word}{rate}，计薪{counted}，满{plain(self.paid_days)}天，按整月计{earned}"
            return f"{word}{rate} ÷ {plain(self.paid_days)}天 × {counted} = {earned}"
        return f"{word}{rate} × {counted} = {earned}"


def read_rate(text: str) -> Rate | None:
    """An agreed wage as rosters write it (``300元/天``, ``月薪9000``, ``35元/小时``); ``None`` where unsure."""
    plain_text = unicodedata.normalize("NFKC", text or "").replace(" ", "")
    plain_text = _AREA.sub("平方", plain_text)
    numbers = _NUMBER.findall(plain_text)
    unit = next((unit for unit, words in _UNIT_WORDS if any(word in plain_text for word in words)), None)
    if unit is None or len(numbers) != 1:
        return None
    try:
        fen = parse_yuan(numbers[0])
    except MoneyError:
        return None
    return Rate(unit, fen) if fen and fen <= MOST_FEN else None


def needs_reason(
    figures: Figures, *, attended_days: Decimal, attended_hours: Decimal | None, agreed: Rate | None
) -> str:
    """Why these figures must be explained: what differs from attendance and agreement. Empty where nothing does."""
    if figures.unit == FIXED:
        return "工资不是按考勤计算的"
    if figures.unit in (DAY, MONTH) and figures.quantity != attended_days:
        return f"计薪{plain(figures.quantity)}天，与考勤{plain(attended_days)}天不一致"
    if figures.unit == HOUR and attended_hours is not None and figures.quantity != attended_hours:
        return f"计薪{plain(figures.quantity)}小时，与考勤{plain(attended_hours)}小时不一致"
    if attended_days == 0 and figures.gross_fen:
        return "没有考勤而有工资"
    if agreed is not None and (figures.unit, figures.rate_fen) != (agreed.unit, agreed.fen):
        return "计酬方式或单价与花名册上约定的工资不一致"
    if figures.extra_fen:
        return "另加了加班或津贴"
    return ""


def digest_of(worker_id: int, attended_days: Decimal, figures: Figures) -> str:
    """SHA-256 of what a worker is asked to confirm: other figures are another question."""
    said = [
        worker_id,
        plain(attended_days),
        figures.unit,
        figures.rate_fen,
        plain(figures.quantity),
        figures.extra_fen,
        [one.as_json() for one in figures.deductions],
        figures.net_fen,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def deductions_of(rows: Sequence[dict[str, Any]]) -> tuple[Deduction, ...]:
    return tuple(Deduction(row["kind"], row["fen"], row.get("note", "")) for row in rows)


def whole_fen(amount: Decimal) -> int:
    return int(amount.to_integral_value(rounding=ROUND_HALF_UP))


def plain(number: Decimal) -> str:
    """``26.00`` as ``26``, ``25.50`` as ``25.5``."""
    return format(number.normalize(), "f")
