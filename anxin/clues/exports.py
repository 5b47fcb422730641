"""The lead desk's list as a workbook; contacts stay sealed."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anxin.accounts.models import User
from anxin.clues.access import visible_clues
from anxin.clues.masking import masked_contact, opened
from anxin.clues.models import Clue, Source
from anxin.clues.models_claimants import SIDES
from anxin.clues.queries import ClueFilters, filtered
from anxin.clues.queries_claimants import Person, group_of, person_page
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.masking import mask_id_number, mask_name

#: beyond this a list is for a report, not for a person to read
LIMIT = 20_000
COLUMNS = (
    Column("序号", "number", 6),
    Column("线索编号"),
    Column("来件编号"),
    Column("渠道", "text", 14),
    Column("类别", "text", 8),
    Column("接收日期", "date", 12),
    Column("所属地区", "text", 14),
    Column("标题", "text", 50),
    Column("是否欠薪", "text", 10),
    Column("把握（%）", "number", 10),
    Column("紧急程度", "text", 10),
    Column("人数", "number", 8),
    Column("金额（元）", "yuan", 16),
    Column("拖欠月数", "number", 10),
    Column("谁欠", "text", 24),
    Column("用人单位", "text", 30),
    Column("所说项目", "text", 24),
    Column("登记项目", "text", 30),
    Column("并入", "text", 22),
    Column("谁看过", "text", 12),
    Column("办理状态", "text", 10),
    Column("办结日期", "date", 12),
)


def clues_workbook(user: User, filters: ClueFilters, *, on: dt.date, office: str) -> bytes:
    """The filtered list as ``.xlsx``; the line under the title says where it was cut."""
    rows = filtered(visible_clues(user), filters).order_by("-urgency", "-score", "-pk")
    found = list(rows[: LIMIT + 1])
    table = [_row(number, clue) for number, clue in enumerate(found[:LIMIT], start=1)]
    cut = f"　只列出前{LIMIT}条" if len(found) > LIMIT else ""
    subtitle = f"填报单位：{office}　导出日期：{on.isoformat()}{cut}"
    return table_workbook("欠薪线索清单", subtitle, COLUMNS, table)


_CLAIMANTS = (
    Column("序号", "number", 6),
    Column("姓名", "text", 10),
    Column("身份证号", "text", 22),
    Column("电话", "text", 16),
    Column("工种", "text", 14),
    *(Column(f"{side.label}（元）", "yuan", 16) for side in SIDES),
    Column("已定金额（元）", "yuan", 16),
    Column("按什么定的", "text", 30),
    Column("谁定的", "text", 12),
)


def claimants_workbook(clue: Clue, *, on: dt.date, office: str) -> bytes:
    """The people of a group, masked, every side's sum beside the others and the sums below."""
    group = group_of(clue)
    people = person_page(clue, group, limit=None).items
    sums = {one.source: one.fen for one in group.sums}
    total = ["合计", "", "", "", "", *(sums.get(side) for side in (*SIDES, Source.SETTLED)), "", ""]
    subtitle = f"填报单位：{office}　线索：{clue.number}　共{group.people}人　导出日期：{on.isoformat()}"
    rows = [_claimant(one) for one in people]
    return table_workbook("人员名单", subtitle, _CLAIMANTS, rows, total=total)


def _claimant(person: Person) -> list[object]:
    known, settled = person.particulars, person.settled
    return [
        person.claimant.number,
        mask_name(opened(known.name)),
        mask_id_number(opened(known.id_number)),
        masked_contact(opened(known.phone)),
        known.trade,
        *(amount.fen if amount else None for _, amount in person.said),
        settled.fen if settled else None,
        settled.why if settled else "",
        settled.by_name if settled else "",
    ]


def _row(number: int, clue: Clue) -> list[object]:
    return [
        number,
        clue.number,
        clue.sender_number,
        clue.get_channel_display(),
        clue.get_kind_display(),
        timezone.localtime(clue.received_at).date(),
        clue.region.name,
        clue.title,
        {True: "欠薪", False: "非欠薪", None: "待判读"}[clue.arrears],
        clue.score // 100,
        clue.get_urgency_display(),
        clue.people,
        clue.amount_fen,
        clue.months,
        clue.debtor,
        clue.employer.name if clue.employer else "",
        clue.project_name,
        clue.project.name if clue.project else "",
        clue.dispute.number if clue.dispute else "",
        clue.looked_by_name,
        clue.get_state_display(),
        timezone.localtime(clue.closed_at).date() if clue.closed_at else None,
    ]
