"""Pay orders as their bank sees them: which there are, whom to pay, and what became of each payment."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field, StringConstraints

from anxin.agency.bank_calls import Told, hand_out, order_page, orders_of, report_results
from anxin.agency.models import PayOrder
from anxin.agency.ordering import message_of
from anxin.connections.refusals import CallRefused
from anxin.connections.scopes import ORDERS_READ, RESULTS_WRITE
from anxin.formats.messages import Outcome, PayResult
from anxin.kernel.masking import mask_card, mask_name
from anxin.web import clock
from anxin.web.api import fields
from anxin.web.api.auth import signed
from anxin.web.api.batches import BatchOut, batch
from anxin.web.api.institution import institution_of
from anxin.web.api.reading import Fen, Strict
from anxin.web.api.schemas import REFUSALS_OF_ALL
from anxin.web.api.writing import actor_of, key_of, written

router = Router(tags=["代发"])
_READ, _WRITE = signed(ORDERS_READ), signed(RESULTS_WRITE)
_REFERENCE = r"^[A-Za-z0-9-]{1,30}$"
Reference = Annotated[str, Path(pattern=_REFERENCE)]


class OrderOut(Schema):
    reference: str
    project: fields.Project
    month: str
    state: str
    payer_name: str
    lines: int
    total_fen: int
    sent_at: dt.datetime | None


class OrdersOut(Schema):
    items: list[OrderOut]
    next: int | None


class PayeeOut(Schema):
    """One payee. ``reference`` comes back with the result."""

    sequence: int
    reference: str
    name: str
    card: str
    amount_fen: int
    purpose: str


class OrderWithPayees(OrderOut):
    payer_account: str
    payees: list[PayeeOut]
    sandbox: bool


class OrdersIn(fields.PageIn):
    state: Literal["all", "open"] = Field("open", description="open：还有未出结果的；all：全部")


class ResultIn(Strict):
    """What became of one payee. ``code`` is one of our reasons, ``reason`` the bank's own words."""

    reference: Annotated[str, StringConstraints(pattern=_REFERENCE)]
    outcome: Literal["paid", "returned", "reversed", "pending"]
    amount_fen: Fen
    paid_on: fields.Day | None = None
    code: fields.Text20 = ""
    reason: fields.Text200 = ""
    bank_reference: fields.Text80 = ""


class ResultsIn(Strict):
    results: list[ResultIn] = Field(min_length=1, max_length=fields.MOST_ROWS)


@router.get(
    "/pay-orders", auth=_READ, response={200: OrdersOut, **REFUSALS_OF_ALL}, summary="交给本行的代发单"
)
def list_orders(request: HttpRequest, page: Query[OrdersIn]) -> dict[str, Any]:
    found = order_page(
        institution_of(request), open_only=page.state == "open", after=page.after, limit=page.limit
    )
    return fields.paged(request, page, found, [_order(one) for one in found.items])


@router.get(
    "/pay-orders/{reference}",
    auth=_READ,
    response={200: OrderWithPayees, **REFUSALS_OF_ALL},
    summary="一份代发单和全部收款人",
)
def read_order(request: HttpRequest, reference: Reference) -> dict[str, Any]:
    """A sandbox key gets the same order with names and cards masked: nobody has to be trusted yet."""
    order, sandbox = _own(request, reference), key_of(request).sandbox
    now = clock.now()
    message = message_of(order, now) if sandbox else hand_out(order, actor=actor_of(request), now=now)
    card, name = (mask_card, mask_name) if sandbox else (str, str)
    return {
        **_order(order),
        "payer_account": card(message.payer_account),
        "payees": [
            {
                "sequence": line.sequence,
                "reference": line.reference,
                "name": name(line.name),
                "card": card(line.card),
                "amount_fen": line.amount_fen,
                "purpose": line.purpose,
            }
            for line in message.lines
        ],
        "sandbox": sandbox,
    }


@router.post(
    "/pay-orders/{reference}/results",
    auth=_WRITE,
    response={200: BatchOut, **REFUSALS_OF_ALL},
    summary="报送代发结果（逐笔答复）",
)
def report(request: HttpRequest, reference: Reference, payload: ResultsIn) -> HttpResponse:
    order = _own(request, reference)
    results = [_result(one) for one in payload.results]

    def effect() -> dict[str, Any]:
        source = f"接口：{key_of(request).title}"
        told = report_results(order, results, source=source, actor=actor_of(request), now=clock.now())
        return batch([_row(one) for one in told])

    return written(request, effect)


def _own(request: HttpRequest, reference: str) -> PayOrder:
    found = orders_of(institution_of(request)).filter(reference=reference).first()
    if found is None:
        raise CallRefused("not_found")
    return found


def _result(given: ResultIn) -> PayResult:
    parts = given.model_dump()
    return PayResult(sequence=0, name="", **{**parts, "outcome": Outcome(given.outcome)})


def _row(told: Told) -> dict[str, Any]:
    content: dict[str, Any] = {"row": told.row, "fate": told.fate}
    extra = {"code": told.code, "message": told.sentence, "field": told.field}
    return content | {name: value for name, value in extra.items() if value}


def _order(order: PayOrder) -> dict[str, Any]:
    project = order.run.project
    return {
        "reference": order.reference,
        "project": {"code": project.code, "name": project.name},
        "month": order.run.month,
        "state": order.state,
        "payer_name": order.payer_name,
        "lines": order.lines_count,
        "total_fen": order.total_fen,
        "sent_at": order.sent_at,
    }
