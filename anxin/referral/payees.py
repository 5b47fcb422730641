"""Whom a decision or an award gives money: its own people where the package above knows them, else the list of the clue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anxin.casework.models import Matter
from anxin.clues.models import Clue
from anxin.referral import chains
from anxin.referral.claims import claims_of, particulars_of
from anxin.referral.models import Referral

__all__ = ["PROCEDURES", "Payee", "claimant_key", "clue_of", "payees", "register"]

#: matters in which money is paid after a decision: the order and decision of an inspection, the execution of a penalty or a
#: decision, and what comes after an award (the court's execution with it). An agreement has its own instalments.
PROCEDURES = ("inspection_case", "penalty_enforcement", "post_award")


@dataclass(frozen=True)
class Payee:
    """One person. ``key`` names them in every matter of a chain; ``name`` is sealed, ``owed_fen`` what they are given."""

    key: str
    number: int
    name: object
    claimant_id: int | None
    owed_fen: int | None


_sources: dict[str, Callable[[Matter], Sequence[Payee]]] = {}


def register(procedure: str, source: Callable[[Matter], Sequence[Payee]]) -> None:
    """Let a package above say whom its decision gives money; called once when the application starts."""
    _sources[procedure] = source


def claimant_key(pk: int) -> str:
    """The key of somebody who stands on a clue's list, whatever the matter."""
    return f"c{pk}"


def clue_of(matter: Matter) -> Clue | None:
    """The clue in whose chain the matter is; one query."""
    rows = Referral.objects.filter(chains.of_matter(matter.pk), ended_at__isnull=True)
    found = rows.select_related("clue").first()
    return found.clue if found is not None else None


def payees(matter: Matter, clue: Clue | None) -> Sequence[Payee]:
    """The people of the decision or the award; where it names none, the list of the clue. Of neither: nobody, names are typed."""
    source = _sources.get(matter.procedure)
    found = source(matter) if source is not None else ()
    if found or clue is None:
        return found
    listed = particulars_of(clue)
    claims = claims_of([one.claimant_id for one in listed])
    return [
        Payee(claimant_key(one.claimant_id), place, one.name, one.claimant_id, claims[one.claimant_id].owed)
        for place, one in enumerate(listed, start=1)
    ]
