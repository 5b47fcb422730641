"""Who may see and work which clues.

A clue belongs to a place and to no trade: whoever answers for the whole place sees it. Once its project is known,
those who answer for projects of that place, trade or body see it too.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anxin.accounts.access import HANDLE, VIEW, Scope, any_of, scopes
from anxin.accounts.models import User
from anxin.clues.models import Clue

__all__ = ["may_work", "reaches", "told_within", "visible_clue", "visible_clues"]


def visible_clues(user: User, permission: str = VIEW) -> QuerySet[Clue]:
    """The clues this person may see (``VIEW``) or act on with another permission; with what lists show."""
    conditions = [told_within(scope) for scope in scopes(user, permission)]
    return Clue.objects.filter(any_of(conditions)).select_related("region", "project", "employer", "dispute")


def visible_clue(user: User, clue_id: int, permission: str = VIEW) -> Clue | None:
    """One clue, or ``None`` where it does not exist or lies outside this person's scope."""
    return visible_clues(user, permission).filter(pk=clue_id).first()


def may_work(user: User, clue: Clue) -> bool:
    """Whether this person corrects and merges this clue."""
    return visible_clues(user, HANDLE).filter(pk=clue.pk).exists()


def reaches(user: User, permission: str, clue: Clue) -> bool:
    """The same as :func:`visible_clues` for one clue, without a query where the person's grants are at hand."""
    return any(_covers(scope, clue) for scope in scopes(user, permission))


def _covers(scope: Scope, clue: Clue) -> bool:
    if not (scope.industry or scope.organisation):
        there = clue.project.region_id if clue.project is not None else ""
        return clue.region_id.startswith(scope.region) or there.startswith(scope.region)
    if clue.project is None:
        return False
    body = clue.project.responsible
    return scope.covers(
        region=clue.project.region_id, industry=clue.project.industry, organisation=body.code if body else ""
    )


def told_within(scope: Scope) -> Q:
    """What was told of a place or of a site, within this scope: a trade or a body reaches its sites only."""
    if scope.industry or scope.organisation:
        return scope.q("project__") & Q(project__isnull=False)
    if not scope.region:
        return Q()
    # told here of a site there: both places see it
    return Q(region__code__startswith=scope.region) | Q(project__region__code__startswith=scope.region)
