"""Signs of forgery on two sites of their own, beside honest people who look alike.

Of the wages of last month: two people are paid whom the gate never saw, three have the very same minutes and one face day after day,
and one is at both sites at once. Of the month before: five cards are emptied to one account within minutes. Honest are
the crane driver with a way in of his own, the family whose wages go to one card by authorisation, and the team whose
cards the bank opened in a row when it began.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils import timezone

from anxin.demo.city import RESPONSIBLE
from anxin.demo.people import card_number, checked
from anxin.demo.places import site_place
from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.evidence import imports
from anxin.evidence.journal import SYSTEM, Actor
from anxin.evidence.workbooks import Column, table_workbook
from anxin.funds import services_register as funds
from anxin.funds.services_account_life import file_account
from anxin.kernel.months import Month
from anxin.registry import services as registry
from anxin.registry.models import Project, Region
from anxin.workforce import devices
from anxin.workforce.deriving import derive_days
from anxin.workforce.models import Device, GateVendor
from anxin.workforce.punches import PunchRow, receive_punches

Step = tuple[dt.date, float, Callable[[dt.datetime], object]]

_MAKER = "演示闸机甲厂"
_REGION = "990101001"
_CONTRACT_FEN = 2_000_0000 * 100
_WAGE_FEN = 320_00
#: first of the numbers from which people and cards of these sites come
_FIRST = 9_100
_COLLECTOR = card_number(9_999)
_ENTERS, _LEAVES = dt.time(7, 12), dt.time(17, 40)
#: the very same for three people, to the second
_CLONED = (dt.time(7, 30, 12), dt.time(18, 2, 40))


@dataclass(frozen=True)
class One:
    """One person: how they come to the site, and whose card they are paid on."""

    number: int
    name: str
    team: str
    trade: str
    #: punches, clone, never (paid all the same)
    comes: str = "punches"
    #: number of the person whose card it is, by authorisation
    card_of: int = 0
    #: the card is emptied by somebody else
    emptied: bool = False
    #: opened by the bank together with the team's other cards
    in_row: bool = False

    @property
    def id_number(self) -> str:
        """Born in an invented district; nobody else of the city has such a number."""
        return _id_number(self.number)

    @property
    def card(self) -> str:
        return card_number(_FIRST + (self.card_of or self.number))


@dataclass(frozen=True)
class Place:
    """One site."""

    key: str
    name: str
    people: tuple[One, ...]

    @property
    def code(self) -> str:
        return f"{_REGION[:6]}-YS-{self.key}"

    @property
    def serial(self) -> str:
        return f"DEMO-{self.key}-1"


_BOTH_SITES = One(1, "管长林", "木工班", "木工", in_row=True)
PLACES = (
    Place(
        "19",
        "云城区体育馆维修工程（演示）",
        (
            _BOTH_SITES,
            One(2, "饶春发", "木工班", "木工", in_row=True),
            One(3, "盛国庆", "木工班", "木工", in_row=True),
            One(4, "冉明华", "木工班", "木工", in_row=True),
            One(5, "卞永福", "木工班", "木工", in_row=True),
            One(6, "邢大勇", "钢筋班", "钢筋工", "clone"),
            One(7, "牟志刚", "钢筋班", "钢筋工", "clone"),
            One(8, "储文才", "钢筋班", "钢筋工", "clone"),
            One(9, "车广田", "综合班", "普工", "never"),
            One(10, "佟爱民", "综合班", "普工", "never"),
            One(11, "巩顺利", "综合班", "塔吊司机", "never"),
            One(12, "蔺福来", "抹灰班", "抹灰工"),
            One(13, "满秀兰", "抹灰班", "抹灰工", card_of=12),
            One(14, "蔺小军", "抹灰班", "抹灰工", card_of=12),
            One(15, "敖根宝", "架子班", "架子工", emptied=True),
            One(16, "晏立新", "架子班", "架子工", emptied=True),
            One(17, "终成海", "架子班", "架子工", emptied=True),
            One(18, "屈红卫", "架子班", "架子工", emptied=True),
            One(19, "祖庆丰", "架子班", "架子工", emptied=True),
        ),
    ),
    Place(
        "20",
        "云城区游泳馆改造工程（演示）",
        (
            _BOTH_SITES,
            One(20, "苗喜旺", "水电班", "水电工"),
            One(21, "别平安", "水电班", "水电工"),
            One(22, "喻金宝", "水电班", "水电工"),
            One(23, "褚有田", "水电班", "水电工"),
        ),
    ),
)


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """All of it, by day and hour."""
    this = Month.of(world.today)
    before, last = this.plus(-2), this.plus(-1)
    begin, yesterday = before.first_day - dt.timedelta(days=20), world.today - dt.timedelta(days=1)
    for place in PLACES:
        yield begin, 9.0, partial(_register, cast, place, before)
        yield begin, 10.0, partial(_deliver, cast, place, "roster", "", _roster(place, before))
        yield (
            last.day(2),
            9.0,
            partial(_deliver, cast, place, "attendance", str(before), _attendance(place, before)),
        )
        yield (
            last.day(3),
            9.0,
            partial(_deliver, cast, place, "payroll", str(before), _payroll(place, before)),
        )
        yield (
            last.day(10),
            9.0,
            partial(_deliver, cast, place, "receipts", str(before), _receipts(place, before)),
        )
        for day in _working_days(last):
            yield day, 20.5, partial(_punch, place, day)
        yield last.last_day, 21.0, partial(_days, cast, place)
        if hand := [one for one in place.people if one.comes == "never"]:
            yield (
                yesterday,
                8.5,
                partial(_deliver, cast, place, "attendance", str(last), _attendance(place, last, hand)),
            )
        yield yesterday, 9.0, partial(_deliver, cast, place, "payroll", str(last), _payroll(place, last))
    yield last.day(17), 9.0, partial(_flows, last.day(9))  # fmt: skip


def _register(cast: Cast, place: Place, first: Month, now: dt.datetime) -> None:
    by = cast.clerk()
    project = registry.register_project(
        code=place.code,
        name=place.name,
        region=Region.objects.get(pk=_REGION),
        industry="housing",
        responsible=cast.bodies[RESPONSIBLE["housing"]],
        permit_number=f"演示施许{place.code}",
        permit_on=now.date(),
        commencement=first.first_day,
        contract_fen=_CONTRACT_FEN,
        pay_day=31,
        government_invested=True,
        site_address=f"演示省云州市演示路{place.key}号",
        **site_place(_REGION, int(place.key)),
        actor=by,
        now=now,
    )
    cast.projects[place.key] = project
    for short, role in (("教育", "owner"), ("恒基", "general_contractor"), ("顺达", "labour_company")):
        registry.add_participant(project, employer=cast.employers[short], role=role, actor=by, now=now)
    _register_money(cast, place, project, first, by, now)
    _register_gate(place, project, by, now)


def _register_money(
    cast: Cast, place: Place, project: Project, first: Month, by: Actor, now: dt.datetime
) -> None:
    account = funds.record_special_account(
        project,
        bank=cast.bodies["BK-NS"],
        number=f"99000000000000{place.key}",
        opened_on=now.date(),
        balance_fen=20_0000 * 100,
        balance_on=now.date(),
        actor=by,
        now=now,
    )
    file_account(
        account,
        on=now.date(),
        number=f"演示专户备〔{now.year}〕{place.key}号",
        body=cast.bodies["YZ-RS"],
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
        number=f"演示保函{place.code}",
        actor=by,
        now=now,
    )


def _register_gate(place: Place, project: Project, by: Actor, now: dt.datetime) -> None:
    vendor = GateVendor.objects.filter(name=_MAKER).first()
    vendor = vendor or devices.register_vendor(_MAKER, actor=by, now=now)
    devices.register_device(
        project,
        vendor=vendor,
        serial=place.serial,
        place="东门",
        opens=dt.time(0),
        closes=dt.time(0),
        actor=by,
        now=now,
    )


def _id_number(number: int) -> str:
    return checked(f"990198{1960 + number}0612{800 + number}")


def _working_days(month: Month) -> list[dt.date]:
    days = (month.day(number) for number in range(1, month.days + 1))
    return [day for day in days if day.weekday() != 6]


def _worked(one: One, month: Month) -> list[dt.date]:
    """Whose minutes are made comes every day; others miss one now and then."""
    return [day for day in _working_days(month) if one.comes == "clone" or (day.day + one.number) % 9]


# --- files ----------------------------------------------------------------------------------------------------


def _deliver(cast: Cast, place: Place, kind: str, month: str, data: bytes, now: dt.datetime) -> None:
    by = cast.clerk()
    title = {"roster": "花名册", "attendance": "考勤表", "payroll": "工资表", "receipts": "代发结果"}[kind]
    batch = imports.open_batch(
        kind=kind,
        data=data,
        filename=f"{place.name}{month}{title}.xlsx",
        project_code=place.code,
        month=month or None,
        actor=by,
        now=now,
    )
    imports.accept_batch(batch.pk, actor=by, now=now, recognition=batch.recognition)


def _book(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    columns = [Column(head, "date" if head in ("进场日期", "开卡日期") else "text") for head in heads]
    return table_workbook(title, "演示数据", columns, rows)


def _roster(place: Place, first: Month) -> bytes:
    heads = (
        "姓名", "身份证号", "用人单位", "班组", "工种", "进场日期", "约定工资", "是否签订劳动合同", "银行卡号",
        "开户行网点", "开卡日期", "代收授权人身份证号",
    )  # fmt: skip
    rows = [
        [
            one.name, one.id_number, "青石顺达劳务有限公司（演示）", one.team, one.trade, first.first_day,
            f"{_WAGE_FEN // 100}元/天", "是", one.card,
            "云州农村商业银行体育路支行（演示）" if one.in_row else "",
            first.first_day if one.in_row else None,
            _id_number(one.card_of) if one.card_of else "",
        ]
        for one in place.people
    ]  # fmt: skip
    return _book("实名制花名册", heads, rows)


def _attendance(place: Place, month: Month, people: Sequence[One] = ()) -> bytes:
    days = [month.day(number) for number in range(1, month.days + 1)]
    columns = [Column("姓名"), Column("身份证号"), Column("班组")]
    columns += [Column(str(day.day), "number", 5) for day in days]
    rows = []
    for one in people or place.people:
        worked = set(_worked(one, month))
        rows.append([one.name, one.id_number, one.team, *(1 if day in worked else None for day in days)])
    return table_workbook(f"{month.chinese()}考勤表", "演示数据", columns, rows)


def _pay_fen(one: One, month: Month) -> int:
    return len(_worked(one, month)) * _WAGE_FEN


def _payroll(place: Place, month: Month) -> bytes:
    heads = ("姓名", "身份证号", "班组", "出勤天数", "应发工资", "扣款合计", "实发工资", "银行卡号")
    rows = []
    for one in place.people:
        pay = _yuan(_pay_fen(one, month))
        rows.append([one.name, one.id_number, one.team, len(_worked(one, month)), pay, "0.00", pay, one.card])
    return _book(f"{month.chinese()}工资表", heads, rows)


def _receipts(place: Place, month: Month) -> bytes:
    heads = ("收款人户名", "收款账号", "金额（元）", "交易日期", "处理状态", "流水号")
    paid = month.plus(1).day(9)
    rows = [
        [
            one.name,
            one.card,
            _yuan(_pay_fen(one, month)),
            f"{paid}",
            "成功",
            f"YZL{place.key}{paid:%Y%m%d}{n:04d}",
        ]
        for n, one in enumerate(place.people, 1)
    ]
    return _book(f"{month.chinese()}批量代发结果", heads, rows)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _flows(paid: dt.date, now: dt.datetime) -> None:
    """A bank's list of what left wage cards: five to one account in a few minutes, others at home in their own time."""
    month = Month.of(paid).plus(-1)
    rows = ["卡号,时间,金额,转入账号"]
    evening = dt.datetime.combine(paid, dt.time(20, 3, 10))
    for one in PLACES[0].people:
        at, share, to = (
            (evening + dt.timedelta(seconds=70 * one.number), 98, _COLLECTOR)
            if one.emptied
            else (evening + dt.timedelta(days=1 + one.number % 6), 60, card_number(9_500 + one.number))
        )
        rows.append(f"{one.card},{at},{_yuan(_pay_fen(one, month) * share // 100)},{to}")
    name = "演示数据-工资卡转出明细.csv"
    data = "\n".join(rows).encode()
    batch = imports.open_batch(kind="card_flows", data=data, filename=name, actor=SYSTEM, now=now)
    imports.accept_batch(batch.pk, actor=SYSTEM, now=now, recognition=batch.recognition)


# --- gates ----------------------------------------------------------------------------------------------------


def _punch(place: Place, day: dt.date, now: dt.datetime) -> None:
    """The day's passages, in the order of time."""
    device = Device.objects.get(serial=place.serial)
    passages = []
    for one in place.people:
        if one.comes == "never" or day not in _worked(one, Month.of(day)):
            continue
        passages += [
            (at, way, one.id_number, _face(one))
            for at, way in zip(_times(one, day), ("in", "out"), strict=True)
        ]
    rows = [
        PunchRow(device.position + place_, timezone.make_aware(at).isoformat(), way, number, face=face)
        for place_, (at, way, number, face) in enumerate(sorted(passages), 1)
    ]
    packet = json.dumps([list(row) for row in rows], ensure_ascii=False).encode()
    receive_punches(device, rows, packet=packet, now=now, device_time=now)


def _face(one: One) -> str:
    """What the gate would make of the face; the three whose minutes are made have one between them."""
    return hashlib.sha256(f"演示{'clone' if one.comes == 'clone' else one.number}".encode()).hexdigest()


def _times(one: One, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    if one.comes == "clone":
        return dt.datetime.combine(day, _CLONED[0]), dt.datetime.combine(day, _CLONED[1])
    early = dt.timedelta(
        minutes=(one.number * 7 + day.day * 5) % 17, seconds=(one.number * 13 + day.day * 29) % 60
    )
    late = dt.timedelta(
        minutes=(one.number * 5 + day.day * 11) % 23, seconds=(one.number * 31 + day.day * 7) % 60
    )
    return dt.datetime.combine(day, _ENTERS) + early, dt.datetime.combine(day, _LEAVES) + late


def _days(cast: Cast, place: Place, now: dt.datetime) -> None:
    """The month's punches become days; the gate is taken away, so that nobody waits for it in the demonstration."""
    derive_days(cast.projects[place.key].pk, now=now)
    devices.retire_device(Device.objects.get(serial=place.serial), actor=cast.clerk(), now=now)
