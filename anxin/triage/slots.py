"""Names that no ending and no family name tells, by what is said around them: 川渝兴欠我们, 在味满江湖上班, 蜀小灶关门."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anxin.triage.numerals import numbers
from anxin.triage.organisations import LETTER, begins_of, may_name, only_of_a_place
from anxin.triage.spans import Name

_OWES = "拖欠|尚欠|还欠|仍欠|共欠|欠|克扣|扣发|扣着|不付|不支付|没付|未付|拒付|拒不|不发|没发|未发|没有发|不给|没给|未给|没有给|不结|没结|未结|拖着|还差|差我|差着|少发|跑路|关门|倒闭|停业|欠薪|压着|压了|老板|员工|工人|职工"
_STAFF = "员工|职工|工人|保安|老师|教练|司机|驾驶员|矿工|护工|服务员|导购|技师|厨师|会计|文员|销售|美容师|学徒|临时工|洗碗|收银|保洁|焊工|电工|裁床|配菜|前台"
_SLOTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^\s*(?P<p>{LETTER}{{2,20}}?)(?:一直|长期|恶意|故意|无故|突然|至今|还)*(?:{_OWES})",
        rf"(?:^|(?<=[，。；！？\n、：“”\s]))(?P<p>{LETTER}{{2,16}}?)(?:到现在|到今天|一直|至今|总共|还|也|共|又|长期|突然|恶意|故意)*(?:{_OWES})",
        rf"(?:在|到|于|去)(?P<p>{LETTER}{{3,22}}?)(?:上班|打工|做工|做事|干活|工作|当(?!地|时|天)|做(?!主)|任职|务工|入职|开车|洗碗|送|带|教|跑)",
        rf"(?:我们?都?|本人|我妈|老公|老婆|爱人)(?:是|系)(?:原)?(?P<p>{LETTER}{{2,18}}?)(?:下属|的)?(?:[\d一二两三四五六七八九十]+)?(?:名|位|个)?(?:{_STAFF})",
        rf"(?:是|由|被)(?P<p>{LETTER}{{2,14}}?)(?:招的?|派|喊|叫来|请|雇|聘|拖?欠)",
        rf"(?:欠薪|欠钱|欠我们?)[^，。；]{{0,3}}的(?:就)?是(?P<p>{LETTER}{{2,16}}?)(?=[，。；\s！])",
        rf"(?:公司|单位|店名?|厂名?|机构|牌子|站点|招牌|施工方|乙方|承包方)(?:名字|名称)?(?:叫做?|是|为|名为)[“\"]?(?P<p>{LETTER}{{2,18}}?)(?=[，。、；\s”\"！]|的)",
        rf"(?:一个|一家|那个|这个)?(?:叫|名叫|名为)[“\"]?(?P<p>{LETTER}{{2,14}}?)[”\"]?的(?!人|老板|工头|包工头)",
        rf"(?:跟着?|给|帮|替)(?P<p>{LETTER}{{2,14}}?)(?:开(?!始)|做|干|送|搭|砌|装|打工|采|喂|种|跑)",
        rf"(?:包给|转给|转包给?|分包给?|外包给?|承包给|拨给|打给|付给)(?:了|到)?(?P<p>{LETTER}{{2,14}}?)(?=[，。、；\s]|再|又|叫|请|公司|做|施工)",
        rf"(?P<p>{LETTER}{{2,12}}?)(?:中标|承建|总承包|招的|派来的|派过来)",
        rf"关于(?P<p>{LETTER}{{2,18}}?)(?:长期|恶意)?(?:拖欠|欠薪|克扣|工资)",
        rf"^(?P<p>{LETTER}{{2,10}})$",
    )
)
_NOT_A_NAME = re.compile(
    r"^钱|^\d+[月年日号]|经常|无故|一些|^(?:热天|只有|凡是|应该|总是|始终|依然|尽管|前后|一共|总共|现场|上次|工地|项目|工程|标段|车间|家里|厂里|店里|公司|单位|学校|医院|老乡|工友|大工|小工|目前|剩下|余下|其余|其他|另外|最后|最近|同事|同行|别人|人家|对方|师傅|中介|甲方|乙方|总包|分包|业主|开发商|施工方|包工头|工头|"
    r"上个?月|下个?月|上半年|下半年|春节|年底|年前|国庆|元旦|过完年|前面|后面|开始|当时|后来|结果|一分|一毛|分文|已经|多次|长期|恶意|无故|合同|协议|广东|浙江|江苏|外面|外地|求助|讨薪|投诉|举报|反映|血汗|农民|讨要|紧急|救命|请问|咨询|小区|物业费?|班组|同伴|父亲|母亲|儿子|女儿|"
    r"全部|部分|大部分|各种|所有|本来|完工|做完|干完|说好|讲好|约定|承诺|口头|累计|合计|共计|其中|"
    r"人[扛抬搬挖修搭拉开做干]|.{0,3}(?:年级|个月|大学生|怀孕期间))|(?:工地|项目|工程|标段|小区|[县市区镇乡村路街]|里|上|边|时|后|前|月|年|日|号|期间|情况|部门|领导|经理|员|人|费|款|账|条|活|事)$|的|[a-z]$|了|在|把|被|给|到|去|来|我|工友|班组|一分|一直|个人"
)


def slots(text: str, title_length: int) -> Iterator[Name]:
    """What stands where a debtor would stand; only what can be a name."""
    for pattern in _SLOTS:
        for match in pattern.finditer(text):
            if pattern.pattern.startswith("^") and match.start() >= max(title_length, 1):
                continue
            before = match["p"]
            for begin in begins_of(before):
                words = before[begin:]
                if 2 <= len(words) <= 16 and _can_be_a_name(words):
                    yield Name(words, match.start("p") + begin, match.end("p"))
                    break


def _can_be_a_name(words: str) -> bool:
    """Neither half a sentence nor a sum nor a trade of some place (某县环卫)."""
    if not may_name(words) or _NOT_A_NAME.search(words) or only_of_a_place(words):
        return False
    return not words[-1].isdigit() and not any(
        one.start == 0 and one.end >= len(words) - 1 for one in numbers(words)
    )
