"""Whether a case comes up to the province's line for refusing to pay wages, and which papers are still missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from anxin.casework.models import Document, Matter, Step
from anxin.enforcement.inspection import arrears_of
from anxin.enforcement.models import Arrears
from anxin.kernel.money import FEN_PER_YUAN, sentence_yuan
from anxin.law import Law, LawError

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
        """Whether one of the two amounts and the order to pay are met: then a transfer is to be looked into."""
        amounts = [one for one in self.points if one.title != _ORDER]
        ordered = any(one.title == _ORDER and one.state == MET for one in self.points)
        return ordered and any(one.state == MET for one in amounts)

    @property
    def missing(self) -> list[str]:
        return [one.title for one in self.papers if not (one.at_hand or one.if_any)]


_ORDER = "已责令支付"


def watch(matter: Matter, on: dt.date, law: Law) -> Watch:
    """The case held against the line of its place; the papers at hand here and in the matter it follows."""
    arrears = arrears_of(matter)
    points = [_single(arrears, matter, on, law), _group(arrears, matter, on, law), _ordered(matter, on, law)]
    value = law.value(PAPERS, on, matter.region_id)
    return Watch(arrears, points, _papers(matter, value.value, law), value.reference)


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
    steps = Step.objects.filter(
        matter__in=cases, kind=Step.Kind.TAKEN, transition__in=("order", "decide", "perform")
    )
    taken = {step.transition: step.on for step in steps.order_by("pk")}
    day = taken.get("order") or taken.get("decide")
    if day is None:
        return Point(_ORDER, UNMET, "还没有责令支付，须先下达责令支付文书并送达。", basis)
    if "perform" in taken:
        return Point(_ORDER, UNMET, f"{day} 责令支付，{taken['perform']} 已登记履行。", basis)
    return Point(_ORDER, MET, f"{day} 责令支付，没有登记履行；指令期满仍不支付的才能移送。", basis)


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
