"""签合同: choose people of a roster, fill in once what all share, and make up to a thousand contracts; and how far it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.contracts import drafting, expiring, model_texts, telling
from anxin.contracts.access import clerk_batches, clerk_contracts, clerk_texts
from anxin.contracts.models import Contract, ContractBatch
from anxin.contracts.queries import by_state, present, progress, with_contract
from anxin.contracts.tasks import make_batch_task
from anxin.contracts.terms import own_rows
from anxin.contracts.texts import MODEL_NAME, model, newest
from anxin.kernel.refusal import Refused
from anxin.registry.access import own_employers
from anxin.registry.models import Employer, Project
from anxin.web import clock, lists
from anxin.web.employer.scope import own_projects, project_or_404
from anxin.web.forms import ConsoleForm, DateField
from anxin.web.found import or_404
from anxin.web.policy import page, user_of
from anxin.workforce.models import Enrolment

_Kind = ContractBatch.Kind
_SHARED = ("employer_address", "employer_head", "employer_phone", "worker_address", "place", "task", "hours", "insurance", "safety")  # fmt: skip
_DEFAULTS = ("trade", "pay_way", "pay_rate", "pay_day")


class TermsForm(ConsoleForm):
    """What all contracts share, and what goes in where the roster says nothing."""

    text = forms.TypedChoiceField(label="合同文本", coerce=int, required=False, empty_value=None)
    begins_on = DateField(
        label="开始日期",
        required=False,
        help_text="不填：新签从进场日期起，续订从原合同到期的次日起，变更不改期限。",
    )
    ends_on = DateField(
        label="终止日期", required=False, help_text="不填：以完成工作任务为期限；变更不改期限。"
    )
    task = forms.CharField(label="工作任务", max_length=200, required=False)
    place = forms.CharField(label="工作地点", max_length=200)
    employer_address = forms.CharField(label="单位住所", max_length=200)
    employer_head = forms.CharField(label="法定代表人（负责人）", max_length=60)
    employer_phone = forms.CharField(label="单位联系电话", max_length=30, required=False)
    worker_address = forms.CharField(
        label="工人住址", max_length=200, help_text="花名册里没有住址，请写工人现在住的地方，例如工地宿舍。"
    )
    hours = forms.CharField(
        label="工作时间和休息休假", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    insurance = forms.CharField(label="社会保险", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    safety = forms.CharField(
        label="劳动保护和职业危害防护", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    trade = forms.CharField(label="花名册没写工种的，写", max_length=40, required=False)
    pay_way = forms.ChoiceField(
        label="花名册没写工资的，按",
        required=False,
        choices=[("", "不填"), ("day", "按日计酬"), ("month", "按月计酬"), ("piece", "按量计酬")],
    )
    pay_rate = forms.CharField(
        label="标准",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "每日300元"}),
    )
    pay_day = forms.IntegerField(
        label="没有约定发薪日的，每月几日", min_value=1, max_value=31, required=False
    )
    send = forms.BooleanField(label="生成后直接发给本人", required=False, initial=True)

    def __init__(self, *args: Any, texts: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", MODEL_NAME), *((one.pk, f"{one}（{one.sort}）") for one in texts)]
        self.fields["text"].choices = choices  # type: ignore[attr-defined]


@page(access.EMPLOYER, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    project, employer = _site(request, asked)
    if project is None or employer is None:
        projects = own_projects(user).order_by("name")
        return render(request, "employer/contract_site.html", {"projects": projects})
    kind = asked.get("kind") if asked.get("kind") in _Kind.values else _Kind.NEW.value
    rows = _people(project, employer, kind)
    own = clerk_texts(user).filter(employer=employer)
    texts = {one.pk: one for one in newest([*model_texts.in_use(project.region_id), *own])}
    initial = _start(project, employer)
    form = TermsForm(
        request.POST if request.method == "POST" else None, initial=initial, texts=list(texts.values())
    )
    if request.method == "GET" and asked.get("running") and kind == _Kind.RENEWAL:
        picked = {row.pk for row in rows if row.worker_id in _running(request, project, employer)}
    else:
        picked = {int(one) for one in asked.getlist("ids") if lists.whole_number(one)}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        shared = {name: data[name] for name in (*_SHARED, *_DEFAULTS)}
        try:
            started = drafting.start_batch(
                employer=employer, project=project, enrolments=picked, shared=shared, begins_on=data["begins_on"],
                ends_on=data["ends_on"], text=texts.get(data["text"]), send=data["send"], user=user, now=clock.now(), kind=kind or _Kind.NEW,
            )  # fmt: skip
            make_batch_task.enqueue(started.batch.pk)
            if started.left_out:
                messages.info(request, f"有{started.left_out}人已有合同或者正在签，没有再生成。")
            return redirect("employer:contract-batch", pk=started.batch.pk)
        except Refused as refusal:
            form.refuse(refusal.sentence, refusal.field)
    context = {
        "project": project, "employer": employer, "form": form, "kind": kind, "kinds": _Kind.choices, "rows": rows,
        "picked": picked, "most": drafting.MOST,
    }  # fmt: skip
    return render(request, "employer/contract_new.html", context, status=422 if form.is_bound else 200)


def _site(request: HttpRequest, asked: Any) -> tuple[Project | None, Employer | None]:
    """The project asked for, and for which of the own employers: the one that has people there."""
    user, pk = user_of(request), lists.whole_number(asked.get("project"))
    if pk is None:
        return None, None
    project = project_or_404(user, pk)
    employers = own_employers(user).filter(participations__project=project).distinct().order_by("pk")
    if wanted := lists.whole_number(asked.get("employer")):
        employers = employers.filter(pk=wanted)
    employer = or_404(employers.first())
    return project, employer


def _people(project: Project, employer: Employer, kind: str | None) -> list[Enrolment]:
    """Whom the action is for: on site without a contract here, or with one in force; by name within the team."""
    today = clock.today()
    held = Contract.objects.filter(project=project, employer=employer, state__in=[*Contract.OPEN, "in_force"])
    rows: QuerySet[Enrolment] = own_rows(project, employer).filter(pk__in=present(today).values("pk"))
    if kind == _Kind.NEW:
        rows = rows.exclude(worker__in=held.values("worker"))
    else:
        mine = held.filter(state="in_force")
        if kind == _Kind.CHANGE:
            mine = mine.exclude(ends_on__lt=today)
        rows = rows.filter(worker__in=mine.values("worker"))
        rows = rows.exclude(worker__in=held.exclude(state="in_force").values("worker"))
    return list(
        with_contract(rows, today).select_related("worker").order_by("team", "worker__name", "pk")[: drafting.MOST]
    )  # fmt: skip


def _running(request: HttpRequest, project: Project, employer: Employer) -> set[int]:
    """Workers of this site whose contract has run out or will soon."""
    mine = clerk_contracts(user_of(request)).filter(project=project, employer=employer)
    return set(expiring.running_out(mine, clock.today()).values_list("worker_id", flat=True))


def _start(project: Project, employer: Employer) -> dict[str, Any]:
    """What the last action of this employer said, else the wording of the model."""
    last = ContractBatch.objects.filter(employer=employer).order_by("-pk").first()
    fields = model().fields
    start = {name: fields[name].example for name in ("hours", "insurance", "safety")}
    start |= {
        "place": project.site_address or project.name,
        "task": f"{project.name}施工任务",
        "pay_day": project.pay_day,
    }
    if last is not None:
        kept = {name: last.terms.get(name) for name in _SHARED if last.terms.get(name)}
        if last.project_id != project.pk:
            kept = {
                name: value for name, value in kept.items() if name not in ("place", "task", "worker_address")
            }
        start |= kept
    return start


@page(access.EMPLOYER)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one action has come: it goes on while nobody looks."""
    found = (
        clerk_batches(user_of(request)).select_related("project", "employer", "text").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    done, everybody = progress(found)
    context = {
        "batch": found,
        "done": done,
        "all": everybody,
        "counts": by_state(found.contracts.all()),
        "told": telling.counted(found.contracts.all()),
        "failed": found.contracts.filter(state="failed").select_related("worker").order_by("pk")[:100],
        "model_name": MODEL_NAME,
    }
    return render(request, "employer/contract_batch.html", context)
