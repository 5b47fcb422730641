"""A back-test that the leader has asked for: would late wages be told in time if they turned red sooner?"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anxin.demo.registering import Cast
from anxin.local_law import queries as local_law
from anxin.monitoring import backtesting, trials
from anxin.monitoring.models import Backtest
from anxin.monitoring.rules import RULES

#: few days and two rules, since loading waits for it
_PERIOD = dt.timedelta(days=42)
_RULES = ("W03", "P01")
#: the field of the first step of W03's table: 61 days overdue today
_SOONER = {"n-0-days-min": "16"}


def a_trial(cast: Cast, now: dt.datetime) -> Backtest:
    """Ask and run it, so that the list and a report have something to show."""
    leader, today, rule = cast.users["chen"], timezone.localdate(now), RULES["W03"]
    law, region = local_law.current(), trials.bureau_region(leader)
    table = trials.table_of(law, rule, on=today, region=region) or []
    first = today - _PERIOD
    changes = trials.changes(
        rule, table, _SOONER, unit=law.parameter(rule.grading).unit, first=first, region=region
    )
    asked = backtesting.ask(user=leader, first=first, last=today, now=now, rules=_RULES, changes=changes)
    return backtesting.run(asked.pk, now=now)
