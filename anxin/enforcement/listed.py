"""Who is on the lists behind a case, with what each side says: the clue's list, those merged into it, the mediation.

Nothing here is found yet: an inspector says of each what holds (:mod:`.finding`). Names stay sealed until a page masks them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, Sum

from anxin.casework.models import Matter
from anxin.clues.models import Amount, Clue, Particulars, Source
from anxin.enforcement.inspection import lineage
from anxin.enforcement.models import FoundPerson
from anxin.mediation.models import Party, Share
from anxin.referral.models import Recovered

CLAIMED, AGREED = "mediation_claim", "mediation_deal"
#: every voice that may be heard of a person, in the order of the page → its name
SOURCES: Mapping[str, str] = {
    **{str(source): str(source.label) for source in Source},
    CLAIMED: "调解请求",
    AGREED: "调解协议",
}


@dataclass
class Listed:
    """One person. ``key`` is ``c`` or ``p`` with the row's key (claimant, party); ``said`` in fen by source."""

    key: str
    number: int
    #: the clue or the mediation on whose list they stand
    list_name: str
    name: object
    trade: str = ""
    said: dict[str, int] = field(default_factory=dict)
    #: money proved to have arrived, in fen
    proved: int = 0
    #: what the clue says of the months; ``None``: nothing
    months: int | None = None
    found: FoundPerson | None = None
    #: found in the case that this one follows
    brought: bool = False

    @property
    def row(self) -> int:
        return int(self.key[1:])


@dataclass(frozen=True)
class Said:
    """What one side says in all, and of how many people."""

    source: str
    people: int
    fen: int

    @property
    def title(self) -> str:
        return SOURCES[self.source]


def listed(matter: Matter) -> list[Listed]:
    """Everybody on a list behind the case; eight queries at most however many there are, three where no list stands behind it."""
    cases = lineage(matter)
    behind = Q(referrals__matter__in=cases) | Q(mediations__matter__in=cases)
    clues = list(Clue.objects.filter(behind).order_by().values_list("pk", flat=True).distinct())
    people, stands_as = _claimants(clues) if clues else ({}, {})
    _mediated(people, stands_as, clues, cases)
    if people:
        _found(people, stands_as, matter, cases)
    return list(people.values())


def sums(people: Iterable[Listed]) -> list[Said]:
    """What each side says in all, in the order of the page."""
    told: dict[str, list[int]] = defaultdict(list)
    for one in people:
        for source, fen in one.said.items():
            told[source].append(fen)
    return [Said(source, len(told[source]), sum(told[source])) for source in SOURCES if source in told]


def _claimants(clues: Sequence[int]) -> tuple[dict[str, Listed], dict[int, str]]:
    """The lists of the clues, then of those merged into them; somebody on two lists by ID number stands once.

    Besides the people by key: under which key each claimant stands.
    """
    own = Q(claimant__clue__in=clues) | Q(
        claimant__clue__dispute__in=clues, claimant__clue__referrals__isnull=True
    )
    rows = Particulars.objects.filter(own, superseded_at__isnull=True, claimant__left_at__isnull=True)
    known = {one.claimant_id: one for one in rows.select_related("claimant__clue")}
    order = sorted(known, key=lambda pk: (known[pk].claimant.clue_id, known[pk].claimant.number))
    people: dict[str, Listed] = {}
    first: dict[str, str] = {}
    stands_as: dict[int, str] = {}
    for pk in order:
        particulars, claimant = known[pk], known[pk].claimant
        key = first.setdefault(claimant.id_hash, f"c{pk}") if claimant.id_hash else f"c{pk}"
        stands_as[pk] = key
        if key not in people:
            clue = claimant.clue
            people[key] = Listed(
                key, claimant.number, clue.number, particulars.name, particulars.trade, months=clue.months
            )
    for amount in Amount.objects.filter(claimant__in=order, superseded_at__isnull=True).order_by("claimant"):
        people[stands_as[amount.claimant_id]].said.setdefault(amount.source, amount.fen)
    paid = Recovered.objects.filter(claimant__in=order, withdrawn_at__isnull=True).order_by()
    for claimant_id, fen in paid.values("claimant").annotate(fen=Sum("amount_fen")).values_list(
        "claimant", "fen"
    ):  # fmt: skip
        people[stands_as[claimant_id]].proved += fen
    return people, stands_as


def _mediated(
    people: dict[str, Listed], stands_as: Mapping[int, str], clues: Sequence[int], cases: Sequence[int]
) -> None:
    """What was asked for and agreed in an earlier mediation; its parties without a clue's list stand for themselves."""
    rows = Party.objects.filter(Q(case__clue__in=clues) | Q(case__matter__in=cases))
    parties = list(rows.select_related("case__matter").order_by("case", "number"))
    if not parties:
        return
    shares = Share.objects.filter(party__in=[one.pk for one in parties], agreement__withdrawn_at__isnull=True)
    agreed = dict(shares.values_list("party_id", "total_fen"))
    for party in parties:
        key = stands_as.get(party.claimant_id or 0, f"p{party.pk}")
        if key not in people:
            people[key] = Listed(key, party.number, party.case.matter.number, party.name)
        people[key].said[CLAIMED] = party.claimed_fen
        if party.pk in agreed:
            people[key].said[AGREED] = agreed[party.pk]


def _found(
    people: Mapping[str, Listed], stands_as: Mapping[int, str], matter: Matter, cases: Sequence[int]
) -> None:
    """What an inspector said of each: in this case, else in the one it came from."""
    rows = FoundPerson.objects.filter(matter__in=cases, superseded_at__isnull=True)
    for one in sorted(rows, key=lambda row: -cases.index(row.matter_id)):
        person = people.get(stands_as.get(one.claimant_id or 0, f"p{one.party_id}"))
        if person is not None:
            person.found, person.brought = one, one.matter_id != matter.pk
