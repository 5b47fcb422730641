"""What people wrote, fit for a screen: numbers of people, telephones and cards in it, and the writer's own name, are masked."""

from __future__ import annotations

import re

from anxin.evidence.sealing import Sealed
from anxin.kernel.masking import mask_id_number, mask_name, mask_phone

#: full-width digits and letters to plain ones, so that numbers are found; Chinese signs stay Chinese
_PLAIN = {
    code: code - 0xFEE0
    for first, last in ("０９", "ＡＺ", "ａｚ")
    for code in range(ord(first), ord(last) + 1)
}
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
#: eleven digits and more, however they are set apart
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){10,}[Xx]?(?!\d)")


#: seven or eight digits are a telephone only where the words before say so: amounts, days and numbers of papers are as long
_LANDLINE = re.compile(
    r"(?P<said>(?:电话|座机|固话|手机|传真|热线|拨打|致电|来电|联系|(?<![单据票证案编同卡账])号码?|[Tt][Ee][Ll]|QQ|微信)"
    r"[^\d。；！？\n]{0,8}|(?<!\d)0\d{2,3}[)\]） -]{1,2}|\*[、/或，, 和]{1,2})"
    r"(?P<number>(?!(?:19|20)\d\d(?:-(?:19|20)\d\d|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d))[2-9]\d{2,3}[ -]?\d{4})"
    r"(?![\d.*]|-\d| ?[元块万千百年月号室房栋幢楼人个份%％])"
)
#: what stands where a name is asked for and names nobody
_NOBODY = (
    "匿名", "市民", "群众", "工人", "农民工", "网友", "业主", "先生", "女士", "不详", "未知", "来电人", "反映人", "本人"
)  # fmt: skip
_SHORTEST_NAME, _LONGEST_NAME = 2, 20


def masked_words(text: str, *, name: str = "") -> str:
    """The text in plain half-width digits, telephones and every long number masked; amounts and dates are not.

    ``name``: of whoever wrote it, where it is known; masked as ``王**`` wherever it stands in the text.
    """
    text = _LONG_NUMBER.sub(_masked, _SPACES.sub(" ", text.translate(_PLAIN)).strip())
    before = ""
    while before != text:  # a second telephone behind the first is known by the first one's mask
        before, text = text, _LANDLINE.sub(_masked_landline, text)
    return _without_name(text, name.translate(_PLAIN).strip())


def _without_name(text: str, name: str) -> str:
    """A name of two letters or more; what came masked or names nobody is left."""
    named = _SHORTEST_NAME <= len(name) <= _LONGEST_NAME and "*" not in name and name not in _NOBODY
    return text.replace(name, mask_name(name)) if named else text


def _masked_landline(match: re.Match[str]) -> str:
    return match["said"] + re.sub(r"\d", "*", match["number"])


def _masked(match: re.Match[str]) -> str:
    digits = re.sub("[ -]", "", match[0])
    return mask_id_number(digits) if len(digits) >= 15 else mask_phone(digits)


def opened(sealed: object) -> str:
    """The text behind a seal, to be masked at once; empty where nothing is known."""
    return sealed.open() if isinstance(sealed, Sealed) else ""


def masked_contact(phone: str) -> str:
    """A telephone for the screen; one that came masked already stays as it is."""
    return phone if "*" in phone else mask_phone(phone)
