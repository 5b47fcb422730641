"""How urgent: what the words threaten or fear, each level with the words that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anxin.triage.threats import threat

ORDINARY, PRESSING, NOW = 1, 2, 3
#: a dispute of ten or more is a collective one (labour dispute law, article 7)
GROUP = 10

_SIGNS: tuple[tuple[int, str, re.Pattern[str]], ...] = (
    (PRESSING, "说到群体事件", re.compile(r"群体性?事件|几十(?:号|个)?人.{0,8}(?:去|到)|越级上访|去省里|去北京|(?:要|将|准备|只能|就去)[^，。]{0,4}上访")),
    (PRESSING, "家里等钱用", re.compile(r"学费|(?:孩子|小孩|儿女)[^，。]{0,8}(?:上学|开学|读书)|住院|生病|重病|肿瘤|癌|手术|救命|没钱吃饭|吃不上饭|揭不开锅|断粮|无粮|走投无路|怀孕|靠什么生活|生活无以为继")),
    (PRESSING, "老板可能逃匿", re.compile(r"跑路|失联|人去楼空|转移财产|逃匿|卷款|突然关门")),
)  # fmt: skip
_FESTIVAL = re.compile(r"过年|过个(?:好)?年|年关|春节|年底|除夕|腊月|中秋")
_MANY = re.compile(r"我们|工人们|农民工们|大家|全体|工友们?|兄弟们")
#: what was done or said in the past, or about others, does not make a matter one of now
_PAST = re.compile(
    r"(?:以前|曾经?|去年|当时|本地人|别人|拉过几次|里面拉过|之前|他们|拉过|闹过)[^。，；]{0,14}$"
)


@dataclass(frozen=True)
class Urgency:
    """``level`` 1 to 3, with what is said and the words."""

    level: int
    says: str
    words: str


def urgency_of_others(text: str) -> Urgency:
    """How urgent a text is that is not about wages: a threat is one whatever the matter; need and flight are then for others to weigh."""
    threatened = threat(text, wages=False)
    return Urgency(NOW, *threatened) if threatened else Urgency(ORDINARY, "", "")


def urgency(text: str, people: int | None) -> Urgency:
    """The highest level that the words of a text about wages carry; a group before the festival is pressing."""
    threatened = threat(text)
    if threatened:
        return Urgency(NOW, *threatened)
    for level, says, pattern in _SIGNS:
        for match in pattern.finditer(text):
            if not _PAST.search(text[max(0, match.start() - 16) : match.start()]):
                return Urgency(level, says, match.group(0))
    festival = _FESTIVAL.search(text)
    if festival and (_MANY.search(text) or (people is not None and people >= GROUP)):
        return Urgency(PRESSING, "多人等着过年", festival.group(0))
    return Urgency(ORDINARY, "", "")
