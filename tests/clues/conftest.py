"""Two districts, people who work there, and a way to deliver a list of tickets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.clues.models import Clue
from anxin.clues.services import triage_new
from anxin.evidence.imports import accept_batch, open_batch
from anxin.evidence.journal import SYSTEM, Actor
from anxin.evidence.models import ImportBatch
from anxin.registry.models import Region
from tests.signals.conftest import table

NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
HEADINGS = ("工单编号", "来电时间", "来源渠道", "诉求人", "电话", "诉求类型", "标题", "内容", "事发地址")
#: invented words of invented people
OWED = "我们14个木工在东台安置房工地给众力劳务做事，从7月到9月的工资一共18.6万元一直没有发，老板总说再等等。"
OTHER = "小区门口的路灯坏了一个星期，晚上出行不安全，请尽快维修。"


def ticket(
    number: str, text: str = OWED, *, title: str = "", place: str = "云城区", **more: str
) -> tuple[str, ...]:
    """One row; what is not said is what most rows say."""
    given = {
        "time": "2026-11-19 09:30:00",
        "channel": "12345",
        "name": "赵某某",
        "phone": "13900001234",
        **more,
    }
    return (
        number, given["time"], given["channel"], given["name"], given["phone"], given.get("category", "投诉"),
        title, text, place,
    )  # fmt: skip


@pytest.fixture
def office(db) -> SimpleNamespace:
    """A city of two districts, with an inspector in each, a leader over both and a clerk."""
    city = Region.objects.create(code="9901", name="云州市")
    here = Region.objects.create(code="990101", name="云城区", parent=city)
    there = Region.objects.create(code="990102", name="江北区", parent=city)
    people = {}
    for name, role, region in (
        ("leader", Role.LEADER, "9901"),
        ("inspector", Role.INSPECTOR, "990101"),
        ("outsider", Role.INSPECTOR, "990102"),
        ("clerk", Role.CLERK, "990101"),
    ):
        people[name] = User.objects.create_user(name, display_name=f"某{name}")
        Grant.objects.create(user=people[name], role=role, region=region)
    return SimpleNamespace(city=city, here=here, there=there, **people)


@pytest.fixture
def leaders(office) -> tuple[User, User]:
    second = User.objects.create_user("second", display_name="某副局长")
    Grant.objects.create(user=second, role=Role.LEADER, region="9901")
    return office.leader, second


@pytest.fixture
def deliver(office, home) -> Callable[..., ImportBatch]:
    """``deliver(row, row, …)``: open and accept a list, as the system or as somebody."""

    def take(
        *rows: tuple[str, ...], by: User | None = None, now: dt.datetime = NOW, headings=HEADINGS
    ) -> ImportBatch:
        actor = Actor(f"user:{by.pk}", str(by)) if by else SYSTEM
        batch = open_batch(
            kind="hotline", data=table(headings, *rows), filename="工单.csv", actor=actor, now=now
        )
        assert batch.recognition is not None, batch.refusal
        if batch.already_accepted:
            return batch
        return accept_batch(batch.pk, actor=actor, now=now, recognition=batch.recognition)

    return take


@pytest.fixture
def told(deliver) -> Callable[..., list[Clue]]:
    """Deliver and read: the clues in the order of the rows."""

    def tell(*rows: tuple[str, ...], **options) -> list[Clue]:
        deliver(*rows, **options)
        triage_new(actor=SYSTEM, now=options.get("now", NOW))
        numbers = [row[0] for row in rows]
        by_number = {clue.sender_number: clue for clue in Clue.objects.filter(sender_number__in=numbers)}
        return [by_number[number] for number in numbers]

    return tell
