"""来访登记: the register, one visit, and the registration of a group with its names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.clues.access import visible_clues
from anxin.clues.models import Clue
from anxin.clues.registering import Hint, hints
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.identifiers import id_number_problem
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.reception import queries, services
from anxin.reception.access import visible_visits, works_at
from anxin.reception.models import Visit
from anxin.reception.queries import VisitFilters
from anxin.reception.typed import people_of
from anxin.web import clock, lists
from anxin.web.bureau.clue_new import ClueForm, picked, unseen
from anxin.web.bureau.clue_receipt import handed
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

EXPORT_LIMIT = 20_000
_COLUMNS = (
    Column("日期", "date", 12),
    Column("排队号", "number", 8),
    Column("地区", "text", 14),
    Column("接访方式", "text", 14),
    Column("接访领导", "text", 12),
    Column("人数", "number", 8),
    Column("什么事", "text", 40),
    Column("状态", "text", 10),
    Column("接谈人", "text", 12),
    Column("答复", "text", 40),
    Column("线索编号", "text", 24),
    Column("承诺单", "number", 8),
    Column("来时", "time", 18),
    Column("离开", "time", 18),
)


class GroupForm(ClueForm):
    """The clue form with the people: one a line."""

    people_list = forms.CharField(
        label="人员名单",
        required=False,
        max_length=60_000,
        help_text="一行一人：姓名、身份证号、电话、工种、欠薪金额，用逗号或空格隔开，顺序不限，没有的不写。人多的可以先登记，再到人员名单里导入 Excel。",
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "钱某某，99010219……，139……，木工，12000"}),
    )


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, filters = user_of(request), VisitFilters.read(request.GET)
    items, after = queries.visit_page(user, filters, after=request.GET.get("after", ""))
    context = {
        "visits": items,
        "next_key": after,
        "filters": filters,
        "counts": queries.counts(user, filters),
        "narrowed": any(request.GET.get(name) for name in ("first", "last", "region", "text")),
    }
    return render(request, "bureau/visits.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The register as a workbook: 批次 and 人次 below."""
    user, today, filters = user_of(request), clock.today(), VisitFilters.read(request.GET)
    found = queries.register(user, filters).annotate(promised=Count("promises"))[:EXPORT_LIMIT]
    numbers = queries.counts(user, filters)
    rows = [_cells(one) for one in found]
    total = ["合计", numbers.groups, "", "", "", numbers.persons, *[""] * 5, numbers.promises, "", ""]
    subtitle = (
        f"填报单位：{lists.office_of(user)}　{numbers.groups}批次　{numbers.persons}人次　导出日期：{today}"
    )
    data = table_workbook("来访登记表", subtitle, _COLUMNS, rows, total=total)
    return lists.workbook_response(data, "来访登记表", today)


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.HANDLE, access.IMPORT, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One step with those who came; a refusal is shown on the page with what was typed."""
    visit, user = _find(request, pk), user_of(request)
    if action not in _ACTS:
        raise Http404
    if not works_at(user, visit.region_id):
        raise PermissionDenied
    try:
        done = _ACTS[action](request, visit, user, clock.now())
    except Refused as refusal:
        return _show(request, visit, refusal=str(refusal), where=action)
    messages.success(request, done)
    return redirect("reception" if request.POST.get("back") == "hall" else "visit", **_to(request, pk))


@page(access.HANDLE, access.IMPORT, methods=("GET", "POST"))
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One registration of everybody who came, matched to earlier clues before it is saved."""
    visit, user, now = _find(request, pk), user_of(request), clock.now()
    if not works_at(user, visit.region_id):
        raise PermissionDenied
    if visit.clue_id is not None:
        return redirect("visit", pk=pk)
    if request.method != "POST":
        return _group(request, visit, GroupForm(initial=_initial(visit), user=user), [])
    form = GroupForm(request.POST, user=user)
    found: list[Hint] = []
    if form.is_valid():
        try:
            voice, people = form.voice(now), people_of(form.cleaned_data["people_list"])
            known = [
                finding_hash("id", one.id_number)
                for one in people
                if one.id_number and id_number_problem(one.id_number) is None
            ]
            found = unseen(request, hints(voice, user, now=now, id_hashes=known))
            if joined := _joined(request, user):
                services.join_clue(visit, joined, people, by=user, now=now)
                messages.success(request, f"已并入线索{joined.number}。")
                return redirect("visit", pk=pk)
            if not found:
                with transaction.atomic():
                    clue, written = services.register_group(visit, voice, people, by=user, now=now)
                    made = form.receipt(clue, by=user, now=now)
                messages.success(request, f"已登记为线索{clue.number}，名单{written.added}人。")
                return handed(request, made) if made else redirect("visit", pk=pk)
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field or None)
    return _group(request, visit, form, found)


def _called(request: HttpRequest, visit: Visit, user: User, now: dt.datetime) -> str:
    services.move_visit(visit, Visit.State.CALLED, by=user, now=now)
    return f"请 {visit.number} 号。"


def _received(request: HttpRequest, visit: Visit, user: User, now: dt.datetime) -> str:
    services.move_visit(visit, Visit.State.RECEIVED, by=user, now=now)
    return "开始接谈。"


def _missed(request: HttpRequest, visit: Visit, user: User, now: dt.datetime) -> str:
    services.move_visit(visit, Visit.State.MISSED, by=user, now=now)
    return "已记为过号，来了可以重新叫号。"


def _leave(request: HttpRequest, visit: Visit, user: User, now: dt.datetime) -> str:
    services.let_go(visit, answer=request.POST.get("answer", ""), by=user, now=now)
    return "已记下答复，接访结束。"


def _promise(request: HttpRequest, visit: Visit, user: User, now: dt.datetime) -> str:
    post = request.POST
    made = services.promise(
        visit,
        what=post.get("what", ""),
        due_on=_day(post.get("due_on", "")),
        responsible=post.get("responsible", ""),
        office=post.get("office", ""),
        phone=post.get("phone", ""),
        by=user,
        now=now,
    )
    return f"已开{made}，请打印两份，一份交来访人。"


_ACTS: dict[str, Callable[[HttpRequest, Visit, User, dt.datetime], str]] = {
    "called": _called,
    "received": _received,
    "missed": _missed,
    "leave": _leave,
    "promise": _promise,
}


def _show(request: HttpRequest, visit: Visit, *, refusal: str = "", where: str = "") -> HttpResponse:
    user = user_of(request)
    context: dict[str, Any] = {
        "visit": visit,
        "speaker": mask_name(visit.speaker.open()) if isinstance(visit.speaker, Sealed) else "",
        "promises": list(visit.promises.order_by("due_on", "pk")),
        "works": works_at(user, visit.region_id),
        "sees_clue": visit.clue_id is not None and visible_clues(user).filter(pk=visit.clue_id).exists(),
        "today": clock.today(),
        "office": user.office,
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/visit.html", context, status=422 if refusal else 200)


def _group(request: HttpRequest, visit: Visit, form: GroupForm, found: list[Hint]) -> HttpResponse:
    at_hand = picked(form)
    context = {
        "visit": visit,
        "form": form,
        "hints": found,
        "regions": form.region_list,
        "found": at_hand,
        "about": request.POST.get("about") or (at_hand[0].value if len(at_hand) == 1 else ""),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "bureau/visit_group.html", context, status=status)


def _initial(visit: Visit) -> dict[str, Any]:
    speaker = visit.speaker.open() if isinstance(visit.speaker, Sealed) else ""
    return {
        "channel": Clue.Channel.VISIT,
        "region": visit.region_id,
        "on": visit.on,
        "text": visit.about,
        "name": speaker,
        "receipt_for": "worker",
    }


def _joined(request: HttpRequest, user: User) -> Clue | None:
    """The earlier clue that the officer says it is."""
    number = lists.whole_number(request.POST.get("join"))
    return visible_clues(user).filter(pk=number).first() if number else None


def _find(request: HttpRequest, pk: int) -> Visit:
    return or_404(visible_visits(user_of(request)).filter(pk=pk).first())


def _to(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {} if request.POST.get("back") == "hall" else {"pk": pk}


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused("请按 2026-11-21 的样子填写期限。", field="due_on") from None


def _cells(visit: Any) -> list[object]:
    duty = visit.duty
    return [
        visit.on,
        visit.number,
        visit.region.name,
        duty.get_kind_display() if duty else "窗口接待",
        duty.leader if duty else "",
        visit.people,
        visit.about,
        visit.get_state_display(),
        visit.received_by,
        visit.answer,
        visit.clue.number if visit.clue else "",
        visit.promised,
        clock.local(visit.came_at),
        clock.local(visit.left_at) if visit.left_at else None,
    ]
