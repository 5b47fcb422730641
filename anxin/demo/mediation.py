"""Mediation in the invented city: a directory of the size a district really has, cases in every state, the aid roster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils import timezone

from anxin.clues.claimant_rows import Said
from anxin.demo.people import Person, checked, crowd
from anxin.demo.registering import Cast
from anxin.evidence.journal import SYSTEM, record
from anxin.evidence.sealing import plain
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.mediation import agreeing, aid, applying, climbing, daily, paying, preparing, sessions, stamping
from anxin.mediation.applying import Application
from anxin.mediation.models import (
    SKILLS,
    Agreement,
    AidDuty,
    MediationBody,
    MediationCase,
    Mediator,
    PaperSigner,
    Session,
)
from anxin.mediation.paper_turns import PAPER_OF_SIGNER, TURNS
from anxin.mediation.preparing import Named
from anxin.registry.models import Region
from anxin.typesetting import faces
from anxin.typesetting.errors import FacesMissing

_DAY = dt.timedelta(days=1)
#: as many as the published district has: towns, villages, enterprise committees, mediators
TOWNS, VILLAGES, ENTERPRISES, MEDIATORS = 10, 118, 2_326, 180
_COUNTIES = ("990101", "990102", "990103", "990104")
_STREETS = (
    "990101001", "990101002", "990102001", "990102002", "990103001", "990103002", "990104001", "990104002",
)  # fmt: skip
_BRANDS = (
    "石榴籽工作室",
    "老班长工作室",
    "一杯茶调解室",
    "码头议事厅",
    "新桥贴心人",
    "城关和事堂",
    "石门连心桥",
    "湖畔说和",
)
_LANGUAGES = ("", "", "四川话", "苗语、四川话", "彝语", "", "粤语", "藏语、四川话", "", "手语")
_TRADES = ("机械", "制衣", "食品", "电子", "建材", "物流", "家具", "印刷", "塑胶", "餐饮")
_ADDRESS = "演示省云州市演示路8号（演示）"


def mediation(cast: Cast, *, now: dt.datetime) -> None:
    """All of it as of ``now``. Without the faces of letters no case: their papers cannot be set."""
    _directory(cast, now)
    _roster(now)
    try:
        faces.files()
    except FacesMissing:
        return
    people = crowd(9_901)
    law = local_law.current()
    _paid(cast, people, now - 75 * _DAY, law)
    _missed(cast, people, now - 22 * _DAY, law)
    _climbed(cast, people, now - 19 * _DAY, now, law)
    _failed(cast, people, now - 30 * _DAY, law)
    _talking(cast, people, now - 4 * _DAY, now, law)
    _apply(cast, people, 2, now - _DAY, law)
    aid.request_aid(
        region=Region.objects.get(pk="990101002"), group="migrant", name=next(people).name, phone="19900000077",
        about="讨要两个月工资，需要律师代理仲裁（演示）", asked_on=timezone.localdate(now), by=cast.users["lin"], now=now, law=law,
    )  # fmt: skip
    daily.run(timezone.localdate(now), now, law)


def _directory(cast: Cast, now: dt.datetime) -> None:
    bodies = [
        *(_body(f"TJ-Q{n}", "劳动争议调解中心", "county", code, now) for n, code in enumerate(_COUNTIES, 1)),
        *(
            _body(f"TJ-Z{n:02d}", "调解委员会", "town", _STREETS[n % len(_STREETS)], now, brand=_BRANDS[n] if n < len(_BRANDS) else "")
            for n in range(TOWNS)
        ),
        *(
            _body(f"TJ-C{n:03d}", f"第{n // len(_STREETS) + 1}社区调解工作站", "village", _STREETS[n % len(_STREETS)], now,
                  place=f"第{n // len(_STREETS) + 1}社区")
            for n in range(VILLAGES)
        ),
    ]  # fmt: skip
    known = list(cast.employers.values())
    for n in range(ENTERPRISES):
        body = _body(f"TJ-E{n:04d}", "", "enterprise", _COUNTIES[n % 4], now)
        body.name = f"云州{_TRADES[n % 10]}第{n + 1}企业调解委员会（演示）"
        # every third of the registered firms has a committee of its own
        if n % 3 == 0 and n // 3 < len(known):
            body.employer = known[n // 3]
            body.name = f"{known[n // 3].name}调解委员会"[:80]
        bodies.append(body)
    made = MediationBody.objects.bulk_create(bodies, batch_size=1_000)
    first = [one for one in made if one.level != "enterprise"]
    people = islice(crowd(118), MEDIATORS)
    Mediator.objects.bulk_create(
        Mediator(
            code=f"TJY{n:03d}", name=one.name, body=first[n % len(first)], full_time=n < 24, recorded_at=now,
            skills="、".join({SKILLS[n % len(SKILLS)]: 0, SKILLS[(n // 3) % len(SKILLS)]: 0}),
            languages=_LANGUAGES[n % len(_LANGUAGES)],
        )
        for n, one in enumerate(people)
    )  # fmt: skip
    street = next(one for one in made if one.code == "TJ-Z01")
    Mediator.objects.filter(code="TJY005").update(
        body=street, user=cast.users["mei"], name=str(cast.users["mei"]), skills="工程建设欠薪、群体性争议"
    )
    record(
        actor=SYSTEM, action="mediation.directory", object_type="mediation_body", object_id=street.pk,
        summary=f"登记调解组织{len(made)}个、调解员{MEDIATORS}名（演示数据）", now=now,
    )  # fmt: skip


def _body(
    code: str, what: str, level: str, region: str, now: dt.datetime, *, place: str = "", brand: str = ""
) -> MediationBody:
    name = f"{Region.objects.get(pk=region).name}{what}" if what else ""
    return MediationBody(
        code=code, name=name, level=level, region_id=region, place=place, brand=brand, address=_ADDRESS if level != "enterprise" else "",
        phone="0999-5550166" if level in ("county", "town") else "", recorded_at=now,
    )  # fmt: skip


def _roster(now: dt.datetime) -> None:
    today, names = timezone.localdate(now), [one.name for one in islice(crowd(11), 10)]
    AidDuty.objects.bulk_create(
        AidDuty(
            region_id=region, on=today + n * _DAY, place="劳动争议联处中心", hours="9:00–17:00", lawyer=names[n % 5],
            firm="云州同舟律师事务所（演示）", officer=names[5 + n % 5], phone="0999-5550199", recorded_at=now,
        )
        for region in _COUNTIES
        for n in range(-7, 21)
        if (today + n * _DAY).weekday() < 5 or n == 0
    )  # fmt: skip


def _apply(
    cast: Cast, people: Iterator[Person], number: int, at: dt.datetime, law: Law, *, month: int = 480_000
) -> MediationCase:
    """Some people at the counter of the street, about the labour company."""
    region = Region.objects.get(pk="990101002")
    lead = applying.lead_for(region)
    assert lead is not None
    firm = cast.employers["众力"]
    said = [
        Said(one.name, one.id_number, one.phone, amounts={"worker": month + 7_550 * row}, row=row)
        for row, one in enumerate(islice(people, number), 1)
    ]
    asked = Application(
        region=region, lead=lead, applied_on=timezone.localdate(at), employer_name=firm.name, employer_code=firm.uscc,
        employer_address=_ADDRESS, employer_head="贺演示", claims="支付拖欠的两个月工资", facts="在演示工地做木工，约定按月发放，两个月没有发",
        people=said, skill="工程建设欠薪", oral=True,
    )  # fmt: skip
    return applying.apply(asked, by=cast.users["lin"], now=at, law=law)


def _given(cast: Cast, case: MediationCase, at: dt.datetime, law: Law) -> MediationCase:
    mediator = Mediator.objects.select_related("body").get(user=cast.users["mei"])
    applying.assign(
        case, body=mediator.body, mediator=mediator, by=cast.users["lin"], now=at, today=timezone.localdate(at), law=law,
        why="当事人都在街道，由街道调解",
    )  # fmt: skip
    return MediationCase.objects.select_related("matter").get(pk=case.pk)


def _agreed(
    cast: Cast, people: Iterator[Person], number: int, at: dt.datetime, days: tuple[int, ...], law: Law
) -> MediationCase:
    """Applied for, given to the street, met once, agreed two days later."""
    case = _given(cast, _apply(cast, people, number, at, law), at, law)
    mei, met = cast.users["mei"], at + _DAY
    session = sessions.appoint(
        case, at=met, place="东湖街道调解室", online=False, by=mei, now=at + dt.timedelta(hours=1)
    )
    said = sessions.Said(
        "劳动者代表、单位委托代理人",
        "两个月的工资没有发，要求付清",
        "金额没有异议，请求分期支付",
        "同意分期付清，签订协议",
    )
    sessions.hold(session, said, by=mei, now=met + dt.timedelta(hours=1), law=law)
    at = at + 2 * _DAY
    today = timezone.localdate(at)
    for party in case.parties.all():
        agreeing.describe_party(party, id_number="", phone="", address=_ADDRESS, by=mei, now=at)
    plans = {
        one.pk: agreeing.in_parts(one.claimed_fen, [today + days_ * _DAY for days_ in days])
        for one in case.parties.all()
    }
    made = agreeing.draft(
        case,
        plans,
        facts="双方对拖欠的月份和金额没有争议",
        manner="汇入劳动者本人银行卡",
        by=mei,
        now=at,
        today=today,
        law=law,
    )
    _signed(cast, case, made, session, at, law)
    return case


def _signed(
    cast: Cast, case: MediationCase, made: Agreement, session: Session, at: dt.datetime, law: Law
) -> None:
    """Everybody signs at the street's tablet before a witness; the record by one who speaks for all; then the seals."""
    mei = cast.users["mei"]
    agent = Named("褚演示", id_number=checked("99010119860412003"))
    mediator = Named(str(mei), id_number=checked("99010119790823004"))
    give: dict[str, Any] = {"employer": agent, "mediator": mediator, "by": mei, "now": at, "law": law}
    record_ = preparing.prepare_record(session, parties=[case.parties.order_by("number")[0].pk], **give)
    copies = preparing.prepare_agreement(made, **give)
    for paper in [record_, *copies]:
        for one in (
            PaperSigner.objects.filter(paper=paper).select_related(*PAPER_OF_SIGNER).order_by("number")
        ):
            if one.signed_at is None:
                TURNS.sign_at_tablet(
                    one, id_number=plain(one.id_number), witness="卫演示", consent=True, by=mei, now=at
                )
    stamping.seal_record(record_, by=mei, now=at, law=law)
    stamping.seal_agreement(made, by=mei, now=at, law=law)


def _paid(cast: Cast, people: Iterator[Person], at: dt.datetime, law: Law) -> None:
    """Paid on the day, to the last instalment."""
    case = _agreed(cast, people, 2, at, (15, 45), law)
    for one in paying.instalments_of(case):
        when = timezone.make_aware(dt.datetime.combine(one.due_on, dt.time(15)))
        paying.pay(
            one, proof="word", said="电话里本人说已到账", amount_fen=one.amount_fen, paid_on=one.due_on,
            by=cast.users["mei"], now=when, law=law,
        )  # fmt: skip


def _missed(cast: Cast, people: Iterator[Person], at: dt.datetime, law: Law) -> None:
    """The first instalment came for one of three only, and its day is over; the thirty days are not."""
    case = _agreed(cast, people, 3, at, (14, 44), law)
    one = paying.instalments_of(case).first()
    assert one is not None
    when = timezone.make_aware(dt.datetime.combine(one.due_on, dt.time(15)))
    paying.pay(
        one, proof="word", said="电话里本人说已到账", amount_fen=one.amount_fen, paid_on=one.due_on, by=cast.users["mei"],
        now=when, law=law,
    )  # fmt: skip


def _climbed(cast: Cast, people: Iterator[Person], at: dt.datetime, now: dt.datetime, law: Law) -> None:
    """Nobody agreed in the street's days: it went to the district by itself."""
    case = _given(cast, _apply(cast, people, 4, at, law), at, law)
    due = MediationCase.objects.get(pk=case.pk).stage_due_on
    if due is not None and due < timezone.localdate(now):
        moved = timezone.make_aware(dt.datetime.combine(due + _DAY, dt.time(3)))
        climbing.climb_due(due + _DAY, moved, law)


def _failed(cast: Cast, people: Iterator[Person], at: dt.datetime, law: Law) -> None:
    case = _given(cast, _apply(cast, people, 1, at, law), at, law)
    later = at + 9 * _DAY
    climbing.end_without_agreement(
        case,
        why="单位不认可拖欠的金额，双方没有谈成",
        by=cast.users["mei"],
        now=later,
        today=timezone.localdate(later),
        law=law,
    )


def _talking(cast: Cast, people: Iterator[Person], at: dt.datetime, now: dt.datetime, law: Law) -> None:
    case = _given(cast, _apply(cast, people, 3, at, law), at, law)
    tomorrow = timezone.localdate(now) + _DAY
    when = timezone.make_aware(dt.datetime.combine(tomorrow, dt.time(9, 30)))
    sessions.appoint(case, at=when, place="东湖街道调解室", online=False, by=cast.users["mei"], now=at)
