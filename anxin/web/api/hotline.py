"""A 12345 hotline's tickets: delivered in batches, asked after, followed by what changed, and what callers say later."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from anxin.clues.hotline import (
    ACCEPTED,
    CHANGED,
    REFUSED,
    TICKET_NO,
    UNCHANGED,
    TicketFate,
    deliver,
    ticket_of,
)
from anxin.clues.models import HotlineTicket
from anxin.clues.ticket_files import FIELD, add_file
from anxin.clues.ticket_status import LONGEST
from anxin.connections.refusals import CallRefused
from anxin.connections.scopes import CLUES_READ, CLUES_WRITE
from anxin.kernel.refusal import Refused
from anxin.referral.hotline import STATES, TicketState, states_of
from anxin.referral.hotline_changes import changes_after
from anxin.referral.hotline_words import Heard, caller_said
from anxin.web import clock
from anxin.web.api import fields
from anxin.web.api.auth import signed
from anxin.web.api.institution import hotline_of
from anxin.web.api.reading import Strict
from anxin.web.api.schemas import REFUSALS_OF_ALL
from anxin.web.api.writing import actor_of, written

router = Router(tags=["12345热线"])
_READ, _WRITE = signed(CLUES_READ), signed(CLUES_WRITE)
#: one batch takes the journal's chain for itself: others wait no longer than for these
MOST_TICKETS = 500
TicketNo = Annotated[str, Path(pattern=TICKET_NO, description="热线的工单编号")]
Words = Annotated[str, StringConstraints(max_length=20_000)]
Why = Annotated[str, StringConstraints(max_length=LONGEST["returned_why"])]
Result = Annotated[str, StringConstraints(max_length=LONGEST["result"])]


class TicketIn(Strict):
    """One ticket, its fields named and read like the columns of a list. What is wrong in a row comes back by itself."""

    number: fields.Text80 = Field("", description="工单编号：字母、数字、点、横线、下划线")
    received_at: fields.Text40 = Field("", description="来电时间，如2026-11-20 09:30（北京时间）")
    text: Words = Field("", description="内容")
    title: fields.Text200 = Field("", description="标题")
    channel: fields.Text40 = Field("", description="来源渠道，如电话、微信")
    name: fields.Text80 = Field("", description="诉求人")
    phone: fields.Text40 = Field("", description="电话，可以是掩码")
    category: fields.Text120 = Field("", description="诉求类型或三级分类码")
    region: fields.Text80 = Field("", description="区县或街镇的名称或区划代码")
    place: fields.Text200 = Field("", description="事发地址")
    employer: fields.Text120 = Field("", description="欠薪单位")
    project: fields.Text120 = Field("", description="工程项目")
    construction: fields.Text40 = Field("", description="是否工程建设领域")
    people: fields.Text40 = Field("", description="涉及人数，照来电人说的")
    amount: fields.Text40 = Field("", description="涉及金额，照来电人说的，如18.6万元")
    period: fields.Text80 = Field("", description="欠薪时段")
    urgency: fields.Text40 = Field("", description="紧急程度")
    handler: fields.Text120 = Field("", description="承办单位")
    dispatched_at: fields.Text40 = Field("", description="派单时间")
    sign_by: fields.Text40 = Field("", description="签收时限")
    handle_by: fields.Text40 = Field("", description="办理时限")
    answer_by: fields.Text40 = Field("", description="答复时限")
    status: fields.Text40 = Field("", description="工单状态，热线自己的说法；以下各项空着的不改动以前所说")
    returned_why: Why = Field("", description="退单原因")
    returned_at: fields.Text40 = Field("", description="退单时间")
    extension: fields.Text40 = Field("", description="延期：申请中、已批准、未批准")
    extension_asked_to: fields.Text40 = Field("", description="申请延期至（日期）")
    extended_to: fields.Text40 = Field("", description="批准延期至（日期）")
    result: Result = Field("", description="办理结果")
    answered_at: fields.Text40 = Field("", description="答复时间")
    done_at: fields.Text40 = Field("", description="办结时间")
    redone: fields.Text20 = Field("", description="重办次数")
    supervised: fields.Text20 = Field("", description="督办次数")
    as_of: fields.Text40 = Field("", description="更新时间：以上情况截至何时；早于已登记的不改动")


class TicketsIn(Strict):
    tickets: list[TicketIn] = Field(min_length=1, max_length=MOST_TICKETS)


class TicketRowOut(Schema):
    """``clue`` is our number. ``message`` with a row that was taken is a remark."""

    row: int
    fate: Literal["accepted", "changed", "unchanged", "refused"]
    ticket_no: str
    clue: str
    code: str = ""
    message: str = ""
    field: str = ""


class TicketsOut(Schema):
    accepted: int
    changed: int
    unchanged: int
    refused: int
    rows: list[TicketRowOut]
    sandbox: bool


class ReturnedOut(Schema):
    """One 退单 with the reason."""

    body: str
    at: dt.datetime
    why: str


class UrgedOut(Schema):
    """One 催办 of the caller with its answer. ``body`` was asked; empty: nobody could be, see the handbook."""

    at: dt.datetime
    body: str
    answer: str
    answered_at: dt.datetime | None


class TicketOut(Schema):
    """How a ticket stands. No particulars of anybody, nothing of other reporters."""

    ticket_no: str
    clue: str
    state: Literal["received", "referred", "handling", "returned", "told", "closed"]
    state_name: str
    body: str
    received_at: dt.datetime
    referred_at: dt.datetime | None
    accepted_at: dt.datetime | None
    due_on: dt.date | None
    extended_to: dt.date | None
    extended_on: dt.date | None
    returns: list[ReturnedOut]
    urgings: list[UrgedOut]
    conclusion: str
    answer: str
    told_at: dt.datetime | None
    closed_at: dt.datetime | None
    agrees: bool | None
    agreed_at: dt.datetime | None


class ChangesIn(Schema):
    model_config = ConfigDict(extra="forbid")

    after: int = Field(0, ge=0, le=fields.LARGEST, description="上一次答复中的 next；第一次为0")
    limit: int = Field(50, ge=1, le=200, description="每次的工单数")


class ChangesOut(Schema):
    """Each ticket once, as it stands now. ``next`` is always the place to go on from; ``more``: at once."""

    items: list[TicketOut]
    next: int
    more: bool


class WordIn(Strict):
    """What the caller said later. The three answers belong to a ``revisit``."""

    kind: Literal["revisit", "urge", "supplement"] = Field(description="回访、催办、补充")
    at: fields.Moment = Field(description="来电人说这话的时间，带时区")
    words: Annotated[str, StringConstraints(max_length=1000)] = ""
    contacted: fields.Flag | None = Field(None, description="是否联系上本人")
    solved: fields.Flag | None = Field(None, description="本人说是否解决")
    satisfied: fields.Flag | None = Field(None, description="本人说是否满意")


class FileIn(Strict):
    """One picture or recording; what it is shows its content, and no name is kept."""

    content: str = Field(min_length=4, description="文件的Base64（标准字母表，不换行），文件不超过10MB")


class FileOut(Schema):
    """``name`` is ours. ``unchanged``: the same content had come before."""

    fate: Literal["accepted", "unchanged"]
    ticket_no: str
    clue: str
    name: str
    content_type: str
    sandbox: bool


class WordOut(Schema):
    """``disagreed``: it counted as the worker's disagreement, and the matter is handled again."""

    fate: Literal["accepted", "unchanged"]
    disagreed: bool
    ticket: TicketOut
    sandbox: bool


@router.post(
    "/hotline/tickets",
    auth=_WRITE,
    response={200: TicketsOut, **REFUSALS_OF_ALL},
    summary="送来工单（逐行答复）",
)
def deliver_tickets(request: HttpRequest, payload: TicketsIn) -> HttpResponse:
    centre = hotline_of(request)
    rows = [one.model_dump() for one in payload.tickets]

    def effect() -> dict[str, Any]:
        fates = deliver(centre, rows, actor=actor_of(request), now=clock.now())
        counts = {
            name: sum(one.fate == name for one in fates) for name in (ACCEPTED, CHANGED, UNCHANGED, REFUSED)
        }
        return counts | {"rows": [_row(one) for one in fates]}

    return written(request, effect)


@router.get(
    "/hotline/tickets/{ticket_no}",
    auth=_READ,
    response={200: TicketOut, **REFUSALS_OF_ALL},
    summary="一张工单办到哪一步",
)
def read_ticket(request: HttpRequest, ticket_no: TicketNo) -> dict[str, Any]:
    return _state(_own(request, ticket_no))


@router.get(
    "/hotline/changes",
    auth=_READ,
    response={200: ChangesOut, **REFUSALS_OF_ALL},
    summary="某个位置以后有变化的工单",
)
def list_changes(request: HttpRequest, page: Query[ChangesIn]) -> dict[str, Any]:
    fields.only_known(request, ChangesIn)
    found = changes_after(hotline_of(request), page.after, page.limit)
    return {"items": [_shown(one) for one in found.items], "next": found.next, "more": found.more}


@router.post(
    "/hotline/tickets/{ticket_no}/words",
    auth=_WRITE,
    response={200: WordOut, **REFUSALS_OF_ALL},
    summary="回访结果、催办、补充",
)
def say(request: HttpRequest, ticket_no: TicketNo, payload: WordIn) -> HttpResponse:
    ticket = _own(request, ticket_no)

    def effect() -> dict[str, Any]:
        heard = Heard(**payload.model_dump())
        note, new = caller_said(ticket, heard, actor=actor_of(request), now=clock.now())
        return {
            "fate": ACCEPTED if new else UNCHANGED,
            "disagreed": note.disagreed,
            "ticket": _state(_own(request, ticket_no)),
        }

    return written(request, effect)


@router.post(
    "/hotline/tickets/{ticket_no}/files",
    auth=_WRITE,
    response={200: FileOut, **REFUSALS_OF_ALL},
    summary="工单的附件（照片、录音），一次一个",
)
def bring_file(request: HttpRequest, ticket_no: TicketNo, payload: FileIn) -> HttpResponse:
    ticket = _own(request, ticket_no)

    def effect() -> dict[str, Any]:
        kept, new = add_file(ticket, _decoded(payload.content), actor=actor_of(request), now=clock.now())
        return {
            "fate": ACCEPTED if new else UNCHANGED,
            "ticket_no": ticket_no,
            "clue": ticket.clue.number,
            "name": kept.name,
            "content_type": kept.content_type,
        }

    return written(request, effect)


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except ValueError:
        raise Refused("附件的内容不是有效的Base64，请核对编码（标准字母表，不换行）。", field=FIELD) from None


def _own(request: HttpRequest, ticket_no: str) -> HotlineTicket:
    found = ticket_of(hotline_of(request), ticket_no)
    if found is None:
        raise CallRefused("not_found")
    return found


def _row(one: TicketFate) -> dict[str, Any]:
    code = ("conflict" if one.conflict else "invalid") if one.fate == REFUSED else ""
    extra = {"code": code, "message": one.sentence, "field": one.field}
    content = {"row": one.row, "fate": one.fate, "ticket_no": one.ticket_no, "clue": one.clue}
    return content | {name: value for name, value in extra.items() if value}


def _state(ticket: HotlineTicket) -> dict[str, Any]:
    return _shown(states_of([ticket])[ticket.pk])


def _shown(found: TicketState) -> dict[str, Any]:
    content = dataclasses.asdict(found) | {"state_name": STATES[found.state]}
    return {name: clock.local(value) if isinstance(value, dt.datetime) else value
            for name, value in content.items()} | {
        "returns": [one | {"at": clock.local(one["at"])} for one in content["returns"]],
        "urgings": [one | {name: clock.local(one[name]) for name in ("at", "answered_at") if one[name]} for one in content["urgings"]],
    }  # fmt: skip
