"""Invented people: who signs in, and who works on the sites.

ID numbers begin with 99, which no region uses, and carry right check digits; cards pass the Luhn check under
a bank number that is not assigned; phones lie in 199 0000, to which nothing is sent
(``registry.invented``).
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from anxin.registry.invented import PHONES

PASSWORD = "Yunzhou-9901"


@dataclass(frozen=True)
class Official:
    """Somebody who signs in: ``role`` of ``accounts.Role``, in a region's subtree and an industry."""

    username: str
    name: str
    office: str
    role: str
    region: str = ""
    industry: str = ""
    #: short name of the employer a payroll clerk works for
    employer: str = ""
    #: code of the institution a bank's operator works for
    institution: str = ""


OFFICIALS: tuple[Official, ...] = (
    Official("chen", "陈明远", "云州市人力资源和社会保障局（局领导）", "leader", "9901"),
    Official("lin", "林晓", "云城区劳动保障监察大队", "inspector", "990101"),
    Official("zhao", "赵志刚", "江北区劳动保障监察大队", "inspector", "990102"),
    Official("wu", "吴秀英", "云州市住房和城乡建设局", "inspector", "9901", "housing"),
    Official("zheng", "郑小雨", "云州市人力资源和社会保障局（录入）", "clerk", "9901"),
    Official("qian", "钱文静", "云州市审计组", "auditor"),
    Official("guanli", "何管理", "云州市人力资源和社会保障局（信息科）", "admin"),
    Official("tang", "唐慧", "演示省天工建设集团有限公司（演示）", "payroll_clerk", employer="天工"),
    Official("luo", "罗建平", "演示省天工建设集团有限公司（演示）", "payroll_clerk", employer="天工"),
    Official("pan", "潘丽", "云州众力劳务有限公司（演示）", "payroll_clerk", employer="众力"),
    Official("sun", "孙小荷", "云城区东湖街道（网格员）", "grid_worker", "990101002"),
    Official("zhou", "周桂芳", "江北区码头街道（网格员）", "grid_worker", "990102001"),
    Official("he", "何大庆", "临湖县柳林乡（网格员）", "grid_worker", "990104002"),
    Official("mei", "梅青山", "云城区东湖街道调解委员会（调解员）", "mediator", "990101002"),
    Official("xu", "许立言", "云城区劳动人事争议仲裁院（仲裁员）", "arbitrator", "990101"),
    Official("jin", "金晓燕", "云州农村商业银行（演示）", "bank_operator", institution="BK-NS"),
)

_WHERE = {
    "chen": "局领导：全市",
    "lin": "监察员：云城区",
    "zhao": "监察员：江北区",
    "wu": "住建部门：全市住建项目",
    "zheng": "录入员：全市",
    "qian": "审计员：操作日志",
    "guanli": "系统管理员：账号",
    "tang": "总包劳资专管员：编制、报银行",
    "luo": "总包劳资专管员：审核",
    "pan": "劳务公司劳资专管员",
    "sun": "网格员：东湖街道（用手机打开）",
    "zhou": "网格员：码头街道",
    "he": "网格员：柳林乡，还没有报过",
    "mei": "调解员：东湖街道",
    "xu": "仲裁员：云城区，有一份笔录待签名",
    "jin": "银行经办：代发批次、查询",
}

#: (user name, password, who and where), as shown when the console starts
SIGN_INS: list[tuple[str, str, str]] = [
    (official.username, PASSWORD, f"{official.name}，{_WHERE[official.username]}") for official in OFFICIALS
]

_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
)
_GIVEN = "建国志强秀英桂兰玉梅海涛春生福贵长明永军小平德胜金花文斌立新云霞光辉庆丰红卫大勇美芳成林广田爱民喜顺根宝家旺"
_TRADES = ("钢筋工", "木工", "泥瓦工", "架子工", "混凝土工", "抹灰工", "水电工", "普工")


@dataclass(frozen=True)
class Person:
    """An invented worker. ``wage_fen`` is the agreed wage per day."""

    name: str
    id_number: str
    phone: str
    card: str
    trade: str
    team: str
    number: str
    wage_fen: int


def card_number(index: int, bank: str = "990088") -> str:
    """A card under an unassigned bank number, 19 digits with the right Luhn digit."""
    body = f"{bank}{index:012d}"
    return body + str(luhn.calc_check_digit(body))


def checked(body: str) -> str:
    """The seventeen digits of an ID number with their check digit."""
    return body + str(mod_11_2.calc_check_digit(body))


def crowd(seed: int) -> Iterator[Person]:
    """An endless row of different people, the same for the same seed."""
    chance = random.Random(seed)
    used: set[str] = set()
    index = 0
    while True:
        name = chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, 1 if chance.random() < 0.15 else 2))
        if name in used:
            continue
        used.add(name)
        index += 1
        born = dt.date(1966, 1, 1) + dt.timedelta(days=chance.randrange(38 * 365))
        body = f"99010{1 + index % 4}{born:%Y%m%d}{index % 1000:03d}"
        yield Person(
            name=name,
            id_number=checked(body),
            phone=f"{PHONES}{index % 10000:04d}",
            card=card_number(index),
            trade=chance.choice(_TRADES),
            team="",
            number="",
            wage_fen=chance.randrange(240, 381, 10) * 100,
        )
