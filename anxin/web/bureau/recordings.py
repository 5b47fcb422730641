"""朗读录音: what the public pages say, who has recorded it in which language, and what has to be recorded again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.channels import queries_recordings as queries
from anxin.channels import recording as services
from anxin.channels.models import Recording
from anxin.channels.queries_recordings import Kept
from anxin.channels.spoken import Passage, passages
from anxin.evidence import files
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists, receiving
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out, in_parts
from anxin.web.policy import page, user_of

#: the console's own recorder, after its owner has said yes
_MAY_RECORD = "camera=(), microphone=(self), geolocation=()"
_COLUMNS = (
    Column("文字"), Column("内容"), Column("语言", "text", 10), Column("情况", "text", 16), Column("录音人", "text", 10),
    Column("录音时间", "time", 16), Column("听过的人", "text", 10),
)  # fmt: skip


@page(access.VIEW, access.LAW)
def listing(request: HttpRequest) -> HttpResponse:
    """All passages with their recordings."""
    return _show(request)


@page(access.HANDLE, access.LAW, methods=("POST",))
def add(request: HttpRequest) -> HttpResponse:
    """One more recording of a passage."""
    try:
        _add(request)
    except Refused as refusal:
        return _show(request, refusal.sentence, where=request.POST.get("key", ""), status=422)
    return redirect(f"{reverse('recordings')}#{request.POST.get('key', '')}")


@page(access.VIEW, access.LAW)
def export(request: HttpRequest) -> HttpResponse:
    """Every passage and each of its recordings; a passage without one is a row with an empty language."""
    user, today = user_of(request), clock.today()
    rows = [
        row for passage, kept in queries.kept(passages(today)) for row in _rows(passage, kept)
    ]  # fmt: skip
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook("朗读录音", subtitle, _COLUMNS, rows), "朗读录音", today)


@page(access.VIEW, access.LAW)
def sound(request: HttpRequest, pk: int) -> HttpResponse:
    """A recording as the office hears it, also before workers do."""
    found = _found(pk)
    try:
        data = files.read(found.file)
    except files.FileDamaged as damage:
        raise Http404 from damage
    return in_parts(request, handed_out(data, found.file.name, show=True, plain="sound"))


@page(access.HANDLE, access.LAW, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Say that one has heard it, or take it back."""
    found, actor, now = _found(pk), access.actor(user_of(request)), clock.now()
    try:
        if action == "hear":
            services.hear_recording(found, on=clock.today(), actor=actor, now=now)
            messages.success(request, "已记下您听过，工人现在可以听到这段录音。")
        elif action == "end":
            services.end_recording(found, why=request.POST.get("why", ""), actor=actor, now=now)
            messages.success(request, "已停用，工人听不到这段录音了。")
        else:
            raise Http404
    except Refused as refusal:
        return _show(request, refusal.sentence, where=found.key, status=422)
    return redirect(f"{reverse('recordings')}#{found.key}")


def _add(request: HttpRequest) -> None:
    sent = receiving.chosen(request, "sound", services.DOOR, "请选择录音文件，或者按“现在录”。")
    made = services.add_recording(
        request.POST.get("key", ""),
        language=request.POST.get("other", "") or request.POST.get("language", ""),
        data=sent.data,
        filename=sent.name,
        on=clock.today(),
        actor=access.actor(user_of(request)),
        now=clock.now(),
    )
    messages.success(request, f"{made.language}的录音已保存，请另一位同事听一遍，听过以后工人就能听到。")


def _show(request: HttpRequest, refusal: str = "", *, where: str = "", status: int = 200) -> HttpResponse:
    rows = queries.kept(passages(clock.today()))
    context: dict[str, Any] = {
        "rows": rows,
        "missing": sum(1 for _, kept in rows if not kept),
        "stale": sum(one.stale for _, kept in rows for one in kept),
        "waiting": sum(not one.stale and one.row.heard_at is None for _, kept in rows for one in kept),
        "languages": services.LANGUAGES,
        "accept": services.DOOR.accept,
        "may_record": _may_record(request),
        "me": access.actor(user_of(request)).key,
        "refusal": refusal,
        "where": where,
    }
    response = render(request, "bureau/recordings.html", context, status=status)
    response["Permissions-Policy"] = _MAY_RECORD
    return response


def _rows(passage: Passage, kept: list[Kept]) -> list[list[Any]]:
    if not kept:
        return [[passage.title, passage.text, "", "还没有录音", "", None, ""]]
    return [
        [passage.title, passage.text, one.row.language, one.state, one.row.made_by_name,
         clock.local(one.row.made_at), one.row.heard_by_name]
        for one in kept
    ]  # fmt: skip


def _found(pk: int) -> Recording:
    return or_404(queries.standing(pk))


def _may_record(request: HttpRequest) -> bool:
    user = user_of(request)
    return access.may(user, access.HANDLE) or access.may(user, access.LAW)
