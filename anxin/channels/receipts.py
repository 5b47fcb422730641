"""Receipts: sixteen digits by which somebody finds what they told us again, without saying who they are.

The number follows from the word that the phone made for its submission and from the key of the installation. So the
same submission sent twice gets the same number, and only a keyed hash of it is stored: nobody here can look it up.
"""

from __future__ import annotations

import unicodedata

from anxin.evidence.sealing import finding_hash
from anxin.kernel.refusal import Refused

DIGITS = 16
_RANDOM = DIGITS - 1


def number_for(key: str, turn: int = 0) -> str:
    """The receipt of the submission with this word; another ``turn`` gives another one."""
    digits = f"{int(finding_hash('receipt-number', f'{turn}|{key}'), 16) % 10**_RANDOM:0{_RANDOM}d}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Luhn's: every single wrong digit and nearly every swap of two neighbours is noticed."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-1::-2])
    return str(-(sum(doubled) + sum(map(int, digits[-2::-2]))) % 10)


def receipt_hash(number: str) -> str:
    """What is stored of a receipt."""
    return finding_hash("receipt", number)


def shown(number: str) -> str:
    """``1234 5678 9012 3452``: as people read and type it."""
    return " ".join(number[start : start + 4] for start in range(0, DIGITS, 4))


def typed(text: str) -> str:
    """The sixteen digits that somebody typed. Raises :class:`Refused` where they cannot be a receipt."""
    digits = "".join(unicodedata.normalize("NFKC", text).replace("-", " ").split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise Refused(f"回执号是{DIGITS}位数字，请对照回执重新输入。", field="receipt")
    if check_digit(digits[:-1]) != digits[-1]:
        raise Refused("回执号有一位不对，请对照回执逐位核对。", field="receipt")
    return digits
