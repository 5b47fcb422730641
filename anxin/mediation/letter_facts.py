"""What the letters and papers of a matter begin with where it is a legal aid, or gives an agreement its force."""

from __future__ import annotations

from typing import Any

from anxin.casework.models import Matter
from anxin.mediation.agreeing import employer_data, worker_data
from anxin.mediation.models import Agreement, AidRequest, MediationCase
from anxin.mediation.sealed import plain


def known(matter: Matter) -> dict[str, Any]:
    """By field name of the templates; four queries at most. Registered with ``letters.sources``."""
    look = {"legal_aid": _of_aid, "mediation_force": _of_force}.get(matter.procedure)
    return look(matter) if look else {}


def _of_aid(matter: Matter) -> dict[str, Any]:
    """Who asked for legal aid, when, for what; the applicant is whom its letters are about."""
    asked = AidRequest.objects.filter(matter=matter).first()
    if asked is None:
        return {}
    return {
        "applicant": plain(asked.name),
        "applicant_phone": plain(asked.phone),
        "applied_on": asked.asked_on.isoformat(),
        "about": asked.about if asked.about.endswith("。") else f"{asked.about}。",
    }


def _of_force(matter: Matter) -> dict[str, Any]:
    """Both sides and the agreement of the mediation that is followed.

    Of several workers only what they have in common: each applies with a paper of the own.
    """
    if matter.follows_id is None:
        return {}
    case = (
        MediationCase.objects.filter(matter=matter.follows_id).select_related("body", "matter__lead").first()
    )
    if case is None:
        return {}
    found = employer_data(case) | {
        "employer_mail": case.employer_address,
        "organisation": case.body.name if case.body else case.matter.lead.name,
    }
    agreement = case.agreements.filter(withdrawn_at__isnull=True, effective_on__isnull=False).first()
    return found | (_of_agreement(case, agreement) if agreement else {})


def _of_agreement(case: MediationCase, agreement: Agreement) -> dict[str, Any]:
    shares = list(agreement.shares.select_related("party", "document").order_by("party__number"))
    names = "、".join(plain(one.party.name) for one in shares)
    found: dict[str, Any] = {
        "agreed_on": agreement.effective_on,
        "applicants": f"{names}、{case.employer_name}",
    }
    if len(shares) == 1:
        only = shares[0]
        found |= worker_data(only.party) | {"amount": only.total_fen}
        found["agreement_number"] = only.document.number if only.document else ""
    return found
