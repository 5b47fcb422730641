"""我的合同: at which sites I am registered, for whom, at which wage, and whether a contract is on file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.web.worker.policy import worker_page
from anxin.workforce.models import Worker
from anxin.workforce.queries_own import own_phone, own_sites


@worker_page()
def listing(request: HttpRequest, worker: Worker) -> HttpResponse:
    return render(request, "worker/contracts.html", {"sites": own_sites(worker), "phone": own_phone(worker)})
