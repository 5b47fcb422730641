"""对照照片录入: the photograph of a list beside a table, checked as it is typed, kept as a draft, taken in row by row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.clues import list_ocr, list_typing
from anxin.clues.access import reaches, visible_clue
from anxin.clues.list_typing import COLUMNS, Draft, TypedRow
from anxin.clues.models import Clue, ListPhoto
from anxin.clues.models_claimants import SIDES
from anxin.clues.queries_claimants import group_of
from anxin.kernel.refusal import Refused
from anxin.web import clock
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

#: rows that stand ready; the page's script adds more, without it they come after each saving
_READY = 10


@page(access.HANDLE, access.IMPORT, methods=("GET", "POST"))
def typing(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """The page (GET); a draft to keep, or rows to take in (POST)."""
    found = _photo(request, pk, photo)
    if request.method != "POST":
        return _show(request, found, list_typing.draft_of(found))
    draft, by = _draft(request), user_of(request)
    try:
        if request.POST.get("what") == "read":
            list_ocr.ask_reading(found, by=by, now=clock.now())
            return redirect("claimants-typing", pk=pk, photo=photo)
        if request.POST.get("what") == "draft":
            list_typing.keep_draft(found, draft, by=by)
            return HttpResponse(status=204)
        told = list_typing.take_in(found, draft, by=by, now=clock.now())
    except Refused as refusal:
        return _show(request, found, draft, refusal.sentence)
    _say(request, told)
    return redirect("claimants-typing", pk=pk, photo=photo) if told.left else redirect("claimants", pk=pk)


def _say(request: HttpRequest, told: list_typing.TakenIn) -> None:
    written = told.written
    if written.added or written.changed:
        messages.success(request, f"新增{written.added}人，更改{written.changed}人。")
    if written.unchanged:
        messages.info(request, f"{written.unchanged}人已在名单里，内容相同，没有改动。")
    if told.left:
        messages.warning(request, f"还有{told.left}行没有记入，原因写在行里，改好后再点“记入名单”。")


def _draft(request: HttpRequest) -> Draft:
    """The table as it was sent: the columns side by side, and with each row the names of its unsure cells."""
    post = request.POST
    columns = [post.getlist(name) for name in COLUMNS]
    unsure = post.getlist("unsure")
    rows = [
        TypedRow(
            **{name: text.strip() for name, text in zip(COLUMNS, cells, strict=True)},
            unsure=[
                name for name in (unsure[place] if place < len(unsure) else "").split(",") if name in COLUMNS
            ],
        )
        for place, cells in enumerate(zip(*columns, strict=False))
    ]
    return Draft(rows, post.get("source", ""), post.get("stated", "").strip()[:20])


def _show(request: HttpRequest, photo: ListPhoto, draft: Draft, refusal: str = "") -> HttpResponse:
    clue, group = photo.clue, group_of(photo.clue)
    photos = list(clue.list_photos.order_by("pk").values_list("pk", flat=True))
    empty = [TypedRow()] * max(_READY - len(draft.rows), 1)
    context: dict[str, Any] = {
        "clue": clue,
        "photo": photo,
        "photos": photos,
        "place": photos.index(photo.pk) + 1,
        "columns": COLUMNS.items(),
        "rows": [_row(one) for one in [*draft.rows, *empty]],
        "typed": len(draft.rows),
        "draft": draft,
        "sides": [(str(side), side.label) for side in SIDES],
        "known": {one.source.value: one.fen for one in group.sums},
        "people": group.people,
        "may_read": list_ocr.available() and photo.reading_asked_at is None and not draft.rows,
        "reading": list_ocr.is_reading(photo, clock.now())
        and not draft.rows
        and "by_hand" not in request.GET,
        "refusal": refusal,
        "most": list_typing.MOST_ROWS,
    }
    return render(request, "bureau/clue_typing.html", context, status=422 if refusal else 200)


def _row(row: TypedRow) -> dict[str, Any]:
    cells = [(name, title, getattr(row, name), name in row.unsure) for name, title in COLUMNS.items()]
    return {"cells": cells, "unsure": ",".join(row.unsure), "problem": row.problem}


def _photo(request: HttpRequest, pk: int, photo: int) -> ListPhoto:
    user = user_of(request)
    clue: Clue = or_404(visible_clue(user, pk))
    if not (reaches(user, access.HANDLE, clue) or reaches(user, access.IMPORT, clue)):
        raise PermissionDenied
    return or_404(clue.list_photos.select_related("clue").filter(pk=photo).first())
