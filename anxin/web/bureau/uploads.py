"""系统 · 上传平台: what we report to platforms above us, how far each record is, and sending again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.exchange import queries
from anxin.exchange.models import Kind, Platform, UploadRecord
from anxin.exchange.queries import PlatformRow, RecordFilters
from anxin.exchange.uploads import services
from anxin.exchange.uploads.payloads import FIELD_TITLES
from anxin.kernel.refusal import Refused
from anxin.registry.access import visible_projects
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 50
EXPORT_LIMIT = 20_000
_HISTORY = 100
_FILTERS = ("platform", "kind", "state", "text")


@page(access.VIEW, access.MANAGE)
def overview(request: HttpRequest) -> HttpResponse:
    """Every platform with what waits, came through and came back."""
    user = user_of(request)
    context = {
        "rows": queries.platforms(user, clock.now()),
        "kinds": dict(Kind.choices),
        "may_see": access.may(user, access.VIEW),
    }
    return render(request, "bureau/uploads.html", context)


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, filters = user_of(request), _filters(request)
    found = queries.records(user, filters)
    after = lists.whole_number(request.GET.get("after"))
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "records": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "platforms": list(Platform.objects.order_by("pk").values_list("code", "name")),
        "kinds": Kind.choices,
        "states": UploadRecord.State.choices,
        "filters": vars(filters),
        "narrowed": any(vars(filters).values()),
        "may_resend": access.may(user, access.IMPORT),
    }
    return render(request, "bureau/upload_records.html", context)


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One record: what went out (masked), what came back, and where it can be mended."""
    user = user_of(request)
    record = or_404(queries.records(user, RecordFilters()).filter(pk=pk).first())
    context = {
        "record": record,
        "events": list(record.events.order_by("-pk")[:_HISTORY]),
        "projects": list(visible_projects(user).filter(pk__in=record.projects.values("pk"))[:20]),
        "mend": _mend(user, record),
        "field_title": FIELD_TITLES.get(record.reason_field, ""),
        "may_resend": _may_resend(user, record),
    }
    return render(request, "bureau/upload_record.html", context)


@page(access.IMPORT, methods=("POST",))
def resend(request: HttpRequest) -> HttpResponse:
    """Send again: one record, or all that the filters of the list show."""
    user = user_of(request)
    one = lists.whole_number(request.POST.get("record"))
    filters = RecordFilters(**{name: request.POST.get(name, "") for name in _FILTERS})
    if one is None and not any(vars(filters).values()):
        raise BadRequest("没有指明要重新报送哪些记录。")
    found = queries.records(user, RecordFilters() if one else filters, access.IMPORT)
    if one:
        found = found.filter(pk=one)
    try:
        count = services.resend(found, user=user, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if count:
            messages.success(request, f"{count}条记录已重新排队报送。")
        else:
            messages.warning(request, "没有需要重新报送的记录：只有被退回、停滞或等候重试的可以重新报送。")
    if one:
        return redirect("upload-record", pk=one)
    chosen = {name: value for name, value in vars(filters).items() if value}
    return redirect(f"{reverse('upload-records')}?{urlencode(chosen)}")


@page(access.VIEW, access.MANAGE)
def export(request: HttpRequest, what: str) -> HttpResponse:
    """The two lists as workbooks; records only for who may see them."""
    user, today = user_of(request), clock.today()
    if what == "platforms":
        title, columns, rows = "上传平台", _PLATFORM_COLUMNS, [_platform_row(row) for row in queries.platforms(user, clock.now())]  # fmt: skip
    elif what == "records" and access.may(user, access.VIEW):
        found = queries.records(user, _filters(request))[:EXPORT_LIMIT]
        title, columns, rows = "报送记录", _RECORD_COLUMNS, [_record_row(record) for record in found]
    else:
        raise Http404
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook(title, subtitle, columns, rows), title, today)


_PLATFORM_COLUMNS = (
    Column("平台"),
    Column("代码", "text", 12),
    Column("状态", "text", 10),
    Column("待报送", "number", 10),
    Column("已报送", "number", 10),
    Column("已接收", "number", 10),
    Column("被退回", "number", 10),
    Column("停滞", "number", 10),
    Column("最早等候", "time", 18),
    Column("最近接收", "time", 18),
    Column("说明"),
)
_RECORD_COLUMNS = (
    Column("编号", "number", 10),
    Column("平台", "text", 18),
    Column("种类", "text", 10),
    Column("内容"),
    Column("状态", "text", 10),
    Column("退回字段", "text", 16),
    Column("原因"),
    Column("回执编号", "text", 18),
    Column("进入队列", "time", 18),
    Column("报送时间", "time", 18),
    Column("答复时间", "time", 18),
)


def _platform_row(row: PlatformRow) -> list[object]:
    platform = row.platform
    return [
        platform.name,
        platform.code,
        "报送中" if platform.enabled else "未启用",
        row.queued,
        row.sent,
        row.accepted,
        row.rejected,
        row.stalled,
        clock.local(row.oldest) if row.oldest else None,
        clock.local(platform.accepted_at) if platform.accepted_at else None,
        platform.trouble,
    ]


def _record_row(record: UploadRecord) -> list[object]:
    return [
        record.pk,
        record.platform.name,
        record.get_kind_display(),
        record.title,
        record.get_state_display(),
        FIELD_TITLES.get(record.reason_field, ""),
        record.reason,
        record.receipt,
        clock.local(record.queued_at),
        clock.local(record.sent_at) if record.sent_at else None,
        clock.local(record.answered_at) if record.answered_at else None,
    ]


def _filters(request: HttpRequest) -> RecordFilters:
    return RecordFilters(**{name: request.GET.get(name, "") for name in _FILTERS})


def _may_resend(user: User, record: UploadRecord) -> bool:
    waits = record.state == UploadRecord.State.QUEUED and record.tries > 0
    again = record.state in (UploadRecord.State.REJECTED, UploadRecord.State.STALLED) or waits
    return (
        again and visible_projects(user, access.IMPORT).filter(pk__in=record.projects.values("pk")).exists()
    )


def _mend(user: User, record: UploadRecord) -> tuple[str, str] | None:
    """Where the record's content can be looked at and put right: (address, words)."""
    project = visible_projects(user).filter(pk__in=record.projects.values("pk")).order_by("pk").first()
    if project is None:
        return None
    parts = record.object_key.split(":")
    may_deliver = access.may_on(user, access.IMPORT, project)
    if record.kind in (Kind.ENTERPRISE, Kind.PROJECT):
        if may_deliver:
            return reverse("project-edit", args=[project.pk]), "修改项目登记信息"
        return reverse("project", args=[project.pk]), "查看项目"
    if record.kind == Kind.PERSONNEL:
        return reverse("worker", args=[int(parts[0])]), "查看人员；如有错误，请更正花名册后重新导入"
    if record.kind == Kind.ENTRY:
        return reverse("project-roster", args=[project.pk]), "查看花名册；如有错误，请更正后重新导入"
    month = parts[2] if record.kind == Kind.ATTENDANCE else parts[1]
    name = "project-attendance-month" if record.kind == Kind.ATTENDANCE else "project-wages-month"
    words = "考勤" if record.kind == Kind.ATTENDANCE else "工资"
    return reverse(name, args=[project.pk, month]), f"查看{month}{words}；如有错误，请更正后重新导入"
