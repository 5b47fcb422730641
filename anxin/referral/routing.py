"""Who answers for a clue: rows of a signed table, asked in order. Pure: no database, no clock.

Lead, level, procedure and clock each come from the first row that fits and names one; supporting bodies from every
row that fits. A table is total or it is refused: :func:`gaps` asks it about every combination there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from anxin.law import Law, UnknownKey

#: from the widest to the narrowest
LEVELS = ("province", "city", "county")
PLACES = ("province", "city", "county", "town")
#: digits of a region's code → what kind of place it is
_PLACE_OF_LENGTH = {2: "province", 4: "city", 6: "county"}
ABOUT = ("construction", "employer", "other")
INDUSTRIES = ("housing", "transport", "water", "other", "unknown")
KINDS = ("complaint", "report")
CHANNELS = ("hotline", "platform", "visit", "telephone", "grid", "police", "qr", "sweep")
#: what makes a clue weigh more; several may hold at once, ``ordinary`` holds where none does
WEIGHTS = ("pressing", "group", "government")
ORDINARY = "ordinary"
BODIES = ("wage_office", "industry", "town")
#: condition of a row → values it may name
CONDITIONS: Mapping[str, tuple[str, ...]] = {
    "place": PLACES,
    "about": ABOUT,
    "industry": INDUSTRIES,
    "kind": KINDS,
    "channel": CHANNELS,
    "weight": (ORDINARY, *WEIGHTS),
}
#: answers that the first row naming one gives
_ANSWERS = ("lead", "level", "procedure", "clock")
_FIELDS = {"name", "region", "supporting", "desk", *CONDITIONS, *_ANSWERS}
_NAME = 80


class TableProblem(ValueError):
    """One row that cannot be used: ``row`` counts from 1 (0: the table as a whole)."""

    def __init__(self, row: int, sentence: str) -> None:
        super().__init__(f"第{row}行：{sentence}" if row else sentence)
        self.row = row
        #: without the row, for a page on which rows have no number
        self.sentence = sentence


@dataclass(frozen=True)
class Facts:
    """What is asked about: where (significant digits), what, whose trade, which kind and channel, how heavy."""

    region: str
    about: str
    industry: str
    kind: str
    channel: str
    weights: frozenset[str]

    @property
    def place(self) -> str:
        return _PLACE_OF_LENGTH.get(len(self.region), "town")


@dataclass(frozen=True)
class Row:
    """One line of the table; ``when`` holds the conditions that are not empty."""

    position: int
    name: str
    region: str
    when: Mapping[str, frozenset[str]]
    lead: str
    supporting: tuple[str, ...]
    level: str
    procedure: str
    clock: str
    desk: bool

    def fits(self, facts: Facts) -> bool:
        if not facts.region.startswith(self.region):
            return False
        for condition, wanted in self.when.items():
            if condition == "weight":
                if not wanted & (facts.weights or {ORDINARY}):
                    return False
            elif getattr(facts, condition) not in wanted:
                return False
        return True


@dataclass(frozen=True)
class Decided:
    """One row that decided something, and what: ``lead``, ``level``, ``procedure``, ``supporting``, ``desk``."""

    row: Row
    what: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """The answer: kinds of bodies, not bodies. ``why``: the rows that decided, in their order."""

    lead: str
    supporting: tuple[str, ...]
    level: str
    procedure: str
    clock: str
    #: answered and closed by the desk itself: not about wages
    desk: bool
    why: tuple[Decided, ...]


def read_rows(entries: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    """The rows of a table as data. Raises :class:`TableProblem` for what no table may hold."""
    if not entries:
        raise TableProblem(0, "分派表里没有行。")
    return tuple(_row(position, entry) for position, entry in enumerate(entries, start=1))


def route(rows: Sequence[Row], facts: Facts) -> Route:
    """Who answers for these facts. Raises :class:`TableProblem` where the table has no answer."""
    answers: dict[str, str] = {}
    supporting: list[str] = []
    desk = False
    why: list[Decided] = []
    for row in rows:
        if not row.fits(facts):
            continue
        what = [name for name in _ANSWERS if name not in answers and getattr(row, name)]
        answers.update({name: getattr(row, name) for name in what})
        if added := [body for body in row.supporting if body not in supporting]:
            supporting += added
            what.append("supporting")
        if row.desk and not desk:
            desk = True
            what.append("desk")
        if what:
            why.append(Decided(row, tuple(what)))
    for name in _ANSWERS:
        if name not in answers:
            raise TableProblem(0, f"没有一行说明{_SAYS[name]}：{facts}")
    lead = answers["lead"]
    helpers = tuple(body for body in supporting if body != lead)
    level = _not_below(answers["level"], facts.place)
    decided = tuple(one for one in why if one.what != ("supporting",) or set(one.row.supporting) - {lead})
    return Route(lead, helpers, level, answers["procedure"], answers["clock"], desk, decided)


def every_facts(regions: Iterable[str]) -> Iterator[Facts]:
    """Every combination there is of what a table can be asked, for these places."""
    weights = [
        frozenset(chosen) for size in range(len(WEIGHTS) + 1) for chosen in combinations(WEIGHTS, size)
    ]
    for region, about, industry, kind, channel, heavy in product(
        regions, ABOUT, INDUSTRIES, KINDS, CHANNELS, weights
    ):
        yield Facts(region, about, industry, kind, channel, heavy)


def check(rows: Sequence[Row], law: Law) -> None:
    """Raises :class:`TableProblem` unless the table answers whatever it may be asked, with procedures that exist."""
    for row in rows:
        if row.procedure:
            _check_procedure(row, law)
        elif row.clock:
            raise TableProblem(row.position, "写了期限，却没有写按什么程序办理。")
    for facts in every_facts(_samples(rows)):
        route(rows, facts)


def _check_procedure(row: Row, law: Law) -> None:
    try:
        procedure = law.procedure(row.procedure)
    except UnknownKey as unknown:
        raise TableProblem(row.position, str(unknown)) from None
    if row.clock not in {clock.parameter for clock in procedure.clocks}:
        names = "、".join(sorted({law.parameter(clock.parameter).name for clock in procedure.clocks}))
        raise TableProblem(row.position, f"“{procedure.name}”的期限应从这些里选：{names}。")


def _samples(rows: Sequence[Row]) -> list[str]:
    """A place of each kind under every region that a row names, and one that none names."""
    prefixes = {row.region for row in rows} | {""}
    found = {
        (prefix + "0" * (length - len(prefix)))
        for prefix in prefixes
        for length in (2, 4, 6, 9)
        if length >= len(prefix)
    }
    return sorted(found)


def _not_below(level: str, place: str) -> str:
    """A matter of a whole city is not the county's, whatever the rows say."""
    floor = place if place in LEVELS else "county"
    return min(level, floor, key=LEVELS.index)


def _row(position: int, entry: Mapping[str, Any]) -> Row:
    strange = sorted(set(entry) - _FIELDS)
    if strange:
        raise TableProblem(position, f"有不认识的项：{'、'.join(strange)}。")
    name = str(entry.get("name", "")).strip()
    if not name or len(name) > _NAME:
        raise TableProblem(position, f"请写明这一行管什么，不超过{_NAME}字。")
    region = str(entry.get("region", ""))
    if region and not (region.isdecimal() and len(region) in (2, 4, 6, 9, 12)):
        raise TableProblem(position, "地区代码应为2、4、6、9或12位数字；适用于全部地区的留空。")
    when = {}
    for condition, values in CONDITIONS.items():
        wanted = frozenset(entry.get(condition, ()))
        if wanted - set(values):
            raise TableProblem(position, f"条件里有不认识的值：{'、'.join(sorted(wanted - set(values)))}。")
        if wanted:
            when[condition] = wanted
    row = Row(
        position, name, region, when, str(entry.get("lead", "")), tuple(entry.get("supporting", ())),
        str(entry.get("level", "")), str(entry.get("procedure", "")), str(entry.get("clock", "")),
        bool(entry.get("desk", False)),
    )  # fmt: skip
    _check_answers(row)
    return row


def _check_answers(row: Row) -> None:
    bodies = {row.lead, *row.supporting} - {""}
    if bodies - set(BODIES):
        raise TableProblem(row.position, "牵头和协办只能是人社部门、行业主管部门或属地镇街。")
    if row.lead in row.supporting:
        raise TableProblem(row.position, "同一类单位不能既牵头又协办。")
    if row.level and row.level not in LEVELS:
        raise TableProblem(row.position, "层级只能是县级、市级或省级。")
    if row.procedure and not row.clock:
        raise TableProblem(row.position, "写了程序，请同时写明看哪个期限。")
    if not (row.lead or row.supporting or row.level or row.procedure or row.desk):
        raise TableProblem(row.position, "这一行没有写出任何结果：牵头、协办、层级、程序至少写一项。")


_SAYS = {
    "lead": "由谁牵头",
    "level": "由哪一级处理",
    "procedure": "按什么程序办理",
    "clock": "看哪个期限",
}
