"""The way of a clue through its matters as its working page shows it: which, with whom, where it stands, by when."""

from __future__ import annotations

from dataclasses import dataclass

from anxin.accounts.access import VIEW
from anxin.accounts.models import User
from anxin.casework.access import acts_on
from anxin.casework.models import Matter
from anxin.law import Law
from anxin.referral.models import BESIDE, Referral


@dataclass(frozen=True)
class MatterShown:
    """One matter of the chain. ``seen``: this person may open it; ``here``: the clue stands there; ``beside``: it does not go there."""

    matter: Matter
    procedure: str
    state: str
    seen: bool
    here: bool
    beside: bool


def chain_shown(user: User, referral: Referral, law: Law) -> list[MatterShown]:
    """The matters in the order in which they were begun; no query."""
    return [
        MatterShown(
            one, law.procedure(one.procedure).name, law.procedure(one.procedure).state(one.state).name, acts_on(user, VIEW, one),
            one.pk == referral.now.pk, one.procedure in BESIDE and one.pk != referral.matter_id,
        )
        for one in referral.chain
    ]  # fmt: skip
