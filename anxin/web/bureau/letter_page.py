"""One letter: its draft as a form, its files, its history, and what can be done with it now."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence import files
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused
from anxin.letters import (
    announcing,
    consents,
    content,
    drafting,
    issuing,
    manners,
    paper_copies,
    queries,
    reading,
)
from anxin.letters.access import has_right
from anxin.letters.corrected import Corrected, corrected
from anxin.letters.judging import why_not
from anxin.letters.life import Act, State
from anxin.letters.models import Letter, LetterHead, PaperRequest, Service
from anxin.letters.sealing import filename, judged
from anxin.letters.word_files import DOOR
from anxin.local_law import queries as local_law
from anxin.typesetting.docx import docx
from anxin.web import clock, lists, receiving
from anxin.web.bureau import letter_form
from anxin.web.bureau.letters import sees
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of

#: acts that have a form on the page, in the order of the life
ACTS = (Act.SUBMITTED, Act.REVIEWED, Act.ISSUED, Act.SEALED, Act.SERVED, Act.SENT_BACK, Act.DROPPED)
_WAY = (State.DRAFT, State.REVIEW, State.ISSUE, State.SEAL, State.SERVE, State.SERVED)


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, sees(user_of(request), pk))


@page(access.DRAFT, methods=("POST",))
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the draft, finished or not; what is wrong stands beside its field."""
    letter = sees(user_of(request), pk)
    values = letter_form.read(letter, request.POST)
    if letter.announces is not None:
        values = announcing.worked_out(letter.announces, values, local_law.current())
    try:
        version = lists.expected_version(request)
        drafting.edit(letter, values, by=user_of(request), now=clock.now(), expected_version=version)
    except Refused as refusal:
        return show(request, letter, refusal=refusal, values=values)
    if request.POST.get("then") == "submit":
        try:
            fresh = sees(user_of(request), pk)
            drafting.submit(fresh, by=user_of(request), now=clock.now(), expected_version=fresh.version)
        except Refused as refusal:
            return show(request, sees(user_of(request), pk), refusal=refusal, values=values)
        messages.success(request, "已送核，请核稿人核对。")
    else:
        messages.success(request, "草稿已保存。")
    return redirect("letter", pk=pk)


@page(access.DRAFT, methods=("POST",))
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing while somebody types; keeps nothing."""
    letter = sees(user_of(request), pk)
    if why_not(letter, Act.EDITED, user_of(request)):
        return HttpResponse(status=204)  # asked a moment before the draft was sent on: nothing is left to say
    values = letter_form.read(letter, request.POST)
    return render(request, "parts/letter_missing.html", {"missing": _missing(letter, values)})


@page(access.VIEW)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The sealed letter, else as it was issued, else the draft with a place for its number. Every look is journalled."""
    letter = sees(user_of(request), pk)
    kept = letter.sealed_file or letter.issued_file
    try:
        data = (
            files.read(kept) if kept else issuing.preview(letter, on=clock.today(), law=local_law.current())
        )
    except (Refused, files.FileDamaged) as problem:
        messages.error(request, str(problem))
        return redirect("letter", pk=pk)
    _seen(request, letter, "PDF")
    name = filename(letter) if letter.number else f"{queries.kind_name(letter.kind)}（草稿）.pdf"
    return handed_out(data, name, show=True, plain="letter")


@page(access.VIEW)
def word_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The words for an office's word processor; what is sealed is the PDF and nothing else."""
    letter = sees(user_of(request), pk)
    try:
        words = issuing.words(letter, on=clock.today(), law=local_law.current())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("letter", pk=pk)
    _seen(request, letter, "Word文件")
    return handed_out(docx(words), f"{letter.number or words.name}.docx", plain="letter")


@page(access.DRAFT, methods=("POST",))
def corrected_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A corrected Word file of the draft: its words into the form, and what of it no letter takes. Saving them is another step."""
    letter = sees(user_of(request), pk)
    if why := why_not(letter, Act.EDITED, user_of(request)):
        return show(request, letter, refusal=Refused(why))
    try:
        sent = receiving.chosen(request, "file", DOOR, "请选择改好的 Word 文件（.docx）。")
        found = corrected(letter, sent.data, sent.name, on=clock.today(), law=local_law.current())
    except Refused as refusal:
        return show(request, letter, refusal=refusal, where="word")
    return show(request, letter, values=found.values, word=found)


@page(access.VIEW)
def proof(request: HttpRequest, pk: int, service: int) -> HttpResponse:
    """送达回证 of one service."""
    letter = sees(user_of(request), pk)
    found = letter.services.select_related("proof__file").filter(pk=service).first()
    if found is None:
        return redirect("letter", pk=pk)
    try:
        data = files.read(found.proof.file)
    except files.FileDamaged as damage:
        messages.error(request, f"{damage}请联系系统管理员从备份恢复。")
        return redirect("letter", pk=pk)
    _seen(request, letter, "送达回证")
    return handed_out(data, found.proof.filename, show=True, plain="proof")


def show(
    request: HttpRequest,
    letter: Letter,
    *,
    refusal: Refused | None = None,
    values: dict[str, Any] | None = None,
    where: str = "",
    word: Corrected | None = None,
) -> HttpResponse:
    """The page; with a refusal, what was typed stays in its form."""
    user, law = user_of(request), local_law.current()
    history = list(letter.acts.order_by("id"))
    services = list(letter.services.select_related("portal_copy__employer", "worker_copy").order_by("id"))
    acts = {act: why_not(letter, act, user, history) for act in ACTS}
    later = _later(letter)
    drafts = letter.state == State.DRAFT and not why_not(letter, Act.EDITED, user, history)
    context: dict[str, Any] = {
        "letter": letter,
        "name": queries.kind_name(letter.kind),
        "history": history,
        "way": [(state.label, _WAY.index(state) <= _place(letter)) for state in _WAY]
        if letter.state in _WAY
        else [],
        "open": {act.value: True for act, why in acts.items() if not why},
        "waits_for": _waits_for(letter, acts),
        "drafts": drafts,
        "announcements": [one for one in later if one.announces_id == letter.pk],
        "successor": next((one for one in later if one.replaces_id == letter.pk), None),
        "may_replace": letter.number and letter.state != State.REPLACED and access.may(user, access.DRAFT),
        "services": services,
        "today": clock.today(),
        **_paper(letter, services, user),
        "refusal": str(refusal) if refusal else "",
        "where": where,
        "typed": request.POST if refusal else {},
        "judged": _judged(letter),
        "six": settings.ANXIN_LETTER_EYES == "six",
    }
    if not acts[Act.SEALED] and (read := reading.reading_of(letter, user)):
        when = clock.local(read.ended_at) if read.ended_at else clock.now()
        context["seal_reading"] = read
        context["seal_hint"] = (
            f"您已在{when:%Y-%m-%d %H:%M}看完全文。印章盖在落款和日期上，并对整个文件签名、加时间戳。"
        )
    if letter.state in (State.SERVE, State.SERVED):
        agreed = list(letter.matter.service_consents.order_by("id"))
        context |= {
            "manners": manners.manners(letter, law, clock.today()),
            "targets": manners.targets(letter.announces or letter, law) if not acts[Act.SERVED] else [],
            "may_announce": letter.announces_id is None
            and announcing.MANNER in {one.key for one in manners.manners(letter, law, clock.today())},
            "announced_on": content.values_of(letter)["posted_on"] if letter.announces_id else "",
            "names_awards": manners.rule_of(letter.kind).family == "arbitration",
            "consents": [one for one in agreed if one.withdrawn_on is None],
            "lapsed": consents.lapsed(services, agreed),
            "taken_back": [one for one in agreed if one.withdrawn_why],
            "receiver": _addressee(letter) if not acts[Act.SERVED] else "",
            "copies": [one.portal_copy for one in services if hasattr(one, "portal_copy")],
            "worker_copies": [
                (one.receiver, one.worker_copy) for one in services if hasattr(one, "worker_copy")
            ],
            "links": list(letter.links.select_related("consent").order_by("id")),
        }
    if drafts:
        head = LetterHead.objects.filter(office=letter.office).first()
        given = values if values is not None else content.values_of(letter)
        context |= {
            "form": letter_form.shown(letter, given, head, clock.today(), tell=refusal is not None),
            "missing": _missing(letter, given, head),
            "has_head": head is not None,
            "word": word,
            "accept": DOOR.accept,
        }
        _seen(request, letter, "草稿")
    return render(request, "bureau/letter.html", context, status=422 if refusal else 200)


def _paper(letter: Letter, services: list[Service], user: User) -> dict[str, Any]:
    """What went electronically and may be asked for on paper, what was asked for, and whether this person writes it down."""
    electronic = [one for one in services if one.manner == paper_copies.ELECTRONIC]
    if not electronic:
        return {}
    asked = list(paper_copies.of_letter(letter))
    waiting = {one.service_id for one in asked if one.handed_on is None}
    return {
        "electronic": electronic,
        "paper": asked,
        "may_ask_paper": [one for one in electronic if one.pk not in waiting],
        "may_paper": has_right(user, access.SERVE, letter),
        "ways": PaperRequest.Way.choices,
    }


def _later(letter: Letter) -> list[Letter]:
    """What takes this letter's place, and the public notices that serve it; one query for both."""
    if not letter.number:
        return []
    rows = Letter.objects.filter(Q(replaces=letter) | Q(announces=letter)).exclude(state=State.DROPPED)
    return list(rows.order_by("id"))


def _addressee(letter: Letter) -> str:
    """Whom the letter names, for whoever may serve it: what they do with it is journalled as the service."""
    assert letter.content is not None
    return content.words_of(letter.content).addressee


def _missing(letter: Letter, values: dict[str, Any], head: LetterHead | None = None) -> list[str]:
    found = letter_form.by_field(letter, values, head, clock.today())
    return [sentence for sentences in found.values() for sentence in sentences]


def _place(letter: Letter) -> int:
    return _WAY.index(State(letter.state)) if letter.state in _WAY else -1


def _waits_for(letter: Letter, acts: dict[Act, str]) -> str:
    """Why this person cannot take the next act; empty where they can or where nothing comes."""
    following = {
        State.DRAFT: Act.SUBMITTED, State.REVIEW: Act.REVIEWED, State.ISSUE: Act.ISSUED, State.SEAL: Act.SEALED, State.SERVE: Act.SERVED,
    }  # fmt: skip
    act = following.get(State(letter.state))
    return acts[act] if act else ""


def _judged(letter: Letter) -> Any:
    if letter.sealed_file is None:
        return None
    try:
        return judged(files.read(letter.sealed_file), clock.now())
    except files.FileDamaged as damage:
        return {"good": False, "sentence": f"{damage}请联系系统管理员从备份恢复。", "details": ()}


def _seen(request: HttpRequest, letter: Letter, what: str) -> None:
    record(
        actor=access.actor(user_of(request)), action="letter.seen", object_type="letter", object_id=letter.pk,
        summary=f"查看《{queries.kind_name(letter.kind)}》{letter.number}的{what}（{letter.matter.number}）", now=clock.now(),
    )  # fmt: skip
