"""人员查询: one person over all visible sites, found by ID number, printable on one page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.funds.queries import paid_by_line
from anxin.payroll.queries import worker_wages
from anxin.web import clock
from anxin.web.bureau.searching import find_person
from anxin.web.found import or_404
from anxin.web.policy import page, user_of
from anxin.workforce import queries
from anxin.workforce.access import visible_workers
from anxin.workforce.queries_gates import shared_days


@page(access.VIEW, methods=("GET", "POST"))
def find(request: HttpRequest) -> HttpResponse:
    """The search page; the number is sent by POST."""
    if request.method == "POST":
        return find_person(request, request.POST.get("id_number", ""))
    return render(request, "bureau/workers.html")


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the person works and worked, what was promised each month, and what has arrived."""
    user = user_of(request)
    worker = or_404(queries.visible_worker(user, pk))
    wages = worker_wages(worker, user)
    paid = paid_by_line([row.line_id for row in wages])
    rows = []
    promised = arrived = 0
    for row in wages:
        got = paid[row.line_id].paid_fen if row.line_id in paid else 0
        rows.append((row, got, max(row.net_fen - got, 0), paid.get(row.line_id)))
        promised, arrived = promised + row.net_fen, arrived + min(got, row.net_fen)
    context = {
        "worker": worker,
        "person": queries.shown(worker),
        "sites": queries.worker_sites(worker, user),
        "shared_days": shared_days(worker, user),
        "wages": rows,
        "promised": promised,
        "arrived": arrived,
        "owed": promised - arrived,
        "may_unmask": visible_workers(user, access.UNMASK).filter(pk=worker.pk).exists(),
        "today": clock.today(),
    }
    return render(request, "bureau/worker.html", context)
