"""What a warning turned out to be: chosen by people from a short list, or told by the money that arrived.

The list is the dated parameter ``monitoring.conclusions``, so that an office words its own. Whoever asks that a
warning be cleared chooses one and the second person agrees to it with the clearing; what the facts cleared is concluded
by its handler, or by the facts.

By facts only warnings about the wages of one month are concluded (:data:`OF_WAGE_MONTH`), because there the pay day and
the bank say what happened: wages that came after their day, or not in full, make it right, also where they were paid in
the end; where everything had come in time, or a corrected delivery shows that nothing was ever due, it was wrong. All
other warnings stay without a conclusion until a person gives one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import OuterRef, Subquery

from anxin.evidence import bulk, journal
from anxin.evidence.journal import SYSTEM
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.monitoring.models import Warning, WarningEvent
from anxin.monitoring.sections import section_of

if TYPE_CHECKING:
    from anxin.monitoring.backtest.truth import Truth

LIST = "monitoring.conclusions"
_COUNTS = {"right": True, "wrong": False, "neither": None}
#: the conclusions that facts reach, by whether the warning was right
_BY_FACTS = {True: ("paid", "属实，已清偿"), False: ("wrong_data", "不属实（数据错误）")}
_FIELDS = ("conclusion", "conclusion_title", "conclusion_right", "conclusion_by_facts", "concluded_on")
_PIECE = 500


@dataclass(frozen=True)
class Conclusion:
    """One entry of the list: ``right`` is empty where it counts neither way."""

    key: str
    title: str
    right: bool | None
    when: str


def offered(warning: Warning, *, on: dt.date, law: Law | None = None) -> list[Conclusion]:
    """What may be chosen for this warning on a day, in the order of the list. ``law`` where the caller has it at hand."""
    part = section_of(warning)
    return [
        Conclusion(one["key"], one["title"], _COUNTS[one["counts"]], one["when"])
        for one in (law or local_law.current())
        .value(LIST, on=on, region=warning.subject.region_id or "")
        .value
        if part in one["parts"]
    ]


def choose(warning: Warning, key: str, *, on: dt.date) -> Conclusion:
    """The entry with this key. Raises :class:`Refused`."""
    found = next((one for one in offered(warning, on=on) if one.key == key), None)
    if found is None:
        raise Refused("请选择结论：这条预警后来核实是什么情况。", field="conclusion")
    return found


def said(conclusion: Conclusion, text: str) -> str:
    """How the history of the warning says it."""
    return f"结论：{conclusion.title}。{text.strip()}"


def ask(warning: Warning, conclusion: Conclusion) -> None:
    """Note what is asked for; it holds once another person agrees."""
    keep(warning, conclusion, on=None, by_facts=False)


def keep(warning: Warning, conclusion: Conclusion, *, on: dt.date | None, by_facts: bool) -> None:
    """Write it into the warning; the caller saves."""
    warning.conclusion, warning.conclusion_title = conclusion.key, conclusion.title[:60]
    warning.conclusion_right, warning.conclusion_by_facts = conclusion.right, by_facts
    warning.concluded_on = on


def forget(warning: Warning) -> None:
    """A warning that is open again has no conclusion; its history keeps the old one."""
    keep(warning, Conclusion("", "", None, ""), on=None, by_facts=False)


def conclude_by_facts(truth: Truth, *, since: dt.date, on: dt.date, now: dt.datetime) -> int:
    """Conclude what the facts cleared and nobody has concluded; returns how many. Running again changes nothing."""
    from anxin.monitoring.backtest.scoring import OF_WAGE_MONTH, announced
    from anxin.monitoring.closures import episode_of

    last_end = WarningEvent.objects.filter(
        warning=OuterRef("pk"), kind__in=[WarningEvent.Kind.CLEARED, WarningEvent.Kind.STOPPED]
    ).order_by("-pk")
    with transaction.atomic():
        waiting = (
            Warning.objects.filter(
                state=Warning.State.CLEARED, hand_cleared=False, concluded_on=None, project__isnull=False,
                rule__in=OF_WAGE_MONTH, first_seen__gte=since,
            )
            .exclude(month="")
            # a rule that was stopped says nothing about the facts
            .annotate(ended=Subquery(last_end.values("kind")[:1]))
            .filter(ended=WarningEvent.Kind.CLEARED)
            .select_related("project__region")
            .order_by("pk")
        )  # fmt: skip
        found = list(waiting)
        for warning in found:
            right = bool(announced(episode_of(warning), warning.first_seen, truth))
            key, title = _BY_FACTS[right]
            named = next((one.title for one in offered(warning, on=on) if one.key == key), title)
            keep(warning, Conclusion(key, named, right, ""), on=on, by_facts=True)
        bulk.update(found, _FIELDS)
        for piece in bulk.chunks(found, _PIECE):
            _tell(piece, now)
    return len(found)


def _tell(warnings: Sequence[Warning], now: dt.datetime) -> None:
    """One event each, and one journal entry for all of them."""
    WarningEvent.objects.bulk_create(
        WarningEvent(
            warning=warning,
            kind=WarningEvent.Kind.CONCLUDED,
            at=now,
            actor=SYSTEM.key,
            actor_name=SYSTEM.name,
            text=f"结论：{warning.conclusion_title}。按工资表和银行到账数据得出，可由处置人员更改。",
        )
        for warning in warnings
    )
    journal.record(
        actor=SYSTEM,
        action="warning.concluded_by_facts",
        object_type="warnings",
        object_id=warnings[0].pk,
        summary=f"按到账数据为{len(warnings)}条已消除的预警写下结论",
        now=now,
        after={
            "right": [warning.pk for warning in warnings if warning.conclusion_right],
            "wrong": [warning.pk for warning in warnings if not warning.conclusion_right],
        },
    )
