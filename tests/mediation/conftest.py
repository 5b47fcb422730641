"""A district with a town: its four levels of mediation, who mediates, an employer, and the officers above them."""

from __future__ import annotations

import datetime as dt
from functools import cache
from types import SimpleNamespace

import pytest
import typst

from anxin.accounts.models import Grant, Role, User
from anxin.clues.claimant_rows import Said
from anxin.demo.people import checked
from anxin.local_law import queries as local_law
from anxin.mediation import agreeing, applying, preparing, stamping
from anxin.mediation.applying import Application
from anxin.mediation.models import Agreement, MediationBody, MediationCase, MediationPaper, Mediator
from anxin.mediation.preparing import Named
from anxin.registry.models import Employer, Organisation
from tests.monitoring import factories as make

#: a Thursday
TODAY = dt.date(2026, 4, 2)
AGENT = Named("周某", "19900008888", checked("99010119800505003"))
MEDIATOR = Named("某shi", "19900007777")
ADDRESS = "安城县青石镇河口村3组"
IDS = (checked("99010119850312001"), checked("99010119900101001"))


def at(day: dt.date, hour: int = 10) -> dt.datetime:
    return make.at(day.isoformat(), hour)


@pytest.fixture
def centre(db, home) -> SimpleNamespace:
    """``region`` is the town 990101001; ``elsewhere`` lies in another district."""
    make.region("9901")
    make.region("990101")
    region, elsewhere = make.region("990101001"), make.region("990102")
    bureau = Organisation.objects.create(code="YC-RS", name="某区人社局", kind="bureau", region_id="990101")
    firm = Employer.objects.create(uscc="91990101MA0000009P", name="某建工公司", region_id="990101")
    people = {
        "leader": (Role.LEADER, "9901"),
        "inspector": (Role.INSPECTOR, "990101"),
        "outsider": (Role.INSPECTOR, "990102"),
        "clerk": (Role.CLERK, "990101"),
        "shi": (Role.MEDIATOR, "990101001"),
        "other": (Role.MEDIATOR, "990101001"),
    }
    users = {}
    for name, (role, code) in people.items():
        users[name] = User.objects.create_user(name, password="x", display_name=f"某{name}", office="某局")
        Grant.objects.create(user=users[name], role=role, region=code)
    bodies = {
        level: MediationBody.objects.create(
            code=f"T-{level}",
            name=f"某{level}调解组织",
            level=level,
            region_id=code,
            recorded_at=at(TODAY),
            **more,
        )
        for level, code, more in (
            ("enterprise", "990101", {"employer": firm}),
            ("village", "990101001", {"place": "河口社区"}),
            ("town", "990101001", {"brand": "石榴工作室"}),
            ("county", "990101", {}),
        )
    }
    mediators = {
        name: Mediator.objects.create(
            code=name,
            name=f"某{name}",
            body=bodies[level],
            user=users.get(name),
            recorded_at=at(TODAY),
            **more,
        )
        for name, level, more in (
            ("shi", "town", {"skills": "工程建设欠薪", "languages": "苗语、四川话"}),
            ("other", "town", {"skills": "工程建设欠薪"}),
            ("county", "county", {}),
        )
    }
    return SimpleNamespace(
        region=region, elsewhere=elsewhere, bureau=bureau, firm=firm, law=local_law.current(),
        bodies=bodies, mediators=mediators, **users,
    )  # fmt: skip


def application(centre: SimpleNamespace, **fields) -> Application:
    """Two people at the counter, 12,000.00 and 7,200.50 yuan; the firm has no committee unless it is named."""
    values = {
        "region": centre.region,
        "lead": centre.bureau,
        "applied_on": TODAY,
        "employer_name": "某建工公司",
        "employer_code": "91990101MA0000009P",
        "employer_address": "云州市建设路18号",
        "employer_head": "周大成",
        "claims": "支付2026年1月至2月的工资",
        "facts": "在安置房工地做木工，两个月没有发工资",
        "people": [
            Said("赵某某", IDS[0], "13900000001", amounts={"worker": 1_200_000}, row=1),
            Said("钱某某", IDS[1], "13900000002", amounts={"worker": 720_050}, row=2),
        ],
        "skill": "工程建设欠薪",
        **fields,
    }
    return Application(**values)


def a_case(centre: SimpleNamespace, *, on: dt.date = TODAY, **fields) -> MediationCase:
    made = applying.apply(
        application(centre, applied_on=on, **fields), by=centre.inspector, now=at(on), law=centre.law
    )
    return again(made)


def assigned(centre: SimpleNamespace, *, to: str = "shi", on: dt.date = TODAY, **fields) -> MediationCase:
    """A case that the mediator of the town has."""
    case = a_case(centre, on=on, **fields)
    mediator = centre.mediators[to]
    applying.assign(
        case, body=mediator.body, mediator=mediator, by=centre.inspector, now=at(on, 11), today=on, law=centre.law,
        why="由镇上的品牌工作室调解",
    )  # fmt: skip
    return again(case)


def in_force(
    centre: SimpleNamespace, *, days: tuple[dt.date, ...], on: dt.date = TODAY, **fields
) -> MediationCase:
    """A case whose agreement holds since ``on``, everybody's claim in equal parts on ``days``."""
    case = assigned(centre, on=on, **fields)
    for party in case.parties.all():
        agreeing.describe_party(party, id_number="", phone="", address=ADDRESS, by=centre.shi, now=at(on, 12))
    plans = {one.pk: agreeing.in_parts(one.claimed_fen, days) for one in case.parties.all()}
    made = agreeing.draft(
        case, plans, facts="双方对拖欠的月份和金额没有争议", manner="汇入劳动者本人银行卡", by=centre.shi, now=at(on, 13),
        today=on, law=centre.law,
    )  # fmt: skip
    signed_by_hand(centre, made, now=at(on, 14))
    stamping.seal_agreement(made, by=centre.shi, now=at(on, 14), law=centre.law)
    return again(case)


def prepared(centre: SimpleNamespace, made: Agreement, *, now: dt.datetime) -> list[MediationPaper]:
    """The copies of an agreement, ready for the worker, the firm's agent and the mediator."""
    return preparing.prepare_agreement(
        made, employer=AGENT, mediator=MEDIATOR, by=centre.shi, now=now, law=centre.law
    )


def signed_by_hand(centre: SimpleNamespace, made: Agreement, *, now: dt.datetime) -> None:
    """Everybody signed on paper; the scans are attached."""
    for paper in prepared(centre, made, now=now):
        signers = list(paper.signers.values_list("pk", flat=True))
        stamping.attach_scan(paper, data=scan(), name="扫描件.pdf", signed=signers, by=centre.shi, now=now)


@cache
def scan() -> bytes:
    """A page as a scanner gives it."""
    made = typst.compile(b"signed by hand", format="pdf")
    assert isinstance(made, bytes)
    return made


def again(case: MediationCase) -> MediationCase:
    return MediationCase.objects.select_related(
        "matter__lead", "matter__region", "region", "body", "mediator__user", "clue", "employer"
    ).get(pk=case.pk)
