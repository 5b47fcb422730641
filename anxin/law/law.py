"""The front door: values by key, day and region; citations; the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from anxin.law.calendar import WorkCalendar
from anxin.law.catalogues import Body, Document
from anxin.law.counting_rules import Counting
from anxin.law.deadlines import Deadline, Extension, Pause, Question, Restart
from anxin.law.errors import BadQuestion, NotYetInForce, NoValue, Repealed, Unconfirmed, UnknownKey
from anxin.law.parameters import REGION_DIGITS, UNCHECKED, DatedValue, Parameter
from anxin.law.procedures import Procedure
from anxin.law.reckoning import reckon
from anxin.law.service import FAMILIES, Manner, Service, served
from anxin.law.statutes import Reference, Statute, citation, cite
from anxin.law.successions import Succession

T = TypeVar("T")

#: digits of a region code to the level it stands for
PLACES = {0: "全国", 2: "省级", 4: "市级", 6: "县级", 9: "镇街", 12: "村社"}


@dataclass(frozen=True)
class Value:
    """An answer, with everything needed to explain it."""

    key: str
    name: str
    value: Any
    unit: str
    from_: dt.date
    until: dt.date | None
    kind: str
    #: citations or the local paper, ready to show
    reference: str
    #: region code whose value this is; empty for the nation
    region: str
    region_name: str
    #: rank of the first cited statute, ``地方文件`` for a local paper, else empty
    level: str
    confidence: str
    checked_on: dt.date
    note: str
    #: type of the parameter: deadline, period, threshold, …
    parameter_type: str = ""
    #: how it is counted, where it is a length of time
    counting: Counting | None = None
    #: the only case it is made for, empty for all
    only_for: str = ""

    @property
    def needs_check(self) -> bool:
        """Whether it is shown as 待核: nobody has seen it in the text yet."""
        return self.confidence in UNCHECKED

    @property
    def carries_claim(self) -> bool:
        """Whether a letter or a decision may rest on it: law or local paper, and seen there."""
        return self.kind in ("statutory", "policy") and not self.needs_check

    @property
    def found_at(self) -> str:
        """The level at which it was found: 全国, 省级, 市级, 县级, 镇街 or 村社."""
        return PLACES[len(self.region)]


@dataclass(frozen=True)
class Span:
    """A value that holds in one region from ``from_`` to ``until`` (``None``: until changed)."""

    from_: dt.date
    until: dt.date | None
    value: Value


@dataclass(frozen=True)
class Tables:
    """Everything beside statutes and parameters that stands in files, each by its key."""

    bodies: Mapping[str, Body]
    documents: Mapping[str, Document]
    procedures: Mapping[str, Procedure]
    manners: Mapping[str, Manner]
    successions: Sequence[Succession]
    subjects: Mapping[str, str]


class Law:
    """Statutes, parameters and calendar as loaded and checked."""

    def __init__(
        self,
        statutes: Mapping[str, Statute],
        parameters: Mapping[str, Parameter],
        tables: Tables,
        calendar: WorkCalendar,
        digest: str,
    ) -> None:
        self._statutes = statutes
        self._parameters = parameters
        self._tables = tables
        #: group of keys to the name of its subject, in the order of the files
        self.subjects = tables.subjects
        self.calendar = calendar
        self._digest = digest
        self._extensions = {
            parameter.counting.extends: key
            for key, parameter in parameters.items()
            if parameter.counting and parameter.counting.extends
        }

    def digest(self) -> str:
        """SHA-256 over all content: two runs with one digest saw the same law."""
        return self._digest

    def keys(self) -> tuple[str, ...]:
        return tuple(self._parameters)

    def parameter(self, key: str) -> Parameter:
        """The parameter with all its values. Raises :class:`UnknownKey`."""
        if key not in self._parameters:
            near = [other for other in self._parameters if other.split(".")[0] == key.split(".")[0]]
            hint = f"同组的有：{'、'.join(near[:8])}" if near else "请检查键名的分组"
            raise UnknownKey(f"没有名为“{key}”的法规参数；{hint}。")
        return self._parameters[key]

    def statute(self, key: str) -> Statute:
        """Raises :class:`UnknownKey`."""
        if key not in self._statutes:
            raise UnknownKey(f"没有收录代号为“{key}”的法规，请检查代号。")
        return self._statutes[key]

    def cite(
        self, statute: str, article: int | None, paragraph: int | None = None, sub: int | None = None
    ) -> str:
        """``《保障农民工工资支付条例》第十四条``; what templates of papers cite by."""
        return citation(self.statute(statute), article, paragraph, sub)

    def cite_reference(self, reference: Reference) -> str:
        """A reference of a data file in words."""
        return cite(self.statute(reference.statute), reference)

    def statutes(self) -> tuple[Statute, ...]:
        return tuple(self._statutes.values())

    def procedures(self) -> tuple[Procedure, ...]:
        return tuple(self._tables.procedures.values())

    def procedure(self, key: str) -> Procedure:
        """Raises :class:`UnknownKey`."""
        return _named(self._tables.procedures, key, "程序")

    def successions(self, procedure: str, state: str) -> list[Succession]:
        """What may go on from a matter of this procedure that stands there, in the order of the table."""
        return [one for one in self._tables.successions if one.fits(procedure, state)]

    def documents(self) -> tuple[Document, ...]:
        """The papers that procedures ask for."""
        return tuple(self._tables.documents.values())

    def document(self, key: str) -> Document:
        """Raises :class:`UnknownKey`."""
        return _named(self._tables.documents, key, "文书")

    def bodies(self) -> tuple[Body, ...]:
        """Who takes the steps of procedures."""
        return tuple(self._tables.bodies.values())

    def body(self, key: str) -> Body:
        """Raises :class:`UnknownKey`."""
        return _named(self._tables.bodies, key, "主体")

    def value(
        self, key: str, on: dt.date, region: str = "", *, only_for: str = "", counterpart: str = ""
    ) -> Value:
        """The value in force on a day in a region: the nearest place that has one, village to nation.

        ``only_for`` names a case that some places treat apart (``工资类举报``); ``counterpart`` is the other
        region of something between two.

        Raises :class:`UnknownKey`, :class:`NotYetInForce`, :class:`Repealed`, :class:`NoValue`,
        :class:`Unconfirmed`.
        """
        parameter = self.parameter(key)
        first = parameter.values[0]
        local = _nearest(parameter, _Case(on, region, only_for, counterpart))
        if local is None and parameter.only_in and not _lies_in(region, parameter.only_in):
            places = "、".join(parameter.only_in.values())
            raise NoValue(f"“{parameter.name}”是{places}的规定，不能用于地区代码{region}。")
        if local is None and on < first.from_:
            since = min([first.from_, *_first_days_near(parameter, region)])
            raise NotYetInForce(f"“{parameter.name}”自{since}起才有规定，不能用于{on}。")
        dated = local or _latest(parameter.values, on)
        if dated is None:
            raise Repealed(f"“{parameter.name}”的规定已于{parameter.values[-1].until}失效，不能用于{on}。")
        if dated.value is None:
            place = f"地区代码{region}" if region else "未指明的地区"
            raise NoValue(
                f"“{parameter.name}”由地方规定，{place}在{on}没有收录数值，请由当地按正式文件补录。"
            )
        if dated.confidence == "unknown":
            raise Unconfirmed(f"“{parameter.name}”的数值尚未查证，确认并注明依据后才能使用。")
        return self._answer(parameter, dated)

    def claim(self, key: str, on: dt.date, region: str = "") -> Value:
        """A value that a letter or a decision may rest on.

        Raises what :meth:`value` raises, and :class:`Unconfirmed` for a number that nobody has seen in the
        text yet or that is only our own choice.
        """
        value = self.value(key, on, region)
        if value.carries_claim:
            return value
        why = "待核，本单位确认之前" if value.needs_check else "只是工作安排，"
        raise Unconfirmed(f"“{value.name}”{why}不能作为法律依据。")

    def timeline(self, key: str) -> list[Value]:
        """All recorded values, the nation's first, then by region and date, for showing."""
        parameter = self.parameter(key)
        return [self._answer(parameter, dated) for dated in _all_values(parameter)]

    def spans(self, key: str, region: str = "") -> list[Span]:
        """What holds in a region over time; days without a usable value are left out."""
        parameter = self.parameter(key)
        ends = [dated.until + dt.timedelta(days=1) for dated in _all_values(parameter) if dated.until]
        starts = sorted({dated.from_ for dated in _all_values(parameter)} | set(ends))
        spans: list[Span] = []
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            until = following - dt.timedelta(days=1) if following else None
            try:
                value = self.value(key, start, region)
            except (NotYetInForce, Repealed, NoValue, Unconfirmed):
                continue
            if spans and spans[-1].value == value and spans[-1].until == start - dt.timedelta(days=1):
                spans[-1] = Span(spans[-1].from_, until, value)
            else:
                spans.append(Span(start, until, value))
        return spans

    def extension_of(self, key: str) -> str:
        """Key of the provision by which a period can be extended; empty where there is none."""
        return self._extensions.get(key, "")

    def deadline(
        self,
        key: str,
        start: dt.date | dt.datetime,
        region: str = "",
        *,
        pauses: Sequence[Pause] = (),
        extensions: Sequence[Extension] = (),
        restarts: Sequence[Restart] = (),
        part: str = "",
        only_for: str = "",
        counterpart: str = "",
    ) -> Deadline:
        """The due date of a period that starts with an event on ``start``, with the steps that led to it.

        For a period counted backwards ``start`` is the day of the event ahead. ``part`` chooses among several
        lengths of one provision. Raises the errors of :meth:`value`, :class:`BadQuestion` for pauses,
        extensions or restarts that cannot be, and :class:`UnpublishedYear` before the first recorded calendar.
        """
        question = Question(
            key, start, region, tuple(pauses), tuple(extensions), tuple(restarts), part, only_for, counterpart
        )
        return reckon(self, question)

    def manners(self, family: str = "") -> tuple[Manner, ...]:
        """The manners of service, of one family's papers where it is named."""
        return tuple(m for m in self._tables.manners.values() if not family or family in m.families)

    def served_on(self, manner: str, on: dt.date, family: str = "inspection", region: str = "") -> Service:
        """The day of service of a paper that was signed for, posted or published ``on`` a day.

        Raises :class:`BadQuestion` for a manner or family that does not exist.
        """
        if family not in FAMILIES:
            raise BadQuestion(f"没有“{family}”这类文书，可选：{'、'.join(FAMILIES)}。")
        if manner not in self._tables.manners:
            raise BadQuestion(f"没有“{manner}”这种送达方式，可选：{'、'.join(self._tables.manners)}。")
        return served(self, self._tables.manners[manner], on, family, region)

    def _answer(self, parameter: Parameter, dated: DatedValue) -> Value:
        statutes = [self.statute(reference.statute) for reference in dated.references]
        cited = [
            cite(statute, reference) for statute, reference in zip(statutes, dated.references, strict=True)
        ]
        return Value(
            key=parameter.key,
            name=parameter.name,
            value=dated.value,
            unit=dated.unit,
            from_=dated.from_,
            until=dated.until,
            kind="policy" if dated.region and not dated.references else parameter.kind,
            reference="；".join([*cited, *([dated.source] if dated.source else [])]),
            region=dated.region,
            region_name=dated.region_name,
            level=statutes[0].level if statutes else ("地方文件" if dated.region else ""),
            confidence=dated.confidence,
            checked_on=dated.checked_on,
            note="".join(f"{note.rstrip('。')}。" for note in (parameter.note, dated.note) if note),
            parameter_type=parameter.type,
            counting=dated.counting,
            only_for=dated.only_for,
        )


def _named(table: Mapping[str, T], key: str, what: str) -> T:
    if key not in table:
        raise UnknownKey(f"没有代号为“{key}”的{what}，请检查代号。")
    return table[key]


def _latest(values: tuple[DatedValue, ...], on: dt.date) -> DatedValue | None:
    begun = [dated for dated in values if dated.from_ <= on]
    return begun[-1] if begun and begun[-1].in_force(on) else None


@dataclass(frozen=True)
class _Case:
    on: dt.date
    region: str
    only_for: str
    counterpart: str


def _nearest(parameter: Parameter, case: _Case) -> DatedValue | None:
    """The value of the nearest place; at one place a value made for the case goes before the general one."""
    for digits in reversed(REGION_DIGITS):
        if len(case.region) < digits:
            continue
        here = parameter.local_values.get(case.region[:digits], ())
        usable = [value for value in here if value.meets(case.only_for, case.region, case.counterpart)]
        for special in (True, False):
            values = tuple(v for v in usable if bool(v.only_for or v.between) is special)
            if dated := _latest(values, case.on):
                return dated
    return None


def _lies_in(region: str, places: Mapping[str, str]) -> bool:
    """Whether a region is in one of the places; the nation as a whole is asked for what is recorded."""
    return not region or any(region.startswith(code) for code in places)


def _first_days_near(parameter: Parameter, region: str) -> list[dt.date]:
    """First days of the general local values that would answer for a region."""
    return [
        values[0].from_
        for code, every in parameter.local_values.items()
        if region.startswith(code) and (values := [v for v in every if not (v.only_for or v.between)])
    ]


def _all_values(parameter: Parameter) -> Iterator[DatedValue]:
    yield from parameter.values
    for code in sorted(parameter.local_values):
        yield from parameter.local_values[code]
