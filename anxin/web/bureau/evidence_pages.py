"""证据包 of a matter, a site's month, a worker or a claimant: what one holds, the form for it, those made before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anxin.accounts import access
from anxin.clues.access import visible_clue
from anxin.clues.queries_claimants import claimant_of
from anxin.dossier import making
from anxin.dossier.subjects import (
    OfMatter,
    OfSiteMonth,
    OfWorker,
    Subject,
    exports_of,
    of_claimant,
)
from anxin.evidence.models import JournalEntry
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.bureau.matters import find_matter
from anxin.web.bureau.projects import month_or_404, project_or_404
from anxin.web.found import or_404
from anxin.web.policy import page, user_of
from anxin.workforce.queries import visible_worker

PAGE = 40
EXPORT_LIMIT = 5000
_KIB = 1024
_OF_MATTER = "事项、步骤、期限怎样算出、待办、督办、文书和文件、查明的欠薪、来自的线索和预警、各人被欠多少、追回的钱、适用的法规数值、操作日志。"
_OF_MONTH = "参建单位、花名册、每天的考勤、工资表的每一版和每一行、银行发放结果和匹配、专用账户、人工费用、保证金、预警和它所依据的行、缺的数据、交来的文件清单、操作日志。"
_OF_WORKER = "花名册上的登记、劳动合同、考勤、工资表、银行发放结果、说过的线索、被欠多少、调解和写到本人的文书、把本人计算在内的预警、操作日志。"
_TOLD = "反映人的姓名、电话不会装入：文字里写到的换成“〔反映人〕”，写到反映人的日志和读得出文字的文件不装入。扫描件、照片和 PDF 里的字系统读不出来，交出前请看一遍。"
_FILES = "交来的原始文件里有完整的号码：隐去号码时只列出文件名和 SHA-256，完整装入时文件也装入。"
_OTHERS = "其他劳动者的行不交出，只在原来的位置留下哈希，证明没有增删；反映人的姓名、电话不会装入。合同文件只在完整装入时装入。"


@dataclass(frozen=True)
class Shown:
    """One subject for its page; ``route`` and ``keys`` make its addresses, ``crumbs`` lead back."""

    subject: Subject
    title: str
    crumbs: Sequence[tuple[str, str]]
    holds: str
    note: str
    only: str
    route: str
    keys: Sequence[Any]

    def address(self, what: str = "") -> str:
        return reverse(f"{self.route}{what}", args=self.keys)


Find = Callable[..., Shown]


def _matter(request: HttpRequest, pk: int) -> Shown:
    matter = find_matter(request, pk)
    crumbs = [("事项", reverse("matters")), (matter.number, reverse("matter", args=[pk]))]
    only = f"由{matter.lead}的承办人或者领导出具。"
    return Shown(OfMatter(matter), matter.title, crumbs, _OF_MATTER, _TOLD, only, "matter-evidence", [pk])


def _site_month(request: HttpRequest, pk: int, month: str) -> Shown:
    project, chosen = project_or_404(request, pk), month_or_404(month)
    subject = OfSiteMonth(project, chosen)
    crumbs = [
        (project.name, reverse("project", args=[pk])),
        (f"{chosen.chinese()}工资", reverse("project-wages-month", args=[pk, month])),
    ]
    title = f"{project.name} {chosen.chinese()}"
    return Shown(
        subject, title, crumbs, _OF_MONTH, _FILES, subject.only, "project-evidence", [pk, str(chosen)]
    )


def _worker(request: HttpRequest, pk: int) -> Shown:
    worker = or_404(visible_worker(user_of(request), pk))
    name = mask_name(worker.name)
    subject = OfWorker(worker)
    crumbs = [("人员查询", reverse("workers")), (name, reverse("worker", args=[pk]))]
    return Shown(subject, name, crumbs, _OF_WORKER, _OTHERS, subject.only, "worker-evidence", [pk])


def _claimant(request: HttpRequest, pk: int, person: int) -> Shown:
    clue = visible_clue(user_of(request), pk)
    claimant = claimant_of(clue, person) if clue else None
    if clue is None or claimant is None:
        raise Http404
    claimant.clue = clue
    subject = of_claimant(claimant)
    crumbs = [(clue.number, reverse("clue", args=[pk])), ("人员名单", reverse("claimants", args=[pk]))]
    return Shown(
        subject,
        f"{clue.number}第{claimant.number}号",
        crumbs,
        _OF_WORKER,
        _OTHERS,
        subject.only,
        "claimant-evidence",
        [pk, person],
    )


def _views(find: Find) -> tuple[Callable[..., HttpResponseBase], ...]:
    """The page, the act and the list of one kind of subject."""

    @page(access.VIEW)
    def show(request: HttpRequest, **keys: Any) -> HttpResponse:
        return _show(request, find(request, **keys))

    @page(access.HANDLE, access.DECIDE, methods=("POST",))
    def export(request: HttpRequest, **keys: Any) -> HttpResponse:
        """Queue it, and go where its progress is told."""
        shown, user, post = find(request, **keys), user_of(request), request.POST
        if not shown.subject.may(user):
            raise PermissionDenied
        try:
            package = making.ask(
                shown.subject,
                by=user,
                now=clock.now(),
                full=post.get("full") == "on",
                purpose=post.get("purpose", ""),
            )
        except Refused as refusal:
            return _show(request, shown, refusal=refusal)
        return redirect("evidence-package", pk=package.pk)

    @page(access.VIEW)
    def workbook(request: HttpRequest, **keys: Any) -> HttpResponse:
        return _workbook(request, find(request, **keys))

    return show, export, workbook


matter, matter_export, matter_list = _views(_matter)
site_month, site_month_export, site_month_list = _views(_site_month)
worker, worker_export, worker_list = _views(_worker)
claimant, claimant_export, claimant_list = _views(_claimant)


def _show(request: HttpRequest, shown: Shown, *, refusal: Refused | None = None) -> HttpResponse:
    user = user_of(request)
    found = exports_of(shown.subject)
    after = lists.whole_number(request.GET.get("after"))
    if after:
        found = found.filter(sequence__lt=after)
    entries = list(found[: PAGE + 1])
    listed = entries[:PAGE]
    context: dict[str, Any] = {
        "shown": shown,
        "export_url": shown.address("-export"),
        "list_url": shown.address("-list"),
        "may": shown.subject.may(user),
        "whole": shown.subject.may_whole(user),
        "made": [_line(one) for one in listed],
        "next_key": listed[-1].sequence if len(entries) > PAGE else None,
        "refusal": str(refusal) if refusal else "",
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/evidence.html", context, status=422 if refusal else 200)


def _line(entry: JournalEntry) -> dict[str, Any]:
    said = entry.after or {}
    return {"at": entry.at, "who": entry.actor_name, "kib": -(-said.get("size", 0) // _KIB), **said}


def _workbook(request: HttpRequest, shown: Shown) -> HttpResponse:
    """The list of earlier packages as a workbook."""
    today = clock.today()
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
        for one in exports_of(shown.subject)[:EXPORT_LIMIT]
        if (said := one.after or {})
    )
    subtitle = f"对象：{shown.subject.what}　填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("证据包出具记录", subtitle, columns, rows), "证据包出具记录", today
    )
