"""The rules that ship, in the order in which an office reads them."""

from __future__ import annotations

from anxin.monitoring.rules import (
    clues,
    deposits,
    guizhou,
    labour_cost,
    leavers,
    p01_underpaid,
    p02_pay_without_attendance,
    p03_account_outflow,
    pay_outliers,
    payment_orders,
    special_account,
    w03_unpaid,
    w04_attendance_unpaid,
    w05_minimum_wage,
    w09_real_name,
    w10_absence,
    w11_board,
    w12_balance,
    w20_unattended,
)
from anxin.monitoring.rules.employers import EMPLOYER_RULES
from anxin.monitoring.rules.forgery import FORGERY_RULES
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
        w12_balance.RULE,
        p03_account_outflow.RULE,
        pay_outliers.HIGH,
        leavers.UNSETTLED,
        clues.DENSITY,
        clues.CASE,
        payment_orders.CRIME,
        special_account.RULE,
        deposits.MISSING,
        deposits.LAPSING,
        w09_real_name.RULE,
        w10_absence.RULE,
        w11_board.RULE,
        payment_orders.LISTING,
        w20_unattended.RULE,
        *EMPLOYER_RULES,
        # what holds in one place only
        guizhou.SILENT,
        guizhou.AVERAGE,
        guizhou.UNCOVERED,
        pay_outliers.GUIZHOU,
        leavers.GUIZHOU,
        guizhou.UNLISTED,
        clues.MONTHLY,
        clues.ARBITRATION,
        *FORGERY_RULES,
    )
}
