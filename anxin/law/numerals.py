"""Chinese numerals for articles and paragraphs: ``24`` → ``二十四``."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """``number`` from 1 to 1999 as statutes write it. Raises ``ValueError`` outside that range."""
    if not 1 <= number <= 1999:
        raise ValueError(f"“{number}”不在条文序号的范围（1至1999）内。")
    if number < 20:
        return ("" if number < 10 else "十") + ("" if number == 10 else _DIGITS[number % 10])
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return text
