"""法规与期限 · 数值: find a value of the law, see it over time and places, and the statutes behind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.law import Law, LawError, UnknownKey, Value
from anxin.law.parameters import Parameter
from anxin.law.words import value_parts, value_words
from anxin.local_law import queries
from anxin.local_law.wording import CONFIDENCE_WORDS, KIND_WORDS
from anxin.web import clock, lists
from anxin.web.bureau.law_place import day_asked, place_asked, places_offered
from anxin.web.bureau.spans import Track, tracks
from anxin.web.policy import page, user_of

PAGE = 60
#: what a person may narrow the list to beside text, subject and kind
MARKS = (("check", "待核"), ("local", "本地有规定"), ("clock", "可计算期限"))


@dataclass(frozen=True)
class Row:
    """One parameter as it stands on a day in a place; ``said`` tells why where there is no value."""

    key: str
    name: str
    subject: str
    value: Value | None
    said: str
    words: str
    is_length: bool


@page()
def listing(request: HttpRequest) -> HttpResponse:
    """All parameters on a day in a place; the filters stay in the address."""
    law = queries.current()
    asked = Asked(request, user_of(request))
    rows = asked.rows(law)
    after = request.GET.get("after", "")
    keys = [row.key for row in rows]
    start = keys.index(after) + 1 if after in keys else 0
    shown = rows[start : start + PAGE]
    context = {
        "asked": asked,
        "rows": shown,
        "total": len(rows),
        "shown": len(shown),
        "next_key": shown[-1].key if len(rows) > start + PAGE else None,
        "subjects": list(law.subjects.items()),
        "kinds": list(KIND_WORDS.items()),
        "marks": MARKS,
        "places": places_offered(),
    }
    return render(request, "bureau/law_values.html", context)


@page()
def export(request: HttpRequest) -> HttpResponse:
    """The list as filtered, with references and confidence."""
    asked = Asked(request, user_of(request))
    columns = (
        Column("类别", "text", 18),
        Column("名称"),
        Column("键名", "text", 40),
        Column("数值"),
        Column("施行日期", "date"),
        Column("适用范围", "text", 14),
        Column("依据"),
        Column("性质", "text", 14),
        Column("可信度", "text", 16),
        Column("核对日期", "date"),
        Column("说明"),
    )
    rows = [_export_row(row) for row in asked.rows(queries.current())]
    today = clock.today()
    subtitle = (
        f"填报单位：{lists.office_of(user_of(request))}　地区：{asked.region_name}　规定日期：{asked.on}"
        f"　导出日期：{today}"
    )
    return lists.workbook_response(table_workbook("法规数值", subtitle, columns, rows), "法规数值", today)


def _export_row(row: Row) -> list[Any]:
    value = row.value
    if value is None:
        return [row.subject, row.name, row.key, row.said, None, "", "", "", "", None, ""]
    return [
        row.subject, row.name, row.key, row.words, value.from_, value.region_name or "全国", value.reference,
        KIND_WORDS[value.kind], CONFIDENCE_WORDS[value.confidence], value.checked_on, value.note,
    ]  # fmt: skip


class Asked:
    """The question in the address: text, subject, kind, mark, place and day. Nonsense counts as not asked; ``problems`` says
    so, a sentence each, where another law than the one wanted would be shown."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        get = request.GET
        self.text = get.get("text", "").strip()
        self.subject = get.get("subject", "")
        self.kind = get.get("kind", "")
        self.mark = get.get("mark", "")
        self.place = place_asked(request, user)
        self.region, self.region_name = self.place.code, self.place.name
        self.on, day_problem = day_asked(request)
        self.problems = [problem for problem in (self.place.problem, day_problem) if problem]
        self.narrowed = any((self.text, self.subject, self.kind, self.mark))

    def rows(self, law: Law) -> list[Row]:
        found = (row_of(law, key, self.on, self.region) for key in law.keys())  # noqa: SIM118
        return [row for row in found if self._wanted(row, law)]

    def _wanted(self, row: Row, law: Law) -> bool:
        parameter = law.parameter(row.key)
        if self.subject and row.key.split(".")[0] != self.subject:
            return False
        if self.kind and parameter.kind != self.kind:
            return False
        if self.mark == "check" and not (row.value is None or row.value.needs_check):
            return False
        if self.mark == "local" and not (row.value is not None and row.value.region):
            return False
        if self.mark == "clock" and not row.is_length:
            return False
        haystack = f"{row.name}{row.key}{parameter.note}{row.value.reference if row.value else ''}{row.words}"
        return all(part.lower() in haystack.lower() for part in self.text.split())


def row_of(law: Law, key: str, on: dt.date, region: str) -> Row:
    parameter = law.parameter(key)
    subject = law.subjects.get(key.split(".")[0], "")
    try:
        value = law.value(key, on, region)
    except LawError as problem:
        return Row(key, parameter.name, subject, None, str(problem), "", False)
    words = value_words(value.value, value.unit)
    return Row(key, parameter.name, subject, value, "", words, can_be_reckoned(parameter))


def can_be_reckoned(parameter: Parameter) -> bool:
    """Whether a due date can be asked for: a length of time of its own, or the pay day."""
    counting = parameter.counting
    if counting is None or parameter.type not in ("deadline", "period"):
        return parameter.key == "period_counting.pay_date_on_holiday"
    return counting.bound != "range" and not counting.extends


@page()
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One parameter: what holds here and now, its history over time and places, and what is only noted."""
    law = queries.current()
    try:
        parameter = law.parameter(key)
    except UnknownKey as problem:
        raise Http404(str(problem)) from None
    asked = Asked(request, user_of(request))
    row = row_of(law, key, asked.on, asked.region)
    found = tracks(law, key, asked.region, asked.on)
    context = {
        "parameter": parameter,
        "row": row,
        "parts": value_parts(row.value.value, row.value.unit) if row.value else [],
        "asked": asked,
        "subject": law.subjects.get(key.split(".")[0], ""),
        "kind": KIND_WORDS[parameter.kind],
        "confidence": CONFIDENCE_WORDS[row.value.confidence] if row.value else "",
        "tracks": found,
        "near": [track for track in found if _is_near(track, asked.region)],
        "used_in": [
            (procedure.key, procedure.name) for procedure in law.procedures() if key in procedure.parameters()
        ],
        "extension": law.extension_of(key),
        "may_propose": access.may(user_of(request), access.LAW),
        "places": places_offered(),
    }
    return render(request, "bureau/law_value.html", context)


def _is_near(track: Track, region: str) -> bool:
    return not track.region or region.startswith(track.region)


@page()
def statutes(request: HttpRequest) -> HttpResponse:
    """The catalogue of statutes that everything cites."""
    text = request.GET.get("text", "").strip()
    found = [one for one in queries.current().statutes() if text in f"{one.title}{one.short}{one.number}"]
    context = {"statutes": found, "text": text, "today": clock.today()}
    return render(request, "bureau/law_statutes.html", context)


@page()
def statutes_export(request: HttpRequest) -> HttpResponse:
    columns = (
        Column("名称"), Column("简称"), Column("文号"), Column("制定机关"), Column("效力级别", "text", 16),
        Column("施行日期", "date"), Column("失效日期", "date"), Column("状态"), Column("核对方式"),
    )  # fmt: skip
    rows = [
        [
            s.title,
            s.short,
            s.number,
            s.issuer,
            s.level,
            s.effective_from,
            s.effective_until,
            s.status,
            s.source,
        ]
        for s in queries.current().statutes()
    ]
    today = clock.today()
    subtitle = f"填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(table_workbook("法规目录", subtitle, columns, rows), "法规目录", today)
