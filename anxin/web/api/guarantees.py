"""Wage deposits as their institutions report them: issued, renewed, claimed, paid out, topped up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from anxin.connections.refusals import CallRefused
from anxin.connections.scopes import GUARANTEES_WRITE
from anxin.funds import services_deposits as deposits
from anxin.funds.institutions import deposits_of, find_line, page_of, story_of
from anxin.funds.models import WageDeposit
from anxin.funds.reporting import report_event, report_issue
from anxin.web import clock
from anxin.web.api import fields
from anxin.web.api.auth import signed
from anxin.web.api.batches import EventOut
from anxin.web.api.institution import institution_of
from anxin.web.api.reading import Fen, Strict
from anxin.web.api.schemas import REFUSALS_OF_ALL
from anxin.web.api.writing import actor_of, written

router = Router(tags=["保证金、保函、保险"])
_SIGNED = signed(GUARANTEES_WRITE)
_EVENT = {200: EventOut, **REFUSALS_OF_ALL}


class GuaranteeOut(Schema):
    id: int
    kind: str
    number: str
    project: fields.Project
    amount_fen: int
    valid_from: dt.date
    valid_until: dt.date | None
    released_on: dt.date | None


class GuaranteesOut(Schema):
    items: list[GuaranteeOut]
    next: int | None


class GuaranteeEventOut(Schema):
    kind: str
    on: dt.date
    amount_fen: int | None
    valid_until: dt.date | None
    number: str


class GuaranteeStory(GuaranteeOut):
    """``held_fen`` is what is left; ``ordered_fen`` is claimed and not yet paid; ``open_fen`` is to be topped up."""

    held_fen: int
    ordered_fen: int
    open_fen: int
    events: list[GuaranteeEventOut]


class IssueIn(Strict):
    project_code: fields.Text40
    kind: Literal["cash", "guarantee", "insurance", "guarantor"]
    number: fields.Text40
    amount_fen: Fen
    valid_from: fields.Day
    valid_until: fields.Day | None = None


class RenewalIn(Strict):
    on: fields.Day
    valid_until: fields.Day
    number: fields.Text40 = ""


class ClaimIn(Strict):
    """The notice to pay as it was received; ``number`` is the notice's."""

    on: fields.Day
    amount_fen: Fen
    number: fields.Text40
    people: int | None = Field(None, strict=True, ge=1, le=100_000)


class PaymentIn(Strict):
    on: fields.Day
    amount_fen: Fen
    number: fields.Text40 = ""
    people: int | None = Field(None, strict=True, ge=1, le=100_000)


class TopUpIn(Strict):
    on: fields.Day
    amount_fen: Fen
    number: fields.Text40 = ""


@router.get(
    "/guarantees", auth=_SIGNED, response={200: GuaranteesOut, **REFUSALS_OF_ALL}, summary="本机构的保证金"
)
def list_guarantees(request: HttpRequest, page: Query[fields.PageIn]) -> dict[str, Any]:
    found = page_of(deposits_of(institution_of(request)), page.after, page.limit)
    return fields.paged(request, page, found, [_guarantee(one) for one in found.items])


@router.get(
    "/guarantees/{guarantee}",
    auth=_SIGNED,
    response={200: GuaranteeStory, **REFUSALS_OF_ALL},
    summary="一笔保证金及其经过",
)
def read_guarantee(request: HttpRequest, guarantee: fields.Line) -> dict[str, Any]:
    found = _own(request, guarantee)
    state, events = story_of(found)
    return {
        **_guarantee(found),
        "held_fen": state.held_fen,
        "ordered_fen": state.ordered_fen,
        "open_fen": state.open_fen,
        "events": [
            {
                "kind": one.kind,
                "on": one.on,
                "amount_fen": one.amount_fen,
                "valid_until": one.valid_until,
                "number": one.number,
            }
            for one in events
        ],
    }


@router.post("/guarantees", auth=_SIGNED, response=_EVENT, summary="出具保函、保单，存入现金")
def issue(request: HttpRequest, payload: IssueIn) -> HttpResponse:
    institution = institution_of(request)

    def effect() -> dict[str, Any]:
        deposit, fate = report_issue(
            institution, **payload.model_dump(), actor=actor_of(request), now=clock.now()
        )
        return {"fate": fate, "id": deposit.line_id}

    return written(request, effect)


@router.post("/guarantees/{guarantee}/renewals", auth=_SIGNED, response=_EVENT, summary="延期")
def renew(request: HttpRequest, guarantee: fields.Line, payload: RenewalIn) -> HttpResponse:
    return _happened(request, guarantee, payload, deposits.renew_deposit)


@router.post("/guarantees/{guarantee}/claims", auth=_SIGNED, response=_EVENT, summary="收到支付通知书")
def claim(request: HttpRequest, guarantee: fields.Line, payload: ClaimIn) -> HttpResponse:
    return _happened(request, guarantee, payload, deposits.order_use)


@router.post("/guarantees/{guarantee}/payments", auth=_SIGNED, response=_EVENT, summary="已支付给农民工")
def pay(request: HttpRequest, guarantee: fields.Line, payload: PaymentIn) -> HttpResponse:
    return _happened(request, guarantee, payload, deposits.record_use)


@router.post("/guarantees/{guarantee}/top-ups", auth=_SIGNED, response=_EVENT, summary="动用后补足")
def top_up(request: HttpRequest, guarantee: fields.Line, payload: TopUpIn) -> HttpResponse:
    return _happened(request, guarantee, payload, deposits.top_up)


def _happened(
    request: HttpRequest, line: int, payload: Strict, service: Callable[..., object]
) -> HttpResponse:
    found = _own(request, line)

    def effect() -> dict[str, Any]:
        told = {**payload.model_dump(), "actor": actor_of(request), "now": clock.now()}
        return {"fate": report_event(found, lambda: service(found, **told)), "id": found.line_id}

    return written(request, effect)


def _own(request: HttpRequest, line: int) -> WageDeposit:
    found = find_line(deposits_of(institution_of(request)), line)
    if found is None:
        raise CallRefused("not_found")
    return found


def _guarantee(deposit: WageDeposit) -> dict[str, Any]:
    return {
        "id": deposit.line_id,
        "kind": deposit.kind,
        "number": deposit.number,
        "project": {"code": deposit.project.code, "name": deposit.project.name},
        "amount_fen": deposit.amount_fen,
        "valid_from": deposit.valid_from,
        "valid_until": deposit.valid_until,
        "released_on": deposit.released_on,
    }
