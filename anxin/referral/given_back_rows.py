"""One row of the workbook for a sender of lists: how its ticket stands here, under the headings of its own list."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass

from django.utils import timezone

from anxin.casework.models import Deadline, Document, Matter, Step
from anxin.evidence.workbooks import Column, Kind
from anxin.referral.hotline import RETURNED, STATES, TOLD, Stand
from anxin.sheets import SIGNALS

#: what a matter by the hotline's procedure (``law/data/procedures/hotline_12345.yaml``) asks its centre for
_ASKS_TIME, _TIME_GRANTED = "hotline_extension_request", "extend"
_ASKS_RETURN, _RETURN_ASKED, _LONGER = "ask_return", "returned", "complex"
ASKED_BACK = "申请退单，待热线同意"


@dataclass(frozen=True)
class Asked:
    """What was asked of the hotline's centre in one matter: more time, or to take the ticket back."""

    more_time: bool = False
    granted: bool = False
    granted_to: dt.date | None = None
    returned: bool = False
    returned_at: dt.datetime | None = None
    returned_why: str = ""


@dataclass(frozen=True)
class Given:
    """The cells of one row, in the order of :data:`_COLUMNS`; ``None`` and ``""``: nothing to say."""

    number: str
    handler: str
    status: str
    signed_at: dt.datetime | None
    returned_at: dt.datetime | None
    returned_why: str
    extension: str
    extended_to: dt.date | None
    handle_by: dt.date | None
    result: str
    #: as found by the conclusion, and what of it is proved as paid; in fen
    people: int | None
    amount_fen: int | None
    paid_fen: int | None
    answered_at: dt.datetime | None
    opinion: str
    done_at: dt.datetime | None
    clue: str

    @property
    def said(self) -> str:
        """All of it, by which a changed row is told from the same one."""
        return json.dumps(astuple(self), ensure_ascii=False, default=str)


#: name of the cell, which is the list's own field where it has one; our heading; what it holds; width
_COLUMNS: tuple[tuple[str, str, Kind, int], ...] = (
    ("number", "", "text", 24), ("handler", "", "text", 24), ("status", "", "text", 22), ("signed_at", "签收时间", "time", 18),
    ("returned_at", "", "time", 18), ("returned_why", "", "text", 36), ("extension", "", "text", 10),
    ("extended_to", "", "date", 14), ("handle_by", "", "date", 14), ("result", "", "text", 50),
    # not under the list's own 涉及人数 and 涉及金额: those are what was claimed
    ("found_people", "核定人数", "number", 10), ("found_amount", "核定金额（元）", "yuan", 16), ("paid", "已付金额（元）", "yuan", 16),
    ("answered_at", "", "time", 18), ("opinion", "诉求人意见", "text", 18), ("done_at", "", "time", 18),
    ("clue", "本局线索编号", "text", 30), ("as_of", "", "time", 18),
)  # fmt: skip


def columns(own: Mapping[str, str]) -> list[Column]:
    """The headings. ``own``: by field what the hotline's last list called it; else what lists call it mostly."""
    titles = {one.name: one.title for one in SIGNALS["hotline"].fields} | dict(own)
    return [Column(titles.get(name, title) or title, kind, width) for name, title, kind, width in _COLUMNS]


def cells(row: Given, now: dt.datetime) -> list[object]:
    """The row as the workbook takes it."""
    local = [timezone.localtime(one) if isinstance(one, dt.datetime) else one for one in astuple(row)]
    return [*local, timezone.localtime(now).replace(microsecond=0)]


def given_of(stand: Stand, asked: Asked, paid_fen: int | None = None) -> Given:
    """What the sender is told of one ticket, in the words of whoever wrote them."""
    state = stand.state
    last = state.returns[-1] if state.returns else None
    why = f"{last.body}：{last.why}" if last is not None else ""
    returned_at = last.at if last is not None else None
    if asked.returned_at is not None and (returned_at is None or asked.returned_at > returned_at):
        why, returned_at = asked.returned_why, asked.returned_at
    granted = asked.granted or state.extended_to is not None
    return Given(
        number=state.ticket_no,
        handler=state.body,
        status=ASKED_BACK if asked.returned and state.state not in (RETURNED, TOLD) else STATES[state.state],
        signed_at=state.accepted_at,
        returned_at=returned_at,
        returned_why=why,
        extension="已批准" if granted else "申请中" if asked.more_time else "",
        extended_to=state.extended_to or asked.granted_to,
        handle_by=state.due_on,
        result="：".join(filter(None, (state.conclusion, state.answer))),
        people=stand.told.people if stand.told is not None else None,
        amount_fen=stand.told.amount_fen if stand.told is not None else None,
        paid_fen=paid_fen,
        answered_at=state.told_at,
        opinion=_opinion(state.agrees, stand.caller_asked),
        done_at=state.closed_at,
        clue=state.clue,
    )


def asked_of(matters: Iterable[Matter]) -> dict[int, Asked]:
    """By matter what was asked of the hotline's centre; three queries."""
    by_key = {one.pk: one for one in matters}
    asking = set(
        Document.objects.filter(matter__in=by_key, kind=_ASKS_TIME, withdrawn_at__isnull=True).values_list(
            "matter_id", flat=True
        )
    )
    steps: dict[tuple[int, str], Step] = {}
    for step in Step.objects.filter(
        matter__in=by_key, transition__in=(_TIME_GRANTED, _ASKS_RETURN), kind=Step.Kind.TAKEN
    ).order_by("pk"):
        steps[step.matter_id, step.transition] = step
    granted = {matter for matter, key in steps if key == _TIME_GRANTED}
    until = dict(
        Deadline.objects.filter(matter__in=granted, clock=_LONGER)
        .order_by("pk")
        .values_list("matter_id", "due_on")
    )
    return {
        key: _asked(matter, key in asking, key in granted, until.get(key), steps.get((key, _ASKS_RETURN)))
        for key, matter in by_key.items()
    }


def _asked(matter: Matter, more_time: bool, granted: bool, until: dt.date | None, step: Step | None) -> Asked:
    returned = matter.state == _RETURN_ASKED and matter.closed_on is None
    return Asked(
        more_time, granted, until, returned,
        step.at if step is not None else None, f"{step.body_name}：{step.note}" if step is not None else "",
    )  # fmt: skip


def _opinion(agrees: bool | None, asked: bool) -> str:
    """The caller's word on the result. That they are asked and silent is no word."""
    if agrees is None:
        return "已征求，未答复" if asked else ""
    return "同意" if agrees else "不同意"
