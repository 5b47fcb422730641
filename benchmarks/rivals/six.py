"""What the rivals have in common: which tables they are given, the law's numbers, and how results are compared."""

from __future__ import annotations

from dataclasses import dataclass

CODES = ("W03", "P01", "W04", "P02", "W05", "E02")
FACTS = (
    "projects",
    "attendance",
    "attendance_months",
    "enrolments",
    "payroll_lines",
    "payroll_months",
    "payments",
    "employer_months",
)
#: months that E02 looks back: three in which the latest word may be old, three before it
BACK = 6


@dataclass(frozen=True)
class Numbers:
    this_month: int
    fresh: int
    least_staff: int


@dataclass(frozen=True)
class Totals:
    """What every rival's answer must have in common with the product's."""

    rows: int
    amount_fen: int
    days: int
