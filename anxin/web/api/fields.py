"""Kinds of values that bodies, addresses and answers of the interface are made of."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Schema
from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints

from anxin.connections.refusals import CallRefused
from anxin.kernel.paging import Page

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
#: the largest whole number that every language reads from JSON without loss
LARGEST = 2**53 - 1
#: rows of one batch
MOST_ROWS = 2000


def _only_a_day(value: Any) -> Any:
    """A number or a time of day is no day, whatever could be made of it."""
    if isinstance(value, dt.date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("日期应形如 2026-11-21。")


def _moment(value: Any) -> Any:
    """A time with its zone, written out: a bare number or a local time could be read in two ways."""
    try:
        found = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
        if found is not None and found.utcoffset() is not None:
            return found.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("时间应带时区，例如 2026-11-21T07:58:03+08:00。")


Moment = Annotated[dt.datetime, BeforeValidator(_moment)]
Day = Annotated[dt.date, BeforeValidator(_only_a_day)]
MonthOrNone = Annotated[
    str, StringConstraints(pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$"), Field(description="月份，如2026-09")
]
FenOrNone = Annotated[int, Field(strict=True, ge=0, le=10**13, description="金额，单位：分（整数），可为0")]
Flag = StrictBool
Text20 = Annotated[str, StringConstraints(max_length=20, pattern=_NO_CONTROLS)]
Text40 = Annotated[str, StringConstraints(max_length=40, pattern=_NO_CONTROLS)]
Text80 = Annotated[str, StringConstraints(max_length=80, pattern=_NO_CONTROLS)]
Text120 = Annotated[str, StringConstraints(max_length=120, pattern=_NO_CONTROLS)]
Text200 = Annotated[str, StringConstraints(max_length=200, pattern=_NO_CONTROLS)]
#: a number of an account or card: digits, as it stands on the paper
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{6,32}$")]
NumberOrNone = Annotated[str, StringConstraints(pattern=r"^([0-9]{6,32})?$")]
#: an identifier of ours in an address
Line = Annotated[int, Path(ge=1, le=LARGEST)]


class PageIn(Schema):
    """Which piece of a list: ``after`` is the ``next`` of the piece before."""

    model_config = ConfigDict(extra="forbid")

    after: int = Field(0, ge=0, le=LARGEST, description="上一页答复中的 next")
    limit: int = Field(50, ge=1, le=200, description="每页条数")


class Project(Schema):
    """The project that a row belongs to."""

    code: str
    name: str


def paged(
    request: HttpRequest, asked: PageIn, page: Page[Any], items: list[dict[str, Any]]
) -> dict[str, Any]:
    """A piece of a list as it is answered."""
    only_known(request, type(asked))
    return {"items": items, "next": page.next_after}


def only_known(request: HttpRequest, asked: type[Schema]) -> None:
    """A question under a name we do not know would be overlooked: refused."""
    for name in request.GET:
        if name not in asked.model_fields:
            raise CallRefused("invalid", reason="没有这个查询项，请核对名称。", field=name[:40])
