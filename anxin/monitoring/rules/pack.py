"""The rules that ship, in the order in which an office reads them."""

from __future__ import annotations

from anxin.monitoring.rules import (
    deposits,
    labour_cost,
    p01_underpaid,
    p02_pay_without_attendance,
    p03_account_outflow,
    w03_unpaid,
    w04_attendance_unpaid,
    w05_minimum_wage,
)
from anxin.monitoring.rules.employers import EMPLOYER_RULES
from anxin.monitoring.rules.framework import Rule

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        labour_cost.LATE,
        labour_cost.SHORT,
        w03_unpaid.RULE,
        p01_underpaid.RULE,
        w04_attendance_unpaid.RULE,
        p02_pay_without_attendance.RULE,
        w05_minimum_wage.RULE,
        p03_account_outflow.RULE,
        deposits.MISSING,
        deposits.LAPSING,
        *EMPLOYER_RULES,
    )
}
