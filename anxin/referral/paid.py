"""逐人到账: what each person of a clue's list claims, was settled, got and is still owed, page by page, and as a workbook."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from anxin.clues.masking import opened
from anxin.clues.models import Claimant, Clue, Particulars
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.masking import mask_id_number, mask_name
from anxin.referral.claims import Claim, claims_of, people_of, unproved
from anxin.referral.models import ListedPayment, Recovered

PAGE = 50
PARTS = {"": "全部", "open": "还差", "unproved": "有未证明的", "done": "已付清"}


@dataclass(frozen=True)
class Paid:
    """One person of the list; name and number masked. ``proofs`` and ``listed`` are shown on a page only."""

    claimant: Claimant
    name: str
    id_number: str
    claim: Claim
    proofs: Sequence[Recovered] = ()
    listed: Sequence[ListedPayment] = ()

    @property
    def count(self) -> int:
        return len(self.proofs) + len(self.listed)


@dataclass(frozen=True)
class Totals:
    """The whole list in fen. ``unknown`` people have no sum; ``loose`` is proved money whose person nobody has named."""

    people: int
    claimed: int
    owed: int
    receipt: int
    word: int
    unproved: int
    rest: int
    unknown: int
    loose: int
    loose_rows: int


@dataclass(frozen=True)
class PaidPage:
    """One page; ``next_after`` asks for the next one, ``None`` on the last."""

    items: list[Paid]
    totals: Totals
    counts: Mapping[str, int]
    next_after: int | None


def paid_page(clue: Clue, *, part: str = "", after: int = 0, limit: int | None = PAGE) -> PaidPage:
    """The people in the order of the list; eight queries whatever their number. Without a limit all of them."""
    people = people_of(clue)
    claims = claims_of([one.pk for one in people])
    chosen = [one for one in people if _fits(claims[one.pk], part)]
    start = next((at + 1 for at, one in enumerate(chosen) if one.pk == after), 0)
    shown = chosen[start : start + limit] if limit else chosen
    more = len(chosen) > start + len(shown)
    keys = [one.pk for one in shown]
    known = {
        one.claimant_id: one
        for one in Particulars.objects.filter(claimant__in=keys, superseded_at__isnull=True)
    }
    proofs, listed = _histories(keys) if limit else ({}, {})
    items = [
        Paid(
            one,
            mask_name(opened(known[one.pk].name)),
            mask_id_number(opened(known[one.pk].id_number)),
            claims[one.pk],
            proofs.get(one.pk, ()),
            listed.get(one.pk, ()),
        )
        for one in shown
    ]
    counts = {name: sum(1 for one in people if _fits(claims[one.pk], name)) for name in PARTS}
    return PaidPage(items, _totals(clue, list(claims.values())), counts, shown[-1].pk if more else None)


_COLUMNS = (
    Column("序号", "number", 6),
    Column("姓名", "text", 10),
    Column("身份证号", "text", 22),
    Column("本人主张（元）", "yuan", 16),
    Column("已定金额（元）", "yuan", 16),
    Column("凭回单或凭证到账（元）", "yuan", 22),
    Column("凭本人确认到账（元）", "yuan", 20),
    Column("只有清单、未证明（元）", "yuan", 22),
    Column("还差（元）", "yuan", 16),
)


def paid_workbook(clue: Clue, *, part: str, on: dt.date, office: str) -> bytes:
    """The people as the page shows them, masked, with their sums below."""
    told = paid_page(clue, part=part, limit=None)
    claims = [one.claim for one in told.items]
    rows = [
        [
            one.claimant.number, one.name, one.id_number, one.claim.claimed, one.claim.agreed, one.claim.receipt,
            one.claim.word, one.claim.unproved, one.claim.rest,
        ]
        for one in told.items
    ]  # fmt: skip
    total = [
        "合计", "", "", sum(one.claimed or 0 for one in claims), sum(one.agreed or 0 for one in claims),
        sum(one.receipt for one in claims), sum(one.word for one in claims),
        sum(one.unproved for one in claims), sum(one.rest or 0 for one in claims),
    ]  # fmt: skip
    subtitle = (
        f"填报单位：{office}　线索：{clue.number}　{PARTS[part]}{len(rows)}人　导出日期：{on.isoformat()}"
    )
    return table_workbook("逐人到账", subtitle, _COLUMNS, rows, total=total)


def _fits(claim: Claim, part: str) -> bool:
    if part == "open":
        return claim.rest is None or claim.rest > 0
    if part == "unproved":
        return claim.unproved > 0
    return claim.rest == 0 if part == "done" else True


def _histories(keys: Sequence[int]) -> tuple[dict[int, list[Recovered]], dict[int, list[ListedPayment]]]:
    proofs: dict[int, list[Recovered]] = defaultdict(list)
    rows = Recovered.objects.filter(claimant__in=keys, withdrawn_at__isnull=True)
    for row in rows.select_related("receipt", "document").order_by("paid_on", "pk"):
        proofs[row.claimant_id or 0].append(row)
    listed: dict[int, list[ListedPayment]] = defaultdict(list)
    for one in unproved().filter(claimant__in=keys).order_by("paid_on", "pk"):
        listed[one.claimant_id].append(one)
    return proofs, listed


def _totals(clue: Clue, claims: Sequence[Claim]) -> Totals:
    loose = Recovered.objects.filter(clue=clue, claimant__isnull=True, withdrawn_at__isnull=True)
    found = loose.aggregate(fen=Sum("amount_fen"), rows=Count("pk"))
    return Totals(
        people=len(claims),
        claimed=sum(one.claimed or 0 for one in claims),
        owed=sum(one.owed or 0 for one in claims),
        receipt=sum(one.receipt for one in claims),
        word=sum(one.word for one in claims),
        unproved=sum(one.unproved for one in claims),
        rest=sum(one.rest or 0 for one in claims),
        unknown=sum(1 for one in claims if one.rest is None),
        loose=found["fen"] or 0,
        loose_rows=found["rows"],
    )
