"""An order to the bank as both its sides show it: sums by state, the file in full, a file of results taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from anxin.accounts import access
from anxin.agency import services
from anxin.agency.models import PayOrder, PayOrderLine
from anxin.agency.results import FATES
from anxin.evidence import files, journal
from anxin.kernel.masking import mask_card
from anxin.web import clock, receiving
from anxin.web.handing_out import handed_out
from anxin.web.policy import user_of
from anxin.workforce.queries import masked

_COUNTED = ("paid", "returned", "reversed", "open")
#: rows of a result file that need a look, shown at once
_FATES_SHOWN = 50


@dataclass
class Sums:
    """Lines and fen of an order by state."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))
    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))


def sums_of(lines: Iterable[PayOrderLine]) -> Sums:
    found = Sums()
    for line in lines:
        if line.state in found.counts:
            found.counts[line.state] += 1
            found.sums[line.state] += line.amount_fen
    return found


def order_context(order: PayOrder, lines: Iterable[PayOrderLine]) -> dict[str, Any]:
    """What an order's page shows on either side."""
    found = sums_of(lines)
    return {
        "order": order,
        "sums": found.sums,
        "counts": found.counts,
        "account": masked(order.account_number, mask_card),
        "format_title": dict(services.order_formats()).get(order.format, order.format),
    }


def order_file(request: HttpRequest, order: PayOrder, *, who: str = "") -> HttpResponse:
    """The order in the agreed format: names and cards in full, so each download is journalled."""
    if order.file is None:
        raise Http404
    data = files.read(order.file)
    journal.record(
        actor=access.actor(user_of(request)),
        action="agency.file_downloaded",
        object_type="pay_order",
        object_id=order.pk,
        summary=f"{who}下载代发文件{order.reference}（{order.lines_count}笔）",
        now=clock.now(),
    )
    return handed_out(data, order.filename)


def take_result_file(request: HttpRequest, order: PayOrder) -> dict[str, Any]:
    """Take the uploaded file of results and say what came of it; the same one again changes nothing.

    Returns what the page shows of rows that need a look; nothing where there are none. Raises :class:`Refused`.
    """
    door = receiving.tables("结果文件", "请分批上传")
    sent = receiving.chosen(request, "file", door, "请选择银行的结果文件。")
    actor = access.actor(user_of(request))
    done = services.apply_file(order, sent.data, sent.name, actor=actor, now=clock.now())
    if done.changed:
        messages.success(request, f"银行结果已登记：{done.sentence}。")
    else:
        messages.warning(request, f"没有新的结果，数据没有改动（{done.sentence}）。")
    fates = [one for one in done.fates if one.fate in ("conflict", "unknown", "pending")]
    if not fates:
        return {}
    shown = [(one, FATES[one.fate]) for one in fates[:_FATES_SHOWN]]
    return {"fates": shown, "more_fates": len(fates) - len(shown)}
