"""系统 · 机构接入: an institution's sample → its columns → a trial of every row → live by a colleague's look. No code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin import formats
from anxin.accounts import access
from anxin.connections import layouts as services
from anxin.connections.models import InstitutionLayout
from anxin.connections.models_layouts import TABLE
from anxin.connections.queries_layouts import layouts
from anxin.connections.trials import ACCEPTED, REFUSED, Trial, try_layout
from anxin.evidence.workbooks import Column
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation
from anxin.web import clock, lists
from anxin.web.bureau.layout_columns import columns_view, mapping_from
from anxin.web.forms import ConsoleForm
from anxin.web.found import or_404
from anxin.web.policy import page, user_of
from anxin.web.receiving import MESSAGES, SentField, tables

PAGE = 50
EXPORT_LIMIT = 20_000
#: rows of a trial on the page; its workbook has all
SHOWN = 200
_VERDICTS = {ACCEPTED: "接收", REFUSED: "退回"}
_KINDS = (Organisation.Kind.BANK, Organisation.Kind.INSURER, Organisation.Kind.GUARANTOR)


class _LayoutForm(ConsoleForm):
    organisation = forms.ModelChoiceField(
        label="机构", queryset=Organisation.objects.none(), empty_label="请选择机构", to_field_name="code"
    )
    name = forms.CharField(label="版式名称", max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Organisation.objects.filter(kind__in=_KINDS).order_by("name")
        self.fields["organisation"].queryset = found  # type: ignore[attr-defined]


class ReceiptsForm(_LayoutForm):
    """What an institution sends: a sample says the rest."""

    file = SentField(label="样本文件", accept=MESSAGES, door=lambda: tables(advice="样本有几十行就够了"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = "代发回执"


class OrdersForm(_LayoutForm):
    """What a bank is sent: one of the formats that are written."""

    format_key = forms.ChoiceField(label="格式")
    login = forms.CharField(label="登录名", max_length=30, required=False)
    mode = forms.CharField(label="业务模式", max_length=5, required=False)
    branch = forms.CharField(label="分行号", max_length=2, required=False)
    place = forms.CharField(
        label="收款人开户地",
        max_length=30,
        required=False,
        help_text="以上四项只用于招商银行格式，按与银行的约定填写。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        banks = Organisation.objects.filter(kind=Organisation.Kind.BANK).order_by("name")
        self.fields["organisation"].queryset = banks  # type: ignore[attr-defined]
        choices = [(one.key, one.title) for one in formats.formats() if one.writes_orders]
        self.fields["format_key"].choices = choices  # type: ignore[attr-defined]
        self.fields["name"].initial = "代发文件"


@page(access.IMPORT, access.MANAGE)
def listing(request: HttpRequest) -> HttpResponse:
    found = layouts()
    after = lists.whole_number(request.GET.get("after"))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "layouts": [(one, _format_title(one)) for one in shown],
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "shown": len(shown),
        "may_import": access.may(user_of(request), access.IMPORT),
    }
    return render(request, "bureau/layouts.html", context)


@page(access.IMPORT, access.MANAGE)
def export(request: HttpRequest) -> HttpResponse:
    columns = (
        Column("机构"),
        Column("方向", "text", 16),
        Column("版式名称"),
        Column("版本", "number", 8),
        Column("格式"),
        Column("状态", "text", 16),
        Column("拟定人", "text", 12),
        Column("拟定日期", "date", 12),
        Column("试读人", "text", 12),
        Column("试读日期", "date", 12),
        Column("启用人", "text", 12),
        Column("启用日期", "date", 12),
        Column("停用人", "text", 12),
        Column("停用日期", "date", 12),
    )
    rows = [
        [
            one.organisation.name,
            one.get_direction_display(),
            one.name,
            one.version,
            _format_title(one),
            one.get_stage_display(),
            one.drafted_by_name,
            _day(one.drafted_at),
            one.tested_by_name,
            _day(one.tested_at),
            one.live_by_name,
            _day(one.live_at),
            one.retired_by_name,
            _day(one.retired_at),
        ]
        for one in layouts()[:EXPORT_LIMIT]
    ]
    return lists.table_response(request, "机构文件版式清单", columns, rows)


@page(access.IMPORT, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Two doors: a sample of what an institution sends, or the format of what it is sent."""
    orders = request.POST.get("what") == "orders"
    posted = request.method == "POST"
    receipts_form = ReceiptsForm(request.POST, request.FILES) if posted and not orders else ReceiptsForm()
    orders_form = OrdersForm(request.POST) if posted and orders else OrdersForm()
    form: _LayoutForm = orders_form if orders else receipts_form
    if posted and form.is_valid():
        try:
            layout = _drafted(form, request)
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            return redirect("layout", pk=layout.pk)
    context = {
        "receipts_form": receipts_form,
        "orders_form": orders_form,
        "institutions": Organisation.objects.filter(kind__in=_KINDS).exists(),
        "orders_open": orders,
    }
    return render(request, "bureau/layout_new.html", context, status=422 if posted else 200)


def _drafted(form: _LayoutForm, request: HttpRequest) -> InstitutionLayout:
    data = form.cleaned_data
    who: dict[str, Any] = {"actor": access.actor(user_of(request)), "now": clock.now()}
    if isinstance(form, OrdersForm):
        options = {name: data[name] for name in ("login", "mode", "branch", "place")}
        return services.draft_order_layout(
            organisation=data["organisation"],
            name=data["name"],
            format_key=data["format_key"],
            options=options if data["format_key"] == "ntagcapy" else None,
            **who,
        )
    return services.draft_receipts_layout(
        organisation=data["organisation"],
        name=data["name"],
        data=data["file"].data,
        filename=data["file"].name,
        **who,
    )


@page(access.IMPORT)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    layout = _layout_or_404(pk)
    return _shown(request, layout, layout.mapping)


@page(access.IMPORT, methods=("POST",))
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the mapping of the form, or only say (``check``) what it would do."""
    layout = _layout_or_404(pk)
    try:
        posted = mapping_from(request.POST)
        if "check" in request.POST:
            return _shown(request, layout, services.checked_mapping(layout, posted))
        services.map_layout(layout, mapping=posted, actor=access.actor(user_of(request)), now=clock.now())
    except Refused as refusal:
        return _shown(request, layout, mapping_from(request.POST, strict=False), refusal=str(refusal))
    messages.success(request, "已保存各列的对应，下面是样本每一行的结果。")
    return redirect("layout", pk=pk)


@page(access.IMPORT, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    layout = _layout_or_404(pk)
    steps = {
        "test": (services.pass_trial, "试读通过。请另一位同事打开本页，看过每一行的结果后启用。"),
        "live": (services.go_live, "已启用。今后收到这种文件会自动套用。"),
        "retire": (services.retire_layout, "已停用。"),
    }
    if action not in steps:
        raise Http404
    service, words = steps[action]
    try:
        service(layout, actor=access.actor(user_of(request)), now=clock.now())  # type: ignore[operator]
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("layout", pk=pk)


@page(access.IMPORT)
def trial_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Every row's fate, masked as on the page."""
    layout = _layout_or_404(pk)
    columns = (
        Column("行", "number", 8),
        Column("结果", "text", 10),
        Column("收款人", "text", 12),
        Column("账号", "text", 14),
        Column("金额（元）", "yuan", 14),
        Column("银行结果"),
        Column("原因"),
    )
    rows = [
        [
            fate.row,
            _VERDICTS.get(fate.verdict, "略过"),
            fate.name,
            fate.card,
            fate.amount_fen,
            fate.outcome,
            fate.reason,
        ]
        for fate in try_layout(layout).fates
    ]
    return lists.table_response(request, f"试读结果_{layout.organisation.name}_{layout.name}", columns, rows)


# --- below -----------------------------------------------------------------------------------------------


def _layout_or_404(pk: int) -> InstitutionLayout:
    return or_404(layouts().filter(pk=pk).first())


def _shown(
    request: HttpRequest, layout: InstitutionLayout, used: dict[str, Any], *, refusal: str = ""
) -> HttpResponse:
    stage = InstitutionLayout.Stage
    changeable = layout.stage in (stage.DRAFT, stage.TESTED)
    table = layout.format_key == TABLE
    trial = Trial(refusal=refusal) if refusal else try_layout(layout, mapping=used if table else None)
    me = access.actor(user_of(request)).key
    context = {
        "layout": layout,
        "format_title": _format_title(layout),
        "trial": trial,
        "counts": trial.counts,
        "fates": [(fate, _VERDICTS.get(fate.verdict, "略过")) for fate in trial.fates[:SHOWN]],
        "more": max(len(trial.fates) - SHOWN, 0),
        "view": columns_view(layout, used) if table and changeable else None,
        "saved": _same(used, layout.mapping),
        "changeable": changeable,
        "tested": layout.stage == stage.TESTED,
        "live": layout.stage == stage.LIVE,
        "mine": me in (layout.drafted_by, layout.tested_by),
        "versions": layouts()
        .filter(organisation=layout.organisation, direction=layout.direction, name=layout.name)
        .exclude(pk=layout.pk)[:20],
    }
    # A check that finds something wrong is an answer like another: htmx leaves 4xx answers unshown.
    return render(request, "bureau/layout.html", context)


def _same(used: dict[str, Any], kept: dict[str, Any]) -> bool:
    """Whether two mappings mean the same: a field that has no column need not be named."""
    columns = [
        {name: letter for name, letter in (one.get("columns") or {}).items() if letter}
        for one in (used, kept)
    ]
    others = [[one.get(name) for name in ("sheet", "header_rows", "unit")] for one in (used, kept)]
    return columns[0] == columns[1] and others[0] == others[1]


def _format_title(layout: InstitutionLayout) -> str:
    return "表格（列对应）" if layout.format_key == TABLE else formats.get(layout.format_key).title


def _day(moment: Any) -> Any:
    return clock.local(moment).date() if moment else None
