"""收到的文书: letters that a body put before the own employer; opening one is kept and journalled."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.evidence import files
from anxin.evidence.workbooks import Column
from anxin.kernel.refusal import Refused
from anxin.letters import portal
from anxin.letters.life import State
from anxin.letters.queries import kind_name
from anxin.letters.sealing import filename
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of

_PAGE, _EXPORTED = 50, 20_000


@page(access.EMPLOYER)
def listing(request: HttpRequest) -> HttpResponse:
    found = portal.received(user_of(request)).order_by("-pk")
    if (after := lists.whole_number(request.GET.get("after"))) is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: _PAGE + 1])
    context = {
        "rows": [
            (one, kind_name(one.letter.kind), one.letter.state == State.REPLACED) for one in rows[:_PAGE]
        ],
        "next_key": rows[_PAGE - 1].pk if len(rows) > _PAGE else None,
    }
    return render(request, "employer/letters.html", context)


@page(access.EMPLOYER)
def export(request: HttpRequest) -> HttpResponse:
    columns = (
        Column("文书", "text", 24), Column("文号", "text", 24), Column("发文单位", "text", 30), Column("收文单位", "text", 30),
        Column("送达日", "date", 12), Column("首次打开", "date", 12), Column("谁打开", "text", 12), Column("打开次数", "number", 10),
    )  # fmt: skip
    rows = [
        [
            kind_name(one.letter.kind), one.letter.number, one.letter.office.name, one.employer.name, one.service.served_on,
            clock.local(one.first_opened_at).date() if one.first_opened_at else None, one.first_opened_by_name, one.times_opened,
        ]
        for one in portal.received(user_of(request)).order_by("-pk")[:_EXPORTED]
    ]  # fmt: skip
    return lists.table_response(request, "收到的文书", columns, rows)


@page(access.EMPLOYER, methods=("POST",))
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """申请纸质文书 of a letter of the own employer."""
    copy = or_404(portal.received(user_of(request)).filter(pk=pk).first())
    try:
        portal.ask_paper(copy, by=user_of(request), now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已申请纸质文书，由{copy.letter.office}交付或者寄给本单位。送达日不变。")
    return redirect("employer:letters")


@page(access.EMPLOYER, methods=("POST",))
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The sealed letter, by a press of a button: a page that is fetched ahead opens nothing."""
    copy = portal.received(user_of(request)).filter(pk=pk).first()
    if copy is None or copy.letter.sealed_file is None:
        raise Http404
    try:
        data = files.read(copy.letter.sealed_file)
    except files.FileDamaged:
        messages.error(request, "文书的文件暂时读不出来，请联系发文单位。")
        return redirect("employer:letters")
    portal.opened(copy, by=user_of(request), now=clock.now())
    response = handed_out(data, filename(copy.letter), show=True, plain="letter")
    response["Cache-Control"] = "no-store"
    return response
