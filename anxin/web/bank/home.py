"""机构办事: what the institution owes next, and what was not taken of what it sent."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from anxin.accounts import access
from anxin.agency.models import LineResult, PayOrder, PayOrderLine
from anxin.funds.models import AccountQuery
from anxin.registry.access import own_institutions
from anxin.web import clock
from anxin.web.bank.scope import own_orders, own_queries
from anxin.web.policy import page, user_of

_SHOWN = 20
OPEN_STATES = (PayOrder.State.SENT, PayOrder.State.PARTLY)


@page(access.BANK)
def home(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    waiting = (
        own_orders(user)
        .filter(state__in=OPEN_STATES)
        .select_related("run__project")
        .annotate(still_open=Count("lines", filter=Q(lines__state=PayOrderLine.State.OPEN)))
        .order_by("sent_at", "pk")
    )
    refused = (
        LineResult.objects.filter(line__order__in=own_orders(user))
        .exclude(conflict="")
        .select_related("line__order")
        .order_by("-id")
    )
    today = clock.today()
    context = {
        "institutions": own_institutions(user).order_by("name"),
        "orders": [
            (order, (today - timezone.localdate(order.sent_at)).days if order.sent_at else 0)
            for order in waiting[:_SHOWN]
        ],
        "orders_count": waiting.count(),
        "queries": own_queries(user).filter(state=AccountQuery.State.APPROVED)[:_SHOWN],
        "refused": refused[:_SHOWN],
    }
    return render(request, "bank/home.html", context)
