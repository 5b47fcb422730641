"""Reversals that nobody can settle by themselves: they are shown, never silently dropped."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from anxin.funds.models import BankReceipt, ReceiptMatch
from anxin.funds.pairs import Receipt
from anxin.funds.reversals import take_back
from anxin.funds.services import read_receipts
from anxin.registry.models import Project

#: so many reversals are looked at for one page
MOST = 200


@dataclass(frozen=True)
class OpenReversal:
    """A reversal whose payment is not known, and what is to be done."""

    receipt: BankReceipt
    told: str


def open_reversals(projects: QuerySet[Project]) -> list[OpenReversal]:
    """The newest reversals on these projects that found no payment, or more than one."""
    entries = list(
        BankReceipt.objects.filter(
            project__in=projects, superseded_at__isnull=True, outcome=BankReceipt.Outcome.REVERSAL
        )
        .select_related("project", "batch")
        .order_by("-id")[:MOST]
    )
    if not entries:
        return []
    by_key = {entry.pk: entry for entry in entries}
    rows = BankReceipt.objects.filter(
        project__in={entry.project_id for entry in entries},
        amount_fen__in={entry.amount_fen for entry in entries},
        superseded_at__isnull=True,
    )
    project_of = dict(rows.values_list("id", "project_id"))
    paid, reversals = read_receipts(rows)
    sure = list(
        ReceiptMatch.objects.filter(
            receipt__in=rows, state=ReceiptMatch.State.CONFIRMED, ended_at__isnull=True
        ).values_list("receipt_id", flat=True)
    )
    sides: dict[int, tuple[list[Receipt], list[Receipt]]] = defaultdict(lambda: ([], []))
    for side, receipts in enumerate((paid, reversals)):
        for receipt in receipts:
            sides[project_of[receipt.id]][side].append(receipt)
    shown = []
    for payments, taken in sides.values():
        back = take_back(payments, taken, confirmed=sure)
        shown += [OpenReversal(by_key[pk], _ALONE) for pk in back.alone if pk in by_key]
        shown += [OpenReversal(by_key[pk], _SEVERAL) for pk in back.unclear if pk in by_key]
    return sorted(shown, key=lambda one: -one.receipt.pk)


_ALONE = "没有找到它冲回的那笔付款：请核对银行流水，导入原来的付款记录。"
_SEVERAL = (
    "同一收款人有几笔同样金额的付款，不知道冲回的是哪一笔；这几笔暂不计入到账，请在上面逐笔确认仍然有效的。"
)
