"""Whom an award gives money, for the payments that are recorded after it."""

from __future__ import annotations

from django.db.models import Sum

from anxin.arbitration.aftermath import PROCEDURE
from anxin.arbitration.models import Applicant
from anxin.casework.models import Matter
from anxin.referral import payees
from anxin.referral.payees import Payee, claimant_key


def awarded(matter: Matter) -> list[Payee]:
    """The applicants whom the award of this matter gives something, each with the sum of it; one query."""
    of_it = Applicant.objects.filter(claims__finding__award__after=matter)
    rows = of_it.annotate(owed=Sum("claims__finding__owed_fen")).filter(owed__gt=0)
    return [
        Payee(
            claimant_key(one.claimant_id) if one.claimant_id else f"a{one.pk}", one.number, one.name,
            one.claimant_id, one.owed,
        )
        for one in rows.order_by("number")
    ]  # fmt: skip


def register() -> None:
    """Called once when the application starts."""
    payees.register(PROCEDURE, awarded)
