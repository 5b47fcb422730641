"""Which messages are about the same dispute: proposed with reasons, never against an identity number.

Two messages are compared only where they read alike or where one names what the other's claim is about, so that ten
thousand take seconds. What speaks for one dispute is added up; what speaks against (another debtor, another trade, another
district, another sum) is taken off.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations

import numpy as np

from anxin.kernel.identifiers import find_id_numbers
from anxin.triage.reading import Reading, plain
from anxin.triage.shortening import without_form, without_place

#: at least this much speaks for one dispute
PROPOSED = 1.5
#: so much alike that they are compared; so much that the texts alone say so
_ALIKE, _VERY_ALIKE = 0.1, 0.4
#: one says wages and the other does not, or says it in a way that is not understood
_ALIKE_BUT_FOR_WAGES = 0.2
#: a piece of a name in more messages than this tells nothing apart
_COMMON = 8
#: claims of one district compared by debtor's name: of more, the last
_MOST_OF_A_DISTRICT = 400
#: messages compared at a time, which bounds the memory
_BLOCK = 512


@dataclass(frozen=True)
class Message:
    """A message with its reading."""

    key: str
    title: str
    body: str
    reading: Reading


@dataclass(frozen=True)
class Pair:
    """Two messages, by position in the list, that seem to be about one dispute, and why."""

    first: int
    second: int
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Traits:
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


def pairs(messages: Sequence[Message]) -> list[Pair]:
    """The pairs that are proposed as one dispute, the surest first."""
    if len(messages) < 2:
        return []
    traits = [_traits(message) for message in messages]
    alike = _alike([message.title + " " + message.title + " " + message.body[:800] for message in messages])
    mentions = _mentions(traits)
    wages = [position for position, message in enumerate(messages) if message.reading.arrears]
    candidates = set(alike) | _mentioning(mentions, traits, wages) | _of_one_district(traits, wages)
    found = []
    for first, second in candidates:
        pair = _compared(messages, traits, mentions, first, second, alike.get((first, second), 0.0))
        if pair.score >= PROPOSED and not _conflict(traits[first].identities, traits[second].identities):
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def clusters(messages: Sequence[Message]) -> list[int]:
    """For each message the position of the first message of its dispute.

    Pairs are joined from the surest on; a join that would bring different identity numbers together is left out.
    """
    lead = list(range(len(messages)))
    members = {position: [position] for position in lead}
    identities = [set(find_id_numbers(one.title + one.body)) for one in messages]
    for pair in pairs(messages):
        first, second = sorted((lead[pair.first], lead[pair.second]))
        if first == second or _conflict(identities[first], identities[second]):
            continue
        for position in members.pop(second):
            lead[position] = first
            members[first].append(position)
        identities[first] |= identities[second]
    return lead


def _conflict(first: set[str] | frozenset[str], second: set[str] | frozenset[str]) -> bool:
    """Whether both name people and not the same ones."""
    return bool(first and second and first != second)


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
    r"有限|责任|股份|公司|集团|项目部?|工程|工地|建筑|劳务|装饰|装修|安装|建设|机电|物业|保安|保洁|环境|教育|科技|电子厂?|餐饮|美容|会所|传媒|文化|安置房?|小区|花园|广场|"
    r"医院|人民|学校|中学|小学|幼儿园|酒楼|酒店|餐厅|火锅店|诊所|公交|老板|农业|合作社|食品|机械|制造|实业|置业|地产|房产|开发|投资|分公司|改造|标段|街道|高速|大道|路桥|铁路|大桥|[一二三四五六七八九十\d]+期|新院区|安居|中心|管网|配套|新建|政府|镇|乡|县|区|市|省|厂|店"
)


def _traits(message: Message) -> _Traits:
    text = plain(message.title) + "\n" + plain(message.body)
    debtor, project = message.reading.debtor or "", message.reading.project or ""
    districts = _DISTRICT.findall(message.title) or _DISTRICT.findall(message.body[:200])
    return _Traits(
        text,
        without_place(debtor),
        frozenset(districts),
        frozenset(_ONE_TRADE.get(trade, trade) for trade in _TRADES.findall(text)),
        frozenset(find_id_numbers(text)),
        frozenset(_PLACES.findall(message.title)),
        _pieces(debtor, 2),
        _pieces(project, 3),
    )


def _pieces(name: str, shortest: int) -> frozenset[str]:
    """Runs of letters that tell a name apart: three long, or a whole two-letter name of a firm."""
    found: set[str] = set()
    for part in _GENERIC.split(without_place(name)):
        if len(part) == 2 and shortest == 2:
            found.add(part)
        found.update(part[start : start + 3] for start in range(len(part) - 2))
    return frozenset(found)


def _mentions(traits: Sequence[_Traits]) -> Mapping[str, list[int]]:
    """For each piece of a debtor's or project's name the messages whose text has it, where they are few."""
    pieces = {piece for one in traits for piece in one.owing | one.sites}
    found: dict[str, list[int]] = defaultdict(list)
    for position, one in enumerate(traits):
        grams = {
            one.text[start : start + size] for size in (2, 3) for start in range(len(one.text) - size + 1)
        }
        for piece in grams & pieces:
            found[piece].append(position)
    return {piece: positions for piece, positions in found.items() if len(positions) <= _COMMON}


def _mentioning(
    mentions: Mapping[str, list[int]], traits: Sequence[_Traits], wages: Sequence[int]
) -> set[tuple[int, int]]:
    claims = set(wages)
    return {
        (min(mine, other), max(mine, other))
        for mine in wages
        for piece in traits[mine].owing | traits[mine].sites
        for other in mentions.get(piece, ())
        if other != mine and other in claims
    }


def _of_one_district(traits: Sequence[_Traits], wages: Sequence[int]) -> set[tuple[int, int]]:
    by_district: dict[str, list[int]] = defaultdict(list)
    for position in wages:
        for district in traits[position].districts:
            by_district[district].append(position)
    groups = (positions[-_MOST_OF_A_DISTRICT:] for positions in by_district.values())
    return {pair for positions in groups for pair in combinations(positions, 2)}


def _alike(texts: Sequence[str]) -> dict[tuple[int, int], float]:
    """Pairs that read alike, with the cosine of their weighted letter groups."""
    # seconds to import: only for those who compare
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True).fit_transform(texts)
    found: dict[tuple[int, int], float] = {}
    for start in range(0, len(texts), _BLOCK):
        cosines = (vectors[start : start + _BLOCK] @ vectors.T).tocoo()
        keep = (cosines.data >= _ALIKE) & (cosines.col > cosines.row + start)
        for row, column, value in zip(cosines.row[keep], cosines.col[keep], cosines.data[keep], strict=True):
            found[(int(row) + start, int(column))] = float(np.clip(value, 0, 1))
    return found


def _compared(
    messages: Sequence[Message], traits: Sequence[_Traits], mentions: Mapping[str, list[int]],
    first: int, second: int, alike: float,
) -> Pair:  # fmt: skip
    one, other = messages[first].reading, messages[second].reading
    mine, theirs = traits[first], traits[second]
    very_alike = alike >= _VERY_ALIKE
    if not very_alike and not one.arrears and not other.arrears:
        return _of_one_place(mine, theirs, first, second, alike)
    if one.arrears != other.arrears and alike < _ALIKE_BUT_FOR_WAGES:
        return Pair(first, second, 0.0, ())
    score, reasons = (
        max(3 * alike, PROPOSED if very_alike else 0),
        [f"文字相近（{alike:.0%}）"] if very_alike else [],
    )
    owing = _shared(mine.owing, theirs.text, mentions) or _shared(theirs.owing, mine.text, mentions)
    sites = _shared(mine.sites, theirs.text, mentions) or _shared(theirs.sites, mine.text, mentions)
    if owing:
        score += 1.2
        reasons.append(f"都说“{owing}”欠钱")
    elif _nearly(mine.debtor, theirs.debtor):
        score += 1.0
        reasons.append(f"“{mine.debtor}”与“{theirs.debtor}”只差个别字")
    elif mine.debtor and theirs.debtor and not very_alike:
        score -= 0.6
    if sites:
        score += 0.9
        reasons.append(f"都提到“{sites}”")
    for says, ours, yours in (
        ("金额", one.amount_yuan, other.amount_yuan),
        ("人数", one.people, other.people),
    ):
        if ours and ours == yours:
            score += 0.6
            reasons.append(f"{says}相同")
    if mine.trades and theirs.trades:
        score += 0.4 if mine.trades & theirs.trades else -0.6
    if mine.districts and theirs.districts:
        score += 0.3 if mine.districts & theirs.districts else 0.0 if very_alike else -0.8
    return Pair(first, second, round(score, 3) if reasons else 0.0, tuple(reasons))


#: matters other than wages: so much alike and about one place
_ALIKE_OF_ONE_PLACE = 0.1
#: an estate, a school, a works with so long a name is one place, wherever it is named; a road is many
_TELLING = re.compile(r".{4,}[^路街巷]")


def _of_one_place(mine: _Traits, theirs: _Traits, first: int, second: int, alike: float) -> Pair:
    """Two messages that are not about wages: one matter where they read somewhat alike and name one place."""
    places = [
        one for one in mine.places for other in theirs.places if one.endswith(other) or other.endswith(one)
    ]
    places += [one for one in mine.places if _TELLING.fullmatch(one) and one in theirs.text]
    places += [one for one in theirs.places if _TELLING.fullmatch(one) and one in mine.text]
    conflict = mine.districts and theirs.districts and not mine.districts & theirs.districts
    if alike < _ALIKE_OF_ONE_PLACE or not places or conflict:
        return Pair(first, second, 0.0, ())
    return Pair(
        first, second, round(PROPOSED + alike, 3), (f"都说“{min(places)}”的事，文字也相近（{alike:.0%}）",)
    )


def _shared(pieces: frozenset[str], text: str, mentions: Mapping[str, list[int]]) -> str:
    """The first piece of a name, few have it, that stands in the other text."""
    return next((piece for piece in sorted(pieces) if piece in mentions and piece in text), "")


def _nearly(one: str, other: str) -> bool:
    """Two names of firms that differ by a letter or two: 宏拓劳务 and 宏托劳务."""
    if min(len(one), len(other)) < 4:
        return False
    one, other = without_form(one), without_form(other)
    same_end = one[-2:] == other[-2:]
    return same_end and one != other and SequenceMatcher(None, one, other).ratio() >= 0.6
