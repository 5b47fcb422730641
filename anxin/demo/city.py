"""The invented city: its places, public bodies, banks and businesses. Codes lie outside every real range."""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.cn import uscc

#: significant digits of the invented province and city
PROVINCE = "99"
CITY = "9901"

#: (code, name, parent code), parents first
REGIONS: tuple[tuple[str, str, str], ...] = (
    (PROVINCE, "演示省", ""),
    (CITY, "云州市", PROVINCE),
    ("990101", "云城区", CITY),
    ("990102", "江北区", CITY),
    ("990103", "青石县", CITY),
    ("990104", "临湖县", CITY),
    ("990101001", "云城区钟楼街道", "990101"),
    ("990101002", "云城区东湖街道", "990101"),
    ("990102001", "江北区码头街道", "990102"),
    ("990102002", "江北区新桥镇", "990102"),
    ("990103001", "青石县城关镇", "990103"),
    ("990103002", "青石县石门镇", "990103"),
    ("990104001", "临湖县湖滨镇", "990104"),
    ("990104002", "临湖县柳林乡", "990104"),
)


@dataclass(frozen=True)
class Body:
    """A public body or financial institution. ``kind`` is one of ``registry.Organisation.Kind``."""

    code: str
    name: str
    kind: str
    region: str


BODIES: tuple[Body, ...] = (
    Body("YZ-RS", "云州市人力资源和社会保障局", "bureau", CITY),
    Body("YC-RS", "云城区人力资源和社会保障局", "bureau", "990101"),
    Body("JB-RS", "江北区人力资源和社会保障局", "bureau", "990102"),
    Body("QS-RS", "青石县人力资源和社会保障局", "bureau", "990103"),
    Body("LH-RS", "临湖县人力资源和社会保障局", "bureau", "990104"),
    Body("YZ-ZJ", "云州市住房和城乡建设局", "industry_authority", CITY),
    Body("YZ-JT", "云州市交通运输局", "industry_authority", CITY),
    Body("YZ-SW", "云州市水务局", "industry_authority", CITY),
    Body("YZ-GX", "云州市工业和信息化局", "industry_authority", CITY),
    Body("BK-NS", "云州农村商业银行（演示）", "bank", CITY),
    Body("BK-CJ", "云州城建银行（演示）", "bank", CITY),
    Body("IN-AX", "演示财产保险云州分公司", "insurer", CITY),
    Body("GR-XD", "云州信达融资担保公司（演示）", "guarantor", CITY),
    Body("RX-12345", "云州市12345热线（演示）", "hotline", CITY),
)

#: industry → code of the body that answers for its projects
RESPONSIBLE = {"housing": "YZ-ZJ", "transport": "YZ-JT", "water": "YZ-SW", "other": "YZ-GX"}

#: short name → (registered name, region); the short name is how the stories speak of them
EMPLOYERS: dict[str, tuple[str, str]] = {
    "城投": ("云州市城市建设投资有限公司（演示）", "990101"),
    "卫健": ("云州市第一人民医院（演示）", "990101"),
    "教育": ("云州市实验学校（演示）", "990101"),
    "水投": ("云州市水务投资有限公司（演示）", "990102"),
    "交投": ("云州市交通发展有限公司（演示）", "990102"),
    "湖滨": ("临湖县湖滨文旅开发有限公司（演示）", "990104"),
    "锦绣": ("云州锦绣置业有限公司（演示）", "990101"),
    "园区": ("青石县工业园开发有限公司（演示）", "990103"),
    "华安": ("云州华安建筑工程有限公司（演示）", "990101"),
    "天工": ("演示省天工建设集团有限公司（演示）", "990101"),
    "宏远": ("云州宏远市政工程有限公司（演示）", "990102"),
    "恒基": ("云州恒基建设有限公司（演示）", "990103"),
    "路达": ("演示省路达交通工程有限公司（演示）", "990102"),
    "清源": ("云州清源水利工程有限公司（演示）", "990104"),
    "众力": ("云州众力劳务有限公司（演示）", "990101"),
    "同心": ("云州同心劳务有限公司（演示）", "990102"),
    "顺达": ("青石顺达劳务有限公司（演示）", "990103"),
    "安居": ("临湖安居劳务有限公司（演示）", "990104"),
}


def employer_uscc(short: str) -> str:
    """The invented credit code of an employer: registration region 99, right check digit."""
    number = list(EMPLOYERS).index(short) + 1
    body = f"91{EMPLOYERS[short][1]}MA{number:07d}"
    return body + str(uscc.calc_check_digit(body))
