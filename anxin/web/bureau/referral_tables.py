"""分派表和结论目录: what holds, every version, a new one proposed as a workbook, and the second person's signature."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.doors import MB
from anxin.kernel.refusal import Refused
from anxin.local_law import access as law_access
from anxin.local_law import queries as local_law
from anxin.referral import routing, signing, table_words, tables
from anxin.referral.models import SignedTable
from anxin.registry.access import regions_within
from anxin.web import clock, lists, receiving
from anxin.web.bureau.ledger_shown import shown
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

TITLES = dict(SignedTable.Sort.choices)
_MOST_VERSIONS = 100
_DONE = {
    "sign": "已签署，自生效日起按它办理。",
    "refuse": "已记录不同意和原因。",
    "withdraw": "已撤回。",
}
#: blanks of a conclusion's wording, filled in when it is used
_BLANKS = {"debtor": "谁欠", "people": "人数", "amount": "金额", "paid": "已付多少"}


@page(access.VIEW, access.LAW)
def table(request: HttpRequest, sort: str) -> HttpResponse:
    """What holds today for a place, and the versions."""
    return _page(request, _sort(sort))


@page(access.VIEW, access.LAW)
def export(request: HttpRequest, sort: str) -> HttpResponse:
    """The table that holds, or one version, as the workbook that is changed and proposed."""
    law, today = local_law.current(), clock.today()
    number = lists.whole_number(request.GET.get("version"))
    held = tables.of_record(_find(sort, number)) if number else _held(request, _sort(sort))
    data = table_words.workbook(sort, held.entries, title=held.title, source=held.source, on=today, law=law)
    return lists.workbook_response(data, TITLES[sort], today)


@page(access.LAW, methods=("POST",))
def propose(request: HttpRequest, sort: str) -> HttpResponse:
    """Take a workbook as a proposal; what cannot be used comes back with row and column."""
    post, user, law = request.POST, user_of(request), local_law.current()
    door = receiving.tables("表", "请核对是否选错了文件", most=2 * MB)
    try:
        sent = receiving.chosen(request, "file", door, "请选择改好的表（.xlsx）。")
        record = signing.propose_table(
            sort=_sort(sort),
            region=post.get("region", ""),
            valid_from=day_of(post.get("valid_from", "")),
            entries=table_words.read(sort, sent.data, sent.name, law),
            source_title=post.get("source_title", ""),
            source_number=post.get("source_number", ""),
            note=post.get("note", ""),
            by=user,
            now=clock.now(),
            law=law,
        )
    except Refused as refusal:
        return _page(request, sort, refusal=str(refusal))
    messages.success(request, "已提出，等另一位同事签署后生效。")
    return redirect("referral-version", sort=sort, pk=record.pk)


@page(access.VIEW, access.LAW)
def version(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """One version with its rows, what it changes, and what this person may do with it."""
    return _version_page(request, _find(sort, pk))


@page(access.LAW, methods=("POST",))
def act(request: HttpRequest, sort: str, pk: int, action: str) -> HttpResponse:
    """Sign, refuse or withdraw. What the service refuses stands on the page."""
    record, user, now = _find(sort, pk), user_of(request), clock.now()
    if action not in _DONE:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        if action == "sign":
            signing.sign(record, by=user, now=now, law=local_law.current())
        elif action == "refuse":
            signing.refuse(record, reason=reason, by=user, now=now)
        else:
            signing.withdraw(record, reason=reason, by=user, now=now)
    except Refused as refusal:
        return _version_page(request, _find(sort, pk), refusal=str(refusal))
    messages.success(request, _DONE[action])
    return redirect("referral-version", sort=sort, pk=pk)


def _page(request: HttpRequest, sort: str, *, refusal: str = "") -> HttpResponse:
    user, law, held = user_of(request), local_law.current(), _held(request, sort)
    versions = SignedTable.objects.filter(sort=sort).order_by("-pk")[:_MOST_VERSIONS]
    context = {
        "tab": _tab(sort),
        "sort": sort,
        "title": TITLES[sort],
        "held": held,
        **_shown(sort, held.entries, law),
        "preview": shown(request, held.layout) if sort == SignedTable.Sort.LEDGER else None,
        "versions": versions,
        "regions": regions_within(user, access.VIEW) | regions_within(user, access.LAW),
        "region": request.GET.get("region", ""),
        "own": own_regions(user),
        "may_propose": access.may(user, access.LAW),
        "typed": request.POST,
        "refusal": refusal,
        "today": clock.today(),
    }
    return render(request, "bureau/referral_table.html", context, status=422 if refusal else 200)


def _version_page(request: HttpRequest, record: SignedTable, *, refusal: str = "") -> HttpResponse:
    law, user = local_law.current(), user_of(request)
    before = tables.in_force(record.sort, region=record.region, on=record.valid_from)
    own = record.proposed_by == access.actor(user).key
    decides = law_access.may_decide(user, record.region)
    actions: set[str] = set()
    if record.is_open:
        actions = {"withdraw"} if own else ({"sign", "refuse"} if decides else set())
    elif record.is_in_force and decides:
        actions = {"withdraw"}
    context: dict[str, Any] = {
        "tab": _tab(record.sort),
        "sort": record.sort,
        "title": TITLES[record.sort],
        "record": record,
        **_shown(record.sort, record.entries, law),
        "changes": _changes(before.entries, record.entries) if record.is_open else None,
        "before": before,
        "preview": shown(request, tables.of_record(record).layout)
        if record.sort == SignedTable.Sort.LEDGER
        else None,
        "own": own and record.is_open,
        "actions": actions,
        "refusal": refusal,
        "typed": request.POST.get("reason", ""),
    }
    return render(request, "bureau/referral_version.html", context, status=422 if refusal else 200)


def _shown(sort: str, entries: Any, law: Any) -> dict[str, Any]:
    """Rows as the page shows them: of the routing table only the conditions and answers that a row names."""
    shown = table_words.columns(sort, law)[1:]
    if sort != SignedTable.Sort.ROUTING:
        heads = [column.title for column in shown]
        cells = [[_filled(table_words.said(column, entry)) for column in shown] for entry in entries]
    else:
        heads = ["什么样的线索", "定了什么"]
        cells = [_told(entry, shown) for entry in entries]
    rows = [
        (entry["name"], list(zip(heads, row, strict=True))) for entry, row in zip(entries, cells, strict=True)
    ]
    return {"heads": [table_words.columns(sort, law)[0].title, *heads], "rows": rows}


def _filled(words: str) -> str:
    """Wording with its blanks as a person reads them; the workbook keeps the names that are filled in."""
    for name, title in _BLANKS.items():
        words = words.replace(f"{{{name}}}", f"〔{title}〕")
    return words


def _told(entry: Any, columns: Any) -> list[str]:
    """Conditions and answers of one row in words."""
    conditions = {"region", *routing.CONDITIONS}
    named = [(column, table_words.said(column, entry)) for column in columns if entry.get(column.field)]
    wanted = [f"{column.title}：{words}" for column, words in named if column.field in conditions]
    given = [f"{column.title}：{words}" for column, words in named if column.field not in conditions]
    return ["；".join(wanted) or "所有线索", "；".join(given)]


def _changes(before: Any, after: Any) -> list[tuple[str, str]]:
    """``(what, row)`` by the names of rows: added, changed, left out, moved."""
    old, new = ({_row_name(entry): entry for entry in entries} for entries in (before, after))
    found = [("新增", name) for name in new if name not in old]
    found += [("有改动", name) for name in new if name in old and new[name] != old[name]]
    found += [("删去", name) for name in old if name not in new]
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old]:
        found.append(("改了先后", "各行的顺序与现行的表不同"))
    return found


def _row_name(entry: Any) -> str:
    """What tells rows apart: the name, for columns of the ledger with the heading above it."""
    return f"{entry['group']} {entry['name']}" if entry.get("group") else str(entry["name"])


def _held(request: HttpRequest, sort: str) -> tables.Held:
    """What holds today for the place asked about: chosen on the page, else the person's own."""
    return tables.held_for(user_of(request), sort, request.GET.get("region", ""), clock.today())


def _tab(sort: str) -> str:
    """The ledger itself is a tab of its own."""
    return "layout" if sort == SignedTable.Sort.LEDGER else sort


def own_regions(user: User) -> list[tuple[str, str]]:
    """Places this person may propose for."""
    codes = law_access.own_regions(user)
    found = [("", "全部地区")] if "" in codes else []
    return found + [(place.code, place.name) for place in regions_within(user, access.LAW)]


def _sort(sort: str) -> str:
    if sort not in TITLES:
        raise Http404
    return sort


def _find(sort: str, pk: int) -> SignedTable:
    return or_404(SignedTable.objects.filter(sort=_sort(sort), pk=pk).first())


def day_of(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused("请填写生效日，例如 2027-01-01。", field="valid_from") from None
