"""Two files of the city's banks being joined: one layout in force, one still a draft. Invented people, as always."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from itertools import islice

import xlsxwriter

from anxin.connections import layouts
from anxin.connections.models import InstitutionLayout
from anxin.demo.registering import Cast
from anxin.demo.world import Payment, World
from anxin.evidence.journal import Actor
from anxin.kernel.money import yuan_string

#: days before today on which the layouts were drafted, tried and looked at
_DRAFTED, _LOOKED_AT, _SECOND_DRAFT = 64, 63, 2
#: columns of the urban bank's list, whose words differ from everybody else's
_COLUMNS = {
    "reference": "A",
    "name": "B",
    "bank_card": "C",
    "amount": "D",
    "paid_on": "E",
    "status": "F",
    "reason": "G",
}
_HEADER = ("业务编号", "客户称谓", "存入卡折", "实付数", "记账日", "处理说明", "退票说明")
_OTHER_HEADER = ("笔号", "受款", "卡折号码", "票面", "退回日", "处理说明", "退因")
#: payments in a sample; the last two did not end well
_ROWS = 12
Step = tuple[dt.date, float, Callable[[dt.datetime], object]]


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """What people did, by day and hour."""
    day = world.today - dt.timedelta(days=_DRAFTED)
    seen = world.today - dt.timedelta(days=_LOOKED_AT)
    recent = world.today - dt.timedelta(days=_SECOND_DRAFT)
    yield day, 10, lambda now: _joined(cast, world, now)
    yield seen, 9.5, lambda now: layouts.go_live(_of("BK-CJ"), actor=_colleague(cast), now=now)
    yield recent, 15, lambda now: _drafted(cast, world, now)


def _joined(cast: Cast, world: World, now: dt.datetime) -> InstitutionLayout:
    """The urban bank's result list: mapped by the clerk and tried, one payment still under way."""
    draft = layouts.draft_receipts_layout(
        organisation=cast.bodies["BK-CJ"],
        name="代发结果清单",
        data=_list(world, _HEADER),
        filename="云州城建银行代发结果样本（演示数据）.xlsx",
        actor=cast.clerk(),
        now=now,
    )
    mapping = {**draft.mapping, "header_rows": [2], "columns": _COLUMNS}
    mapped = layouts.map_layout(draft, mapping=mapping, actor=cast.clerk(), now=now)
    return layouts.pass_trial(mapped, actor=cast.clerk(), now=now)[0]


def _drafted(cast: Cast, world: World, now: dt.datetime) -> InstitutionLayout:
    """The rural bank's list has just been brought: nobody has said yet what its columns are."""
    return layouts.draft_receipts_layout(
        organisation=cast.bodies["BK-NS"],
        name="退票清单",
        data=_list(world, _OTHER_HEADER),
        filename="云州农商银行退票清单样本（演示数据）.xlsx",
        actor=cast.clerk(),
        now=now,
    )


def _of(code: str) -> InstitutionLayout:
    return InstitutionLayout.objects.get(organisation__code=code, stage=InstitutionLayout.Stage.TESTED)


def _colleague(cast: Cast) -> Actor:
    """The inspector who takes the second look."""
    user = cast.users["lin"]
    return Actor(f"user:{user.pk}", str(user))


def _payments(world: World) -> Iterator[Payment]:
    return (paid for site in world.sites for month in site.months for paid in month.payments)


def _list(world: World, header: tuple[str, ...]) -> bytes:
    """A bank's list of real payments of the city, one of them returned and one still under way."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("清单")
    sheet.write_string(0, 0, "批量代发处理清单（演示数据）")
    sheet.write_row(1, 0, header)
    fates = {_ROWS - 2: ("失败", "户名不符"), _ROWS - 1: ("处理中", "")}
    for row, paid in enumerate(islice(_payments(world), _ROWS)):
        state, reason = fates.get(row, ("成功", ""))
        cells = (
            paid.reference,
            paid.name,
            paid.card,
            yuan_string(paid.amount_fen),
            f"{paid.paid_on}",
            state,
            reason,
        )
        for column, cell in enumerate(cells):
            sheet.write_string(row + 2, column, cell)
    book.close()
    return out.getvalue()
