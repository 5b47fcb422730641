"""Who may see and handle which warnings: a warning is where its project is."""

from __future__ import annotations

from django.db.models import QuerySet

from anxin.accounts.access import VIEW, may_on, within
from anxin.accounts.models import User
from anxin.monitoring.models import Gap, Warning
from anxin.monitoring.states import ACTIONS, Action


def visible_warnings(user: User, permission: str = VIEW) -> QuerySet[Warning]:
    """The warnings on whose project this person has the permission; with project and region at hand."""
    return Warning.objects.filter(within(user, permission, "project__")).select_related(
        "project__region",
        "project__responsible",
        "assigned_to",
        "assigned_organisation",
    )


def visible_warning(user: User, warning_id: int) -> Warning | None:
    """One warning, or ``None`` where it does not exist or lies outside this person's scope."""
    return visible_warnings(user).filter(pk=warning_id).first()


def visible_gaps(user: User) -> QuerySet[Gap]:
    """What could not be judged on the projects this person may see."""
    return Gap.objects.filter(within(user, VIEW, "project__"), closed_on__isnull=True).select_related(
        "project"
    )


def open_actions(user: User, warning: Warning) -> list[Action]:
    """What this person may do with this warning now: permission, state and the second-person rule."""
    return [
        action
        for action in ACTIONS.values()
        if action.allows(warning.state)
        and may_on(user, action.permission, warning.project)
        and not (action.second_person and warning.asked_by_id == user.pk)
        and not (action.by_hand_only and not warning.hand_cleared)
    ]
