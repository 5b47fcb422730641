"""台账: the bureau's own list of clues, with merged headings, sums in 万元 and 元, and the 销号 column."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import timezone

from anxin.accounts.models import User
from anxin.kernel.money import FEN_PER_YUAN
from anxin.referral.counting import Span
from anxin.referral.ledger_page import NO_FILTERS, LedgerFilters, LedgerRow, filtered, gathered

#: beyond this a list is for a report, not for a person to read
LIMIT = 20_000
_FEN_PER_WAN = FEN_PER_YUAN * 10_000
#: group heading → its columns with widths; a column without a group spans both heading rows
HEADS: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    ("", (("序号", 6),)),
    ("线索", (("编号", 26), ("渠道", 12), ("收到日期", 12), ("所属地区", 14), ("反映事项", 40))),
    ("欠薪情况", (("用人单位", 28), ("项目", 28), ("人数（人）", 10), ("金额（万元）", 12))),
    ("办理", (("牵头单位", 28), ("事项编号", 30), ("派出日期", 12), ("结论", 24))),
    ("追回", (("证明到账（元）", 16), ("尚差（元）", 16))),
    (
        "销号",
        (
            ("是否销号", 10),
            ("销号编号", 30),
            ("销号日期", 12),
            ("销号人", 12),
            ("销号依据", 16),
            ("此前销号", 24),
        ),
    ),
)
_TEXT = "@"


def ledger_rows(user: User, span: Span, filters: LedgerFilters = NO_FILTERS) -> list[list[Any]]:
    """The ledger's rows, the earliest first; four queries."""
    clues = list(filtered(user, span, filters).order_by("received_at", "pk")[:LIMIT])
    return [_row(number, one) for number, one in enumerate(gathered(clues, span), start=1)]


def ledger_workbook(
    user: User, span: Span, *, office: str, on: dt.date, filters: LedgerFilters = NO_FILTERS
) -> bytes:
    """The ledger as ``.xlsx`` in the layout that bureaus keep."""
    table = ledger_rows(user, span, filters)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        page = book.add_worksheet("欠薪线索台账")
        last = sum(len(columns) for _, columns in HEADS) - 1
        title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        page.merge_range(0, 0, 0, last, "欠薪线索办理台账", title)
        page.set_row(0, 28)
        cut = f"　只列出前{LIMIT}条" if len(table) >= LIMIT else ""
        page.merge_range(
            1, 0, 1, last,
            f"填报单位：{office}　收到日期：{span.first}至{span.last}　统计截至：{span.as_of}　制表日期：{on}{cut}",
            book.add_format({"font_color": "#555555"}),
        )  # fmt: skip
        _headings(book, page)
        _body(book, page, table)
        page.freeze_panes(4, 2)
        page.set_landscape()
        page.set_paper(8)  # A3: more than twenty columns
        page.fit_to_pages(1, 0)
        page.repeat_rows(2, 3)
        page.set_footer("&C第&P页，共&N页")
    return buffer.getvalue()


def _headings(book: xlsxwriter.Workbook, page: Any) -> None:
    style = book.add_format(
        {"bold": True, "border": 1, "bg_color": "#EEF2F7", "text_wrap": True, "align": "center", "valign": "vcenter"}
    )  # fmt: skip
    at = 0
    for group, columns in HEADS:
        if not group:
            page.merge_range(2, at, 3, at, columns[0][0], style)
        else:
            page.merge_range(2, at, 2, at + len(columns) - 1, group, style)
            for place, (name, _) in enumerate(columns):
                page.write_string(3, at + place, name, style)
        for place, (_, width) in enumerate(columns):
            page.set_column(at + place, at + place, width)
        at += len(columns)


def _body(book: xlsxwriter.Workbook, page: Any, table: Sequence[Sequence[Any]]) -> None:
    base = {"border": 1, "valign": "top", "text_wrap": True}
    text = book.add_format({**base, "num_format": _TEXT})
    whole = book.add_format({**base, "num_format": "0"})
    money = book.add_format({**base, "num_format": "#,##0.00"})
    wan = book.add_format({**base, "num_format": "#,##0.000000"})
    day = book.add_format({**base, "num_format": "yyyy-mm-dd"})
    names = [name for _, columns in HEADS for name, _ in columns]
    for number, row in enumerate(table, start=4):
        for at, (name, value) in enumerate(zip(names, row, strict=True)):
            if value is None or value == "":
                page.write_blank(number, at, None, text)
            elif isinstance(value, dt.date):
                page.write_datetime(number, at, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, Decimal):
                page.write_number(number, at, value, wan if "万元" in name else money)
            elif isinstance(value, int):
                page.write_number(number, at, value, whole)
            else:
                page.write_string(number, at, str(value), text)


def _row(number: int, row: LedgerRow) -> list[Any]:
    clue, referral, conclusion, closing = row.clue, row.referral, row.conclusion, row.closing
    paid: int = getattr(clue, "recovered_fen", 0)
    return [
        number,
        clue.number,
        clue.get_channel_display(),
        timezone.localdate(clue.received_at),
        clue.region.name,
        clue.title,
        clue.employer.name if clue.employer else clue.debtor,
        clue.project.name if clue.project else clue.project_name,
        row.people,
        _decimal(row.claimed, _FEN_PER_WAN),
        referral.matter.lead.name if referral else "",
        referral.matter.number if referral else "",
        timezone.localdate(referral.referred_at) if referral else None,
        f"{conclusion.name}（{conclusion.get_standing_display()}）" if conclusion else "",
        _decimal(paid, FEN_PER_YUAN),
        _decimal(row.rest, FEN_PER_YUAN),
        "已销号" if closing else "未销号",
        row.number,
        timezone.localdate(closing.closed_at) if closing else None,
        closing.by_name if closing else "",
        closing.get_how_display() if closing else "",
        "；".join(
            f"{timezone.localdate(one.closed_at)}销号，{timezone.localdate(one.reopened_at)}重新打开"
            for one in row.undone
            if one.reopened_at is not None
        ),
    ]


def _decimal(fen: int | None, unit: int) -> Decimal | None:
    return None if fen is None else Decimal(fen) / unit
