"""Is it over, or only asked? Words that outweigh every way of speaking of wages owed, unless something is still owed to who writes.

A letter of thanks, a complaint taken back and a question about the law use the words of a claim. What was paid, to whom, and whether anything is
left decides, not how much of the text sounds like arrears.
"""

from __future__ import annotations

import re

_NEAR = r"[^，。；！？!?\n]"
_CLAUSES = r"[^。；！？!?\n]"
_MONEY = r"(?:工资|工钱|薪水|薪酬|劳务费|人工费|血汗钱|辛苦钱|欠薪|钱|款|账|现金|报酬|提成|加班费|课时费|[\d.]+万?元?|[万千百]元?)"
#: wishes, requests, conditions, reports of others and denials: what follows has not happened to who writes
_NOT_YET = re.compile(
    rf"(?:没有?|未|不(?!差|少)|才能?|基本|底薪|规定|合同|约定|写明|先|希望|盼|渴望|(?<!申)请(?!你们放心)|求|恳|能否|能不能|何时|什么时候|几时|如果|假如|要是|等|答应|承诺|保证|回复|说(?!起|到)|称|讲好|为了|想|要求|只|仅|他们|其他|别人|别的|有的|部分|财政|甲方|业主|总包|开发商|公司(?:那边|方面)){_NEAR}{{0,12}}$"
)
_GIVE = "(?:发|给|付|结|还|打|转(?!让)|汇|补|兑|掏|数|送)"
_GET = "(?:领|拿|收|要|讨|追)"
#: said of what is done, and wholly
_WHOLLY = "(?:已经?|终于|全部|全额|足额|当天|当场|都|成功)"
_US = r"(?:我们?|俺们?|大家|工人们?|大伙|每个人|本人|他|她|我[爸妈父母])"
#: that money has come: given to us, given to the end, got back, or told as settled
_PAID = re.compile(
    rf"{_GIVE}(?:下来|过来|回来?|到位?|清|齐|完|足|出来)?(?:给|到)?了?{_US}(?:里|手里?|卡上|账上)?了|"
    rf"{_GIVE}(?:下来|过来|回来?|到[账手位卡]?|清|齐|完|足|出来)了|给了$|"
    rf"(?:把{_NEAR}{{0,14}}?{_MONEY}{_NEAR}{{0,6}}?|{_WHOLLY}{_NEAR}{{0,6}}?){_GIVE}{_NEAR}{{0,3}}?了|"
    rf"{_WHOLLY}{_NEAR}{{0,10}}?(?:发放|支付|付清|还清|结清|补齐|补发|到[位账手]|兑现|解决|[追讨要]回|拿到|领到|收到)|"
    rf"{_GET}(?:(?:到|回)(?:来)?(?:了|手)|了回来)|全部到了|到[账手]了|到了?(?:我(?!们?(?:家|这|那|店|村|单位|公司|办公))|卡|账)|回到(?:了)?我|已经?(?:收到|发了)|"
    r"两清|如数|一分不少|(?:和解|解决|了结)了|解决得|(?<!早)就(?:解决|到[账手])|当面结清"
)
#: money given to those in between has not come to who works
_TO_OTHERS = re.compile(
    r"(?:给|到)了?(?:劳务|包工头|班组长|老板|总包|分包|工头|公司|项目部|中介)|还了?(?:别|其他|债|赌|贷)"
)
#: help that is told of, where it is told with thanks
_HELPED = re.compile(
    rf"(?:为|帮|替|给){_NEAR}{{0,16}}?(?:讨|要|追|拿)回(?:了|来)?|拿到{_NEAR}{{0,4}}(?:工资|工钱|血汗钱)|为民讨薪|有着落了|(?:在|经){_NEAR}{{0,14}}(?:帮助|协调|努力|调解|关心)下|转办|及时处理"
)
_THANKS = re.compile(
    r"感谢|致谢|谢意|点赞|表扬|锦旗|好评|好人一生平安|多亏|公仆|好干部|感激|添麻烦|谢谢|道谢|鞠躬|送.{0,3}旗|铭记|永记|赞扬|办实事"
)
#: something is still owed, or asked for
_STILL = re.compile(
    r"还(?:差|欠|剩|有[^，。；]{0,6}(?:没|未)|没|未|不)|尚|仍|剩下|余下|剩余|其余|余款|另外[^，。；]{0,8}(?:没|未|欠)|又(?:欠|拖|不|没)|至今|到现在|迟迟|一直(?:没|不|拖|未)|唯独|就(?:我们?|俺们?)[^，。；]{0,16}没|"
    r"实际上|根本没|只(?:发|给|付|拿|结|打|领)|仅(?:发|给|付|拿)|才(?:发|给|付)|(?:一|大|小)?部分|一半|一分(?:钱)?(?:都|也)?(?:没|未)|生活费|欠条|白条|翻脸|不认账?|反悔|继续帮|再帮|再催|"
    r"(?:请|希望|恳请|求|恳求|盼|望|拜托|麻烦)[^。！？]{0,24}(?:帮(?:我|忙|助我|俺)|追讨|追回|要回|讨回|讨个|尽快|核实|催|介入|查处|严惩|做主|管管|主持|落实)"
)
#: after the payment: anything that is not paid
_STILL_AFTER = re.compile(
    r"(?:但是?|可是?(?!以)|却|不过|然而|只是)[^。！？]{0,24}(?:没|未|不|欠|少|差|扣)|没有?(?:给|发|付|拿|结|收|算|领|到账|下文)|未(?:给|发|付|结|支付|到)|不(?:给|发(?!生)|付|结)|拖欠我|欠我|欠着|跑了|跑路|失联|联系不上|[少扣]了我|没有(?=[，。！])|分文[未没]|没人(?:提|管|给)|没(?:了|影)(?=[，。！]|$)|还远"
)
_DENIED = re.compile(r"没(?!想)|未|不(?![差少])")
_CLAUSE = re.compile(rf"{_NEAR}+")


def _paid(text: str) -> str | None:
    """The words of the first clause that tells of money that has come, where money is spoken of until then and nothing is missing after."""
    of_money = False
    for clause in _CLAUSE.finditer(text):
        words = clause.group(0)
        of_money = of_money or bool(re.search(_MONEY, words))
        if of_money and not _TO_OTHERS.search(words):
            for paid in _PAID.finditer(words):
                before = words[: paid.start()]
                if (
                    not _NOT_YET.search(before[-16:])
                    and not _DENIED.search(before[-4:] + paid.group(0))
                    and not _STILL_AFTER.search(text, clause.start() + paid.end())
                ):
                    return paid.group(0)
    return None


def over(text: str) -> str | None:
    """The words that say it is over: paid, with nothing left, or taken back or thanked for; ``None`` where it is not."""
    if _STILL.search(text):
        return None
    if paid := _paid(text):
        return paid
    thanked = _THANKS.search(text)
    helped = _HELPED.search(text)
    if thanked and helped and not _NOT_YET.search(text[max(0, helped.start() - 16) : helped.start()]):
        return None if _STILL_AFTER.search(text, helped.end()) else helped.group(0)
    return None


#: what is left after something was paid, promised or thanked for
_LEFT = re.compile(
    r"(?:剩(?:下|的|余)?|余下|其余|另外?一半)[^。！？]{0,22}?(?:没|未|不(?:给|发|付))|唯独[^。！？]{0,14}?[没未]有?[结给付发](?![放展])|就(?:我们?|俺们?)[^。！？]{0,16}?没|"
    r"(?:实际上?|其实|根本)[^。！？]{0,12}?[没未][^，。]{0,8}?[收拿发给付]|"
    r"(?:可是?(?!以)|但是?|没想到|谁知|结果|今年)[^。！？]{0,20}?(?:又(?:不|欠|拖|没)|还(?:欠|差|没|剩)|没[给发付]|不(?:给|发(?!生)))|还(?:欠|差|剩)着?(?:我|俺|工人)|(?:但|可|却|结果)[^。！？]{0,36}?(?:依旧|依然|仍然?|还是)[没未不]"
)
_PART_PAID = re.compile(rf"给了我|已付清|当面给|(?:要|讨|追)回(?:来)?了{_NEAR}{{0,12}}?{_MONEY}")
_NOT_WAGES = re.compile(
    r"经济补偿|赔偿金|工程款|货款|材料款|拆迁|征地|退款|房款|奖励|养老保险|社保|补偿款|会费|学费退"
)
_OUR_PAY = re.compile(
    rf"(?:欠|差)(?:了)?我|我(?:们)?(?!司|公司|单位){_CLAUSES}{{0,30}}?{_MONEY}|{_MONEY}{_CLAUSES}{{0,30}}?(?:我|俺)|(?:老板|工地|公司|厂里){_CLAUSES}{{0,20}}?{_MONEY}"
)


def left(text: str) -> str | None:
    """The words that say that something is still owed, in a text that also thanks or tells of a payment; ``None`` otherwise."""
    still = _LEFT.search(text)
    if not still or _NOT_WAGES.search(text) or not _OUR_PAY.search(text):
        return None
    before = _PAID.search(text) or _PART_PAID.search(text) or (_THANKS.search(text) and _HELPED.search(text))
    return still.group(0) if before else None


_QUESTION = re.compile(
    r"[？?]|请问|请教|咨询|想(?:问|了解|知道)|[吗么呢](?=$|[，。\n])|怎么|如何|是不是|能不能|要不要|可不可以|算不算|会不会|多少"
)
#: who asks for others: study, teaching, the other side
_OUTSIDE = re.compile(
    r"普法|宣传栏|宣传册|论文|课题|作业题|法学|学劳动法|我是[^，。；]{0,6}(?:人事|会计|法务|律师|社工|网格员)|(?:我|本)(?:单位|司|公司|企业)[^，。；]{0,4}(?:新|想|准备|打算|拟|要|是)"
)
#: the writer, or somebody of the writer's, as more than who asks
_SELF = re.compile(
    r"(?:我|俺|咱|本人)(?!(?:们)?(?:想|要|只是)?(?:问|请问|咨询|请教|了解|知道|想问|想了解|想咨询|想知道|想去)|[国市省区县司]|单位|公司(?:新|想|要|准备)|们?社区|们?街道|是(?:[^，。；]{0,6})(?:学生|学劳动法|人事|会计|法务|律师|社工|网格员))|"
    r"老公|丈夫|爱人|老婆|妻子|爸|父亲|妈妈|母亲|儿子|女儿|哥哥|弟弟|姐姐|妹妹|朋友|亲戚|老乡|同事|工友|大家|家人|舅|叔"
)
_COUNT = r"[\d一二两三四五六七八九十百半多]"
#: told as what has happened
_TOLD = re.compile(
    rf"(?:做|干|上|拖|欠|压|等|扣|罚|漏打)了|至今|到现在|目前|已经?(?!发生)|一直|拖到|还没|还欠|还差|欠着|没拿到|没收到|(?:老板|公司|工头|厂里|财务|人事|对方|单位)[^，。；]{{0,3}}(?:说|讲|称|答应|回复|让)|"
    rf"(?:做|干|拖|欠|压|上班|工作|拖欠|工资){_NEAR}{{0,6}}{_COUNT}+个?(?:多)?(?:天|月)|{_COUNT}+个多?月{_NEAR}{{0,4}}(?:没|未|不)|[\d.]+(?:元|块|万|千)|[一二两三四五六七八九]万|去年|前年|今年|上个?月|这个月|本月|昨天|今天|\d+月|"
    r"被(?:辞退|开除|裁|老板|公司|工头|骗|欠)|离职(?:了|后)|有限(?:责任)?公司|项目部|[A-Z]\d*[区县市]|现在|我们|血汗|求助|投诉[^，。；]{0,4}(?:公司|老板|厂)"
)
#: who asks this has something to get back, unless it is asked of a case that is thought up
_WANTS = re.compile(r"怎么办|找谁|(?:去|到|在)?哪里?儿?(?:可以)?(?:投诉|要|讨|告|举报|反映)|怎么(?:投诉|要|讨|告|举报)|谁来管|有人管")  # fmt: skip
_SUPPOSED = re.compile(r"如果|假如|假设|若|遇到|碰到|(?:工资|欠薪)的(?:单位|企业|公司|老板)|(?:一般|通常)")


def asks(text: str) -> str | None:
    """The words that ask about the law, where the text tells of nothing that is owed to who writes; ``None`` otherwise."""
    question = _QUESTION.search(text)
    if not question:
        return None
    outside = _OUTSIDE.search(text)
    if outside and not re.search(r"欠(?:了)?我|我的(?:工资|工钱)|(?:没|不)(?:给|发)我", text):
        return outside.group(0)
    if _SELF.search(text) or _TOLD.search(text) or (_WANTS.search(text) and not _SUPPOSED.search(text)):
        return None
    return question.group(0)
