"""代发批次: the file handed over, results taken, each payee's fate with reason and code."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.agency.models import PayOrder
from anxin.evidence.workbooks import Column, table_workbook
from anxin.formats.codes import return_codes
from anxin.kernel.masking import mask_card
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.bank.scope import order_or_404, own_orders
from anxin.web.pay_orders import order_context, order_file, take_result_file
from anxin.web.policy import page, user_of
from anxin.workforce.queries import masked

_PAGE = 50
_EXPORTED = 5000


@page(access.BANK)
def listing(request: HttpRequest) -> HttpResponse:
    found = own_orders(user_of(request)).select_related("run__project").order_by("-pk")
    after = lists.whole_number(request.GET.get("after"))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: _PAGE + 1])
    shown = rows[:_PAGE]
    next_key = shown[-1].pk if len(rows) > _PAGE else None
    return render(request, "bank/orders.html", {"orders": shown, "next_key": next_key})


@page(access.BANK)
def listing_export(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    columns = (
        Column("批次", "text", 20),
        Column("项目"),
        Column("工资月份", "text", 10),
        Column("笔数", "number", 8),
        Column("金额（元）", "yuan", 14),
        Column("状态", "text", 14),
        Column("付款单位"),
    )
    orders = own_orders(user).select_related("run__project").order_by("-pk")[:_EXPORTED]
    rows = [
        [
            order.reference,
            order.run.project.name,
            order.run.month,
            order.lines_count,
            order.total_fen,
            order.get_state_display(),
            order.payer_name,
        ]
        for order in orders
    ]
    data = table_workbook("代发批次", f"填报单位：{lists.office_of(user)}", columns, rows)
    return lists.workbook_response(data, "代发批次", clock.today())


@page(access.BANK)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, order_or_404(user_of(request), pk))


def _page(request: HttpRequest, order: PayOrder, **more: Any) -> HttpResponse:
    lines = list(order.lines.order_by("sequence"))
    codes = return_codes()
    context = {
        **order_context(order, lines),
        "rows": [(line, masked(line.bank_card, mask_card), codes.get(line.fault)) for line in lines],
        **more,
    }
    return render(request, "bank/order.html", context)


@page(access.BANK)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The order in the agreed format."""
    return order_file(request, order_or_404(user_of(request), pk), who="银行")


@page(access.BANK, methods=("POST",))
def take_results(request: HttpRequest, pk: int) -> HttpResponse:
    """A result file; the same one again changes nothing."""
    user = user_of(request)
    try:
        more = take_result_file(request, order_or_404(user, pk))
    except Refused as refusal:
        messages.error(request, str(refusal))
        more = {}
    return _page(request, order_or_404(user, pk), **more) if more else redirect("bank:order", pk=pk)


@page(access.BANK)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    order = order_or_404(user, pk)
    columns = (
        Column("序号", "number", 6),
        Column("收款人", "text", 12),
        Column("账号", "text", 12),
        Column("金额（元）", "yuan", 12),
        Column("编号", "text", 24),
        Column("状态", "text", 12),
        Column("到账日期", "date", 12),
        Column("退回原因", "text", 18),
        Column("银行说明"),
    )
    codes = return_codes()
    rows = [
        [
            line.sequence,
            line.payee_name,
            masked(line.bank_card, mask_card),
            line.amount_fen,
            line.reference,
            line.get_state_display(),
            line.paid_on,
            codes[line.fault].word if line.fault in codes else "",
            line.reason,
        ]
        for line in order.lines.order_by("sequence")
    ]
    title = f"代发批次{order.reference}"
    data = table_workbook(title, f"填报单位：{lists.office_of(user)}", columns, rows)
    return lists.workbook_response(data, title, clock.today())
