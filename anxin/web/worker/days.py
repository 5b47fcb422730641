"""我的出勤: a month as a calendar; each day opens, and one touch says that it is wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.agency import queries as agency
from anxin.agency import services
from anxin.agency.models import Channel, Objection, RunLine
from anxin.agency.models_words import WorkerWord
from anxin.agency.words import words_to_days
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project
from anxin.web import clock
from anxin.web.found import or_404
from anxin.web.worker.policy import worker_page
from anxin.workforce.models import Worker
from anxin.workforce.queries_own import own_month, own_months, own_sites
from anxin.workforce.signin import worker_actor

#: one touch each: what may be wrong with a day that is not recorded, recorded in part, recorded whole
_MISSING = ("我干了一天，没有记上", "我干了半天，没有记上")
_PART = ("我干了一整天", "我没有来，不用记")
_WHOLE = ("我只干了半天", "我没有来，不用记", "上下班时间不对")
DOUBTS = frozenset((*_MISSING, *_PART, *_WHOLE))


@dataclass(frozen=True)
class CalendarDay:
    """One square of the calendar. ``share`` is empty where nothing is recorded."""

    day: dt.date
    share: Decimal
    disputed: bool
    to_come: bool


@dataclass(frozen=True)
class Doubt:
    """What the worker has said about a day, and what was answered."""

    says: str
    waiting: bool
    answer: str


@worker_page()
def month(request: HttpRequest, worker: Worker, month: str = "") -> HttpResponse:
    """One month over all sites, as weeks."""
    wanted = _month(month) if month else Month.of(clock.today())
    record = own_month(worker, wanted)
    shares: dict[dt.date, Decimal] = {}
    for one in record.days:
        shares[one.day] = shares.get(one.day, Decimal()) + one.share
    disputed = {day for _, day in _doubts(worker, wanted)}
    days = [
        CalendarDay(
            day=wanted.day(number),
            share=shares.get(wanted.day(number), Decimal()),
            disputed=wanted.day(number) in disputed,
            to_come=wanted.day(number) > clock.today(),
        )
        for number in range(1, wanted.days + 1)
    ]
    context = {
        "month": wanted,
        "record": record,
        "blanks": range(wanted.first_day.weekday()),
        "days": days,
        "before": wanted.plus(-1),
        "after": wanted.plus(1) if wanted < Month.of(clock.today()) else None,
        "months": own_months(worker),
    }
    return render(request, "worker/month.html", context)


@worker_page(methods=("GET", "POST"))
def day(request: HttpRequest, worker: Worker, day: str) -> HttpResponse:
    """One day: what is recorded at which site, and what the worker says to it."""
    wanted = _day(day)
    sites = {site.project.pk: site.project for site in own_sites(worker)}
    refusal = ""
    if request.method == "POST":
        project = or_404(sites.get(_whole(request.POST.get("project"))))
        try:
            _contest(worker, project, wanted, _says(request))
            return redirect("worker:day", day=day)
        except Refused as refused:
            refusal = refused.sentence
    record = [one for one in own_month(worker, Month.of(wanted)).days if one.day == wanted]
    said = {pk: doubt for (pk, on), doubt in _doubts(worker, Month.of(wanted)).items() if on == wanted}
    worked = {one.project.pk: one.share for one in record}
    order = sorted(sites.values(), key=lambda site: (site.pk not in worked, site.name))
    context = {
        "day": wanted,
        "month": Month.of(wanted),
        "rows": [
            (site, worked.get(site.pk), said.get(site.pk), _doubtful(worked.get(site.pk))) for site in order
        ],
        "to_come": wanted > clock.today(),
        "refusal": refusal,
    }
    return render(request, "worker/day.html", context, status=422 if refusal else 200)


def _doubtful(share: Decimal | None) -> tuple[str, ...]:
    if not share:
        return _MISSING
    return _WHOLE if share >= 1 else _PART


def _contest(worker: Worker, project: Project, day: dt.date, says: str) -> None:
    """To the line of a payroll that the worker has been shown, else to the attendance itself."""
    actor, now = worker_actor(worker), clock.now()
    line = _line(worker, project, day)
    if line is not None:
        services.contest_day(line, day, says=says, channel=Channel.OWN_PHONE, actor=actor, now=now)
    else:
        services.contest_attendance(project, day, worker=worker, says=says, actor=actor, now=now)


def _line(worker: Worker, project: Project, day: dt.date) -> RunLine | None:
    lines = agency.worker_lines(worker.pk).filter(run__project=project, run__month=str(Month.of(day)))
    return lines.first()


def _doubts(worker: Worker, month: Month) -> dict[tuple[int, dt.date], Doubt]:
    """(project id, day) → the last doubt, whichever way it was said."""
    found = {
        key: Doubt(word.says, word.state == WorkerWord.State.OPEN, word.answer)
        for key, word in words_to_days(worker, month).items()
    }
    objections = Objection.objects.filter(
        line__in=agency.worker_lines(worker.pk).filter(run__month=str(month)), day__isnull=False
    ).select_related("line__run")
    for one in objections.order_by("id"):
        waiting = one.state == Objection.State.OPEN
        found[one.line.run.project_id, one.day] = Doubt(one.says, waiting, one.answer)  # type: ignore[index]
    return found


def _says(request: HttpRequest) -> str:
    touched = request.POST.get("doubt", "")
    typed = request.POST.get("says", "").strip()[:300]
    return "；".join([touched if touched in DOUBTS else "", typed]).strip("；")


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise Http404 from None


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) <= 18 else 0
