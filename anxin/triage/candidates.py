"""Whoever a text names that may owe, and what the text says around the name: the features that :mod:`anxin.triage.parties` weighs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from anxin.triage.organisations import only_of_a_place, organisations, root_of
from anxin.triage.people import SURNAME, people
from anxin.triage.slots import slots
from anxin.triage.spans import Name, Party

_ADVERBS = r"(?:一直|长期|恶意|故意|总是|至今|到现在|到今天|现在|仍然?|还|也|又|共|总共|一共|合计|尚|已经?|无故|非法|经常|多次|竟然|居然|突然|就|都|却|公然|严重|违法|违规|无理|随意|\d+年?|[，,]?(?=拖欠|欠))*"
_OWES = (
    r"(?:拖欠|欠(?!条)|克扣|扣发|扣除|扣了|扣减|扣着|不付|不支付|没付|未付|拒付|拒绝支付|拒不|不发|没发|未发|没有发|不给|没给|未给|没有给|不结|没结|未结|没有结|不认账|拖着|拖了|拖到|拖延|还差|差我|差俺|差咱|差着|差了|少发|赖账|压着|压了|停发|"
    r"分文未|一分[钱都没未不]|没有?兑现|没打钱|推了又推|违反劳动)"
)
_GONE = r"(?:跑路|跑了|失踪|失联|联系不上|拉黑|停机|关机|关门|倒闭|停业|卷款|人去楼空|不见了|不知去向|不接电话|电话不接|没有?露[过面]|(?:微信|消息|信息|电话)[^，。；]{0,2}不回|不回(?:微信|消息|信息|电话)|躲|赌)"
_ROLES = r"(?:的?(?:现场|实际|公司|项目)?(?:老板娘|老板|负责人|法人代表|法人|领导|项目部|项目经理|包工头|老总|经理|站长|所长|校长|园长|厂长|店长|方|总部|夫妇|人事|财务|[\u4e00-\u9fff]{1,2}(?:总|经理|老板|主任)))"
_STAFF = r"(?:员工|职工|工人|教师|老师|司机|驾驶员|售票员|保安|教练|收费员|清扫工|护工|护士|矿工|服务员|技师|厨师|主播|代课|私教|导购|一名|一员|焊工|学徒|临时工|业务员|快递员|美容师|医生)"

_AUTHORITY = re.compile(
    r"劳动局|劳动监察|监察大队|仲裁|人社[局厅]|社保局|信访|公安|派出所|检察院|纪委|[市省区县镇乡]政府|平台|热线|媒体|电视台|住建局|城建局|建设局|交通局|教育局|工信局|民政局|水利局|城管局|国资|劳动部门|劳动保障|工会|司法|政府部门|有关部门|"
    r"相关部门|建设厅|劳动厅|财政局|工商局|监管局|法院|银行|税务|审计|交通厅|发改局|文旅局|卫健局|扶贫办|街道办|办事处|技术监督|资源局|规划局|执行局|管委会|医保局|粮食局|工信|商务局|卫生局"
)
_PUBLIC = re.compile(r"(?:局|政府|委员会|村委会?|居委会|法院|部门|街道|办事处|供销社)$")
_SITE_LIKE = re.compile(
    r"(?:工程|项目|工地|标段|安置[点房]?|小区|花园|公馆|豪庭|华府|家园|名都|广场|大厦|大楼|厂房|[一二三四五六七八九十\d]期|号线|隧道|大桥|水厂|新城|名邸|雅苑|公寓|壹号|外墙|院区|校区|[府里苑城湾]|食堂|国际|[东南西北]区|公园|中心|产业园|园区)$"
)
_LEGAL = re.compile(r"公司|集团")
_LABOUR = re.compile(r"劳务|人力|保安|物业|保洁|家政|清洁|后勤|餐饮|环境|外包|派遣")
_BUILDER = re.compile(r"建设|建工|建筑|装饰|装修|路桥|园林|安装|钢构|城建|市政|中铁|中建|工程")
_DEVELOPER = re.compile(r"置业|地产|开发|城投|投资")
_RUN = re.compile(
    r"(?:学校|小学|中学|高中|学院|大学|幼儿园|医院|卫生院|酒店|驾校|公园|护理院|敬老院|养老院)$"
)

#: what stands directly before a name, the place in front of it left out
_BEFORE = {
    "accused": r"(?:投诉|举报|控告|反映|曝光|关于|查处|严查|督促|恳请[^，。]{0,6}解决)$",
    "by": r"(?:被|叫|喊|由)$",
    "owing_is": r"(?:欠(?:薪|钱|我们?)?[^，。；]{0,3}的(?:就)?是|施工的是|承包的是)$",
    "works_at": r"(?:在|我是|我们是|我们都是|本人是|是|系|为|给|帮|替|帮着|于|到)$",
    "joined": r"(?:进入|加入|入职|应聘到?|受雇于|受聘于|属于|隶属于?|派到|进了)$",
    "with": r"(?:跟着?|随着)$",
    "employer_named": r"(?:公司|单位|店名?|厂名?|机构|中介|牌子|劳务公司|施工方|施工单位|承建单位|用人单位|老板|承包人|包工头|工头)(?:名字|名称)?(?:叫做?|是|为|名为|[:：])?$",
    "boss": r"(?:老板娘|老板|包工头|工头|班头|承包人|承包商|实际负责人|负责人|船东|矿主|店主|雇主|带班的?|大包|小包|中标人)(?:叫做?|名叫|是|姓.，?叫|为|[（(:：])?$",
    "one_called": r"(?:一个|有个|个|一家)?(?:名叫|叫做?|人称|外号)[“\"]?$",
    "contracted": r"(?:包给|转给|转包给?|分包给?|分包到|外包给?|承包给|发包给|包给了|转包到|交给|挂靠)(?:了|到)?(?:本地|外面的?|下面的?|一个|叫)?(?:老板)?$",
    "subcontractor": r"(?:分包(?:单位|公司|商|方)?(?:是|为|[:：])?|劳务(?:公司|单位|分包)?(?:是|为|[:：])|劳务公司)$",
    "paid_to": r"(?:钱|款|工资|账|费)[^，。；]{0,10}(?:给|到|付)(?:了|到)?$|(?:打给|拨给|付给|打到|结给)(?:了)?$",
    "owner": r"(?:开发商|建设单位|业主|甲方|发包方|业主单位|开发单位)(?:是|为|[:：])?$",
    "contractor": r"(?:总承包|总包(?:单位|方)?|施工单位|承建单位|承建方|施工方|中标单位)(?:是|为|[:：])?$",
    "sought": r"(?:找|去|向|请|经|希望|打|问|到了?|联系|通过|多次找|上访)$",
    "demanded": r"(?:找|问|向|跟|和)$",
    "my_name": r"(?:我是|我叫|我姓|本人叫|本人姓|本人是|我的名字叫|[的，]姓)$",
    "relation": r"(?:老乡|工友|同伴|朋友|亲戚|堂弟|弟弟|儿子|丈夫|老公|爱人|父亲|我爸|班组长|班长|带班|书记|市长|局长|县长|主任|厅长|领导|同事)(?:叫|是)?$",
    "hanging": r"挂靠(?:在)?$",
    "at": r"(?:在|于|位于|到|去|来到|为|给)$",
    "of": r"(?:下属|旗下|所属|隶属|属于|上面是|上面)(?:的)?$",
    "bracket": r"[（(]$",
    "quoted": r"[“\"]$",
}  # fmt: skip
#: what follows a name in the text
_AFTER = {
    "owes": rf"^{_ADVERBS}(?:拖)?{_OWES}",
    "role_owes": rf"^{_ROLES}[^，。；！？\n]{{0,6}}?{_OWES}",
    "owes_in_clause": rf"^[^，。；！？\n]{{1,22}}?{_OWES}",
    "owes_next_clause": rf"^[^，。；！？\n]{{0,22}}[，；][^，。；！？\n]{{0,16}}?{_OWES}",
    "owes_in_sentence": rf"^[^。！？\n]{{0,60}}?{_OWES}",
    "gone": rf"^(?:[^，。；！？\n]{{0,14}}|{_ROLES}?[，,][^，。；！？\n]{{0,10}}){_GONE}",
    "work": r"^(?:的)?[^，。；！？\n]{0,10}?(?:上班|工作|做事|做工|打工|务工|任职|入职|干活|做了|干了|开车|当|做|送|代课|装)",
    "staff": rf"^(?:的|下属的?|聘用的?|里的?)?[^，。；！？\n]{{0,7}}?{_STAFF}",
    "boss_behind": r"^(?:的)?(?:老板|包工头|工头|法人|负责人|老总)",
    "hires": r"^[^，。；！？\n]{0,6}(?:叫|喊|招|请|派|雇|聘|找|带|介绍)(?:来|去|过来|的|我|了|用|他|她|大家|工人|本地|民工)",
    "signed": r"^(?:签|订)",
    "pays": r"^[^，。；！？\n没未不只仅才]{0,10}(?:付给|打给|拨给|给了|付了|结清|打到|都打|付完|发完|已付|超付|交给|按月|按时)",
    "runs_off_with": r"^[^，。；！？\n]{0,14}(?:领走|拿走|套走|卷走|卷款|转走|挪用|拿去|取走|截留|扣下|私吞|吞了|吞掉|占为己有)",
    "says": rf"^{_ROLES}?[^，。；！？\n]{{0,4}}?(?:说|称|推|讲|答复|回复|表示|让我|叫我|解释|承诺|答应)",
    "contracts": r"^(?:公司)?(?:[^，。；]{0,3})(?:总?承包|承建|中标|总包|分包|承接|包的|包下|包了|接的|接了|施工的)",
    "develops": r"^(?:公司)?[^，。；]{0,3}(?:开发|投资|的项目|的工程|发包)",
    "site_behind": r"^(?:的)?[^，。；！？\n]{0,8}?(?:工程|项目(?!部)|改造|标段|安置|工地|外墙|地下车库|新院区|三楼|装修|建设|扩建|翻新|新车间|办公楼|食堂|大楼|厂房|门口|旁|对面|附近|附属)",
    "called_behind": r"^(?:的)(?:老板|包工头|人|工头|中介|公司|小包工头|剧组)",
    "place_behind": r"^(?:的)?(?:[\u4e00-\u9fff]{0,4})(?:镇|乡|村|街道|社区|路|小区|县|区|市)",
    "addressed": r"^[：:]",
    "end": r"^(?:$|[。\n])",
    "demanded_behind": r"^[^，。；]{0,4}(?:要|讨|追|催|结)",
    "subsidiary_behind": r"^(?:的)?(?:下属|旗下|所属|下面)",
    "note": r"^[^，。；！？\n]{0,6}(?:打了?|写了?|出具)[^，。]{0,6}(?:条|结算单|欠款)",
}  # fmt: skip
_BEFORE_PATTERNS = {name: re.compile(pattern) for name, pattern in _BEFORE.items()}
_AFTER_PATTERNS = {name: re.compile(pattern) for name, pattern in _AFTER.items()}
#: who is named behind these did not take the money: it was taken from there
_FROM = ("从", "从总包", "从甲方", "从业主", "从项目部")
_PLACE_BEFORE = re.compile(
    r"(?:[A-Z]\d*[市区县]|西地省|[\u4e00-\u9fff]{2,3}?(?:省|市|县|区)|[\u4e00-\u9fff]{2,3}?(?:镇|乡|街道|路|广场|小区|工业园))+(?:的)?$|[“\"]$"
)
_PERSON_END = re.compile(r"(?:老板娘|老板|包工头|工头|师傅|老总|经理|总|队长|班长|厂长)$")
#: whoever manages an estate, called by the estate
_ESTATES = re.compile("(?:小区|花园|家园|公馆|豪庭|雅苑|名都)的?物业$")
_FULL_NAME = re.compile(rf"{SURNAME}(?:某?[\u4e00-\u9fff]{{1,2}})")


def parties(title: str, body: str) -> Sequence[Party]:
    """Everybody the message names who may owe."""
    text = title + "\n" + body
    groups: dict[str, list[tuple[str, Name]]] = {}
    for how, one in _named(text, len(title)):
        root = _root(how, one.words)
        known = next((each for each in groups if _same_root(each, root)), None)
        if known is None:
            groups[root] = [(how, one)]
        else:
            groups[known].append((how, one))
            if len(root) < len(known):
                groups[root] = groups.pop(known)
    _join_people(groups)
    _join_kinds(groups)
    named = any(
        how == "organisation" and not only_of_a_place(one.words) and not _AUTHORITY.search(one.words)
        for found in groups.values()
        for how, one in found
    )
    return [_party(text, len(title), root, found, named) for root, found in groups.items()]


def _join_kinds(groups: dict[str, list[tuple[str, Name]]]) -> None:
    """What is only called by its kind (某区物业) is the one of that kind that has a name (安居物业), where there is one only."""
    for root, found in list(groups.items()):
        kind = _kind(root, found)
        if not kind:
            continue
        named = [
            other
            for other, theirs in groups.items()
            if other != root
            and any(
                how == "organisation" and kind in one.words and not _kind(other, [(how, one)])
                for how, one in theirs
            )
        ]
        if len(named) == 1:
            groups[named[0]] += groups.pop(root)


def _kind(root: str, found: Sequence[tuple[str, Name]]) -> str:
    """What a party is only called by: 保洁 of 某区保洁, 物业 of 山水人家小区物业; nothing where it has a name."""
    if all(_ESTATES.search(one.words) for _, one in found):
        return "物业"
    of_a_place = all(how == "organisation" and only_of_a_place(one.words) for how, one in found)
    return root if of_a_place else ""


def _join_people(groups: dict[str, list[tuple[str, Name]]]) -> None:
    """姓龚的老板, 龚老板 and 龚大勇 are one, where only one full name begins so."""
    people = [
        root for root, found in groups.items() if not {how for how, _ in found} & {"organisation", "slot"}
    ]
    full = {root for root in people if _is_full(root)}
    for root in people:
        if root in full:
            continue
        surname = root.removeprefix("姓").removeprefix("老")[:1]
        others = [each for each in full if each[0] == surname and each in groups] or [
            each
            for each in people
            if each != root
            and each in groups
            and each not in full
            and each.removeprefix("姓")[:1] == surname
            and not root.startswith("老")
        ]
        if len(others) == 1 and root in groups and others[0] != root:
            groups[others[0]] += groups.pop(root)


def _named(text: str, title_length: int) -> Iterator[tuple[str, Name]]:
    for one in organisations(text):
        yield "organisation", one
    for how, one in people(text):
        yield how, one
    for one in slots(text, title_length):
        yield "slot", one


def _is_full(words: str) -> bool:
    return bool(_FULL_NAME.fullmatch(words)) and "某" not in words and not _PERSON_END.search(words)


def _root(how: str, words: str) -> str:
    if how in ("organisation", "slot"):
        return root_of(words)
    bare = _PERSON_END.sub("", words)
    return bare if len(bare) >= 2 else words


def _same_root(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= 2 and (long.startswith(short) or long.endswith(short))


def _party(text: str, title_length: int, root: str, found: Sequence[tuple[str, Name]], named: bool) -> Party:
    hows = {how for how, _ in found}
    name = _fullest(
        [one for how, one in found if how == "organisation"]
        or [one for how, one in found if how != "slot"]
        or [one for _, one in found]
    )
    features = set(_of_the_words(name.words, hows))
    if "only_of_a_place" in features and named:
        features.add("beside_a_named_one")
    ends = {one.start + max(one.words.find(root), 0): one.end for _, one in found}
    places = sorted({match.start() for match in re.finditer(re.escape(root), text)} | set(ends))
    for place in places:
        end = ends.get(place, place + len(root))
        features.update(_around(text, title_length, place, end))
    count = len(places)
    features.update(f"named_{n}_times" for n in (2, 3, 5) if count >= n)
    if "person" not in features:
        features.discard("my_name")  # 我是某公司的 says where somebody works
    if places and places[0] < title_length:
        features.add("in_title")
        if not re.sub(r"[^\u4e00-\u9fff]", "", _PLACE_BEFORE.sub("", text[: places[0]])):
            features.add("begins_title")
    if places and places[0] < title_length + 60:
        features.add("early")
    for one, other in (
        ("works_at", "work"),
        ("works_at", "staff"),
        ("with", "work"),
        ("by", "hires"),
        ("demanded", "demanded_behind"),
        ("by", "owes"),
    ):
        if f"{one}+{other}" in features:
            features.add("employs")
    return Party(name, frozenset(features))


def _fullest(names: Sequence[Name]) -> Name:
    """The legal name if it is there, else the longest; of a person the name before the title, the title before 姓龚."""
    return max(
        names,
        key=lambda one: (
            not only_of_a_place(one.words), bool(re.search("公司$|集团$", one.words)), "有限" in one.words, _is_full(one.words),
            bool(_PERSON_END.search(one.words)), len(one.words), -one.start,
        ),
    )  # fmt: skip


def _of_the_words(words: str, hows: set[str]) -> Iterator[str]:
    organised = "organisation" in hows
    person = bool(hows - {"organisation", "slot"}) and not organised
    for name, there in (
        ("organisation", organised), ("person", person), ("slot", "slot" in hows), ("slot_only", hows == {"slot"}),
        ("legal", organised and bool(_LEGAL.search(words))), ("labour", organised and bool(_LABOUR.search(words))),
        ("builder", organised and bool(_BUILDER.search(words))), ("developer", organised and bool(_DEVELOPER.search(words))),
        ("public", bool(_PUBLIC.search(words))), ("authority", bool(_AUTHORITY.search(words))), ("run", bool(_RUN.search(words))),
        ("only_of_a_place", organised and only_of_a_place(words)), ("project_office", words.endswith("项目部")),
        ("site_like", not _LEGAL.search(words) and bool(_SITE_LIKE.search(words))),
        ("site_within", not _LEGAL.search(words) and bool(re.search("工程|项目|标段|工地", words))),
        ("full_name", person and _is_full(words)),
        ("titled", person and bool(re.search("老板|总$|工头$|师傅$", words))), ("managed", person and bool(re.search("(?:经理|主任|班长|队长|校长)$", words))),
        ("masked", person and "某" in words), ("masked_firm", not person and "某" in words), ("surname_only", person and words.startswith("姓")), ("nickname", person and bool(re.match("[老小阿]", words))),
        ("long", len(words) > 16), ("short", len(words) <= 2),
        *((f"how_{how}", person and how in hows) for how in ("named", "called", "surname", "titled", "hired", "subject", "bare")),
    ):  # fmt: skip
        if there:
            yield name


def _around(text: str, title_length: int, start: int, end: int) -> set[str]:
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, start - 40) : start]
    before = _PLACE_BEFORE.sub("", before) if not before.endswith(("“", '"')) else before
    after = text[end : end + 70]
    found = {name for name, pattern in _BEFORE_PATTERNS.items() if pattern.search(before)}
    behind = {name for name, pattern in _AFTER_PATTERNS.items() if pattern.search(after)}
    if re.match(r"[^，。；！？\n]{0,2}姓", text[max(0, start - 2) : start]) and re.search(
        r"(?:我|本人|门岗的，?)[^。]{0,6}姓$", before
    ):
        found.add("my_name")
    if before.endswith(_FROM):
        behind.discard("runs_off_with")
    both = {f"{one}+{other}" for one, other in _TOGETHER if one in found and other in behind}
    where = (
        {"title_owes"} if start < title_length and behind & {"owes", "role_owes", "owes_in_clause"} else set()
    )
    if start < title_length and "accused" in found:
        where.add("title_accused")
    if behind & {"owes", "role_owes"} and _AUTHORITY.search(text[max(0, start - 6) : end]):
        where.add("authority_owes")
    if "addressed" in behind:
        behind.discard("addressed")
        if not re.search(r"[^\s。，！；]\Z", before):
            where.add("addressed")
    if "owes" in behind and re.search(
        r"^.{0,30}(?:我|俺|咱|工人|民工|员工|职工|大家|老师|教师|工资|工钱)", after
    ):
        where.add("owes_workers")
    return found | behind | both | where


_TOGETHER = (
    ("works_at", "work"), ("works_at", "staff"), ("with", "work"), ("by", "hires"), ("demanded", "demanded_behind"), ("by", "owes"), ("at", "site_behind"), ("works_at", "hires"),
    ("sought", "says"), ("joined", "work"), ("demanded", "signed"), ("contracted", "owes"),
)  # fmt: skip
