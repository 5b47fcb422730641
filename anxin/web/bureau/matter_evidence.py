"""证据包: a matter as one signed file, and the packages that were made of it before."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from anxin.accounts import access
from anxin.casework.models import Matter
from anxin.dossier.exporting import export_matter, exports_of, may_export, may_export_whole
from anxin.evidence.models import JournalEntry
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.web import clock, lists
from anxin.web.bureau.matters import find_matter
from anxin.web.policy import page, user_of

PAGE = 40
EXPORT_LIMIT = 5000
_KIB = 1024


@page(access.VIEW)
def earlier(request: HttpRequest, pk: int) -> HttpResponse:
    """What a package holds, the form for one, and those made before, the latest first."""
    return _show(request, find_matter(request, pk))


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the package and hand it over as a download; the journal says so."""
    matter, user = find_matter(request, pk), user_of(request)
    if not may_export(user, matter):
        raise PermissionDenied
    post = request.POST
    try:
        made = export_matter(
            matter,
            by=user,
            now=clock.now(),
            law=local_law.current(),
            full=post.get("full") == "on",
            purpose=post.get("purpose", ""),
        )
    except Refused as refusal:
        return _show(request, matter, refusal=refusal)
    response = HttpResponse(made.content, content_type="application/octet-stream")
    response["Content-Disposition"] = (
        f"attachment; filename=\"evidence.zip\"; filename*=UTF-8''{quote(made.filename)}"
    )
    return response


@page(access.VIEW)
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of earlier packages as a workbook."""
    matter, today = find_matter(request, pk), clock.today()
    columns = (
        Column("出具时间", "time", 18),
        Column("出具人", "text", 14),
        Column("项数", "number", 8),
        Column("人员信息", "text", 12),
        Column("目的", "text", 40),
        Column("链尾（SHA-256）", "text", 68),
        Column("文件的 SHA-256", "text", 68),
    )
    rows = (
        [
            timezone.localtime(one.at),
            one.actor_name,
            said["leaves"],
            "完整" if said["full"] else "已隐去",
            said["purpose"],
            said["sha256"],
            said["file_sha256"],
        ]
        for one in exports_of(matter)[:EXPORT_LIMIT]
        if (said := one.after or {})
    )
    subtitle = f"事项：{matter.number}　填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("证据包出具记录", subtitle, columns, rows), "证据包出具记录", today
    )


def _show(request: HttpRequest, matter: Matter, *, refusal: Refused | None = None) -> HttpResponse:
    user = user_of(request)
    found = exports_of(matter)
    after = lists.whole_number(request.GET.get("after"))
    if after:
        found = found.filter(sequence__lt=after)
    entries = list(found[: PAGE + 1])
    shown = entries[:PAGE]
    context: dict[str, Any] = {
        "matter": matter,
        "may": may_export(user, matter),
        "whole": may_export_whole(user, matter),
        "made": [_line(one) for one in shown],
        "next_key": shown[-1].sequence if len(entries) > PAGE else None,
        "refusal": str(refusal) if refusal else "",
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/matter_evidence.html", context, status=422 if refusal else 200)


def _line(entry: JournalEntry) -> dict[str, Any]:
    said = entry.after or {}
    return {"at": entry.at, "who": entry.actor_name, "kib": -(-said.get("size", 0) // _KIB), **said}
