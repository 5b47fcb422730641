"""What referral itself offers as proved: receipts of the bank that pay people of the list, receipts that workers signed, and
payments recorded after a decision or an award."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from anxin.casework.models import Matter
from anxin.clues.models import Claimant, Clue
from anxin.evidence.sealing import Sealed, plain
from anxin.kernel.money import sentence_yuan
from anxin.letters import content
from anxin.letters.models import PartyPaper
from anxin.referral import offers
from anxin.referral.claims import claims_of, particulars_of
from anxin.referral.models import MatterPayment, Recovered
from anxin.referral.offers import Offer
from anxin.referral.proofs import people_of_receipts, receipts_for
from anxin.typesetting.filling import checked
from anxin.typesetting.templates import template

_SIGNED = "worker_receipt"


def by_receipts(clue: Clue, chain: Sequence[Matter]) -> list[Offer]:
    """Receipts matched to a payroll whose payee, by ID number, is one person of the list; as much as is still owed.

    Of a clue without a list the officer says whose money it is.
    """
    receipts = receipts_for(clue)
    if not receipts:
        return []
    listed: dict[str, list[tuple[Claimant, str]]] = defaultdict(list)
    for known in particulars_of(clue):
        if known.claimant.id_hash:
            listed[known.claimant.id_hash].append((known.claimant, plain(known.name)))
    paid = people_of_receipts([one.pk for one in receipts]) if listed else {}
    fits = {
        one.pk: {person for id_hash in paid.get(one.pk, ()) for person in listed.get(id_hash, ())}
        for one in receipts
    }
    claims = (
        claims_of({claimant.pk for people in fits.values() for claimant, _ in people})
        if any(fits.values())
        else {}
    )
    found = []
    for one in receipts:
        if len(fits[one.pk]) != 1 or one.paid_on is None:
            continue
        ((claimant, name),) = fits[one.pk]
        rest = claims[claimant.pk].rest
        fen = min(one.rest_fen, rest) if rest else one.rest_fen  # type: ignore[attr-defined]
        found.append(
            Offer(
                f"receipt:{one.pk}", f"银行回单{one.reference}，对应工资表，共{sentence_yuan(one.amount_fen)}",
                ("project", one.project_id), name, claimant, fen, one.paid_on, Recovered.Proof.RECEIPT, receipt=one,
            )
        )  # fmt: skip
    return found


def by_signatures(clue: Clue, chain: Sequence[Matter]) -> list[Offer]:
    """What workers signed for in 劳动者签收单 of the matters: each person who signed, all periods of one paper together."""
    papers = PartyPaper.objects.filter(
        matter__in=[one.pk for one in chain], kind=_SIGNED, state=PartyPaper.State.DONE,
        document__withdrawn_at__isnull=True,
    ).select_related("document", "matter").prefetch_related("signers").order_by("pk")  # fmt: skip
    return [one for paper in papers for one in _of(paper)]


def _of(paper: PartyPaper) -> list[Offer]:
    read = checked(template(_SIGNED), content.values_of(paper))[0]
    signed = {_name(plain(one.name)) for one in paper.signers.all() if one.signed_at is not None}
    got: dict[str, int] = defaultdict(int)
    for row in read["received"]:
        got[_name(row["name"])] += row["amount"]
    return [
        Offer(
            f"paper:{paper.pk}:{number}", "本案里签过名的《劳动者签收单》", ("paper", paper.pk), name, None, fen,
            read["paid_on"], Recovered.Proof.DOCUMENT, document=paper.document, paper_fen=sum(got.values()),
        )
        for number, (name, fen) in enumerate(got.items(), start=1)
        if paper.by_hand or name in signed
    ]  # fmt: skip


def by_matters(clue: Clue, chain: Sequence[Matter]) -> list[Offer]:
    """Payments that stand in matters of the chain and are not counted for the clue; one query."""
    rows = MatterPayment.objects.filter(
        Q(recovered__isnull=True) | Q(recovered__withdrawn_at__isnull=False),
        matter__in=[one.pk for one in chain], withdrawn_at__isnull=True,
    )  # fmt: skip
    read = ("matter", "claimant", "receipt", "document")
    return [_paid(one) for one in rows.select_related(*read).order_by("paid_on", "pk")]


def _paid(one: MatterPayment) -> Offer:
    said: object = one.said
    return Offer(
        f"matter:{one.pk}", f"{one.matter}登记的付款，{one.get_proof_display()}", ("matter-paid", one.matter_id),
        plain(one.person), one.claimant, one.amount_fen, one.paid_on, one.proof, receipt=one.receipt,
        document=one.document, said=said if isinstance(said, Sealed) else None,
    )  # fmt: skip


def _name(text: object) -> str:
    return "".join(str(text).split())


def _nothing(number: int, row: Recovered) -> None:
    """The row itself names receipt or paper: nothing else is kept."""


def _counted(number: int, row: Recovered) -> None:
    """Taken back there, it is taken back here."""
    MatterPayment.objects.filter(pk=number).update(recovered=row)


def register() -> None:
    """Called once when the application starts."""
    offers.register("matter", offers.Source(by_matters, _counted))
    offers.register("paper", offers.Source(by_signatures, _nothing))
    offers.register("receipt", offers.Source(by_receipts, _nothing))
