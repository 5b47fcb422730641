"""The day of service, by the manner in which a paper was served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from anxin.law.deadlines import Deadline, Step
from anxin.law.errors import BadQuestion, DataError
from anxin.law.statutes import Reference
from anxin.law.wording import day_text

if TYPE_CHECKING:
    from anxin.law.law import Law

#: whose papers: labour inspection (penalties included), arbitration, a court
FAMILIES = {"inspection": "劳动保障监察", "arbitration": "劳动人事仲裁", "court": "人民法院"}


@dataclass(frozen=True)
class Special:
    """A period of its own for the papers of one family in one region."""

    family: str
    region: str
    period: str
    only_for: str


@dataclass(frozen=True)
class Manner:
    """One manner of service. Without a ``period`` the day of the event is the day of service."""

    key: str
    name: str
    event: str
    families: tuple[str, ...]
    references: tuple[tuple[dt.date, Reference], ...]
    period: str
    special: tuple[Special, ...]


@dataclass(frozen=True)
class Service:
    """A day of service with the way it was reached."""

    manner: str
    name: str
    event_on: dt.date
    served_on: dt.date
    provisional: bool
    needs_check: bool
    steps: tuple[Step, ...]


def parse_manners(entries: Mapping[str, Mapping[str, Any]], file: str) -> dict[str, Manner]:
    """The manners of a data file. Raises :class:`DataError` naming file and entry."""
    manners: dict[str, Manner] = {}
    for key, entry in entries.items():
        where = f"{file}：送达方式“{key}”"
        if not entry.get("name") or not entry.get("event"):
            raise DataError(f"{where}缺少 name 或 event，请补齐。")
        if not entry.get("period") and not entry.get("references"):
            raise DataError(f"{where}须写明 period 或 references。")
        families = tuple(entry.get("families") or FAMILIES)
        if strange := set(families) - set(FAMILIES):
            raise DataError(f"{where}的 families 不认识：{'、'.join(sorted(strange))}。")
        manners[key] = Manner(
            key=key,
            name=entry["name"],
            event=entry["event"],
            families=families,
            references=tuple(
                (item["from"], Reference(item["statute"], item["article"]))
                for item in entry.get("references") or ()
            ),
            period=entry.get("period", ""),
            special=tuple(
                Special(
                    item["family"],
                    item["region"],
                    item.get("period", entry["period"]),
                    item.get("only_for", ""),
                )
                for item in entry.get("special") or ()
            ),
        )
    return manners


def served(law: Law, manner: Manner, on: dt.date, family: str, region: str) -> Service:
    """The day of service of a paper whose event (signing, posting, notice) was ``on``.

    Raises :class:`BadQuestion` for a manner this family does not have or a day before its first rule.
    """
    if family not in manner.families:
        raise BadQuestion(f"{FAMILIES.get(family, family)}文书不能用“{manner.name}”，请换一种送达方式。")
    if not manner.period:
        return _on_the_day(law, manner, on)
    period, only_for = manner.period, ""
    for special in manner.special:
        if special.family == family and region.startswith(special.region):
            period, only_for = special.period, special.only_for
    deadline = law.deadline(period, on, region, only_for=only_for)
    day = deadline.due_day
    last = Step("served", f"期间届满，{day_text(day)}视为送达。", day)
    steps = (_event_step(manner, on), *(s for s in deadline.steps if s.kind != "act_from"), last)
    return Service(manner.key, manner.name, on, day, deadline.provisional, deadline.needs_check, steps)


def _on_the_day(law: Law, manner: Manner, on: dt.date) -> Service:
    begun = [reference for first, reference in manner.references if first <= on]
    if not begun:
        raise BadQuestion(f"“{manner.name}”自{manner.references[0][0]}起的规定才有收录，不能用于{on}。")
    basis = law.cite_reference(begun[-1])
    text = f"{manner.name}：{manner.event}为{day_text(on)}，当日为送达日。"
    return Service(manner.key, manner.name, on, on, False, False, (Step("served", text, on, basis),))


def _event_step(manner: Manner, on: dt.date) -> Step:
    return Step("serve", f"{manner.name}：{manner.event}为{day_text(on)}。", on)


def with_service(deadline: Deadline, service: Service) -> Deadline:
    """A deadline that starts with the service, told from the service on."""
    steps = (*service.steps, *deadline.steps)
    return replace(
        deadline,
        steps=steps,
        basis=tuple(dict.fromkeys(step.basis for step in steps if step.basis)),
        provisional=deadline.provisional or service.provisional,
        needs_check=deadline.needs_check or service.needs_check,
    )
