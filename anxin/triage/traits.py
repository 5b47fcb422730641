"""What of a message is compared with others: names, places, people, figures, trades, and the runs of letters that are like names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from anxin.kernel.identifiers import find_id_numbers
from anxin.triage.naming import own_letters, pieces, runs
from anxin.triage.numerals import numbers
from anxin.triage.people import SURNAME
from anxin.triage.reading import Reading, plain
from anxin.triage.shortening import without_place


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
    #: the same of the whole text, where the work was done or may have been
    where: frozenset[str] = field(default_factory=frozenset)
    #: parts of a site, kind → numbers: 三期 and 二标
    parts: dict[str, frozenset[str]] = field(default_factory=dict)
    #: people by surname and title: 谭经理
    bosses: frozenset[str] = field(default_factory=frozenset)
    #: sums and counts of a thousand and more
    figures: frozenset[float] = field(default_factory=frozenset)
    #: says that it is another matter than somebody else's: 不是一帮
    apart: bool = False
    #: pieces of the names of debtor and project
    owing: frozenset[str] = field(default_factory=frozenset)
    sites: frozenset[str] = field(default_factory=frozenset)
    #: runs that are like names, their pieces, and those pieces that stand in the title or in debtor and project
    runs: frozenset[str] = field(default_factory=frozenset)
    pieces: frozenset[str] = field(default_factory=frozenset)
    headed: frozenset[str] = field(default_factory=frozenset)


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
_WHERE = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,6}?)(?P<kind>花园|公馆|新苑|新城|家园|名都|雅苑|广场|大厦|书院|半岛|幸福里|安置房|大道|[东南西北环]路|公园|苗圃|中学|小学|学校|人民医院|中医院|医院|水库|工业园|产业园|食堂)"
)
_WHOLE_KIND = re.compile(r".?(?:" + _WHERE.pattern.split("(?P<kind>")[1])
_PART = re.compile(
    r"(?<![学日工假周长短定到先后初近同])([一二三四五六七八九十]|\d{1,2})(期|标|号楼|栋|号线|工区)"
)
_CHINESE = str.maketrans("一二三四五六七八九", "123456789")
_BOSS = re.compile(rf"{SURNAME}(?:老板娘?|经理|总(?!包|公|共|是|算|计|额|数|的)|工头|队长|师傅)")
_APART = re.compile(r"不是(?:同)?一(?:帮|拨|伙|批|家|回事|码事)|另外一(?:帮|拨|批|家)")
#: of figures below this many people have the same by chance
_TELLING_FIGURE = 1000
_YEARS = range(1990, 2060)
#: what many names have in common
_GENERIC = re.compile(
    r"有限|责任|股份|公司|集团|地铁|\d*号线|项目部?|工程|工地|建筑|劳务|装饰|装修|安装|建设|机电|物业|保安|保洁|环境|教育|科技|电子厂?|餐饮|美容|会所|传媒|文化|安置房?|小区|花园|广场|"
    r"医院|卫生院|人民|学校|中学|小学|幼儿园|酒楼|酒店|餐厅|火锅店|诊所|公交|老板|农业|合作社|食品|机械|制造|实业|置业|地产|房产|开发|投资|分公司|改造|标段|街道|高速|大道|路桥|铁路|大桥|[一二三四五六七八九十\d]+期|新院区|安居|中心|管网|配套|新建|政府|公园|车站|银行|市场|商场|服装|制衣|物流|快递|环卫|园林|生态|旅游|能源|健身|学院|管理|镇|乡|县|区|市|省|厂|店"
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
        _where(text, project),
        _parts(text),
        frozenset(_BOSS.findall(text)),
        _figures(text),
        bool(_APART.search(text)),
        _of_name(debtor, 2),
        _of_name(project, 3),
        likely,
        found,
        frozenset(piece for piece in found if piece in head),
    )


def _of_name(name: str, shortest: int) -> frozenset[str]:
    """Runs of letters that tell a name apart: three long, or the first two of a firm's name, by which people call it."""
    found: set[str] = set()
    for part in _GENERIC.split(without_place(name)):
        if len(part) >= 2 and shortest == 2:
            found.add(part[:2])
        found.update(part[start : start + 3] for start in range(len(part) - 2))
    return frozenset(found)


def _where(text: str, project: str) -> frozenset[str]:
    found = {own_letters(match["name"]) + match["kind"] for match in _WHERE.finditer(text)}
    found = {one for one in found if not _WHOLE_KIND.fullmatch(one)}
    return frozenset(found | ({without_place(project)} if project else set()))


def _parts(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for number, kind in _PART.findall(text):
        found.setdefault(kind, set()).add(number.translate(_CHINESE))
    return {kind: frozenset(those) for kind, those in found.items()}


def _figures(text: str) -> frozenset[float]:
    values = (float(one.value) for one in numbers(text))
    return frozenset(one for one in values if one >= _TELLING_FIGURE and one not in _YEARS)
