"""Instalments recorded as paid, offered as proof of the money of the clue that the mediation came from."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from anxin.casework.models import Matter
from anxin.clues.models import Clue
from anxin.evidence.sealing import Sealed
from anxin.mediation.models import Payment
from anxin.mediation.sealed import plain
from anxin.referral import offers
from anxin.referral.models import Recovered
from anxin.referral.offers import Offer


def payments(clue: Clue, chain: Sequence[Matter]) -> list[Offer]:
    """Payments that stand in a mediation of the chain or of the clue, and are not counted for it; one query."""
    case = "instalment__share__agreement__case__"
    about = Q(**{f"{case}matter__in": [one.pk for one in chain]}) | Q(**{f"{case}clue": clue})
    rows = Payment.objects.filter(
        about, Q(recovered__isnull=True) | Q(recovered__withdrawn_at__isnull=False), withdrawn_at__isnull=True
    )
    read = (
        "instalment__share__agreement__case__matter",
        "instalment__share__party__claimant",
        "receipt",
        "document",
    )
    return [_offer(one) for one in rows.select_related(*read).order_by("paid_on", "pk")]


def _offer(one: Payment) -> Offer:
    party, held = one.instalment.share.party, one.instalment.share.agreement.case
    said: object = one.said
    return Offer(
        f"mediation:{one.pk}", f"调解协议第{one.instalment.number}期，{one.get_proof_display()}", ("mediation", held.pk),
        plain(party.name), party.claimant, one.amount_fen, one.paid_on, one.proof, receipt=one.receipt,
        document=one.document, said=said if isinstance(said, Sealed) else None,
    )  # fmt: skip


def _adopted(number: int, row: Recovered) -> None:
    """Taken back there, it is taken back here."""
    Payment.objects.filter(pk=number).update(recovered=row)


def register() -> None:
    """Called once when the application starts."""
    offers.register("mediation", offers.Source(payments, _adopted))
