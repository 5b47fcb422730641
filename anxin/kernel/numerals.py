"""Numbers in Chinese words: ``24`` → ``二十四`` in statutes and headings, amounts in capitals on papers that bind."""

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


_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_IN_FOUR = ("", "拾", "佰", "仟")
_OF_FOURS = ("", "万", "亿", "万亿")
#: amounts from here on have no customary name
_MOST_FEN = 10**18


def capital_yuan(fen: int) -> str:
    """An amount of fen in capitals, as bills and agreements write it: ``640914`` → ``陆仟肆佰零玖元壹角肆分``.

    After 元 and 角 an amount is closed with 整. Raises ``ValueError`` for less than nothing and for 10^16 yuan and more.
    """
    if not 0 <= fen < _MOST_FEN:
        raise ValueError("金额须在0元以上、1亿亿元以下，才能写成大写。")
    yuan, cents = divmod(fen, 100)
    dimes, cents = divmod(cents, 10)
    text = f"{_capital_integer(yuan)}元" if yuan or not (dimes or cents) else ""
    if dimes:
        text += f"{_CAPITALS[dimes]}角"
    elif cents and yuan:
        text += "零"
    return text + (f"{_CAPITALS[cents]}分" if cents else "整")


def _capital_integer(number: int) -> str:
    """Four digits at a time; one 零 for any run of noughts inside."""
    if number == 0:
        return "零"
    fours = []
    while number:
        number, four = divmod(number, 10_000)
        fours.append(four)
    text, gap = "", False
    for place, four in reversed(list(enumerate(fours))):
        if not four:
            gap = True
            continue
        text += ("零" if text and (gap or four < 1000) else "") + _capital_four(four)
        text += "万" if place == 3 and fours[2] else _OF_FOURS[place]
        gap = False
    return text


def _capital_four(four: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = four // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _CAPITALS[digit] + _IN_FOUR[place]
            gap = False
        else:
            gap = True
    return text
