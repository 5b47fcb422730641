"""A commission in the invented city: who arbitrates, two rooms, a hearing of today with its record to sign, one on a circuit day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from django.utils import timezone

from anxin.arbitration import places, recording, scheduling, tribunals
from anxin.arbitration.applicants import Person
from anxin.arbitration.claims import Line, put
from anxin.arbitration.models import ArbitrationCase, Arbitrator
from anxin.arbitration.opening import Opening, open_case
from anxin.casework.services import open_matter
from anxin.demo.people import Person as Invented
from anxin.demo.people import crowd
from anxin.demo.registering import Cast
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.registry.models import Region

_DAY = dt.timedelta(days=1)
_ADDRESS = "演示省云州市演示路10号（演示）"
_SAID = """独任仲裁员：现在开庭。请申请人陈述请求和理由。
申请人：在演示工地做木工，7月、8月的工资没有发，请求支付12000元。
独任仲裁员：请被申请人答辩。
被申请人的代理人：金额没有异议，进度款月底到账，愿意分两期付清。
独任仲裁员：双方是否同意调解？
申请人：同意，但是要写明每一期的日期。"""


def hearings(cast: Cast, *, now: dt.datetime) -> None:
    """All of it as of ``now``; everybody is invented."""
    law, people = local_law.current(), crowd(7_301)
    roster = _roster(cast, now - 60 * _DAY)
    region, body, by = Region.objects.get(pk="990101"), cast.bodies["YC-RS"], cast.users["lin"]
    rooms = [
        places.add_room(body=body, region=region, name=name, address=_ADDRESS, by=by, now=now - 60 * _DAY)
        for name in ("第一仲裁庭", "第二仲裁庭")
    ]
    day = places.add_circuit_day(
        body=body, region=Region.objects.get(pk="990101002"), on=timezone.localdate(now) + 3 * _DAY,
        place="东湖街道便民服务中心二楼（演示）", hours="9:00–12:00", phone="0999-5550177", by=by, now=now - 20 * _DAY,
    )  # fmt: skip
    agreed = "双方电话同意按排定的日期开庭（演示）"
    first = _case(cast, people, roster[:1], roster[2], now - 14 * _DAY, law)
    wanted = scheduling.Wanted(
        now.replace(minute=0) - dt.timedelta(hours=1), 90, "room", room=rooms[0], shorter_why=agreed
    )
    hearing = scheduling.set_hearing(first, wanted, by=by, now=now - 13 * _DAY, law=law)
    record = recording.start(hearing, by=by, now=wanted.begins_at)
    recording.rewrite(record, text=_SAID, version=1, by=by)
    agent = next(people)
    recording.add_signer(
        record, side="respondent", name=agent.name, phone="19900000181", id_number=agent.id_number, by=by
    )
    recording.close(
        record, present="申请人到庭；被申请人的委托代理人到庭。", version=2, by=by, now=now, law=law
    )
    second = _case(cast, people, roster[1:2], roster[2], now - 12 * _DAY, law)
    at = timezone.make_aware(dt.datetime.combine(day.on, dt.time(9, 30)))
    scheduling.set_hearing(
        second,
        scheduling.Wanted(at, 60, "circuit", circuit=day, shorter_why=agreed),
        by=by,
        now=now - 11 * _DAY,
        law=law,
    )


def _roster(cast: Cast, at: dt.datetime) -> list[Arbitrator]:
    """Three arbitrators, of whom the first signs in, and a secretary as the third of the list."""
    names = [str(cast.users["xu"]), *(one.name for one in islice(crowd(731), 3))]
    kinds = ("arbitrator", "arbitrator", "secretary", "arbitrator")
    region = Region.objects.get(pk="990101")
    return [
        tribunals.register(
            tribunals.NewArbitrator(
                f"ZCY{n:03d}", name, kind, cast.bodies["YC-RS"], region, full_time=n < 4, phone=f"1990000017{n}",
                user=cast.users["xu"] if n == 1 else None,
            ),
            by=cast.users["lin"], now=at,
        )
        for n, (name, kind) in enumerate(zip(names, kinds, strict=True), 1)
    ]  # fmt: skip


def _case(
    cast: Cast,
    people: Iterator[Invented],
    sole: list[Arbitrator],
    secretary: Arbitrator,
    at: dt.datetime,
    law: Law,
) -> ArbitrationCase:
    """A simple case of one worker, decided by one arbitrator."""
    firm, on = cast.employers["众力"], timezone.localdate(at)
    region, by = Region.objects.get(pk="990101"), cast.users["lin"]
    matter = open_matter(
        procedure="arbitration_simple", title="1名木工请求支付两个月工资（演示）", region=region, lead=cast.bodies["YC-RS"], by=by,
        on=on, now=at, law=law, employer=firm,
    )  # fmt: skip
    one = next(people)
    asked = Opening(
        on, firm.name, employer=firm, employer_code=firm.uscc, employer_address=_ADDRESS, employer_head="贺演示",
        facts="在演示工地做木工，两个月没有发工资", people=[Person(one.name, one.id_number, "19900000180")],
    )  # fmt: skip
    case = open_case(matter, asked, by=by, now=at)
    applicant = case.applicants.get()
    year = on.year if on.month > 8 else on.year - 1
    for month in ("07", "08"):
        line = Line("wage", f"{year}-{month}", Decimal(24), 250_00, source="申请人提交的记工本（演示）")
        put(applicant, line, by=by, now=at)
    tribunals.form(case, tribunals.Named(sole, secretary, "仲裁院院长指定（演示）"), by=by, now=at)
    return case
