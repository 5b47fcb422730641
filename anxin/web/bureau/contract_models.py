"""通用合同文本: the bureau's own model texts of its place, proposed, looked at, confirmed by a second person, and ended."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.contracts import model_texts
from anxin.contracts.models import ContractText
from anxin.contracts.texts import MODEL_NAME, model_words, placeholders
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.local_law.access import own_regions
from anxin.registry.access import regions_within
from anxin.registry.models import Region
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_PAGE = 50
#: suggestions under the region field
_REGIONS = 500


@page(access.LAW)
def listing(request: HttpRequest) -> HttpResponse:
    found = model_texts.visible(user_of(request)).select_related("region").order_by("-pk")
    if (after := lists.whole_number(request.GET.get("after"))) is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: _PAGE + 1])
    context = {
        "texts": rows[:_PAGE],
        "next_key": rows[_PAGE - 1].pk if len(rows) > _PAGE else None,
        "model_name": MODEL_NAME,
    }
    return render(request, "bureau/contract_models.html", context)


@page(access.LAW)
def export(request: HttpRequest) -> HttpResponse:
    columns = (
        Column("名称"), Column("版本", "number", 8), Column("地区"), Column("状态", "text", 10), Column("提出人", "text", 12),
        Column("提出日期", "date", 12), Column("确认人", "text", 12), Column("确认日期", "date", 12), Column("停用原因"),
    )  # fmt: skip
    rows = [
        [
            one.name, one.version, str(one.region), one.state, one.made_by_name, clock.local(one.made_at).date(),
            one.confirmed_by_name, clock.local(one.confirmed_at).date() if one.confirmed_at else None, one.withdrawn_words,
        ]
        for one in model_texts.visible(user_of(request)).select_related("region").order_by("name", "-version")
    ]  # fmt: skip
    user, today = user_of(request), clock.today()
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("通用合同文本", subtitle, columns, rows), "通用合同文本", today
    )


@page(access.LAW, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """From the shipped text, or the next version of one of the place's own (``?text=``)."""
    user = user_of(request)
    wanted = lists.whole_number(request.GET.get("text"))
    start = _found(request, wanted) if wanted else None
    regions = list(regions_within(user, access.LAW)[:_REGIONS])
    name, body = (start.name, start.body) if start else ("", model_words())
    chosen = start.region_id if start else next(iter(own_regions(user)), "")
    problems: list[str] = []
    if request.method == "POST":
        name, body = request.POST.get("name", ""), request.POST.get("body", "")
        chosen = request.POST.get("region", "")
        try:
            saved = model_texts.propose(
                _region(regions, chosen), name=name, body=body, user=user, now=clock.now()
            )
            return redirect("contract-model", pk=saved.pk)
        except Refused as refusal:
            problems = refusal.sentence.split("\n")
    context = {
        "name": name, "body": body, "problems": problems, "placeholders": placeholders(), "chosen": chosen,
        "region_choices": [(one.code, one.name) for one in regions],
    }  # fmt: skip
    return render(request, "bureau/contract_model_new.html", context, status=422 if problems else 200)


def _region(regions: list[Region], code: str) -> Region:
    found = next((one for one in regions if one.code == code), None)
    if found is None:
        raise Refused("请选择这份文本用于哪个地区。", field="region")
    return found


@page(access.LAW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _found(request, pk))


@page(access.CONFIRM_LAW, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Confirm, or end with a reason. What the service refuses stands on the page."""
    user, text = user_of(request), _found(request, pk)
    try:
        if action == "confirm":
            model_texts.confirm(text, user=user, now=clock.now())
            messages.success(request, "已确认，辖区的单位签合同时可以选用。")
        elif action == "end":
            model_texts.end(text, words=request.POST.get("words", ""), user=user, now=clock.now())
            messages.success(request, "已办好。已经用它签的合同不变。")
        else:
            raise Http404
    except Refused as refusal:
        return _shown(request, text, refusal=refusal.sentence)
    return redirect("contract-model", pk=pk)


def _found(request: HttpRequest, pk: int) -> ContractText:
    return or_404(model_texts.visible(user_of(request)).select_related("region").filter(pk=pk).first())


def _shown(request: HttpRequest, text: ContractText, refusal: str = "") -> HttpResponse:
    user = user_of(request)
    context = {
        "text": text,
        "own": text.made_by_key == access.actor(user).key,
        "may_decide": text.withdrawn_at is None and model_texts.may_decide(text, user),
        "refusal": refusal,
        "typed": request.POST.get("words", ""),
    }
    return render(request, "bureau/contract_model.html", context, status=422 if refusal else 200)
