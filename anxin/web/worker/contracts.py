"""我的合同: what waits for a signature, what was signed, and what the roster of each site says."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.contracts.access import worker_contracts
from anxin.web.worker.policy import worker_page
from anxin.web.worker.signing import TO_SIGN
from anxin.workforce.models import Worker
from anxin.workforce.queries_own import own_phone, own_sites


@worker_page()
def listing(request: HttpRequest, worker: Worker) -> HttpResponse:
    mine = list(worker_contracts(worker).select_related("project", "employer").order_by("-pk"))
    context = {
        "waiting": [one for one in mine if one.state in TO_SIGN],
        "kept": [one for one in mine if one.state not in TO_SIGN],
        "sites": own_sites(worker),
        "phone": own_phone(worker),
    }
    return render(request, "worker/contracts.html", context)
