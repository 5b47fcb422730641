"""A small, safe evaluator of simple spreadsheet formulas: + − × ÷, SUM, ROUND, PRODUCT, AVERAGE, MAX, MIN, COUNT, ABS.

The text is cut into tokens by openpyxl and computed with decimals by recursive descent; nothing is executed.
Everything else (VLOOKUP, IF, other sheets, text) raises :class:`CannotCompute`: better to say so than to guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal, DecimalException

from anxin.sheets.texts import column_index
from anxin.sheets.workbook import Cell

_CELL = re.compile(r"^\$?([A-Z]{1,3})\$?(\d+)$")
_RANGE = re.compile(r"^\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)$")
_MAX_DEPTH = 200
_MAX_RANGE_CELLS = 400_000

Number = Decimal
Numbers = list[Decimal]


class CannotCompute(Exception):
    """This formula is beyond the small evaluator, or its cells are not numbers."""


def _round(mode: str) -> Callable[[Numbers], Number]:
    def rounded(arguments: Numbers) -> Number:
        if len(arguments) not in (1, 2):
            raise CannotCompute
        digits = int(arguments[1]) if len(arguments) == 2 else 0
        return arguments[0].quantize(Decimal(1).scaleb(-digits), rounding=mode)

    return rounded


def _product(arguments: Numbers) -> Number:
    total = Decimal(1)
    for number in arguments:
        total *= number
    return total


def _average(arguments: Numbers) -> Number:
    if not arguments:
        raise CannotCompute
    return sum(arguments, Decimal(0)) / len(arguments)


FUNCTIONS: dict[str, Callable[[Numbers], Number]] = {
    "SUM": lambda a: sum(a, Decimal(0)),
    "PRODUCT": _product,
    "AVERAGE": _average,
    "MAX": lambda a: max(a, default=Decimal(0)),
    "MIN": lambda a: min(a, default=Decimal(0)),
    "COUNT": lambda a: Decimal(len(a)),
    "ABS": lambda a: abs(a[0]),
    "ROUND": _round(ROUND_HALF_UP),
    "ROUNDUP": _round(ROUND_UP),
    "ROUNDDOWN": _round(ROUND_DOWN),
    "CEILING": _round(ROUND_CEILING),
    "INT": lambda a: a[0].to_integral_value(rounding=ROUND_FLOOR),
}
#: functions whose second argument means something else than a number of digits
_ONE_ARGUMENT = {"CEILING", "INT", "ABS"}


class Evaluator:
    """Computes formulas of one sheet; a formula may refer to cells that are formulas themselves."""

    def __init__(self, rows: Sequence[Sequence[Cell]], formulas: Mapping[tuple[int, int], str]) -> None:
        self._rows = rows
        self._formulas = formulas
        self._known: dict[tuple[int, int], float] = {}
        self._failed: set[tuple[int, int]] = set()
        self._open: list[tuple[int, int]] = []

    def value(self, row: int, column: int) -> float:
        """The result of the formula at (row, column), from 0. Raises :class:`CannotCompute`."""
        key = (row, column)
        if key in self._known:
            return self._known[key]
        if key in self._failed or key in self._open or len(self._open) > _MAX_DEPTH:
            raise CannotCompute
        self._open.append(key)
        try:
            result = float(_Parser(self._formulas[key], self).run())
        except (DecimalException, RecursionError, ValueError, IndexError, OverflowError):
            self._failed.add(key)
            raise CannotCompute from None
        except CannotCompute:
            self._failed.add(key)
            raise
        finally:
            self._open.pop()
        self._known[key] = result
        return result

    def cell(self, row: int, column: int) -> Decimal | None:
        """A cell as a number; ``None`` where it is blank or text that a SUM leaves out."""
        if (row, column) in self._formulas:
            return Decimal(repr(self.value(row, column)))
        if row >= len(self._rows) or column >= len(self._rows[row]):
            return None
        value = self._rows[row][column]
        if isinstance(value, int | float) and not isinstance(value, bool):
            return Decimal(repr(value))
        return None

    def text_at(self, row: int, column: int) -> bool:
        """Whether the cell holds text, which arithmetic must not take for 0."""
        inside = row < len(self._rows) and column < len(self._rows[row])
        return inside and isinstance(self._rows[row][column], str) and self._rows[row][column] != ""


class _Parser:
    """expression := term (± term)*; term := factor (×÷ factor)*; factor := sign? number | cell | f(…) | (…)."""

    def __init__(self, formula: str, evaluator: Evaluator) -> None:
        from openpyxl.formula import Tokenizer

        if not formula:
            raise CannotCompute
        self._items = [t for t in Tokenizer(f"={formula}").items if t.type != "WHITE-SPACE"]
        self._at = 0
        self._evaluator = evaluator

    def run(self) -> Decimal:
        result = self._expression()
        if self._at != len(self._items):
            raise CannotCompute
        return result

    def _peek(self, *values: str) -> bool:
        return self._at < len(self._items) and self._items[self._at].value in values

    def _expression(self) -> Decimal:
        total = self._term()
        while self._peek("+", "-"):
            operator = self._next().value
            other = self._term()
            total = total + other if operator == "+" else total - other
        return total

    def _term(self) -> Decimal:
        total = self._factor()
        while self._peek("*", "/"):
            operator = self._next().value
            other = self._factor()
            total = total * other if operator == "*" else total / other
        return total

    def _factor(self) -> Decimal:
        token = self._next()
        if token.type == "OPERATOR-PREFIX":
            number = self._factor()
            return -number if token.value == "-" else number
        if token.type == "PAREN" and token.subtype == "OPEN":
            number = self._expression()
            self._close()
        elif token.type == "FUNC" and token.subtype == "OPEN":
            number = self._function(token.value[:-1].upper())
        elif token.type == "OPERAND" and token.subtype == "NUMBER":
            number = Decimal(token.value)
        elif token.type == "OPERAND" and token.subtype == "RANGE":
            number = self._single(token.value)
        else:
            raise CannotCompute
        while self._peek("%"):
            self._next()
            number /= 100
        return number

    def _next(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 (openpyxl is untyped)
        token = self._items[self._at]
        self._at += 1
        return token

    def _close(self) -> None:
        if self._next().subtype != "CLOSE":
            raise CannotCompute

    def _function(self, name: str) -> Decimal:
        function = FUNCTIONS.get(name)
        if function is None:
            raise CannotCompute
        arguments: Numbers = []
        count = 0
        while not (self._items[self._at].type == "FUNC" and self._items[self._at].subtype == "CLOSE"):
            if self._items[self._at].type == "SEP":
                self._next()
                continue
            arguments.extend(self._argument())
            count += 1
        self._next()
        if name in _ONE_ARGUMENT and count != 1:
            raise CannotCompute
        return function(arguments)

    def _argument(self) -> Numbers:
        token = self._items[self._at]
        following = self._items[self._at + 1] if self._at + 1 < len(self._items) else None
        alone = following is not None and (following.type == "SEP" or following.subtype == "CLOSE")
        if token.type == "OPERAND" and token.subtype == "RANGE" and alone:
            self._next()
            return self._range(token.value)
        return [self._expression()]

    def _single(self, reference: str) -> Decimal:
        match = _CELL.match(reference)
        if not match:
            raise CannotCompute
        row, column = int(match[2]) - 1, column_index(match[1])
        assert column is not None
        number = self._evaluator.cell(row, column)
        if number is None and self._evaluator.text_at(row, column):
            raise CannotCompute
        return number if number is not None else Decimal(0)

    def _range(self, reference: str) -> Numbers:
        match = _RANGE.match(reference)
        if not match:
            single = _CELL.match(reference)
            if not single:
                raise CannotCompute
            match = _RANGE.match(f"{reference}:{reference}")
            assert match
        left, right = column_index(match[1]), column_index(match[3])
        assert left is not None and right is not None
        top, bottom = int(match[2]) - 1, int(match[4]) - 1
        if (bottom - top + 1) * (right - left + 1) > _MAX_RANGE_CELLS:
            raise CannotCompute
        cells = (
            self._evaluator.cell(row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        )
        return [number for number in cells if number is not None]
