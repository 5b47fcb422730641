"""清偿责任: who owes, who pays first up to how much, the chain as a picture, branches, and what is to be shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.money import format_yuan
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.law.liability import Branch, Plan, Step, plan_sentence, step_sentence
from anxin.law.liability.telling import PAPERS, branch_title, cap_words, cited_words, recourse_sentence
from anxin.liability import services
from anxin.liability.kinds import KINDS, PLAIN, PROJECT, FactKind
from anxin.liability.models import LiabilityFact
from anxin.liability.queries import PartyRow, Settlement, find_fact, kinds_of, settlement_plan
from anxin.local_law import queries as local_law
from anxin.registry.models import Project
from anxin.web import clock, lists
from anxin.web.bureau.projects import project_or_404, registrable_or_404, render_part
from anxin.web.forms import ConsoleForm, DateField
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

#: claims that fit into the form
_CLAIMS = 3


@dataclass(frozen=True)
class StepRow:
    """One step as the page shows it."""

    step: Step
    says: str
    cap: str
    articles: str
    recourse: str
    papers: Sequence[str]


@dataclass(frozen=True)
class BranchRow:
    """One branch as the page shows it."""

    title: str
    branch: Branch
    steps: Sequence[StepRow]


@dataclass
class Node:
    """One box of the chain."""

    row: PartyRow
    #: how it came by its work, in words; empty for the owner
    link: str = ""
    owed_fen: int = 0
    people: int = 0
    #: (words, style)
    marks: list[tuple[str, str]] = field(default_factory=list)
    pays: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class FactGroup:
    """What is recorded about one party, and what else can be."""

    row: PartyRow | None
    facts: Sequence[tuple[LiabilityFact, FactKind, str]]
    kinds: Sequence[FactKind]


@page(access.VIEW)
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    project, law = project_or_404(request, pk), local_law.current()
    found = settlement_plan(project, _day(request), clock.now(), law)
    context: dict[str, Any] = {
        "found": found,
        "on": found.as_of,
        "today": clock.today(),
        "sentence": plan_sentence(found.plan) if found.plan else found.problem,
        "groups": _groups(found),
        "outsiders": KINDS["above"],
    }
    if found.plan:
        context |= {
            "tree": _tree(found, found.plan),
            "branches": [_branch(branch, law) for branch in found.plan.branches],
            "undecided": found.plan.undecided,
            "papers": _papers(found.plan),
            "gap_fen": max(branch.outcome.gap for branch in found.plan.branches),
        }
    return render_part(request, "bureau/project_liability.html", project, "project-liability", context)


@page(access.VIEW)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Every step of every branch as a workbook."""
    project, law, today = project_or_404(request, pk), local_law.current(), clock.today()
    found = settlement_plan(project, _day(request), clock.now(), law)
    columns = (
        Column("情形", "text", 40),
        Column("次序", "number", 6),
        Column("责任人", "text", 26),
        Column("方式", "text", 12),
        Column("依据", "text", 50),
        Column("上限（元）", "yuan", 16),
        Column("最多可要求（元）", "yuan", 16),
        Column("支付（元）", "yuan", 16),
        Column("支付后缺口（元）", "yuan", 16),
        Column("追偿", "text", 36),
        Column("要备齐的材料", "text", 50),
    )
    rows = [
        [
            branch.title,
            number,
            row.step.payer,
            row.step.manner,
            row.articles,
            row.step.cap,
            row.step.up_to,
            row.step.amount,
            row.step.gap_after,
            row.recourse,
            "、".join(row.papers),
        ]
        for branch in ([_branch(one, law) for one in found.plan.branches] if found.plan else [])
        for number, row in enumerate(branch.steps, start=1)
    ]
    office = lists.office_of(user_of(request))
    subtitle = f"填报单位：{office}　项目：{project.name}（{project.code}）　截至：{found.as_of}　导出日期：{today}　金额单位：元"
    data = table_workbook("清偿责任次序", subtitle, columns, rows)
    return lists.workbook_response(data, f"{project.name}清偿责任次序", today)


@page(access.IMPORT, methods=("GET", "POST"))
def record(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Record or correct one fact; ``?subject=`` names whom it is about."""
    project, found = registrable_or_404(request, pk), KINDS.get(kind)
    if found is None:
        raise Http404
    subject = (request.POST.get("subject") or request.GET.get("subject") or "")[:120]
    form = FactForm(request.POST or None, kind=found, initial=_initial(project, found, subject))
    if request.method == "POST" and form.is_valid():
        user = user_of(request)
        try:
            services.record_fact(
                project,
                kind=kind,
                subject=form.cleaned_data.get("subject", ""),
                status=form.cleaned_data["status"],
                claims=form.claims(),
                document=form.cleaned_data["document"],
                since=form.cleaned_data["since"],
                actor=access.actor(user),
                now=clock.now(),
            )
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, f"已登记“{found.title}”，清偿次序已按它重新计算。")
            return redirect("project-liability", pk=project.pk)
    context = {
        "form": form,
        "title": f"登记{found.title}",
        "project": project,
        "back": reverse("project-liability", args=[project.pk]),
    }
    return render(request, "bureau/register.html", context, status=422 if form.errors else 200)


@page(access.IMPORT, methods=("POST",))
def withdraw(request: HttpRequest, pk: int, fact: int) -> HttpResponse:
    project = registrable_or_404(request, pk)
    found = or_404(find_fact(project, fact))
    try:
        services.withdraw_fact(found, actor=access.actor(user_of(request)), now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已撤回这条记录，清偿次序已重新计算。")
    return redirect("project-liability", pk=project.pk)


class FactForm(ConsoleForm):
    """One fact: what is said, by whom, on what paper, since when."""

    subject = forms.CharField(label="哪个单位或者个人", max_length=120)
    status = forms.ChoiceField(label="查明情况", choices=LiabilityFact.Status.choices)
    document = forms.CharField(
        label="凭据",
        max_length=200,
        required=False,
        help_text="已查明的写明依据什么材料；有争议或者未查明的写明什么材料能定。",
    )
    since = DateField(label="从哪天起")

    field_order = ["subject", "status", *(f"{p}_{n}" for n in range(1, _CLAIMS + 1) for p in ("value", "by"))]

    def __init__(self, *args: Any, kind: FactKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind.about == PROJECT:
            del self.fields["subject"]
        if kind.key in PLAIN:
            self.fields["status"].choices = LiabilityFact.Status.choices[:1]  # type: ignore[attr-defined]
        for number in range(1, 2 if kind.key in PLAIN else _CLAIMS + 1):
            self._add_claim(kind, number)
        self.order_fields(self.field_order)

    def _add_claim(self, kind: FactKind, number: int) -> None:
        from anxin.web.forms import dress

        title = kind.title if number == 1 else f"第{'一二三'[number - 1]}种说法"
        required, hint = number == 1, kind.hint if number == 1 else ""
        value: forms.Field
        if kind.choices:
            blank = [] if required else [("", "没有")]
            choices = [*blank, *((one, one) for one in kind.choices)]
            value = forms.ChoiceField(label=title, choices=choices, required=required, help_text=hint)
        else:
            value = forms.CharField(label=title, max_length=200, required=required, help_text=hint)
        by = forms.CharField(
            label="谁主张" if number == 1 else f"第{'一二三'[number - 1]}种说法是谁主张的",
            max_length=60,
            required=False,
            help_text="有争议时填写。" if number == 1 else "",
        )
        for name, one in ((f"value_{number}", value), (f"by_{number}", by)):
            dress(one)
            self.fields[name] = one

    def claims(self) -> list[tuple[str, str]]:
        """What is said and by whom."""
        data = self.cleaned_data
        numbers = [number for number in range(1, _CLAIMS + 1) if f"value_{number}" in self.fields]
        return [(data[f"value_{n}"], data[f"by_{n}"]) for n in numbers if data[f"value_{n}"]]


def _initial(project: Project, kind: FactKind, subject: str) -> dict[str, Any]:
    values: dict[str, Any] = {"subject": subject, "since": clock.today()}
    old = (
        LiabilityFact.objects.filter(
            project=project, subject=subject, kind=kind.key, superseded_at__isnull=True
        )
        .order_by("-since")
        .first()
    )
    if old is not None:
        values |= {"status": old.status, "document": old.document, "since": old.since}
        for number, claim in enumerate(old.claims, start=1):
            values |= {f"value_{number}": claim["value"], f"by_{number}": claim["by"]}
    return values


def _day(request: HttpRequest) -> dt.date:
    """The day asked for; today where none or nonsense is given, and never a day to come."""
    try:
        return min(dt.date.fromisoformat(request.GET.get("on", "")), clock.today())
    except ValueError:
        return clock.today()


def _branch(branch: Branch, law: Law) -> BranchRow:
    steps = [
        StepRow(
            step,
            step_sentence(step),
            cap_words(step),
            cited_words(law, step),
            recourse_sentence(step),
            PAPERS[step.rank],
        )
        for step in branch.outcome.steps
    ]
    return BranchRow(branch_title(branch), branch, steps)


def _papers(plan: Plan) -> list[str]:
    """What has to be got for the payers of any branch, each once."""
    steps = [step for branch in plan.branches for step in branch.outcome.steps if step.amount]
    return list(dict.fromkeys(paper for step in steps for paper in PAPERS[step.rank]))


def _groups(found: Settlement) -> list[FactGroup]:
    owing = {item["用人"] for item in found.document["拖欠"]}
    groups = []
    for row in (None, *found.parties):
        name = row.name if row else ""
        facts = [
            (fact, KINDS[fact.kind], " / ".join(_claim(KINDS[fact.kind], claim) for claim in fact.claims))
            for fact in found.facts
            if fact.subject == name
        ]
        kinds = kinds_of(row, owes=name in owing)
        if row and not row.above:
            kinds = [KINDS["means"], *([kind for kind in kinds if kind.about == "employer"])]
        groups.append(FactGroup(row, facts, kinds))
    return groups


def _claim(kind: FactKind, claim: dict[str, str]) -> str:
    said = kind.say(claim["value"])
    return f"{said}（{claim['by']}）" if claim["by"] else said


def _tree(found: Settlement, plan: Plan) -> Node | None:
    nodes = {row.name: Node(row) for row in found.parties}
    single = plan.branches[0].outcome if len(plan.branches) == 1 else None
    for party in plan.case.parties:
        node = nodes[party.name]
        node.marks = _marks(party)
        if party.above:
            node.link = "、".join(str(way.value) for way in party.link.alternatives)
        if party.above in nodes:
            nodes[party.above].children.append(node)
        for step in single.steps if single else ():
            if (
                step.amount
                and step.payer.startswith(party.name)
                and step.payer[len(party.name) :] in _OWN_SUMS
            ):
                node.pays.append(f"{step.manner} {format_yuan(step.amount)}")
    for item in plan.case.arrears:
        node = nodes[item.employer]
        node.people += item.workers
        node.owed_fen += max(way.value for way in item.amount.alternatives)
    return nodes.get(plan.case.owner)


#: a payer is the party itself, or a sum that bears its name
_OWN_SUMS = ("", "的工资专用账户", "的工资保证金")


def _marks(party: Any) -> list[tuple[str, str]]:
    """What makes a box stand out: an unusual form or standing, no money, an open fact."""
    marks = []
    for fact, plain in ((party.form, "单位"), (party.standing, "正常")):
        words = "、".join(way.words for way in fact.alternatives)
        if fact.is_open:
            marks.append((f"{words}：待定", "mark-wait"))
        elif words != plain:
            marks.append((words, ""))
    if party.means.is_open:
        marks.append(("付款能力待定", "mark-wait"))
    elif party.means.alternatives[0].value is not None:
        marks.append((party.means.alternatives[0].words, "mark-bad"))
    return marks
