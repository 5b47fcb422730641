"""Names of organisations as a text writes them: what they end in, and where they begin.

A name is found from its end: legal form, body, shop or works, or a trade (宏拓劳务, 红岩纸业). From there it reaches back to a stop or
to a word that cannot be part of a name (在, 由, 投诉 …).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from anxin.triage.shortening import without_form, without_place
from anxin.triage.spans import Name

#: a letter of a name
LETTER = r"[\u4e00-\u9fffA-Za-z0-9（）()·]"

_LEGAL = (
    "集团有限责任公司|集团有限公司|集团公司|有限责任公司|股份有限公司|有限公司|总公司|分公司|子公司|公司|集团"
)
_BODIES = (
    "(?<![结布格当])(?:局(?!面|长|势|部|里))|教育部门|委员会|村委会|居委会|街道办事处|街道办|办事处|人民政府|[镇乡县区市]政府|管理处|管理所|环卫所|"
    "管理站|事务所|研究所|设计院|法院|供销社|合作社|村委|街道(?=聘|拖|欠|的)|经营部|工程部|项目部|工程队|施工队|隧道队|架子队|车队|(?<!文)剧团|中心(?!思)"
)
_SHOPS = (
    "加工厂|(?:(?<![在到开工进新我本小关各整个一建全该])厂(?!房|区|长|家|方|门|商|外|车))|(?:(?<![我本开到小各一该])店(?!里|长|面|铺|员|主|家))|"
    "(?:(?<![我住出送])院(?!长|里|子|校|方|区|士))|公园|门诊部|诊所|影城|影院|(?<!大)剧院|服务站|加油站|[东西南北中城]?[\u4e00-\u9fff]?站点|搅拌站|[东西南北中城][\u4e00-\u9fff]?站|网点|"
    "幼儿园|实验二小|小学|中学|高中|学校|(?<!大)大学(?!生)|驾校|驾培|早教|食府|酒店|饭店|门店|商店|酒楼|酒吧|网吧|会所|会馆|餐厅|餐馆|饭馆|茶楼|宾馆|旅馆|旅行社|超市|商场|商城|百货|"
    "(?:烧烤|美食|海鲜|建材|家具|家居|服装|影视|茶)城|矿(?![主工山区上长井难里泉])|KTV|歌厅|歌城|溜冰[城场]|电玩城|游乐[园场]|乐园|俱乐部|球馆|泳馆|武馆|画室|琴行|影楼|书店|药房|茶庄|茶社|酒庄|山庄|度假村|农庄|农家乐|生态园|菜馆|粉馆|面馆|面包房|苗圃|屠宰场|中专|职校|技校|职高|艺校|武校|卫校|福利院|殡仪馆|出版社|杂志社|报社|电视台|信用社|水管站|农技站|养护站|兽医站|气象站|文化站|物流园(?!区)|收费站|变电站|送奶站|凿井队|工作室|体育馆|"
    "洗脚城|足浴|足疗|养生|洗浴|推拿|石场|砂场|林场|农场|猪场|养殖场|煤矿|银行|农商行|商行|车行|车间(?=欠|拖)"
)
_TRADES = (
    "(?:(?<![作就毕失停开营创工农企行专职事从商歇结物产])业(?!务|主|绩|余|内|者|态|界))|物业|农业(?!局)|置业|地产|劳务|人力|家政(?!府)|(?:保安|保洁|清洁|环卫)(?![工员由]|阿姨|大[姐妈爷叔]|人员|队员)|环境|环保|后勤|建设(?!单位|局|项|工程?(?!有限|公司|集团)|中|时|者|厅|部|的|了|完)|建工(?![程地人艺])|建筑(?!工人|工地|面|垃|商|行)|"
    "城建|路桥|市政|园林|绿化(?=公司|欠|拖)|装饰|装修(?=公司|设计)|软装|设计|家装|门窗|家居|全屋定制|橱柜|钢构|钢结构(?=公司|厂)|幕墙(?=公司)|架业|防水(?=公司|工程)|保温(?=公司|工程)|机电|安装(?=公司|工程)|"
    "监理(?=公司)|咨询|科技|网络|传媒|文化(?=公司|传|发|培|旅|有|$)|文旅|影业|教育(?!局|部|厅|系|厅|教|教学)|英语|培训(?=机构|学校|中心)|健身|美容|美发|电子|精密|光电|光伏|电力|水电(?=公司|建设)|能源|新材料|材料|机械|重工|"
    "制造|铸造|陶瓷|玻璃|水泥|纺织|服饰|服装(?=厂|公司)|制衣|制药|医药|医疗|器械|食品|餐饮|烘焙|茶饮|水务|供电|邮政|通联|高速(?!公|路|铁)|铁路局|公交|客运|巴士|物流|快递|速递|配送|供应链|出行(?=公司|科技|平台|欠|拖)|汽修|汽贸|租车|"
    "租赁|房产中介|房产|经纪|中介(?=公司)|代理|人寿|保险(?=公司)|养老|敬老院|养老院|护理院|农牧|牧业|基地(?=欠|拖)|兼职|包装(?=公司|厂)|印刷|联行|涂装|防腐|混凝土(?=公司|厂)|商砼|沥青(?=公司|厂)|彩钢|铝材|不锈钢(?=公司|厂)|五金|塑料(?=公司|厂|制品)|塑胶|橡胶|(?<![硬绿美亮净])化工(?!程)|饲料|粮油|乳业|水产|冷链|园艺|花卉|苗木(?=公司|基地)|托管|托育|母婴|口腔|眼科|康复(?=医院|中心)|整形|医美|货运(?=公司|部)|软件(?=公司|园)|信息(?=公司|技术)|通信|通讯|数码|半导体|仪器|仪表|阀门|电机|电器|电缆|线缆|灯饰|灯具|箱包|皮具|鞋材|针织|毛纺|印染|丝绸|家纺|日化|洗涤|纸品|工艺品|玩具|摄影|婚庆|婚纱|广告|策划|火锅|烧烤|串串|小吃|奶茶|咖啡|糕点|蛋糕|卤味|米粉|吊装|土石方|爆破|勘测|测绘|检测(?=公司|站|中心)|幼教|钢铁|照明|石材(?!款)|印务|财税|景观(?!工程|带|设计)|水利(?!局|工程|部门|设施)|康养|管理(?=公司|有限)"
)
_END = re.compile(
    rf"(?:(?:{_LEGAL}|{_BODIES}|{_SHOPS}|{_TRADES}|工程(?=(?:有限|股份|责任)*公司))"
    rf"(?:第?[一二三四五六七八九十0-9]+(?:分公司|公司|工区|项目部))?)+(?:[A-Z]\d*[市区县](?:分公司|公司|店))?"
)
_LEGAL_ALONE = re.compile("公司|集团|分公司")
#: after these a name begins, however far back the letters before it reach
_BEGINS = re.compile(
    r"投诉|举报|反映|控告|咨询|请问|请求|恳请|求助|曝光|揭发|关注|查处|严查|帮忙|督促|责令|关于|找到|以及|我们|本人|咱们|俺们|他们|你们|大家|承包给|外包给|分包给|转包给|发包给|包给|转给|转租给|交给|"
    r"承包商|承包|承建|承接|进入|加入|应聘|入职|入了|受雇于|受聘于|隶属于?|属于|归于|施工单位|用人单位|建设单位|劳务公司(?=.{3,}公司)|总承包|总包|分包|转包|挂靠|一家|这家|那家|一个|某个|有个|这个|那个|个体户|拖欠|至今|现在|目前|"
    r"所属|下属单位|下属|旗下|名下|名为|名叫|叫做|就是|乃是|因为|解决|要求|处理|某某(?:路|街道?|镇|桥)?(?=.{3})|讨要|追讨|上个月|这个月|个月|工资|以后|后来|之后|所谓|凭什么|以前|之前|年前|下面|外面|上面|里面|老家|其中|分别|负责|收购|联系|通过|经过|经由|"
    r"介绍|导致|敢问|单凭|按照|敦促|介入|征收|审查|掌控|实际上|每次|所有|每[一个名位]|经(?=[A-Z])|期间|相信|执行|请(?=.{2})|招(?=.{2})|归(?=.{2})|带领|代表|找过|问过|去过|到过|告过|跟着|年度|查一查|旁(?=.{2})|对面(?=.{2})|附近(?=.{2})|费(?=.{2})|\d万(?=.{2})|民营企业|国有企业|提供|安排|搞得|开发商|甲方|业主|一些|做(?=.{2})|当(?=[保地小])|另外|来(?=公司)|(?<![安健])全(?=＃)|先问|奈何|结果|等(?=.{3})|维权|(?:建筑|劳务|运营|管理|代理|施工|物业|保安|装修|派遣|外包|承包|总包|子)公司(?=.{3})|签订|签(?!约)|位于|所在|同意|认为|知道|听说|得知|明明|为什么|属|聘用|聘请|派到|派驻|派遣到|派往|打工|上班|位置|地址|服务于|[栋楼号组批层][的]?(?=.{3})|具体|其实|甚至|"
    r"[由被叫找去到给在是了把从的我欠跟却也并讨说称要讲](?=.{2})|(?<!第)(?<![一二三四五六七八九十两\d])[一二三四五六七八九十两\d]+[名位个家年月日天号楼元块人](?=.{2})"
)
#: words after which a name may begin, but which are within names as well (平和, 梧桐里, 为民): only where something is left to be a name
_MAY_BEGIN = re.compile(
    r"(?<![仁共谦祥太平永中协信人义])和(?=.{2})|[与及里向对为帮将让但又以即](?=.{2})|(?:街道|社区|项目部?|工地|[一二三四五六七八九十\d]期)(?=.{2})|(?<=.)(?=[A-Z]\d*[市区县])"
)
#: what may stand before a name, but within one as well (和平, 都昌, 原野): taken off only in front
_LEADS = re.compile(
    r"(?:因|按|问|他|您|去年|今年|前年|老板|讨要|帮助|[年月日号因但而且就又还也经该本此系原跟与及对于和以只)(）（]|\d+|份|第[一二三四五六七八九十\d]+次|尊敬|领导|您好|你好|多次|曾|已经|已|新老板|工人|员工|农民工|民工|农民|一直|总共|如|湘籍|[张李王刘陈]某)+(?=.{3})"
)
#: words that are nobody's name: trades, kinds of work, kinds of place, in any row
_COMMON = (
    r"代驾|乡镇|采石|打井|搬运|仓储|机构|平台|样板房|旁|运营|经营|包装|国家|国际|某|村里|镇里|县里|厂里|某某?|几个|几家|很多|许多|多家|各家?|各个|一个|一家|这个|那个|这家|那家|别的|其他|其它|该|本|原|原来|我们?|你们?|他们?|自己|今年|去年|前年|昨天|今天|昨晚|[\d一二两三四五六七八九十几]+[家个月名]?|"
    r"外地|外省|本地|当地|省|市|县|区|镇|乡|村|街道|城|老|新|旧|大|小|前|后|上|下|中|总|分|子|母|修|建|扩|开|黑心|无良|皮包|空壳|挂名|私人|私营|民营|民办|公办|国有|国营|集体|个体|正规|知名|上市|外资|"
    r"代理|软件|网络|油茶|茶叶?|木材|家具|服装|制衣|制鞋|鞋|纸箱|加工|生产|制造|幕墙|派遣|全|网约|网约车|房产|房屋|中介|钢结构|钢构|累计|课时费|结算|底|保姆|计件|工资|人员|离职|进|开荒|地铁|铁路|高速|公路|"
    r"建筑|建设|劳务|保安|安保|快递|外卖|直播|钱|服务|管理|工程|施工|总包|开发|开发商|房地产|农业|玻璃|电子|机械|塑料|印刷|食品|运输|货运|物流|搬家|清洁|绿化|园林|市政|水电|消防|路桥|监理|设计|广告|"
    r"美容|美发|美甲|健身|培训|教育|早教|补习|辅导|养老|养|外包|护理|餐饮|火锅|烧烤|奶茶|咖啡|面|饭|早餐|汽修|修理|修车|洗车|装潢|装饰|装修|安装|租赁|机械租赁|猪|鸡|养猪|养鸡|养殖|砖|水泥|石材|煤|矿|"
    r"电梯|电力|光伏|环保|环卫|垃圾|污水|人力|人力资源|劳务派遣|旅游|演艺|影视|传媒|经纪|销售|贸易|商贸|投资|科技|信息|咨询|保险|塔吊|挖机|吊车|客房|路面|街面|道路|楼道|车|货车|校车|公交|客运|船|工|人|方|的|医疗|检测|会计|律师|加盟|直营|连锁|承包|乡村|农村|城市|城乡|"
    r"二手|全职|兼职|暑假|寒假|民工|用工|用人|第三方|甲方|乙方|相关|有关|上级|下级|主管|行政|事业|机关|金融|网贷|材料|建材|五金|家电|手机|童装|内衣|玩具|皮革|五星级|星级|高档|豪华|连锁"
)
_NAMELESS = re.compile(rf"(?:{_COMMON}|{_LEGAL}|{_BODIES}|{_SHOPS}|{_TRADES})+")
#: firms of a series are named by their number (省建六公司, 中铁五局)
_NUMBERED = re.compile(
    r"(?:[建铁交冶电航核]|建筑|工程)第?[一二三四五六七八九十]+(?:公司|局)|(?<![扩新修])[省市]?[一二三四五六七八九十]建(?:公司|集团|$)|(?:中铁|中建|中交)[一二三四五六七八九十]+局"
)
_PUBLIC_END = re.compile(
    "(?:局|政府|委员会|委|办|部门|法院|[小中大]学|高中|学院|学校|幼儿园|医院|[诊卫]生?[所院]|环卫所|供销社|中心|公园|银行|农商行|处|所)$"
)
#: no name has these letters or words
_NOT_IN_NAMES = re.compile(
    r"^[看买卖拉送运搬守领]材料|工作(?!室)|起来|工期|承诺|支付|发放|[不没吗呢吧啊么怎谁哪很这那你们她他它咱俺个您钱欠拖讨催扣骂哭怕嘛呀哦?]|我(?!爱|家)|都(?![昌市会江匀安兰])|就|工资|工钱|薪|老板|员工|工人|民工|农民工|领导|包工头|政府(?=.)|告诉|然后|当时|因为|所以|如果|但是|而且|已经|今天|昨天|明天|时候|"
    r"什么|每天|每月|还(?!原)|说|做了|做的|干活|上班|打工|离职|辞职|入职|\d+[元块天名]|[千百万]块|[一二三四五六七八九十\d]万$|找人|要求|答复|回复|办法|问题|希望|投诉|举报|[至到]今|合同|以为|认为|联系|打电话|电话|出来|回来|回家|过年|春节"
)


def begins_of(words: str) -> Iterator[int]:
    """Where in the words before an ending the name itself may begin, the nearest place first."""
    begin = 0
    for word in _BEGINS.finditer(words):
        begin = word.end()
    lead = _LEADS.match(words, begin)
    begin = lead.end() if lead else begin
    for word in reversed(list(_MAY_BEGIN.finditer(words, begin))):
        lead = _LEADS.match(words, word.end())
        yield lead.end() if lead else word.end()
    yield begin


def may_name(words: str) -> bool:
    """Whether the words can be an organisation's name: not a trade, a kind of place or half a sentence."""
    if _NOT_IN_NAMES.search(words):
        return False
    return bool(_NUMBERED.search(words)) or not _NAMELESS.fullmatch(words.removeprefix("为"))


def only_of_a_place(words: str) -> bool:
    """A firm or shop that has nothing of its own but the district (某县茶厂); offices and schools are named by the district."""
    return bool(
        _NAMELESS.fullmatch(without_place(words))
        and not _PUBLIC_END.search(words)
        and not _NUMBERED.search(words)
    )


def organisations(text: str) -> Iterator[Name]:
    """Every organisation that an ending tells; two may begin at the same place (迅通快递, 迅通快递城南站点)."""
    for match in _END.finditer(text):
        reach = max(0, match.start() - 22)
        letters = re.search(rf"{LETTER}*\Z", text[reach : match.start()])
        start = letters.start() + reach if letters else match.start()
        words = text[start : match.end()]
        before = text[start : match.start()]
        # the ending itself may not be cut into
        for begin in begins_of(before + "＃＃＃"):
            words = _without_open_bracket(before[begin:] + match.group(0))
            if len(words) >= (4 if _LEGAL_ALONE.fullmatch(match.group(0)) else 3) and may_name(words):
                yield Name(words, match.end() - len(words), match.end())
                break


def _without_open_bracket(words: str) -> str:
    words = words.lstrip("）)（(")
    if words.count("（") + words.count("(") > words.count("）") + words.count(")"):
        return words[max(words.rfind("（"), words.rfind("(")) + 1 :]
    return words


def root_of(words: str) -> str:
    """What the name's own part is: without the place in front, the legal form and the trade behind (宏拓建筑劳务公司 → 宏拓)."""
    bare = without_form(without_place(words))
    root = bare
    while True:
        match = _TAIL.search(root)
        if not match or match.start() < 2:
            return root if len(root) >= 2 else words
        root = root[: match.start()]


_TAIL = re.compile(
    rf"(?:[纸木茶鞋酒矿煤实渔牧米乳钢铝布种药面]业|{_LEGAL}|{_BODIES}|{_SHOPS}|{_TRADES}|工程|建设|建筑|服务|安装|贸易|商贸|发展|实业|装修|管理|投资|文化|防水|保温|绿化|教育|专业)+$"
)
