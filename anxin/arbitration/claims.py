"""What each applicant asks for, line by line to the fen, and what may still be changed of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.db import transaction
from django.db.models import QuerySet

from anxin.accounts.models import User
from anxin.arbitration.groups import require_consent
from anxin.arbitration.journalling import held, note
from anxin.arbitration.models import Applicant, ArbitrationCase, Claim, Finding, Item
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused

#: nobody claims more in one line; a bigger number is a slip
MOST_FEN = 10**10


@dataclass(frozen=True)
class Line:
    """One line as asked. With days and a rate the due sum is worked out of them; else it is given."""

    item: str
    month: str = ""
    days: Decimal | None = None
    rate_fen: int | None = None
    due_fen: int | None = None
    paid_fen: int = 0
    source: str = ""


def due_of(days: Decimal, rate_fen: int) -> int:
    """Days times rate, to the fen, halves up."""
    return int((days * rate_fen).to_integral_value(rounding=ROUND_HALF_UP))


def checked(line: Line) -> Line:
    """The line with its month as ``2026-01`` and its due sum. Raises :class:`Refused` in a sentence."""
    if line.item not in Item.values:
        raise Refused("请从列表中选择请求的项目。", field="item")
    if line.month:
        try:
            Month.parse(line.month)
        except ValueError as error:
            raise Refused(str(error), field="month") from None
    due = line.due_fen
    if line.days is not None or line.rate_fen is not None:
        if line.days is None or line.rate_fen is None:
            raise Refused("天数和日工资要一起填，或者都不填、直接填应付金额。", field="days")
        if not Decimal(0) < line.days <= 366 or line.days.as_tuple().exponent < -1:  # type: ignore[operator]
            raise Refused("天数请填大于0、最多一位小数的数，例如 21.5。", field="days")
        if not 0 < line.rate_fen < MOST_FEN:
            raise Refused("日工资须大于0，请填写每天多少元。", field="rate")
        worked = due_of(line.days, line.rate_fen)
        if due is not None and due != worked:
            raise Refused(
                f"天数乘日工资是{worked / 100:,.2f}元，与所填的应付{due / 100:,.2f}元不一致，请核对，或者只填一种。",
                field="due",
            )
        due = worked
    if due is None or not 0 < due < MOST_FEN:
        raise Refused("请填写应付多少元，或者填天数和日工资。", field="due")
    if not 0 <= line.paid_fen < due:
        raise Refused("已付的金额须不小于0、小于应付；已经付清的不用列入请求。", field="paid")
    return Line(
        line.item, line.month, line.days, line.rate_fen, due, line.paid_fen, line.source.strip()[:300]
    )


def put(applicant: Applicant, line: Line, *, by: User, now: dt.datetime, claim: Claim | None = None) -> Claim:
    """Add a line, or change ``claim``. The same line again changes nothing. Raises :class:`Refused`."""
    line = checked(line)
    assert line.due_fen is not None
    with transaction.atomic():
        case = held(applicant.case, by)
        standing = Claim.objects.filter(applicant=applicant, item=line.item, month=line.month).first()
        if standing is not None and (claim is None or standing.pk != claim.pk):
            if claim is None and _same(standing, line):
                return standing
            raise Refused(
                f"{applicant}申请人的“{standing.get_item_display()}{f' {line.month}' if line.month else ''}”已经有一行，请修改那一行。",
                field="item",
            )
        if claim is not None:
            if _same(claim, line):
                return claim
            _open_to_change(claim)
            require_consent(applicant)
            Finding.objects.filter(claim=claim).delete()
        else:
            claim = Claim(applicant=applicant)
        was = claim.owed_fen if claim.pk else None
        claim.item, claim.month, claim.days, claim.rate_fen = line.item, line.month, line.days, line.rate_fen
        claim.due_fen, claim.paid_fen, claim.owed_fen = (
            line.due_fen,
            line.paid_fen,
            line.due_fen - line.paid_fen,
        )
        claim.source, claim.recorded_at, claim.by_name = line.source, now, str(by)
        claim.save()
        note(case, "claim_kept", f"{applicant}申请人的请求“{claim.get_item_display()}”", by=by, now=now,
             after={"claim": claim.pk, "month": claim.month, "was": was, "owed": claim.owed_fen})  # fmt: skip
    return claim


def take(
    case: ArbitrationCase,
    lines: Sequence[tuple[Applicant, Line]],
    *,
    by: User,
    now: dt.datetime,
    said: str = "按考勤和工资记录",
) -> int:
    """Add many lines at once; an item and month that an applicant claims already is left. Returns how many are new.

    ``said``: where they come from, for the journal.
    """
    with transaction.atomic():
        found = held(case, by)
        standing = set(Claim.objects.filter(applicant__case=found).values_list("applicant", "item", "month"))
        fresh = []
        for applicant, line in lines:
            line = checked(line)
            assert line.due_fen is not None
            if (applicant.pk, line.item, line.month) in standing:
                continue
            standing.add((applicant.pk, line.item, line.month))
            fresh.append(
                Claim(
                    applicant=applicant,
                    item=line.item,
                    month=line.month,
                    days=line.days,
                    rate_fen=line.rate_fen,
                    due_fen=line.due_fen,
                    paid_fen=line.paid_fen,
                    owed_fen=line.due_fen - line.paid_fen,
                    source=line.source,
                    recorded_at=now,
                    by_name=str(by),
                )
            )
        Claim.objects.bulk_create(fresh)
        if fresh:
            note(found, "claims_taken", f"{said}列入{len(fresh)}项请求", by=by, now=now,
                 after={"claims": len(fresh), "owed": sum(one.owed_fen for one in fresh)})  # fmt: skip
    return len(fresh)


def remove(claim: Claim, *, by: User, now: dt.datetime) -> None:
    """Take a line out (the claim is given up), while no award was made of it. Raises :class:`Refused`."""
    with transaction.atomic():
        case = held(claim.applicant.case, by)
        _open_to_change(claim)
        require_consent(claim.applicant)
        Finding.objects.filter(claim=claim).delete()
        note(case, "claim_removed", f"{claim.applicant}申请人撤下请求“{claim.get_item_display()}”", by=by, now=now,
             after={"month": claim.month, "owed": claim.owed_fen})  # fmt: skip
        claim.delete()


def claims_of(case: ArbitrationCase) -> QuerySet[Claim]:
    """The lines of a case by applicant, item and month, with what was found of each; one query."""
    rows = Claim.objects.filter(applicant__case=case).select_related("applicant", "finding__award")
    return rows.order_by("applicant__number", "item", "month", "pk")


def days_of(text: str) -> Decimal | None:
    """``21.5`` → days; empty is nothing. Raises :class:`Refused`."""
    text = text.strip()
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise Refused("天数请填数字，例如 21.5。", field="days") from None
    if not found.is_finite():
        raise Refused("天数请填数字，例如 21.5。", field="days")
    return found


def _same(claim: Claim, line: Line) -> bool:
    now = (claim.item, claim.month, claim.days, claim.rate_fen, claim.due_fen, claim.paid_fen, claim.source)
    return now == (line.item, line.month, line.days, line.rate_fen, line.due_fen, line.paid_fen, line.source)


def _open_to_change(claim: Claim) -> None:
    if Finding.objects.filter(claim=claim, award__isnull=False).exists():
        raise Refused("这一项已经裁决，不能再改；裁决书有笔误的，请用补正。")
