"""The papers that go with a transfer to the police, and which of them lie in a case, under their own name or another that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery

from anxin.casework.models import Document, Matter
from anxin.enforcement.inspection import cases_of
from anxin.law import Law
from anxin.letters.life import State
from anxin.letters.models import Letter, Service
from anxin.letters.serving import PROOF

#: kinds of the catalogue that stand for what the rules ask for, by its name there
_KINDS = {
    "涉嫌犯罪案件移送书": ("crime_transfer_letter",),
    "案件情况调查报告": ("crime_investigation_report",),
    "涉案物品清单": ("evidence_index", "handover_list"),
    "其他材料": ("pay_order_with_service", "arrears_list", "worker_statement", "evasion_evidence"),
}


@dataclass(frozen=True)
class Paper:
    """A paper that goes with the transfer, and whether it is at hand."""

    title: str
    at_hand: bool
    #: goes with it only where the case has any; the catalogue of papers has no kind of its own for it
    if_any: bool = False


@dataclass(frozen=True)
class _Equal:
    """Papers that together say what the rules ask for; ``look``: what a person has to see for themselves."""

    marks: frozenset[str]
    look: str


def _served(kind: str) -> str:
    """The mark of an order of the product that was served: the proof of service is that of this very order."""
    return f"{kind} served"


def _by_hand(kind: str) -> str:
    """The mark of a scan that somebody attached; nothing else is known of it."""
    return f"{kind} by hand"


#: 法释〔2013〕3号第四条: an order to pay is given 以限期整改指令书、行政处理决定书等文书; with the proof that it was served it is
#: what the catalogue calls 责令支付文书及送达证据. A proof counts for the order that it is the proof of; of two scans nobody
#: knows what the one proves, so a person is asked to look.
_ORDERS = {"rectification_order": "限期改正指令书", "admin_decision": "行政处理决定书"}
_EQUAL: Mapping[str, tuple[_Equal, ...]] = {
    "pay_order_with_service": (
        *(
            _Equal(frozenset({kind, _served(kind)}), f"已有{name}和它的送达回证")
            for kind, name in _ORDERS.items()
        ),
        *(
            _Equal(
                frozenset({_by_hand(kind), _by_hand(PROOF)}), f"已有{name}和送达回证的扫描件，请核对是同一份"
            )
            for kind, name in _ORDERS.items()
        ),
    ),
    # 劳动保障监察条例第十五条: what inspectors ask, whomever they ask, is written down as 调查（询问）笔录; that of a worker
    # is the 劳动者笔录. Who was asked is sealed with its words, so a person is asked to look.
    "worker_statement": (
        _Equal(frozenset({"inquiry_record"}), "已有调查（询问）笔录，请核对其中有劳动者的"),
    ),
}


def papers_at_hand(matters: Sequence[Matter]) -> dict[int, set[str]]:
    """The kinds of papers that lie in these matters and in those they follow, with the marks of orders served; one query.

    What was taken back counts no more, nor does the service of an order in whose place another has come.
    """
    cases = {pk for matter in matters for pk in cases_of(matter)}
    service = Service.objects.filter(proof=OuterRef("pk"))
    rows = Document.objects.filter(matter__in=cases, withdrawn_at__isnull=True).annotate(
        serves=Subquery(service.exclude(letter__state=State.REPLACED).values("letter__kind")[:1]),
        made=Exists(service) | Exists(Letter.objects.filter(document=OuterRef("pk"))),
    )
    found: dict[int, set[str]] = {}
    for pk, kind, serves, made in rows.values_list("matter_id", "kind", "serves", "made").distinct():
        marks = found.setdefault(pk, set())
        marks.add(kind)
        if serves:
            marks.add(_served(serves))
        if not made:
            marks.add(_by_hand(kind))
    return found


def papers(at_hand: set[str], names: Sequence[str], law: Law) -> list[Paper]:
    """What the rules name, each held against what is at hand; no query."""
    found = []
    for name in names:
        kinds = _KINDS.get(name, ())
        if len(kinds) > 2:  # what the rules leave open: each paper that a case of unpaid wages brings
            found += [_one(kind, at_hand, law) for kind in kinds]
        else:
            found.append(Paper(name, any(kind in at_hand for kind in kinds), if_any=not kinds))
    return found


def _one(kind: str, at_hand: set[str], law: Law) -> Paper:
    name = law.document(kind).name
    if kind in at_hand:
        return Paper(name, True)
    equal = next((one for one in _EQUAL.get(kind, ()) if one.marks <= at_hand), None)
    return Paper(f"{name}（{equal.look}）", True) if equal else Paper(name, False)
