"""How far a ticket is in the hotline's own words, as a row of its list says it; which of two rows is the newer one.

Pure. A list that says when it was made, or when each ticket moved, is ordered by that. One that does not is older where
a count is smaller or a day that was known is missing or earlier; where nothing tells, what comes later holds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils import timezone

from anxin.kernel.refusal import Refused
from anxin.sheets.dates import DateError, parse_date
from anxin.sheets.texts import squeeze

ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
OLDER, UNTOLD, NEWER = -1, 0, 1
LONGEST = {"status": 40, "returned_why": 500, "result": 2000}
#: how far a centre's clock may be ahead of ours
_AHEAD = dt.timedelta(minutes=5)
_MOST_TIMES = 999
_EXTENSION = {
    ASKED: ("申请中", "已申请", "申请延期", "待审批", "审批中", "待审核"),
    GRANTED: ("是", "有", "已延期", "延期", "同意", "已同意", "批准", "已批准", "同意延期", "批准延期"),
    REFUSED: ("不同意", "不批准", "未批准", "未同意", "驳回", "已驳回", "退回", "不予延期"),
    "": ("否", "无", "没有", "未延期", "未申请", "-", "—"),
}
_YES = (
    "是",
    "已联系",
    "已联系上",
    "已解决",
    "部分解决",
    "满意",
    "非常满意",
    "很满意",
    "比较满意",
    "基本满意",
    "基本解决",
)
_NO = (
    "否",
    "未联系",
    "未联系上",
    "联系不上",
    "无法联系",
    "未解决",
    "没有解决",
    "不满意",
    "非常不满意",
    "很不满意",
)
_NONE = ("", "无", "-", "—", "未评价", "未回访", "不评价", "待回访")
_TIMES = re.compile(r"(\d{1,3})次?")
_DAY = re.compile(r"(?<!\d)(20\d{2})(?:(\d{2})(\d{2})|[-._年](\d{1,2})[-._月](\d{1,2}))(?!\d)")
#: of a 回访: whether the caller was reached, the matter is solved, the caller is content
FLAGS = ("contacted", "solved", "satisfied")
_COUNTS = ("redone", "supervised")
_MOMENTS = ("returned_at", "answered_at", "done_at")
_TITLES = {
    "returned_at": "退单时间", "answered_at": "答复时间", "done_at": "办结时间", "as_of": "更新时间",
    "extension_asked_to": "申请延期至", "extended_to": "批准延期至", "status": "工单状态", "returned_why": "退单原因",
    "result": "办理结果", "redone": "重办次数", "supervised": "督办次数",
}  # fmt: skip


@dataclass(frozen=True)
class Status:
    """What the hotline says of its ticket. ``None`` and ``""``: not said. Moments are aware, days are days of the place."""

    status: str = ""
    #: 退单, as the hotline has it
    returned_why: str = ""
    returned_at: dt.datetime | None = None
    #: :data:`ASKED`, :data:`GRANTED`, :data:`REFUSED`
    extension: str = ""
    extension_asked_to: dt.date | None = None
    extended_to: dt.date | None = None
    result: str = ""
    answered_at: dt.datetime | None = None
    done_at: dt.datetime | None = None
    #: how often it was sent back to be handled anew (重办), and put under oversight (督办)
    redone: int | None = None
    supervised: int | None = None
    #: of the hotline's 回访
    contacted: bool | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    #: when it stood so: of the ticket, and of the list
    as_of: dt.datetime | None = None
    listed_on: dt.date | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What it says, without when."""
        return {name: getattr(self, name) for name in SAYS}


SAYS = tuple(one.name for one in fields(Status) if one.name not in ("as_of", "listed_on"))


def day_of_list(*names: str, today: dt.date) -> dt.date | None:
    """The last day that the name of a file or a sheet bears (``热线工单20261120.xlsx``) and that is not to come."""
    days = []
    for found in (one for name in names for one in _DAY.finditer(name)):
        year, *rest = (int(part) for part in found.groups() if part)
        try:
            days.append(dt.date(year, *rest))
        except ValueError:
            continue
    return max((day for day in days if day <= today), default=None)


def read_status(values: Mapping[str, Any], *, listed_on: dt.date | None, now: dt.datetime) -> Status:
    """What one row says; ``values`` by the names of ``sheets.vocabulary.hotline``. Raises :class:`Refused` with the field."""
    told: dict[str, Any] = {name: _short(values, name) for name in LONGEST}
    told |= {name: _moment(values, name) for name in (*_MOMENTS, "as_of")}
    told |= {name: _times(values, name) for name in _COUNTS}
    told |= _flags(values) | _extension(values)
    status = Status(**told, listed_on=listed_on)
    _check(status, values, now)
    return status


def age(kept: Status, new: Status, told: Set[str]) -> int:
    """Whether ``new`` is :data:`NEWER` or :data:`OLDER` than what is known. ``told``: which columns its list has."""
    for name in ("as_of", "listed_on"):
        before, after = getattr(kept, name), getattr(new, name)
        if before is not None and after is not None and before != after:
            return NEWER if after > before else OLDER
    moved = [
        getattr(new, name) - getattr(kept, name)
        for name in _COUNTS
        if getattr(new, name) is not None and getattr(kept, name) is not None
    ]
    if any(one < 0 for one in moved):
        return OLDER
    if any(moved):
        return NEWER
    for name in _MOMENTS:
        before, after = getattr(kept, name), getattr(new, name)
        if name in told and before is not None and (after is None or after < before):
            return OLDER
    return UNTOLD


def merged(kept: Status, new: Status, told: Set[str], how: int) -> Status:
    """What holds after this row: an empty cell takes something back only in a list that is known to be newer."""
    changes = {
        name: value
        for name, value in new.said.items()
        if value not in (None, "") or (how == NEWER and name in told)
    }
    times = {name: getattr(new, name) or getattr(kept, name) for name in ("as_of", "listed_on")}
    return replace(kept, **changes, **times)


def worse(kept: Status | None, now: Status) -> bool:
    """Whether somebody has to look again: handled anew, put under oversight, not solved or not content since."""
    before = kept or Status()
    more = any((getattr(now, name) or 0) > (getattr(before, name) or 0) for name in _COUNTS)
    return more or any(
        getattr(now, name) is False and getattr(before, name) is not False for name in ("solved", "satisfied")
    )


def _short(values: Mapping[str, Any], name: str) -> str:
    text = str(values.get(name) or "").strip()
    if len(text) > LONGEST[name]:
        raise Refused(f"{_TITLES[name]}最多{LONGEST[name]}个字，现在是{len(text)}个字，请删减。", field=name)
    return text


def _moment(values: Mapping[str, Any], name: str) -> dt.datetime | None:
    found = values.get(name)
    return None if found is None else timezone.make_aware(found)


def _times(values: Mapping[str, Any], name: str) -> int | None:
    text = squeeze(str(values.get(name) or ""))
    if text in ("是", "有"):
        return 1
    if text in ("否", "无", "没有", "-", "—"):
        return 0
    if not text:
        return None
    found = _TIMES.fullmatch(text.removesuffix(".0"))
    if found is None or int(found[1]) > _MOST_TIMES:
        raise Refused(
            f"{_TITLES[name]}“{text[:20]}”不是次数，请填写0到{_MOST_TIMES}的整数，不知道的请留空。",
            field=name,
        )
    return int(found[1])


def _flags(values: Mapping[str, Any]) -> dict[str, bool | None]:
    cells = {name: str(values.get(name) or "") for name in FLAGS}
    three = re.split(r"[/、，,；;|]", cells["satisfied"])
    if len(three) == len(FLAGS):
        # 是否联系/是否解决/是否满意 in one cell
        cells = dict(zip(FLAGS, three, strict=True))
    return {name: _flag(text, name) for name, text in cells.items()}


def _flag(text: str, name: str) -> bool | None:
    word = squeeze(text)
    if word in _NONE:
        return None
    if word not in (*_YES, *_NO):
        raise Refused(f"回访“{text.strip()[:20]}”看不懂，请填写“是”或“否”，没有回访的请留空。", field=name)
    return word in _YES


def _extension(values: Mapping[str, Any]) -> dict[str, Any]:
    asked, until = values.get("extension_asked_to"), values.get("extended_to")
    text = str(values.get("extension") or "").strip()
    word = squeeze(text)
    said = next((key for key, words in _EXTENSION.items() if word in words), None) if word else ""
    if said is None:
        # some lists write the day into this column
        said, until = GRANTED, until or _day(text)
    if said == REFUSED and until is not None:
        raise Refused("延期没有批准，却写了批准延期至的日期，请核对。", field="extended_to")
    if until is not None:
        said = GRANTED
    elif asked is not None and not said:
        said = ASKED
    return {"extension": said, "extension_asked_to": asked, "extended_to": until}


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except DateError:
        raise Refused(
            f"延期“{text[:20]}”看不懂，请填写“申请中”“已批准”“未批准”或批准延期至的日期。", field="extension"
        ) from None


def _check(status: Status, values: Mapping[str, Any], now: dt.datetime) -> None:
    came = values.get("received_at")
    first = came.date() if came is not None else None
    for name in (*_MOMENTS, "as_of"):
        moment = getattr(status, name)
        if moment is None:
            continue
        if moment > now + _AHEAD:
            raise Refused(f"{_TITLES[name]}晚于现在，请核对。", field=name)
        if first is not None and timezone.localtime(moment).date() < first:
            raise Refused(f"{_TITLES[name]}早于来电时间，请核对。", field=name)
    for name in ("extension_asked_to", "extended_to"):
        day = getattr(status, name)
        if day is not None and first is not None and day < first:
            raise Refused(f"{_TITLES[name]}早于来电时间，请核对。", field=name)
    if status.contacted is False and (status.solved is not None or status.satisfied is not None):
        raise Refused("没有联系上本人的，不能写是否解决、是否满意：没有人替他回答。", field="satisfied")
