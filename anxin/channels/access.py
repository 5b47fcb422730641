"""Who may see and make which codes: whoever sees the site sees its codes."""

from __future__ import annotations

from django.db.models import QuerySet

from anxin.accounts.access import VIEW, within
from anxin.accounts.models import User
from anxin.channels.models_codes import ScanCode

__all__ = ["visible_code", "visible_codes"]


def visible_codes(user: User, permission: str = VIEW) -> QuerySet[ScanCode]:
    """The codes of the projects on which this person has the permission, with what lists show."""
    found = ScanCode.objects.filter(within(user, permission, "project__"))
    return found.select_related("project__region", "project__responsible")


def visible_code(user: User, code_id: int, permission: str = VIEW) -> ScanCode | None:
    """One code, or ``None`` where it does not exist or lies outside this person's scope."""
    return visible_codes(user, permission).filter(pk=code_id).first()
