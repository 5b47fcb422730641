"""Read whole columns of cells into typed values. Clean cells take a short way; odd ones are looked at singly.

Each reader takes the cells of one column and returns the values (``None`` for blank or unreadable) and, for the
cells that could not be read, index → sentence.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from math import isfinite
from operator import sub
from typing import Any

from anxin.kernel.identifiers import (
    DAMAGED_BY_SPREADSHEET,
    clean_identifier,
    damaged_by_spreadsheet,
    id_number_problem,
)
from anxin.kernel.money import FEN_PER_YUAN, MoneyError, parse_yuan
from anxin.sheets.dates import DateError, parse_date, parse_times
from anxin.sheets.spec import ValueType
from anxin.sheets.texts import half_width, is_blank, squeeze
from anxin.sheets.workbook import Cell

Column = tuple[list[Any], dict[int, str]]

_NOTHING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无"})
#: what a spreadsheet shows where a formula failed
_FORMULA_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#DIV/0"}
)
_FORMULA_ERROR = "单元格里的公式出错（{value}），没有可用的结果，请改正公式后重新上传。"
_DAYS = re.compile(r"^([-+]?\d+(?:\.\d+)?|\.\d+)(?:天|日|个?工日?|个|D|DAYS?)?$")
_HOURS = re.compile(r"^(\d+(?:\.\d+)?)(?:个?小时|时|H|HOURS?|工时)?$")
_HOURS_MINUTES = re.compile(r"^(?:(\d+)(?:个?小时|时|H|:))?(?:(\d+)(?:分钟?|M|MIN)?)?$")
_CJK = re.compile(r"[\u3400-\u9fff]")
_CARD_IN_TEXT = re.compile(r"(?:(?:卡|账|帐)号:?)?(?<!\d)(\d{12,21})(?!\d)")
_CARD_JOINTS = "()[]:,、,;/|-_·"
_WHITE = re.compile(r"\s+")
_SUCCESS = re.compile(
    r"成功|已发放|已到账|已入账|已支付|已付|完成|正常|SUCC|^(?:Y|YES|是|S|OK|已发|到账|0000)$|^交易完成"
)
_FAILED = re.compile(
    r"失败|未成功|不成功|退[票汇回款]|拒绝|错误|异常|无效|不符|作废|撤销|FAIL|^(?:N|NO|否|F|E)$|未到账|未发放|未入账|未付|未支付|未完成|冲正"
)
_REVERSED = re.compile(r"冲正|抹账")
_PENDING = re.compile(r"处理中|待|未处理|在途|已提交|已受理|已发送|部分")


def read_text(cells: Sequence[Cell]) -> Column:
    """Text, trimmed; spaces that pad a Chinese name (张　三) go."""
    values: list[Any] = []
    problems: dict[int, str] = {}
    for index, cell in enumerate(cells):
        if type(cell) is str:
            if not cell:
                values.append(None)
            elif cell.isalnum():
                values.append(cell)
            else:
                text = cell.strip()
                if text in _FORMULA_ERRORS:
                    problems[index] = _FORMULA_ERROR.format(value=text)
                    text = ""
                if _CJK.search(text):
                    text = _WHITE.sub("", text)
                values.append(text or None)
        elif cell is None:
            values.append(None)
        elif isinstance(cell, float):
            values.append(str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell))
        elif isinstance(cell, dt.datetime | dt.date | dt.time):
            values.append(cell.isoformat())
        else:
            values.append(str(cell))
    return values, problems


def read_codes(cells: Sequence[Cell]) -> Column:
    """Employee numbers, references: text as it stands; a number that lost digits is said to be so."""
    return _identifiers(cells, None)


def read_id_numbers(cells: Sequence[Cell]) -> Column:
    """ID numbers with their check digit tested. A number with a wrong check digit is not returned."""
    return _identifiers(cells, id_number_problem)


def read_cards(cells: Sequence[Cell]) -> Column:
    """Card or account numbers. The check digit is tested by the checks, as a warning: passbooks have none.

    Where the bank stands in the same cell (农行 6228…), only the number is the card's.
    """
    values, problems = _identifiers(cells, None)
    for index, value in enumerate(values):
        if value is not None and not value.isascii():
            numbers = _CARD_IN_TEXT.findall(value)
            values[index] = numbers[0] if len(numbers) == 1 else value
    return values, problems


def bank_beside_card(cell: Cell) -> str | None:
    """The bank of a cell that holds the bank and the card number, ``None`` where it names none."""
    if not isinstance(cell, str):
        return None
    text = _CARD_IN_TEXT.sub("", squeeze(cell)).strip(_CARD_JOINTS)
    return text if _CJK.search(text) else None


def _identifiers(cells: Sequence[Cell], problem_of: Callable[[str], str | None] | None) -> Column:
    values: list[Any] = []
    problems: dict[int, str] = {}
    append = values.append
    for index, cell in enumerate(cells):
        if type(cell) is str and cell.isdigit() and cell.isascii():
            text = cell
        elif cell == "" or cell is None:
            append(None)
            continue
        else:
            text, problem = _odd_identifier(cell)
            if problem:
                problems[index] = problem
            if not text:
                append(None)
                continue
        if problem_of is not None:
            problem = problem_of(text)
            if problem:
                problems[index] = problem
                append(None)
                continue
        append(text)
    return values, problems


def _odd_identifier(cell: Cell) -> tuple[str, str | None]:
    """The identifier of a cell that is not plain digits, and what is wrong with it as a cell."""
    if damaged_by_spreadsheet(cell):
        return "", DAMAGED_BY_SPREADSHEET
    if type(cell) is str and cell.strip() in _FORMULA_ERRORS:
        return "", _FORMULA_ERROR.format(value=cell.strip())
    text = clean_identifier(cell)
    return ("", None) if text in _NOTHING else (text, None)


def read_money(cells: Sequence[Cell], unit: int = 1) -> Column:
    """Amounts in fen; ``unit`` is 10,000 where the column counts in 万元."""
    scale = unit * FEN_PER_YUAN
    if set(map(type, cells)) == {float}:
        clean = _clean_money(cells, scale)
        if clean is not None:
            return clean, {}
    values: list[Any] = []
    problems: dict[int, str] = {}
    append = values.append
    for index, cell in enumerate(cells):
        if type(cell) is float:
            exact = cell * scale
            if -9e15 < exact < 9e15:
                fen = round(exact)
                if -0.01 < exact - fen < 0.01:
                    append(fen)
                    continue
        elif cell == "":
            append(None)
            continue
        try:
            append(_odd_money(cell, unit))
        except MoneyError as error:
            append(None)
            text = str(cell).strip()
            problems[index] = _FORMULA_ERROR.format(value=text) if text in _FORMULA_ERRORS else str(error)
    return values, problems


def _clean_money(cells: Sequence[Any], scale: int) -> list[Any] | None:
    """A column of nothing but numbers with at most two decimals, all at once; ``None`` if it is not one."""
    exact = [cell * scale for cell in cells]
    if not (isfinite(sum(exact)) and max(exact) < 9e15 and min(exact) > -9e15):
        return None
    fen = list(map(round, exact))
    return fen if max(map(abs, map(sub, exact, fen))) < 0.01 else None


def _odd_money(cell: Cell, unit: int) -> int | None:
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        raise MoneyError("这里是日期或时间，不是金额，请填写数字。")
    if isinstance(cell, str):
        cell = cell.strip().rstrip("。;；").replace("RMB", "").replace("人民币", "")
        if cell.count("，") or cell.count(","):
            cell = half_width(cell)
    return parse_yuan(cell, unit=unit)


def read_days(cells: Sequence[Cell]) -> Column:
    """Numbers of days as decimals: 22, 22.5, ``22天``, full-width digits."""
    values: list[Any] = []
    problems: dict[int, str] = {}
    known: dict[Any, Decimal] = {}
    for index, cell in enumerate(cells):
        if type(cell) is float and -1e9 < cell < 1e9:
            days = known.get(cell)
            if days is None:
                days = known[cell] = _tidy(Decimal(repr(cell)))
            values.append(days)
            continue
        value, problem = _odd_days(cell)
        values.append(value)
        if problem:
            problems[index] = problem
    return values, problems


def _odd_days(cell: Cell) -> tuple[Decimal | None, str | None]:
    if is_blank(cell):
        return None, None
    if isinstance(cell, int) and not isinstance(cell, bool):
        return Decimal(cell), None
    text = squeeze(str(cell))
    if text in _NOTHING:
        return None, None
    if text in _FORMULA_ERRORS:
        return None, _FORMULA_ERROR.format(value=text)
    match = _DAYS.match(text)
    if not match:
        return None, f"“{str(cell).strip()}”不是天数，请填写数字。"
    return _tidy(Decimal(match[1])), None


def _tidy(number: Decimal) -> Decimal:
    """Spreadsheets store 22.200000000000003: four decimals are enough, trailing zeros go."""
    rounded = round(number, 4)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()


def read_hours(cells: Sequence[Cell]) -> Column:
    """Hours as decimals: 8, ``8小时``, ``7:30``, ``7小时30分``, durations."""
    values: list[Any] = []
    problems: dict[int, str] = {}
    for index, cell in enumerate(cells):
        try:
            values.append(parse_hours(cell))
        except (ValueError, InvalidOperation):
            values.append(None)
            problems[index] = f"“{str(cell).strip()}”不是工时，请填写小时数。"
    return values, problems


def parse_hours(cell: Cell) -> Decimal | None:
    """Hours of one cell, ``None`` for blank. Raises ``ValueError``."""
    if isinstance(cell, dt.timedelta):
        return _tidy(Decimal(int(cell.total_seconds())) / 3600)
    if isinstance(cell, dt.time):
        return _tidy(Decimal(cell.hour * 3600 + cell.minute * 60 + cell.second) / 3600)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and -1e9 < cell < 1e9:
        return _tidy(Decimal(repr(cell)))
    text = squeeze(str(cell))
    if text in _NOTHING:
        return None
    match = _HOURS.match(text)
    if match:
        return _tidy(Decimal(match[1]))
    match = _HOURS_MINUTES.match(text)
    if match and (match[1] or match[2]):
        return _tidy(Decimal(match[1] or 0) + Decimal(match[2] or 0) / 60)
    raise ValueError(text)


def read_dates(cells: Sequence[Cell], year: int | None = None) -> Column:
    values: list[Any] = []
    problems: dict[int, str] = {}
    for index, cell in enumerate(cells):
        if cell == "":
            values.append(None)
            continue
        try:
            values.append(parse_date(cell, year=year))
        except DateError as error:
            values.append(None)
            problems[index] = str(error)
    return values, problems


def read_times(cells: Sequence[Cell]) -> Column:
    """The clock time of each cell, the first where there are several."""
    values: list[Any] = []
    problems: dict[int, str] = {}
    for index, cell in enumerate(cells):
        times = parse_times(cell)
        values.append(times[0] if times else None)
        if not times and not is_blank(cell) and squeeze(str(cell)) not in _NOTHING and "卡" not in str(cell):
            problems[index] = f"“{str(cell).strip()}”不是打卡时间，请写成 08:30 这样的形式。"
    return values, problems


def read_statuses(cells: Sequence[Cell]) -> Column:
    """``success``, ``failed`` or ``pending`` for the words of the banks."""
    values: list[Any] = []
    problems: dict[int, str] = {}
    known: dict[Any, str | None] = {}
    for index, cell in enumerate(cells):
        if cell not in known:
            known[cell] = _status(cell)
        values.append(known[cell])
        if known[cell] is None and not is_blank(cell):
            problems[index] = f"看不出“{str(cell).strip()}”是成功还是失败，请改为“成功”或“失败”。"
    return values, problems


def _status(cell: Cell) -> str | None:
    text = squeeze(str(cell))
    if not text:
        return None
    if _REVERSED.search(text):
        return "reversed"
    if _FAILED.search(text):
        return "failed"
    if _PENDING.search(text):
        return "pending"
    return "success" if _SUCCESS.search(text) else None


def read_column(type_: ValueType, cells: Sequence[Cell], *, unit: int = 1, year: int | None = None) -> Column:
    """Read a column as its field's type says."""
    if type_ is ValueType.MONEY:
        return read_money(cells, unit)
    if type_ is ValueType.DATE:
        return read_dates(cells, year)
    return _READERS[type_](cells)


_READERS: dict[ValueType, Callable[[Sequence[Cell]], Column]] = {
    ValueType.TEXT: read_text,
    ValueType.ID_NUMBER: read_id_numbers,
    ValueType.CARD: read_cards,
    ValueType.PHONE: read_codes,
    ValueType.CODE: read_codes,
    ValueType.DAYS: read_days,
    ValueType.HOURS: read_hours,
    ValueType.TIME: read_times,
    ValueType.STATUS: read_statuses,
}
