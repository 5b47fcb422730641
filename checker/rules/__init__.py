"""How each rule is checked, one module a family. A new rule adds its entry to the ``CHECKS`` of its module."""

from __future__ import annotations

from checker.rules import employers, forgery, leads, paper, people, wages
from checker.working import Check

CHECKS: dict[str, Check] = {
    **wages.CHECKS,
    **people.CHECKS,
    **paper.CHECKS,
    **leads.CHECKS,
    **employers.CHECKS,
    **forgery.CHECKS,
}
