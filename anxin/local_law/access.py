"""Who may set and confirm what the law is here."""

from __future__ import annotations

from anxin.accounts.access import CONFIRM_LAW, LAW, Scope, scopes
from anxin.accounts.models import User


def may_set(user: User, region: str) -> bool:
    """Whether this person may propose or withdraw a value for the region: only within their own."""
    return _covers(user, LAW, region)


def may_decide(user: User, region: str) -> bool:
    """Whether this person may be the second person for a value of the region."""
    return _covers(user, CONFIRM_LAW, region)


def may_vouch(user: User, region: str) -> bool:
    """Whether this person may propose that a recorded value was checked against its paper.

    A value of the nation or the province holds in their region too, so it is theirs to check.
    """
    return _touches(user, LAW, region)


def may_decide_vouching(user: User, region: str) -> bool:
    """The second person of :func:`may_vouch`."""
    return _touches(user, CONFIRM_LAW, region)


def own_regions(user: User) -> list[str]:
    """Regions this person may set values for, the widest first; ``""`` stands for all."""
    return sorted({scope.region for scope in _whole(user, LAW)}, key=lambda code: (len(code), code))


def _whole(user: User, permission: str) -> list[Scope]:
    """Grants over a whole region: who answers for one industry does not set the law of all others."""
    return [scope for scope in scopes(user, permission) if not (scope.industry or scope.organisation)]


def _covers(user: User, permission: str, region: str) -> bool:
    return any(region.startswith(scope.region) for scope in _whole(user, permission))


def _touches(user: User, permission: str, region: str) -> bool:
    return any(
        region.startswith(scope.region) or scope.region.startswith(region)
        for scope in _whole(user, permission)
    )
