"""劳动合同: every contract with its state, many at once sent, sealed or taken back; one with its file, code and end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.contracts import acting, certificates, ending, expiring, informing, papers, telling
from anxin.contracts.access import clerk_contracts
from anxin.contracts.models import Contract, ContractTelling
from anxin.contracts.queries import by_state, present
from anxin.contracts.tasks import make_batch_task
from anxin.evidence.files import FileDamaged
from anxin.evidence.journal import record
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.signing.parties import METHOD_WORDS, Method
from anxin.web import clock, lists
from anxin.web.contract_counter import counter_page
from anxin.web.employer.scope import own_projects
from anxin.web.forms import ConsoleForm, DateField
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of
from anxin.web.site_board import public_address, qr_svg

_PAGE, _EXPORTED = 50, 20_000
_State = Contract.State
_DONE = {
    "send": "已发送{}份，工人在手机上能看到。",
    "withdraw": "已撤回{}份。",
    "retry": "正在重新生成{}份。",
    "told": "已记下当面告知{}份。",
}


class EndForm(ConsoleForm):
    """How it ends."""

    reason = forms.ChoiceField(label="原因")
    ended_on = DateField(label="解除或终止日期")
    words = forms.CharField(
        label="事实和结清工资的情况", max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, f"{one.kind}：{one.name}") for key, one in ending.reasons().items()]
        self.fields["reason"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]


@page(access.EMPLOYER)
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    found = _narrowed(request).order_by("-pk")
    if (after := lists.whole_number(request.GET.get("after"))) is not None:
        found = found.filter(pk__lt=after)
    rows = list(telling.with_telling(found).select_related("worker", "project", "batch")[: _PAGE + 1])
    context = {
        "rows": rows[:_PAGE],
        "told": telling.counted(clerk_contracts(user)),
        "untold": ContractTelling.UNTOLD,
        "next_key": rows[_PAGE - 1].pk if len(rows) > _PAGE else None,
        "counts": by_state(clerk_contracts(user)),
        "projects": [(one.pk, one.name) for one in own_projects(user).order_by("name")],
        "filters": {name: request.GET.get(name, "") for name in ("state", "project", "name")},
        "running": expiring.counted(
            expiring.running_out(clerk_contracts(user), clock.today()), clock.today()
        ),
        "narrowed": any(request.GET.get(name) for name in ("state", "project", "name")),
    }
    return render(request, "employer/contracts.html", context)


@page(access.EMPLOYER)
def export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("合同编号", "text", 20), Column("项目"), Column("姓名", "text", 12), Column("班组", "text", 14), Column("工种", "text", 12),
        Column("工资", "text", 16), Column("开始日期", "date", 12), Column("终止日期", "date", 12), Column("状态", "text", 18),
        Column("工人签署", "date", 12), Column("生效", "date", 12), Column("解除或终止", "date", 12), Column("保存至", "date", 12), Column("通知本人", "text", 24), Column("原因"),
    )  # fmt: skip
    rows = [
        [
            one.number, one.project.name, one.worker.name, one.team, one.terms.get("trade", ""), one.terms.get("pay_rate", ""),
            one.begins_on, one.ends_on, one.standing(today), _day(one.worker_signed_at), _day(one.in_force_at), one.ended_on,
            one.keep_until, telling.word(one.telling), one.reason or one.end_words,
        ]
        for one in telling.with_telling(_narrowed(request)).select_related("worker", "project").order_by("-pk")[:_EXPORTED]
    ]  # fmt: skip
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("劳动合同清单", subtitle, columns, rows), "劳动合同清单", today
    )


def _day(moment: Any) -> Any:
    return clock.local(moment).date() if moment else None


def _narrowed(request: HttpRequest) -> QuerySet[Contract]:
    found = clerk_contracts(user_of(request))
    if (state := request.GET.get("state")) == "past":
        found = found.filter(state=_State.IN_FORCE, ends_on__lt=clock.today())
    elif state == "untold":
        found = telling.untold(found)
    elif state in _State.values:
        found = found.filter(state=state)
    if project := lists.whole_number(request.GET.get("project")):
        found = found.filter(project=project)
    if name := request.GET.get("name", "").strip()[:60]:
        found = found.filter(worker__name__contains=name)
    return found


@page(access.EMPLOYER, methods=("POST",))
def act(request: HttpRequest, action: str) -> HttpResponse:
    """One action over those chosen, or over all of a state where nobody wants to tick a thousand boxes. Seals: ``contract_seal``."""
    if action not in _DONE:
        raise Http404
    user, now = user_of(request), clock.now()
    ids = _chosen(request, action)
    try:
        if action == "told":
            number = telling.told_in_person(ids, user=user, now=now)
        else:
            done = acting.act(action, ids, user=user, now=now, reason=request.POST.get("reason", ""))
            number = len(done)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("employer:contracts")
    for batch in {one.batch_id for one in done} if action == "retry" else ():
        make_batch_task.enqueue(batch)
    messages.success(request, _DONE[action].format(number))
    return redirect("employer:contracts")


def _chosen(request: HttpRequest, action: str) -> list[int]:
    """Those ticked, or the first thousand of what ``all`` names."""
    named, mine = request.POST.get("all", ""), clerk_contracts(user_of(request)).order_by("pk")
    if action == "told" and named == "untold":
        return list(telling.untold(mine).values_list("pk", flat=True)[:1000])
    if named in _State.values:
        return list(mine.filter(state=named).values_list("pk", flat=True)[:1000])
    return [int(text) for text in request.POST.getlist("ids") if lists.whole_number(text)]


@page(access.EMPLOYER, methods=("GET", "POST"))
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract; a POST ends it."""
    found = _find(request, pk)
    past = found.past_end(clock.today())
    form = EndForm(
        request.POST or None,
        initial={"ended_on": found.ends_on, "reason": "expired"} if past else {"ended_on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            ending.end_contract(found, user=user_of(request), now=clock.now(), **form.cleaned_data)
            messages.success(
                request, "已记下，合同按规定继续保存。请给本人出具解除或者终止证明，并结清工资。"
            )
            return redirect("employer:contract", pk=pk)
        except Refused as refusal:
            form.refuse(refusal.sentence, refusal.field)
    end, law = ending.reasons().get(found.end_reason), local_law.current()
    address = public_address(request, "worker:contract-scanned", found.token)
    to_sign = found.state in (_State.SENT, _State.READ)
    context = {
        "contract": found,
        "form": form,
        "past": past,
        "on_site": past
        and present(clock.today()).filter(project=found.project_id, worker=found.worker_id).exists(),
        "end": end,
        "end_articles": ending.articles(end, law) if end else "",
        "reasons": [(one, ending.articles(one, law)) for one in ending.reasons().values()],
        "tellings": found.tellings.exclude(outcome="needless").order_by("pk"),
        "keeps": ending.retention(found, found.ended_on or clock.today()),
        "judged": papers.judged(found, clock.now()) if found.worker_signed_at else (),
        "method": METHOD_WORDS[Method(found.method)] if found.method else "",
        "to_sign": to_sign,
        "qr": qr_svg(address, "工人扫码签合同") if to_sign else "",
        "address": address,
    }
    return render(request, "employer/contract.html", context, status=422 if form.is_bound else 200)


@page(access.EMPLOYER)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of the own employer's contract; every look is journalled."""
    user, found = user_of(request), _find(request, pk)
    try:
        data = papers.read(found)
    except (FileDamaged, Refused) as problem:
        messages.error(request, str(problem))
        return redirect("employer:contract", pk=pk)
    return _handed(found, user, "劳动合同", data)


@page(access.EMPLOYER)
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate that a contract has ended, to be stamped and handed to the worker that day."""
    user, found = user_of(request), _find(request, pk)
    try:
        data = certificates.certificate(found, local_law.current())
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("employer:contract", pk=pk)
    return _handed(found, user, "解除（终止）劳动合同证明", data)


@page(access.EMPLOYER)
def information(request: HttpRequest, pk: int) -> HttpResponse:
    """The record that the worker was told how an electronic contract is made."""
    user, found = user_of(request), _find(request, pk)
    try:
        data = informing.information_record(found, local_law.current())
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("employer:contract", pk=pk)
    return _handed(found, user, "电子订立告知记录", data)


def _handed(found: Contract, user: User, what: str, data: bytes) -> HttpResponse:
    record(
        actor=access.actor(user),
        action="contract.downloaded",
        object_type="contract",
        object_id=found.pk,
        summary=f"下载{what}{found.number}",
        now=clock.now(),
        after={"project_ids": [found.project_id]},
    )
    return handed_out(data, f"{what}{found.number}.pdf", plain="contract")


@page(access.EMPLOYER, methods=("GET", "POST"))
def counter(request: HttpRequest, pk: int) -> HttpResponse:
    """当面签: for whom has no phone, on a tablet, with the card and a witness."""
    return counter_page(request, _find(request, pk), back=reverse("employer:contract", args=[pk]))


def _find(request: HttpRequest, pk: int) -> Contract:
    found = (
        clerk_contracts(user_of(request))
        .select_related("worker", "project__region", "employer", "batch__text", "file", "previous")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found
