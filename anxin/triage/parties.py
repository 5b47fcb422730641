"""Who owes, on which site, where: names as the text writes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from anxin.triage.shortening import without_form, without_place

#: how a name of an organisation ends
_ENDS = (
    "有限责任公司|股份有限公司|有限公司|分公司|子公司|总公司|公司|集团|工程局|建设局|管理局|公路局|水利局|教育局|邮政局|供电局|农业局|卫生局|住建局|"
    "教育部门|管理处|管理所|管理站|项目部|工程部|经营部|事务所|工作室|服务中心|健身中心|培训中心|中心|合作社|农场|林场|"
    "工程(?=(?:有限|股份|责任)*公司)|诊所|鞋业|纺织|玻璃|供应链|驾培|城建|护理院|百货|陶瓷|印刷|光电|照明|农牧|制药|医药|环保|汽贸|铸造|机械|造纸|农业合作社|剧团|传媒|电子厂|电子|安装|保温|防水|架业|保洁|站点|基地|酒楼|教育|咨询|监理|养猪场|养殖场|电力|新能源|餐饮|环境|公交|美容|包装|制衣|家居|网络|文化|旅行社|棋牌|足疗|火锅店|烧烤店|面馆|幼儿园|实验二小|小学|中学|学校|学院|大学|驾校|早教|医院|卫生院|餐厅|酒店|饭店|宾馆|酒楼|酒吧|会所|超市|商场|商城|门店|专卖店|店|"
    "酒业|水务|邮政|通联|高速|置业|地产|劳务|物业|建设|建筑|装饰|装修|园林|市政|路桥|科技|新材料|食品|健身|搅拌站|砖厂|石场|煤矿|矿业|"
    "工厂|水泥厂|化工厂|服装厂|鞋厂|家具厂|食品厂|机械厂|电子厂|厂|银行|法院|村委会|居委会|街道办事处|街道办|镇政府|乡政府|县政府|区政府|公园|全屋定制|煤业|影院|影城|网吧|洗浴|足浴|美容院|理发店|养老院|敬老院|车队|船厂|加油站|快递|物流"
)
_ENDS_STRONG = re.compile(
    r"(?:公司|集团|学校|中学|小学|学院|大学|驾校|医院|幼儿园|餐厅|酒店|厂|局|法院|中心|项目部)$"
)
_NAME = r"[\u4e00-\u9fffA-Za-z0-9（）()·?]"
_ORGANISATION = re.compile(
    rf"{_NAME}{{1,26}}?(?:{_ENDS})+"
    r"(?:有限责任公司|股份有限公司|有限公司|分公司|公司|集团|第?[一二三四五六七八九十0-9]+(?:分公司|公司|项目部)|[A-Z]\d*[市区县](?:分公司|公司|店)|项目部|分店|门店|店|网点|处)*"
)
#: words after which a name begins; the last one before the ending counts
_BEGINS = re.compile(
    r"投诉|举报|反映|控告|咨询|请问|请求|恳请|关于|找到|以及|我们|本人|咱们|他们|承包|承建|进入|加入|应聘|入职|受雇于|隶属|属于|施工单位|用人单位|建设单位|"
    r"总承包|总包|分包|转包给|转给|转包|发包给|包给|挂靠|一家|一个|拖欠|至今|现在|目前|所属|下属单位|下属|旗下|名为|叫做|就是|解决|要求|处理|严查|查处|查一查|某某|讨要|追讨|有个|上个月|这个月|个月|工资|以后|所谓|凭什么|可愿意|检查中|说(?!明)|"
    r"下面|外面|那个|这个|[由被叫找去到给为帮向在是了把将让从的我欠对跟里]"
)
#: what may stand before a name, but within one as well (和平, 都昌, 原野): taken off only in front
_LEADS = re.compile(
    r"(?:因|按|问|他|今年|去年|前年|[一二三四五六七八九十]+月份?|老板[（(]|讨要|追讨|催讨|帮助|[年月日号因但而且就又还也说称经该本此系跟与及对于)(（]|\d{4}年|\d{1,2}月|份|第[一二三四五六七八九十\d]+次|尊敬|领导|您好|你好|多次|曾|已经|已)+(?=.{3})"
)
_NAMELESS = re.compile(
    rf"(?:某某|几个|很多|一个|各|多家|这个|那个|[\d一二两三四五六七八九十几]+[家个月]份?|今年|去年|前年|外卖|代理|软件|昨晚|昨天|油茶|因|按|问|茶|木材|服装|加工|幕墙|派遣|全|网约|房产|中介|钢结构|累计|课时费|民办|公办|结算|裁决|底|家政|计件|工资|人员|离职|后头的?|另外|进|开荒|地铁|建筑|劳务|保安|快递|黑心|直播|县|镇|钱|餐饮|服务|装修|装饰|物业|工程|施工|总包|开发|房地产|农业|下面|外省的|皮包|私人|修|新|扩|建|大|小|我们|你们|{_ENDS})*(?:{_ENDS})"
)
#: a clause that ends like a name
_CLAUSE_NOT_NAME = re.compile(
    r"今天|昨天|开始|告诉|责令|要求|据|工资|计件|百多|[千万百]块|\d+名|员工|老板.|课时费|工钱|提成|补助|拖着|[?？]|累计|[一二三四五六七八九十\d]万$|也(?=欠)|没写|）"
)
#: bodies that people turn to, seldom the ones who owe
_AUTHORITY = re.compile(
    r"劳动局|劳动监察|监察大队|仲裁|人社局|人社厅|社保局|信访|公安|派出所|检察院|纪委|市政府|省政府|平台|热线|媒体|电视台|住建局|城建局|劳动部门|劳动保障|"
    r"工会|司法|政府部门|有关部门|相关部门|市长|书记|县委|市委|区委|区政府|县政府|镇政府|建设厅|劳动厅|财政局|工商局|法院|银行|税务|审计"
)
_SITE_AFTER = re.compile(
    r"(?:整个)?[^，。；]{0,8}(?:工程|项目(?!部)|改造|标段|安置)|(?:外墙|地下车库|新院区|那个地下|工地)|[^，。；]{0,6}(?:于|至)\d{4}.{0,12}(?:建设|修建)"
)
_OWES_AFTER = re.compile(
    r"^(?:的?(?:老板|负责人|法人|领导|项目部|项目经理|包工头|老总|经理|站长|所长|校长|方|总部|夫妇)?[^，。；！？\n]{0,10}?)?(?:一直|长期|恶意|故意|总是|至今|仍然?|还|无故|非法|经常|拒绝|拒不|迟迟|多次|竟然|违反劳动法)*"
    r"(?:拖欠|欠|克扣|不发|未发|没发|没有发|不给|没给|扣|不结算|拖延|拒付|拒不支付|赖|少发|不支付|未支付|没有支付|违反|停产|跑路|倒闭|突然关门)"
)
_ACCUSED_BEFORE = re.compile(
    r"(?:投诉|举报|控告|反映|恳请.{0,6}解决|被|承包商|施工单位[:：是为]?|用人单位[:：]?|总包(?:单位)?[:：]?|老板|雇主)$"
)
_WORKED_BEFORE = re.compile(r"(?:在|我是|我们是|是|系|为|给|帮|进入|加入|入职|受雇于|于)$")
_WORKED_AFTER = re.compile(
    r"^(?:的)?[^，。；！？\n]{0,8}?(?:上班|工作|做事|做工|打工|务工|任职|的?(?:员工|职工|工人|教师|老师|司机|保安|教练|收费员|一名))"
)
_SURNAME = "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤柴霍阮蒲滕岑舒祝卓温欧费屈项冉包左石乔佘邬阙祁卞樊车游管]"
_ROLE = "包工头|包工的|老板娘|老板|工头|班头|带班的?|领班|承包人|承包商|实际负责人|负责人|班组长|班长|矿主|店主|厂长|站长|园长|经理|中介|老乡|的人"
_PERSON = rf"(?:{_SURNAME}(?:某某?|(?!某)[\u4e00-\u9fff]{{1,2}})|[小老阿][\u4e00-\u9fff])"
_PERSON_ENDS = r"(?=[，。、；：（）()\s”]|的人|拖欠|欠|说|讲|把|就|在|那|领|给|打|不|一直|跑|将|十|于|没|还|之前|让|喊|$)"
#: 工头陈大发 · 老板姓柴，叫柴某某 · 矿主叫曾庆祥 · 外号“老鼠强”
_NAMED_BOSS = re.compile(
    rf"(?:{_ROLE})(?:[^，。；]{{0,6}}?(?:姓{_SURNAME}[，,]?)?(?:名叫|叫做|叫|是))?(?!某某)(?P<person>{_PERSON}?){_PERSON_ENDS}|"
    rf"(?:一个叫|名叫|叫)(?P<called>{_PERSON}){_PERSON_ENDS}(?!.{{0,2}}(?:项目|工地))|外号[“\"](?P<nick>[\u4e00-\u9fff]{{2,5}})[”\"]|"
    rf"老板[（(](?P<paren>{_NAME}{{2,12}}?)[)）]|(?P<short>(?<![工学过\u4e00-\u9fff]){_SURNAME}某?(?:老板|总|工头)|(?<=由|跟|找|的){_SURNAME}(?:老板|总)|{_SURNAME}某(?=欠|说))"
)
#: whoever stands before "owes me": 川渝兴欠我们, 欠薪的是锦程架业
_OWES_ME = re.compile(
    rf"(?P<who>{_NAME}{{2,16}}?)(?:到现在|至今|一直|总共|还|也|就|共)*(?:拖欠|欠|差)(?:了|着)?(?:我|俺|咱|他|她|工人|大家|两口子)|"
    rf"欠(?:薪|钱|我们|我)[^，。；]{{0,3}}的(?:就)?是(?P<that>{_NAME}{{2,16}}?)(?=[，。；\s])|被(?P<by>{_NAME}{{2,16}}?)(?:拖)?欠"
)
_NOBODY = re.compile(
    r"(?:前|原来|老板|公司|厂里?|项目部?|工地|单位|现在|一共|总共|前后|他|她|你|我|还|也|就|共|们|这|那|个|学校|店里?|今年|去年|前年|年|月|底|初|的|到|至今|走|之前|时候|后来|以前|先|算|下|清|楚|现今|仍然|竟然|大概|差不多|拖|工资|工钱|钱|是|已经|多次|账|工程|其中|对方|包工头|\d)+"
)


@dataclass(frozen=True)
class Name:
    """A name as written, and where (in title and body put together)."""

    words: str
    start: int
    end: int


def debtor(title: str, body: str) -> Name | None:
    """Who is said to owe; the one the title accuses before the one the text merely names."""
    text = title + "\n" + body
    candidates = list(_organisations(text))
    counts = Counter(_short(one) for one in candidates)
    weighed = [(_weight(text, one, len(title), counts), -one.start, one) for one in candidates]
    weighed += [(weight, -one.start, one) for weight, one in _bosses(text, len(title))]
    weighed += [(1.0, 0, one) for one in _subject(title)]
    weighed += [(weight, -one.start, one) for weight, one in _by_context(text, len(title))]
    weighed = [each for each in weighed if _may_owe(each[2].words)]
    best = max(weighed, default=None, key=lambda each: each[:2])
    return best[2] if best and best[0] > 0.6 else None


def _short(name: Name) -> str:
    return without_form(without_place(name.words))


def _may_owe(words: str) -> bool:
    """Whether the words can be somebody's name: not a site, a clause, a trade or "the boss"."""
    return not any(
        (
            _NOBODY.fullmatch(words), _NAMELESS.fullmatch(words), _nameless_of_a_district(words), _CLAUSE_NOT_NAME.search(words),
            _ENDS_LIKE_SITE.search(words), re.search(r"的$|\d+块|^[）)（(]|员工|人员|文化$|包工头$|安装$", words),
        )
    )  # fmt: skip


def _nameless_of_a_district(words: str) -> bool:
    """A district's firm or works without a name (某县茶厂); its offices and schools are named by the district."""
    return bool(re.search("(?:公司|厂|店|公交)$", words) and _NAMELESS.fullmatch(without_place(words)))


def _begin(words: str) -> int:
    """Where in the matched words the name itself begins."""
    begin = 0
    for word in _BEGINS.finditer(words):
        if word.end() <= len(words) - 2:
            begin = word.end()
    lead = _LEADS.match(words, begin)
    return lead.end() if lead else begin


def _organisations(text: str) -> Iterator[Name]:
    for match in _ORGANISATION.finditer(text):
        start, end = match.start(), match.end()
        words = text[start:end]
        begin = _begin(words)
        words = words[begin:]
        if len(words) >= 3 and not _NAMELESS.fullmatch(words):
            yield Name(words, start + begin, end)


def _subject(title: str) -> Iterator[Name]:
    """What the title says 拖欠 of, where no ending tells an organisation: 某市海航家多润拖欠员工工资."""
    match = _TITLE_SUBJECT.match(title)
    if match:
        begin = match.start(1) + _begin(match[1])
        words = title[begin : match.end(1)]
        if len(words) >= 3:
            yield Name(words, begin, match.end(1))


def _bosses(text: str, title_length: int) -> Iterator[tuple[float, Name]]:
    """People who are named as the boss, and whoever is said to owe "me" or "us"."""
    for match in _NAMED_BOSS.finditer(text):
        group = match.lastgroup or ""
        if not match[group]:
            continue
        name = Name(match[group], match.start(group), match.end(group))
        owes = re.match(
            r"[^，。；！？\n]{0,12}(?:拖欠|欠|不给|没给|不发|把[^，。]{0,6}领走|不结)", text[name.end :]
        )
        yield _BOSS_WEIGHT[group] + 0.8 * bool(owes) + 0.3 * (name.start < title_length), name
    for match in _OWES_ME.finditer(text):
        group = match.lastgroup or ""
        begin = match.start(group) + _begin(match[group])
        words = text[begin : match.end(group)]
        if len(words) >= 2 and not _AUTHORITY.search(words):
            yield 1.5, Name(words, begin, match.end(group))


#: names that no ending tells, by what is said of them: weight, pattern with the name
_BY_CONTEXT: tuple[tuple[float, re.Pattern[str]], ...] = (
    (
        1.1,
        re.compile(
            rf"(?:在|到)(?P<name>{_NAME}{{3,16}}?)(?:上班|打工|做工|做事|工作|当(?!地|时|天)|做(?!主)|任职|务工|入职|开车|洗碗)"
        ),
    ),
    (1.0, re.compile(rf"(?:给|帮|为)(?P<name>{_NAME}{{3,14}}?)(?:开(?!始)|做|干|送|搭|砌|装修|打工|安装)")),
    (
        1.4,
        re.compile(
            rf"(?:我们?|本人|我们都)(?:是|系)(?P<name>{_NAME}{{3,16}}?)(?:下属|的)?(?:\d+|[一二两三四五六七八九十]+|的)(?:名|位|个)?(?:井下)?(?:员工|职工|工人|保安|老师|教练|洗碗|司机|矿工|护工|服务员|导购|技师)"
        ),
    ),
    (
        1.3,
        re.compile(
            rf"(?P<name>{_NAME}{{3,14}}?)(?:一直|至今|到现在|总共|还|也|就)*(?:不付|不支付|没付|未付|不给|克扣|扣发|差我|说我)"
        ),
    ),
    (
        1.0,
        re.compile(
            rf"(?:上面是|施工的是|承包的是|老板是|施工单位是|总包是?|承建单位是|单位是|公司是|(?:公司|单位)叫|店名叫?|厂名叫?)(?P<name>{_NAME}{{3,16}}?)(?=[，。、；\s])"
        ),
    ),
    (1.2, re.compile(rf"叫(?P<name>{_NAME}{{3,12}}?)的(?!人)")),
    (1.0, re.compile(rf"(?P<name>{_NAME}{{3,12}}?)(?:中标|承建|总承包)")),
)
_COMMON_WORDS = re.compile(
    r"今天|昨天|前天|上次|现在|我们|他们|工地|工程|项目|标段|[\d一二两三四五六七八九十]+[名个位月年天]|这里|那里|外面|家里|车间|[县市区镇乡村路]$|广场$|小区$|老家|外地|本地|政府"
)


def _by_context(text: str, title_length: int) -> Iterator[tuple[float, Name]]:
    """Whoever people work for or are not paid by, whatever the name ends in; a name that comes again counts more."""
    for weight, pattern in _BY_CONTEXT:
        for match in pattern.finditer(text):
            begin = match.start("name") + _begin(match["name"])
            words = text[begin : match.end("name")]
            if not 3 <= len(words) <= 14 or _COMMON_WORDS.search(words) or _AUTHORITY.search(words):
                continue
            again = min(text.count(words) - 1, 3)
            yield (
                weight - 0.5 + 0.5 * again + 0.3 * (begin < title_length),
                Name(words, begin, match.end("name")),
            )


_BOSS_WEIGHT = {"person": 1.3, "called": 1.3, "nick": 1.2, "paren": 1.9, "short": 1.0}


_SITE_ENDS = (
    r"(?:工程项目|建设项目|改造工程|装修工程|安置点|安置房|工程|项目|工地|标段|小区|花园|公馆|豪庭|华府|家园|名都|广场|大厦|大楼|厂房|"
    r"[一二三四五六七八九十\d]期|地铁[^，。]{0,4}号线|高速|铁路|隧道|大桥|水厂)"
)
_ENDS_LIKE_SITE = re.compile(rf"(?:(?!高速|铁路){_SITE_ENDS}|[府里苑])的?$")
_TITLE_SUBJECT = re.compile(rf"\s*({_NAME}{{3,24}}?)(?:一直|长期|恶意|故意|无故)*(?:拖欠|克扣|不发|欠薪)")


#: what speaks for a name being the debtor's, and against: weight, in which words, pattern
_DEBTOR_WEIGHTS: tuple[tuple[float, str, re.Pattern[str]], ...] = (
    (0.5, "words", _ENDS_STRONG),
    (0.4, "words", re.compile(r"有限(?:责任)?公司|集团")),
    (-0.7, "words", re.compile(r"项目部$")),
    (-1.0, "words", re.compile(r"^(?!.*(?:公司|集团|局)).*(?:工程|项目|标段|工地)")),
    (0.8, "before", _ACCUSED_BEFORE),
    (0.2, "before", re.compile(r"(?:拖|下|还|仍|尚|共)?欠(?:了|着)?$")),
    (1.0, "before", re.compile("挂靠$")),
    (
        0.8,
        "before",
        re.compile(
            r"(?:公司叫|承包给了?(?:外面的)?|分包到|分包给|包给了?|外包给了?|是做[^，。]{1,4}的|一个叫|欠我们的是|叫)$"
        ),
    ),
    (-1.0, "before", re.compile(r"(?:找|向|到|去|经|请|希望)$")),
    (1.0, "after", re.compile("^(?:承建|分包|承包)")),
)


def _weight(text: str, one: Name, title_length: int, counts: Counter[str]) -> float:
    words = {
        "before": text[max(0, one.start - 12) : one.start],
        "after": text[one.end : one.end + 26],
        "words": one.words,
    }
    weight = 0.4 + 0.25 * min(counts[_short(one)], 4) + 1.2 * (one.start < title_length)
    weight += sum(weight for weight, where, pattern in _DEBTOR_WEIGHTS if pattern.search(words[where]))
    owes = bool(_OWES_AFTER.match(words["after"]))
    if _SITE_AFTER.match(words["after"]) and not one.words.endswith(("公司", "集团")):
        weight -= 1.5  # the name of the site, not of a firm
    elif owes:
        weight += 2.0
    if _WORKED_BEFORE.search(words["before"]) and _WORKED_AFTER.match(words["after"]):
        weight += 1.2
    if _AUTHORITY.search(one.words):
        weight -= 0.6 if owes else 3.0
    return weight


_SITE = re.compile(
    rf"{_NAME}{{2,24}}?{_SITE_ENDS}(?:[一二三四五六七八九十\d]+(?:期|标段?|栋))*(?:工程|项目|工地)?"
)
_NAMELESS_SITE = re.compile(rf"(?:该|本|此|这个|整个|部分|某某|全部|我们|安装)?{_SITE_ENDS}")
_PLACE = re.compile(
    r"(?:[A-Z]\d*[市区县]|西地省|[\u4e00-\u9fff]{2,4}?(?:省|市|县|区|自治州))+(?:[\u4e00-\u9fff]{1,6}?(?:镇|乡|街道|村|社区|路|大道|园区|开发区))*"
)


def project(title: str, body: str) -> Name | None:
    """The site or project that is named, the nearest to the claim first."""
    text = title + "\n" + body
    best: tuple[float, int, Name] | None = None
    for one in _sites(text):
        weight = (
            0.5
            + 0.6 * (one.start < len(title))
            + 0.6 * bool(re.search(r"工程|项目|工地|标段|安置|期$", one.words))
        )
        if re.search(
            r"(?:在|承建的?|承接(?:到)?|位于|施工|进入|承包)$", text[max(0, one.start - 5) : one.start]
        ):
            weight += 0.6
        if best is None or weight > best[0]:
            best = (weight, -one.start, one)
    return best[2] if best and best[0] >= 1 else None


def _sites(text: str) -> Iterator[Name]:
    for match in _SITE.finditer(text):
        begin = _begin(match.group(0))
        words = match.group(0)[begin:]
        if len(words) >= 4 and not _NAMELESS_SITE.fullmatch(words):
            yield Name(words, match.start() + begin, match.end())


def place(title: str, body: str) -> Name | None:
    """The most exact place that the text names."""
    text = title + "\n" + body
    found = [Name(match.group(0), match.start(), match.end()) for match in _PLACE.finditer(text)]
    return max(found, key=lambda one: (len(one.words), -one.start), default=None)
