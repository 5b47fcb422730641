"""Whether a case comes up to the province's line for refusing to pay wages, and which papers are still missing.

One computation for one case, for the list of them (``crime_list``) and for the notice (``crime_notice``): :func:`watched`
asks three queries however many cases it is given.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery

from anxin.casework.models import Matter, Step
from anxin.enforcement.crime_papers import Paper, papers, papers_at_hand
from anxin.enforcement.inspection import arrears_of_all, cases_of
from anxin.enforcement.models import Arrears
from anxin.evidence.sealing import Sealed
from anxin.kernel.money import FEN_PER_YUAN, sentence_yuan
from anxin.law import Law, LawError
from anxin.letters.life import State
from anxin.letters.models import Letter
from anxin.signals.models import PaymentOrder

SINGLE, GROUP = "crime.large_amount_single", "crime.large_amount_group"
PAPERS, ORDER_FIRST = "crime.transfer_required_docs", "crime.must_order_first"
PROCEDURE = "crime_transfer"
MET, UNMET, UNKNOWN = "met", "unmet", "unknown"


@dataclass(frozen=True)
class Measure:
    """One number of a condition beside what it has to reach; ``unit`` is 人, 个月 or 元 (numbers of 元 are fen)."""

    unit: str
    has: int
    needs: int

    @property
    def met(self) -> bool:
        return self.has >= self.needs


@dataclass(frozen=True)
class Point:
    """One condition: met, unmet or unknown, why, and by which provision."""

    title: str
    state: str
    why: str
    basis: str
    measures: Sequence[Measure] = ()
    #: of an order: the last day for payment, where it is known
    until: dt.date | None = None
    #: of an order: whether one was given, and whether it was performed
    given: bool = False
    paid: bool = False


@dataclass(frozen=True)
class Watch:
    """How a case stands to the criminal threshold."""

    arrears: Arrears | None
    points: Sequence[Point]
    papers: Sequence[Paper]
    papers_basis: str

    @property
    def reached(self) -> bool:
        """Whether one of the two amounts and the order that ran out unpaid are met: then a transfer is to be looked into."""
        return self.order.state == MET and any(one.state == MET for one in self.amounts)

    @property
    def amounts(self) -> list[Point]:
        return [one for one in self.points if one.title != _ORDER]

    @property
    def order(self) -> Point:
        """The order to pay: met once its period has run out unpaid."""
        return next(one for one in self.points if one.title == _ORDER)

    @property
    def missing(self) -> list[str]:
        return [one.title for one in self.papers if not (one.at_hand or one.if_any)]


_ORDER = "责令支付期满未付"
_ORDER_LETTER = "rectification_order"
_NO_DAY = "付款期限到哪天没有登记。由系统出具的限期改正指令书自动取用，其他责令支付文书请在“导入”中登记送达日期和期满日期；期满以前不能移送。"


def watch(matter: Matter, on: dt.date, law: Law) -> Watch:
    """The case held against the line of its place; the papers at hand here and in the matter it follows."""
    return watched([matter], on, law)[matter.pk]


def watched(
    matters: Sequence[Matter], on: dt.date, law: Law, found: Mapping[int, Arrears] | None = None
) -> dict[int, Watch]:
    """All of these cases held against the lines of their places, by their keys; three queries, two where ``found`` is given."""
    found = arrears_of_all(matters) if found is None else found
    orders, lying = _orders(matters), papers_at_hand(matters)
    told = {}
    for matter in matters:
        cases = cases_of(matter)
        steps = [one for pk in cases for one in orders.get(pk, ())]
        value = law.value(PAPERS, on, matter.region_id)
        arrears = found.get(matter.pk)
        points = [*amounts_of(arrears, matter.region_id, on, law), _ordered(matter, steps, on, law)]
        at_hand = {kind for pk in cases for kind in lying.get(pk, ())}
        told[matter.pk] = Watch(arrears, points, papers(at_hand, value.value, law), value.reference)
    return told


def amounts(matter: Matter, on: dt.date, law: Law) -> list[Point]:
    """The two amounts of the line alone, whatever was ordered."""
    return amounts_of(arrears_of_all([matter]).get(matter.pk), matter.region_id, on, law)


def amounts_of(arrears: Arrears | None, region: str, on: dt.date, law: Law) -> list[Point]:
    """What was found held against the two amounts of a place; no query."""
    return [_single(arrears, region, on, law), _group(arrears, region, on, law)]


def _single(arrears: Arrears | None, region: str, on: dt.date, law: Law) -> Point:
    nation = law.value(SINGLE, on).value
    months = int(nation["months"])
    title = f"一人拖欠满{months}个月且数额较大"
    least, most, basis = _line(SINGLE, region, on, law)
    if arrears is None:
        return Point(title, UNKNOWN, f"还没有登记查明的欠薪；线为{_range(least, most)}。", basis)
    line = f"线为{_range(least, most)}。"
    measures = _nearest(arrears, months, least)
    if arrears.lines:  # whoever is owed most may not be who waits longest
        long = [one["fen"] for one in arrears.lines if one["fen"] and one["months"] >= months]
        if not long:
            return Point(title, UNMET, f"没有一人拖欠满{months}个月；{line}", basis, measures)
        said = f"拖欠满{months}个月的{len(long)}人，其中最多一人{sentence_yuan(max(long))}；{line}"
        return Point(title, _against(max(long), least, most), said, basis, measures)
    said = f"最多一人{sentence_yuan(arrears.single_fen)}，拖欠{arrears.months}个月；{line}"
    if arrears.months < months:
        return Point(title, UNMET, said, basis, measures)
    return Point(title, _against(arrears.single_fen, least, most), said, basis, measures)


def _nearest(arrears: Arrears, months: int, fen: int) -> tuple[Measure, Measure]:
    """Months and money of the one person who comes nearest to the line, by the lesser of the two shares."""
    people = [(one["months"], one["fen"]) for one in arrears.lines if one["fen"]]
    people = people or [(arrears.months, arrears.single_fen)]
    months_of, fen_of = max(people, key=lambda one: (min(1, one[0] / months, one[1] / fen), one[1]))
    return Measure("个月", months_of, months), Measure("元", fen_of, fen)


def _group(arrears: Arrears | None, region: str, on: dt.date, law: Law) -> Point:
    people = int(law.value(GROUP, on).value["people"])
    title = f"{people}人以上累计数额较大"
    least, most, basis = _line(GROUP, region, on, law)
    if arrears is None:
        return Point(title, UNKNOWN, f"还没有登记查明的欠薪；线为{_range(least, most)}。", basis)
    said = f"{arrears.people}人合计{sentence_yuan(arrears.total_fen)}；线为{_range(least, most)}。"
    measures = Measure("人", arrears.people, people), Measure("元", arrears.total_fen, least)
    if arrears.people < people:
        return Point(title, UNMET, said, basis, measures)
    return Point(title, _against(arrears.total_fen, least, most), said, basis, measures)


def _ordered(matter: Matter, steps: Iterable[Step], on: dt.date, law: Law) -> Point:
    basis = law.value(ORDER_FIRST, on, matter.region_id).reference
    taken = {step.transition: step for step in sorted(steps, key=lambda one: one.pk)}
    order = taken.get("order") or taken.get("decide")
    if order is None:
        return Point(_ORDER, UNMET, "还没有责令支付，须先下达责令支付文书并送达。", basis)
    done = taken.get("perform") or taken.get("perform_decision")
    paid = done.on if done is not None else order.order_paid  # type: ignore[attr-defined]
    if paid is not None:
        return Point(_ORDER, UNMET, f"{order.on} 责令支付，{paid} 已登记履行。", basis, given=True, paid=True)
    until = _until(order)
    if until is None:
        return Point(_ORDER, UNKNOWN, f"{order.on} 责令支付，{_NO_DAY}", basis, given=True)
    if on <= until:
        said = f"{order.on} 责令支付，期限到{until}；要等到这一天过后仍不支付，才能移送。"
        return Point(_ORDER, UNMET, said, basis, until=until, given=True)
    said = f"{order.on} 责令支付，期限已于{until}届满，没有登记履行。"
    return Point(_ORDER, MET, said, basis, until=until, given=True)


def _orders(matters: Sequence[Matter]) -> dict[int, list[Step]]:
    """The orders and what was performed on them, by matter, with the last day of the office's own order and of the one
    registered for the employer or the project; one query."""
    own = Letter.objects.filter(
        matter=OuterRef("matter"), kind=_ORDER_LETTER, state__in=(State.SEAL, State.SERVE, State.SERVED)
    )
    meant = Q(employer=OuterRef("matter__employer")) | Q(
        project=OuterRef("matter__project"), employer__isnull=True
    )  # nobody's, where neither is known: nothing equals an empty one
    registered = PaymentOrder.objects.filter(
        meant, superseded_at__isnull=True, served_on__gte=OuterRef("on")
    ).order_by("-served_on", "-pk")
    steps = Step.objects.filter(
        matter__in={pk for matter in matters for pk in cases_of(matter)},
        kind=Step.Kind.TAKEN,
        transition__in=("order", "decide", "perform", "perform_decision"),
    ).annotate(
        letter=Subquery(own.order_by("-pk").values("fields")[:1]),
        order_due=Subquery(registered.values("due_on")[:1]),
        order_paid=Subquery(registered.values("paid_on")[:1]),
    )
    found: dict[int, list[Step]] = {}
    for step in steps.order_by("pk"):
        found.setdefault(step.matter_id, []).append(step)
    return found


def _until(order: Step) -> dt.date | None:
    """The last day for payment: as registered with its service, else as the office's own order has it."""
    if order.order_due is not None:  # type: ignore[attr-defined]
        return order.order_due  # type: ignore[attr-defined, no-any-return]
    letter: Sealed | None = order.letter if order.transition == "order" else None  # type: ignore[attr-defined]
    said = json.loads(letter.open()).get("pay_by") if letter is not None else None
    return dt.date.fromisoformat(said) if said else None


def _line(key: str, region: str, on: dt.date, law: Law) -> tuple[int, int, str]:
    """The amount in fen from which it counts; a span where the place has recorded none of its own."""
    try:
        value = law.value(key, on, region)
    except LawError:
        value = law.value(key, on)
    place = f"{value.region_name}：" if value.region_name else ""
    if isinstance(value.value, dict):
        span = value.value["min"], value.value["max"]
        return span[0] * FEN_PER_YUAN, span[1] * FEN_PER_YUAN, f"{value.reference}（本省数额没有补录）"
    amount = int(value.value) * FEN_PER_YUAN
    return amount, amount, f"{place}{value.reference}"


def _against(fen: int, least: int, most: int) -> str:
    """Between the nation's least and most only the province's own number decides."""
    if fen < least:
        return UNMET
    return MET if fen >= most else UNKNOWN


def _range(least: int, most: int) -> str:
    return (
        sentence_yuan(least) if least == most else f"{sentence_yuan(least)}至{sentence_yuan(most)}之间由省定"
    )
