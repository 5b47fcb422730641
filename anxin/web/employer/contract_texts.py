"""合同文本: the model text to read, and an employer's own in versions, held against the law before they may be used."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.contracts import model_texts
from anxin.contracts.access import clerk_texts
from anxin.contracts.texts import MODEL_NAME, model_words, newest, placeholders, save_text
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.registry.access import own_employers
from anxin.web import clock, lists
from anxin.web.policy import page, user_of


@page(access.EMPLOYER)
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    texts = newest(clerk_texts(user).select_related("employer"))
    models = newest(model_texts.of_clerk(user).select_related("region"))
    return render(
        request, "employer/contract_texts.html", {"texts": [*models, *texts], "model_name": MODEL_NAME}
    )


@page(access.EMPLOYER)
def export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("名称"),
        Column("版本", "number", 8),
        Column("单位"),
        Column("保存人", "text", 12),
        Column("保存日期", "date", 12),
    )
    rows = [
        [one.name, one.version, str(one.employer), one.made_by_name, clock.local(one.made_at).date()]
        for one in clerk_texts(user).select_related("employer").order_by("name", "-version")
    ]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook("合同文本", subtitle, columns, rows), "合同文本", today)


@page(access.EMPLOYER, methods=("GET", "POST"))
def edit(request: HttpRequest) -> HttpResponse:
    """A new text from the model, or the next version of one's own (``?text=``)."""
    user = user_of(request)
    employers = list(own_employers(user).order_by("pk"))
    if not employers:
        raise Http404
    pk = lists.whole_number(request.GET.get("text"))
    usable = clerk_texts(user) | model_texts.of_clerk(user)
    start = usable.filter(pk=pk).first() if pk else None
    name, body = (start.name, start.body) if start else ("", model_words())
    problems: list[str] = []
    if request.method == "POST":
        name, body = request.POST.get("name", ""), request.POST.get("body", "")
        wanted = lists.whole_number(request.POST.get("employer"))
        employer = next((one for one in employers if one.pk == wanted), employers[0])
        try:
            saved = save_text(employer, name=name, body=body, user=user, now=clock.now())
            messages.success(request, f"已保存{saved}，签合同时可以选用。")
            return redirect("employer:contract-texts")
        except Refused as refusal:
            problems = refusal.sentence.split("\n")
    context = {
        "name": name, "body": body, "employers": employers, "employer_choices": [(one.pk, one.name) for one in employers], "problems": problems, "placeholders": placeholders(),
        "chosen": start.employer_id if start else None,
    }  # fmt: skip
    return render(request, "employer/contract_text.html", context, status=422 if problems else 200)
