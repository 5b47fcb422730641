"""The evaluated day as rules see it while they are compiled: it notes what they ask of it.

Most rules compare columns with the day, and the SQL for Thursday is that for Wednesday with another date in it. So
the day is a date that leaves a mark where it is put into an expression, and everything else that is asked of it (its
month, a comparison, a value of the law on it) is written down with the answer. What was compiled on one day holds on
another when all questions have the same answers there; the marks are then filled in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

#: stands for the day in an expression; nobody's data reach into that century
_MARK = dt.date(3950, 7, 19)
_FIRST_MARK, _LAST_MARK = dt.date(3900, 1, 1), dt.date(4000, 1, 1)
_MARKS = re.compile(r"(MAKE_DATE|MAKE_TIMESTAMP)\((39\d\d), (\d+), (\d+)")
_UNFILLED = re.compile(r"'39\d\d-\d\d-\d\d")

Question = Callable[[dt.date], Any]


class Watch:
    """What was asked of one day, with the answers."""

    def __init__(self, day: dt.date) -> None:
        self.day = day
        self.asked: list[tuple[Question, Any]] = []

    def today(self) -> dt.date:
        _teach_ibis()
        return Today(self, 0)

    def ask(self, question: Question) -> Any:
        """The answer for the day. A refusal is an answer, too, and is raised."""
        answer = _answer(question, self.day)
        self.asked.append((question, answer))
        if isinstance(answer, _Refusal):
            raise answer.problem
        return answer


def holds(asked: tuple[tuple[Question, Any], ...], day: dt.date) -> bool:
    """Whether all questions have the same answers on another day."""
    return all(_answer(question, day) == answer for question, answer in asked)


def filled_in(sql: str, day: dt.date) -> str:
    """The SQL with the day where the marks are."""

    def real(found: re.Match[str]) -> str:
        mark = dt.date(*(int(part) for part in found.groups()[1:]))
        there = day + (mark - _MARK)
        return f"{found[1]}({there.year}, {there.month}, {there.day}"

    return _MARKS.sub(real, sql)


def checked(sql: str, tables: Iterable[pa.Table]) -> str:
    """The SQL, where every mark in it can be filled in. A mark in a table of values never is: rules must not do that."""
    strange = _UNFILLED.search(sql) or any(
        pc.any(pc.and_(pc.greater_equal(column, _FIRST_MARK), pc.less(column, _LAST_MARK))).as_py()
        for table in tables
        for column in table.columns
        if pa.types.is_date32(column.type)
    )
    if strange:
        raise TypeError("the evaluated day stands in a table or text: use ctx.as_of in an expression instead")
    return sql


@cache
def _teach_ibis() -> None:
    """Ibis turns a date into a plain one of the same year, month and day; of this one it is to take the mark."""
    from ibis.common.temporal import normalize_datetime

    @normalize_datetime.register(Today)
    def _mark(value: Today) -> dt.datetime:
        mark = value._mark
        return dt.datetime(mark.year, mark.month, mark.day)  # noqa: DTZ001 - a date without a time


class _Refusal:
    def __init__(self, problem: Exception) -> None:
        self.problem = problem

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Refusal) and (type(self.problem), str(self.problem)) == (
            type(other.problem),
            str(other.problem),
        )

    __hash__ = None  # type: ignore[assignment]


def _answer(question: Question, day: dt.date) -> Any:
    try:
        return question(day)
    except Exception as problem:  # whatever it is, it is compared, and raised to the rule that asked
        return _Refusal(problem)


class Today(dt.date):
    """The day, or one a fixed number of days from it. In an expression it is a mark."""

    _watch: Watch
    _off: dt.timedelta
    _mark: dt.date

    def __new__(cls, watch: Watch, offset: int) -> Today:
        mark = _MARK + dt.timedelta(days=offset)
        self = super().__new__(cls, mark.year, mark.month, mark.day)
        self._watch = watch
        self._off = dt.timedelta(days=offset)
        self._mark = mark
        return self

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return super().__getattribute__(name)
        if callable(getattr(dt.date, name, None)):
            return lambda *args, **named: self._asked(lambda day: getattr(day, name)(*args, **named))
        return self._asked(lambda day: getattr(day, name))

    def _asked(self, question: Question) -> Any:
        off = self._off
        return self._watch.ask(lambda day: question(day + off))

    def _moved(self, by: dt.timedelta) -> Today:
        return Today(self._watch, self._off.days + by.days)

    def __add__(self, other: dt.timedelta) -> Any:
        return self._moved(other) if isinstance(other, dt.timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, dt.timedelta):
            return self._moved(-other)
        if isinstance(other, Today):
            return self._off - other._off
        return self._asked(lambda day: day - other)

    def __rsub__(self, other: Any) -> Any:
        return self._asked(lambda day: other - day)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Today):
            return self._watch is other._watch and self._off == other._off
        return bool(self._asked(lambda day: day == other))

    def __hash__(self) -> int:
        return int(self._asked(hash))

    def __lt__(self, other: Any) -> bool:
        return bool(self._asked(lambda day: day < plain(other, day - self._off)))

    def __le__(self, other: Any) -> bool:
        return bool(self._asked(lambda day: day <= plain(other, day - self._off)))

    def __gt__(self, other: Any) -> bool:
        return bool(self._asked(lambda day: day > plain(other, day - self._off)))

    def __ge__(self, other: Any) -> bool:
        return bool(self._asked(lambda day: day >= plain(other, day - self._off)))

    def __str__(self) -> str:
        return str(self._asked(str))

    def __repr__(self) -> str:
        return str(self._asked(repr))

    def __format__(self, words: str) -> str:
        return str(self._asked(lambda day: format(day, words)))

    def __reduce__(self) -> Any:
        return self._asked(lambda day: day.__reduce__())

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self._asked(lambda day: day.__reduce_ex__(protocol))


def plain(value: Any, day: dt.date) -> Any:
    """A value with the watched day in it replaced by a plain one."""
    return day + value._off if isinstance(value, Today) else value


class Watched:
    """The law (or its calendar) as a rule sees it: what depends on the watched day is asked through the watch."""

    def __init__(self, inner: Any, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return Watched(found, self._watch) if type(found).__module__.startswith("anxin.law") else found

        def call(*args: Any, **named: Any) -> Any:
            if not any(isinstance(value, Today) for value in (*args, *named.values())):
                return found(*args, **named)
            return self._watch.ask(
                lambda day: found(
                    *(plain(value, day) for value in args),
                    **{key: plain(value, day) for key, value in named.items()},
                )
            )

        return call
