"""代发批次: the file handed over, results taken, each payee's fate with reason and code."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.agency import services
from anxin.agency.models import PayOrder
from anxin.agency.results import FATES
from anxin.evidence import files, journal
from anxin.evidence.workbooks import Column, table_workbook
from anxin.formats.codes import return_codes
from anxin.kernel.masking import mask_card
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.bank.scope import order_or_404, own_orders
from anxin.web.policy import page, user_of
from anxin.workforce.queries import masked

_PAGE = 50
_FATES_SHOWN = 50
_EXPORTED = 5000
_COUNTED = ("paid", "returned", "reversed", "open")


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
    sums, counts = dict.fromkeys(_COUNTED, 0), dict.fromkeys(_COUNTED, 0)
    for line in lines:
        if line.state in counts:
            counts[line.state] += 1
            sums[line.state] += line.amount_fen
    codes = return_codes()
    context = {
        "order": order,
        "rows": [(line, masked(line.bank_card, mask_card), codes.get(line.fault)) for line in lines],
        "sums": sums,
        "counts": counts,
        "account": masked(order.account_number, mask_card),
        "format_title": dict(services.order_formats()).get(order.format, order.format),
        **more,
    }
    return render(request, "bank/order.html", context)


@page(access.BANK)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The order in the agreed format: names and cards in full, so each download is journalled."""
    user = user_of(request)
    order = order_or_404(user, pk)
    if order.file is None:
        raise Http404
    data = files.read(order.file)
    journal.record(
        actor=access.actor(user),
        action="agency.file_downloaded",
        object_type="pay_order",
        object_id=order.pk,
        summary=f"银行下载代发文件{order.reference}（{order.lines_count}笔）",
        now=clock.now(),
    )
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(order.filename)}"
    return response


@page(access.BANK, methods=("POST",))
def take_results(request: HttpRequest, pk: int) -> HttpResponse:
    """A result file; the same one again changes nothing."""
    user = user_of(request)
    order = order_or_404(user, pk)
    upload = request.FILES.get("file")
    try:
        if upload is None or not upload.size:
            raise Refused("请选择结果文件。")
        if upload.size > settings.ANXIN_UPLOAD_LIMIT:
            raise Refused("结果文件太大，请分批上传。")
        name = upload.name or "结果"
        done = services.apply_file(order, upload.read(), name, actor=access.actor(user), now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("bank:order", pk=pk)
    if done.changed:
        messages.success(request, f"结果已登记：{done.sentence}。")
    else:
        messages.warning(request, f"没有新的结果，数据没有改动（{done.sentence}）。")
    fates = [one for one in done.fates if one.fate in ("conflict", "unknown", "pending")]
    if not fates:
        return redirect("bank:order", pk=pk)
    shown = [(one, FATES[one.fate]) for one in fates[:_FATES_SHOWN]]
    return _page(request, order_or_404(user, pk), fates=shown, more_fates=len(fates) - len(shown))


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
        Column("退回代码", "text", 10),
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
            line.fault,
            codes[line.fault].word if line.fault in codes else "",
            line.reason,
        ]
        for line in order.lines.order_by("sequence")
    ]
    title = f"代发批次{order.reference}"
    data = table_workbook(title, f"填报单位：{lists.office_of(user)}", columns, rows)
    return lists.workbook_response(data, title, clock.today())
