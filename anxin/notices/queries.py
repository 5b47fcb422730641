"""What a person reads: the number on the bell, and their own notices by key."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, Prefetch, QuerySet, Subquery

from anxin.accounts.models import User
from anxin.kernel.paging import Page
from anxin.notices.models import Delivery, Notice

PAGE = 40
#: the bell counts no further
MANY = 100


def unread_count(user: User) -> int:
    """Unread notices, at most :data:`MANY`: with more the number says nothing, and counting costs."""
    return _unread(user).count()


def unread_number(user: User) -> Subquery:
    """:func:`unread_count` as a part of somebody else's query."""
    return _Number(_unread(user).values("pk"))


class _Number(Subquery):
    """How many rows a query has that stops at a limit."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _unread(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(to=user, read_at__isnull=True)[:MANY]


def own(user: User, *, unread: bool = False, kind: str = "") -> QuerySet[Notice]:
    """This person's notices, the latest first."""
    found = Notice.objects.filter(to=user).order_by("-pk")
    if unread:
        found = found.filter(read_at__isnull=True)
    return found.filter(kind=kind) if kind else found


def notice_page(
    user: User, *, unread: bool = False, kind: str = "", after: int | None = None, limit: int = PAGE
) -> Page[Notice]:
    """One page of one's own notices with how each was delivered, in two queries."""
    found = own(user, unread=unread, kind=kind)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found.prefetch_related(deliveries_of())[: limit + 1])
    more = len(rows) > limit
    return Page(rows[:limit], rows[limit - 1].pk if more else None)


def find(user: User, pk: int) -> Notice | None:
    """One's own notice; somebody else's does not exist."""
    return own(user).filter(pk=pk).first()


def deliveries_of() -> Prefetch[Any]:
    """With each notice its deliveries outside the screen, in the order they were queued."""
    rows = Delivery.objects.exclude(channel="screen").order_by("pk")
    return Prefetch("deliveries", queryset=rows, to_attr="sent_out")
