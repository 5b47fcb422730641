"""What the papers that give an agreement its force begin with: both sides and the agreement of the mediation that is followed."""

from __future__ import annotations

from typing import Any

from anxin.casework.models import Matter
from anxin.mediation.agreeing import employer_data, worker_data
from anxin.mediation.models import Agreement, MediationCase
from anxin.mediation.sealed import plain

_FORCE = "mediation_force"


def known(matter: Matter) -> dict[str, Any]:
    """By field name of the templates, for matters of ``mediation_force``; four queries. Registered with ``letters.sources``.

    Of several workers only what they have in common: each applies with a paper of the own.
    """
    if matter.procedure != _FORCE or matter.follows_id is None:
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
