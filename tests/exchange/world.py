"""A project with everything a package can hold, delivered through the doors that an office uses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from anxin.evidence.journal import Actor
from anxin.registry import services
from anxin.registry.models import Organisation, Region
from tests.support.deliveries import bank_card, deliver, id_number, workbook

ACTOR = Actor("user:1", "测试员")
ROSTER = ["姓名", "身份证号", "手机号", "用人单位", "班组", "工种", "工号", "进场日期", "退场日期", "约定工资", "是否签订劳动合同", "银行卡号"]  # fmt: skip


def uscc(index: int) -> str:
    """An invented code with the right check character."""
    from stdnum.cn import uscc as checker

    body = f"91990101MA{index:07d}"
    return body + checker.calc_check_digit(body)


def a_project(now: dt.datetime, code: str = "P1", **fields: Any) -> Any:
    region, _ = Region.objects.get_or_create(code="990101", defaults={"name": "东湖县"})
    body, _ = Organisation.objects.get_or_create(
        code="YC-ZJ", defaults={"name": "虚构住建局", "kind": "industry_authority"}
    )
    values = {
        "name": f"虚构安置房{code}",
        "region": region,
        "industry": "housing",
        "responsible": body,
        "permit_number": "990101202601010101",
        "permit_on": dt.date(2026, 1, 1),
        "commencement": dt.date(2026, 2, 1),
        "planned_completion": dt.date(2027, 12, 31),
        "contract_fen": 1_234_567_890_12,
        "pay_day": 20,
        "site_address": "东湖县虚构路1号",
        "government_invested": True,
        **fields,
    }
    project = services.register_project(code=code, actor=ACTOR, now=now, **values)
    firms = {}
    for index, role in enumerate(("owner", "general_contractor", "labour_company"), 1):
        firm = _firm(index, region, now)
        services.add_participant(project, employer=firm, role=role, actor=ACTOR, now=now)
        firms[role] = firm
    return SimpleNamespace(project=project, **firms)


def _firm(index: int, region: Region, now: dt.datetime) -> Any:
    from anxin.registry.models import Employer

    found = Employer.objects.filter(uscc=uscc(index)).first()
    return found or services.register_employer(
        uscc=uscc(index), name=f"虚构公司{index}", region=region, actor=ACTOR, now=now
    )


CONTRACT = b"%PDF-1.7 invented"


def agreed(world: Any, now: dt.datetime) -> Any:
    """Two contracts (one on file, one only agreed by word) and two trainings, one of them with two people."""
    from anxin.workforce import particulars
    from anxin.workforce.models import Enrolment

    places = list(Enrolment.objects.filter(project=world.project).select_related("project", "worker").order_by("id"))  # fmt: skip
    dates = {"valid_from": dt.date(2026, 3, 1), "valid_until": dt.date(2026, 12, 31)}
    file = ("合同.pdf", CONTRACT)
    particulars.take_contract(places[0], pay_day=25, signed=True, number="HT-1", file=file, by=ACTOR, now=now, **dates)  # fmt: skip
    nothing = {"valid_from": None, "valid_until": None, "number": "", "signed": places[1].contract_signed}
    particulars.take_contract(places[1], pay_day=10, by=ACTOR, now=now, **nothing)
    for place, on, kind, hours in (
        (places[0], dt.date(2026, 3, 1), "entry", "8"),
        (places[1], dt.date(2026, 3, 1), "entry", "8"),
        (places[1], dt.date(2026, 5, 4), "skill", "1.5"),
    ):
        particulars.take_training(world.project, place.worker, on=on, kind=kind, hours=Decimal(hours), by=ACTOR, now=now)  # fmt: skip
    return world


def full(now: dt.datetime, code: str = "P1", people: int = 4) -> Any:
    """Roster, attendance by day and by month, and two payroll months, one line with a name only."""
    world = a_project(now, code)
    names = ["张三", "阿依古丽·买买提", "𠮷田工", "王五"]
    rows = [
        [
            names[index % 4] + ("" if index < 4 else str(index)),
            id_number(index),
            f"1380000{index:04d}",
            "虚构公司3" if index % 2 else "未登记劳务队",
            "木工班" if index % 2 else "钢筋班",
            "木工" if index % 2 else "绑扎工",
            f"G{index:03d}",
            "2026-03-01",
            "2026-09-30" if index == 1 else "",
            "300元/天" if index % 2 else "9000元/月",
            ("是", "否", "")[index % 3],
            bank_card(index),
        ]
        for index in range(people)
    ]
    deliver("roster", workbook(ROSTER, rows), actor=ACTOR, now=now, project_code=code)
    days = [
        [row[0], row[1], f"2026-09-{day:02d}", share, hours, overtime]
        for row in rows[:2]
        for day, share, hours, overtime in ((1, "", 8, 2), (2, "0.5", "", ""), (3, "", 4, ""))
    ]
    header = ["姓名", "身份证号", "日期", "出勤天数", "工时", "加班时数"]
    deliver("attendance", workbook(header, days), actor=ACTOR, now=now, project_code=code)
    totals = [[row[0], row[1], 21.5] for row in rows[2:4]]
    deliver(
        "attendance",
        workbook(["姓名", "身份证号", "出勤天数"], totals),
        actor=ACTOR,
        now=now,
        project_code=code,
        month="2026-09",
        filename="month.xlsx",
    )
    wages = ["姓名", "身份证号", "工号", "班组", "出勤天数", "应发工资", "扣款合计", "实发工资", "银行卡号"]
    for month in ("2026-08", "2026-09"):
        lines = [
            [row[0], row[1], row[6], row[4], 20.5, 6000.1 + index, 100, 5900.1 + index, row[11]]
            for index, row in enumerate(rows)
        ]
        lines.append(["无名册之人", "", "Z9", "", 3, 900, "", 900, ""])
        deliver("payroll", workbook(wages, lines), actor=ACTOR, now=now, project_code=code, month=month)
    return world
