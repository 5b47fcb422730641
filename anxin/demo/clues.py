"""What people told the hotline: two lists of orders, of this month and of yesterday, and what the lead desk did with them.

The words are invented, as are the people; most orders are, as everywhere, about something else, and one dispute comes
several times.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from anxin.clues import services
from anxin.clues.models import Clue, Likeness
from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.evidence import imports
from anxin.evidence.journal import SYSTEM
from anxin.evidence.workbooks import Column, table_workbook

Step = tuple[dt.date, float, Callable[[dt.datetime], object]]
#: channel, category, title, words, place, urgency as the hotline gave it
Told = tuple[str, str, str, str, str, str]

_HEADINGS = (
    "工单编号", "来电时间", "来源渠道", "诉求人", "电话", "诉求类型", "标题", "内容", "事发地址", "紧急程度", "承办单位", "派单时间", "办理时限",
    "工单状态", "督办次数",
)  # fmt: skip
_FIRST_DAY, _LAST_DAY = 16, 1
#: days from the order to the day it is due
_DUE = 7
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"

_EARLIER: tuple[Told, ...] = (
    ("12345热线", "投诉", "城南安置房木工三个月没拿到工资", "我们是城南安置房二期工程的木工班，一共18个人，给众力劳务做事，从三个月前起就没有发过工资，合计欠我们32.4万元。项目部总说等甲方拨款，孩子开学的学费都交不上，恳请帮我们要回血汗钱。", "云城区东湖街道", "一般"),
    ("微信", "投诉", "众力劳务拖欠木工班工资", "众力劳务在城南安置房二期工程欠我们木工班18人工资32.4万元，三个月没发了，班长找过好几次都没有结果。", "云城区东湖街道", "一般"),
    ("12345热线", "投诉", "滨江路改造工程上个月工资没发", "我在滨江路道路改造工程给同心劳务干活，摊铺班9个工人上个月的工资一直拖着没有发，每人六千多，共5.6万元。", "江北区码头街道", "一般"),
    ("电话", "求助", "餐馆辞职后不结工资", "我在老码头火锅店做服务员，上个月辞职，老板娘扣着最后一个月3200元工资不给，说是要赔盘子钱。", "江北区码头街道", "一般"),
    ("12345热线", "咨询", "咨询最低工资标准", "请问今年全市的最低工资标准是多少，试用期是不是也要按这个标准执行？", "云城区", "一般"),
    ("12345热线", "投诉", "小区夜间施工扰民", "城南安置房旁边的工地每天晚上十一点还在打混凝土，噪音很大，老人孩子都睡不着，请相关部门管一管。", "云城区东湖街道", "一般"),
    ("来访", "投诉", "十几个钢筋工讨要工资", "我们十几个钢筋工在青石县工业园标准厂房工程做了四个月，顺达劳务只给了生活费，还欠工资二十多万元，包工头的电话也打不通了。", "青石县城关镇", "紧急"),
    ("12345热线", "举报", "匿名举报工地让工人签空白工资表", "柳林乡农田水利工程让工人先在空白的工资表上按手印，发到手的钱比表上少，安居劳务每人每天扣二十元，请查处。", "临湖县柳林乡", "一般"),
    ("网站", "建议", "建议增加公交班次", "柳林乡到县城的公交一天只有两班，赶集的时候根本坐不上，建议增加班次。", "临湖县柳林乡", "一般"),
    ("12345热线", "投诉", "供货商反映材料款未付", "我公司给江北区冷链物流园工程供应钢材，合同货款86万元到期没有支付，请协调总包单位尽快付款。", "江北区新桥镇", "一般"),
    ("12345热线", "感谢", "感谢劳动监察帮忙要回工资", "东湖小学工地拖欠我们的工资在劳动监察大队的协调下已经全部到账，特地打电话表示感谢。", "云城区东湖街道", "一般"),
    ("国家平台", "投诉", "湖滨步道工程欠绿化工人工资", "湖滨步道景观工程的绿化班，7个人，安居劳务欠两个月工资共计4万2千元，说等验收完再给。", "临湖县湖滨镇", "一般"),
    ("12345热线", "投诉", "驾校教练工资被拖欠", "云州平安驾校已经半年没有给我们五个教练发课时费和底薪，合计欠11万元，校长一直躲着不见人。", "云城区钟楼街道", "一般"),
    ("12345热线", "咨询", "退休金怎么调整", "我父亲是退休职工，听说今年养老金要调整，请问什么时候补发到账？", "青石县", "一般"),
    ("公安移交", "投诉", "工人在项目部门口聚集", "石门水库除险加固工程的22名工人反映，顺达劳务拖欠他们四个月工资共36万元，今天上午在项目部门口聚集，说再不发工资就要堵路，民警已到场劝离。", "青石县石门镇", "特急"),
    ("网格员", "投诉", "油漆工反映两个月没结工钱", "网格巡查时，6名油漆工反映在钟楼商业街改造工程干了两个月，包工头陈某还欠工钱3万8千元没结。", "云城区钟楼街道", "一般"),
)  # fmt: skip
_LATEST: tuple[Told, ...] = (
    ("12345热线", "投诉", "城南安置房欠薪，有人要轻生", "城南安置房二期工程的众力劳务欠我们18个木工32.4万元工资，三个月没发一分钱，我老婆住院等钱做手术，再拿不到钱我就不想活了。", "云城区东湖街道", "特急"),
    ("12345热线", "投诉", "石门水库工人工资没有着落", "我们在石门水库除险加固工程做工，顺达劳务欠22个人四个月的工资，共36万元，前天去项目部也没有说法。", "青石县石门镇", "紧急"),
    ("电话", "投诉", "服装厂拖欠女工计件工资", "云水制衣有限公司欠我们车间30多名女工两个月的计件工资，大概15万元，厂里说订单黄了没钱发，过年都没法回家。", "云城区", "紧急"),
    ("12345热线", "投诉", "电动车充电桩收费不合理", "东湖小区的充电桩突然涨价一倍，物业说是电力公司定的，要求退还多收的费用。", "云城区东湖街道", "一般"),
    ("12345热线", "投诉", "干了活没上工资表，拿不到钱", "我在江北污水处理厂提标改造工程干了两个月，同心劳务说我不在名单里，不给发工资，欠我11600元。", "江北区新桥镇", "一般"),
    ("省级平台", "投诉", "临湖环湖公路三标段拖欠工资", "环湖公路三标段工程的桥梁班14个人，路达公司下面的劳务队欠九月和十月两个月工资，一共17万5千元。", "临湖县湖滨镇", "一般"),
    ("12345热线", "咨询", "咨询工伤认定材料", "在工地摔伤后申请工伤认定需要哪些材料，应该到哪里办理？", "江北区", "一般"),
    ("12345热线", "投诉", "外卖站点扣骑手工资", "我在江北快送站点跑外卖，站长以差评为由扣了我上个月2600元工资不给，群里还有5个骑手一样。", "江北区", "一般"),
    ("微信", "求助", "泥瓦工工资只发了一部分", "云州市实验学校扩建工程的泥瓦工，上个月工资众力劳务只发了一部分，还欠我们9个人2万多元。", "云城区钟楼街道", "一般"),
    ("12345热线", "投诉", "路灯不亮", "新桥镇主街的路灯坏了十几天，晚上接孩子放学很不安全，请尽快维修。", "江北区新桥镇", "一般"),
    ("12345热线", "举报", "举报工地不设公示牌", "码头仓储改造工程门口没有农民工维权告示牌，问项目部工资找谁都说不知道。", "江北区码头街道", "一般"),
    ("12345热线", "投诉", "培训机构不退学费", "英华培训中心突然关门，预交的学费九千元没有退，负责人联系不上。", "云城区", "一般"),
    ("扫码反映", "投诉", "两个人的工资打到别人卡上", "我和同乡在城关中学教学楼工程做事，顺达劳务说工资打到班长卡上了，班长不认，差我们两个人七千六百元没给。", "青石县城关镇", "一般"),
    ("12345热线", "投诉", "幼儿园老师工资拖欠三个月", "小太阳幼儿园拖欠我们8个老师三个月工资，合计9.6万元，园长说招生不足没钱发。", "青石县", "一般"),
)  # fmt: skip


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """All of it, by day and hour."""
    first, last = (world.today - dt.timedelta(days=count) for count in (_FIRST_DAY, _LAST_DAY))
    yield first, 9.0, partial(_deliver, cast, _EARLIER, 1, first)
    yield first, 10.5, partial(_look, cast, "GD-0003")
    yield first, 10.75, partial(_correct, cast)
    yield first, 11.0, partial(_merge, cast, "GD-0001", "GD-0002")
    yield last, 9.0, partial(_deliver, cast, _LATEST, len(_EARLIER) + 1, last)


def _deliver(cast: Cast, told: Sequence[Told], number: int, day: dt.date, now: dt.datetime) -> None:
    """The hotline's list of the day, as a workbook, and its reading."""
    rows = [_row(number + place, day, *one) for place, one in enumerate(told)]
    columns = [Column(heading) for heading in _HEADINGS]
    data = table_workbook("12345工单交办清单", "演示数据，内容均为虚构", columns, rows)
    name = f"12345工单{day:%m%d}.xlsx"
    batch = imports.open_batch(kind="hotline", data=data, filename=name, actor=cast.clerk(), now=now)
    imports.accept_batch(batch.pk, actor=cast.clerk(), now=now, recognition=batch.recognition)
    services.triage_new(actor=SYSTEM, now=now)


def _row(
    number: int, day: dt.date, channel: str, category: str, title: str, words: str, place: str, urgency: str
) -> list[object]:
    called = dt.datetime.combine(day - dt.timedelta(days=1), dt.time(8 + number % 10, number * 7 % 60))
    due = day + dt.timedelta(days=_DUE)
    name = "" if "匿名" in title else f"{_SURNAMES[number % len(_SURNAMES)]}某某"
    phone = "" if not name else f"19900009{number:03d}"
    return [
        f"GD-{number:04d}", f"{called:%Y-%m-%d %H:%M}", channel, name, phone, category, title, words, place, urgency,
        "人力资源和社会保障局", f"{day} 08:30", f"{due}", "已派单，待签收", "1" if urgency == "特急" else "0",
    ]  # fmt: skip


def _clue(number: str) -> Clue:
    return Clue.objects.get(sender_number=number)


def _look(cast: Cast, number: str, now: dt.datetime) -> None:
    services.confirm(_clue(number), by=cast.users["chen"], now=now)


def _correct(cast: Cast, now: dt.datetime) -> None:
    """十几个 is at least ten; the officer who called back knows better."""
    why = "电话回访，班组名单上是13人"
    services.correct(_clue("GD-0007"), "people", "13", why=why, by=cast.users["chen"], now=now)


def _merge(cast: Cast, first: str, second: str, now: dt.datetime) -> None:
    pair = Likeness.objects.get(first=_clue(first), second=_clue(second))
    services.merge(pair, by=cast.users["chen"], now=now)
