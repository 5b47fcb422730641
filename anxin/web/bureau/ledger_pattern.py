"""台账 in the bureau's own workbook: given, its headings read, each given to a field of ours by a person, proposed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing as tokens
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.evidence import doors, files
from anxin.evidence.models import StoredFile
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.referral import signing
from anxin.referral.ledger_fields import BLANKS, FIELDS, LEFT
from anxin.referral.ledger_layout import Layout, read_layout
from anxin.referral.ledger_pattern import Pattern, Recognised, readable, recognise
from anxin.referral.routing import TableProblem
from anxin.web import clock, lists, receiving
from anxin.web.bureau.ledger_layout import SORT
from anxin.web.bureau.ledger_shown import place_of, shown, workbook
from anxin.web.bureau.referral_tables import day_of, own_regions
from anxin.web.bureau.statistics import span_of
from anxin.web.policy import page, user_of

_DOOR = receiving.tables("台账表样", "请只留表头、一行样例和签字栏", most=2 * doors.MB)
#: the file that this page kept between two of its steps, for a working day
_SALT, _AGE = "ledger-pattern", 12 * 3600
#: a heading is kept so far
_HEADING = 30
_CHOICES = [(key, field.title) for key, field in FIELDS.items() if key not in (LEFT, *BLANKS)]


@page(access.LAW, methods=("GET", "POST"))
def pattern(request: HttpRequest) -> HttpResponse:
    """Upload, then confirm what each heading means; what is chosen is looked at, tried, or proposed."""
    if request.method != "POST":
        return _page(request, {})
    told: dict[str, Any] = {}
    try:
        stored, name = _file(request)
        told = {"token": tokens.dumps([stored.pk, name], salt=_SALT), "filename": name}
        data = files.read(stored)
        found = _recognised(request, data, name)
        told["found"], told["lines"] = found, _lines(request, found)
        wanted = request.POST.get("do", "")
        if wanted in ("", "read"):
            return _page(request, told)
        entries = _entries(found, told["lines"], name)
        layout = _layout(entries)
        if wanted == "propose":
            return _propose(request, entries, stored, found)
        if wanted == "try":
            return workbook(
                request, layout, place_of(user_of(request), span_of(request).region),
                note="还没有签署的版式，只供试看", pattern=Pattern(data, found.sheet, found.row),
            )  # fmt: skip
        told["preview"] = shown(request, layout)
    except (Refused, files.FileDamaged) as refusal:
        return _page(request, told, refusal=str(refusal))
    return _page(request, told)


def _file(request: HttpRequest) -> tuple[StoredFile, str]:
    """The file of this step: a new one, else the one that this page kept."""
    if (sent := receiving.sent(request, "file", _DOOR)) is not None:
        readable(sent.data, sent.name)  # what is no workbook is not kept
        return doors.keep_as_sent(sent.data, sent.name, now=clock.now()), sent.name
    try:
        key, name = tokens.loads(request.POST.get("kept", ""), salt=_SALT, max_age=_AGE)
    except tokens.BadSignature:
        raise Refused("请选择本局的台账表样（.xlsx）。", field="file") from None
    return StoredFile.objects.get(pk=key), name


def _is_new(request: HttpRequest) -> bool:
    return receiving.number_of(request, "file") > 0


def _recognised(request: HttpRequest, data: bytes, name: str) -> Recognised:
    """As a person says where the headings stand; on a new file as they are found."""
    if _is_new(request):
        return recognise(data, name)
    return recognise(
        data, name, sheet=request.POST.get("sheet", ""), row=lists.whole_number(request.POST.get("row"))
    )


def _lines(request: HttpRequest, found: Recognised) -> list[tuple[Any, str]]:
    """Each heading with its field: as chosen, else as proposed by its words."""
    chosen = "" if _is_new(request) else request.POST.get("read", "")
    same = chosen == f"{found.sheet}-{found.row}"
    known = {key for key, _ in _CHOICES} | {""}
    lines = []
    for head in found.headings:
        typed = request.POST.get(f"column-{head.letter}", "") if same else head.meant
        lines.append((head, typed if typed in known else ""))
    return lines


def _entries(found: Recognised, lines: list[tuple[Any, str]], name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = [
        {"name": "标题", "fills": "title", "words": (found.title or name)[:200]},
        {"name": "纸张", "fills": "paper", "words": found.paper},
    ]
    for head, field in lines:
        row = {"name": head.name[:_HEADING] or f"{head.letter}列", "fills": field or LEFT}
        entries.append({**row, "group": head.group[:_HEADING]} if head.group else row)
    return entries


def _layout(entries: list[dict[str, Any]]) -> Layout:
    try:
        return read_layout(entries)
    except TableProblem as problem:
        raise Refused(problem.sentence) from None


def _propose(
    request: HttpRequest, entries: list[dict[str, Any]], stored: StoredFile, found: Recognised
) -> HttpResponse:
    post = request.POST
    record = signing.propose_table(
        sort=SORT, region=post.get("region", ""), valid_from=day_of(post.get("valid_from", "")), entries=entries,
        source_title=post.get("source_title", ""), source_number=post.get("source_number", ""),
        note=post.get("note", ""), by=user_of(request), now=clock.now(), law=local_law.current(),
        pattern=(stored, found.sheet, found.row),
    )  # fmt: skip
    messages.success(request, "已提出，等另一位同事签署后按这份表样导出。")
    return redirect("referral-version", sort=SORT, pk=record.pk)


def _page(request: HttpRequest, told: dict[str, Any], *, refusal: str = "") -> HttpResponse:
    context = {
        "tab": "layout",
        **told,
        "choices": _CHOICES,
        "own": own_regions(user_of(request)),
        "typed": request.POST,
        "today": clock.today(),
        "refusal": refusal,
    }
    return render(request, "bureau/ledger_pattern.html", context, status=422 if refusal else 200)
