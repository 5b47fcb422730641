"""我的工资: what a worker asks first, answered in sentences: how many days, how much, paid where."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.contracts.access import worker_contracts
from anxin.kernel.months import Month
from anxin.letters import worker_portal
from anxin.mediation import own_papers
from anxin.web import clock
from anxin.web.worker.policy import worker_page
from anxin.web.worker.signing import TO_SIGN
from anxin.web.worker.wages import own_wages
from anxin.workforce.models import Worker
from anxin.workforce.queries_own import own_month, own_sites

#: a word is asked for wages as old as this; older ones may be spoken to, but nobody is reminded of them
_ASKED_MONTHS = 2


@worker_page()
def home(request: HttpRequest, worker: Worker) -> HttpResponse:
    month = Month.of(clock.today())
    wages = own_wages(worker)
    context = {
        "worker": worker,
        "month": month,
        "days": own_month(worker, month),
        "wage": wages[0] if wages else None,
        "to_answer": sum(wage.to_answer for wage in wages if wage.month >= str(month.plus(-_ASKED_MONTHS))),
        "sites": own_sites(worker),
        "mediated": own_papers.of_worker(worker.id_hash).count(),
        "new_letters": worker_portal.unread(worker),
        "to_sign": worker_contracts(worker).filter(state__in=TO_SIGN).count(),
    }
    return render(request, "worker/home.html", context)
