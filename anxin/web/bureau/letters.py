"""文书: what waits for whom, the letters of a matter, the registers of numbers, and what an office's letters carry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework.access import acts_on
from anxin.evidence.workbooks import Column
from anxin.kernel.refusal import Refused
from anxin.letters import content, drafting, heads, queries
from anxin.letters.access import visible_letters
from anxin.letters.models import Letter, LetterHead, NumberRegister
from anxin.web import clock, lists, receiving
from anxin.web.bureau import party_papers
from anxin.web.bureau.matters import find_matter
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_PAGE, _EXPORTED = 40, 5000
PARTS = (
    ("review", "待核稿"), ("issue", "待签发"), ("seal", "待用印"), ("serve", "待送达"), (queries.DAYS, "送达日待登记"),
    (queries.PAPER, "待交付纸质文书"),    ("mine", "我拟的草稿"), ("all", "全部"),
)  # fmt: skip
#: the parts that are nobody's queue
_EVERYBODYS = ("mine", "all")


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """The queues; where nothing else is asked, the first that has something for this person."""
    user = user_of(request)
    waiting = queries.waiting(user, clock.today())
    part = _part(request, waiting)
    rows = queries.queue(user, part, clock.today())
    after = lists.whole_number(request.GET.get("after"))
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: _PAGE + 1])
    context = {
        "parts": [(key, title, waiting.get(key)) for key, title in PARTS if key in (*_EVERYBODYS, *waiting)],
        "part": part,
        "rows": [(one, queries.kind_name(one.kind)) for one in found[:_PAGE]],
        "next_key": found[_PAGE - 1].pk if len(found) > _PAGE else None,
        "may_head": access.may(user, access.ISSUE),
    }
    return render(request, "bureau/letters.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    columns = [
        Column("文书", "text", 26), Column("文号", "text", 24), Column("状态", "text", 12), Column("事项编号", "text", 34), Column("事项"),
        Column("单位", "text", 26), Column("拟稿人", "text", 12), Column("拟稿日期", "date", 12), Column("成文日期", "date", 12),
    ]  # fmt: skip
    part = _part(request, queries.waiting(user, clock.today()))
    rows = [
        [
            queries.kind_name(one.kind), one.number, one.get_state_display(), one.matter.number, one.matter.title, one.office.name,
            str(one.drafted_by), clock.local(one.drafted_at).date(), one.issued_on,
        ]
        for one in queries.queue(user, part, clock.today())[:_EXPORTED]
    ]  # fmt: skip
    return lists.table_response(request, "文书清单", columns, rows)


@page(access.VIEW)
def of_matter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters of a matter, and the choice of one to draft."""
    return _of_matter(request, pk)


@page(access.DRAFT, methods=("POST",))
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """起草: a new letter, or one that takes an earlier one's place."""
    matter, post = find_matter(request, pk), request.POST
    replaced = lists.whole_number(post.get("replaces"))
    old = visible_letters(user_of(request)).filter(pk=replaced, matter=matter).first() if replaced else None
    try:
        made = drafting.draft(
            matter, kind=old.kind if old else post.get("kind", ""), by=user_of(request), now=clock.now(), replaces=old,
            why=post.get("why", ""),
        )  # fmt: skip
    except Refused as refusal:
        if old is not None:
            messages.error(request, str(refusal))
            return redirect("letter", pk=old.pk)
        return _of_matter(request, pk, refusal=str(refusal))
    messages.success(request, "已起草，事项里有的内容已经填好。")
    return redirect("letter", pk=made.pk)


@page(access.VIEW)
def matter_export(request: HttpRequest, pk: int) -> HttpResponse:
    matter = find_matter(request, pk)
    columns = [
        Column("文书", "text", 26), Column("文号", "text", 24), Column("状态", "text", 12), Column("拟稿人", "text", 12), Column("成文日期", "date", 12),
        Column("送达日", "text", 40),
    ]  # fmt: skip
    rows = [
        [queries.kind_name(one.kind), one.number, one.get_state_display(), str(one.drafted_by), one.issued_on, _served(one)]
        for one in queries.of_matter(user_of(request), matter)
    ]  # fmt: skip
    return lists.table_response(request, "事项文书清单", columns, rows)


@page(access.VIEW)
def registers(request: HttpRequest) -> HttpResponse:
    """The registers, and the numbers of one of them."""
    found = list(queries.registers(user_of(request)))
    chosen = _chosen(request, found)
    rows: list[Letter] = []
    if chosen is not None:
        numbers = queries.in_register(user_of(request), chosen)
        after = lists.whole_number(request.GET.get("after"))
        rows = list((numbers.filter(serial__lt=after) if after else numbers)[: _PAGE + 1])
    context = {
        "registers": found,
        "chosen": chosen,
        "rows": [(one, queries.kind_name(one.kind), _served(one)) for one in rows[:_PAGE]],
        "next_key": rows[_PAGE - 1].serial if len(rows) > _PAGE else None,
    }
    return render(request, "bureau/letter_registers.html", context)


@page(access.VIEW)
def register_export(request: HttpRequest) -> HttpResponse:
    """One register as a workbook, from number one on."""
    chosen = or_404(_chosen(request, list(queries.registers(user_of(request)))))
    columns = [
        Column("流水号", "number", 8), Column("文号", "text", 26), Column("文书", "text", 26), Column("成文日期", "date", 12), Column("状态", "text", 12),
        Column("事项编号", "text", 34), Column("送达", "text", 40), Column("替代", "text", 26),
    ]  # fmt: skip
    rows = [
        [
            one.serial, one.number, queries.kind_name(one.kind), one.issued_on, one.get_state_display(), one.matter.number, _served(one),
            one.replaces.number if one.replaces else "",
        ]
        for one in queries.in_register(user_of(request), chosen).order_by("serial")[:_EXPORTED]
    ]  # fmt: skip
    return lists.table_response(
        request, f"文号登记簿（{chosen.office.name}{chosen.register}{chosen.year}）", columns, rows
    )


@page(access.ISSUE, methods=("GET", "POST"))
def letter_heads(request: HttpRequest) -> HttpResponse:
    """机关代字: what the letters of an office carry; without it nothing is numbered."""
    user = user_of(request)
    offices = heads.offices(user)
    number = lists.whole_number(request.POST.get("office") or request.GET.get("office"))
    office = next((one for one in offices if one.pk == number), offices[0] if len(offices) == 1 else None)
    refusal: Refused | None = None
    if request.method == "POST":
        if office is None:
            raise PermissionDenied
        try:
            sent = receiving.sent(request, "seal", heads.SEALS)
            heads.enter_head(
                office, {name: request.POST.get(name, "") for name in heads.FIELDS}, by=user, now=clock.now(),
                seal=sent.data if sent else None,
            )  # fmt: skip
        except Refused as problem:
            refusal = problem
        else:
            messages.success(request, "已登记。")
            return redirect("letter-heads")
    context = {"refusal": refusal, **_head_form(request, offices, office, typed=bool(refusal))}
    return render(request, "bureau/letter_heads.html", context, status=422 if refusal else 200)


def _head_form(request: HttpRequest, offices: list[Any], office: Any, *, typed: bool) -> dict[str, Any]:
    kept = {one.office_id: one for one in LetterHead.objects.filter(office__in=offices)}
    head = kept.get(office.pk) if office else None
    labels = {
        "prefix": "机关代字", "issuer": "落款名称", "contact_phone": "联系电话", "contact_address": "联系地址",
        "reconsideration_body": "行政复议机关", "court": "管辖法院",
    }  # fmt: skip
    given = request.POST if typed else {}
    fields = [
        (name, labels[name], given.get(name, getattr(head, name) if head else (office.name if office and name == "issuer" else "")))
        for name in heads.FIELDS
    ]  # fmt: skip
    return {
        "offices": [(one, kept.get(one.pk)) for one in offices],
        "office": office,
        "head": head,
        "fields": fields,
    }


def _of_matter(request: HttpRequest, pk: int, *, refusal: str = "") -> HttpResponse:
    user, matter = user_of(request), find_matter(request, pk)
    context = {
        "matter": matter,
        "rows": [(one, queries.kind_name(one.kind), _served(one)) for one in queries.of_matter(user, matter)],
        "may_draft": acts_on(user, access.DRAFT, matter),
        "kinds": [(one.key, one.name) for one in content.offered() if one.key != drafting.ANNOUNCEMENT],
        "may_make": acts_on(user, access.HANDLE, matter) and matter.closed_on is None,
        "handles": acts_on(user, access.HANDLE, matter),
        "refusal": refusal,
        **party_papers.of_matter(request, matter),
    }
    return render(request, "bureau/matter_letters.html", context, status=422 if refusal else 200)


def _served(letter: Letter) -> str:
    """``2026-11-20 直接送达``, for each addressee; from what was read along."""
    return "；".join(f"{one.served_on}" for one in sorted(letter.services.all(), key=lambda one: one.pk))


def _part(request: HttpRequest, waiting: dict[str, int]) -> str:
    asked = request.GET.get("part", "")
    if asked in {key for key, _ in PARTS}:
        return asked
    return next((key for key, number in waiting.items() if number), "all")


def _chosen(request: HttpRequest, found: list[NumberRegister]) -> NumberRegister | None:
    number = lists.whole_number(request.GET.get("register"))
    return next((one for one in found if one.pk == number), found[0] if found and number is None else None)


def sees(user: User, pk: int) -> Letter:
    """A letter that this person sees. Raises :class:`Http404`."""
    rows = visible_letters(user).select_related(
        "issued_file", "sealed_file", "matter__project", "matter__employer", "announces__matter__lead"
    )
    return or_404(rows.filter(pk=pk).first())
