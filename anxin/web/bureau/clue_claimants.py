"""人员名单: the people of a group, typed or by Excel, their sums side by side, and what was settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.clues import claimants as services
from anxin.clues.access import reaches, visible_clue
from anxin.clues.claimant_rows import Said
from anxin.clues.exports import claimants_workbook
from anxin.clues.imports_claimants import KIND
from anxin.clues.masking import masked_contact, opened
from anxin.clues.models import Claimant, Clue
from anxin.clues.models_claimants import SIDES
from anxin.clues.queries_claimants import PARTS, Group, Person, claimant_of, group_of, person_page
from anxin.evidence import doors, files
from anxin.evidence.imports import ImportRefused, open_batch
from anxin.kernel.masking import mask_id_number, mask_name
from anxin.kernel.money import MoneyError, parse_yuan
from anxin.kernel.refusal import Refused
from anxin.referral.claims import Claim, claims_of
from anxin.web import clock, lists, receiving
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of

_SIDES = [(str(side), side.label) for side in SIDES]


def panel(request: HttpRequest, clue: Clue) -> dict[str, Any]:
    """What the card 人员名单 on a clue's page needs."""
    return {"group": group_of(clue), "may_list": _may_list(user_of(request), clue)}


@page(access.VIEW)
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.VIEW)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as a workbook, people masked."""
    clue, today = _find(request, pk), clock.today()
    data = claimants_workbook(clue, on=today, office=lists.office_of(user_of(request)))
    return lists.workbook_response(data, f"人员名单_{clue.number}_", today)


@page(access.HANDLE, access.IMPORT)
def photo(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """A photograph of a list, to type it off; the look is journalled."""
    clue = _allowed(request, pk)
    found = or_404(clue.list_photos.select_related("file", "clue").filter(pk=photo).first())
    try:
        data = services.look_at_photo(found, by=user_of(request), now=clock.now())
    except files.FileDamaged as damage:
        messages.error(request, f"{damage}请联系系统管理员从备份恢复。")
        return redirect("claimants", pk=pk)
    return handed_out(data, f"名单照片{found.pk}.jpg", show=True)


@page(access.HANDLE, access.IMPORT, methods=("POST",))
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Add one person, take in a list, or settle everybody at what one side says."""
    clue, user = _allowed(request, pk), user_of(request)
    if what not in _ACTS:
        raise Http404
    try:
        answer = _ACTS[what](request, clue, user, clock.now())
    except (Refused, ImportRefused, MoneyError) as refusal:
        return _show(request, clue, refusal=str(refusal), where=what)
    return answer or redirect("claimants", pk=pk)


@page(access.HANDLE, access.IMPORT, methods=("POST",))
def act_on(request: HttpRequest, pk: int, person: int, what: str) -> HttpResponse:
    """What one side says of one person, the settled sum, or that the person does not belong here."""
    clue, user, now = _allowed(request, pk), user_of(request), clock.now()
    claimant = claimant_of(clue, person)
    if claimant is None or what not in ("amount", "remove"):
        raise Http404
    try:
        if what == "remove":
            services.remove_claimant(claimant, why=request.POST.get("why", ""), by=user, now=now)
            messages.success(request, f"已把{claimant}移出名单，说过的内容保留。")
        else:
            _say(request, claimant, user, now)
    except (Refused, MoneyError) as refusal:
        return _show(request, clue, refusal=str(refusal), where=f"{what}-{person}")
    return redirect("claimants", pk=pk)


def _say(request: HttpRequest, claimant: Claimant, user: User, now: dt.datetime) -> None:
    source, fen = request.POST.get("source", ""), parse_yuan(request.POST.get("amount", ""))
    if source == "settled":
        services.settle(claimant, fen, why=request.POST.get("why", ""), by=user, now=now)
        messages.success(request, f"已定下{claimant}的金额，各方的说法仍列在旁边。")
    elif services.record_amount(claimant, source, fen, by=user, now=now) is None:
        messages.warning(request, "这一方说的就是这个数，没有改动。")
    else:
        messages.success(request, f"已记下{claimant}的金额。")


def _add(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> None:
    post = request.POST
    amounts = {name: fen for name, _ in _SIDES if (fen := parse_yuan(post.get(name, ""))) is not None}
    said = Said(
        post.get("name", ""), post.get("id_number", ""), post.get("phone", ""), post.get("trade", ""), amounts
    )
    services.add_claimant(clue, said, by=user, now=now)
    messages.success(request, "已记入名单。")


def _upload(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> HttpResponse:
    sent = receiving.chosen(request, "file", receiving.tables(), "请选择名单文件（Excel 表）。")
    batch = open_batch(
        kind=KIND,
        data=sent.data,
        filename=sent.name,
        actor=access.actor(user),
        now=now,
        project_code=clue.number,
    )
    if batch.already_accepted:
        messages.warning(
            request, f"该文件已于{clock.local(batch.accepted_at):%Y-%m-%d %H:%M}接收过，未作任何改动。"
        )
    return redirect("import", pk=batch.pk)


def _photo(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> HttpResponse:
    sent = receiving.chosen(request, "photo", doors.PHOTO, "请选择名单的照片。")
    made = services.add_photo(clue, sent.data, by=user, now=now)
    messages.success(request, "照片已保存，请对照着录入。")
    return redirect("claimants-typing", pk=clue.pk, photo=made.pk)


def _settle_all(request: HttpRequest, clue: Clue, user: User, now: dt.datetime) -> None:
    post = request.POST
    count = services.settle_all(clue, post.get("source", ""), why=post.get("why", ""), by=user, now=now)
    messages.success(request, f"已定下{count}人的金额。")


_ACTS: dict[str, Callable[[HttpRequest, Clue, User, dt.datetime], HttpResponse | None]] = {
    "add": _add,
    "upload": _upload,
    "photo": _photo,
    "settle-all": _settle_all,
}


def _show(request: HttpRequest, clue: Clue, *, refusal: str = "", where: str = "") -> HttpResponse:
    user, group = user_of(request), group_of(clue)
    part = request.GET.get("part", "")
    part = part if part in PARTS else ""
    photos = list(clue.list_photos.order_by("pk"))
    found = person_page(clue, group, part=part, after=lists.whole_number(request.GET.get("after")) or 0)
    claims = claims_of([one.claimant.pk for one in found.items])
    context = {
        "clue": clue,
        "group": group,
        "rows": [_row(one, claims[one.claimant.pk]) for one in found.items],
        "next_key": found.next_after,
        "part": part,
        "parts": _parts(group),
        "sides": _SIDES,
        "columns": [label for _, label in _SIDES],
        "sums": _sums(group),
        "may_list": _may_list(user, clue),
        "may_settle": reaches(user, access.HANDLE, clue),
        "may_import": reaches(user, access.IMPORT, clue),
        "photos": photos if _may_list(user, clue) else [],
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/claimants.html", context, status=422 if refusal else 200)


def _row(person: Person, claim: Claim) -> dict[str, Any]:
    known = person.particulars
    return {
        "pk": person.claimant.pk,
        "pk_text": str(person.claimant.pk),
        "number": person.claimant.number,
        "name": mask_name(opened(known.name)),
        "id_number": mask_id_number(opened(known.id_number)),
        "phone": masked_contact(opened(known.phone)),
        "trade": known.trade,
        "said": [(side.label, amount) for side, amount in person.said],
        "settled": person.settled,
        "differs": person.differs,
        "claim": claim,
    }


def _parts(group: Group) -> list[tuple[str, str, int]]:
    numbers = {"": group.people, "open": len(group.unsettled), "differ": len(group.differ)}
    return [(key, title, numbers[key]) for key, title in PARTS.items()]


def _sums(group: Group) -> list[tuple[str, int, int, int | None]]:
    """``(side, people, sum, difference to what the same workers say)``."""
    return [(one.source.label, one.people, one.fen, one.difference) for one in group.sums]


def _may_list(user: User, clue: Clue) -> bool:
    return reaches(user, access.HANDLE, clue) or reaches(user, access.IMPORT, clue)


def _allowed(request: HttpRequest, pk: int) -> Clue:
    clue = _find(request, pk)
    if not _may_list(user_of(request), clue):
        raise PermissionDenied
    return clue


def _find(request: HttpRequest, pk: int) -> Clue:
    return or_404(visible_clue(user_of(request), pk))
