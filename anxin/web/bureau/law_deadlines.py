"""法规与期限 · 期限计算: work out a due date, see its steps and the days it was counted over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from anxin.kernel.refusal import Refused
from anxin.law import Deadline, Extension, Law, LawError, Pause, Restart
from anxin.law.deadlines import parts_of
from anxin.law.service import FAMILIES, Service, with_service
from anxin.law.words import word
from anxin.local_law import queries
from anxin.web import clock, lists
from anxin.web.bureau.due_calendar import drawn
from anxin.web.bureau.law_place import place_asked, places_offered
from anxin.web.bureau.law_values import can_be_reckoned
from anxin.web.policy import page, user_of

PAUSES = 3
#: of what makes no sense, so much is repeated
_SHOWN = 20


@dataclass
class Typed:
    """What stands in the form, as typed: it comes back unchanged beside the answer or the refusal."""

    key: str = ""
    start: str = ""
    region: str = ""
    extend: str = ""
    restart: str = ""
    part: str = ""
    only_for: str = ""
    manner: str = ""
    family: str = "inspection"
    pauses: list[tuple[str, str]] = field(default_factory=list)


@page()
def reckon(request: HttpRequest) -> HttpResponse:
    """The form and, once a period and a day are chosen, the answer; every answer has its own address."""
    law = queries.current()
    place = place_asked(request, user_of(request))
    typed = _typed(request.GET, place.code)
    parts = _parts(law, typed)
    if typed.part not in dict(parts):
        typed.part = ""  # left over from the period chosen before
    context: dict[str, Any] = {
        "typed": typed,
        "region_name": place.name,
        "region_typed": place.typed,
        "places": places_offered(),
        "periods": periods(law),
        "families": list(FAMILIES.items()),
        "manners": law.manners(),
        "pauses": [*typed.pauses, *[("", "")] * (PAUSES - len(typed.pauses))],
        "cases": _cases(law, typed),
        "parts": parts,
    }
    if place.problem:
        context["refusal"] = place.problem.partition("；")[0] + "。"
    elif typed.key and typed.start:
        try:
            deadline = answer(law, typed)
        except (LawError, Refused) as problem:
            context["refusal"] = str(problem)
        else:
            context |= {
                "deadline": deadline,
                "months": drawn(law, deadline, _pauses(typed)),
                "today": clock.today(),
            }
    return render(request, "bureau/law_deadline.html", context)


def periods(law: Law) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that can be counted, by subject: (subject, [(key, name)])."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for key in law.keys():  # noqa: SIM118
        parameter = law.parameter(key)
        if not can_be_reckoned(parameter):
            continue
        subject = law.subjects.get(key.split(".")[0], "")
        grouped.setdefault(subject, []).append((key, parameter.name))
    return list(grouped.items())


def answer(law: Law, typed: Typed) -> Deadline:
    """The due date of what was typed. Raises :class:`LawError` or :class:`Refused` with a sentence."""
    start: dt.date | dt.datetime = _moment(typed.start, "起算日期")
    service: Service | None = None
    if typed.manner:
        day = start.date() if isinstance(start, dt.datetime) else start
        service = law.served_on(typed.manner, day, typed.family, typed.region)
        start = service.served_on
    deadline = law.deadline(
        typed.key,
        start,
        typed.region,
        pauses=_pauses(typed),
        extensions=[Extension(_amount(typed.extend))] if typed.extend else (),
        restarts=[Restart(_day(typed.restart, "重新起算日期"))] if typed.restart else (),
        part=typed.part,
        only_for=typed.only_for,
    )
    return with_service(deadline, service) if service else deadline


def _typed(get: QueryDict, region: str) -> Typed:
    ends = zip(get.getlist("pause_from"), get.getlist("pause_to"), strict=False)
    return Typed(
        key=get.get("key", "").strip(),
        start=get.get("start", "").strip(),
        region=region,
        extend=get.get("extend", "").strip(),
        restart=get.get("restart", "").strip(),
        part=get.get("part", "").strip(),
        only_for=get.get("only_for", "").strip(),
        manner=get.get("manner", "").strip(),
        family=get.get("family", "inspection").strip(),
        pauses=[(first.strip(), last.strip()) for first, last in ends if first.strip() or last.strip()][
            :PAUSES
        ],
    )


def _cases(law: Law, typed: Typed) -> list[str]:
    """Cases that some place treats apart, for the chosen period and place."""
    try:
        parameter = law.parameter(typed.key)
    except LawError:
        return []
    values = [v for code, vs in parameter.local_values.items() if typed.region.startswith(code) for v in vs]
    return sorted({value.only_for for value in values if value.only_for})


def _parts(law: Law, typed: Typed) -> list[tuple[str, str]]:
    """The lengths of a provision that has several, with their words, for the chosen period and place."""
    try:
        parameter = law.parameter(typed.key)
    except LawError:
        return []
    local = [v for code, vs in parameter.local_values.items() if typed.region.startswith(code) for v in vs]
    names = dict.fromkeys(name for one in [*parameter.values, *local] for name in parts_of(one.value))
    return [(name, word(name)) for name in names]


def _pauses(typed: Typed) -> list[Pause]:
    return [Pause(_day(first, "中止开始日"), _day(last, "中止结束日")) for first, last in typed.pauses]


def _day(text: str, what: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{what}“{text}”不对，应形如 2026-10-09。") from None


def _moment(text: str, what: str) -> dt.date | dt.datetime:
    if "T" not in text and " " not in text:
        return _day(text, what)
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise Refused(f"{what}“{text}”不对，应形如 2026-10-09 或 2026-10-09T15:30。") from None


def _amount(text: str) -> int:
    number = lists.whole_number(text)
    if not number:
        raise Refused(f"延长的长度“{text[:_SHOWN]}”不对，应为正整数。")
    return number
