"""A line of a run in the making: its figures set, checked and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from anxin.agency.models import RunLine
from anxin.agency.wages import (
    DAY,
    Deduction,
    Figures,
    deductions_of,
    digest_of,
    needs_reason,
    plain,
    read_rate,
)
from anxin.kernel.refusal import Refused

PAID_DAYS = "period_counting.monthly_paid_days"


@dataclass(frozen=True)
class LineEdit:
    """The figures somebody gives a line; the whole row, as the grid holds it."""

    line_id: int
    unit: str
    rate_fen: int | None
    quantity: Decimal
    extra_fen: int = 0
    deductions: tuple[Deduction, ...] = ()
    reason: str = ""


class LinesRefused(Refused):
    """Some rows cannot be so. ``problems``: line id → (field, sentence)."""

    def __init__(self, problems: Mapping[int, tuple[str, str]], names: Mapping[int, str]) -> None:
        self.problems = dict(problems)
        first = next(iter(problems))
        others = f"（另有{len(problems) - 1}行）" if len(problems) > 1 else ""
        super().__init__(f"{names.get(first, '')}：{problems[first][1]}{others}", field=problems[first][0])


def figures_of(line: RunLine, paid_days: Decimal) -> Figures:
    return Figures(
        line.unit, line.rate_fen, line.quantity, line.extra_fen, deductions_of(line.deductions), paid_days
    )


def told(line: RunLine, paid_days: Decimal) -> str:
    """How the line's figures came about: attendance, then the arithmetic, then the reason given."""
    attended = f"考勤{plain(line.attended_days)}天"
    if line.attended_hours is not None:
        attended += f"、{plain(line.attended_hours)}小时"
    why = f"说明：{line.reason}。" if line.reason else ""
    return f"{attended}；{figures_of(line, paid_days).told()}{why}"


def apply(line: RunLine, figures: Figures, reason: str = "") -> None:
    """Set a line's figures and what follows from them; nothing is saved."""
    line.unit, line.rate_fen, line.quantity = figures.unit, figures.rate_fen, figures.quantity
    line.extra_fen, line.deductions = figures.extra_fen, [one.as_json() for one in figures.deductions]
    line.gross_fen, line.deduction_fen, line.net_fen = (
        figures.gross_fen,
        figures.deduction_fen,
        figures.net_fen,
    )
    line.reason = reason.strip()[:200]
    line.digest = digest_of(line.worker_id, line.attended_days, figures)


#: the columns that :func:`apply` sets
APPLIED = (
    "unit", "rate_fen", "quantity", "extra_fen", "deductions", "gross_fen", "deduction_fen", "net_fen", "reason", "digest",
)  # fmt: skip


def from_attendance(line: RunLine, paid_days: Decimal) -> None:
    """The figures that agreement and attendance give by themselves; an unreadable agreement leaves them open."""
    rate = read_rate(line.agreed_wage)
    unit = rate.unit if rate else DAY
    if unit == RunLine.Unit.HOUR:
        quantity = line.attended_hours or Decimal(0)
    elif unit == RunLine.Unit.PIECE:
        quantity = Decimal(0)
    else:
        quantity = line.attended_days
    apply(line, Figures(unit, rate.fen if rate else None, quantity, paid_days=paid_days))


def must_explain(line: RunLine, figures: Figures) -> str:
    """Why the figures must be explained, as :func:`wages.needs_reason` says, against the line's own attendance."""
    return needs_reason(
        figures,
        attended_days=line.attended_days,
        attended_hours=line.attended_hours,
        agreed=read_rate(line.agreed_wage),
    )


def problem_of(line: RunLine, paid_days: Decimal) -> tuple[str, str] | None:
    """What keeps the line from going to its worker: (field, sentence)."""
    figures = figures_of(line, paid_days)
    found = figures.problem()
    if found:
        return found
    if line.rate_fen is None:
        return "rate", "花名册上没有能读懂的约定工资，请填写计酬方式和单价。"
    why = must_explain(line, figures)
    if why and not line.reason:
        return "reason", f"{why}，请写明原因。"
    return None
