"""An employer found by what an officer types: on a site of their own, or registered in their place without any site.

What is typed is looked for as it stands first. Where nothing holds it, the names most like it are offered (misspelt,
shortened, without the legal form), from the names that each process keeps (``names``): some seconds once for 350,000
names, milliseconds afterwards. Whatever the index says, rows come only through the scope of who asks.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.accounts.access import VIEW, any_of, within_employers
from anxin.accounts.models import User
from anxin.registry import names
from anxin.registry.access import visible_projects
from anxin.registry.models import Employer, Participation
from anxin.triage.names import ALIKE, core, likeness

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
    """Reachable employers whose name holds ``text`` or whose USCC it is; else those with the likest names."""
    text = text.strip()
    if not text:
        return []
    reachable = reachable_employers(user)
    named = reachable.filter(Q(name__icontains=text) | Q(uscc=text.upper()))
    return list(named.order_by("name", "id")[:limit]) or _likest(reachable, text, limit)


def find_reachable(user: User, employer_id: int) -> Employer | None:
    """One employer, or ``None`` outside the person's reach."""
    return reachable_employers(user).filter(pk=employer_id).first()


def _likest(reachable: QuerySet[Employer], text: str, limit: int) -> list[Employer]:
    if len(core(text)) < _SHORTEST:
        return []
    candidates = [one.key for one in names.employers.index().find(text, _LIKELY)]
    # Measured again on the names as they are in this very query.
    found = [(likeness(text, one.name), one) for one in reachable.filter(pk__in=candidates)]
    found.sort(key=lambda pair: (-pair[0], pair[1].name, pair[1].pk))
    return [one for alike, one in found if alike >= ALIKE][:limit]
