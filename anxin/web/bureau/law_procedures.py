"""法规与期限 · 办事程序: the procedures of the law as diagrams, with their steps, papers and clocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from anxin.evidence.workbooks import Column, table_workbook
from anxin.law import Law, UnknownKey
from anxin.law.diagrams import svg
from anxin.law.procedures import Clock, Procedure, Transition
from anxin.law.statutes import Reference
from anxin.letters.origins import origin
from anxin.local_law import queries
from anxin.web import clock, lists
from anxin.web.policy import page, user_of


@dataclass(frozen=True)
class StepRow:
    """One step in the words of the office."""

    name: str
    from_: str
    to: str
    by: str
    papers: str
    articles: str
    note: str


@dataclass(frozen=True)
class ClockRow:
    """One clock of a procedure: the period, what starts and meets it, what follows when it is missed."""

    parameter: str
    name: str
    starts: str
    met_by: str
    gates: str
    missed: str


@page()
def listing(request: HttpRequest) -> HttpResponse:
    """All procedures with their purpose."""
    law = queries.current()
    text = request.GET.get("text", "").strip()
    found = [one for one in law.procedures() if text in f"{one.name}{one.purpose}{one.begins}"]
    return render(request, "bureau/law_procedures.html", {"procedures": found, "text": text})


@page()
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One procedure: the diagram, then its steps, its clocks and its papers."""
    law = queries.current()
    procedure = _procedure(law, key)
    context = {
        "procedure": procedure,
        # drawn by our own code from checked tables; every label is escaped there
        "diagram": mark_safe(svg(procedure)),
        "articles": [law.cite_reference(reference) for reference in procedure.references],
        "steps": [_step(law, procedure, step) for step in procedure.transitions],
        "clocks": [_clock(law, procedure, one) for one in procedure.clocks],
        "papers": [law.document(key) for key in procedure.documents],
        "origins": [(law.document(key), origin(key, law)) for key in procedure.documents_used()],
    }
    return render(request, "bureau/law_procedure.html", context)


@page()
def export(request: HttpRequest, key: str) -> HttpResponse:
    """The steps of one procedure as a table."""
    law = queries.current()
    procedure = _procedure(law, key)
    columns = (
        Column("步骤"), Column("由"), Column("到"), Column("谁办理"), Column("须附文书"), Column("条款"), Column("说明"),
    )  # fmt: skip
    rows = [
        [row.name, row.from_, row.to, row.by, row.papers, row.articles, row.note]
        for row in (_step(law, procedure, step) for step in procedure.transitions)
    ]
    today = clock.today()
    subtitle = f"填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook(procedure.name, subtitle, columns, rows), procedure.name, today
    )


def _procedure(law: Law, key: str) -> Procedure:
    try:
        return law.procedure(key)
    except UnknownKey as problem:
        raise Http404(str(problem)) from None


def _step(law: Law, procedure: Procedure, step: Transition) -> StepRow:
    papers = [law.document(key).name for key in step.documents]
    papers += ["或".join(law.document(key).name for key in group) for group in step.any_of]
    return StepRow(
        name=step.name,
        from_="、".join(procedure.state(key).name for key in step.from_),
        to=procedure.state(step.to).name,
        by="、".join(law.body(key).name for key in step.by),
        papers="、".join(papers),
        articles=_articles(law, step.references),
        note=step.note,
    )


def _clock(law: Law, procedure: Procedure, one: Clock) -> ClockRow:
    parameter = law.parameter(one.parameter)
    counting = parameter.counting
    starts = _names(procedure, one.starts) or (counting.starts_on if counting else "")
    return ClockRow(
        parameter=one.parameter,
        name=parameter.name,
        starts=f"向前倒数，自“{one.counts_back_from}”" if one.counts_back_from else starts,
        met_by=_names(procedure, one.met_by),
        gates=_names(procedure, one.gates),
        missed=one.missed.says if one.missed else "",
    )


def _names(procedure: Procedure, steps: Iterable[str]) -> str:
    return "、".join("立案（开始）" if key == "open" else procedure.transition(key).name for key in steps)


def _articles(law: Law, references: Iterable[Reference]) -> str:
    return "；".join(law.cite_reference(reference) for reference in references)
