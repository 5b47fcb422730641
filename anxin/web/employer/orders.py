"""报银行: an order checked and made, its file handed over, the bank's results taken, returns sent again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.agency import services
from anxin.agency.access import general_contractor_of
from anxin.agency.models import PayOrder, PayOrderLine, PayrollRun
from anxin.agency.steps import title
from anxin.connections.queries_layouts import order_format
from anxin.evidence.workbooks import Column, table_workbook
from anxin.formats.codes import return_codes, word_of
from anxin.kernel.masking import mask_card
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.employer.scope import order_or_404, run_or_404
from anxin.web.pay_orders import order_context, order_file, take_result_file
from anxin.web.policy import page, user_of
from anxin.workforce.queries import masked


@dataclass(frozen=True)
class _Row:
    """One payee of an order as its page shows it."""

    line: PayOrderLine
    card: str
    fault: str
    advice: str

    @classmethod
    def of(cls, line: PayOrderLine) -> _Row:
        known = return_codes().get(line.fault)
        return cls(
            line,
            masked(line.bank_card, mask_card),
            known.word if known else "",
            known.advice if known else "",
        )


@page(access.EMPLOYER, methods=("GET", "POST"))
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """What an order made now would hold and what speaks against it; a POST makes it."""
    user = user_of(request)
    run = run_or_404(user, pk)
    _require_general(user, run)
    formats = services.order_formats()
    if request.method == "POST":
        try:
            order = services.make_order(
                run,
                format=request.POST.get("format", ""),
                accept_warnings=request.POST.get("accept_warnings") == "yes",
                actor=access.actor(user),
                now=clock.now(),
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "代发单已生成：请下载文件交给银行，交出后点“已报送银行”。")
            return redirect("employer:order", pk=order.pk)
    ready = services.ready(run)
    agreed = order_format(ready.account.bank) if ready.account else None
    context = {
        "run": run,
        "title": title(run),
        "ready": ready,
        "formats": formats,
        "agreed": agreed.key if agreed else "",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "employer/order_new.html", context, status=status)


@page(access.EMPLOYER)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, order_or_404(user_of(request), pk))


def _page(request: HttpRequest, order: PayOrder, **more: Any) -> HttpResponse:
    rows = [_Row.of(line) for line in order.lines.select_related("run_line").order_by("sequence")]
    context = {
        **order_context(order, [row.line for row in rows]),
        "run": order.run,
        "title": title(order.run),
        "rows": rows,
        "general": general_contractor_of(user_of(request), order.run) is not None,
        "results": order.state in (PayOrder.State.SENT, PayOrder.State.PARTLY, PayOrder.State.DONE),
        **more,
    }
    return render(request, "employer/order.html", context, status=more.get("status", 200))


@page(access.EMPLOYER)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file for the bank: only the general contractor's."""
    user = user_of(request)
    order = order_or_404(user, pk)
    _require_general(user, order.run)
    return order_file(request, order)


@page(access.EMPLOYER, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    user = user_of(request)
    order = order_or_404(user, pk)
    _require_general(user, order.run)
    try:
        if action == "send":
            services.send_order(order, actor=access.actor(user), now=clock.now())
            messages.success(request, "已记录报送；银行有了结果，由银行在本系统登记，或在这里上传结果文件。")
        elif action == "cancel":
            services.cancel_order(order, actor=access.actor(user), now=clock.now())
            messages.success(request, "代发单已撤销，其中的人可以重新报送。")
        elif action == "results":
            return _results(request, user, order)
        else:
            raise Http404
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("employer:order", pk=pk)


def _results(request: HttpRequest, user: User, order: PayOrder) -> HttpResponse:
    more = take_result_file(request, order)
    if not more:
        return redirect("employer:order", pk=order.pk)
    return _page(request, order_or_404(user, order.pk), **more)


def _require_general(user: User, run: PayrollRun) -> None:
    if general_contractor_of(user, run) is None:
        raise PermissionDenied


@page(access.EMPLOYER)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    order = order_or_404(user, pk)
    columns = (
        Column("序号", "number", 6),
        Column("姓名", "text", 12),
        Column("银行卡", "text", 12),
        Column("金额（元）", "yuan", 12),
        Column("编号", "text", 24),
        Column("状态", "text", 12),
        Column("到账日期", "date", 12),
        Column("退回原因", "text", 18),
        Column("银行说明"),
    )
    rows = [
        [
            line.sequence,
            line.payee_name,
            masked(line.bank_card, mask_card),
            line.amount_fen,
            line.reference,
            line.get_state_display(),
            line.paid_on,
            word_of(line.fault) if line.fault else "",
            line.reason,
        ]
        for line in order.lines.order_by("sequence")
    ]
    name = f"代发单{order.reference}"
    subtitle = f"{title(order.run)}　填报单位：{lists.office_of(user)}"
    total = ["合计", None, None, order.total_fen, None, None, None, None, None]
    return lists.workbook_response(
        table_workbook(name, subtitle, columns, rows, total=total), name, clock.today()
    )
