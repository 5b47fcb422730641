"""Evidence keys of signs of forgery: what gates and files told of a person's month, and what left a wage card.

Every table is asked once for all keys of a page; no number of a card or an account is shown.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, DateField, Max, Min, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from anxin.kernel.money import format_yuan
from anxin.kernel.months import Month
from anxin.monitoring.source_rows import Source
from anxin.payroll.models import PayrollLine
from anxin.signals.models import CardFlow
from anxin.workforce.models import Punch

Found = defaultdict[str, list[Source]]
_DAY = dt.timedelta(days=1)


def add_punches(found: Found, keys: set[str], project_id: int) -> None:
    """``punches:WORKER@MONTH``: one source for each gate and each file, with its days and passages counted."""
    pairs = {(int(worker), month) for worker, _, month in (key.partition("@") for key in keys)}
    months = sorted({month for _, month in pairs})
    first, after = Month.parse(months[0]).first_day, Month.parse(months[-1]).last_day + _DAY
    rows: dict[tuple[int, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in _punch_days(project_id, {worker for worker, _ in pairs}, first, after):
        month = f"{row['day']:%Y-%m}"
        if (row["worker_id"], month) in pairs:
            told_by = row["device__serial"] or f"file:{row['batch__file_id']}"
            rows[row["worker_id"], month, told_by].append(row)
    for (worker, month, _), days in rows.items():
        key = f"punches:{worker}@{month}"
        found[key].append(_source(key, month, days))


def _punch_days(
    project_id: int, workers: set[int], first: dt.date, after: dt.date
) -> Iterable[Mapping[str, Any]]:
    zone = timezone.get_default_timezone()
    since, until = (dt.datetime.combine(day, dt.time(), zone) for day in (first, after))
    return (
        Punch.objects.filter(
            project_id=project_id,
            worker_id__in=workers,
            at__gte=since,
            at__lt=until,
            withdrawn_at__isnull=True,
        )
        .annotate(day=TruncDate("at", tzinfo=zone, output_field=DateField()))
        .values(
            "worker_id",
            "day",
            "device__serial",
            "batch__file_id",
            "batch__file__filename",
            "batch__file__report__sheet",
        )
        .annotate(
            punches=Count("pk"),
            late=Count("pk", filter=Q(backfilled=True)),
            first=Min("at"),
            last=Max("at"),
            row=Min("sequence"),
        )
        .order_by("worker_id", "day", "device__serial", "batch__file_id")
    )


def _source(key: str, month: str, days: list[Mapping[str, Any]]) -> Source:
    by_gate = days[0]["device__serial"]
    late = sum(day["late"] for day in days) if by_gate else 0
    times = sorted({(_clock(day["first"]), _clock(day["last"])) for day in days})
    same = f"，每天都是{times[0][0]}和{times[0][1]}" if len(times) == 1 and len(days) > 1 else ""
    text = f"{month}打卡{len(days)}天{sum(day['punches'] for day in days)}次{same}"
    return Source(
        key=key,
        title="闸机" if by_gate else "打卡记录",
        text=text + (f"，其中补传{late}次" if late else ""),
        person="",
        batch=None if by_gate else days[0]["batch__file_id"],
        file=by_gate or days[0]["batch__file__filename"] or "",
        sheet="" if by_gate else days[0]["batch__file__report__sheet"] or "",
        row=None if by_gate else min(day["row"] for day in days),
    )


def _clock(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


def add_flows(found: Found, keys: set[str], project_id: int) -> None:
    """``card_flow:LINE@DAY``: what left the card of a line of the pay list on that day."""
    days: dict[int, set[dt.date]] = defaultdict(set)
    for key in keys:
        of, _, on = key.partition("@")
        if of.isdecimal():
            days[int(of)].add(dt.date.fromisoformat(on))
    lines = PayrollLine.objects.filter(pk__in=days, payroll__project_id=project_id).exclude(card_hash="")
    cards: dict[tuple[str, dt.date], list[int]] = defaultdict(list)
    for pk, card in lines.values_list("pk", "card_hash"):
        for day in days[pk]:
            cards[card, day].append(pk)
    zone = timezone.get_default_timezone()
    if not cards:
        return
    first, last = min(day for _, day in cards), max(day for _, day in cards)
    flows = CardFlow.objects.filter(
        superseded_at__isnull=True,
        card_hash__in={card for card, _ in cards},
        at__gte=dt.datetime.combine(first, dt.time(), zone),
        at__lt=dt.datetime.combine(last + _DAY, dt.time(), zone),
    ).order_by("at", "pk")
    columns = (
        "card_hash",
        "at",
        "amount_fen",
        "batch_id",
        "batch__filename",
        "batch__report__sheet",
        "row_number",
    )
    for card, at, fen, *place in flows.values_list(*columns):
        at = timezone.localtime(at, zone)
        for line in cards.get((card, at.date()), ()):
            key = f"card_flow:{line}@{at.date()}"
            text = f"{at:%Y-%m-%d %H:%M}从工资卡转出{format_yuan(fen)}"
            batch, filename, sheet, row = place
            found[key].append(
                Source(key, "工资卡转出明细", text, "", batch, filename or "", sheet or "", row)
            )
