"""From an evidence key (``payroll_line:12``) to the file, sheet and row where a person finds the cell.

Every table is asked once for all keys of a page. Nothing sealed is read; names leave masked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from anxin.funds.models import ReceiptMatch
from anxin.monitoring.source_pairs import add_pairs
from anxin.monitoring.source_rows import KINDS, RECEIPT, Source, load


def split(keys: str) -> list[str]:
    """``"payroll_line:12|receipt:40"`` → its keys."""
    return [key for key in keys.split("|") if key]


def resolve(keys: Iterable[str], *, project_id: int | None) -> dict[str, list[Source]]:
    """The places behind these keys of one warning; an unknown key is left out. ``project_id`` where it has one.

    A payroll line comes with the receipts that pay it, an attendance key with every sheet that speaks of that
    month, a labour-cost key with terms and disbursements. A constant number of queries.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        kind, _, rest = key.partition(":")
        wanted[kind].add(rest)
    found: defaultdict[str, list[Source]] = defaultdict(list)
    for kind in KINDS.keys() & wanted.keys():
        pks = {int(rest) for rest in wanted[kind] if rest.isdecimal()}
        for pk, source in load(kind, KINDS[kind], Q(pk__in=pks)):
            found[f"{kind}:{pk}"].append(source)
        if kind == "payroll_line":
            _add_receipts(found, pks)
    add_pairs(found, wanted, project_id)
    return dict(found)


def _add_receipts(found: dict[str, list[Source]], lines: set[int]) -> None:
    counted = [ReceiptMatch.State.EXACT, ReceiptMatch.State.CONFIRMED]
    matches = ReceiptMatch.objects.filter(line__in=lines, state__in=counted, ended_at__isnull=True)
    pairs = list(matches.order_by("pk").values_list("line_id", "receipt_id"))
    receipts = dict(load("receipt", RECEIPT, Q(pk__in={receipt for _, receipt in pairs})))
    for line, receipt in pairs:
        found[f"payroll_line:{line}"].append(receipts[receipt])
