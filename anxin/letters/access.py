"""Who sees which letters, and who may take which act: the right, on the matter, and another person where the rule asks for one."""

from __future__ import annotations

from django.db.models import QuerySet

from anxin.accounts.access import VIEW
from anxin.accounts.models import User
from anxin.casework.access import acts_on, visible_matters
from anxin.letters.models import Letter

_SHOWN = ("matter__lead", "matter__region", "office", "replaces", "drafted_by")


def visible_letters(user: User, permission: str = VIEW) -> QuerySet[Letter]:
    """The letters of the matters that this person sees (``VIEW``) or acts on with another right."""
    matters = visible_matters(user, permission).order_by().values("pk")
    return Letter.objects.filter(matter__in=matters).select_related(*_SHOWN)


def has_right(user: User, right: str, letter: Letter) -> bool:
    """Whether this person holds the right for the letter's matter; another person's turn is asked elsewhere."""
    return acts_on(user, right, letter.matter)
