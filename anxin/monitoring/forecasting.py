"""The nightly forecast of coming pay days, from the bureau's own records.

Every night the coming pay days are kept as they look, with the numbers a model would read. When a pay day has
passed and the records show how it went, that is kept beside them: so the past to learn from grows by itself,
and nothing that became known later can slip into it. A chance is given only while the model, tried month by month
on what it had not seen, is nearer to what happened than "it goes as it went last time".
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
from anxin.monitoring.forecast.inputs import INPUTS, expected_fen, free_fen, need_fen, vector
from anxin.monitoring.forecast.model import Model, TooFewCases
from anxin.monitoring.forecast.rolling import HORIZONS, Ended, PayDay, Sample, Told, learn, roll, tell
from anxin.monitoring.models import ForecastModel, PayDayForecast
from anxin.monitoring.rules.facts import Facts

Row = Mapping[str, Any]
#: strongest reasons that are shown
_REASONS = 3
#: a balance reported longer ago says nothing about the money of today
_FRESH = "funds.balance_fresh_days"
#: so far back a model learns
_LEARN_DAYS = 730
#: once a pay day is over its forecasts of these days before it are kept, and one night's delay is allowed for
_KEPT = frozenset({*HORIZONS, *(days - 1 for days in HORIZONS)})
_DATES = ("due", "month_first", "month_last", "balance_on", "disbursed_on", "last_due")


@dataclass(frozen=True)
class Forecast:
    """What one night's forecast did."""

    pay_days: int
    announced: int
    ended: int
    reason: str


def forecast_pay_days(*, as_of: dt.date, now: dt.datetime) -> Forecast:
    """Look at the coming pay days of all projects, keep them, and learn how the past ones went. Safe to run again."""
    law = local_law.current()
    coming, done = _look(law, as_of, now)
    with transaction.atomic():
        ended = _keep_ends(done, as_of)
        kept, told = _model(law, as_of, now)
        fresh = as_of - int(law.value(_FRESH, on=as_of).value) * dt.timedelta(days=1)
        rows = [_forecast(row, as_of, fresh, kept, told(row)) for row in coming]
        PayDayForecast.objects.filter(as_of=as_of).delete()
        PayDayForecast.objects.filter(current=True).update(current=False)
        PayDayForecast.objects.bulk_create(rows, batch_size=500)
        _thin_out()
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


def _thin_out() -> None:
    """Of pay days that are over, the nights of the horizons are enough."""
    PayDayForecast.objects.filter(missed__isnull=False).exclude(ahead__in=_KEPT).delete()


def _model(law: Law, as_of: dt.date, now: dt.datetime) -> tuple[ForecastModel, Any]:
    """Tonight's model as it is kept, and a function that tells what it says of a row, or ``None``."""
    samples, ended = _past(as_of)
    misses = sum(one.missed for one in ended.values())
    found: dict[str, Any] = {"cases": len(ended), "misses": misses, "made_at": now}
    limit = law.value(outcomes.KEY, on=as_of).value["false_alarm_percent"] / 100
    model: Model | None = None
    repeats: Mapping[bool | None, float] = {}
    try:
        model, repeats = learn(samples, ended, false_alarms=limit)
        worth = roll(
            samples, ended, false_alarms=limit, judged={day: end.missed for day, end in ended.items()}
        )
        found |= {
            "error": worth.brier(lambda one: one.chance),
            "error_as_last": worth.brier(lambda one: one.as_last),
        }
        found["reason"] = _beaten(found["error"], found["error_as_last"])
    except TooFewCases as few:
        found["reason"] = str(few)
    if found["reason"]:
        model = None
    found["numbers"] = model.as_json() if model else None
    kept, _ = ForecastModel.objects.update_or_create(made_on=as_of, defaults=found)

    def told(row: Row) -> tuple[Told, list[str]] | None:
        if model is None:
            return None
        sample = Sample(row["project_id"], row["month"], as_of, row["due"], row)
        return tell([sample], model, repeats)[0], _reasons(model, row)

    return kept, told


def _beaten(error: float | None, as_last: float | None) -> str:
    """Why a trained model is not used; empty where it is the better one."""
    if error is None or as_last is None:
        return "可以检验预测的月份还不够，暂不给出可能性。"
    if error >= as_last:
        return f"模型的误差{error:.3f}不小于“和上次一样”的{as_last:.3f}，暂不采用。"
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


def _reasons(model: Model, row: Row) -> list[str]:
    """Titles of what raises the chance most."""
    weights = model.contributions([vector(row)])[0]
    strongest = sorted(zip(weights.tolist(), INPUTS, strict=True), key=lambda pair: -pair[0])
    return [one.title for weight, one in strongest[:_REASONS] if weight > 0]


def _forecast(
    row: Row, as_of: dt.date, fresh: dt.date, model: ForecastModel, said: tuple[Told, list[str]] | None
) -> PayDayForecast:
    told, reasons = said or (None, [])
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
        chance=told.chance if told else None,
        as_last=told.as_last if told else None,
        announced=bool(told and told.announced),
        reasons=reasons,
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
