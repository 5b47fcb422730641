"""Building sites and projects that a text names, and what it says around them: the features that :mod:`anxin.triage.parties` weighs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from anxin.triage.organisations import LETTER, begins_of
from anxin.triage.shortening import without_place
from anxin.triage.spans import Name, Party

_WORKS = (
    "改扩建工程|改建工程|扩建工程|改造工程|建设工程|装修工程|绿化工程|工程项目|建设项目|改造项目|安置小区|安置点|安置房|保障房|棚改(?:房|项目)?|公租房|廉租房|老旧小区改造|棚户区改造(?:项目|工程)?|城中村改造|电站|水库(?:除险)?加固|除险加固|农田建设|"
    "公路硬化|道路硬化|绿化|美化|亮化|硬化|净化|改造(?=[，。的项工那])|扩建(?=[，。的项工那])|翻新|提质改造|工程(?!款|量|师|队|局|质|进|公司|有限|的?钱|老板|完|已|都|结|验|部|做|没|款)|项目(?!部|经|负|上|方|款|的?钱|老板|主管|完|做)|工地(?!上?的?[钱]|干)|标段|"
    "(?<=[A-Z\u4e00-\u9fff])[一二三四五六七八九十\\d]+标(?=[段做从的，])"
)
_PLACES = (
    "样板房|风电场|家居城|购物中心|美食城|商贸城|快速干线|干线|国际(?=[A-Z\\d#一二三四五六七八九十工项、的])|碧桂园|地块|小区|花园|花苑|公馆|豪庭|华府|家园|名都|名邸|名城|名苑|雅苑|雅居|新城|新村|新苑|云邸|云庭|壹号|一号(?=[工的瓦木钢])|壹品|天街|半岛|御府|书院|国际城|公寓|别墅|楼盘|广场(?![舞上门])|大厦|大楼|办公楼|教学楼|宿舍楼|实训楼|综合楼|综合体|厂房|车间|仓库|新校区|校区|新院区|院区|体育中心游泳馆|游泳馆|体育馆|体育场|体育中心|"
    "会展中心|集散中心|康养中心|服务中心(?=[，。的做])|产业园|科技园|物流园|工业园(?=标准)|商业街|步行街|风光带|污水厂|污水处理厂|垃圾厂|水厂|变电站|隧道|大桥|[一二三四五六七八九十\\d]号桥|高架桥?|立交|号线|高速(?!公路收)|铁路|公路(?!局)|大道(?=[的工项，\\s])|"
    "水渠|管网|停车场|地下车库|人行天桥|[一二三四五六七八九十\\d]+期(?!间)"
)
_MORE = (
    r"(?:第?[一二三四五六七八九十A-Z\d]+(?:号楼|号地块|期|标段|标|栋|区|号桥|工区|#楼?)|[东南西北]区|安置房|项目(?!部|经|负)|工程(?!款|队|量)|建设工程|改造|扩建|装修|新院区|校区|工地|隧道|"
    + _WORKS
    + "|"
    + _PLACES
    + ")*"
)
_END = re.compile(rf"(?:{_WORKS}|{_PLACES}){_MORE}(?:[（(][\u4e00-\u9fff]{{2,5}}[)）])?")
_CRAFT = "做(?!主|生意)|干活|干了|干的|干(?=[，。])|贴|砌|打(?:混凝土|地坪|桩|工)|装(?!修公司)|安装|挖|绑|扎|支模?|搭|刷|抹|焊|施工|修|种|栽|从事|承包|承建|开(?:挖机|塔吊|铲车|压路机|车)|爬|当|铺|浇|喷|拆|刮|钢筋|木工|瓦工|泥工|水电|外墙|油漆|架子|班组|看工地|守工地"
_SLOTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:在|到|于|参与|给|修|承接|承包|承建)(?:了|建的)?(?:一个叫)?(?P<p>{LETTER}{{2,24}}?)(?:那边|那个|这个)?(?:的)?(?:工地|项目)?(?:上|里|楼顶)?(?:{_CRAFT})",
        rf"^\s*(?P<p>{LETTER}{{3,22}}?)(?:项目|工地)?(?:上|的)?(?:\d+名?|有?工人|民工|农民工|{_CRAFT}|拖欠|欠薪|欠钱|施工方|老板)",
        rf"(?:^|(?<=[，。；！\n]))(?P<p>{LETTER}{{3,24}}?)(?=[，])(?=.{{0,14}}(?:{_CRAFT}|工人|班组))",
        rf"(?:一个叫|开发的|承建的|名下的|项目名称是?[:：]?|工地名称是?[:：]?|项目是|工地是)(?P<p>{LETTER}{{2,20}}?)(?=[，。；的\s]|项目|工地)",
        rf"(?P<p>{LETTER}{{2,18}}?)(?:那个|这个)(?:工地|项目)",
        rf"(?:一个叫|叫)(?P<p>{LETTER}{{2,12}}?)的(?:工地|楼盘|项目|小区)",
    )
)
_NAMELESS = re.compile(
    r"(?:该|本|此|这个|那个|这|那|整个|部分|某某?|全部|我们|你们|安装|公司|政府|学校|医院|厂里|村里|镇里|县里|市里|其他|别的|新|旧|老|两|多|各|一|个|几|县|市|省|区|镇|乡|村|重点|民生|国家|建筑|在建|装修|装饰|土建|水电|钢结构|绿化|市政|道路|公路|高速|铁路|"
    r"所有|附近|城|的|上|下|前|后|外|内|里|建设|施工|扶贫|光伏|园林|消防|门窗|木工|防水|保温|商住|楼|大|小|自己|当地|外地|[\d一二三四五六七八九十]+|[A-Z]\d*[市区县]|政府投资|相关|有关|房地产|改扩|改|扩|"
    rf"{_WORKS}|{_PLACES}|工程|项目|工地)+"
)
_NOT_SITES = re.compile(
    r"[不没吗呢吧么怎谁哪你他她它咱俺钱欠拖讨催骂]|我|就|工资|薪|老板|员工|工人|民工|领导|因为|所以|但是|已经|今天|昨天|时候|什么|每天|说|干活|上班|打工|入职|离职|[元块]|过年|春节|公司|集团|劳动|人社|信访|派出所|法院|包工|班组|师傅|老乡|工友|书记|市长|完工|[年月日天]$|合同|电话|"
    r"个月|小时|工钱|承诺|要求|办公室|先生|女士|本人|有限|劳务|签|问题|情况|活$|事$|外地|工作|了$|过$|着$|^[的了是和与及上下]|几个|一起|[名位]$|的$|等$|网络|医保|政府门|[省市县区镇乡]政府|局$|分公司|投诉|举报|反映|老家|父亲|母亲|家里|兄弟|^(?:广东|浙江)$|现在|目前"
)
_LEAD = re.compile(
    r"^(?:[^\u4e00-\u9fffA-Z0-9]|[在到于给为和与及从]|我们|一个叫|位于|承建|开发的|整个|关于|去年|今年|\d{4}年|\d+月份?)+"
)
_BEFORE = {
    "worked_at": r"(?:在|到|于|进入|参与|给|位于|来到|承接(?:到)?了?|承包了?|承建的?|修|施工的?)$", "quoted": r"[“\"]$", "developed": r"(?:开发的|承建的|名下的|公司的|建设的|承接的)$",
    "sought": r"(?:找|去|问|送到|收到|告到)$", "owner": r"(?:业主|住在|住|买了?|购买|购)$", "named_site": r"(?:一个叫|叫|项目名称[是:：]?|工地[是:：]|项目是|项目[:：])$",
}  # fmt: skip
_AFTER = {
    "crafts": rf"^[^，。；！？\n]{{0,8}}?(?:{_CRAFT})", "site_behind": r"^(?:那个|这个)?(?:的)?(?:工地|项目|工程|标段|施工|总包|建设)", "workers": r"^(?:上|的)?[^，。；！？\n]{0,7}?(?:工人|民工|农民工|班组|施工方|木工|瓦工|钢筋工|架子工|师傅)",
    "owes": r"^[^，。；！？\n]{0,8}?(?:拖欠|欠|不发|讨薪|讨要)", "by_firm": r"^[^，。；\n]{0,3}?(?:由|是|总包|总承包|施工单位|承建)", "firm_behind": r"^[^，。；\n]{0,4}(?:公司|集团|局|物业|店|学校|门口|旁|对面|附近|经理|村|社区)",
}  # fmt: skip
_BEFORE_PATTERNS = {name: re.compile(pattern) for name, pattern in _BEFORE.items()}
_AFTER_PATTERNS = {name: re.compile(pattern) for name, pattern in _AFTER.items()}
_BUILDING = re.compile(
    r"工地|工程|施工|项目部|标段|总包|包工头|农民工|民工|建筑|装修|水电|油漆|木工|支模|模板|钢筋|脚手架|架子工|砌|泥工|瓦工|塔吊|挖机|混凝土|铁路|隧道|桥|管道|厂房|绿化|消防|弱电|光伏|防水|抹灰|班组|改造|扩建|翻新|钢结构|外墙|真石漆|栽树|种树|电焊|焊工|修路|钢构|铺砖|贴砖|瓷砖|幕墙|刮腻子|打桩"
)
_PLACE_BEFORE = re.compile(
    r"(?:[A-Z]\d*[市区县]|西地省|[\u4e00-\u9fff]{2,3}?(?:省|市|县|区)|[\u4e00-\u9fff]{2,4}?(?:镇|乡|街道|路))+$"
)


def sites(title: str, body: str) -> Sequence[Party]:
    """Every site or project the message names, one for all the ways it is written."""
    text = title + "\n" + body
    groups: dict[str, list[tuple[str, Name]]] = {}
    for how, one in _named(text):
        root = _root(one.words)
        known = next((each for each in groups if each in root or root in each), None)
        groups.setdefault(known or root, []).append((how, one))
    building = len(_BUILDING.findall(text))
    return [_site(text, len(title), found, building) for found in groups.values()]


def _named(text: str) -> Iterator[tuple[str, Name]]:
    for match in _END.finditer(text):
        reach = max(0, match.start() - 24)
        letters = re.search(rf"{LETTER}*\Z", text[reach : match.start()])
        before = letters.group(0) if letters else ""
        for begin in begins_of(before + "＃＃＃"):
            words = (before[begin:] + match.group(0)).lstrip("）)（(")
            if may_be_site(words):
                yield "end", Name(words, match.end() - len(words), match.end())
                break
    for pattern in _SLOTS:
        for match in pattern.finditer(text):
            if pattern.pattern.startswith(r"^\s") and match.start():
                continue
            for begin in begins_of(match["p"]):
                words = match["p"][begin:]
                if may_be_site(words):
                    yield "slot", Name(words, match.start("p") + begin, match.end("p"))
                    break


#: what a town has one of: named well enough by its kind
_ONLY_ONE = re.compile(
    r"(?:康养|集散|会展|体育|金融服务|文化|政务)中心|污水处理厂|污水厂|垃圾厂|电站|风电场|水库|体育[馆场]|游泳馆|棚改|安置房|管网|变电站|绕城线|新院区"
)


def may_be_site(words: str) -> bool:
    """Whether the words can name one site: not "the site", "a government project" or half a sentence."""
    bare = without_place(words)
    return (
        len(bare) >= 2
        and len(words) >= 3
        and not _NOT_SITES.search(words)
        and (not _NAMELESS.fullmatch(bare) or bool(_ONLY_ONE.search(bare)))
    )


def _root(words: str) -> str:
    bare = without_place(words)
    root = re.sub(rf"(?:{_WORKS}|第?[一二三四五六七八九十A-Z\d]+(?:号楼|期|标段|标|栋|区|#楼?))+$", "", bare)
    return root if len(root) >= 2 else bare


def _site(text: str, title_length: int, found: Sequence[tuple[str, Name]], building: int) -> Party:
    hows = {how for how, _ in found}
    name = max(
        ([one for how, one in found if how == "end"] or [one for _, one in found]),
        key=lambda one: len(one.words),
    )
    words = name.words
    features = {f"how_{how}" for how in hows}
    for label, there in (
        ("slot_only", hows == {"slot"}), ("works", bool(re.search(_WORKS, words))), ("place", bool(re.search(_PLACES, words))), ("phase", bool(re.search(r"期|标|栋|号楼|[A-D]区", words))),
        ("long", len(words) > 12), ("very_long", len(words) > 18), ("short", len(without_place(words)) <= 3), ("in_title", any(one.start < title_length for _, one in found)),
        ("begins_title", any(one.start < title_length and not _PLACE_BEFORE.sub("", text[: one.start]).strip() for _, one in found)),
        ("early", any(one.start < title_length + 60 for _, one in found)), ("twice", len({one.start for _, one in found}) > 1),
        ("placed", without_place(words) != words), ("not_building", building == 0 and not re.search(_WORKS, words)), ("hardly_building", building == 1), ("building", building >= 3), ("public_place", bool(re.search(r"(?:广场|公园|医院|学校|中学|小学|学院|酒店|银行|镇|乡|村|店|厂|街|路)$", words))),
        ("enterprise", bool(re.search(r"(?:火锅店|酒店|医院|学校|学院|中学|幼儿园|超市|商场|车间|工业园|仓库|物流园|产业园|科技园)", words))),
    ):  # fmt: skip
        if there:
            features.add(label)
    for _, one in found:
        before, after = text[max(0, one.start - 16) : one.start], text[one.end : one.end + 30]
        before = _PLACE_BEFORE.sub("", before[before.rfind("\n") + 1 :])
        features.update(label for label, pattern in _BEFORE_PATTERNS.items() if pattern.search(before))
        features.update(label for label, pattern in _AFTER_PATTERNS.items() if pattern.search(after))
    return Party(name, frozenset(features))
