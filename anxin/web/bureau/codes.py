"""扫码牌: which codes hang where, how often they are scanned, what looks odd, and a new one for the old."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.channels import codes as services
from anxin.channels import flags
from anxin.channels import queries_codes as queries
from anxin.channels.access import visible_code, visible_codes
from anxin.channels.models import ScanCode
from anxin.channels.queries_codes import CodeFilters
from anxin.channels.scans import FAR_KM
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.bureau.code_sheets import sheet_address
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 50
EXPORT_LIMIT = 50_000
_CLEARED_SHOWN = 10
_NARROWS = ("text", "region", "kind", "flag", "state")
_COLUMNS = (
    Column("项目编码", "text", 14),
    Column("项目名称"),
    Column("地区", "text", 12),
    Column("种类", "text", 10),
    Column("号", "number", 6),
    Column("第几代", "number", 8),
    Column("提示", "text", 24),
    Column("制作", "time", 18),
    Column("打印", "time", 18),
    Column("最近一次扫码", "time", 18),
    Column("近30天扫码（次）", "number", 12),
    Column("累计扫码（次）", "number", 12),
    Column("换新", "time", 18),
    Column("换新原因"),
)


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, now, filters = user_of(request), clock.now(), _filters(request)
    found = queries.matching_codes(user, filters, now)
    after = lists.whole_number(request.GET.get("after"))
    rows = list(found.filter(pk__lt=after)[: PAGE + 1] if after else found[: PAGE + 1])
    counts = queries.flag_counts(user, now)
    context = {
        "rows": [queries.row_of(code) for code in rows[:PAGE]],
        "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "filters": filters,
        "kinds": ScanCode.Kind.choices,
        "flags": queries.FLAG_CHOICES,
        "states": queries.STATES,
        "regions": lists.region_choices(user),
        "raised": [(flag, counts[key]) for key, flag in queries.FLAGS.items() if counts[key]],
        "narrowed": any(request.GET.get(name) for name in _NARROWS),
        "may_print": access.may(user, access.IMPORT),
    }
    return render(request, "bureau/codes.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered codes as a workbook."""
    user, now, today = user_of(request), clock.now(), clock.today()
    found = queries.matching_codes(user, _filters(request), now)[:EXPORT_LIMIT]
    rows = [_cells(queries.row_of(code)) for code in found]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("扫码牌清单", subtitle, _COLUMNS, rows), "扫码牌清单", today
    )


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, pk)


@page(access.IMPORT, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Print this one again, replace it (and with it, where asked, all stickers of the site), or clear one of its flags."""
    code = visible_code(user_of(request), pk)
    if code is None or action not in _ACTS:
        raise Http404
    if not access.may_on(user_of(request), access.IMPORT, code.project):
        raise PermissionDenied
    try:
        return _ACTS[action](request, code)
    except Refused as refusal:
        return _show(request, pk, refusal)


def _print(request: HttpRequest, code: ScanCode) -> HttpResponse:
    if not code.current:
        raise Refused("这张码已经换过了，请打开新的一张再打印。")
    services.mark_printed([code], actor=access.actor(user_of(request)), now=clock.now())
    return redirect(sheet_address([code]))


def _rotate(request: HttpRequest, code: ScanCode) -> HttpResponse:
    chosen = [code]
    if request.POST.get("whole") and code.kind == ScanCode.Kind.HELMET:
        same = visible_codes(user_of(request), access.IMPORT).filter(project=code.project_id, kind=code.kind)
        chosen = list(same.filter(withdrawn_at__isnull=True))
    new = services.rotate(
        chosen,
        reason=request.POST.get("reason", ""),
        actor=access.actor(user_of(request)),
        now=clock.now(),
    )
    messages.success(
        request, f"已换新{len(new)}张，请打印后贴上，并取下旧的。旧码仍能打开，但会请工人重新选工地。"
    )
    mine = next((one for one in new if one.number == code.number), new[0])
    return redirect("code", pk=mine.pk)


def _clear(request: HttpRequest, code: ScanCode) -> HttpResponse:
    kind, why = request.POST.get("flag", ""), request.POST.get("why", "")
    cleared = flags.clear_flag(code, kind, why=why, by=user_of(request), now=clock.now())
    messages.success(request, f"已消除提示“{cleared.get_kind_display()}”，再有新的情况会再提示。")
    return redirect("code", pk=code.pk)


_ACTS = {"print": _print, "rotate": _rotate, "clear": _clear}


def _show(request: HttpRequest, pk: int, refusal: Refused | None = None) -> HttpResponse:
    user, now = user_of(request), clock.now()
    code: Any = or_404(queries.flagged(visible_codes(user), now).filter(pk=pk).first())
    days = queries.days_of(code, clock.today())
    context = {
        "code": code,
        "row": queries.row_of(code),
        "days": days,
        "most": max((day.scans for day in days), default=0),
        "places": queries.places_of(code),
        "far_km": FAR_KM[code.kind],
        "generations": queries.generations_of(code),
        "may_print": access.may_on(user, access.IMPORT, code.project),
        "cleared": flags.cleared_of(code)[:_CLEARED_SHOWN],
        "refusal": refusal.sentence if refusal else "",
        # which form it belongs to: of several flags the one that was to be cleared
        "refused_flag": request.POST.get("flag", "") if refusal else "",
        "typed": request.POST.get("reason", ""),
        "typed_why": request.POST.get("why", ""),
    }
    return render(request, "bureau/code.html", context, status=422 if refusal else 200)


def _filters(request: HttpRequest) -> CodeFilters:
    # A site has one board and hundreds of stickers: without a word about it, boards are meant.
    kind = request.GET.get("kind", ScanCode.Kind.BOARD.value)
    return CodeFilters(
        text=request.GET.get("text", "").strip(),
        region=request.GET.get("region", ""),
        kind=kind if kind in ScanCode.Kind.values else "",
        flag=request.GET.get("flag", ""),
        state=request.GET.get("state", ""),
    )


def _cells(row: queries.CodeRow) -> list[Any]:
    code = row.code
    moments = (code.issued_at, code.printed_at, code.last_scanned_at)
    return [
        code.project.code,
        code.project.name,
        code.project.region.name,
        code.get_kind_display(),
        code.number,
        code.generation,
        "、".join(flag.word for flag in row.flags),
        *[clock.local(moment) if moment else None for moment in moments],
        row.recent,
        row.total,
        clock.local(code.withdrawn_at) if code.withdrawn_at else None,
        code.withdrawn_reason,
    ]
