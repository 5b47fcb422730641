"""Whether a case comes up to the province's line for refusing to pay wages, and which papers are still missing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from anxin.casework.models import Document, Matter, Step
from anxin.enforcement.inspection import arrears_of
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
#: kinds of the catalogue that stand for what the rules ask for, by its name there
_KINDS = {
    "涉嫌犯罪案件移送书": ("crime_transfer_letter",),
    "案件情况调查报告": ("crime_investigation_report",),
    "涉案物品清单": ("evidence_index", "handover_list"),
    "其他材料": ("pay_order_with_service", "arrears_list", "worker_statement", "evasion_evidence"),
}


@dataclass(frozen=True)
class Point:
    """One condition: met, unmet or unknown, why, and by which provision."""

    title: str
    state: str
    why: str
    basis: str


@dataclass(frozen=True)
class Paper:
    """A paper that goes with the transfer, and whether it is at hand."""

    title: str
    at_hand: bool
    #: goes with it only where the case has any; the catalogue of papers has no kind of its own for it
    if_any: bool = False


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
        amounts = [one for one in self.points if one.title != _ORDER]
        ordered = any(one.title == _ORDER and one.state == MET for one in self.points)
        return ordered and any(one.state == MET for one in amounts)

    @property
    def missing(self) -> list[str]:
        return [one.title for one in self.papers if not (one.at_hand or one.if_any)]


_ORDER = "责令支付期满未付"
_ORDER_LETTER = "rectification_order"
_NO_DAY = "付款期限到哪天没有登记。由系统出具的限期改正指令书自动取用，其他责令支付文书请在“导入”中登记送达日期和期满日期；期满以前不能移送。"


def watch(matter: Matter, on: dt.date, law: Law) -> Watch:
    """The case held against the line of its place; the papers at hand here and in the matter it follows."""
    arrears = arrears_of(matter)
    points = [*_amounts(arrears, matter, on, law), _ordered(matter, on, law)]
    value = law.value(PAPERS, on, matter.region_id)
    return Watch(arrears, points, _papers(matter, value.value, law), value.reference)


def amounts(matter: Matter, on: dt.date, law: Law) -> list[Point]:
    """The two amounts of the line alone, whatever was ordered."""
    return _amounts(arrears_of(matter), matter, on, law)


def _amounts(arrears: Arrears | None, matter: Matter, on: dt.date, law: Law) -> list[Point]:
    return [_single(arrears, matter, on, law), _group(arrears, matter, on, law)]


def _single(arrears: Arrears | None, matter: Matter, on: dt.date, law: Law) -> Point:
    nation = law.value(SINGLE, on).value
    months = int(nation["months"])
    title = f"一人拖欠满{months}个月且数额较大"
    least, most, basis = _line(SINGLE, matter, on, law)
    if arrears is None:
        return Point(title, UNKNOWN, f"还没有登记查明的欠薪；线为{_range(least, most)}。", basis)
    line = f"线为{_range(least, most)}。"
    if arrears.lines:  # whoever is owed most may not be who waits longest
        long = [one["fen"] for one in arrears.lines if one["fen"] and one["months"] >= months]
        if not long:
            return Point(title, UNMET, f"没有一人拖欠满{months}个月；{line}", basis)
        said = f"拖欠满{months}个月的{len(long)}人，其中最多一人{sentence_yuan(max(long))}；{line}"
        return Point(title, _against(max(long), least, most), said, basis)
    said = f"最多一人{sentence_yuan(arrears.single_fen)}，拖欠{arrears.months}个月；{line}"
    if arrears.months < months:
        return Point(title, UNMET, said, basis)
    return Point(title, _against(arrears.single_fen, least, most), said, basis)


def _group(arrears: Arrears | None, matter: Matter, on: dt.date, law: Law) -> Point:
    people = int(law.value(GROUP, on).value["people"])
    title = f"{people}人以上累计数额较大"
    least, most, basis = _line(GROUP, matter, on, law)
    if arrears is None:
        return Point(title, UNKNOWN, f"还没有登记查明的欠薪；线为{_range(least, most)}。", basis)
    said = f"{arrears.people}人合计{sentence_yuan(arrears.total_fen)}；线为{_range(least, most)}。"
    if arrears.people < people:
        return Point(title, UNMET, said, basis)
    return Point(title, _against(arrears.total_fen, least, most), said, basis)


def _ordered(matter: Matter, on: dt.date, law: Law) -> Point:
    basis = law.value(ORDER_FIRST, on, matter.region_id).reference
    cases = [pk for pk in (matter.pk, matter.follows_id) if pk]
    taken = {step.transition: step for step in _steps(matter, cases)}
    order = taken.get("order") or taken.get("decide")
    if order is None:
        return Point(_ORDER, UNMET, "还没有责令支付，须先下达责令支付文书并送达。", basis)
    done = taken.get("perform") or taken.get("perform_decision")
    paid = done.on if done is not None else order.order_paid  # type: ignore[attr-defined]
    if paid is not None:
        return Point(_ORDER, UNMET, f"{order.on} 责令支付，{paid} 已登记履行。", basis)
    until = _until(order)
    if until is None:
        return Point(_ORDER, UNKNOWN, f"{order.on} 责令支付，{_NO_DAY}", basis)
    if on <= until:
        said = f"{order.on} 责令支付，期限到{until}；要等到这一天过后仍不支付，才能移送。"
        return Point(_ORDER, UNMET, said, basis)
    return Point(_ORDER, MET, f"{order.on} 责令支付，期限已于{until}届满，没有登记履行。", basis)


def _steps(matter: Matter, cases: Sequence[int]) -> QuerySet[Step]:
    """The order and what was performed on it, with the last day of the office's own order and of the one registered for
    the employer or the project; one query."""
    own = Letter.objects.filter(
        matter__in=cases, kind=_ORDER_LETTER, state__in=(State.SEAL, State.SERVE, State.SERVED)
    )
    meant = Q(pk__isnull=True)  # nobody's, where neither is known
    if matter.employer_id:
        meant |= Q(employer=matter.employer_id)
    if matter.project_id:
        meant |= Q(project=matter.project_id, employer__isnull=True)
    registered = PaymentOrder.objects.filter(
        meant, superseded_at__isnull=True, served_on__gte=OuterRef("on")
    ).order_by("-served_on", "-pk")
    return (
        Step.objects.filter(
            matter__in=cases,
            kind=Step.Kind.TAKEN,
            transition__in=("order", "decide", "perform", "perform_decision"),
        )
        .annotate(
            letter=Subquery(own.order_by("-pk").values("fields")[:1]),
            order_due=Subquery(registered.values("due_on")[:1]),
            order_paid=Subquery(registered.values("paid_on")[:1]),
        )
        .order_by("pk")
    )


def _until(order: Step) -> dt.date | None:
    """The last day for payment: as registered with its service, else as the office's own order has it."""
    if order.order_due is not None:  # type: ignore[attr-defined]
        return order.order_due  # type: ignore[attr-defined, no-any-return]
    letter: Sealed | None = order.letter if order.transition == "order" else None  # type: ignore[attr-defined]
    said = json.loads(letter.open()).get("pay_by") if letter is not None else None
    return dt.date.fromisoformat(said) if said else None


def _line(key: str, matter: Matter, on: dt.date, law: Law) -> tuple[int, int, str]:
    """The amount in fen from which it counts; a span where the place has recorded none of its own."""
    try:
        value = law.value(key, on, matter.region_id)
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


def _papers(matter: Matter, names: Sequence[str], law: Law) -> list[Paper]:
    cases = [pk for pk in (matter.pk, matter.follows_id) if pk]
    rows = Document.objects.filter(matter__in=cases, withdrawn_at__isnull=True)
    at_hand = set(rows.values_list("kind", flat=True))
    found = []
    for name in names:
        kinds = _KINDS.get(name, ())
        if len(kinds) > 2:  # what the rules leave open: each paper that a case of unpaid wages brings
            found += [Paper(law.document(kind).name, kind in at_hand) for kind in kinds]
        else:
            found.append(Paper(name, any(kind in at_hand for kind in kinds), if_any=not kinds))
    return found
