"""The nightly forecast of coming pay days, from the bureau's own records.

Every night the coming pay days are kept as they look, with the numbers a model would read. When a pay day has
passed and the records show how it went, that is kept beside them: so the past to learn from grows by itself,
and nothing that became known later can slip into it. A chance is given only while the model, tried month by month
on what it had not seen, is nearer to what happened than "it goes as it went last time" and than the average.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from anxin.evidence import bulk, journal
from anxin.evidence.journal import SYSTEM
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.monitoring import snapshot
from anxin.monitoring.engine import look
from anxin.monitoring.forecast import features, outcomes
from anxin.monitoring.forecast.model import Model, TooFewCases
from anxin.monitoring.forecast.money import expected_fen, free_fen, need_fen
from anxin.monitoring.forecast.reasons import reasons
from anxin.monitoring.forecast.rolling import (
    HORIZONS,
    Ended,
    PayDay,
    Sample,
    Worth,
    announcing_from,
    as_last_time,
    baseline,
    learn,
    roll,
    tell,
)
from anxin.monitoring.models import ForecastModel, PayDayForecast
from anxin.monitoring.models_forecast import UNKNOWN
from anxin.monitoring.rules.facts import Facts

Row = Mapping[str, Any]
#: a balance reported longer ago says nothing about the money of today
_FRESH = "funds.balance_fresh_days"
#: so far back a model learns
_LEARN_DAYS = 730
#: after this nobody tells any more how a pay day went
_WAITED_DAYS = 180
#: once a pay day is over its forecasts of these days before it are kept, and one night's delay is allowed for
_KEPT = frozenset({*HORIZONS, *(days - 1 for days in HORIZONS)})
_DATES = ("due", "month_first", "month_last", "commencement", "balance_on", "disbursed_on", "last_due")


@dataclass(frozen=True)
class Forecast:
    """What one night's forecast did."""

    pay_days: int
    announced: int
    ended: int
    reason: str


@dataclass(frozen=True)
class Said:
    """What is said of one pay day; a chance only by a model that has proven itself."""

    chance: float | None
    as_last: float | None
    announced: bool
    reasons: list[str]

    @property
    def risk(self) -> int:
        """What the list is sorted by."""
        known = self.as_last if self.chance is None else self.chance
        return UNKNOWN if known is None else round(known * 1000)


@dataclass
class Says:
    """Tonight's model and baseline, where there are any."""

    as_of: dt.date
    repeats: Mapping[bool | None, float] | None
    model: Model | None = None

    def of(self, row: Row) -> Said:
        """What they say of one coming pay day."""
        sample = Sample(row["project_id"], row["month"], self.as_of, row["due"], row)
        as_last = as_last_time(sample, self.repeats) if self.repeats else None
        if self.model is None or not self.repeats:
            return Said(None, as_last, False, [])
        (told,) = tell([sample], self.model, self.repeats)
        return Said(told.chance, as_last, told.announced, reasons(self.model, row))


def forecast_pay_days(*, as_of: dt.date, now: dt.datetime) -> Forecast:
    """Look at the coming pay days of all projects, keep them, and learn how the past ones went. Safe to run again."""
    law = local_law.current()
    coming, done = _look(law, as_of, now)
    with transaction.atomic():
        ended = _keep_ends(done, as_of)
        kept, says = _model(law, as_of, now)
        fresh = as_of - int(law.value(_FRESH, on=as_of).value) * dt.timedelta(days=1)
        rows = [_forecast(row, as_of, fresh, kept, says) for row in coming]
        PayDayForecast.objects.filter(as_of=as_of).delete()
        PayDayForecast.objects.filter(current=True).update(current=False)
        PayDayForecast.objects.bulk_create(rows, batch_size=500)
        _thin_out(as_of)
        found = Forecast(len(rows), sum(row.announced for row in rows), ended, kept.reason)
        journal.record(
            actor=SYSTEM,
            action="monitoring.pay_days_forecast",
            object_type="forecast",
            object_id=kept.pk,
            summary=f"预测了{found.pay_days}个即将到来的发薪日，其中{found.announced}个提示可能发不足",
            now=now,
            after={"cases": kept.cases, "misses": kept.misses, "ended": ended},
        )
    return found


def own_trial(*, as_of: dt.date) -> Worth:
    """What forecasts are worth on the bureau's own past: each month forecast from what was known before it."""
    samples, ended = _past(as_of)
    limit = local_law.current().value(outcomes.KEY, on=as_of).value["false_alarm_percent"] / 100
    judged = {day: end.missed for day, end in ended.items()}
    return roll(samples, ended, false_alarms=limit, judged=judged)


def _look(law: Law, as_of: dt.date, now: dt.datetime) -> tuple[list[Row], list[Row]]:
    facts = Facts.from_arrow(snapshot.take(as_of=as_of, known_at=now))
    try:
        coming = look(facts, law, as_of, features.coming).to_pylist()
        return coming, look(facts, law, as_of, outcomes.ended).to_pylist()
    finally:
        facts.close()


def _keep_ends(done: Sequence[Row], as_of: dt.date) -> int:
    """How pay days went that were forecast earlier; returns how many forecasts learnt their end."""
    went = {(row["project_id"], row["month"]): row["missed"] for row in done}
    waiting = list(
        PayDayForecast.objects.filter(missed__isnull=True, due__lt=as_of).only("pk", "project_id", "month")
    )
    known = [one for one in waiting if (one.project_id, one.month) in went]
    for one in known:
        one.missed, one.ended_on = went[one.project_id, one.month], as_of
    bulk.update(known, ["missed", "ended_on"])
    return len(known)


def _thin_out(as_of: dt.date) -> None:
    """Of pay days that are over the nights of the horizons are enough; what nobody ever told the end of goes in time."""
    over = PayDayForecast.objects.filter(due__lt=as_of)
    over.exclude(ahead__in=_KEPT).delete()
    over.filter(missed__isnull=True, due__lt=as_of - dt.timedelta(days=_WAITED_DAYS)).delete()


def _model(law: Law, as_of: dt.date, now: dt.datetime) -> tuple[ForecastModel, Says]:
    """Tonight's model as it is kept, and what it and the baseline say of a row."""
    samples, ended = _past(as_of)
    limit = law.value(outcomes.KEY, on=as_of).value["false_alarm_percent"] / 100
    says = Says(as_of=as_of, repeats=baseline(samples, ended))
    found: dict[str, Any] = {
        "cases": len(ended),
        "misses": sum(end.missed for end in ended.values()),
        "made_at": now,
        "reason": "",
    }
    try:
        model, _ = learn(samples, ended)
        judged = {day: end.missed for day, end in ended.items()}
        worth = roll(samples, ended, false_alarms=limit, judged=judged)
        found |= {
            "error": worth.brier(lambda one: one.chance),
            "error_as_last": worth.brier(lambda one: one.as_last),
            "error_average": worth.brier(lambda one: one.base_rate),
            "tried": len(worth.pay_days),
        }
        found["reason"] = _not_proven(worth)
        says.model = None if found["reason"] else announcing_from(worth.told, ended, model, limit)
    except TooFewCases as few:
        found["reason"] = str(few)
    found["numbers"] = says.model.as_json() if says.model else None
    kept, _ = ForecastModel.objects.update_or_create(made_on=as_of, defaults=found)
    return kept, says


def _not_proven(worth: Worth) -> str:
    """Why a trained model is not used; empty where it is nearer to what happened than either baseline."""
    if not worth.proves:
        return f"用来检验的发薪日还不够（现有{len(worth.pay_days)}个），暂不给出可能性。"
    error = worth.brier(lambda one: one.chance)
    others = {
        "和上次一样": worth.brier(lambda one: one.as_last),
        "一律按平均": worth.brier(lambda one: one.base_rate),
    }
    for name, other in others.items():
        if error is None or other is None or error >= other:
            return f"模型的误差{error:.3f}不小于“{name}”的{other:.3f}，暂不采用。"
    return ""


def _past(as_of: dt.date) -> tuple[list[Sample], dict[PayDay, Ended]]:
    """What was known on past nights of pay days whose end is known now."""
    since = as_of - dt.timedelta(days=_LEARN_DAYS)
    rows = PayDayForecast.objects.filter(missed__isnull=False, as_of__gte=since).order_by(
        "as_of", "project_id"
    )
    samples, ended = [], {}
    for one in rows.only("project_id", "month", "as_of", "due", "known", "missed", "ended_on").iterator():
        samples.append(Sample(one.project_id, one.month, one.as_of, one.due, _dated(one.known)))
        assert one.missed is not None and one.ended_on is not None
        ended[one.project_id, one.month] = Ended(one.missed, one.ended_on)
    return samples, ended


def _forecast(row: Row, as_of: dt.date, fresh: dt.date, model: ForecastModel, says: Says) -> PayDayForecast:
    told = says.of(row)
    return PayDayForecast(
        project_id=row["project_id"],
        month=row["month"],
        due=row["due"],
        as_of=as_of,
        ahead=row["ahead"],
        people=row["promised_people"] or row["bill_people"],
        need_fen=need_fen(row),
        free_fen=free_fen(row) if row["balance_on"] and row["balance_on"] >= fresh else None,
        balance_on=row["balance_on"],
        expected_fen=expected_fen(row),
        late_share=row["last_late_share"],
        chance=told.chance,
        as_last=told.as_last,
        risk=told.risk,
        announced=told.announced,
        reasons=told.reasons,
        known={
            name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()
        },
        model=model,
    )


def _dated(known: Row) -> Row:
    """The row as the engine gave it: days are days again."""
    return {
        name: dt.date.fromisoformat(value) if name in _DATES and value else value
        for name, value in known.items()
    }
