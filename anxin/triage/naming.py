"""What in a text is like a name, without a list of names: runs of letters that no ordinary word explains.

Two people who write of one site or one boss share such a run (锦绣澜湾, 蜀小灶), whatever it is the name of and wherever it
stands. A text is cut at the letters and words that names seldom have; what is left between the cuts is compared.
"""

from __future__ import annotations

import re

#: letters of grammar, of counting, of asking and of money
_GRAMMAR = (
    "的了是我们他她它你您在不没有说要给被把就都还也很多少年月日号个这那和与及从到向对以因而但如果什么时候工资欠钱款发付元块万千百十一二三四五六七八九零两几第次每"
    "请求望谢好让叫又再才只能可会应该已经最后现前去来过着得地上下里外中间拿找做干讲问看打走等拖讨薪"
)
#: what complaints have in common, whatever they are about: kinds of bodies, of sites, of people, of matters
_ORDINARY = (
    "有限|责任|股份|公司|集团|项目部|项目|经理|工程|工地|建筑|劳务|装饰|装修|安装|建设|机电|物业|保安|保洁|环境|教育|科技|电子|餐饮|美容|会所|传媒|文化|安置|"
    "小区|花园|广场|医院|人民|学校|中学|小学|大学|幼儿园|酒楼|酒店|餐厅|火锅|饭店|超市|诊所|公交|老板|农业|合作社|食品|机械|制造|实业|置业|地产|房产|开发商?|投资|"
    "分公司|总公司|改造|标段|街道|社区|高速|大道|公路|路桥|铁路|地铁|号线|大桥|新区|院区|中心|管网|配套|新建|政府|工业园|开发区|园区|"
    "劳动|监察|大队|社局|仲裁|信访|派出所|公安|法院|检察|纪委|热线|市长|书记|县长|局长|领导|部门|主管|农民|民工|工人|工友|班组|员工|职工|包工|工头|司机|教师|老师|教练|"
    "木工|瓦工|泥工|水电|钢筋|架子|油漆|涂料|外墙|模板|粉刷|防水|消防|绿化|材料|机器|设备|合同|协议|证据|欠条|电话|微信|短信|银行|财务|会计|社保|保险|加班|提成|"
    "租赁|塔吊|挖机|快递|网点|外卖|绩效|奖金|补贴|补助|计件|计时|按[吨方件天趟次平]|押金|学费|房租|房贷|春节|过年|年底|年关|端午|中秋|国庆|家里|孩子|老人|父母|爱人|生活|困难|血汗|辛苦|解决|处理|帮助|反映|投诉|举报|反应|咨询|"
    "情况|问题|原因|理由|时间|结果|答复|回复|承诺|验收|完工|停工|施工|承包|分包|总包|甲方|乙方|业主|拨付|结算|支付|发放|拖延|推脱|推诿|克扣|恶意|故意|至今|目前|一直|"
    "希望|恳请|感谢|尊敬|同志|您好|联系|负责|管理|单位|企业|行为|国家|法律|法规|规定|违反|合法|权益|维护|根本|严重|影响|全部|部分|其中|本人|自己|大家|别人|"
    "县城|城区|全县|全市|东路|西路|南路|北路|中路|河路|环路|本地|外地|老家|湖北|湖南|四川|重庆|贵州|河南|云南|江西|广东|广西|安徽|离职|辞职|入职|关门|倒闭|失联|跑路"
)
_CUT = re.compile(
    rf"(?:{_ORDINARY})|[{_GRAMMAR}]|某某|[^\u4e00-\u9fff]|[\u4e00-\u9fff]{{0,2}}[省市县区镇乡](?=[\u4e00-\u9fff])"
)
_SHORTEST, _LONGEST = 2, 8


def runs(text: str) -> frozenset[str]:
    """The runs that are like names: ``鼎拓劳务拖欠锦绣澜湾二期的工资`` → ``鼎拓``, ``锦绣澜湾``."""
    return frozenset(run[:_LONGEST] for run in _CUT.split(text) if len(run) >= _SHORTEST)


def own_letters(name: str) -> str:
    """The end of a name without the words of the sentence in front of it: ``我们都在锦绣`` → ``锦绣``; nothing where the sentence reaches to its end."""
    return _CUT.split(name)[-1]


def pieces(found_runs: frozenset[str]) -> frozenset[str]:
    """What is looked up: every three letters of the longer runs, and the first two, by which people call a firm (裕彩制衣 → 裕彩)."""
    found: set[str] = set()
    for run in found_runs:
        found.add(run[:_SHORTEST])
        found.update(run[start : start + 3] for start in range(len(run) - 2))
    return frozenset(found)


def longest_shared(run_of_one: frozenset[str], text_of_other: str) -> str:
    """The longest stretch of one's runs that stands in the other's text, or nothing."""
    best = ""
    for run in sorted(run_of_one):
        for start in range(len(run)):
            for end in range(len(run), start + max(len(best), _SHORTEST - 1), -1):
                if run[start:end] in text_of_other:
                    best = run[start:end]
                    break
    return best
