"""How one fact is written in a facts file: a value, 争议 with who says what, or 未知 with what it may be."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from anxin.kernel.money import MoneyError, parse_yuan, sentence_yuan
from anxin.law.errors import LawError
from anxin.law.liability.facts import Alternative, Fact, Status, known, open_fact

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

#: a fact of a facts file cannot have more ways to stand than this
_MOST_WAYS = 5


@dataclass(frozen=True)
class Slot(Generic[T]):
    """What a field holds: how to read it, how to say it, which paper decides it, what it may be if unknown."""

    name: str
    read: Callable[[Any, str], T]
    say: Callable[[T], str]
    paper: str
    unknown: tuple[T, ...] = ()

    def known(self, about: str, value: T) -> Fact[T]:
        return known(self.label(about), value, self.say(value))

    def open(self, about: str, status: Status, values: Sequence[T], paper: str = "") -> Fact[T]:
        """An open fact whose ways nobody in particular stands for."""
        ways = tuple(Alternative(value, self.say(value)) for value in values)
        return open_fact(self.label(about), status, ways, paper or self.paper)

    def label(self, about: str) -> str:
        return f"{about}：{self.name}" if about else self.name

    def fact(self, about: str, given: Any, unknown: Sequence[T] = ()) -> Fact[T]:
        """The fact as written. Raises :class:`LawError` with a sentence."""
        where = self.label(about)
        if given == "未知":
            return self._unknown(about, list(unknown or self.unknown), "")
        if not isinstance(given, Mapping):
            return self.known(about, self.read(given, where))
        strange = set(given) - {"争议", "未知", "凭据"}
        if strange or ("争议" in given) == ("未知" in given):
            raise LawError(f"“{where}”应写一个值，或者写“争议”“未知”二者之一（可带“凭据”）。")
        paper = _text(given.get("凭据", ""), where)
        if "争议" in given:
            return self._disputed(about, given["争议"], paper)
        ways = given["未知"]
        values = [self.read(way, where) for way in ways] if isinstance(ways, list) else []
        return self._unknown(about, values or list(unknown or self.unknown), paper)

    def _disputed(self, about: str, given: Any, paper: str) -> Fact[T]:
        where = self.label(about)
        if not isinstance(given, Mapping):
            raise LawError(f"“{where}”的争议应写成“说法: 谁主张”，至少两种说法。")
        ways = [(self.read(value, where), _text(by, where)) for value, by in given.items()]
        self._check(where, [value for value, _ in ways])
        alternatives = tuple(Alternative(value, self.say(value), by) for value, by in ways)
        return open_fact(where, Status.DISPUTED, alternatives, paper or self.paper)

    def _unknown(self, about: str, values: list[T], paper: str) -> Fact[T]:
        where = self.label(about)
        values = list(dict.fromkeys(values))
        self._check(where, values)
        return self.open(about, Status.UNKNOWN, values, paper)

    def _check(self, where: str, values: Sequence[T]) -> None:
        if len(set(values)) < 2:
            raise LawError(f"“{where}”没有查明，请写出至少两种不同的可能，例如 {{未知: [0, 50000]}}。")
        if len(values) != len(set(values)) or len(values) > _MOST_WAYS:
            raise LawError(f"“{where}”的说法有重复或者多于{_MOST_WAYS}种，请归并后再写。")


def _text(given: Any, where: str) -> str:
    if not isinstance(given, str):
        raise LawError(f"“{where}”里的“{given}”应为文字。")
    return unicodedata.normalize("NFC", given.strip())


def read_yes(given: Any, where: str) -> bool:
    if given in ("是", "否") or isinstance(given, bool):
        return given in ("是", True)
    raise LawError(f"“{where}”应填“是”或“否”，现在是“{given}”。")


def read_money(given: Any, where: str) -> int:
    """Yuan as written to fen; nothing below zero."""
    try:
        fen = parse_yuan(given)
    except MoneyError as problem:
        raise LawError(f"“{where}”：{problem}") from None
    if fen is None and str(given).strip() == "无":
        return 0
    if fen is None or fen < 0 or fen > 10**15:
        raise LawError(f"“{where}”应为不小于零的金额（元），现在是“{given}”。")
    return fen


def read_means(given: Any, where: str) -> int | None:
    if given == "能付":
        return None
    return 0 if given in ("逃匿", "无力") else read_money(given, where)


def say_means(value: int | None) -> str:
    if value is None:
        return "付得出"
    return f"只付得出{sentence_yuan(value)}" if value else "付不出"


def reader_of(kind: type[E]) -> Callable[[Any, str], E]:
    """Reads one of the words of an enumeration."""

    def read(given: Any, where: str) -> E:
        try:
            return kind(given)
        except ValueError:
            raise LawError(f"“{where}”应为{'、'.join(kind)}之一，现在是“{given}”。") from None

    return read


def say_yes(value: bool) -> str:
    return "是" if value else "否"
