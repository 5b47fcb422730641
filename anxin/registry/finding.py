"""An employer or a project found by what an officer types; employers on a site of their own, or registered in their place.

What is typed is looked for as it stands first. Where nothing holds it, the names most like it are offered (misspelt,
shortened, without the legal form), from the names that each process keeps (``names``): some seconds once for 350,000
names, milliseconds afterwards. Whatever the index says, rows come only through the scope of who asks.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.accounts.access import VIEW, any_of, within_employers
from anxin.accounts.models import User
from anxin.registry import names
from anxin.registry.access import visible_projects
from anxin.registry.models import Alias, Employer, Participation, Project
from anxin.triage.names import ALIKE, core, likeness

Entry = TypeVar("Entry", Employer, Project)

#: names looked at for one question before the scope is applied
_LIKELY = 60
#: a shorter name is like too many others
_SHORTEST = 3


def reachable_employers(user: User, permission: str = VIEW) -> QuerySet[Employer]:
    """The employers that this person may name in a matter, an emergency or a clue, each with ``on_sites``.

    Those registered in a place that the person answers for as a whole, and those on projects that they see:
    who answers for one trade alone names only the latter.
    """
    takes_part = Participation.objects.filter(
        employer=OuterRef("pk"), project__in=visible_projects(user, permission)
    )
    rows = Employer.objects.select_related("region").annotate(on_sites=Exists(takes_part))
    return rows.filter(any_of([Q(on_sites=True), within_employers(user, permission)]))


def find_employers(user: User, text: str, limit: int = 20) -> list[Employer]:
    """Reachable employers whose name or alias holds ``text`` or whose USCC it is; else those with the likest names."""
    text = text.strip()
    if not text:
        return []
    reachable = reachable_employers(user)
    named = reachable.filter(
        Q(name__icontains=text) | Q(uscc=text.upper()) | Q(pk__in=_called(text).values("employer"))
    )
    return list(named.order_by("name", "id")[:limit]) or _likest(reachable, names.employers, text, limit)


def find_projects(user: User, text: str, limit: int = 20) -> list[Project]:
    """Visible projects whose name or alias holds ``text`` or whose code begins with it; else those with the likest names."""
    text = text.strip()
    if not text:
        return []
    seen = visible_projects(user).select_related("region")
    named = seen.filter(
        Q(name__icontains=text) | Q(code__istartswith=text) | Q(pk__in=_called(text).values("project"))
    )
    return list(named.order_by("name", "id")[:limit]) or _likest(seen, names.projects, text, limit)


def find_reachable(user: User, employer_id: int) -> Employer | None:
    """One employer, or ``None`` outside the person's reach."""
    return reachable_employers(user).filter(pk=employer_id).first()


def _called(text: str) -> QuerySet[Alias]:
    return Alias.objects.filter(name__icontains=text, ended_at__isnull=True)


def _likest(reachable: QuerySet[Entry], kept: names.Names, text: str, limit: int) -> list[Entry]:
    if len(core(text)) < _SHORTEST:
        return []
    candidates = [one.key for one in kept.index().find(text, _LIKELY)]
    # Measured again on the names as they are in this very query.
    found = [(likeness(text, one.name), one) for one in reachable.filter(pk__in=candidates)]
    found.sort(key=lambda pair: (-pair[0], pair[1].name, pair[1].pk))
    return [one for alike, one in found if alike >= ALIKE][:limit]
