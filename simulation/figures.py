"""Published figures, each with its source, and what the city has in their place."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from simulation.profiles import Profile

ZHUHAI = "珠海市2023年度法治政府建设创新案例"
GUANGDONG = "广东省人社厅“珠海和谐劳动关系”（2024年以来）"
GANSU = "每日甘肃 2023-11-07"
ZHEJIANG = "新华社 2021-01-17（浙江）"
ZHENJIANG = "镇江新区治欠材料"
WENJIANG = "成都温江区材料"
ASSUMED = "推算，无公开数字"
#: of the city whose figures are used most
_EMPLOYERS, _PROJECTS, _DISTRICTS = 343_595, 619, 3


@dataclass(frozen=True)
class Figure:
    """One line of the report. ``expected`` is the published figure at the size of this city."""

    key: str
    title: str
    source: str
    published: float
    unit: str
    expected: float | None
    city: float | None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The city's value over the expected one; nothing where either is unknown."""
        return None if self.city is None or not self.expected else self.city / self.expected

    def as_dict(self) -> dict[str, Any]:
        """For the file that programs read."""
        return {**asdict(self), "ratio": self.ratio}


def figures(profile: Profile, tally: Counter[str]) -> list[Figure]:
    """All lines. What this run did not write stays unknown."""
    return [
        *_size(profile, tally),
        *_employers(profile, tally),
        *_money(profile, tally),
        *_cases(profile, tally),
    ]


def _size(profile: Profile, tally: Counter[str]) -> list[Figure]:
    """How large the city is; only cities of the published size are compared."""
    province, city = profile.projects > 5000, 300 < profile.projects <= 5000
    projects = tally["projects"] or None
    return [
        Figure(
            "employers",
            "用人单位",
            ZHEJIANG if province else ZHUHAI,
            2_230_000 if province else _EMPLOYERS,
            "家",
            2_230_000 if province else _EMPLOYERS if city else None,
            tally["employers"],
            "" if province or city else "规模不同，不比较",
        ),
        Figure(
            "projects",
            "在建项目",
            GANSU if province else GUANGDONG,
            11_300 if province else _PROJECTS,
            "个",
            11_300 if province else _PROJECTS if city else None,
            projects,
            "" if province or city else "规模不同，不比较",
        ),
        Figure(
            "workers_per_project",
            "每个项目的工人",
            GANSU,
            1_220_000 / 11_300,
            "人",
            1_220_000 / 11_300,
            _share(tally["workers"], projects),
            "公开数字是累计登记人数除以累计项目数",
        ),
        Figure(
            "accounts_per_project",
            "有工资专户的项目",
            GUANGDONG,
            541 / _PROJECTS,
            "每项目",
            541 / _PROJECTS,
            _share(tally["accounts"], projects),
        ),
        Figure(
            "letters_per_project",
            "以保函缴存保证金的项目",
            GUANGDONG,
            488 / _PROJECTS,
            "每项目",
            488 / _PROJECTS,
            _share(tally["letters"], projects),
        ),
    ]


def _employers(profile: Profile, tally: Counter[str]) -> list[Figure]:
    """Employers of every trade that are in trouble."""
    years, share = profile.months / 12, tally["employers"] / _EMPLOYERS
    over_100 = _share(tally["months of 100 people"], tally["months of 50 people"])
    trigger = "公开的触发条件不详；这里以一年内出现两种以上迹象为红、一种为黄"
    lines = [
        Figure(
            "warnings_100_of_50",
            "百人以上占五十人以上",
            GUANGDONG,
            (168 + 285) / (536 + 632),
            "比例",
            (168 + 285) / (536 + 632),
            over_100,
            "公开数字是预警条数之比，这里是单位数之比",
        )
    ]
    for least, red, yellow in ((50, 536, 632), (100, 168, 285)):
        for colour, word, count in (("red", "红", red), ("yellow", "黄", yellow)):
            key = f"{colour}_{least}"
            lines.append(
                Figure(
                    key,
                    f"{least}人以上单位：{word}",
                    GUANGDONG,
                    count,
                    "家/年",
                    count * share * years,
                    tally[key],
                    trigger,
                )
            )
    lines.append(
        Figure(
            "failed_groups",
            "严重的：欠十人以上（公开数字：评为C级）",
            ZHUHAI,
            107,
            "家/年",
            107 * share * years,
            tally["failed_groups"],
            "C级按全年违法评定，口径相近而不相同",
        )
    )
    return lines


def _money(profile: Profile, tally: Counter[str]) -> list[Figure]:
    """People in arrears and what they are owed."""
    years, share = profile.months / 12, tally["employers"] / _EMPLOYERS
    sites = tally["site_people_in_arrears"]
    return [
        Figure(
            "failed_people",
            "被欠薪人数（用人单位）",
            ZHUHAI,
            5785,
            "人/11个月",
            5785 * 12 / 11 * share * years,
            tally["failed_people"],
            "公开数字是追回工资的人数，含工程建设领域",
        ),
        Figure(
            "failed_yuan_per_head",
            "人均欠薪（用人单位）",
            ZHUHAI,
            67_318_300 / 5785,
            "元",
            67_318_300 / 5785,
            _share(tally["failed_fen"] / 100, tally["failed_people"]),
            "公开数字为追发工资等待遇",
        ),
        Figure(
            "site_yuan_per_head",
            "人均欠薪（项目）",
            GANSU,
            19_412_700 / 2037,
            "元",
            19_412_700 / 2037,
            _share(tally["site_arrears_fen"] / 100, sites),
            "公开数字为语音回访查出的线索",
        ),
        Figure(
            "site_people_share",
            "工人中正被欠薪的（项目）",
            GANSU,
            2037 / 52_600,
            "比例",
            2037 / 52_600,
            _share(tally["site_people_still"], tally["workers"]) if tally["workers"] else None,
            "公开数字为一次回访；本城为最后一天仍未付清的",
        ),
        Figure(
            "paid_per_project",
            "每个项目经专户发放的工资",
            GUANGDONG,
            2_461_000_000 / _PROJECTS,
            "元",
            2_461_000_000 / _PROJECTS,
            _share(tally["paid_fen"] / 100, tally["projects"]),
            "公开数字为累计发放额",
        ),
    ]


def _cases(profile: Profile, tally: Counter[str]) -> list[Figure]:
    """Clues and cases."""
    years, share = profile.months / 12, tally["employers"] / _EMPLOYERS
    # As many employers belong to a district as in the city with the published register.
    places = _DISTRICTS * share * years
    filed = tally["event 仲裁"]
    return [
        Figure(
            "clues",
            "每个区县一年的欠薪线索",
            ZHENJIANG,
            1119,
            "件",
            1119 * places,
            tally["clues"],
            "本次未写出的部分不计",
        ),
        Figure(
            "clues_founded",
            "线索成案（属实）比例",
            ZHENJIANG,
            771 / 1119,
            "比例",
            771 / 1119,
            _share(tally["clues_founded"], tally["clues_closed"]),
        ),
        Figure(
            "inspection",
            "每个区县一年的监察案件",
            WENJIANG,
            1006,
            "件",
            1006 * places,
            tally["event 监察"],
            "本城仅计用人单位",
        ),
        Figure("arbitration", "一个城市一年的仲裁案件", ASSUMED, 5000, "件", 5000 * share * years, filed),
        Figure(
            "arbitration_people",
            "每件仲裁的人数",
            WENJIANG,
            237 / 114,
            "人",
            237 / 114,
            _share(tally["arbitration_people"], filed),
        ),
        Figure(
            "arbitration_yuan",
            "仲裁人均金额",
            WENJIANG,
            2_646_600 / 237,
            "元",
            2_646_600 / 237,
            _share(tally["arbitration_fen"] / 100, tally["arbitration_people"]),
        ),
        Figure(
            "groups",
            "案件中十人以上的比例",
            ZHENJIANG,
            25 / 771,
            "比例",
            25 / 771,
            _share(tally["arbitration_groups"], filed),
        ),
        Figure(
            "group_people",
            "每起十人以上欠薪的人数",
            ZHENJIANG,
            427 / 25,
            "人",
            427 / 25,
            _share(tally["failed_group_people"], tally["failed_groups"]),
        ),
        Figure(
            "orders",
            "责令支付文书（公开数字：移送公安）",
            ZHUHAI,
            50,
            "件/11个月",
            50 * 12 / 11 * share * years,
            tally["orders"] or None,
            "移送以责令后仍不支付为前提，文书应多于移送",
        ),
    ]


def _share(part: float, whole: float | None) -> float | None:
    return part / whole if whole else None
