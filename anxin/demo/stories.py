"""What each project of the invented city shows, from all well to every trouble that a rule can see.

A story counts backwards from the day the demonstration is loaded, so that it keeps its shape whatever that
day is: "the last pay day was twelve days ago, and that month is unpaid".
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Story:
    """One project. Counts of people are of the latest wage month unless said otherwise.

    ``months`` wage months lead up to the latest one that is due. ``pay_ago`` and ``fund_ago`` are days since
    its nominal pay day and since the latest agreed disbursement day. ``expects`` are the rules that must
    have an open warning today.
    """

    key: str
    name: str
    shows: str
    region: str
    industry: str
    owner: str
    contractor: str
    labour: str
    people: int
    months: int
    pay_ago: int = 10
    fund_ago: int = 14
    contract_wan: int = 6000
    government: bool = True
    state: str = "in_progress"
    #: the latest so many months are unpaid
    unpaid: int = 0
    #: (months back, days after the due day): that month was paid late
    paid_late: tuple[int, int] | None = None
    #: (people, percent): so many got only this share
    part_paid: tuple[int, int] | None = None
    #: somebody was paid on a card that the roster does not know
    strange_card: bool = False
    #: groups of people whose wages of the latest month go to one card each
    one_card: tuple[int, ...] = ()
    #: attended, but not on the payroll
    left_out: int = 0
    #: on the payroll, never seen on site
    ghosts: int = 0
    #: the latest so many disbursements have not arrived
    unfunded: int = 0
    #: worked the whole month for less than the minimum wage
    below_minimum: int = 0
    #: guarantee, cash, none, short, lapsing, lapsed
    deposit: str = "guarantee"
    #: days since work stopped (suspended or completed)
    stopped_ago: int | None = None
    #: so many latest months came as spreadsheet files; earlier ones were taken over in bulk
    by_file: int = 1
    #: layout of its files, see :mod:`anxin.demo.sheets`
    layout: str = "company"
    #: registered without pay day and contract price
    bare: bool = False
    #: nothing was delivered: the newcomer's own tries go here
    for_practice: bool = False
    #: some of its workers came from this story's stopped site
    joined_from: str = ""
    expects: frozenset[str] = field(default_factory=frozenset)


def _expects(*rules: str) -> frozenset[str]:
    return frozenset(rules)


STORIES: tuple[Story, ...] = (
    Story("01", "云州市第一人民医院新院区项目", "工资按月足额发放；有1人久未打卡，还没有登记离场", "990101001", "housing",
          "卫健", "天工", "众力", 34, 12, contract_wan=18000, expects=_expects("W10")),
    Story("02", "江北区滨江路道路改造工程", "上个工资月逾期未发", "990102001", "transport",
          "交投", "路达", "同心", 26, 8, pay_ago=12, unpaid=1, layout="team", expects=_expects("W03")),
    Story("03", "城南安置房二期工程", "连续三个月未发工资，人工费用也停拨", "990101002", "housing",
          "城投", "华安", "众力", 36, 10, pay_ago=9, unpaid=3, unfunded=3, by_file=3,
          contract_wan=12000, expects=_expects("W01", "W03")),
    Story("04", "云州市实验学校扩建工程", "部分工人只发了一部分，另有1人卡号待核对；专户没有备案", "990101001", "housing",
          "教育", "天工", "众力", 24, 7, part_paid=(9, 60), strange_card=True, layout="team",
          expects=_expects("P01", "W03", "W06")),
    Story("05", "江北污水处理厂提标改造工程", "有人出勤却不在工资表上；专户转了一笔货款", "990102002", "water",
          "水投", "宏远", "同心", 25, 9, pay_ago=11, left_out=5, expects=_expects("W04", "P03", "F12")),
    Story("06", "青石县工业园标准厂房工程", "工资表上有人没有考勤；保证金动用后没有补足", "990103001", "other",
          "园区", "恒基", "顺达", 28, 6, ghosts=4, layout="team", expects=_expects("P02", "W07")),
    Story("07", "江北区冷链物流园工程", "工资已发，但人工费用逾期未拨付到专户", "990102002", "housing",
          "锦绣", "宏远", "同心", 22, 6, fund_ago=12, unfunded=1, government=False, expects=_expects("W01")),
    Story("08", "临湖县湖滨步道景观工程", "开工后一直没有存储工资保证金", "990104001", "housing",
          "湖滨", "清源", "安居", 18, 4, deposit="none", layout="team", expects=_expects("W07")),
    Story("09", "青石县石门水库除险加固工程", "工资保证金低于规定比例", "990103002", "water",
          "水投", "清源", "顺达", 20, 8, pay_ago=13, deposit="short", expects=_expects("W07")),
    Story("10", "云城区钟楼商业街改造工程", "保函20天后到期，工程尚未完工", "990101001", "housing",
          "锦绣", "华安", "众力", 24, 11, deposit="lapsing", government=False, layout="team",
          expects=_expects("W08")),
    Story("11", "青石县城关中学教学楼工程", "保函已经过期，工程尚未完工；7名工人的工资发到两张卡上，待核实", "990103001", "housing",
          "教育", "恒基", "顺达", 26, 12, pay_ago=11, deposit="lapsed", one_card=(4, 3),
          expects=_expects("W08", "F01")),
    Story("12", "临湖县柳林乡农田水利工程", "有人全勤而实发低于最低工资", "990104002", "water",
          "水投", "清源", "安居", 21, 5, below_minimum=6, layout="team", expects=_expects("W05")),
    Story("13", "江北区码头仓储改造工程", "已停工，工资结清；约定的人工费用停拨，已申请消除预警", "990102001", "other",
          "锦绣", "宏远", "同心", 18, 9, state="suspended", stopped_ago=75, government=False,
          expects=_expects("W01")),
    Story("14", "云城区东湖社区服务中心工程", "已完工，工资结清", "990101002", "housing",
          "城投", "天工", "众力", 20, 10, state="completed", stopped_ago=45, layout="team"),
    Story("15", "临湖县环湖公路三标段工程", "刚登记，发薪日、合同价款等资料不全", "990104001", "transport",
          "交投", "路达", "安居", 16, 1, bare=True, deposit="unknown"),
    Story("16", "云城区东湖小学迁建工程", "三个月前的工资曾逾期，经交办、约谈后已全部到账", "990101002", "housing",
          "教育", "华安", "众力", 22, 9, paid_late=(2, 37), by_file=3, layout="team",
          joined_from="13"),
    Story("17", "云城区试用练习工程", "留给新用户练习导入：花名册、考勤、工资表都还没有送来", "990101001", "housing",
          "城投", "华安", "众力", 12, 1, left_out=1, ghosts=1, layout="team", for_practice=True),
)  # fmt: skip
