"""Whose money it is: the person of the clue's list that a name or an ID number fits, and how much they are still owed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Sum

from anxin.clues.models import Amount, Claimant, Clue, Particulars, Source
from anxin.evidence.sealing import Sealed, finder
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.referral.models import ListedPayment, Recovered

__all__ = [
    "Claim",
    "ListStanding",
    "claims_of",
    "names_of",
    "particulars_of",
    "people_of",
    "refuse_too_much",
    "standings_of",
    "unproved",
    "who",
]


@dataclass(frozen=True)
class Claim:
    """One person's money in fen. ``agreed`` is what a person settled, ``claimed`` what the worker says; ``None``: not said."""

    claimed: int | None
    agreed: int | None
    #: proved by the bank's receipt or a paper of payment, and by the person's own word
    receipt: int
    word: int
    #: only listed, proved by nothing yet
    unproved: int

    @property
    def owed(self) -> int | None:
        """What is to be paid: as settled, else as the worker says."""
        return self.agreed if self.agreed is not None else self.claimed

    @property
    def proved(self) -> int:
        return self.receipt + self.word

    @property
    def rest(self) -> int | None:
        return None if self.owed is None else max(self.owed - self.proved, 0)


def people_of(clue: Clue) -> list[Claimant]:
    """The list of a clue, then the lists of those merged into it; one query."""
    wanted = Q(clue=clue) | Q(clue__dispute=clue, clue__referrals__isnull=True)
    found = Claimant.objects.filter(wanted, left_at__isnull=True).distinct()
    return sorted(found, key=lambda one: (one.clue_id != clue.pk, one.clue_id, one.number))


def particulars_of(clue: Clue) -> list[Particulars]:
    """What is known of the people of :func:`people_of`, in their order, the person on each; one query."""
    wanted = Q(claimant__clue=clue) | Q(claimant__clue__dispute=clue, claimant__clue__referrals__isnull=True)
    found = Particulars.objects.filter(wanted, superseded_at__isnull=True, claimant__left_at__isnull=True)
    rows = {one.pk: one for one in found.select_related("claimant")}.values()
    return sorted(
        rows, key=lambda one: (one.claimant.clue_id != clue.pk, one.claimant.clue_id, one.claimant.number)
    )


def who(
    clue: Clue,
    people: Sequence[Claimant],
    *,
    name: str = "",
    id_hashes: Collection[str] = (),
    chosen: Claimant | None = None,
) -> Claimant | None:
    """Who of the list it is: chosen, else the only one with the ID number, else the only one of the name.

    ``None`` where the clue has no list. The clue's own list goes before those merged into it. Raises :class:`Refused`
    where nobody or several fit: then the person who records it chooses.
    """
    if chosen is not None:
        if all(one.pk != chosen.pk for one in people):
            raise Refused("这个人不在这条线索的名单里，请刷新页面重新选择。", field="claimant")
        return chosen
    if not people:
        return None
    same = [one for one in people if one.id_hash and one.id_hash in id_hashes]
    if len(same) == 1:
        return same[0]
    name_hash = finder("name")("".join(name.split()))
    named = [one for one in people if one.name_hash == name_hash]
    own = [one for one in named if one.clue_id == clue.pk]
    for fitting in (own, named):
        if len(fitting) == 1:
            return fitting[0]
    if named:
        raise Refused(f"名单里有{len(named)}个人叫这个名字，请从名单中选择是哪一个。", field="claimant")
    raise Refused("名单里没有叫这个名字的人，请从名单中选择是谁，或者先把他登记进名单。", field="claimant")


def claims_of(claimants: Collection[int]) -> dict[int, Claim]:
    """What each of them claims, was settled, got and is only listed; three queries whatever their number."""
    said: dict[int, dict[str, int]] = {pk: {} for pk in claimants}
    sides = Amount.objects.filter(
        claimant__in=claimants, superseded_at__isnull=True, source__in=(Source.WORKER, Source.SETTLED)
    )
    for pk, source, fen in sides.values_list("claimant_id", "source", "fen"):
        said[pk][source] = fen
    standing = Recovered.objects.filter(claimant__in=claimants, withdrawn_at__isnull=True).order_by()
    proved: dict[tuple[int, bool], int] = {}
    for pk, proof, fen in standing.values("claimant", "proof").annotate(fen=Sum("amount_fen")).values_list(
        "claimant", "proof", "fen"
    ):  # fmt: skip
        key = (pk, proof == Recovered.Proof.WORD)
        proved[key] = proved.get(key, 0) + fen
    waiting = unproved().filter(claimant__in=claimants).order_by()
    listed = dict(waiting.values("claimant").annotate(fen=Sum("amount_fen")).values_list("claimant", "fen"))
    return {
        pk: Claim(
            one.get(Source.WORKER), one.get(Source.SETTLED),
            proved.get((pk, False), 0), proved.get((pk, True), 0), listed.get(pk, 0),
        )
        for pk, one in said.items()
    }  # fmt: skip


def unproved() -> QuerySet[ListedPayment]:
    """Listed payments that nothing proves yet."""
    proofs = Recovered.objects.filter(listed=OuterRef("pk"), withdrawn_at__isnull=True)
    return ListedPayment.objects.filter(~Exists(proofs), withdrawn_at__isnull=True)


def refuse_too_much(claimant: Claimant, claim: Claim, fen: int) -> None:
    """Nobody is proved to have got more than they are owed. Raises :class:`Refused`."""
    if claim.rest is None or fen <= claim.rest:
        return
    owed = sentence_yuan(claim.owed or 0)
    raise Refused(
        f"名单{claimant}应得{owed}，已证明到账{sentence_yuan(claim.proved)}，最多还能登记{sentence_yuan(claim.rest)}；"
        "确实付得更多的，请先在名单上更正已定金额。",
        field="amount",
    )


def names_of(claimants: Collection[int]) -> dict[int, Sealed]:
    """The names as the list has them now; one query."""
    rows = Particulars.objects.filter(claimant__in=claimants, superseded_at__isnull=True)
    found: dict[int, Sealed] = {}
    for one in rows:
        name: object = one.name
        if isinstance(name, Sealed):  # what the column holds once it is read
            found[one.claimant_id] = name
    return found


@dataclass(frozen=True)
class ListStanding:
    """What a clue's whole list still lacks. ``open_people``: of whom money is left, or of whom no sum is known."""

    people: int
    open_people: int
    #: of everybody together, in fen: what is to be paid, and what of it is not proved
    owed: int
    rest: int
    #: of whom neither side nor decision names a sum
    unknown: int


def standings_of(clues: Collection[Clue]) -> dict[int, ListStanding]:
    """The lists of many clues; one without a list is absent. Two queries whatever their number."""
    keys = {clue.pk for clue in clues}
    if not keys:
        return {}
    wanted = Q(clue__in=keys) | Q(clue__dispute__in=keys, clue__referrals__isnull=True)
    sides = Q(amounts__superseded_at__isnull=True, amounts__source__in=(Source.WORKER, Source.SETTLED))
    found = Claimant.objects.filter(wanted, left_at__isnull=True).annotate(
        now=FilteredRelation("amounts", condition=sides)
    )
    said: dict[int, dict[str, int]] = {}
    lists: dict[int, set[int]] = {}
    for pk, own, dispute, source, fen in found.values_list(
        "pk", "clue_id", "clue__dispute_id", "now__source", "now__fen"
    ).distinct():
        lists.setdefault(own if own in keys or dispute is None else dispute, set()).add(pk)
        said.setdefault(pk, {}).update({source: fen} if source else {})
    if not lists:
        return {}
    rows = Recovered.objects.filter(claimant__in=list(said), withdrawn_at__isnull=True).order_by()
    paid = dict(rows.values("claimant").annotate(fen=Sum("amount_fen")).values_list("claimant", "fen"))
    claims = {
        pk: Claim(one.get(Source.WORKER), one.get(Source.SETTLED), paid.get(pk, 0), 0, 0)
        for pk, one in said.items()
    }
    return {key: _standing([claims[pk] for pk in people]) for key, people in lists.items()}


def _standing(claims: Sequence[Claim]) -> ListStanding:
    return ListStanding(
        people=len(claims),
        open_people=sum(1 for one in claims if one.rest is None or one.rest > 0),
        owed=sum(one.owed or 0 for one in claims),
        rest=sum(one.rest or 0 for one in claims),
        unknown=sum(1 for one in claims if one.rest is None),
    )
