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
    rf"(?:没有?|未|不(?!差|少)|才能?|基本|底薪|规定|合同|约定|写明|先|把|希望|盼|渴望|(?<!申)请(?!你们放心)|求|恳|能否|能不能|何时|什么时候|几时|如果|假如|要是|等|答应|承诺|保证|回复|说(?!起|到)|称|讲好|为了|想|要求|只|仅|他们|其他|别人|别的|有的|部分|老板已?经?把|甲方|业主|总包|开发商|公司(?:那边|方面)){_NEAR}{{0,12}}$"
)
_PAID = re.compile(
    rf"{_MONEY}{_NEAR}{{0,14}}?(?:发下来了?|发(?:到位)?了(?!一|两|几|\d|欠条|部分)|(?:足额|全部|全额)(?:发放|支付|到位|到账)|到(?:了)?(?:我|手|账|卡)|(?:打|转|付|还|结)(?:到|给)(?!劳务|包工头|班组长|老板|总包|分包|工头|公司)(?:了)?(?:我|大家|卡|工人|本人)|已经(?:给|付|结|还|发)了|解决了|(?:要|讨|追|拿|领)(?:了)?回(?:来)?了|要到了|拿到(?:了|那天|手)|领到了|都(?:结|付|给|发|拿到|领到)了|付清了?|结清了?|回到(?:了)?我)|"
    rf"(?:讨|要|追|拿|领)(?:了)?回(?:来)?了{_NEAR}{{0,16}}?{_MONEY}|(?:补发|发放|退还|还)(?:给)?(?:了)?(?:我们|我|大家){_NEAR}{{0,6}}?(?:工资|工钱|钱)?$|"
    rf"补发给(?:了)?(?:我|大家|工人)|(?:领|拿|收)(?:到)?了{_NEAR}{{0,2}}(?:工资|工钱|钱)(?!条|卡)|(?:发|付|给)了现金|把{_NEAR}{{0,14}}(?:工资|工钱|钱|账|款){_NEAR}{{0,6}}(?:打到|转给|付给|还给|结了|付了|给了|发了|结清|付清|[讨要追]了?回)(?!劳务|包工头|班组长|总包|分包)|"
    r"[^，。；]{0,12}(?:老板|公司|厂里|工头)[^，。；]{0,6}已经(?:给|付|结|还)了|讨薪成功|(?:问题|事情?)[^，。；]{0,6}(?:解决|处理|了结)了|(?:天|小时|星期|周|下子|次)就[^，。；]{0,4}(?:解决|到账|到手)了?|现在已经发了|和解了"
)
#: help that is told of, where it is told with thanks
_HELPED = re.compile(
    rf"(?:为|帮|替|给){_NEAR}{{0,16}}?(?:讨|要|追|拿)回(?:了|来)?|拿到{_NEAR}{{0,4}}(?:工资|工钱|血汗钱)|为民讨薪|有着落了|(?:在|经){_NEAR}{{0,14}}(?:帮助|协调|努力|调解|关心)下"
)
_THANKS = re.compile(
    r"感谢|致谢|谢意|点赞|表扬|锦旗|好评|好人一生平安|多亏|公仆|好干部|感激|添麻烦|谢谢|道谢|鞠躬|送.{0,3}旗|铭记|永记|赞扬|办实事"
)
_WITHDRAWN = re.compile(
    r"(?:撤回|撤销|取消|撤掉|撤)[^，。；]{0,8}(?:投诉|举报|申请|诉求|工单|这个?件|反映|控告|仲裁|诉)|(?:投诉|举报|工单|诉求)[^，。；]{0,6}(?:取消|撤销|撤回|撤了)|撤诉|销案|不(?:用|必|需要?)(?:再)?(?:处理|跟进|管|查|来)|不(?:再)?追究|没事了|办结吧|是误会"
)
#: something is still owed, or asked for
_STILL = re.compile(
    r"还(?:差|欠|剩|有[^，。；]{0,6}(?:没|未)|没|未|不)|尚|仍|剩下|余下|剩余|其余|余款|另外[^，。；]{0,8}(?:没|未|欠)|又(?:欠|拖|不|没)|至今|到现在|迟迟|一直(?:没|不|拖|未)|唯独|就我(?:们)?没|"
    r"实际上|根本没|只(?:发|给|付|拿|结|打|领)|仅(?:发|给|付|拿)|才(?:发|给|付)|(?:一|大|小)?部分|一半|生活费|欠条|白条|翻脸|不认账?|反悔|继续帮|再帮|再催|"
    r"(?:请|希望|恳请|求|恳求|盼|望|拜托|麻烦)[^。！？]{0,24}(?:帮(?:我|忙|助我|俺)|追讨|追回|要回|讨回|讨个|尽快|核实|催|介入|查处|严惩|做主|管管|主持|落实)"
)
#: after the payment: anything that is not paid
_STILL_AFTER = re.compile(
    r"(?:但是?|可是?(?!以)|却|不过|然而|只是)[^。！？]{0,24}(?:没|未|不|欠|少|差|扣)|没有?(?:给|发|付|拿|结|收|算|领|到账|下文)|未(?:给|发|付|结|支付|到)|不(?:给|发(?!生)|付|结)|拖欠我|欠我|欠着|跑了|跑路|失联|联系不上|[少扣]了我|没有(?=[，。！])"
)


#: what has happened, and what has not
_DONE = re.compile(r"了|已|终于|足额|全额|全部|当天|那天|成功|就")
_DENIED = re.compile(r"没(?!想)|未|不(?![差少])")


def _happened(text: str, paid: re.Match[str]) -> bool:
    return (
        not _DENIED.search(paid.group(0))
        and bool(_DONE.search(text[max(0, paid.start() - 8) : paid.end() + 4]))
        and not _NOT_YET.search(text[max(0, paid.start() - 16) : paid.start()])
        and not _STILL_AFTER.search(text, paid.end())
    )


def over(text: str) -> str | None:
    """The words that say it is over: paid, with nothing left, or taken back or thanked for; ``None`` where it is not."""
    if _STILL.search(text):
        return None
    for match in _PAID.finditer(text):
        if _happened(text, match):
            return match.group(0)
    thanked = _THANKS.search(text)
    helped = _HELPED.search(text)
    if thanked and helped and not _NOT_YET.search(text[max(0, helped.start() - 16) : helped.start()]):
        return None if _STILL_AFTER.search(text, helped.end()) else helped.group(0)
    return None


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
    rf"(?:做|干|上|拖|欠|压|等)了|至今|到现在|目前|已经?(?!发生)|一直|拖到|还没|还欠|还差|欠着|没拿到|没收到|(?:老板|公司|工头|厂里|财务|人事|对方|单位)[^，。；]{{0,3}}(?:说|讲|称|答应|回复|让)|"
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
