"""Whether the work was construction, by the words that say so: a site, a trade of building, works; and what speaks of another job.

A word counts once however often it stands. What only sounds like building (a shop for tiles, a fire inspection, "as hard as on a building site") is
left aside first. The job that the writer has weighs more than what is built around it: a nurse's new ward is no construction, reinforcement for a
hospital is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from anxin.triage.spans import Name
from anxin.triage.weights import Signs, Weights

#: sounds like building and is not
_ASIDE = re.compile(
    r"(?:像|跟|和|比|如同|好比|不如)(?:是|在|去|到)?[^，。；！？\n]{0,3}(?:工地|施工)[^，。；！？\n]{0,7}(?:一样|还|似的|更|强|累|苦)"
    r"|(?:建筑材料|建材|瓷砖|地板|门窗|涂料|油漆|钢材|水泥|五金|灯饰|卫浴|防水材料|装饰材料)(?:市场|专卖店|店|城|厂|公司|商行|批发部|门市部?|门店|生意)"
    r"|[\u4e00-\u9fff]{2,8}?(?:加工|化工|制造|配件|制品|机械|设备)厂|(?:改造|扩建|拆迁|修路)(?:停业|歇业|关门|搬迁|没生意)"
    r"|(?:对面|旁边|隔壁|附近|门口)[^，。；]{0,3}(?:盖楼|盖房|建房|施工|打桩)|(?:市政)?改造(?=停业|关门|歇业)|(?:工程|项目)[^，。；]{0,4}(?:软件|系统)|[\u4e00-\u9fff]{2,5}租赁公司"
    r"|建造师|工程师|工程造价|工程学院|工程机械|消防(?:不|检查|没过|队|验收|整改|通道|部门|大队|救援|局|中队|员|站|车)"
    r"|(?:要|因|在|正在|准备|借口|停业|说)装修(?:停业|歇业|为由|升级)?(?=[，。停歇，关])|(?:停业|歇业|关门)装修|装修(?:停业|歇业|期间|升级|贷款|好|完)"
    r"|(?:门口|路上|附近|对面|旁边|楼下)[^，。；]{0,3}修(?:地铁|路|桥|高架)|市政(?:没|拨|局|府|大厅|环卫|养护|热线)"
    r"|水电费|(?:停|断|交|欠|付)了?水电|没水没电|安装(?:软件|系统|监控软件|APP)|绿化带|拆(?:迁|除)补偿|网络工程|软件工程|[肝血管脉]硬化|项目(?:经费|奖金|提成|组)"
    r"|(?:楼盘|小区|工地|项目|施工)(?:门口|旁边|对面|附近|隔壁)"
)


def _any(*words: str) -> str:
    """One of the words, which stand with spaces between them."""
    return "|".join(" ".join(words).split())


_THINGS = _any(
    "墙 围墙 砖 瓷片 石板 石 道板 沿石 缘石 地面 地板 地坪 屋面 屋顶 顶 瓦 漆 灰(?!心) 涂料 大白 腻子 壁纸 墙纸 踢脚线 防水 保温 水泥 砂浆 混凝土 砼 沥青",
    "钢筋 模板? 木方 架子 外架 檩条 幕墙 隔断 梁 柱 桩 基坑 基础 土方 土石 沟槽 沟 渠 路面? 路灯 标线 跑道 轨道 桥架 桥 护坡 塔基 铁塔 井道 支架 光伏板?",
    "水管 风管 线管 管子? 地暖 暖气管 喷淋 电线 电缆 光缆 灯具 防盗门 防火门 门(?!口|店|票|诊) 窗 栏杆 护栏 扶手 草皮 树苗?",
)
_HANDS = _any(
    "装(?!模|修|饰|卸|货) 安装 安(?!排|全|徽|置|保|心) 制作 贴 铺 砌 刮 刷(?!卡) 抹 粉 喷 批 浇 拌 倒 扎 绑(?!架) 支(?!付|持|取|出|票|书|部) 搭(?!车|地铁) 立",
    "架设 焊 打(?!架|扫|工|电|听|官|算|招|条|了|卡) 挖 埋 吊装 吊 拆 敲 砸 凿 切割? 做(?!饭|主) 修 换 走 接 盖(?!章) 栽 种",
)
#: a hand at something that is built: 扎钢筋, 铺沥青, 浇路面, 打水渠, 装铝合金窗
_CRAFT = rf"(?:{_HANDS})[^，。；！？、\n的了工在到给欠]{{0,3}}?(?:{_THINGS})"
#: a site and who works it
_SITE = _any(
    r"工地 项目部 标段 [一二三四五六七八九十\d]标(?=[项段做的]) 总包 总承包 施工(?!许可) 承建 建筑(?!面积|系) 新建 在建 扩建 改扩建 烂尾 封顶",
    r"安置房 回迁房 拆迁房 保障房 棚改 盖(?:房|楼) 楼盖到? 建房 中铁 中建 中交 (?<!地)铁建 [一二三四五六七八九十\d]局(?=[一二三四五六七八九十\d的]|项目|集团)",
)
#: what is said of nothing but building
_TRADE = _any(
    "瓦工 泥工 泥瓦工 泥水工 钢筋(?:工|班) 模板工 架子工 架子钱 信号工 塔司 测量员 安装款 刮大白 大白 腻子 刮胶 硅藻泥 墙布 壁纸 吊顶 乳胶漆 真石漆 抹灰 粉刷 砌 找平 自流平",
    "外墙 幕墙 岩棉 吊篮 外架 爬架 脚手架 塔吊 施工电梯 加装电梯 支模 木模 铝模 绑扎 混凝土 砼 二次结构 主体结构 地下室 钢结构 钢构 彩钢 屋面 活动板房 预埋 开槽 植筋 加固",
    "打桩 桩机 桩基 桩孔 开挖 土方 土石方 回填 爆破 钻孔 护坡 河堤 堤坝 泵站 沥青 路基 人行道板 路沿石 路缘石 [国省县]道改 隧道 盾构 涵洞 桥梁 桥墩 墩柱 箱梁 铺轨 轨行区 接触网",
    "管网 管廊 顶管 雨污 给排水 下水道 化粪池 检查井 地暖 变电站 输电线路 塔基 组塔 杆塔 铁塔 风机基础 园林景观",
)
#: mostly said of building
_WORKS = _any(
    r"工程(?!师|学院) 建设(?=公司|集团|有限|工程) 建工 包工头 停工 装饰 装修(?:队|工|班|工程|的活) 装潢(?=公司|队|工) 翻新 改造 拆旧 拆除 毛坯 别墅 [园区城府苑里][一二三四五六\d]期",
    "厂房 安置点 防水 保温 木作 电梯安装 弱电 智能化 光伏 充电桩 消防 喷淋 中央空调 暖通 通风管 管道 电缆 市政 园林 绿化工程 亮化 路灯 硬化 道路 国道 省道 高速公路 铁路 地铁",
    "清淤 水渠 水库 农田 电站 风电 吊装 挖机 挖掘机 压路机 推土机 渣土车 铲车 混凝土搅拌 搅拌站 看材料",
)
#: said of building and of much else
_MAYBE = _any(
    "装修 安装 水电 油漆 涂料 木工 木匠 焊工 电焊 绿化 瓷砖 钢筋 模板 架子 小区 楼盘 工头 农民工 民工 班组 大工 小工 点工 施工员 资料员 监理 分包 转包 甲方 进场 完工 竣工 按平方 按方"
)
#: another job
_JOB = _any(
    "护士 医生 护工 教师 (?<!班)老师(?!傅) 教练 驾校 课时 保安 保洁 清洁公司 清洁工 环卫 扫马路 物业(?=公司|上班|员工|管理|干|[^，。；]{0,4}(?:欠|克扣|不发|没发|不给))",
    "服务员 厨师 厨房 配菜 洗碗 做饭阿姨 收银 理货 导购 营业员 店员 售楼 置业顾问 卖房 房产(?=中介|经纪|公司|销售|门店) 中介 销售 客服 前台 直播 主播",
    "保姆 月嫂 家政 美容 美发 健身 技师 快递 外卖 骑手 网约车 邮政 养花 流水线",
)
#: another trade or place of work, less surely
_TRADE_ELSE = _any(
    r"(?<![机吊土罐])(?:司机|驾驶员) 开货车 装卸 搬运工 货运 仓库管理 车间 工厂 加工厂 厂里 我们厂 船厂 (?<![污水圾电])[\u4e00-\u9fff]厂(?!房|区|家|长) 化工 停产 包装工 制衣 缝纫 汽修 汽车",
    "超市 餐厅 饭店 火锅 门店 店倒闭 摊主 帮工 公司上班 软件 程序员 会计 财务人员 出纳 文员 策划 案场 培训 员工 职工 事业单位 煤矿 矿井 林场 造林 农牧 养殖 种植 采摘",
)
_HOUSE = _any("酒店 宾馆 医院 学校 幼儿园 商场 电商 底薪 提成 入职 离职")

#: the plainest first
_FOR = {
    "site_or_trade": re.compile(f"{_SITE}|{_TRADE}"),
    "craft": re.compile(_CRAFT),
    "works": re.compile(_WORKS),
    "maybe": re.compile(_MAYBE),
}
_AGAINST = {"job": re.compile(_JOB), "other_trade": re.compile(_TRADE_ELSE), "house": re.compile(_HOUSE)}
#: what a site named by the text speaks
_NAMED_SITE = "named_site"
NAMES = Signs((*_FOR, _NAMED_SITE), tuple(_AGAINST))
#: what each speaks where a bureau has not learnt its own
SHIPPED = Weights(
    0,
    {
        "site_or_trade": 3, "craft": 2, "works": 2, "maybe": 1, _NAMED_SITE: 2,
        "job": -4, "other_trade": -2, "house": -1,
    },
)  # fmt: skip
#: stands for what is left aside, sign for sign
_FILL = "\0"


@dataclass(frozen=True)
class Sign:
    """A word of the text for or against construction; ``kind``: one of :data:`NAMES`."""

    kind: str
    words: str
    start: int


def _aside(match: re.Match[str]) -> str:
    return _FILL * len(match.group(0))


def building(text: str, site: Name | None, weights: Weights = SHIPPED) -> Sign | None:
    """The word that says most plainly that it was construction; ``None`` where as much speaks of other work.

    ``site`` is the site that the text names, if it names one. Where no word speaks for it, no weights make it construction.
    """
    speak, against = _signs(text, site)
    if not speak or weights.score(_strengths([*speak, *against])) <= 0:
        return None
    return max(speak, key=lambda one: (weights.signs.get(one.kind, 0.0), one.kind == _NAMED_SITE, -one.start))


def strengths(text: str, site: Name | None) -> dict[str, float]:
    """How many words of each kind the text has; nothing where none speaks for construction and no weights decide."""
    speak, against = _signs(text, site)
    return _strengths([*speak, *against]) if speak else {}


def _strengths(signs: list[Sign]) -> dict[str, float]:
    return {kind: float(count) for kind, count in Counter(one.kind for one in signs).items()}


def _signs(text: str, site: Name | None) -> tuple[list[Sign], list[Sign]]:
    """What speaks for construction and what against it, without what only sounds like it."""
    bare = _ASIDE.sub(_aside, text)
    named = (
        [Sign(_NAMED_SITE, site.words, site.start)]
        if site and _FILL not in bare[site.start : site.end]
        else []
    )
    return [*_words(bare, _FOR), *named], list(_words(bare, _AGAINST))


def _words(text: str, of: dict[str, re.Pattern[str]]) -> Iterator[Sign]:
    """Each word once, none within another that speaks as plainly or more."""
    taken: list[tuple[int, int]] = []
    seen: set[str] = set()
    for kind, pattern in of.items():
        for match in pattern.finditer(text):
            words = match.group(0)
            if words in seen or any(start < match.end() and match.start() < end for start, end in taken):
                continue
            seen.add(words)
            taken.append(match.span())
            yield Sign(kind, words, match.start())
