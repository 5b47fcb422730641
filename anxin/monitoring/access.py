"""Who may see and handle which warnings: a warning is where its project is, or its employer."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anxin.accounts.access import VIEW, employers_of, may_on, may_on_employer, within, within_employers
from anxin.accounts.models import User
from anxin.monitoring.models import Warning
from anxin.monitoring.states import ACTIONS, Action


def visible_warnings(user: User, permission: str = VIEW) -> QuerySet[Warning]:
    """The warnings on whose project or employer this person has the permission, signs of forgery among them.

    Subject and region come with the row.
    """
    return Warning.objects.filter(within_subjects(user, permission)).select_related(*SUBJECTS, *PARTIES)


#: what a list needs of a warning's subject and of who has it in hand
SUBJECTS = ("project__region", "project__responsible", "employer__region")
PARTIES = ("assigned_to", "assigned_organisation")


def within_subjects(user: User, permission: str) -> Q:
    """The filter for rows about projects and employers on which this person has the permission."""
    projects = Q(project__isnull=False) & within(user, permission, "project__")
    employers = Q(employer__isnull=False) & within_employers(user, permission, "employer__")
    return projects | employers


def may_on_warning(user: User, permission: str, warning: Warning) -> bool:
    """Whether this person has the permission where the warning is."""
    if warning.project is not None:
        return may_on(user, permission, warning.project)
    return may_on_employer(user, permission, warning.employer)


def own_warnings(user: User) -> QuerySet[Warning]:
    """What a payroll clerk reads about the own firm as a whole: no advice, which speaks of suspicions."""
    own = Warning.objects.filter(employer__uscc__in=employers_of(user), advice=False)
    return own.select_related("employer")


def visible_warning(user: User, warning_id: int) -> Warning | None:
    """One warning, or ``None`` where it does not exist or lies outside this person's scope."""
    return visible_warnings(user).select_related("sweep").filter(pk=warning_id).first()


def open_actions(user: User, warning: Warning) -> list[Action]:
    """What this person may do with this warning now: permission, state and the second-person rule."""
    return [
        action
        for action in ACTIONS.values()
        if action.allows(warning.state)
        and may_on_warning(user, action.permission, warning)
        and not (action.second_person and warning.asked_by_id == user.pk)
        and not (action.by_hand_only and not warning.hand_cleared)
        and not (action.unsettled_only and warning.concluded_by_two)
    ]
