"""What a bank's own program fetches and reports: the orders it was given, and what became of each payee."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils import timezone

from anxin.agency.access import bank_orders
from anxin.agency.models import PayOrder
from anxin.agency.ordering import message_of
from anxin.agency.results import APPLIED, CONFLICT, PENDING, UNKNOWN, apply_results
from anxin.evidence.journal import Actor, record
from anxin.formats import messages
from anxin.formats.codes import return_codes
from anxin.formats.messages import Outcome, PayResult
from anxin.kernel.paging import Page
from anxin.registry.models import Organisation

ACCEPTED, UNCHANGED, REFUSED = "accepted", "unchanged", "refused"
HANDED_OUT = "agency.order_handed_out"


@dataclass(frozen=True)
class Told:
    """The fate of one row, counted from 1. ``code`` says of a refused one whether it is invalid, unknown, in conflict."""

    row: int
    fate: str
    sentence: str = ""
    code: str = ""
    field: str = ""


def orders_of(bank: Organisation) -> QuerySet[PayOrder]:
    """The orders that this bank has been given."""
    return bank_orders([bank.code]).select_related("run__project")


def order_page(bank: Organisation, *, open_only: bool, after: int, limit: int) -> Page[PayOrder]:
    """This bank's orders in the order in which they were made; ``after`` is the last key of the page before."""
    found = orders_of(bank).filter(pk__gt=after)
    if open_only:
        found = found.exclude(state=PayOrder.State.DONE)
    rows = list(found.order_by("pk")[: limit + 1])
    return Page(rows[:limit], rows[limit - 1].pk if len(rows) > limit else None)


def hand_out(order: PayOrder, *, actor: Actor, now: dt.datetime) -> messages.PayOrder:
    """The order with its cards in the clear, for the bank that is to pay it; each time is journalled."""
    record(
        actor=actor,
        action=HANDED_OUT,
        object_type="payorder",
        object_id=order.pk,
        summary=f"银行接口领取代发单{order.reference}（{order.lines_count}笔，含完整卡号）",
        now=now,
        after={"order": order.reference, "project_ids": [order.run.project_id]},
    )
    return message_of(order, now)


def report_results(
    order: PayOrder, results: Sequence[PayResult], *, source: str, actor: Actor, now: dt.datetime
) -> list[Told]:
    """Take the results that can be right; the fate of every row, in their order."""
    today = timezone.localdate(now)
    told: dict[int, Told] = {}
    good = []
    for row, result in enumerate(results, 1):
        if problem := _problem(result, today):
            told[row] = Told(row, REFUSED, problem[1], "invalid", problem[0])
        else:
            good.append(replace(result, sequence=row, line=row))
    if good:
        applied = apply_results(order, good, actor=actor, now=now, source=source)
        for fate in applied.fates:
            told[fate.place] = _told(fate.place, fate.fate, fate.sentence)
    return [told[row] for row in sorted(told)]


def _problem(result: PayResult, today: dt.date) -> tuple[str, str] | None:
    if result.outcome == Outcome.PAID and result.paid_on is None:
        return "paid_on", "成功的请填写到账日期。"
    if result.paid_on is not None and result.paid_on > today:
        return "paid_on", f"日期{result.paid_on}还没有到，请核对。"
    if result.code and result.code not in return_codes():
        return "code", f"原因代码“{result.code}”不认识，可选：{'、'.join(return_codes())}。"
    if result.outcome in (Outcome.RETURNED, Outcome.REVERSED) and not (result.code or result.reason.strip()):
        return "reason", "退回或冲正的请填写原因（reason）或原因代码（code）。"
    return None


def _told(row: int, fate: str, sentence: str) -> Told:
    if fate == APPLIED:
        return Told(row, ACCEPTED, sentence)
    if fate == UNKNOWN:
        return Told(row, REFUSED, sentence, "not_found", "reference")
    if fate == CONFLICT:
        return Told(row, REFUSED, sentence, "conflict")
    return Told(row, UNCHANGED, sentence if fate == PENDING else "")
