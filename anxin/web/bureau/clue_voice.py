"""往来消息: what came by the public form, words with whoever holds the receipt, and what a hotline heard later."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from anxin.accounts import access
from anxin.accounts.access import actor
from anxin.channels import answering
from anxin.channels.forms import TRADES
from anxin.channels.models import SubmissionFile
from anxin.channels.queries_voice import voice_of
from anxin.channels.reaching import callers_phone
from anxin.clues.access import reaches, visible_clue
from anxin.clues.masking import masked_words, opened
from anxin.clues.models import Clue, TicketFile, TicketNote, TicketStatus
from anxin.evidence import files
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused
from anxin.web import clock
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of


def panel(request: HttpRequest, clue: Clue) -> dict[str, Any]:
    """What the card needs; nothing where the clue came another way. Words and files only for who works on it."""
    works = reaches(user_of(request), access.HANDLE, clue)
    told = voice_of(clue)
    # a ticket comes by no form, and lists of other channels bring files and say how it stands too
    listed = {} if clue.channel == Clue.Channel.QR else _listed(clue, works)
    if clue.channel == Clue.Channel.HOTLINE:
        listed["ticket_notes"] = _notes(clue, works)
    listed["may_issue"] = works and clue.channel != Clue.Channel.SWEEP
    listed["may_text"] = works and bool(callers_phone(clue))
    if told is None:
        return {"voice": None, **listed}
    return {
        **listed,
        "voice": told,
        "voice_trade": TRADES.get(told.trade, ""),
        "voice_files": told.files,
        # long numbers masked, as in all words of people here
        "voice_messages": [(one, masked_words(one.text)) for one in told.messages] if works else [],
        "voice_works": works,
        "voice_longest": answering.LONGEST,
    }


def _listed(clue: Clue, works: bool) -> dict[str, Any]:
    """What came with its list: files, and how the ticket stands by the sender's account."""
    # comes along with the clue: the page asks enough questions as it is
    found: TicketStatus | None = getattr(clue, "listed_status", None)
    return {
        "ticket_files": list(clue.ticket_files.order_by("pk")),
        "ticket_works": works,
        "ticket_status": found,
        "ticket_status_rows": _said(found, works) if found is not None else [],
    }


def _said(found: TicketStatus, works: bool) -> list[tuple[str, str]]:
    """Title and words of what is known; what somebody wrote only for who works on it, long numbers masked."""
    written = {name: masked_words(opened(getattr(found, name))) for name in ("returned_why", "result")}
    if not works:
        written = {name: "（由办理人员查看）" if text else "" for name, text in written.items()}
    extension = [
        found.get_extension_display() if found.extension else "",
        f"申请延至{found.extension_asked_to}" if found.extension_asked_to else "",
        f"批准延至{found.extended_to}" if found.extended_to else "",
    ]
    rows = (
        ("工单状态", found.status),
        ("退单", "，".join(filter(None, (_moment(found.returned_at), written["returned_why"])))),
        ("延期", "，".join(filter(None, extension))),
        ("办理结果", written["result"]),
        ("答复时间", _moment(found.answered_at)),
        ("办结时间", _moment(found.done_at)),
        ("重办", f"{found.redone}次" if found.redone else ""),
        ("督办", f"{found.supervised}次" if found.supervised else ""),
        ("热线回访", found.asked_back),
    )
    return [(title, text) for title, text in rows if text]


def _moment(at: dt.datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at is not None else ""


def _notes(clue: Clue, works: bool) -> list[tuple[TicketNote, str, str]]:
    """What the hotline heard from its caller later, the latest first; the words only for who works on it."""
    return [
        (note, note.summary, masked_words(opened(note.words)) if works else "")
        for note in clue.ticket_notes.order_by("-at", "-pk")
    ]


@page(access.HANDLE, methods=("POST",))
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """A word to whoever holds the receipt."""
    user = user_of(request)
    clue = _find(request, pk)
    try:
        answering.ask(clue, request.POST.get("text", ""), by=user, now=clock.now())
        messages.success(request, "留言已发出，反映人凭回执号可以看到并回答。")
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect(reverse("clue", args=[pk]) + "#voice")


@page(access.HANDLE)
def file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """One picture, shown, or one recording, to be saved; every look is journalled."""
    clue = _find(request, pk)
    kept = SubmissionFile.objects.select_related("file").filter(pk=file, submission__clue=clue).first()
    return _handed_out(request, clue, kept, "反映人发来的")


@page(access.HANDLE)
def ticket_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """The same for what a hotline sent with its ticket."""
    clue = _find(request, pk)
    kept = clue.ticket_files.select_related("file").filter(pk=file).first()
    return _handed_out(request, clue, kept, "热线送来的")


def _handed_out(
    request: HttpRequest, clue: Clue, kept: SubmissionFile | TicketFile | None, whose: str
) -> HttpResponse:
    if kept is None:
        raise Http404
    try:
        data = files.read(kept.file)
    except files.FileDamaged as damage:
        messages.error(request, f"{damage}请联系系统管理员从备份恢复。")
        return redirect("clue", pk=clue.pk)
    _record_look(request, clue, kept, whose)
    return handed_out(data, kept.name, show=kept.kind == SubmissionFile.Kind.PICTURE)


def _find(request: HttpRequest, pk: int) -> Clue:
    """The clue within this person's scope; who only reads it may not look at what people sent."""
    user = user_of(request)
    clue = or_404(visible_clue(user, pk))
    if not reaches(user, access.HANDLE, clue):
        raise PermissionDenied
    return clue


def _record_look(request: HttpRequest, clue: Clue, kept: SubmissionFile | TicketFile, whose: str) -> None:
    record(
        actor=actor(user_of(request)),
        action="clue.file_seen",
        object_type="clue",
        object_id=clue.pk,
        summary=f"{clue}：查看{whose}{kept.name}",
        after={"file": kept.pk},
        now=clock.now(),
    )
