"""A package being made, and the finished one: for whoever asked for it alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.dossier import making, redacting
from anxin.dossier.keeping import KEPT
from anxin.dossier.models import EvidencePackage
from anxin.kernel.refusal import Refused
from anxin.web import clock
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of

_KIB = 1024


@page(access.HANDLE, access.DECIDE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, or where to fetch it."""
    package = own_or_404(request, pk)
    subject = making.subject_of(package)
    context = {
        "package": package,
        "what": subject.what,
        "back": _back(package),
        "redactable": redacting.possible(subject),
        "whom": redacting.named(package.taken_out),
        "kib": -(-package.size // _KIB),
        "until": package.finished_at + KEPT if package.finished_at else None,
    }
    return render(request, "bureau/evidence_package.html", context)


@page(access.HANDLE, access.DECIDE)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Polled while the worker makes it; has the page fetched again when it has ended."""
    package = own_or_404(request, pk)
    if not package.busy:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "parts/evidence_progress.html", {"package": package})


@page(access.HANDLE, access.DECIDE)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The finished file; the journal says that it was fetched."""
    package = own_or_404(request, pk)
    if package.state != EvidencePackage.State.DONE:
        raise Http404
    try:
        data = making.fetch(package, by=user_of(request), now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("evidence-package", pk=pk)
    return handed_out(data, package.filename, plain="evidence")


def own_or_404(request: HttpRequest, pk: int) -> EvidencePackage:
    """The package for whoever asked for it; it does not exist for anybody else."""
    package = making.find(pk)
    if package is None or package.asked_by_id != user_of(request).pk:
        raise Http404
    return package


def _back(package: EvidencePackage) -> str:
    """The page from which it was asked for."""
    if package.matter is not None:
        return reverse("matter-evidence", args=[package.matter.pk])
    if package.project is not None:
        return reverse("project-evidence", args=[package.project.pk, package.month])
    if package.claimant is not None:
        return reverse("claimant-evidence", args=[package.claimant.clue.pk, package.claimant.pk])
    assert package.worker is not None
    return reverse("worker-evidence", args=[package.worker.pk])
