"""What other bodies report in the invented city: some dozens of businesses, a year of months, sites from permits.

All of it comes in as files, by the same door as an office's. Businesses and people are invented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils import timezone
from stdnum.cn import uscc

from anxin.evidence.imports import accept_batch, open_batch
from anxin.evidence.journal import SYSTEM
from anxin.kernel.months import Month
from anxin.monitoring.employers import grade_employers
from anxin.monitoring.models import Sweep
from anxin.monitoring.services import sweep
from anxin.registry.models import Employer, Project

_TRADES = ("制衣", "电子", "食品", "家具", "物流", "餐饮", "五金", "包装", "印刷", "塑料")
_PLACES = ("云水", "青禾", "江岸", "南屏", "石桥", "柳林")
_REGIONS = ("990101", "990102", "990103", "990104")
_FIRMS = 48
_MONTHS = 13
#: firms that go wrong: place in the list → months owed in the end
_FAILING = {5: 6, 17: 4, 29: 3, 38: 2, 44: 1}
#: the month in which the power company sent nothing is always the last one, for this region
_NO_POWER = "990104"

Table = list[Sequence[object]]


def report_employers(now: dt.datetime) -> None:
    """Deliver everything, hold the employers against the rules, and grade them."""
    today = timezone.localdate(now)
    last = Month.of(today).plus(-1)
    months = [last.plus(step - _MONTHS + 1) for step in range(_MONTHS)]
    tables = {
        "employers": list(_register()),
        "links": _links(),
        "social": [row for month in months for row in _social(month, last)],
        "utilities": [row for month in months for row in _utilities(month, last)],
        "events": _events(today),
        "clues": _clues(today),
        "known_sites": list(_sites(today)),
    }
    for kind, rows in tables.items():
        _deliver(kind, [_HEADINGS[kind], *rows], now)
    firms = Employer.objects.filter(uscc__in=[_code(firm) for firm in range(_FIRMS)])
    sweep(
        as_of=today,
        known_at=now,
        trigger=Sweep.Trigger.IMPORT,
        now=now,
        employer_ids=list(firms.values_list("pk", flat=True)),
    )
    grade_employers(as_of=today, now=now)


_HEADINGS: dict[str, Sequence[object]] = {
    "employers": ("统一社会信用代码", "单位名称", "区划代码", "行业", "成立日期", "登记状态", "状态日期"),
    "links": ("统一社会信用代码", "关联单位代码", "关系", "起", "止"),
    "social": (
        "统一社会信用代码",
        "月份",
        "参保人数",
        "新增",
        "减少",
        "应缴金额",
        "欠缴月数",
        "欠缴金额",
        "失业金申领人数",
    ),
    "utilities": ("统一社会信用代码", "月份", "用水量", "用电量"),
    "events": ("编号", "统一社会信用代码", "种类", "日期", "止", "人数", "金额"),
    "clues": ("编号", "渠道", "接收日期", "单位代码", "区划代码", "人数", "金额", "月数", "极端", "办结日期", "属实"),
    "known_sites": ("来源", "编号", "项目名称", "区划代码", "日期", "建设单位", "总包单位", "合同价款"),
}  # fmt: skip


def _deliver(kind: str, rows: Table, now: dt.datetime) -> None:
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    name = f"演示数据-{kind}.csv"
    batch = open_batch(kind=kind, data=text.encode(), filename=name, actor=SYSTEM, now=now)
    accept_batch(batch.pk, actor=SYSTEM, now=now, recognition=batch.recognition)


def _code(firm: int) -> str:
    """An invented credit code: registration region 99, right check digit."""
    body = f"91990101MB{firm + 1:07d}"
    return body + str(uscc.calc_check_digit(body))


def _people(firm: int) -> int:
    return 8 + firm * 37 % 120


def _register() -> Iterator[Sequence[object]]:
    for firm in range(_FIRMS):
        trade = _TRADES[firm % len(_TRADES)]
        name = f"云州{_PLACES[firm % len(_PLACES)]}{trade}有限公司（演示{firm + 1:02d}）"
        status, on = ("经营异常", "2026-03-16") if firm in (17, 23) else ("存续", "")
        yield _code(firm), name, _REGIONS[firm % 4], f"{trade}业", f"{2008 + firm % 14}-05-01", status, on


def _links() -> Table:
    return [
        (_code(5), _code(6), "同一法定代表人", "2021-01-01", ""),
        (_code(17), _code(30), "同一股东", "", ""),
    ]


def _social(month: Month, last: Month) -> Iterator[Sequence[object]]:
    ago = (last.year - month.year) * 12 + last.number - month.number
    for firm in range(_FIRMS):
        owed = max(_FAILING.get(firm, 0) - ago, 0)
        whole = _people(firm) + (firm + ago) % 3
        people = whole if owed < 2 else whole * (10 - min(owed + 1, 7)) // 10
        left = (firm + ago) % 3 if owed < 2 else whole // 10 + 1
        claims = whole // 12 if owed >= 3 else 0
        due = people * 1_050
        yield (
            _code(firm),
            month,
            people,
            (firm + ago) % 4,
            left,
            f"{due}.00",
            owed,
            f"{due * owed}.00",
            claims,
        )


def _utilities(month: Month, last: Month) -> Iterator[Sequence[object]]:
    ago = (last.year - month.year) * 12 + last.number - month.number
    for firm in range(_FIRMS):
        if month == last and _REGIONS[firm % 4] == _NO_POWER:
            continue
        fallen = 0.15 if firm in (5, 17) and ago < 2 else 1.0
        whole = _people(firm) * (100 + (firm * 7 + ago * 5) % 11) / 100 * fallen
        yield _code(firm), month, f"{whole * 4:.1f}", f"{whole * 110:.1f}"


def _events(today: dt.date) -> Table:
    def ago(days: int) -> dt.date:
        return today - dt.timedelta(days=days)

    return [
        ("YS-ZC-001", _code(5), "仲裁", ago(40), "", 12, "246000.00"),
        ("YS-ZC-002", _code(29), "仲裁", ago(25), "", 3, "41000.00"),
        ("YS-ZC-003", _code(12), "仲裁", ago(70), ago(20), 1, "8600.00"),
        ("YS-JC-001", _code(17), "监察", ago(33), "", 6, "98000.00"),
        ("YS-ZX-001", _code(5), "被执行", ago(60), "", "", "730000.00"),
        ("YS-ZX-002", _code(38), "被执行", ago(120), "", "", "64000.00"),
        ("YS-SX-001", _code(5), "失信", ago(18), "", "", ""),
        ("YS-QS-001", _code(44), "欠税", ago(50), "", "", "37000.00"),
    ]


def _clues(today: dt.date) -> Table:
    day = today - dt.timedelta(days=9)
    return [
        ("YS-XS-101", "12345热线", day, _code(5), _REGIONS[5 % 4], 9, "153000.00", "2", "否", "", ""),
        ("YS-XS-102", "窗口来访", day, _code(29), _REGIONS[29 % 4], 2, "18000.00", "1", "否", "", ""),
    ]


def _sites(today: dt.date) -> Iterator[Sequence[object]]:
    """Permits of registered projects, and some that nobody has registered."""
    for number, project in enumerate(Project.objects.order_by("pk")[:6]):
        on = project.permit_on or today - dt.timedelta(days=200)
        yield (
            "施工许可",
            project.permit_number or project.code,
            project.name,
            project.region_id,
            on,
            "",
            "",
            "",
        )
        if number == 0:
            near = f"{project.name.removesuffix('（演示）')}配套（演示）"
            yield (
                "中标公示",
                "YS-ZB-011",
                near,
                project.region_id,
                today - dt.timedelta(days=75),
                "",
                "",
                "18600000.00",
            )
    unknown = (
        ("施工许可", "YS-SG-201", "石桥街道养老服务中心（演示）", "990103", 92, "46200000.00"),
        ("施工许可", "YS-SG-202", "江岸路雨污分流改造（演示）", "990102", 41, "12800000.00"),
        ("巡查", "YS-XC-007", "柳林工业园厂房扩建（演示）", "990104", 16, ""),
    )
    for source, code, name, region, days, price in unknown:
        yield source, code, name, region, today - dt.timedelta(days=days), "", "", price
