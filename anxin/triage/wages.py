"""Is this about wages owed to people who worked? The signs in the words, for and against, each with where it stands.

A sign is a pattern with a name. What the signs weigh together is learnt (:mod:`anxin.triage.model`); what they are is
written here, so that every judgement can show the words it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from anxin.triage import settled, wording

#: pay for work, as people name it
WAGE = (
    r"(?:工资|薪水|薪资|薪酬|薪金|工薪|欠薪|讨薪|月薪|底薪|工钱|劳务费|劳务款|劳务工资|劳动报酬|报酬|人工费|人工款|人工钱|(?<=不付)人工|(?<=没给)人工|工人安装款|"
    r"民工款|工滋|工费|工时费|手工费|手工提成|派件费|派费|跑单费|配送费|代驾费|佣金|演出费|课酬|讲课费|出场费|误工费|零工钱|采摘钱|护工费|加班费|加班工资|提成|课时费|代办费|(?<!台)班费|工程尾款|民工钱|工人的钱|做事的钱|干活的钱)"
)
#: not, and to pay or be paid: put together they say "not paid" in the ways nobody wrote down
_NOT = r"(?:没有?|未曾?|未能|不曾|不予|不肯|不愿|拒绝|拒不|拒|从没|从未|尚未|仍未|还未|无法|迟迟不)"
_PAY = (
    r"(?:发(?![生现展出动觉表热达病挥布泄包言票])|给(?![予力])|支付|付|结(?![果婚实合])|兑现|领(?!导)|拿|收到|到账|到手|到位|打(?:钱|款|到|过来|给)|汇|"
    r"转(?:账|来|给)|现钱|补发|算(?:清|账|给)|清偿|着落|下文|动静|消息|影|见到)"
)
#: not paid, in all its forms
UNPAID = (
    r"(?:[下尚仍还共总余净现另]欠(?!缴|费|税|缺)|"
    + rf"{_NOT}[^，。！？；]{{0,3}}?{_PAY}|"
    + r"(?:只|仅)(?:发|给|付|领|拿|结|打|转)(?:到|过|了)|拖欠|恶意拖欠|拖(?:到|着|了|延|(?=，))|断断续续|差(?=我|俺|\d|工资|工钱|工人)|拖延结算|下欠|尚欠|仍欠|还欠|共欠|欠着|欠我|欠了|欠(?!缴|费|税|款项目)|未发放?|没发放?|没有(?:再)?(?:发|给|付|结)|不发放?|未支?付|没支?付|"
    r"不支付|拒付|拒绝支付|拒不支付|不给|没给|未给|未结|没结|不结|不予?结算|未结清|没结清|没有结清|没拿到|未拿到|拿不到|没领到|领不到|没收到|没有收到|要不到|"
    r"要不回|讨不到|讨要|讨回|追讨|催讨|催要|索要|要回|追回|克扣|扣发|分文|一分钱?(?:都)?(?:没|不(?!少)|未)|一分未|没着落|没有着落|悬空|落空|不?兑现|未到位|没到位|没有到位|"
    r"没见(?:过)?影|没(?:有)?(?:拿|领|发|给|见)过|从来没有|从没|停发|找不到人给|没人给|没有下文|没下文|没动静|没有动静|没消息|没影|压着|压了|一拖再拖|拖着|拖了|赖账|赖着|跑路|不知去向|少发|迟发|晚发|不足额|未足额|未足|没钱发)"
)
_CLAUSE = r"[^。！？!?；;\n]"


#: the claim itself: wages, and that they are not paid
_CLAIM = re.compile(
    rf"{WAGE}{_CLAUSE}{{0,18}}?{UNPAID}|(?:{UNPAID}|(?<!中)扣除了?|扣掉了?|扣减|扣了|扣(?=我|员工|职工|工人|大家|老师|教师|司机)){_CLAUSE}{{0,14}}?{WAGE}|{WAGE}[^，。；]{{0,3}}(?:没有|没影|没了)(?=[，。！,]|$)|还(?:给)?(?:我|俺|咱|工人|民工|大家)[^，。；]{{0,6}}(?:血汗|工资|工钱|辛苦钱)|{WAGE}[^，。；]{{0,6}}(?:领|卷|带|拿)走|(?:乱|被|多)扣的?[^，。；]{{0,4}}{WAGE}|{WAGE}{_CLAUSE}{{0,6}}?(?:被|遭)[^，。；]{{0,8}}?(?:扣|拿走|截留|领走|冒领)|(?:要|讨|追讨|追)(?:回)?(?:工资|工钱)(?!标准)|个月没(?:有)?工资|(?:不|没|未|停)发薪|(?<!治理)(?<!根治)(?<!预防)欠薪(?!企业|单位|黑名单|名单|问题|线索|案件|行为|人员|预警|的?旗号|情况|失信)|(?:绩效|课时费|奖金)[^，。；]{{0,8}}(?:扣下|扣掉|被扣|扣发)|扣发[^，。；]{{0,8}}绩效"
)
#: money that is not paid to the writer or the workers, whatever it is called
_OWED_TO_WORKER = re.compile(
    r"(?:欠|差|少给|少拿|压着|克扣|骗)(?:了|着)?(?:我(?![^，。；]{0,4}(?:公司|司|单位|院|厂|店))|俺|咱|他|她|大家|工人|民工|农民工|两口子)|"
    r"(?:没|不|未|没有)(?:给|付|结|发|结算)(?:过|给)?(?:我(?!公司|司|单位|院|厂)|俺|咱|他|她|大家|工人|民工|老师)|"
    r"(?:钱|款|费|元|块|[万千百][多零一二三四五六七八九五\d]?)(?:也|都|就|到现在|至今|一直|还|老板|，)*(?:还没|没有?|不|未|一分没)(?:给|付|结|拿到|清|发|支付|见着?|算清|领到|收到|算)|"
    r"(?:要不回来|要不到|一分没有|一分钱?没|一分没见|拿不到钱|没拿到钱|没领到过|不给钱|没有?给钱|不结账|没结账|不认账|赖账|被扣了|要扣光)|"
    r"(?:还|尚|仍|下)?(?:差|欠|有)[^，。；]{0,3}?[\d一二两三四五六七八九十百千万贰叁肆伍陆柒捌玖][^，。；]{0,12}(?:没|未|不)(?:给|付|结|支付|清|拿|发)|"
    r"(?:还|尚|仍|下|共|总|余|净|现|另)(?:差|欠|剩)(?![\d一二三四五六七八九十]+年)[^，。；]{0,3}?[\d一二两三四五六七八九十百千万贰叁肆伍陆柒捌玖]|被[^，。；]{2,14}?欠了?[^，。；]{0,4}?[\d一二两三四五六七八九十]|"
    r"(?:月份?|个月)(?:都|也|一直|就)?(?:没|未|没有)发|压着[^，。]{0,4}?[\d一二两三四五六七八九十]|(?:只|仅)(?:给|付|发|领|拿|结|打|转)(?:了|到|过)|(?:才|就)(?:给|付|发)了|(?:没有?|不|未)(?:给|付|结|发)(?:过|到)?(?:一分|现)?钱|钱[^，。；]{0,8}(?:没给|没发|不给)|都欠着|"
    r"应发[^。！？；]{0,24}?[只仅才](?:给|发|转|打|到)|欠了?我[\d一二两三四五六七八九十]+节|抵(?:一半|部分|扣)?工资|每人每?[月次]?扣[了掉]?\d|"
    r"拖欠\d+[余多]?[名人]|欠的[\d一二两三四五六七八九十]|一分(?:钱)?(?:没|未)付|(?:个月|天|年)的?钱[^，。；]{0,4}(?:没|不|未)|没(?:有)?打钱|没发钱|没见到钱|一分钱?不给|钱?(?:哪个|谁)给|"
    r"差(?:着)?[\d][\d.]*[万元块]|少(?:给|发|付)(?:了|我)?[^，。；]{0,4}[\d一二两三四五六七八九十]|"
    r"(?:余下|剩下|剩的|剩余|其余)[^，。；]{0,20}?(?:一直|推|拖|不|没|未|说|叫)|说要等|就不给|拖着不给|计件的钱|打了?(?:欠)?条(?:子)?|写了欠条"
)
#: work that was done
_WORK_DONE = re.compile(
    r"(?:做|干)(?:了|完|过|满|到|活|事|工|的工|小工|大工)|班组|工人|工友|打工|上班|民工|带班|包工头|工头|打(?:混凝土|地坪|桩|螺丝)|(?:木|瓦|泥|钢筋|架子|油漆|水电|焊)工|"
    r"(?:刮胶|抹灰|砌墙|贴砖|绑钢筋|扎钢筋|支模|支模板|架子|保洁|护工|浇筑工|普工|绿化工|群众演员|群演|发传单|洗碗|阿姨|剪线头|种树|栽树|带团|送件|流水线|护士|上夜班|夜班|班组|施工队|挡墙|装修|安装|修路|摘果子|喂猪|出窑|搬运|装卸|开铲车|开塔吊|开挖机|开压路机|跑外卖|送外卖|骑手|烧焊|焊)|"
    r"岗位|公益岗|节课|上课|课时|除草|打包|栽|浇水|零工|点工|小时工|[暑寒]假工|实习|学徒|记工|出勤|考勤|打卡|上工|出工|雇|(?:当|做)(?:保安|服务员|护士|护工|主播|代课|厨师)|代课|值班|门岗|环卫工|女工|计件|包了个活|离职|辞职|入职|员工|职工|老师|司机|教练|小工|工钱"
)
#: said to deny, to prevent, to ask about or of what is over: then no claim
_NOT_CLAIMED = re.compile(
    r"(?:没有?|未|不存在|从不|从未|杜绝|防止|避免|治理|根治|预防|打击|整治|列入|涉嫌|打着|有无|是否|有没有|没有发生(?:一起|过)?|不再|发生(?:一起)?|恶意举报|被举报|无权[^，。；]{0,14})[^，。；]{0,3}$"
)
_GENERAL_AFTER = re.compile(
    r"^[^，。；]{0,4}(?:现象|问题(?:的(?:治理|处理))?(?=时有)|的(?:案件|企业|行为|单位|旗号|黑名单|情况下|政策|规定|事件|失信)|一律|名单|黑名单|时有发生|行为|为由|的旗号)"
)
#: what is owed has another name: 欠我两千多块早餐钱
_OTHER_DEBT_AFTER = re.compile(
    r"^[^，。；！？]{0,12}?(?:早餐|饭|菜|酒|烟|货|材?料|油|房)(?:钱|款|租)|^[^，。；！？]{0,10}我(?:们|自己)?(?:先|全)?垫"
)
#: told as what happens to people, not as what is owed now
_HAPPENS_AFTER = re.compile(r"[^。；！？]{0,16}(?:的(?:情况|现象|事情|事件)|时有发生|经常发生)")
#: within the words themselves: paid in time, or it is contributions that are not paid
_NOT_MEANT = re.compile(
    r"[拿挣赚]不到[\d一二两三四五六七八九十]|准时|按时|按月|结清|照发|照常发|做到了|社保|保险|公积金|五险|缴纳|交各项|投诉|物业费|货款|租金|本金|集资|导致|影响"
)
_SAID_BY_OTHERS = re.compile(
    r"(?:听说|据说|据悉|听讲|听[^，。；]{1,8}(?:说|讲)|得知|了解到|才知道|"
    r"(?:教练|阿姨|工人|老师|员工|职工|司机|师傅|销售员?|他们|她们|有人|别人)(?:们|自己)?(?:都|也)?(?:说|讲|告诉)|导致|影响)[^，。；！？]{0,20}$"
)
_OVER_AFTER = re.compile(
    r"^[^。！？]{0,60}(?:打到(?:卡|账)|已全部发|全部发完|全部到账|已到账|当面结清|已?结清了?(?:[。，]|$)|都拿到了|发到(?:了)?手|已经解决)"
)


#: pay beside the wage itself, not what an office gives to citizens
_BONUS = r"(?<!培训)(?<!购房)(?<!生育)(?<!种粮)(?<!农资)(?<!丧葬)(?:绩效|奖金|奖励|津贴|补贴|补助|年终奖|全勤奖|安全奖|里程)"


@dataclass(frozen=True)
class Sign:
    """A named pattern and what it says to a person."""

    name: str
    says: str
    words: re.Pattern[str]


def _sign(name: str, says: str, words: str) -> Sign:
    return Sign(name, says, re.compile(words))


SIGNS: tuple[Sign, ...] = (
    _sign(
        "wage_unpaid_near",
        "工资与欠付紧挨着",
        rf"{WAGE}{_CLAUSE}{{0,4}}?{UNPAID}|{UNPAID}{_CLAUSE}{{0,6}}?{WAGE}",
    ),
    _sign("arrears_word", "直接说欠薪、讨薪", r"欠薪|讨薪|工钱"),
    _sign("sweat", "说是血汗钱", r"血汗钱?|汗水钱|辛苦钱|跪讨"),
    _sign(
        "own_wage",
        "说的是自己或工友的工资",
        rf"(?:我们?|本人|大家|工人|工友|民工|员工|职工|他们|老师|教师|司机)们?的?{_CLAUSE}{{0,6}}?{WAGE}",
    ),
    _sign(
        "worked",
        "说在哪里做工",
        rf"(?:在|从|给|为|帮){_CLAUSE}{{0,22}}?(?:上班|做事|做工|工作|打工|务工|干活|施工|任职|做了|安装|入职)",
    ),
    _sign("workers", "提到农民工、工人", r"农民工|农名工|民工|工友|工人|包工头|班组|民工组长"),
    _sign("staff", "提到员工、职工", r"员工|职工|全体员工|教练|司机|驾驶员|离职|辞职|入职"),
    _sign("wage", "提到工资", WAGE),
    _sign(
        "months_unpaid",
        "说几个月没有发",
        rf"(?:个月|半年|[一二两三四五六]年|\d月份?){_CLAUSE}{{0,12}}?{UNPAID}|{UNPAID}{_CLAUSE}{{0,12}}?(?:个月|半年|\d年)",
    ),
    _sign("remedy", "找过劳动部门", r"劳动局|劳动监察|监察大队|劳动仲裁|仲裁|人社局|法律援助|讨薪"),
    _sign("festival", "盼着拿钱过年", r"过年|过个年|年关|年底|春节|年前"),
    _sign(
        "pension",
        "说的是退休金、养老金",
        r"退休工资|退休金|养老金|内退|退养|退休人员|退休教师|退休职工|退休干部",
    ),
    _sign(
        "insurance",
        "说的是社保、公积金",
        r"社保|养老保险|医疗保险|医保|公积金|五险|生育津贴|失业金|失业保险|工伤",
    ),
    _sign(
        "benefit",
        "说的是待遇、津贴、奖励",
        r"待遇|津贴|津补贴|补贴|奖励|奖金|13个?月|十三个?月|年终奖|绩效|福利|工龄|编制|岗位工资|微调|调待",
    ),
    _sign(
        "bonus_unpaid",
        "绩效、补贴没有发",
        rf"(?:{_BONUS}){_CLAUSE}{{0,6}}?(?:被扣|扣发|扣掉|克扣)|(?:{_BONUS}){_CLAUSE}{{0,10}}?{UNPAID}|{UNPAID}{_CLAUSE}{{0,10}}?(?:{_BONUS})|(?:{_BONUS}){_CLAUSE}{{0,8}}?(?:何时|什么时候|哪天|几时)(?:能|才能|会)?(?:发|兑现|到)",
    ),
    _sign(
        "compared",
        "与别处、别人相比",
        r"同等|一视同仁|不公|差距|区别对待|低于|高于|提高|涨工资|相差|太低|很低|低劣|落实",
    ),
    _sign(
        "paid",
        "说工资已付",
        r"(?:终于|已经?|现在?已|都已|均已)[^。；！？，]{0,8}(?:拿到了?|领到了?|发到|结清|到账|补发|付清|讨回|追回|要回)|"
        r"(?:不|没有?|未|从不|并未|切实做到了?不)拖欠|结清(?:了)?工资|(?:工资|全部工资)(?:都|也)?(?:已|已经)(?:全部)?(?:发|付|结)|已全部发|已经结清|未发完的工资在",
    ),
    _sign(
        "policy",
        "问政策、说制度",
        r"治理拖欠|根治欠薪|治欠保支|清欠|政策|规定(?:的)?是|咨询|请问.{0,12}(?:标准|政策|流程|手续)|投标|招标|资格|文件精神|最低工资标准",
    ),
    _sign(
        "thanks",
        "致谢，已解决",
        r"感谢领导关爱|感谢信|(?:写信|来信|特此|特地|特意|表示|深表)(?:衷心|由衷|诚挚)?(?:的)?(?:感谢|致谢|谢意)|^(?:衷心)?感谢(?!您)|感谢.{0,24}(?:关心|关爱|解决|回复|帮|讨回|追回|要回)|已(?:得到)?(?:解决|沟通)|顺畅(?:的)?沟通|衷心感谢|写信感谢|鞠躬|说一声谢谢|送锦旗|一直关心",
    ),
    _sign("suggestion", "是建议", r"^建议|建议(?:在|对|推广|将|把|市|公共|人社)|个人建议|望采纳"),
    _sign(
        "firm",
        "是单位说话或单位之间的钱",
        r"租金|(?<!没结)台班费|运费|赊账|(?:早餐|饭|菜|酒|烟|货|料|油)钱|伙食费|欠我(?:公司|司|单位|厂|院)|我(?:公司|司|单位)(?!上班|做|里|的(?:老板|领导|工资))|拖欠我公司|我们(?:公司|单位)是",
    ),
    _sign("project_money", "说的是工程款、材料款", r"工程款|材料款|货款|设备款|进度款|质保金|结算款"),
    _sign(
        "consumer",
        "说的是买卖、退费",
        r"退款|退费|退还|退我|退钱|会费|会员|家长|客户经理|装修款|定金|诚意金|买房|报名费|退差价|涨价|差价|会员卡|充值|储值|学费(?!生活费)|业主|开发商|房产证|购房|认筹|消费者|顾客|收费|培训费|物业费|网贷|借条|货款",
    ),
    _sign("training", "说的是培训费、倒贴", r"倒贴|交钱|骗人|被骗|骗子|刷单|垫付本金|拉黑了?，?本金"),
    _sign("corruption", "说的是贪污、查处", r"贪污|冒领|挪用|腐败|违纪|纪委|审计|举报信|枉法"),
    _sign(
        "compensation",
        "说的是拆迁、补偿",
        r"拆迁|征地|征收|占用?了?[^，。；]{0,6}(?:田|耕地|林地|土地)|青苗|补偿款|补偿金|安置(?!房|小区|点|区)|赔偿|改制|破产|买断",
    ),
    _sign("overtime", "说的是加班", r"加班"),
)


#: signs that are worked out, not looked for
CLAIMED = {
    "claim": "说工资没有付",
    "claim_often": "多处说工资没有付",
    "work_unpaid": "说做了工、钱没给",
    "hearsay": "工资没发是转述别人的事",
    "bystander": "来信人说的是自己买的、交的钱，没有说自己做工",
    "denied": "工资没付是否认、预防、咨询或已经过去的说法",
    "over": "工资已经付清，或者是致谢、撤诉",
    "left": "付过一部分或谢过，但还有没付的",
    "asks": "问的是法律政策，没有说自己被欠",
    "wording": "通篇的说法",
}
NAMES = (*CLAIMED, *(sign.name for sign in SIGNS))
_OFTEN = 3


@dataclass(frozen=True)
class Found:
    """A sign that is there: its name, what it says to a person, the words, and whether the title has them."""

    name: str
    says: str
    words: str
    in_title: bool
    #: how far it is there: 1, but for the wording, which speaks for or against, more or less
    strength: float = 1.0


def signs_of(title: str, body: str) -> Sequence[Found]:
    """The signs of one message, those of the title first; one and the same sign may stand in both."""
    found = []
    for text, in_title in ((title, True), (body, False)):
        found += [
            Found(name, CLAIMED[name], words, in_title) for name, words in _claims(text, title + body).items()
        ]
        for sign in SIGNS:
            match = sign.words.search(text)
            if match:
                found.append(Found(sign.name, sign.says, match.group(0)[:40], in_title))
    bought = _BUYER_WRITES.search(title + "\n" + body)
    if bought and not _WORKER_WRITES.search(title + "\n" + body):
        found.append(
            Found("bystander", CLAIMED["bystander"], bought.group(0)[:40], bought.end() <= len(title))
        )
    whole = title + "\n" + body
    told = wording.tells(whole)
    decided, left = _decided(whole), settled.left(whole)
    if left:
        found = [
            Found("left", CLAIMED["left"], left[:40], False),
            *(one for one in found if one.name not in _TAKEN_FOR_OVER),
        ]
        told = max(told, 0.0)
    elif decided:
        found, told = [decided, *(one for one in found if one.name not in _OUTWEIGHED)], min(told, 0.0)
    return [*found, Found("wording", CLAIMED["wording"], wording.clause(whole, told > 0)[:40], False, told)]


#: what says nothing any more once the matter is over, or was only asked about
_OUTWEIGHED = frozenset(
    ("claim", "claim_often", "work_unpaid", "wage_unpaid_near", "bonus_unpaid", "months_unpaid", "sweat")
)


#: what speaks of the part that is over, where another part is still owed
_TAKEN_FOR_OVER = frozenset(("paid", "thanks", "denied"))


def _decided(whole: str) -> Found | None:
    """That it is over or only asked, whatever the wording speaks for; ``None`` where somebody is owed or it is open."""
    for name, words in (("over", settled.over(whole)), ("asks", settled.asks(whole))):
        if words:
            return Found(name, CLAIMED[name], words[:40], False)
    return None


#: the writer bought, paid or lives there: wages that are owed are then those of others
_BUYER_WRITES = re.compile(
    r"(?:我们?|本人|市民|女士|先生)[^。！？；]{0,16}?(?:买的?|购买|办了?[^，。]{0,4}卡|交了|报了|充值|预定|预订|装修(?!工|队|公司做))|"
    r"(?:我们|作为|我是|身为)[^。！？；]{0,14}?(?:业主|家长|会员|顾客|消费者|居民)|"
    r"业主们?[^，。；]{0,4}交了|"
    r"(?:装修款|会费|购房款|房款|定金)[^，。；]{0,6}(?:付|交|不退|没退|未退)|"
    r"(?:付|交)[^，。；]{0,12}(?:装修款|会费|房款|定金)|给(?:孩子|小孩|儿子|女儿)[^，。]{0,12}报"
)
#: the writer is one of those who work
_WORKER_WRITES = re.compile(
    r"(?:我们?|俺们?|本人|咱们?|大家|老公|丈夫|父亲|父母|儿子|爱人|家人|朋友|同学|老乡)(?:"
    r"[^。！？；]{0,30}?(?:上班|打工|做工|干活|做事|务工|工资|工钱|血汗|讨薪|做了|干了|任职|入职|离职|辞职|薪|提成|带班|兼职|代课|教[语数英物化初高小])|"
    r"[^，。！？；]{0,16}?(?:工人|民工|工友|班组|员工|职工|施工|司机|驾驶员|教师|老师|教练|保安|保洁|护士|护工|师傅|[木瓦泥焊漆电]工))|"
    r"(?:欠|没给|不给|少给)(?:了|着)?(?:我|俺|咱)|(?:全体|我等)(?:员工|职工|工人|教师|民工)"
)


def _claims(text: str, whole: str) -> dict[str, str]:
    """What the text claims, by sign, with its words; ``whole``: the message, in which the work may be told elsewhere."""
    own, others, denied = [], [], []
    told = 0
    for match in _CLAIM.finditer(text):
        before, after = text[max(0, match.start() - 30) : match.start()], text[match.end() : match.end() + 70]
        if (
            _NOT_MEANT.search(match.group(0))
            or _NOT_CLAIMED.search(before)
            or _GENERAL_AFTER.match(after)
            or _OVER_AFTER.match(after)
            or _OTHER_DEBT_AFTER.match(after)
        ):
            denied.append(match.group(0))
            told = max(told, match.end())
        elif _SAID_BY_OTHERS.search(before) and not re.search("我|俺|本人|大家", match.group(0)):
            others.append(match.group(0))
            told = max(told, match.end())
        else:
            own.append(match.group(0))
    found = {"claim": own[0]} if own else {}
    if len(own) >= _OFTEN:
        found["claim_often"] = own[1]
    if not own and others:
        found["hearsay"] = others[0]
    if not own and denied:
        found["denied"] = denied[0]
    owed = _OWED_TO_WORKER.search(text, 0 if own else told)
    if (
        owed
        and _WORK_DONE.search(whole)
        and not _NOT_CLAIMED.search(text[max(0, owed.start() - 10) : owed.start()])
        and not _HAPPENS_AFTER.match(text[owed.end() : owed.end() + 24])
        and not _OTHER_DEBT_AFTER.match(text[owed.end() : owed.end() + 24])
    ):
        found["work_unpaid"] = owed.group(0)
    return {name: words[:40] for name, words in found.items()}
