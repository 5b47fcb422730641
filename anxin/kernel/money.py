"""Money in fen: an ``int`` inside, yuan with two decimals for people."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

FEN_PER_YUAN = 100
YUAN_PER_WAN = 10_000

_AMOUNT = re.compile(r"^(?P<sign>[-+]?)(?P<number>\d+(?:\.\d+)?|\.\d+)(?P<wan>万)?元?整?$")
_GROUPED = re.compile(r"^[-+]?\d{1,3}(,\d{3})+(\.\d+)?(万)?元?整?$")
_IN_BRACKETS = re.compile(r"^\([^-+].*\)$")
_NOISE = str.maketrans("", "", " \t\n\u3000¥￥$")
#: what clerks type for "nothing"
_NOTHING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无"})


class MoneyError(ValueError):
    """An amount that cannot be read; the message is a Chinese sentence for the person who typed it."""


def parse_yuan(value: object, *, unit: int = 1) -> int | None:
    """Read an amount as people write it and return fen, or ``None`` where the cell means "nothing".

    ``value`` may be a number, or text with full-width digits, thousands separators, ¥, 元 or 万元.
    ``unit`` is what one counts in the column's own unit (10,000 where the header says 万元); text that
    names 万 itself overrides it. More than two decimals are rounded half up to the fen, because
    spreadsheets store 0.1 + 0.2. Raises :class:`MoneyError` for anything else.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        raise MoneyError(f"“{value}”不是金额，请填写数字。")
    if isinstance(value, int | float | Decimal):
        return _to_fen(str(value), unit, shown=str(value))
    shown = str(value).strip()
    text = unicodedata.normalize("NFKC", shown).translate(_NOISE)
    if text in _NOTHING:
        return None
    negative = bool(_IN_BRACKETS.match(text))  # accountants' brackets; with a sign inside they mean nothing
    if negative:
        text = text[1:-1]
    if "," in text:
        if not _GROUPED.match(text):
            raise MoneyError(f"“{shown}”的千分位逗号位置不对，无法确定金额，请改为纯数字。")
        text = text.replace(",", "")
    match = _AMOUNT.match(text)
    if not match:
        raise MoneyError(f"“{shown}”不是金额，请填写数字。")
    if match["wan"]:
        unit = YUAN_PER_WAN
    fen = _to_fen(match["sign"] + match["number"], unit, shown=shown)
    return -fen if negative else fen


def _to_fen(number: str, unit: int, *, shown: str) -> int:
    try:
        amount = Decimal(number)
    except InvalidOperation:
        raise MoneyError(f"“{shown}”不是金额，请填写数字。") from None
    if not amount.is_finite():
        raise MoneyError(f"“{shown}”不是金额，请填写数字。")
    return int((amount * unit * FEN_PER_YUAN).to_integral_value(rounding="ROUND_HALF_UP"))


def yuan_string(fen: int) -> str:
    """``1234567`` → ``"12345.67"``: the machine form, used in JSON and files."""
    sign = "-" if fen < 0 else ""
    yuan, cents = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{yuan}.{cents:02d}"


def format_yuan(fen: int) -> str:
    """``1234567`` → ``"¥12,345.67"``: the form for lists."""
    sign = "-" if fen < 0 else ""
    yuan, cents = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}¥{yuan:,}.{cents:02d}"


def sentence_yuan(fen: int) -> str:
    """``1234567`` → ``"12,345.67元"``: the form inside a sentence."""
    return format_yuan(fen).replace("¥", "") + "元"
