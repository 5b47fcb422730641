"""Check digits of the identifiers that Chinese offices use.

The functions return ``None`` when the identifier is right and otherwise a Chinese sentence that says
what is wrong, so that an import can show it beside the cell. They expect cleaned text
(:func:`clean_identifier`). The arithmetic is tested against ``python-stdnum``, whose own ID-number
validator is not used because it rejects region codes that have been withdrawn since the card was issued.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from operator import mul

from stdnum.cn import uscc

_SPACES = re.compile(r"[\s\u3000'’‘`\u200b\ufeff-]+")
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d{1,2}$")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: byte of a digit → the digit sum of its double
_DOUBLED = bytes(sum(divmod(2 * (b - 48), 10)) if 48 <= b <= 57 else 0 for b in range(256))
_ID_IN_TEXT = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")
_PHONE = re.compile(r"^1[3-9]\d{9}$")

_USCC_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_USCC_WEIGHTS = tuple(3**place % 31 for place in range(17))

#: with this a unified social credit code begins whose holder is an organ of state, a public institution or a mass
#: organisation (GB 32100-2015: registered by 机构编制)
PUBLIC_BODY = "1"

DAMAGED_BY_SPREADSHEET = (
    "号码被表格软件转成了科学计数（如 1.1E+17），末几位已丢失，无法还原；请把该列设为“文本”后重新填写。"
)


def clean_identifier(value: object) -> str:
    """Text of an identifier cell: full-width to half-width, no spaces, hyphens or quotes, upper case.

    A whole number that a spreadsheet stored as a float loses its ``.0``. Digits that the spreadsheet has
    already lost are not invented: see :func:`damaged_by_spreadsheet`.
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return _SPACES.sub("", unicodedata.normalize("NFKC", str(value))).upper()


def damaged_by_spreadsheet(value: object) -> bool:
    """Whether the cell holds a number that has lost digits: ``1.1E+17``, or a float beyond 15 digits."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return abs(value) >= 1e15
    return bool(_SCIENTIFIC.match(clean_identifier(value))) if isinstance(value, str) else False


def _id_check_digit(text: str) -> str:
    """ISO 7064 MOD 11-2 over the first 17 digits. Written out, because imports check 100,000 rows at a time."""
    return "10X98765432"[sum(map(mul, _ID_WEIGHTS, map(int, text[:17]))) % 11]


def _luhn_remainder(digits: str) -> int:
    """The Luhn sum modulo 10, computed on bytes: ten times as fast as digit by digit."""
    code = digits.encode()
    plain = code[-1::-2]
    return (sum(plain) - 48 * len(plain) + sum(code[-2::-2].translate(_DOUBLED))) % 10


def id_number_problem(text: str) -> str | None:
    """What is wrong with an 18-character citizen ID number (GB 11643-1999), or ``None``."""
    if len(text) == 15 and text.isdigit():
        return "这是15位旧身份证号，请填写18位公民身份号码。"
    if len(text) != 18:
        return f"身份证号应为18位，现在是{len(text)}位。"
    if not (text[:17].isascii() and text[:17].isdigit() and text[17] in "0123456789X"):
        return "身份证号只能由17位数字加末位数字或X组成。"
    try:
        dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return "身份证号第7至14位不是有效的出生日期。"
    if _id_check_digit(text) != text[17]:
        return "身份证号末位校验码不对，请核对是否抄错。"
    return None


def find_id_numbers(text: str) -> list[str]:
    """The ID numbers that stand in a running text, in order, those with a right check digit only."""
    return [found for found in _ID_IN_TEXT.findall(text.upper()) if id_number_problem(found) is None]


def uscc_problem(text: str) -> str | None:
    """What is wrong with a unified social credit code (GB 32100-2015), or ``None``."""
    if len(text) != 18:
        return f"统一社会信用代码应为18位，现在是{len(text)}位。"
    values = [_USCC_VALUES.get(character, -1) for character in text]
    if min(values) >= 0 and (sum(map(mul, _USCC_WEIGHTS, values)) + values[17]) % 31 == 0:
        return None  # registers bring 350,000 at a time; whatever is wrong is looked at below
    try:
        expected = uscc.calc_check_digit(text[:-1])
    except Exception:  # stdnum raises several kinds for a letter outside the alphabet
        return "统一社会信用代码含有不允许的字符（不使用 I、O、S、V、Z）。"
    return None if expected == text[-1] else "统一社会信用代码末位校验码不对，请核对是否抄错。"


def bank_card_problem(text: str) -> str | None:
    """What is wrong with a bank card number (ISO/IEC 7812 length and Luhn digit), or ``None``."""
    if not (text.isascii() and text.isdigit()):
        return "银行卡号只能由数字组成。"
    if not 12 <= len(text) <= 19:
        return f"银行卡号应为12至19位，现在是{len(text)}位。"
    return None if _luhn_remainder(text) == 0 else "银行卡号末位校验不对，请核对是否抄错。"


def phone_problem(text: str) -> str | None:
    """What is wrong with a mainland mobile number, or ``None``."""
    return None if _PHONE.match(text) else "手机号应为11位、以1开头。"
