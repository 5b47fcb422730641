"""A leader, a second leader and an administrator; a value to propose."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.journal import Actor
from anxin.local_law import services

WAGE = "wage_payment.min_wage_monthly"
FIRST, SECOND = Actor("user:11", "某甲"), Actor("user:12", "某乙")


@pytest.fixture
def propose(db, now):
    """``propose(value=2100)`` → an open proposal of the minimum wage in 9901."""

    def proposed(**changes):
        values = {
            "key": WAGE,
            "region": "9901",
            "region_name": "安城市",
            "valid_from": dt.date(2026, 7, 1),
            "value": 2100,
            "source_title": "关于调整最低工资标准的通知",
            "source_number": "安政发〔2026〕3号",
            "actor": FIRST,
            "now": now,
        }
        return services.propose_value(**(values | changes))

    return proposed


@pytest.fixture
def in_force(propose, now):
    """``in_force(value=2100)`` → a value that a second person has confirmed."""

    def made(**changes):
        when = changes.pop("confirmed_at", now)
        return services.confirm(propose(**changes), actor=SECOND, now=when)

    return made
