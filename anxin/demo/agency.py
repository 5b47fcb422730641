"""Agency payment told by its own steps: one month that was returned, mended and paid, and a payroll in every state.

A site of its own, so that the stories of unpaid wages keep their shape. Its wages of last month are due on the last day
of this one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from anxin.accounts.access import actor
from anxin.agency import services
from anxin.agency.models import Channel, PayOrder, PayrollRun
from anxin.demo.city import RESPONSIBLE
from anxin.demo.people import card_number, checked
from anxin.demo.places import site_place
from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.evidence import imports
from anxin.evidence.journal import Actor
from anxin.evidence.workbooks import Column, table_workbook
from anxin.formats.messages import Outcome, PayResult
from anxin.funds import services_register as funds
from anxin.kernel.masking import mask_name
from anxin.kernel.months import Month
from anxin.registry import services as registry
from anxin.registry.models import Project, Region

Step = tuple[dt.date, float, Callable[[dt.datetime], object]]

KEY = "18"
CODE = "990101-YS-18"
_GENERAL, _LABOUR = "天工", "众力"
#: team → how far its payroll of last month has come; three people each
TEAMS = ("木工班", "钢筋班", "泥瓦班", "架子班", "水电班", "抹灰班")
_TRADES = ("木工", "钢筋工", "泥瓦工", "架子工", "水电工", "抹灰工")
_NAMES = (
    "欧阳建国", "买买提·阿卜杜拉", "龚桂兰", "覃志强", "侯春生", "阮玉梅", "施海涛", "倪福贵", "鲍长明",
    "樊永军", "祝小平", "邬德胜", "岳金花", "尹文斌", "柏立新", "宫云霞", "隋光辉", "麦庆丰",
)  # fmt: skip
_CONTRACT_FEN = 3_000_0000 * 100


@dataclass
class _Told:
    """What has been made so far."""

    runs: dict[str, PayrollRun] = field(default_factory=dict)
    orders: dict[str, PayOrder] = field(default_factory=dict)


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """All of it, by day and hour."""
    this = Month.of(world.today)
    before, last = this.plus(-2), this.plus(-1)
    told, yesterday = _Told(), world.today - dt.timedelta(days=1)
    begin = before.first_day - dt.timedelta(days=20)
    yield begin, 9.0, partial(_register, cast, before)
    yield begin, 10.0, partial(_deliver, cast, "roster", "", _roster(before))
    for month, day in ((before, last.day(2)), (last, yesterday)):
        yield day, 8.5, partial(_deliver, cast, "attendance", str(month), _attendance(month))
    paid = last.day(9)
    yield last.day(3), 9.0, partial(_approved, cast, told, before, "")
    yield last.day(4), 10.0, partial(_sent, cast, told, "")
    yield last.day(5), 9.0, partial(_results, cast, told, "", {2: "wrong_card", 7: "limit"}, last.day(4))
    yield last.day(8), 9.0, partial(_again, cast, told, "", 2)
    yield paid, 9.0, partial(_results, cast, told, "", {}, paid)
    yield from _in_every_state(cast, told, last, yesterday)


def _in_every_state(cast: Cast, told: _Told, month: Month, day: dt.date) -> Iterator[Step]:
    drafted, asked, submitted, returned, approved, sent = TEAMS
    yield day, 9.0, partial(_drafted, cast, told, month, drafted)
    yield day, 9.25, partial(_asked, cast, told, month, asked)
    yield day, 9.5, partial(_submitted, cast, told, month, submitted)
    yield day, 9.75, partial(_returned, cast, told, month, returned)
    yield day, 10.0, partial(_approved, cast, told, month, approved)
    yield day, 10.25, partial(_approved, cast, told, month, sent)
    yield day, 11.0, partial(_sent, cast, told, sent)
    yield day, 16.0, partial(_results, cast, told, sent, {1: "closed", 3: "wrong_name"}, day)


def _actor(cast: Cast, name: str) -> Actor:
    return actor(cast.users[name])


def _register(cast: Cast, first: Month, now: dt.datetime) -> None:
    by = cast.clerk()
    project = registry.register_project(
        code=CODE,
        name="云城区养老服务中心工程（演示）",
        region=Region.objects.get(pk="990101001"),
        industry="housing",
        responsible=cast.bodies[RESPONSIBLE["housing"]],
        permit_number=f"演示施许{CODE}",
        permit_on=now.date(),
        commencement=first.first_day,
        contract_fen=_CONTRACT_FEN,
        pay_day=31,
        government_invested=True,
        site_address="演示省云州市演示路18号",
        **site_place("990101001", 18),
        actor=by,
        now=now,
    )
    cast.projects[KEY] = project
    for short, role in (("卫健", "owner"), (_GENERAL, "general_contractor"), (_LABOUR, "labour_company")):
        registry.add_participant(project, employer=cast.employers[short], role=role, actor=by, now=now)
    _register_money(cast, project, first, by, now)


def _register_money(cast: Cast, project: Project, first: Month, by: Actor, now: dt.datetime) -> None:
    funds.record_special_account(
        project,
        bank=cast.bodies["BK-NS"],
        number="9900000000000018",
        opened_on=now.date(),
        balance_fen=20_0000 * 100,
        balance_on=now.date(),
        actor=by,
        now=now,
    )
    funds.record_deposit(
        project,
        kind="guarantee",
        amount_fen=_CONTRACT_FEN * 5 // 100,
        valid_from=now.date(),
        valid_until=first.plus(24).last_day,
        institution=cast.bodies["BK-CJ"],
        number=f"演示保函{CODE}",
        actor=by,
        now=now,
    )


def _deliver(cast: Cast, kind: str, month: str, data: bytes, now: dt.datetime) -> None:
    by = _actor(cast, "tang")
    title = {"roster": "花名册", "attendance": f"{month}考勤表"}[kind]
    batch = imports.open_batch(
        kind=kind,
        data=data,
        filename=f"养老服务中心{title}.xlsx",
        project_code=CODE,
        month=month or None,
        actor=by,
        now=now,
    )
    imports.accept_batch(batch.pk, actor=by, now=now, recognition=batch.recognition)


def _people() -> Iterator[tuple[int, str, str]]:
    """(number, name, team) of everybody on the site."""
    for number, name in enumerate(_NAMES):
        yield number, name, TEAMS[number // 3]


def _roster(first: Month) -> bytes:
    titles = (
        "姓名",
        "身份证号",
        "用人单位",
        "班组",
        "工种",
        "进场日期",
        "约定工资",
        "是否签订劳动合同",
        "银行卡号",
    )
    rows = [
        [
            name,
            _id_number(number),
            "云州众力劳务有限公司（演示）",
            team,
            _TRADES[number // 3],
            first.first_day,
            f"{300 + 10 * (number % 5)}元/天",
            "是",
            card_number(9_000 + number),
        ]
        for number, name, team in _people()
    ]
    columns = [Column(title, "date" if title == "进场日期" else "text") for title in titles]
    return table_workbook("实名制花名册", "演示数据", columns, rows)


def _attendance(month: Month) -> bytes:
    days = [month.day(number) for number in range(1, month.days + 1)]
    columns = [Column("姓名"), Column("身份证号"), Column("班组")] + [
        Column(str(day.day), "number", 5) for day in days
    ]
    rows = [
        [name, _id_number(number), team]
        + [1 if day.weekday() != 6 and (day.day + number) % 9 else None for day in days]
        for number, name, team in _people()
    ]
    return table_workbook(f"{month.chinese()}考勤表", "演示数据", columns, rows)


def _id_number(number: int) -> str:
    """Born in an invented district; nobody of :func:`people.crowd` has such a number."""
    return checked(f"990199{1970 + number}0315{900 + number}")


def _drafted(cast: Cast, told: _Told, month: Month, team: str, now: dt.datetime) -> PayrollRun:
    told.runs[team] = services.draft_run(
        project=cast.projects[KEY],
        month=month,
        employer=cast.employers[_LABOUR],
        team=team,
        actor=_actor(cast, "pan"),
        now=now,
    )
    return told.runs[team]


def _opened(cast: Cast, told: _Told, month: Month, team: str, now: dt.datetime) -> PayrollRun:
    run = _drafted(cast, told, month, team, now)
    return services.open_to_workers(run, actor=_actor(cast, "pan"), now=now)


def _asked(cast: Cast, told: _Told, month: Month, team: str, now: dt.datetime) -> None:
    """One has confirmed, one contests a day, one has not answered."""
    one, two, _ = _opened(cast, told, month, team, now).lines.order_by("position")
    services.confirm_line(one, channel=Channel.OWN_PHONE, actor=_worker(one), now=now)
    services.contest_day(
        two,
        month.day(18),
        says="这天我在工地扎钢筋，班组长可以作证",
        channel=Channel.OWN_PHONE,
        actor=_worker(two),
        now=now,
    )


def _submitted(
    cast: Cast, told: _Told, month: Month, team: str, now: dt.datetime, *, answered: bool = True
) -> PayrollRun:
    """Everybody has confirmed, one after an answer to an objection."""
    run = _opened(cast, told, month, team, now)
    lines = list(run.lines.order_by("position"))
    if answered:
        objection = services.contest_line(
            lines[0], says="是不是少算了一天", channel=Channel.TABLET, actor=_actor(cast, "pan"), now=now
        )
        services.answer_objection(
            objection,
            answer="已与本人核对考勤，该日停工，本人认可",
            actor=_actor(cast, "pan"),
            now=now + dt.timedelta(minutes=1),
        )
    for line in lines:
        services.confirm_line(
            line, channel=Channel.OWN_PHONE, actor=_worker(line), now=now + dt.timedelta(minutes=2)
        )
    return services.submit_run(run, actor=_actor(cast, "pan"), now=now + dt.timedelta(minutes=3))


def _returned(cast: Cast, told: _Told, month: Month, team: str, now: dt.datetime) -> None:
    services.return_run(
        _submitted(cast, told, month, team, now, answered=False),
        reason="架子班当月有两天停工，请核对考勤后重报",
        employer=cast.employers[_GENERAL],
        actor=_actor(cast, "luo"),
        now=now + dt.timedelta(minutes=4),
    )


def _approved(cast: Cast, told: _Told, month: Month, team: str, now: dt.datetime) -> None:
    told.runs[team] = services.approve_run(
        _submitted(cast, told, month, team, now, answered=not team),
        employer=cast.employers[_GENERAL],
        actor=_actor(cast, "luo"),
        now=now + dt.timedelta(minutes=4),
    )


def _sent(cast: Cast, told: _Told, team: str, now: dt.datetime) -> None:
    by = _actor(cast, "tang")
    run = PayrollRun.objects.get(pk=told.runs[team].pk)
    order = services.make_order(run, format="wage_file", accept_warnings=True, actor=by, now=now)
    told.orders[team] = services.send_order(order, actor=by, now=now)


def _results(
    cast: Cast, told: _Told, team: str, back: dict[int, str], day: dt.date, now: dt.datetime
) -> None:
    """The bank's answer: everybody paid but those in ``back`` (number in the order → why)."""
    order = told.orders[team]
    answer: Sequence[PayResult] = [
        PayResult(
            sequence=line.sequence,
            reference=line.reference,
            name=line.payee_name,
            amount_fen=line.amount_fen,
            paid_on=None if line.sequence in back else day,
            outcome=Outcome.RETURNED if line.sequence in back else Outcome.PAID,
            code=back.get(line.sequence, ""),
            bank_reference=f"YZD{line.reference[2:]}",
            line=line.sequence,
        )
        for line in order.lines.order_by("sequence")
    ]
    services.apply_results(order, answer, actor=_actor(cast, "tang"), now=now, source="银行结果（演示）")


def _again(cast: Cast, told: _Told, team: str, sequence: int, now: dt.datetime) -> None:
    """The card is mended, and what came back goes again."""
    line: Any = told.orders[team].lines.get(sequence=sequence).run_line
    services.mend_line(line, bank_card=card_number(9_900), actor=_actor(cast, "tang"), now=now)
    _sent(cast, told, team, now)


def _worker(line: Any) -> Actor:
    return Actor(services.worker_key(line.worker_id), f"工人{mask_name(line.name)}")
