"""约谈记录、承诺书 and other papers made with a party: filled in, closed, signed by code, at the tablet or on print, kept, followed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.files import FileDamaged
from anxin.evidence.workbooks import Column
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters import content, party, party_kinds, party_signing, promises, turn_files
from anxin.letters.models import PartyPaper, PartySigner, Promise
from anxin.local_law import queries as local_law
from anxin.web import clock, lists, receiving
from anxin.web.bureau import letter_form, turn_pages
from anxin.web.bureau.matters import find_matter
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of
from anxin.web.site_board import public_address

_State = PartyPaper.State
_GONE = "这一条已经不在了，请刷新页面。"


@page(access.HANDLE, methods=("POST",))
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """制作: a new paper of the matter."""
    matter = find_matter(request, pk)
    try:
        made = party.make(
            matter, kind=request.POST.get("party_kind", ""), by=user_of(request), now=clock.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("matter-letters", pk=pk)
    messages.success(request, "已经开始制作，事项里有的内容已经填好。")
    return redirect("party-paper", pk=made.pk)


@page(access.VIEW)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers of the matter with what they promise, a line for each promise."""
    matter, today = find_matter(request, pk), clock.today()
    columns = [
        Column("文书", "text", 22), Column("状态", "text", 14), Column("制作人", "text", 12), Column("制作日期", "date", 12),
        Column("承诺", "text", 10), Column("承诺完成日期", "date", 14), Column("履行情况", "text", 40),
    ]  # fmt: skip
    by_paper: dict[int, list[Promise]] = {}
    for one in promises.of_matter(matter):
        by_paper.setdefault(one.paper_id, []).append(one)
    rows: list[list[Any]] = []
    for paper in party.visible_papers(user_of(request)).filter(matter=matter).order_by("-pk"):
        head = [
            party.kind_of(paper).name, paper.get_state_display(), str(paper.made_by), clock.local(paper.made_at).date(),
        ]  # fmt: skip
        told = [
            [f"第{one.number}项", one.due_on, promises.standing(one, today).words]
            for one in by_paper.get(paper.pk, [])
        ]
        rows += [[*head, *line] for line in told or [["", None, ""]]]
    return lists.table_response(request, "笔录承诺书审批表清单", columns, rows)


@page(access.HANDLE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it stands, for who handles the matter; it names people in full, so the look is journalled."""
    return _show(request, _found(request, pk))


@page(access.HANDLE, methods=("POST",))
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was typed, finished or not; what is wrong stands beside its field. ``then=close``: and set the file."""
    paper, user, now = _found(request, pk), user_of(request), clock.now()
    values = letter_form.read_fields(party.kind_of(paper).fields, request.POST)
    try:
        kept = party.edit(paper, values, by=user, now=now, expected_version=lists.expected_version(request))
        if request.POST.get("then") == "close":
            party.close(kept, by=user, now=now, law=local_law.current(), expected_version=kept.version)
            messages.success(request, "已定稿。请各方签名，或者打印后签名、上传扫描件。")
        else:
            messages.success(request, "已保存。")
    except Refused as refusal:
        return _show(request, _found(request, pk), refusal=refusal, values=values)
    return redirect("party-paper", pk=pk)


@page(access.HANDLE)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file with the signatures that are there; before it is closed, how it will look. For reading and for print."""
    paper = _found(request, pk)
    try:
        data = turn_files.read(paper) if paper.file_id else party.preview(paper, law=local_law.current())
    except (Refused, FileDamaged) as problem:
        messages.error(request, str(problem))
        return redirect("party-paper", pk=pk)
    _seen(request, paper, "文件")
    name = f"{party.kind_of(paper).name}{'' if paper.file_id else '（草稿）'}.pdf"
    return handed_out(data, name, show=True, plain="paper")


@page(access.HANDLE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One act on the paper, and back to its page; a refusal keeps what was typed."""
    paper, user, now = _found(request, pk), user_of(request), clock.now()
    where = f"{action}-{request.POST.get('row', '')}".rstrip("-")
    try:
        if action == "link":
            one = _signer(request, paper)
            token = party_signing.TURNS.make_link(one, by=user, now=now)
            return _show(request, paper, code=(one, public_address(request, "public:record", token)))
        if action not in _ACTS:
            raise Http404
        doing, said = _ACTS[action]
        doing(request, paper, user, now, local_law.current())
    except Refused as refusal:
        return _show(request, _found(request, pk), refusal=refusal, where=where)
    messages.success(request, said)
    return redirect("party-paper", pk=pk)


def _add_signer(request: HttpRequest, paper: PartyPaper, user: User, now: dt.datetime, law: Law) -> None:
    said = {name: request.POST.get(name, "") for name in ("side", "name", "phone", "id_number")}
    again = _signer(request, paper) if request.POST.get("row") else None
    party.add_signer(paper, **said, by=user, now=now, again=again)


def _drop_signer(request: HttpRequest, paper: PartyPaper, user: User, now: dt.datetime, law: Law) -> None:
    party.drop_signer(_signer(request, paper), by=user, now=now)


def _reopen(request: HttpRequest, paper: PartyPaper, user: User, now: dt.datetime, law: Law) -> None:
    party.reopen(paper, by=user, now=now)


def _drop(request: HttpRequest, paper: PartyPaper, user: User, now: dt.datetime, law: Law) -> None:
    party.drop(paper, why=request.POST.get("why", ""), by=user, now=now)


def _tablet(request: HttpRequest, paper: PartyPaper, user: User, now: dt.datetime, law: Law) -> None:
    party_signing.TURNS.sign_at_tablet(
        _signer(request, paper), id_number=request.POST.get("id_number", ""), witness=request.POST.get("witness", ""),
        consent="consent" in request.POST, by=user, now=now,
    )  # fmt: skip


def _refuse(request: HttpRequest, paper: PartyPaper, user: User, now: dt.datetime, law: Law) -> None:
    party_signing.TURNS.note_refusal(
        _signer(request, paper), why=request.POST.get("why", ""), by=user, now=now
    )


def _finish(request: HttpRequest, paper: PartyPaper, user: User, now: dt.datetime, law: Law) -> None:
    party_signing.finish(paper, by=user, now=now, law=law)


def _scan(request: HttpRequest, paper: PartyPaper, user: User, now: dt.datetime, law: Law) -> None:
    sent = receiving.chosen(request, "file", party_signing.SCAN, "请选择签名原件的扫描件或照片。")
    party_signing.finish_by_hand(
        paper, data=sent.data, filename=sent.name, compared="compared" in request.POST, by=user, now=now, law=law
    )  # fmt: skip


def _promise(request: HttpRequest, paper: PartyPaper, user: User, now: dt.datetime, law: Law) -> None:
    number = lists.whole_number(request.POST.get("row")) or 0
    found = Promise.objects.select_related("paper").filter(pk=number, paper=paper).first()
    if found is None:
        raise Refused(_GONE)
    kept = {"kept": True, "broken": False}.get(request.POST.get("outcome", ""))
    if kept is None:
        raise Refused("请选择履行了没有。", field="outcome")
    promises.answer(found, kept=kept, said=request.POST.get("note", ""), by=user, now=now)


_Doing = Callable[[HttpRequest, PartyPaper, User, dt.datetime, Law], None]
_ACTS: dict[str, tuple[_Doing, str]] = {
    "signer": (_add_signer, "签名人已登记。"),
    "drop": (_drop_signer, "已去掉。"),
    "reopen": (_reopen, "已退回修改。"),
    "give-up": (_drop, "已作废。"),
    "tablet": (_tablet, "已当面签名，见证人写进了签名。"),
    "refuse": (_refuse, "已记明拒绝签名的情况。"),
    "finish": (_finish, "签名结束，已存入案卷。有承诺日期的，已列入本件待办。"),
    "scan": (_scan, "扫描件已存入案卷。有承诺日期的，已列入本件待办。"),
    "promise": (_promise, "已登记履行情况。"),
}


def _show(
    request: HttpRequest, paper: PartyPaper, *, refusal: Refused | None = None, where: str = "",
    values: dict[str, Any] | None = None, code: tuple[PartySigner, str] | None = None,
) -> HttpResponse:  # fmt: skip
    kind, signers, today = party.kind_of(paper), list(paper.signers.order_by("number")), clock.today()
    drafts = paper.state == _State.DRAFT
    rows = paper.promises.select_related("task").order_by("number") if paper.state == _State.DONE else []
    context: dict[str, Any] = {
        "paper": paper,
        "matter": paper.matter,
        "name": kind.name,
        "writing": drafts,
        "by_hand": paper.by_hand,
        "signing": paper.state == _State.SIGNING,
        "signers": [turn_pages.shown(one, kind.role(one.side)) for one in signers],
        "sides": list(kind.roles.items()),
        "all_done": bool(signers) and all(one.signed_at or one.refused_at for one in signers),
        "some_signed": any(one.signed_at for one in signers),
        "at": turn_pages.addresses("party-paper-act", paper.pk, "signer"),
        "judged": turn_pages.judged(paper) if paper.file_id and not paper.by_hand else [],
        "promises": [(promises.standing(one, today), promises.words_of(one), str(one.pk)) for one in rows],
        "refusal": str(refusal) if refusal else "",
        "where": where,
        "typed": request.POST if refusal else {},
        "today": today,
        **turn_pages.code_shown(code, f"签{kind.name}", kind.role(code[0].side) if code else ""),
    }
    if drafts:
        given = values if values is not None else content.values_of(paper)
        found = letter_form.told(party.problems(paper, given, today), kind.template.fields, given)
        context |= {
            "form": letter_form.shown_fields(kind.fields, given, found if refusal and not where else {}),
            "missing": [sentence for sentences in found.values() for sentence in sentences],
        }
    _seen(request, paper, "")
    response = render(request, "bureau/party_paper.html", context, status=422 if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


def _found(request: HttpRequest, pk: int) -> PartyPaper:
    """A paper of a matter that this person handles, else 404."""
    return or_404(party.visible_papers(user_of(request), access.HANDLE).filter(pk=pk).first())


def _signer(request: HttpRequest, paper: PartyPaper) -> PartySigner:
    number = lists.whole_number(request.POST.get("row")) or 0
    found = paper.signers.filter(pk=number).first()
    if found is None:
        raise Refused(_GONE)
    return found


def _seen(request: HttpRequest, paper: PartyPaper, what: str) -> None:
    party.note(paper, "seen", f"查看{what}", who=access.actor(user_of(request)), now=clock.now())


def of_matter(request: HttpRequest, matter: Any) -> dict[str, Any]:
    """What the page of a matter's letters shows of them."""
    today = clock.today()
    by_paper: dict[int, list[promises.Standing]] = {}
    for one in promises.of_matter(matter):
        by_paper.setdefault(one.paper_id, []).append(promises.standing(one, today))
    rows = party.visible_papers(user_of(request)).filter(matter=matter).order_by("-pk")
    return {
        "papers": [(one, party.kind_of(one).name, by_paper.get(one.pk, [])) for one in rows],
        "party_kinds": [(one.key, one.name) for one in party_kinds.offered(matter.procedure)],
    }
