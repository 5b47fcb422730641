"""How many people are owed and how much: the figure that the text itself states, or none.

A text names many figures. Each is weighed by the words around it: what is said to be owed speaks for it, what was paid,
promised or earned a month speaks against. What speaks for no figure leaves the question open: nothing is made up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from anxin.triage.clauses import STOP, clause_after, clause_before, sentence_before
from anxin.triage.numerals import MORE, Number, numbers


@dataclass(frozen=True)
class Quantity:
    """One figure that was chosen, with the words of the text that state it."""

    value: int
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Amount:
    """A sum in yuan that was chosen, with the words that state it: whole yuan as an int, with cents as written."""

    value: int | Decimal
    start: int
    end: int
    words: str


def _yuan(value: Decimal) -> int | Decimal:
    """Whole yuan, or yuan and cents; what is less than a cent was never written."""
    whole = int(value)
    return whole if value == whole else value.quantize(Decimal("0.01"), ROUND_DOWN)


# -- people ----------------------------------------------------------------------------------------------------------

_WORKERS = (
    "农民工|农民兄弟|民工|农名工|工人|工友|员工|职工|打工者|打工人|务工人员|劳务人员|劳动者|师傅|伙计|老乡|同事|兄弟|姐妹|村民|农民|"
    "保安|保洁|环卫工|环卫工人|清洁工|司机|驾驶员|厨师|服务员|老师|教师|教练|护士|医生|直销员|业务员|销售|临时工|小工|大工|"
    "辅警|协警|老头子|老头|老人家|老人|老太太|大姐|大妈|阿姨|同学|大学生|实习生|暑假工|寒假工|假期工|弟兄|乡亲|技师|公益岗|"
    "技工|木工|瓦工|泥工|钢筋工|电工|水电工|焊工|油漆工|架子工|工匠|护工|驾驶员|快递员|演员|女工|妇女|女孩子|美容师|主播|监理员|组长|徒弟|亲戚"
)
#: any trade by its ending, where the number has a measure word: 七名锅炉工, 12位讲解员, 五个按摩师
_ANY_TRADE = r"[\u4e00-\u9fff]{1,3}(?:工(?![程地资作厂期钱业时序伤会龄商价艺])|(?<![成人党会学委官议])员(?![工额])|师(?!傅|范|资|生)|人员|手(?![续机工里头段上]))"
_AFTER_PEOPLE = re.compile(
    rf"{MORE}?(?:(?P<measure>[名位]|个|号)(?:左右|以上)?的?(?P<between>(?!月|工程|项目|小时|标段|班组|工地|公司)[\u4e00-\u9fff]{{0,6}}?))?"
    rf"(?P<noun>{_WORKERS}|人(?!家(?![里中都])|[次均民口生事员们物力才])|(?<=[名位个号多余几来]){_ANY_TRADE})"
)
_COUNTED_ONLY = re.compile(
    rf"{MORE}?[名位](?:左右|以上)?|{MORE}?(?:个|来?号)?(?=[，。,；\s）)]|、(?![0-9])|在|到|是|做|给|没|都|从|当|被|干|$)"
)
#: before a bare figure: 姐妹六个, 我们兄弟七八个, 演员三十来人
_PEOPLE_BEFORE = re.compile(
    rf"(?:一共|总共|拢共|共计|共|兄弟|姐妹|姊妹|班组|我们|我们组|俺们|同村的?|一[批起]来的|老乡|带了|带着|{_WORKERS})(?:有|是|来了|共|还有)?$"
)
_COUPLE = re.compile(
    r"(?:我们|我|咱们?)(?:两口子|夫妻(?:俩|二人|两人|两个)?|夫妇(?:俩|二人|两人)?)|我(?:和|跟|同)(?:我)?(?:老婆|媳妇|老公|爱人|弟弟?|哥哥?|儿子|女儿|女朋友|男朋友|妹妹?|表弟|堂弟|父亲|爸爸)"
)
#: 我和另外五个女孩子: the writer is one more
_AND_ME = re.compile(
    r"(?:我|本人)(?:和|跟|同|与|以及)(?:另外|其他|其余)?(?:的)?$|(?:一起的|同[组班队]|同样(?:情况|遭遇)?的)[^，。；]{0,6}?(?:还有|另有)$"
)
_NOT_OWED = re.compile(
    r"退休|离休|借款|家庭|家里|家中|爬上|业主|居民|客户|(?<!大)学生|学员|小孩|孩子|老板|股东|领导|管理人员|负责人|包工头|上访|集资|招收|招聘|"
    r"残疾|报名|公务员|考试|游客|乘客|户|口人|带班|子女|(?:上有|赡养|照顾|供养)[^，。]{0,4}老人|伤|死|亡"
)
_OWED_NEAR = re.compile(
    r"欠|工资|工钱|血汗|未发|没发|没拿|未拿|讨|薪|工程|做事|做工|干活|施工|带领|带着|我们|全体|一共|总共|班组|连我在内|共|合计|至今"
)
_TOGETHER = re.compile(
    r"(?:连我在内|总共|班组|兄弟|姐妹|我们|咱们|我等|大家|全体|一共|共计|合计|总共|共有|共|带领|带着|带了|还有|等|及|和|欠|拖欠|至今有?)(?:了|着|我们|的|约|近|将近|大概|大约|差不多|有|这)*$"
)


def people(text: str, found: Sequence[Number] | None = None) -> Quantity | None:
    """How many people the text says are owed; a lower bound where the text says only "some ten"."""
    best: tuple[float, Quantity] | None = None
    for number in found if found is not None else numbers(text):
        if number.value != int(number.value) or not 1 <= number.value < 100_000:
            continue
        match = _AFTER_PEOPLE.match(text, number.end)
        noun = match["noun"] if match else ""
        if match is None:
            match = _COUNTED_ONLY.match(text, number.end)
            bare = match is None or not re.search("[名位]", match.group(0))
            if (
                match is None
                or (bare and not _may_count(text, number))
                or (bare and not _PEOPLE_BEFORE.search(clause_before(text, number.start)[-8:]))
            ):
                continue
        weight = _weight_of_people(text, number, match, noun)
        if weight > 0 and (best is None or weight > best[0]):
            more = bool(_AND_ME.search(text[max(0, number.start - 14) : number.start]))
            best = (
                weight,
                Quantity(
                    int(number.value) + more, number.start, match.end(), text[number.start : match.end()]
                ),
            )
    couple = _COUPLE.search(text)
    if best is None and couple and not re.match("系|离|关系", text[couple.end() :]):
        return Quantity(2, couple.start(), couple.end(), couple.group(0))
    return best[1] if best else None


#: a crew without 名 or 人 behind its number is no larger
_LARGEST_CREW = 500


def _may_count(text: str, number: Number) -> bool:
    """Whether a figure with no word for people behind it can be a number of people: no sum, no share of one."""
    return number.value <= _LARGEST_CREW and not re.search("[万千元块]", text[number.start : number.end + 1])


def _weight_of_people(text: str, number: Number, match: re.Match[str], noun: str) -> float:
    before = clause_before(text, number.start)
    after = clause_after(text, match.end())
    if before.endswith(("第", "每", "之", "某", "其中", "另")) or (
        number.value == 1 and not before.endswith(_ALONE)
    ):
        return 0
    if re.match("[0-9]+(?:元|块)?[一每]天", after):  # 男工120女工90一天
        return 0
    weight = 0.5 if noun == "人" else 1.0 if noun else 0.2
    if _TOGETHER.search(before):
        weight += 2
    if _OWED_NEAR.search(before[-14:] + after[:14]):
        weight += 1
    if re.search(r"欠|工资|工钱|血汗|薪", before[-10:] + after[:10]):
        weight += 0.7
    named = before[-4:] + text[number.start : match.end()] + after[:3]
    if _NOT_OWED.search(named) and not (noun and _OF_US.search(before)):
        weight -= 3
    if re.search(r"系夫妻|口$|个老板|(?:老板|店主|经理)[^，。；]{0,6}夫[妇妻]", before[-12:] + after[:3]):
        weight -= 4
    return weight


#: whoever is meant behind these is the writer: 我们八个学生
_OF_US = re.compile("(?:我们|俺们|咱们|我等)[^，。；的]{0,4}$")
#: one person is rarely what "1人" counts; "I am the only one left who is not paid", and what a form asked for, is
_ALONE = ("剩我", "剩", "剩下", "剩下我", "只有我", "就我", "剩我爸", "被欠薪的有")

# -- money -----------------------------------------------------------------------------------------------------------

_YUAN = re.compile(r"(?:多|余|来)?(?:元整?|块钱?|圆整?|人民币|RMB|rmb)")
_OWED = re.compile(
    r"拖欠|欠|未付|没付|未支付|没支付|未发|没发|没结|未结|差(?!额|距|别|不多|评)|剩|余下|尚有|少给|少拿|少了?我|压着|拖到|拖着|应付我|该付我|该给|讨|拿不到|没拿到|没给|不给|没清|没领|没见|没有?把|未将|要不回|没有[给付发结支]|克扣|扣|要不到|追"
)
#: what is left over, and not what was agreed or paid
_REMAINS = re.compile(r"(?:还|仍|尚|下|至今|总共|现)(?:差|欠)|剩|余下|尚有|尚余|结余|欠付|还有")
_TOTAL = re.compile(
    r"加(?:起来|到?一[起块])儿?|合起来|合共|折合|拢共|不少于|共(?=$)|共计|合计|总计|总共|一共|共欠|总额|总数|累计|近?总|一起(?=$)"
)
_WAGES = re.compile(r"工资|工钱|薪|血汗|劳务费|人工|民工|安装款|报酬|提成|加班费|工程款|款")
_OTHER_MONEY = re.compile(
    r"押金|保证金|风险金|每月|月薪|底薪|日薪|一天|每天|天才|年薪|月均|年收入|收入|人均|每人|每个人|各人|各[差欠]|一个人[差欠]|每立方|每平|每吨|每户|中标|造价|投资|合同价|总价|罚款|"
    r"贷款|借|学费|货款|租金|补贴|津贴|赔偿|倒贴|买|售|房款|首付|客户|材料款|设备款|集资|利息|报销|一个月|每个月|月工资|综合工资|工资条|基本工资|工资标准|拨款|冒领|欠条|全年|不到|倒贴|这$"
)
#: one month, not each month
_ONE_MONTH = re.compile("(?:最后|上|头|那|第)一个月的?")
_PAID = re.compile(
    r"(?:已经?|陆续|只|仅|才|先)?(?:转了|[付给发结收]到|给我转了|付过|支?付了|给了|发了|结了|拿了|拿到|付过|给过|发过|支付过|已付|已给|答应付|同意付|应付(?!我)|预付|打了|领了|借支|借支了|借支过|借了|支了|扣除[^，]{0,8}|预支的?|付)(?:我们?|工人|的|款|工资|头[一二两三四五六七八九十几]个月)*$"
)


#: between these and a bare figure stands no 元, and still it is a sum: 欠我14600没给, 三万五没结
_SUM_BEFORE = re.compile(
    r"(?:欠|差|钱(?:一共|总共)?是|工资|工资款|共计|合计|税前共|一共|剩下?|款|人民币|计|加起来|合起来|折合|总共|拢共|总数|余下|尚有|提成|底薪|一人就有|就有|一起|就是|个人|扣|少(?=[了我])|我?(?:自己|妈妈?|爸爸?|父亲|母亲|老公|老婆|爱人|丈夫|哥哥?|弟弟?|姐姐?|妹妹?)的?是)(?:差不多|大约|大概|将近)?[款为是了我们他她俺咱的约共有]*$"
)
_SUM_AFTER = re.compile(
    r"(?:的?(?:工资|工钱|钱|劳务费))?(?:都|也|还|至今|一直|全部?|被)*(?:(?:没|未|不)(?:给|付|结|清|拿到|发|支付|领到)|扣(?:了|掉|光|下))"
)
_LARGE = re.compile("[万萬wW亿]")
#: the sum of one among many, or of another matter
_OF_ANOTHER = re.compile(
    r"最[多少]|[多少][则的者]|平均|人均|违约金|罚|投入|投资|债|本息|倒贴|需要|交|[只仅](?:发|给|付|领|拿)|之内|以内|不到|标准"
)
#: what the words around a figure must weigh; the only sum that a text tells may weigh less
_SURE, _LIKELY = 1.0, 0.3


def amount(text: str, found: Sequence[Number] | None = None) -> Amount | None:
    """How many yuan of wages the text says are still owed altogether; a lower bound where it is approximate.

    Where the text says what was earned and what of it was paid, and not what is left, it is the difference.
    """
    weighed, likely, everything = [], [], []
    for number in found if found is not None else numbers(text):
        match = _YUAN.match(text, number.end)
        end = match.end() if match else number.end
        bare = match is None and number.plain
        if number.value < 50 or number.value >= 10**10 or _is_date(text, number, end, bare):
            continue
        weight = _weight_of_money(text, number, end, bare, match is not None)
        each = (weight, Amount(_yuan(number.value), number.start, end, text[number.start : end]))
        everything += [each] if match or not number.plain else []
        weighed += [each] if weight > _SURE else []
        if (
            weight > _LIKELY
            and not bare
            and not _OF_ANOTHER.search(sentence_before(text, number.start)[-12:])
        ):
            likely.append(each)
    if not weighed and len(likely) == 1:
        weighed = likely
    if not weighed:
        return None
    chosen = max(weighed, key=lambda each: (each[0], -each[1].start))[1]
    return _listed(text, everything) or _left_of(text, chosen, everything) or chosen


#: what was earned or agreed, right before its figure
_EARNED = re.compile(
    r"(?:应付|应得|应发|应给|总额|干价|讲好|说好|讲明|总工资|总账|总价|总款|总共|一共|共计|合计|结算|工资|工钱|人工费|劳务费)[^，。；欠]{0,6}$"
)


def _left_of(text: str, earned: Amount, everything: Sequence[tuple[float, Amount]]) -> Amount | None:
    """What is left of a sum that was earned where the next one in the sentence was paid: 应付18600元，只付了3000元."""
    said = clause_before(text, earned.start)
    following = [one for _, one in everything if earned.end <= one.start <= earned.end + 36]
    if not following:
        return None
    paid = min(following, key=lambda one: one.start)
    between, paying = text[earned.end : paid.start], clause_before(text, paid.start)
    if re.search(f"[{STOP}]", between) or not _PAID.search(paying):
        return None
    # what is owed is what is left already, but where it is said that of it only so much came
    owed = "欠" in text[max(0, earned.start - 14) : earned.start]
    if not (re.search("[只仅才]", paying) if owed else _EARNED.search(said)):
        return None
    left_said = _REMAINS.search(text, paid.end, paid.end + 12)
    if paid.value >= earned.value or (
        left_said and any(0 <= one.start - left_said.end() <= 8 for _, one in everything)
    ):
        return None
    return Amount(
        _yuan(Decimal(earned.value) - Decimal(paid.value)),
        earned.start,
        paid.end,
        text[earned.start : paid.end],
    )


def _is_date(text: str, number: Number, end: int, bare: bool) -> bool:
    if not bare:
        return False
    after = text[end : end + 2]
    return (
        bool(re.match(r"[年月日号点时平米栋楼名位个人户%％届期度岁天]", after))
        or 1980 <= number.value <= 2035
    )


#: what speaks for a sum being the one owed, and against: weight, in which words around it, pattern
_MONEY_WEIGHTS: tuple[tuple[float, str, re.Pattern[str]], ...] = (
    (1.0, "sentence", _OWED),
    (1.0, "near", _OWED),
    (1.0, "after", _OWED),
    (1.2, "near", _TOTAL),
    (0.8, "near", re.compile(r"一个人|我自己|个人")),
    (0.6, "near", re.compile(r"[个位名]人$")),
    (0.6, "near", re.compile(r"应得|应是|应发|应该有|应有|核算|确认")),
    (1.8, "near", _REMAINS),
    (0.4, "near", re.compile(r"还|仍|尚|至今|现|剩")),
    (0.4, "around", _WAGES),
    (0.6, "around", re.compile(r"工资|工钱|薪|血汗|劳务费|民工")),
    (1.2, "near", re.compile(r"结算(?:总?金额|总额|价款?|款)(?:为|是|共)?$")),
    (-2.5, "near", _PAID),
    (-2.5, "near", re.compile("[多少高低][的者则](?:有|达)?$")),
    (-1.5, "near", re.compile(r"(?:每个?月|月薪|每天|返费)[^，。；]{0,8}$")),
    (-1.5, "near", re.compile(r"(?:每个?人|人均|平均|各)[^，。；]{0,6}$")),
    (-2.5, "after", re.compile(r"^(?:已经?)?(?:付清|支付|已付|给了|到账)")),
    (-1.5, "after", re.compile(r"^[多余]?(?:(?:一|每)个?人|(?:一|每|/)?(?:天|月|年|人|平|个月|工日))")),
)


def _weight_of_money(text: str, number: Number, end: int, bare: bool, named: bool) -> float:
    near, after = clause_before(text, number.start)[-14:], clause_after(text, end)
    if not named and not _is_sum(text, number, near, after, bare):
        return 0
    words = {
        "near": near,
        "sentence": sentence_before(text, number.start)[-30:],
        "after": after[:12],
        "around": near + after[:8],
    }
    weight = 0.6 if named else 0.4
    weight += sum(weight for weight, where, pattern in _MONEY_WEIGHTS if pattern.search(words[where]))
    other = _OTHER_MONEY.search(_ONE_MONTH.sub("", near)[-6:] + text[number.start : end] + after[:5])
    return weight - 1.8 if other and not _TOTAL.search(near[-6:]) else weight


def _is_sum(text: str, number: Number, near: str, after: str, bare: bool) -> bool:
    """Whether a figure without 元 is a sum of money all the same."""
    stated = bool(_SUM_BEFORE.search(near) or _SUM_AFTER.match(after))
    if bare:
        return number.value >= 100 and stated
    if re.match(r"[名位个人户平亩吨方米份家套]", after):
        return False
    return stated or bool(_LARGE.search(text[number.start : number.end]))


def _listed(text: str, weighed: Sequence[tuple[float, Amount]]) -> Amount | None:
    """What is owed to one after the other in one sentence (还欠我 4 万元，欠张某 3.7 万，李某 3.5 万), added up."""
    run: list[Amount] = []
    for _, one in sorted(weighed, key=lambda each: each[1].start):
        if run and (one.start - run[-1].end > 20 or re.search(f"[{STOP}]", text[run[-1].end : one.start])):
            if len(run) >= 3:
                break
            run = []
        run.append(one)
    owed = sum(
        bool(re.search(r"欠[^，。；,;0-9]{0,16}$", text[max(0, one.start - 18) : one.start])) for one in run
    )
    if len(run) < 3 or owed < 2 or run[-1].value * 10 >= 9 * sum(one.value for one in run[:-1]):
        return None
    return Amount(sum(one.value for one in run), run[0].start, run[-1].end, text[run[0].start : run[-1].end])
