"""网格上报: by grid what came and what proved right, the rows behind each number, one report with its photo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.clues.masking import masked_words
from anxin.clues.queries import visible_clue
from anxin.evidence import files
from anxin.evidence.journal import record
from anxin.evidence.workbooks import Column
from anxin.grid import proving, queries
from anxin.grid.access import visible_reports
from anxin.grid.models import GridReport
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of

_PAGE, _EXPORTED = 40, 5000


@page(access.VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """Every grid of the scope, in the order of its code: nobody is ranked by how much they report."""
    user = user_of(request)
    found = queries.towns(user, now=clock.now())
    numbers = ("workers", "silent", "recent", "total", "concluded", "right")
    context = {
        "towns": found,
        "all": {name: sum(getattr(one, name) for one in found) for name in numbers},
        "waiting": queries.waiting_number(user),
    }
    return render(request, "bureau/grid_overview.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    columns = [
        Column("地区代码", "text", 14), Column("网格"), Column("网格员", "number", 10), Column("从未上报的", "number", 12),
        Column("近30天上报", "number", 12), Column("累计上报", "number", 10), Column("已有结论", "number", 10), Column("属实", "number", 10),
    ]  # fmt: skip
    rows = [
        [one.code, one.name, one.workers, one.silent, one.recent, one.total, one.concluded, one.right]
        for one in queries.towns(user_of(request), now=clock.now())
    ]
    return lists.table_response(request, "网格上报统计", columns, rows)


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """The reports behind a number, the latest first, by key."""
    found = _narrowed(request).order_by("-pk")
    after = lists.whole_number(request.GET.get("after"))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: _PAGE + 1])
    context = {
        **_asked(request),
        "rows": [(one, queries.standing(one)) for one in rows[:_PAGE]],
        "next_key": rows[_PAGE - 1].pk if len(rows) > _PAGE else None,
    }
    return render(request, "bureau/grid_reports.html", context)


@page(access.VIEW)
def listing_export(request: HttpRequest) -> HttpResponse:
    columns = [
        Column("编号", "text", 12), Column("情况", "text", 18), Column("地点"), Column("网格", "text", 20), Column("涉及人数", "text", 12),
        Column("急不急", "text", 14), Column("上报人", "text", 10), Column("发现日期", "date", 12), Column("收到日期", "date", 12),
        Column("办到哪一步", "text", 26), Column("核实情况"), Column("线索编号", "text", 24),
    ]  # fmt: skip
    rows = [
        [
            one.number, one.get_kind_display(), one.where, one.region.name, one.get_people_display(), one.get_urgency_display(),
            one.by_name, clock.local(one.seen_at).date(), clock.local(one.received_at).date(), queries.standing(one).words,
            one.proved_words, one.clue.number if one.clue else "",
        ]
        for one in _narrowed(request).order_by("-pk")[:_EXPORTED]
    ]  # fmt: skip
    return lists.table_response(request, "网格上报清单", columns, rows)


@page(access.VIEW)
def workers(request: HttpRequest) -> HttpResponse:
    """Who reports from which grid, by grid; those who never did alone on request."""
    return render(request, "bureau/grid_workers.html", {**_asked(request), "rows": _reporters(request)})


@page(access.VIEW)
def workers_export(request: HttpRequest) -> HttpResponse:
    columns = [
        Column("姓名", "text", 12), Column("单位"), Column("网格", "text", 22), Column("累计上报", "number", 10),
        Column("近30天上报", "number", 12), Column("最近上报", "date", 12),
    ]  # fmt: skip
    rows = [
        [str(one.user), one.user.office, one.region_name, one.total, one.recent, clock.local(one.last).date() if one.last else None]
        for one in _reporters(request)
    ]  # fmt: skip
    return lists.table_response(request, "网格员名单", columns, rows)


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, _find(request, pk))


@page(access.HANDLE, methods=("POST",))
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether it was so, in a sentence that the grid worker reads."""
    found, verdict = _find(request, pk), request.POST.get("right", "")
    words = request.POST.get("words", "")
    try:
        if verdict not in ("yes", "no"):
            raise Refused("请选择属实或者不属实。", field="right")
        proving.prove(found, right=verdict == "yes", words=words, by=user_of(request), now=clock.now())
    except Refused as refusal:
        return _detail(request, found, refusal=refusal.sentence, words=words, verdict=verdict, status=422)
    messages.success(request, "已记下核实情况，上报的网格员会看到。")
    return redirect("grid-report", pk=pk)


@page(access.HANDLE)
def file(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The photo, shown, or the recording, to be saved; every look is journalled."""
    found = _find(request, pk)
    if not visible_reports(user_of(request), access.HANDLE).filter(pk=pk).exists():
        raise PermissionDenied
    kept = or_404({"photo": found.picture, "sound": found.sound}.get(what))
    try:
        data = files.read(kept)
    except files.FileDamaged as damage:
        messages.error(request, f"{damage}请联系系统管理员从备份恢复。")
        return redirect("grid-report", pk=pk)
    record(
        actor=access.actor(user_of(request)),
        action="grid.file_seen",
        object_type="grid_report",
        object_id=found.pk,
        summary=f"{found}：查看网格员发来的{'照片' if what == 'photo' else '录音'}",
        now=clock.now(),
    )
    return handed_out(data, found.number, show=what == "photo")


def _find(request: HttpRequest, pk: int) -> GridReport:
    rows = queries.with_found(visible_reports(user_of(request))).select_related("picture", "sound")
    return or_404(rows.filter(pk=pk).first())


def _detail(request: HttpRequest, found: GridReport, *, status: int = 200, **more: Any) -> HttpResponse:
    user = user_of(request)
    works = visible_reports(user, access.HANDLE).filter(pk=found.pk).exists()
    context = {
        "report": found,
        "stands": queries.standing(found),
        "note": masked_words(found.note.open()) if found.note is not None else "",  # type: ignore[union-attr]
        "clue": visible_clue(user, found.clue_id) if found.clue_id else None,
        "works": works,
        "may_prove": works and found.clue_id is None and found.proved is None,
        "shortest": proving.SHORTEST,
        "longest": proving.LONGEST,
        **more,
    }
    return render(request, "bureau/grid_report.html", context, status=status)


def _asked(request: HttpRequest) -> dict[str, Any]:
    part, region = request.GET.get("part", ""), request.GET.get("region", "")
    grids = {one.code: one.name for one in queries.towns(user_of(request), now=clock.now())}
    return {
        "part": part if part in queries.PARTS else "",
        "parts": list(queries.PARTS.items()),
        "region": region,
        "region_name": grids.get(region, ""),
        "grids": list(grids.items()),
        "silent": request.GET.get("part") == "silent",
    }


def _narrowed(request: HttpRequest) -> Any:
    rows = queries.with_found(visible_reports(user_of(request)))
    region = request.GET.get("region", "")
    if region.isdecimal():
        rows = rows.filter(region__code=region)
    return queries.in_part(rows, request.GET.get("part", ""), clock.now())


def _reporters(request: HttpRequest) -> list[queries.Reporter]:
    region = request.GET.get("region", "")
    return queries.reporters(
        user_of(request),
        now=clock.now(),
        region=region if region.isdecimal() else "",
        silent=request.GET.get("part") == "silent",
    )
