"""Words that threaten a life, or tell of people who climb, block or gather now: by meaning, with what only looks like them left out.

Each kind says what is done (verbs) to or at what (things); a thing alone or a verb alone is nobody's threat: who works on a tower crane,
clears a blocked drain or sells pesticide says nothing of the kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: within one clause
_NEAR = r"[^，。；！？,!?\n]"
_POISON = r"(?:农药|敌敌畏|百草枯|老鼠药|毒药|安眠药|除草剂|杀虫剂|鼠药|洁厕灵|(?<![中消病有])毒)(?!厂|款|店|钱|费|公司|经销|的钱|喷|打)"
_HIGH = r"(?:塔吊|吊塔|塔机|吊车|吊臂|楼顶|顶楼|天台|屋顶|广告牌|烟囱|水塔|铁塔|高压(?:线|电)?塔|窗台|架桥机|脚手架顶|护栏外|栏杆外|(?:护栏|栏杆|窗户|阳台)[^，。]{0,2}(?:外|边|上)|桥栏|桥墩|(?:楼|层)[^，。]{0,3}(?:外架上|边缘|边上))"
#: who is up there at work
_AT_WORK = rf"(?!{_NEAR}{{0,6}}(?:做|施工|干活|检修|维修|拆|安装|装|作业|防水|浇|焊|刷|上班|司机|开))"
_WAY = r"(?:马路|公路|国道|省道|高速|车道|路口|路中间|通道|道路|铁轨|(?<!修)(?<!铁)路(?![灯过由上程]))"
_GATE = r"(?:大门|门口|(?<!专)(?<!部)(?<!热)门(?![洞窗缝面诊店口]))"
_SITE = r"(?:工地|售楼[部处]|项目部|办公室|搅拌站|广场|政府|信访局|商场)"
_MEN = r"(?:我们|我|工人们?|工友们?|民工们?|女工们?|司机们?|员工们?|师傅们?|大家|人)"
_OFFICE = (
    r"(?:政府|信访局|人社局|劳动局|住建局|市委|县委|省委|省里|北京|售楼[部处]|项目部|公司|老板家|他家|厂)"
)


@dataclass(frozen=True)
class Threat:
    """A kind of threat: what it says to a person, its words, and the words that take it back when they stand in front."""

    says: str
    words: re.Pattern[str]
    taken_back: re.Pattern[str]


_NEGATED = rf"不会|不去|不想|不愿意?|不打算|不敢|不该|不应|不赞成|不是(?:要|想|去)?|不(?:要|能|许|准)(?!{_NEAR}{{0,4}}逼)|绝不|反对|避免|防止|没有?(?:去|想过?|敢|打算)|劝{_NEAR}{{0,4}}(?:别|不要)"  # fmt: skip
#: of a life only what is plainly denied, or told of another time or of others, is taken back
_LIFE_TAKEN_BACK = re.compile(
    rf"(?:{_NEGATED}|以前|曾|去年有|前年有|别人|别的|听说|据说|新闻|每天|天天|经常|照顾|护理|陪护|劝下){_NEAR}{{0,12}}$"
)
_CROWD_TAKEN_BACK = re.compile(
    rf"(?:{_NEGATED}|以前|曾|去年|前年|上次|那次|当时|本地人|别人|别的|拉过几次|里面拉过|之前|他们|拉过|闹过|法院|城管|(?:业主|甲方|开发商|村民|村里|供应商|镇上|交警|门卫|保安|物业)把?){_NEAR}{{0,14}}$"
)


def _life(says: str, *words: str) -> Threat:
    return Threat(says, re.compile("|".join(words)), _LIFE_TAKEN_BACK)


def _crowd(says: str, *words: str) -> Threat:
    return Threat(says, re.compile("|".join(words)), _CROWD_TAKEN_BACK)


THREATS = (
    _life(
        "说到生命危险",
        r"跳楼(?!价|机|甩|大甩|梯)|[跳投](?:江|河|湖|桥|海|崖|井)|往下跳|跳(?:下(?!车)|的[，。]|轨)|卧轨|有种就跳|纵身|(?<!不)[就要想会]跳(?![楼槽过舞绳厂级到去来闸电])",
        r"自杀|轻生|寻死|寻短见|自尽|自残|自焚|割腕|割脉|割手|放血|绝食|遗书|遗言|遗嘱|绝笔|(?:交代|安排)好?[^，。；]{0,2}后事|收尸|抬着?棺材|洗胃|服毒|想不开|出人命|(?<!安全)人命关天|救救(?:他|她|我(?:弟|哥|爸|儿|老公|丈夫|爹|姐|妈))|[让替]我照顾好?(?:爸|妈|孩子|父母|老人)",
        r"(?<![往向])(?<!工地)(?<!楼)上吊(?![塔车篮机装顶绳物件线钩灯运牌材料钢])",
        r"不想活|活够了|活腻|不活[了啦]|(?:自己|自我)了断|了断自己|[了结]结(?:自己|生命|性命)|结束(?:自己|生命)|命(?:就|都|也|我|我也)*不要了|拿命(?:跟|和|来讨|去讨|讨|要)|豁出(?:去|命)|(?<!累得)想死|(?:不如|让我|我就|我|想|要)去?死了?(?:算|干净|拉倒|掉)|不如(?:一)?死|寻死|吊死|(?<!该)去死|做鬼也|以死|一死|一了百了|死给|死也要死|(?:要|就|去|想|让)[^，。；]{0,3}死在|撞死在|一头撞",
        r"同归于尽|鱼死网破|玉石俱焚|一命(?:换|抵|偿)一?命|陪葬|垫背|(?:带着?|抱着?)(?:孩子|小孩|老婆|全家|老小)[^，。；]{0,3}一起(?:走|死)",
        rf"(?:喝|吞|服|灌|吃)(?!{_NEAR}{{0,6}}(?:喷|打药)){_NEAR}{{0,6}}?{_POISON}",
        rf"(?:买好|买了|准备好?|备好|备了|带着?|带了|拿着?){_NEAR}{{0,5}}?{_POISON}(?!{_NEAR}{{0,8}}(?:喷|打药|除虫|果|田|地里))",
        r"(?<!天)(?<!常年)(?<!要)(?<!靠)喝药(?![水调治看的])",
        rf"(?:浇|泼|淋|提着?|拎着?|抱着?|买好){_NEAR}{{0,6}}?汽油|汽油[^，。；]{{0,2}}(?:浇|倒|泼|淋)|(?:点燃|点着)(?:自己|汽油|煤气)|炸(?:了|掉|死)(?:他|公司|工地|项目|你)|一把火|放火|纵火|引爆|把[^，。；]{{0,8}}(?:点|烧)了(?!饭|菜)|(?:放了|抱着|打开|拧开|带着|开了)[^，。；]{{0,4}}(?:液化气|煤气)",
        r"(?:药|整瓶|一瓶)[^，。；]{0,3}(?:全|都)?(?:吞|吃光|喝光|灌)(?:了|下)|(?:吞|吃)了(?:一|整|半|大半|两)瓶",
        r"躺[在到][^，。；]{0,8}(?:轮|车|挖机|铲车)[^，。；]{0,4}(?:前|底|下)",
    ),
    _life(
        "说到有人爬高",
        rf"(?:爬|攀|站|坐|冲|登|跑)(?:到|上|在)了?{_NEAR}{{0,8}}?{_HIGH}{_AT_WORK}",
        rf"爬{_HIGH}{_AT_WORK}|(?:上了|上到|[要就去都想又备人友]上){_NEAR}{{0,4}}?{_HIGH}{_AT_WORK}",
        rf"(?:已经|现在|正|就)在{_NEAR}{{0,8}}?{_HIGH}{_AT_WORK}|在{_NEAR}{{0,8}}?{_HIGH}[上边]?(?:坐|站|蹲|哭|喊|不肯)",
    ),
    _life(
        "说到动手伤人",
        r"(?:拿|提|带|揣|拎)(?:着|了|把)?(?:菜|砍|水果)?刀(?:跟|和|去|找|砍|捅|来|要)|(?:砍|捅|弄|杀)死|杀(?:人|了他|了你|他全家)|(?:要|会|把我们).{0,8}打死",
        r"(?:跟|和|找|与)[^，。；]{0,8}(?:拼命|拼了)|打起来|打了起来|(?:已经|正在)动手|动起手|你死我活|不是[^，。；]{0,2}死就是|要命一条|头破血流|推搡|(?:拿|提|抄|操)(?:着|起)?(?:钢管|铁锹|铁棍|木棍|家伙|棍子)[^，。；]{0,6}(?:打|要|冲|追|对)",
    ),
    _crowd(
        "说到正在或即将堵路、围堵",
        rf"(?:堵|拦|(?<!围)挡|截)(?:住|了|死|着|上)?(?!过){_NEAR}{{0,6}}?(?:{_WAY}|{_GATE}|工地|售楼[部处]|项目部)",
        rf"堵在(?!路上|高速){_NEAR}{{0,10}}?(?:{_GATE}|路口|工地|厂|公司|政府|{_SITE})",
        rf"(?:{_WAY}|{_GATE}|出入口|工地|售楼[部处]){_NEAR}{{0,6}}?(?:堵|拦|挡)(?:住|了(?!过)|上|起来|死(?!的))",
        rf"{_MEN}{_NEAR}{{0,10}}把{_NEAR}{{0,10}}门(?:口|给|都|全|也)*(?:锁|封|焊)|封路(?![标牌围施])|(?<!周)围堵(?!墙)|包围|围困|围攻|拦(?:住|下|了)?[^，。；]{{0,3}}车|[去要来]围(?!观|挡|墙)|交通[^，。；]{{0,4}}瘫痪|谁(?:也|都)别(?:想|好过)",
        rf"(?:{_WAY}|{_GATE}|[东西南北侧正]门|门口){_NEAR}{{0,4}}被{_NEAR}{{0,10}}(?:工人?|民工|员工|司机|人)(?:们)?(?:给|都)?(?:堵|拦|挡|锁)",
        rf"把{_NEAR}{{0,8}}(?:路|道|口|广场|大厅|门)(?:都|全|也|给)?(?:占|断|截|拦|堵)[了上住]",
        rf"(?:路|道|广场|大厅){_NEAR}{{0,3}}被{_NEAR}{{0,8}}占(?:了|满|住)",
        rf"把{_NEAR}{{0,3}}车(?:(?:都|全)停|子?(?:横|开|堵)|停(?={_NEAR}{{0,4}}(?:政府|广场))){_NEAR}{{0,2}}?[到在]{_NEAR}{{0,8}}?(?:政府|广场|路|门)",
        r"(?:强行|强烈要求)?(?:到工地)?拖运材料|扣押(?:设备|车辆)",
        r"打砸|砸(?:了|烂|毁|掉|坏)?(?:他|老板|公司|项目部|售楼|车|门|店|厂|办公室|设备|玻璃|大门)(?![^，。；]{0,3}(?:墙|砖))",
    ),
    _crowd(
        "说到正在或即将聚集",
        r"集体上访|聚集(?![区地点场人柜]|性)|静坐|游行(?!业)|示威|举着?[^，。；]{0,3}牌|打地铺|(?:扎|搭)(?:了|起)?帐篷|越聚越多|(?:武警|特警|防暴|消防)[^，。；]{0,4}(?:来|到)了|罢工|罢运|(?:工人|工友|大家|人)在?[哄]?抢(?:机器|设备|材料|货)|集体(?:去|到)[^，。；]{0,6}(?:政府|局|市|省)",
        r"(?:拉|打|举|扯)(?:着|起|出|了)?(?:[^，。；]{0,6}的)?横幅|横幅(?:都|也|已经)?(?:做|拉|准备|写)好",
        rf"(?:坐|跪|躺|睡|站|横|围|聚)(?:到|在|满){_NEAR}{{0,14}}?(?:{_WAY}|政府|广场|大院|台阶|信访局|售楼[部处]|铁轨|(?:局|厅|厂|公司|政府|单位)(?:大)?门口)(?!{_NEAR}{{0,6}}(?:站岗|指挥|值班|执勤|扫|卖|等活|发传单|做))",
        rf"{_MEN}{_NEAR}{{0,12}}在{_NEAR}{{0,8}}?门口{_NEAR}{{0,2}}(?:守着|闹|讨薪|要工资|要钱|静坐|喊|坐着|跪)",
        rf"(?:去|到){_NEAR}{{0,4}}?{_OFFICE}{_NEAR}{{0,4}}?(?:跪|坐着|静坐|闹|睡|拉横幅)",
        rf"(?:围|困|堵)住{_NEAR}{{0,8}}?(?:老板|经理|他|{_SITE}|大楼|公司|{_GATE})",
        rf"{_MEN}{_NEAR}{{0,8}}把{_NEAR}{{0,8}}?(?:老板|经理|{_SITE}|大楼){_NEAR}{{0,3}}?(?:围|堵|困|扣|锁|关)(?:住|了|起来|在|下)|把{_NEAR}{{0,8}}(?:老板|经理){_NEAR}{{0,3}}(?:围|堵|困|扣)(?:住|了|起来)|(?:自己|我们)锁在{_NEAR}{{0,6}}{_SITE}|冲进{_NEAR}{{0,6}}(?:{_SITE}|公司)",
        rf"[在到]{_NEAR}{{0,6}}(?:广场|政府|信访局){_NEAR}{{0,2}}(?:喊|闹|举|讨薪|要工资|跪)",
        rf"围(?:了|满|着){_NEAR}{{0,6}}人|(?:全|都|到处)是{_NEAR}{{0,4}}[要讨]{_NEAR}{{0,3}}(?:工资|工钱|薪){_NEAR}{{0,2}}人",
        rf"(?:准备|商量好?|要|明天|后天|下周|就){_NEAR}{{0,4}}去{_NEAR}{{0,6}}(?:政府|信访局|市委|县委|省委){_NEAR}{{0,2}}(?:门口|大院|广场)",
    ),
)


def threat(text: str, *, wages: bool = True) -> tuple[str, str] | None:
    """What the first threat of the text says to a person, and its words; ``None`` where there is none.

    Where ``wages`` are not the matter, somebody must be said to do it, and it must be told as now or to come: of a hundred messages about blocked
    passages, crowded places and cut-off power that use such words hardly one means anything of the kind.
    """
    for kind in THREATS:
        for match in kind.words.finditer(text):
            taken_back = kind.taken_back.search(text[max(0, match.start() - 20) : match.start()])
            if not taken_back and (wages or _somebody_does(text, match)):
                return kind.says, match.group(0)
    return None


#: who does it
_SOMEBODY = re.compile(
    r"[我俺咱他她]|本人|自己|邻居|[老小][\u4e00-\u9fff](?=[^，。；]{0,3}[爬站坐拿提喝跳])|(?:工人|民工|工友|员工|司机|业主|居民|村民|群众|师傅|老乡|学生|老人|女人|男人|女子|男子|男的|女的)|"
    r"爸|妈|父亲|母亲|儿子|女儿|丈夫|老公|妻子|老婆|哥|弟|姐|妹|有(?:个)?人|大家|[\d一二两三四五六七八九十百几]+[多余来几]?[个名位户号](?:人|家)?"
)
#: it happens now, or is to come
_NOW_OR_SOON = re.compile(
    r"现在|正在|正(?=[在坐站堵围])|说要|(?:爬|站|坐)[到在上]了?[^，。；]{0,6}去了|已经?(?=[^，。；]{0,4}[在堵围爬站坐上])|刚才|今[天早晚日]|明[天早晚日]|后天|马上|立刻|下[周个]|[周星][期一二三四五六日天]|"
    r"再不|再没|再这样|只能|只好|准备|打算|商量好|要去|就[去要从跳死喝]|不如|不想活|活够|活着没|活不下去|都(?=[堵围坐站爬跪聚])|快[来派]|赶紧|劝不住|怎么劝"
)
#: told as a danger, as what would come of something or as what is forbidden: nobody does it
_FEARED = re.compile(
    r"(?:假如|假设|万一|一旦|以免|免得|避免|防止|容易|隐患|引起|引发|导致|造成|酿成|别等|等到|禁止|严禁|不得|不要让|造谣|谎称|比喻|如同|围挡)[^。！？]*$"
)
_SENTENCE = re.compile(r"[^。！？!?\n]*")
#: what stands so near is about the same
_AROUND = 30


def _somebody_does(text: str, match: re.Match[str]) -> bool:
    start = max(text.rfind(stop, 0, match.start()) for stop in "。！？!?\n") + 1
    rest = _SENTENCE.match(text, match.end())
    before, after = text[start : match.start()], rest.group(0) if rest else ""
    around = before[-_AROUND:] + match.group(0) + after[:_AROUND]
    return (
        bool(_SOMEBODY.search(around))
        and bool(_NOW_OR_SOON.search(around))
        and not _FEARED.search(before[-_AROUND:])
    )
