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
from anxin.referral.counting import Span, rows
from anxin.referral.models import Closing, Conclusion, Referral

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
    ("销号", (("是否销号", 10), ("销号日期", 12), ("销号人", 12), ("销号依据", 16))),
)
_TEXT = "@"


def ledger_rows(user: User, span: Span) -> list[list[Any]]:
    """The ledger's rows, the earliest first; four queries."""
    clues = list(rows(user, span).order_by("received_at", "pk")[:LIMIT])
    keys = [clue.pk for clue in clues]
    referrals = {
        one.clue_id: one
        for one in Referral.objects.filter(clue__in=keys).select_related("matter__lead").order_by("pk")
    }
    conclusions = {
        one.clue_id: one
        for one in Conclusion.objects.filter(clue__in=keys, ended_at__isnull=True).order_by("pk")
    }
    closings = {
        one.clue_id: one
        for one in Closing.objects.filter(clue__in=keys, reopened_at__isnull=True).order_by("pk")
        if timezone.localdate(one.closed_at) <= span.as_of
    }
    return [
        _row(number, clue, referrals.get(clue.pk), conclusions.get(clue.pk), closings.get(clue.pk))
        for number, clue in enumerate(clues, start=1)
    ]


def ledger_workbook(user: User, span: Span, *, office: str, on: dt.date) -> bytes:
    """The ledger as ``.xlsx`` in the layout that bureaus keep."""
    table = ledger_rows(user, span)
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
        page.set_paper(8)  # A3: twenty columns
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


def _row(
    number: int,
    clue: Any,
    referral: Referral | None,
    conclusion: Conclusion | None,
    closing: Closing | None,
) -> list[Any]:
    claimed = conclusion.amount_fen if conclusion and conclusion.amount_fen else clue.amount_fen
    people = conclusion.people if conclusion and conclusion.people else clue.people
    rest = None if claimed is None else max(claimed - clue.recovered_fen, 0)
    return [
        number,
        clue.number,
        clue.get_channel_display(),
        timezone.localdate(clue.received_at),
        clue.region.name,
        clue.title,
        clue.employer.name if clue.employer else clue.debtor,
        clue.project.name if clue.project else clue.project_name,
        people,
        _decimal(claimed, _FEN_PER_WAN),
        referral.matter.lead.name if referral else "",
        referral.matter.number if referral else "",
        timezone.localdate(referral.referred_at) if referral else None,
        f"{conclusion.name}（{conclusion.get_standing_display()}）" if conclusion else "",
        _decimal(clue.recovered_fen, FEN_PER_YUAN),
        _decimal(rest, FEN_PER_YUAN),
        "已销号" if closing else "未销号",
        timezone.localdate(closing.closed_at) if closing else None,
        closing.by_name if closing else "",
        closing.get_how_display() if closing else "",
    ]


def _decimal(fen: int | None, unit: int) -> Decimal | None:
    return None if fen is None else Decimal(fen) / unit
