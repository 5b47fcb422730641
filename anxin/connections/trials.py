"""A trial: what would become of every row of an institution's sample under a layout. Nothing is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from anxin import formats
from anxin.connections.models_layouts import TABLE, InstitutionLayout
from anxin.evidence import files
from anxin.evidence.bankfiles import recognise_bytes
from anxin.formats import Format, FormatRefused, PayOrder, PayOrderLine
from anxin.formats.ntagcapy import Ntagcapy, Options
from anxin.kernel.masking import mask_card, mask_name
from anxin.kernel.refusal import Refused
from anxin.sheets import Recognition, SheetRefused

ACCEPTED, REFUSED, SKIPPED = "accepted", "refused", "skipped"


@dataclass(frozen=True)
class Fate:
    """One row: what becomes of it, whose it is (masked), and why where it is not accepted."""

    row: int
    verdict: str
    name: str = ""
    card: str = ""
    amount_fen: int | None = None
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Trial:
    """Every row's fate; ``refusal`` where the file as a whole is not taken; ``written`` for a file that goes out."""

    fates: tuple[Fate, ...] = ()
    refusal: str = ""
    note: str = ""
    written: str = ""
    recognition: Recognition | None = None

    def count(self, verdict: str) -> int:
        return sum(1 for fate in self.fates if fate.verdict == verdict)

    @property
    def counts(self) -> dict[str, int]:
        return {verdict: self.count(verdict) for verdict in (ACCEPTED, REFUSED, SKIPPED)}

    @property
    def passed(self) -> bool:
        """Something was accepted, and the file as a whole was taken."""
        return not self.refusal and self.count(ACCEPTED) > 0


def try_layout(layout: InstitutionLayout, *, mapping: dict[str, Any] | None = None) -> Trial:
    """The trial of a layout on its sample, or with a mapping that is still being made."""
    if layout.direction == InstitutionLayout.Direction.ORDERS:
        return _try_order(layout)
    if layout.sample is None:
        return Trial(refusal="还没有样本文件，请先上传一份。")
    used = mapping if mapping is not None else layout.mapping
    if layout.format_key == TABLE and not any((used.get("columns") or {}).values()):
        return Trial(refusal="还没有指出各列是什么：请选出收款人或银行卡号，以及金额。")
    try:
        data = files.read(layout.sample)
        found = recognise_bytes(
            "receipts", data, layout.sample_name, mapping=used if layout.format_key == TABLE else None
        )
    except (SheetRefused, files.FileDamaged) as refusal:
        return Trial(refusal=str(refusal))
    return Trial(fates=tuple(_fates(found)), note=found.note, recognition=found)


def _fates(found: Recognition) -> list[Fate]:
    has_status = "status" in found.columns
    fates = [_fate(row.number, row.values, has_status) for row in found.rows]
    reasons: dict[int, list[str]] = {}
    for problem in found.rejected:
        reasons.setdefault(problem.row, []).append(problem.reason)
    fates += [Fate(row, REFUSED, reason="；".join(said)) for row, said in reasons.items()]
    fates += [
        Fate(row, SKIPPED, reason=reason) for row, reason in found.skipped if row > found.header_rows[-1]
    ]
    return sorted(fates, key=lambda fate: fate.row)


def _fate(row: int, values: dict[str, Any], has_status: bool) -> Fate:
    status = values.get("status")
    verdict, reason = ACCEPTED, ""
    if status == "pending":
        verdict, reason = REFUSED, "银行尚在处理，还没有结果。"
    elif has_status and status is None:
        verdict, reason = REFUSED, "没有写明发放成功还是失败。"
    outcome = {"success": "成功", "failed": "失败", "reversed": "冲正", None: "未写明"}.get(status, "处理中")
    if status == "failed" and values.get("reason"):
        outcome = f"失败：{values['reason']}"
    return Fate(
        row,
        verdict,
        name=mask_name(values.get("name") or ""),
        card=mask_card(values["bank_card"]) if values.get("bank_card") else "",
        amount_fen=values.get("amount"),
        outcome=outcome,
        reason=reason,
    )


# --- files that go out -----------------------------------------------------------------------------------


def format_of(layout: InstitutionLayout) -> Format:
    """The format in which an institution wants its orders. Raises :class:`Refused`."""
    try:
        found = formats.get(layout.format_key)
    except FormatRefused as refusal:
        raise Refused(str(refusal)) from refusal
    if isinstance(found, Ntagcapy) and layout.options:
        return Ntagcapy(Options(**layout.options))
    return found


def _try_order(layout: InstitutionLayout) -> Trial:
    """Write an order to two invented people and read it back as the bank would."""
    try:
        written = format_of(layout).write(_ORDER)
        reading = formats.read(written)
    except (FormatRefused, Refused) as refusal:
        return Trial(refusal=str(refusal))
    (order,) = (message for message in reading.messages if isinstance(message, PayOrder))
    fates = tuple(
        Fate(number, ACCEPTED, mask_name(line.name), mask_card(line.card), line.amount_fen, "代发")
        for number, line in enumerate(order.lines, 1)
    )
    return Trial(fates=fates, note="".join(reading.notes), written=written.decode())


_CHINA = dt.timezone(dt.timedelta(hours=8))
_ORDER = PayOrder(
    reference="SHIXIE-0001",
    project_code="SHIXIE",
    month="2026-01",
    payer_account="990000000000001",
    payer_name="试写工程农民工工资专用账户",
    created_at=dt.datetime(2026, 1, 15, 9, 0, tzinfo=_CHINA),
    lines=(
        PayOrderLine(1, "SHIXIE-0001-1", "试写甲", "9900000000000000017", "", 512_345, "", "2026年1月工资"),
        PayOrderLine(2, "SHIXIE-0001-2", "试写·乙", "9900000000000000025", "", 60_000, "", "2026年1月工资"),
    ),
)
