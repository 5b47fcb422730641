"""Who came to the window, what was promised to them, and who receives next week: invented groups, invented people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from anxin.clues import services as clues
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import record_amount, settle
from anxin.clues.intake import Voice
from anxin.clues.models import Claimant, Clue
from anxin.clues.opening import approve_opening, ask_opening
from anxin.demo.people import crowd
from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.evidence.journal import SYSTEM
from anxin.reception import services
from anxin.reception.models import Promise, Visit
from anxin.reception.roster import Planned

Step = tuple[dt.date, float, Callable[[dt.datetime], object]]
_HERE = "990101"
#: the people of the group; a seed of their own keeps everybody else as they are
_SEED, _GROUP = 2607, 14
_WORDS = "我们14个钢筋工在老城改造工程给众力劳务干活，8月和9月的工资一直没有结，班组长说总包没有拨钱，总包说早就给了劳务公司。"
#: days from today, kind, hours, place, who, post, departments
_ROSTER = (
    (-6, "leader", "9:00–11:30", "云城区人社局一楼接访室", "周岚", "副局长", "劳动保障监察大队、调解仲裁科"),
    (1, "leader", "9:00–11:30", "云城区人社局一楼接访室", "陈立", "局长", "劳动保障监察大队"),
    (4, "joint", "14:30–17:00", "云城区信访接待中心", "周岚", "副局长", "住建局、信访局、司法局"),
    (8, "field", "10:00–12:00", "东湖街道建筑工地集中片区", "陈立", "局长", "东湖街道办事处"),
)


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """All of it, by day and hour."""
    day = [world.today - dt.timedelta(days=count) for count in range(8)]
    yield day[7], 9.0, partial(_plan, cast, world.today)
    yield day[6], 9.2, partial(_come, cast, _GROUP, "钢筋工讨要8月9月工资", "何")
    yield day[6], 9.5, partial(_register, cast)
    yield day[6], 10.0, partial(_promise, cast, day[1])
    yield day[5], 9.5, partial(_amounts, cast)
    yield day[4], 10.0, partial(_come, cast, 2, "询问工伤认定要带什么材料", "")
    yield day[4], 10.2, partial(_answer, cast, "已告知所需材料，给了办事指南")
    yield day[2], 9.5, partial(_ask, cast)
    yield world.today, 8.6, partial(_come, cast, 5, "木工班讨要上月剩余工资", "苏")
    yield world.today, 8.8, partial(_come, cast, 1, "工资打到别人卡上", "")


def _plan(cast: Cast, today: dt.date, now: dt.datetime) -> None:
    lin = cast.users["lin"]
    made = [
        services.plan_duty(
            Planned(_HERE, kind, today + dt.timedelta(days=away), place, who, hours, post, departments),
            by=lin,
            today=today - dt.timedelta(days=7),
            now=now,
        )
        for away, kind, hours, place, who, post, departments in _ROSTER
    ]
    services.publish_duties(made, by=lin, now=now)


def _come(cast: Cast, people: int, about: str, speaker: str, now: dt.datetime) -> None:
    said = f"{speaker}某某" if speaker else ""
    services.take_number(
        region=_HERE, people=people, about=about, speaker=said, by=cast.users["lin"], now=now
    )


def _register(cast: Cast, now: dt.datetime) -> None:
    """The group is received and registered once, with everybody's name."""
    lin, visit = cast.users["lin"], Visit.objects.latest("pk")
    services.move_visit(visit, Visit.State.RECEIVED, by=lin, now=now)
    voice = Voice(
        channel=Clue.Channel.VISIT,
        kind=Clue.Kind.COMPLAINT,
        region=_HERE,
        received_at=now,
        text=_WORDS,
        title="14名钢筋工反映两个月工资没有结",
        name="何某某",
        phone="19900008001",
        employer=cast.employers["众力"],
    )
    people = [
        Said(one.name, one.id_number, one.phone, "钢筋工", {"worker": one.wage_fen * 40}, row=number)
        for number, one in enumerate(islice(crowd(_SEED), _GROUP), start=1)
    ]
    services.register_group(visit, voice, people, by=lin, now=now)
    clues.triage_new(actor=SYSTEM, now=now)


def _promise(cast: Cast, due: dt.date, now: dt.datetime) -> None:
    lin, visit = cast.users["lin"], Visit.objects.latest("pk")
    by: dict[str, Any] = {"by": lin, "now": now}
    services.promise(
        visit,
        what="约众力劳务和总包单位对账，电话答复代表",
        due_on=due,
        responsible="林晓",
        office=lin.office,
        **by,
    )
    services.promise(
        visit, what="核对9月考勤和工资表", due_on=now.date(), responsible="林晓", office=lin.office, **by
    )
    first = Promise.objects.order_by("-pk").first()
    assert first is not None
    services.keep_promise(first, words="当天调取考勤和工资表，已核对", on=now.date(), **by)
    services.let_go(visit, answer="已登记名单，三天内约两家单位对账后答复", **by)


def _amounts(cast: Cast, now: dt.datetime) -> None:
    """The firm admits less for some; two are settled, the rest waits."""
    lin = cast.users["lin"]
    people = Claimant.objects.filter(clue__visits__about__startswith="钢筋工").order_by("number")[:6]
    for place, person in enumerate(people):
        said = person.amounts.get(source="worker", superseded_at__isnull=True).fen
        record_amount(person, "subcontractor", said - (place % 3) * 60_000, by=lin, now=now)
        if place < 2:
            settle(person, said - place * 30_000, why="按考勤和约定工价核算", by=lin, now=now)


def _answer(cast: Cast, answer: str, now: dt.datetime) -> None:
    lin, visit = cast.users["lin"], Visit.objects.latest("pk")
    services.move_visit(visit, Visit.State.RECEIVED, by=lin, now=now)
    services.let_go(visit, answer=answer, by=lin, now=now)


def _ask(cast: Cast, now: dt.datetime) -> None:
    """One request to see who told us was approved, another waits."""
    lin, chen = cast.users["lin"], cast.users["chen"]
    clue = Clue.objects.get(visits__about__startswith="钢筋工")
    asked = ask_opening(clue, ["name", "phone"], why="电话通知代表对账时间", by=lin, now=now)
    approve_opening(asked, by=chen, now=now)
    other = (
        Clue.objects.filter(channel=Clue.Channel.HOTLINE, region__code__startswith=_HERE)
        .order_by("pk")
        .first()
    )
    if other is not None:
        ask_opening(other, ["phone"], why="回访核实拖欠的月份", by=lin, now=now)
