"""Whom an inspection found to be owed money, for the payments that are recorded after its order or decision."""

from __future__ import annotations

from anxin.casework.models import Matter
from anxin.enforcement.listed import listed
from anxin.referral import payees
from anxin.referral.payees import Payee

_PROCEDURES = ("inspection_case", "penalty_enforcement")


def found(matter: Matter) -> list[Payee]:
    """Everybody on a list behind the case, with what was found of them; who was struck off is given nothing."""
    people = [one for one in listed(matter) if one.found is None or one.found.fen > 0]
    return [
        Payee(
            one.key, place, one.name, one.row if one.key.startswith("c") else None,
            one.found.fen if one.found is not None else None,
        )
        for place, one in enumerate(people, start=1)
    ]  # fmt: skip


def register() -> None:
    """Called once when the application starts."""
    for procedure in _PROCEDURES:
        payees.register(procedure, found)
