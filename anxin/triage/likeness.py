"""How much speaks for two messages about wages being one dispute: what they share and where they differ, each with its weight.

The weights are those of a logistic regression over the pairs of six labelled sets; a set was always judged by weights learnt on the
others (``README.md`` has the figures). They are few and plain, so that each can be shown to a person as a reason.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from anxin.kernel.identifiers import find_id_numbers
from anxin.triage.naming import longest_shared, pieces, runs
from anxin.triage.reading import Reading, plain
from anxin.triage.shortening import without_form, without_place

#: where the sum of the weights begins: two messages of which nothing is known are seldom one dispute
_NOTHING_KNOWN = -1.4
#: for the cosine of the texts, 0 to 1
_TEXT = 4.1
#: each name-like piece that few messages share, of three letters (up to three) or two (up to two)
_PIECE, _MOST_PIECES, _SHORT_PIECE, _MOST_SHORT = 0.55, 3, 0.4, 2
_IN_TITLE, _SAME_DEBTOR, _NEAR_DEBTOR, _OTHER_DEBTOR = 1.5, 2.2, 0.9, -1.1
_SAME_SUM, _SAME_PEOPLE, _OTHER_PEOPLE, _BOTH_SAME = 0.85, 1.2, -0.9, 1.5
_SAME_TRADE, _OTHER_DISTRICT = 0.9, -2.6
#: for each unit of log odds by which the less certain of the two is not about wages
_NOT_WAGES = 0.85
#: one was found to be about wages and the other was not
_OTHER_MATTER = -1.4
_SUREST = 5.0


@dataclass(frozen=True)
class Traits:
    """What of a message is compared."""

    text: str
    debtor: str
    districts: frozenset[str]
    trades: frozenset[str]
    identities: frozenset[str]
    #: streets, estates, villages and houses that the title and the beginning name
    places: frozenset[str] = field(default_factory=frozenset)
    #: pieces of the names of debtor and project
    owing: frozenset[str] = field(default_factory=frozenset)
    sites: frozenset[str] = field(default_factory=frozenset)
    #: runs that are like names, their pieces, and those pieces that stand in the title or in debtor and project
    runs: frozenset[str] = field(default_factory=frozenset)
    pieces: frozenset[str] = field(default_factory=frozenset)
    headed: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Weighed:
    """``score`` in log odds from the least that is proposed, and the reasons in Chinese."""

    score: float
    reasons: tuple[str, ...]


_DISTRICT = re.compile(
    r"[A-Z]\d+[区县市]|[\u4e00-\u9fff]{2}(?:(?<![小社院新片园景库厂校])区|县)(?![域别委政长])"
)
#: places that a matter other than wages is about, without the district in front
_PLACES = re.compile(
    r"(?:(?<=[区县市镇乡])|^|(?<=[的在对于请求投诉复到]))[\u4e00-\u9fff]{2,6}?(?:路|街|巷|村|小区|花园|广场|大桥|机耕桥|水厂|污水处理厂|工业园|家园|学校|中学|小学|幼儿园|医院|公园|市场|苑|湾|城)"
)
_TRADES = re.compile(
    r"木工|模板|钢筋|架子|外架|泥工|瓦工|砌墙|抹灰|水电|外墙|保温|防水|油漆|涂料|焊|打桩|混凝土|绿化|消防|保洁|保安|司机|驾驶员|教师|老师|教练|护士|护工|厨|服务员|"
    r"销售|主播|快递|环卫|装卸|门卫|净化"
)
_ONE_TRADE = {
    "模板": "木工",
    "外架": "架子",
    "抹灰": "砌墙",
    "瓦工": "砌墙",
    "泥工": "砌墙",
    "驾驶员": "司机",
    "老师": "教师",
    "门卫": "保安",
    "油漆": "涂料",
}
#: what many names have in common
_GENERIC = re.compile(
    r"有限|责任|股份|公司|集团|地铁|\d*号线|项目部?|工程|工地|建筑|劳务|装饰|装修|安装|建设|机电|物业|保安|保洁|环境|教育|科技|电子厂?|餐饮|美容|会所|传媒|文化|安置房?|小区|花园|广场|"
    r"医院|卫生院|人民|学校|中学|小学|幼儿园|酒楼|酒店|餐厅|火锅店|诊所|公交|老板|农业|合作社|食品|机械|制造|实业|置业|地产|房产|开发|投资|分公司|改造|标段|街道|高速|大道|路桥|铁路|大桥|[一二三四五六七八九十\d]+期|新院区|安居|中心|管网|配套|新建|政府|镇|乡|县|区|市|省|厂|店"
)


def traits(title: str, body: str, reading: Reading) -> Traits:
    """What is compared of one message."""
    text = plain(title) + "\n" + plain(body)
    debtor, project = reading.debtor or "", reading.project or ""
    districts = _DISTRICT.findall(title) or _DISTRICT.findall(body[:200])
    likely = runs(text)
    found = pieces(likely)
    head = title + "\n" + debtor + "\n" + project
    return Traits(
        text,
        without_place(debtor),
        frozenset(districts),
        frozenset(_ONE_TRADE.get(trade, trade) for trade in _TRADES.findall(text)),
        frozenset(find_id_numbers(text)),
        frozenset(_PLACES.findall(title)),
        _of_name(debtor, 2),
        _of_name(project, 3),
        likely,
        found,
        frozenset(piece for piece in found if piece in head),
    )


def _of_name(name: str, shortest: int) -> frozenset[str]:
    """Runs of letters that tell a name apart: three long, or a whole two-letter name of a firm."""
    found: set[str] = set()
    for part in _GENERIC.split(without_place(name)):
        if len(part) == 2 and shortest == 2:
            found.add(part)
        found.update(part[start : start + 3] for start in range(len(part) - 2))
    return frozenset(found)


def weigh(
    one: Reading, other: Reading, mine: Traits, theirs: Traits, alike: float,
    mentions: Mapping[str, list[int]], rare: Mapping[str, list[int]],
) -> Weighed:  # fmt: skip
    """What speaks for and against one dispute. ``mentions``: pieces of debtors' names; ``rare``: pieces few messages have."""
    common = {piece for piece in mine.pieces & theirs.pieces if piece in rare}
    long = sum(len(piece) == 3 for piece in common)
    score = _NOTHING_KNOWN + _TEXT * alike + _PIECE * min(long, _MOST_PIECES)
    score += _SHORT_PIECE * min(len(common) - long, _MOST_SHORT)
    reasons: list[str] = []
    owing = shared(mine.owing, theirs.text, mentions) or shared(theirs.owing, mine.text, mentions)
    if owing:
        score += _SAME_DEBTOR
        reasons.append(f"都说“{owing}”欠钱")
    elif nearly(mine.debtor, theirs.debtor):
        reasons.append(f"“{mine.debtor}”与“{theirs.debtor}”只差个别字")
    elif mine.debtor and theirs.debtor:
        score += _OTHER_DEBTOR
    score += _NEAR_DEBTOR * nearly(mine.debtor, theirs.debtor)
    score += _IN_TITLE * bool(common & (mine.headed | theirs.headed))
    run = longest_shared(frozenset(r for r in mine.runs if any(p in r for p in common)), theirs.text)
    if run and run not in owing:
        reasons.append(f"都提到“{run}”")
    same = [
        says
        for says, ours, yours in (
            ("金额", one.amount_yuan, other.amount_yuan),
            ("人数", one.people, other.people),
        )
        if ours and ours == yours
    ]
    reasons += [f"{says}相同" for says in same]
    score += _SAME_SUM * ("金额" in same) + _SAME_PEOPLE * ("人数" in same) + _BOTH_SAME * (len(same) == 2)
    if one.people and other.people and one.people != other.people:
        score += _OTHER_PEOPLE
    score += _SAME_TRADE * bool(mine.trades & theirs.trades)
    if mine.districts and theirs.districts and not mine.districts & theirs.districts:
        score += _OTHER_DISTRICT
    score += _NOT_WAGES * min(0.0, _log_odds(one.score), _log_odds(other.score))
    if one.arrears != other.arrears:
        score += _OTHER_MATTER
    return Weighed(score, tuple(reasons))


def _log_odds(chance: float) -> float:
    if chance <= 0 or chance >= 1:
        return -_SUREST if chance <= 0 else _SUREST
    return max(-_SUREST, min(_SUREST, math.log(chance / (1 - chance))))


def shared(names: frozenset[str], text: str, mentions: Mapping[str, list[int]]) -> str:
    """The first piece of a name, few have it, that stands in the other text."""
    return next((piece for piece in sorted(names) if piece in mentions and piece in text), "")


def nearly(one: str, other: str) -> bool:
    """Two names of firms that differ by a letter or two: 宏拓劳务 and 宏托劳务."""
    if min(len(one), len(other)) < 4:
        return False
    one, other = without_form(one), without_form(other)
    same_end = one[-2:] == other[-2:]
    return same_end and one != other and SequenceMatcher(None, one, other).ratio() >= 0.6
