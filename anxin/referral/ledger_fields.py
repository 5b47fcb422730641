"""What a column of the ledger may hold: each with its name in the layout's page, its kind, and how a row gives it.

Nothing here names who told: a ledger goes from hand to hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from django.utils import timezone

from anxin.kernel.money import FEN_PER_YUAN

if TYPE_CHECKING:  # rows are gathered above: by what settles a clue, which reads signed tables
    from anxin.referral.ledger_page import LedgerRow

Kind = Literal["text", "number", "yuan", "wan", "date"]
#: what a cell may hold; ``None`` leaves it empty
Cell = str | int | Decimal | dt.date | None
_FEN_PER_WAN = FEN_PER_YUAN * 10_000
#: a column of a bureau's own workbook that stays empty; as many as it has
LEFT = "left"
#: how Excel shows each kind
FORMATS: Mapping[Kind, str] = {
    "text": "@", "number": "0", "yuan": "#,##0.00", "wan": "#,##0.00####", "date": "yyyy-mm-dd"
}  # fmt: skip
#: empty columns, for what a bureau writes by hand (备注、包案领导…)
BLANKS = tuple(f"blank{number}" for number in range(1, 7))


@dataclass(frozen=True)
class Field:
    """One thing a column may hold. ``of`` takes the row and its running number, from 1."""

    title: str
    kind: Kind
    of: Callable[[LedgerRow, int], Cell]
    width: int = 14


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(moment) if moment is not None else None


def _in(fen: int | None, unit: int) -> Decimal | None:
    return None if fen is None else Decimal(fen) / unit


def _paid(row: LedgerRow) -> int:
    fen: int = getattr(row.clue, "recovered_fen", 0)
    return fen


def _struck_before(row: LedgerRow) -> str:
    return "；".join(f"{_day(one.closed_at)}销号，{_day(one.reopened_at)}重新打开" for one in row.undone)


def _conclusion(row: LedgerRow) -> str:
    found = row.conclusion
    return f"{found.name}（{found.get_standing_display()}）" if found else ""


def _told_how(row: LedgerRow) -> str:
    """By which way, and who did it; empty until somebody was reached."""
    if row.conclusion is None or row.conclusion.told_at is None:
        return ""
    first = next((one for one in row.tellings if one.reached), None)
    if first is None:
        return "当时没有记下"
    return f"{first.get_way_display()}，{first.by_name}" if first.by_name else first.get_way_display()


FIELDS: Mapping[str, Field] = {
    "order": Field("序号", "number", lambda row, number: number, 6),
    "number": Field("线索编号", "text", lambda row, _: row.clue.number, 26),
    "sender_number": Field("来件编号（工单号）", "text", lambda row, _: row.clue.sender_number, 22),
    "channel": Field("渠道", "text", lambda row, _: row.clue.get_channel_display(), 12),
    "kind": Field("类别（投诉、举报）", "text", lambda row, _: row.clue.get_kind_display(), 10),
    "received": Field("收到日期", "date", lambda row, _: _day(row.clue.received_at), 12),
    "region": Field("所属地区", "text", lambda row, _: row.clue.region.name, 14),
    "what": Field("反映事项", "text", lambda row, _: row.clue.title, 40),
    "urgency": Field("紧急程度", "text", lambda row, _: row.clue.get_urgency_display(), 10),
    "construction": Field(
        "是否工程建设领域", "text", lambda row, _: "是" if row.clue.of_construction else "否", 10
    ),
    "employer": Field(
        "用人单位",
        "text",
        lambda row, _: row.clue.employer.name if row.clue.employer else row.clue.debtor,
        28,
    ),
    "project": Field(
        "项目",
        "text",
        lambda row, _: row.clue.project.name if row.clue.project else row.clue.project_name,
        28,
    ),
    "people": Field("人数", "number", lambda row, _: row.people, 10),
    "months": Field("拖欠月数", "number", lambda row, _: row.clue.months, 10),
    "claimed_wan": Field("欠薪金额（万元）", "wan", lambda row, _: _in(row.claimed, _FEN_PER_WAN), 12),
    "claimed": Field("欠薪金额（元）", "yuan", lambda row, _: _in(row.claimed, FEN_PER_YUAN), 16),
    "lead": Field("牵头单位", "text", lambda row, _: row.referral.now.lead.name if row.referral else "", 28),
    "matter": Field("事项编号", "text", lambda row, _: row.referral.now.number if row.referral else "", 30),
    "referred": Field(
        "派出日期", "date", lambda row, _: _day(row.referral.referred_at) if row.referral else None, 12
    ),
    "state": Field("现在的办理状态", "text", lambda row, _: row.clue.get_state_display(), 10),
    "conclusion": Field("结论", "text", lambda row, _: _conclusion(row), 24),
    "concluded": Field(
        "结论日期", "date", lambda row, _: _day(row.conclusion.at) if row.conclusion else None, 12
    ),
    "told_on": Field(
        "告知日期", "date", lambda row, _: _day(row.conclusion.told_at) if row.conclusion else None, 12
    ),
    "told_how": Field("告知方式", "text", lambda row, _: _told_how(row), 18),
    "told_tries": Field(
        "没有联系上（次）", "number", lambda row, _: sum(not one.reached for one in row.tellings), 10
    ),
    "late": Field(
        "是否逾期过", "text", lambda row, _: "是" if getattr(row.clue, "late", False) else "否", 10
    ),
    "paid": Field("证明到账（元）", "yuan", lambda row, _: _in(_paid(row), FEN_PER_YUAN), 16),
    "paid_wan": Field("证明到账（万元）", "wan", lambda row, _: _in(_paid(row), _FEN_PER_WAN), 12),
    "rest": Field("尚差（元）", "yuan", lambda row, _: _in(row.rest, FEN_PER_YUAN), 16),
    "rest_wan": Field("尚差（万元）", "wan", lambda row, _: _in(row.rest, _FEN_PER_WAN), 12),
    "struck": Field("是否销号", "text", lambda row, _: "已销号" if row.closing else "未销号", 10),
    "strike_number": Field("销号编号", "text", lambda row, _: row.number, 30),
    "strike_day": Field(
        "销号日期", "date", lambda row, _: _day(row.closing.closed_at) if row.closing else None, 12
    ),
    "strike_by": Field("销号人", "text", lambda row, _: row.closing.by_name if row.closing else "", 12),
    "strike_how": Field(
        "销号依据", "text", lambda row, _: row.closing.get_how_display() if row.closing else "", 16
    ),
    "struck_before": Field("此前销号", "text", lambda row, _: _struck_before(row), 24),
    LEFT: Field("不填（空着）", "text", lambda row, _: None, 14),
    **{
        name: Field(f"空白列{number}（手填）", "text", lambda row, _: None, 14)
        for number, name in enumerate(BLANKS, start=1)
    },
}
