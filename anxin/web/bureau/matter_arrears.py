"""逐人核实欠薪: everybody on the lists behind a case with what each side says, and what the inspector finds of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework.access import acts_on
from anxin.casework.models import Matter
from anxin.clues.masking import opened
from anxin.enforcement import finding, inspection
from anxin.enforcement.exports import found_workbook
from anxin.enforcement.finding import CHANGED, KEEP, OPEN, STRUCK, Ruling
from anxin.enforcement.listed import SOURCES, Listed, listed, sums
from anxin.kernel.masking import mask_name
from anxin.kernel.money import MoneyError, format_yuan, parse_yuan
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.bureau.matters import find_matter
from anxin.web.policy import page, user_of

#: people of one page: five fields each, well below what one form may send
_PAGE = 50
_PARTS = {"": "全部", "open": "未核实", "struck": "划去"}


@page(access.HANDLE, access.DECIDE)
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.HANDLE, access.DECIDE)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as a workbook, names masked."""
    matter, today = _find(request, pk), clock.today()
    data = found_workbook(matter, listed(matter), on=today, office=lists.office_of(user_of(request)))
    return lists.workbook_response(data, f"欠薪逐人核实表_{matter.number}_", today)


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Save what was found on this page, take one side's word of the rest, or register all of it."""
    if what not in _ACTS:
        raise Http404
    matter = _find(request, pk)
    try:
        said = _ACTS[what](request, matter, user_of(request), clock.now())
    except (Refused, MoneyError) as refusal:
        return _show(request, matter, str(refusal), what)
    messages.success(request, said)
    if what == "register":
        return redirect("matter-inspection", pk=pk)
    kept = {name: value for name in ("part", "after") if (value := request.POST.get(name, ""))}
    return redirect(f"{reverse('matter-arrears', args=[pk])}{'?' if kept else ''}{urlencode(kept)}")


def _save(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> str:
    number = finding.rule(matter, _rulings(request), by=user, now=now)
    return f"已保存{number}人的核实结果。" if number else "没有改动。"


def _rest(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> str:
    post = request.POST
    months = lists.whole_number(post.get("rest_months", "").strip())
    number = finding.rule_rest(matter, post.get("rest_source", ""), months, by=user, now=now)
    return f"已按“{SOURCES[post['rest_source']]}”认定{number}人。"


def _register(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> str:
    made = finding.register(matter, by=user, now=now)
    return f"查明的欠薪已登记：{made.people}人，合计{format_yuan(made.total_fen)}。"


_ACTS: dict[str, Callable[[HttpRequest, Matter, User, dt.datetime], str]] = {
    "save": _save,
    "rest": _rest,
    "register": _register,
}


def _rulings(request: HttpRequest) -> list[Ruling]:
    """The form's rows; sums as typed are read for those that need one only."""
    post, found = request.POST, []
    for key in post.getlist("person"):
        choice = post.get(f"choice-{key}", OPEN)
        try:
            fen = parse_yuan(post.get(f"fen-{key}", "")) if choice == CHANGED else None
        except MoneyError as error:
            raise Refused(f"{post.get(f'number-{key}', '')}号：{error}", field=f"fen-{key}") from None
        months = lists.whole_number(post.get(f"months-{key}", "").strip())
        found.append(Ruling(key, choice, months, fen, post.get(f"why-{key}", "")))
    return found


def _find(request: HttpRequest, pk: int) -> Matter:
    """The case, for who works on it: a list shows who complained."""
    matter, user = find_matter(request, pk), user_of(request)
    if matter.procedure not in inspection.HELPED:
        raise Http404
    if not any(acts_on(user, one, matter) for one in (access.HANDLE, access.DECIDE)):
        raise PermissionDenied
    return matter


def _show(request: HttpRequest, matter: Matter, refusal: str = "", where: str = "") -> HttpResponse:
    people = listed(matter)
    asked = request.POST if refusal else request.GET
    part = asked.get("part", "")
    part = part if part in _PARTS else ""
    chosen = _of_part(people, part)
    start = lists.whole_number(asked.get("after")) or 0
    shown = chosen[start : start + _PAGE]
    heard = [one.source for one in sums(people)]
    typed = request.POST if where == "save" else {}
    owed = [one.found for one in people if one.found is not None and one.found.fen]
    context: dict[str, Any] = {
        "matter": matter,
        "acts": matter.closed_on is None,
        "rows": [_row(one, heard, typed) for one in shown],
        "columns": [SOURCES[source] for source in heard],
        "sums": sums(people),
        "people": len(people),
        "parts": [(key, title, len(_of_part(people, key))) for key, title in _PARTS.items()],
        "part": part,
        "after": start,
        "next_key": start + _PAGE if len(chosen) > start + _PAGE else None,
        "owed": {"people": len(owed), "fen": sum(one.fen for one in owed)},
        "open": len(_of_part(people, "open")),
        "struck": len(_of_part(people, "struck")),
        "sides": [(source, SOURCES[source]) for source in heard],
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/matter_arrears.html", context, status=422 if refusal else 200)


def _of_part(people: Sequence[Listed], part: str) -> list[Listed]:
    if part == "open":
        return [one for one in people if one.found is None]
    if part == "struck":
        return [one for one in people if one.found is not None and one.found.verdict == STRUCK]
    return list(people)


def _row(one: Listed, heard: Sequence[str], typed: Any) -> dict[str, Any]:
    """A person as the page shows them: what each side says, and the fields filled with what was typed or found."""
    found, key = one.found, one.key
    options = [(f"{source}:{fen}", f"{SOURCES[source]} {format_yuan(fen)}") for source in heard
               if (fen := one.said.get(source, 0)) > 0]  # fmt: skip
    choice = OPEN
    if found is not None:
        choice = f"{found.source}:{found.fen}" if found.source else str(found.verdict)
        if found.source and choice not in dict(options):
            choice = KEEP
            options.insert(0, (KEEP, f"维持 {format_yuan(found.fen)}（{SOURCES[found.source]}后来另有说法）"))
    months = found.months if found is not None else one.months
    filled = {
        "choice": choice,
        "months": "" if months is None or choice == STRUCK else str(months),
        "fen": format_yuan(found.fen).lstrip("¥") if found is not None and choice == CHANGED else "",
        "why": found.why if found is not None else "",
    }
    return {
        "key": key,
        "number": one.number,
        "list_name": one.list_name,
        "name": mask_name(opened(one.name)),
        "trade": one.trade,
        "said": [(SOURCES[source], one.said.get(source)) for source in heard],
        "differs": len(set(one.said.values())) > 1,
        "proved": one.proved,
        "options": [(OPEN, "还没有核实"), *options, (CHANGED, "核定为其他金额"), (STRUCK, "划去，不认定")],
        "found": found,
        "words": finding.words_of(one),
        "brought": one.brought,
        **{name: typed.get(f"{name}-{key}", value) for name, value in filled.items()},
    }
