"""What of the portal an operator reaches: what one's own institution keeps or was given; anything else does not exist."""

from __future__ import annotations

from django.db.models import QuerySet

from anxin.accounts.access import institutions_of
from anxin.accounts.models import User
from anxin.agency.access import bank_orders
from anxin.agency.models import PayOrder
from anxin.funds.models import AccountQuery, SpecialAccount
from anxin.funds.services_inquiries import queries_for_banks
from anxin.web.found import or_404


def own_orders(user: User) -> QuerySet[PayOrder]:
    """The orders that this person's institutions were given."""
    return bank_orders(institutions_of(user))


def order_or_404(user: User, pk: int) -> PayOrder:
    return or_404(own_orders(user).select_related("run__project", "bank", "file").filter(pk=pk).first())


def own_accounts(user: User) -> QuerySet[SpecialAccount]:
    """The special accounts that this person's institutions keep."""
    return SpecialAccount.objects.filter(bank__code__in=institutions_of(user), superseded_at__isnull=True)


def own_queries(user: User) -> QuerySet[AccountQuery]:
    """Approved queries against these accounts, those without an answer first."""
    return queries_for_banks(institutions_of(user))
