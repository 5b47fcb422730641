"""Numbers as people write them in complaints, with the lower bound of what is only approximate.

``十几`` is 10, ``二三十万`` 200,000, ``廿三`` 23, ``贰拾叁萬玖仟`` 239,000, ``1万5`` 15,000, ``20余万`` 200,000, ``5、6万`` 50,000.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {
    **{digit: value for value, digit in enumerate("零一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "〇": 0, "两": 2, "俩": 2, "仨": 3, "叄": 3, "弍": 2, "陸": 6,
}  # fmt: skip
#: twenty, thirty and forty in one letter, read as the two that they stand for
_TENS = {"廿": "二十", "卄": "二十", "卅": "三十", "卌": "四十"}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SECTIONS = {"万": 10**4, "萬": 10**4, "w": 10**4, "W": 10**4, "亿": 10**8}

_DIGIT = "[" + "".join(_DIGITS) + "]"
_UNIT = "[" + "".join([*_UNITS, *_TENS]) + "]"
_SECTION = "[万萬亿]"
#: "more than": stands after the number or between number and unit
MORE = "[多余馀来几]"

_ARABIC = r"(?<![\d.])(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?"
#: 5、6万 · 5-6万 · 5到6万 · 十二三万 (in Chinese digits the second digit stands beside the first)
_RANGE = rf"(?:(?:[-~—－～、至到])+\d+(?:\.\d+)?(?={MORE}?(?:[万萬wW亿千百个名人]|多)))?"
_FIGURES = re.compile(
    rf"(?P<arabic>{_ARABIC}){_RANGE}(?:{MORE})?(?P<unit>[十百千]?[万萬wW亿]|[十百千](?!分))?"
    rf"(?:{MORE})?(?:(?<=[万萬])(?P<tail>\d(?![\d.年月日号万])|{_DIGIT}(?!{_UNIT}|{_DIGIT}))(?:千(?:(?P<hundreds>\d)(?:百|(?![\d.个名位人年月日天])))?)?|(?<=[万萬])零?(?P<rest>\d{{3,4}})(?![\d.年月日号]))?"
)
#: 一 that counts nothing: 一直, 一定, 一起
_EMPHASIS = "一[直定起些样般旦切再向边概分下]"
#: 四、五万 · 四到六万: two digits of which the first is the lower bound, where something is counted behind them
_COUNTED = r"[十拾百佰千仟万萬亿个名位人]"
_OR = "|".join(
    [
        *(
            f"{one}、(?={other}{_COUNTED})"
            for one, other in zip("一二两三四五六七八", "二三三四五六七八九", strict=True)
        ),
        f"{_DIGIT}[到至](?={_DIGIT}{_COUNTED})",
    ]
)
_WORDS = re.compile(
    rf"(?:(?:好几|[上近几数])(?={_UNIT}|{_SECTION}))?(?:{_OR}|(?!{_EMPHASIS}){_DIGIT}|{_UNIT}|{_SECTION})+"
)
_LEAD = re.compile("好几|[上近几数]")
_AFTER = re.compile(f"{MORE}(?![时次乎])(?P<section>{_SECTION})?")
#: by themselves words of emphasis: 万分, 千万, 百姓
_NOT_ALONE = {"百", "千", "万", "亿", "千万", "百万", "万千", "百千", "萬"}
#: how much 几, 数 and 好几 are at least
_SEVERAL = 2


@dataclass(frozen=True)
class Number:
    """``value`` is the lower bound; ``start`` and ``end`` where it stands, with the words for "more than"."""

    start: int
    end: int
    value: Decimal
    #: as written in figures, without 万 and the like: what may be a year, a telephone or a house number
    plain: bool


def numbers(text: str) -> list[Number]:
    """All numbers of a text in order, none within another."""
    found = [_from_figures(match) for match in _FIGURES.finditer(text)]
    taken = [(one.start, one.end) for one in found]
    for match in _WORDS.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        number = _from_words(text, match)
        if number is not None:
            found.append(number)
            taken.append((number.start, number.end))
    return sorted(found, key=lambda one: one.start)


def _from_figures(match: re.Match[str]) -> Number:
    value = Decimal(re.sub("[,，]", "", match["arabic"]))
    scale = 1
    for letter in match["unit"] or "":
        scale *= _UNITS.get(letter, _SECTIONS.get(letter, 1))
    value *= scale
    if match["tail"]:  # 1万5 is 15,000
        value += (int(match["tail"]) if match["tail"].isdigit() else _DIGITS[match["tail"]]) * scale // 10
    if match["hundreds"]:  # 8万8千6百 is 88,600
        value += int(match["hundreds"]) * 100
    value += int(match["rest"] or 0)  # 3万零800, 3万2500
    return Number(match.start(), match.end(), value, not match["unit"])


def _from_words(text: str, match: re.Match[str]) -> Number | None:
    words = match.group(0)
    lead = _LEAD.match(words)
    several = lead is not None and lead.group(0) in {"几", "数", "好几"}
    body = words[lead.end() :] if lead else words
    value = _value(body, leading=_SEVERAL if several else 1)
    after = _AFTER.match(text, match.end())
    if value is None or (body in _NOT_ALONE and not lead and not after):
        return None
    if after and after["section"]:  # 二十几万: what is "more than" stands before 万
        value *= _SECTIONS[after["section"]]
    return Number(match.start(), after.end() if after else match.end(), Decimal(value), False)


def _value(words: str, leading: int) -> int | None:
    """The value of a numeral in words; a lone unit in front (十, 百) counts ``leading`` times."""
    words = "".join(_TENS.get(letter, letter) for letter in words if letter not in "、到至")
    total, section, digit = 0, 0, None
    last_unit = 10
    for position, letter in enumerate(words):
        if letter in _DIGITS:
            value = _DIGITS[letter]
            if digit is not None and value != 0 and digit != 0:
                if position + 1 < len(words) or section or total or len(words) == 2:
                    continue  # 二三十: the lower of the two, which came first
                return None  # a row of digits is a year, a number of a house, a telephone
            digit = value
        elif letter in _UNITS:
            last_unit = _UNITS[letter]
            section += (leading if digit is None else digit) * last_unit
            digit = None
        elif letter in _SECTIONS:
            part = section + (digit or 0)
            total += (part or leading) * _SECTIONS[letter]
            section, digit, last_unit = 0, None, _SECTIONS[letter]
    if digit is None:
        return total + section or None
    before = words[-2] if len(words) > 1 else ""
    if before in _SECTIONS or (before in _UNITS and _UNITS[before] >= 100):
        return total + section + digit * last_unit // 10  # 一万五, 三千五
    return total + section + digit
