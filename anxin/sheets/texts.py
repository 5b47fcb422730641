"""Plain-text helpers: the same words however a clerk spaces, widens or decorates them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anxin.sheets.traditional import TO_SIMPLIFIED

_SPACES = re.compile(r"[\s\u200b\ufeff\xa0*\"“”]+")
#: brackets that only name a unit or how to fill in the column; （个人） and （单位） carry meaning and stay
_NOTE = re.compile(
    r"[(\[【](?:单位:?)?(?:人民币)?(?:万?元(?:/[天日月时人]|每[天日月])?|天数?|日|小时|H|个|人|人数|岁|%|工日|工|RMB|¥|"
    r"必填项?|选填|非必填|可选|大写|小写|手写|按手印|手印|本人|盖章|公章|[^()]{0,6}[年月日][/\-.][^()]{0,10}|YYYY[^()]*|"
    r"请?(?:填写?|输入)[^()]*|格式[^()]*|文本[^()]*|18位|11位|分钟|单位分钟)[)\]】]"
)
_EDGE = re.compile(r"^[\d]{1,2}[.、](?=\D)|[::;,、.。]+$")
_BRACKETS = re.compile(r"\([^()]*\)")
#: the English half of a bilingual header; two letters may be part of a Chinese name (员工ID, QQ号)
_FOREIGN = re.compile(
    r"^[A-Z][A-Z.'/_\-]{2,}(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])[/|]?[A-Z][A-Z.'/_\-]{2,}$"
)
_CJK_SPACE = re.compile(r"(?<![A-Za-z\s])\s+(?![A-Za-z\s])")
_COLUMN_LETTERS = re.compile(r"^[A-Z]{1,3}$")


def is_blank(value: object) -> bool:
    """Whether a cell holds nothing to read."""
    return value is None or value == "" or (type(value) is str and not value.strip(" \t\r\n\u3000\xa0"))


def half_width(text: str) -> str:
    """Full-width letters, digits and punctuation in their half-width form (NFKC)."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """Half-width, upper case, simplified, without spaces, line breaks and asterisks: the form in which words
    compare. Never for what is kept: names of people stay as they are written."""
    plain = _SPACES.sub("", half_width(text)).upper()
    return plain if plain.isascii() else plain.translate(TO_SIMPLIFIED)


@lru_cache(maxsize=4096)
def header_word(text: str) -> str:
    """A header cell as the vocabulary knows it: squeezed, units in brackets and closing colons removed."""
    return _EDGE.sub("", _NOTE.sub("", squeeze(text)))


@lru_cache(maxsize=4096)
def plainer_forms(word: str) -> tuple[str, ...]:
    """A header word without what only repeats or explains it: 所属企业(劳务公司) → 所属企业, NAME姓名 → 姓名."""
    forms = []
    if "(" in word:
        forms.append(_BRACKETS.sub("", word))
    if not word.isascii():
        forms.append(_FOREIGN.sub("", forms[-1] if forms else word))
    return tuple(form for form in dict.fromkeys(forms) if form and form != word)


def shown_header(text: str) -> str:
    """A header cell as it is shown to people: on one line."""
    if text.isascii():
        return " ".join(text.split())
    return re.sub(r"(?<=[A-Za-z])\s+(?!$)|(?<!^)\s+(?=[A-Za-z])", " ", re.sub(_CJK_SPACE, "", text)).strip()


def column_letter(index: int) -> str:
    """``0`` → ``A``, ``27`` → ``AB``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int | None:
    """``AB`` → ``27``; ``None`` for anything that is not a column letter."""
    text = letters.strip().upper()
    if not _COLUMN_LETTERS.match(text):
        return None
    index = 0
    for letter in text:
        index = index * 26 + ord(letter) - 64
    return index - 1
