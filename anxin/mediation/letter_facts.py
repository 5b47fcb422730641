"""What a request for legal aid tells the letters of its matter: who asked, when, for what. The applicant is whom they are about."""

from __future__ import annotations

from typing import Any

from anxin.casework.models import Matter
from anxin.mediation.models import AidRequest
from anxin.mediation.sealed import plain


def known(matter: Matter) -> dict[str, Any]:
    """By field name of the templates, for matters of legal aid; one query."""
    if matter.procedure != "legal_aid":
        return {}
    asked = AidRequest.objects.filter(matter=matter).first()
    if asked is None:
        return {}
    return {
        "applicant": plain(asked.name),
        "applicant_phone": plain(asked.phone),
        "applied_on": asked.asked_on.isoformat(),
        "about": asked.about if asked.about.endswith("。") else f"{asked.about}。",
    }
