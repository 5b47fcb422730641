"""Who told us is seen with a reason, by another person's yes, once, within a day; and otherwise not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from anxin.accounts.models import Grant, Role, User
from anxin.clues.models import Clue, Opening
from anxin.clues.opening import (
    approve_opening,
    ask_opening,
    deciding,
    decline_opening,
    open_sealed,
    visible_openings,
    withdraw_opening,
)
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.notices.models import Notice
from tests.clues.conftest import NOW, OWED, ticket

WHY = "联系核实欠薪人数"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def clue(told) -> Clue:
    return told(ticket("1"))[0]


@pytest.fixture
def ask(clue, office) -> Callable[..., Opening]:
    def asked(*fields: str, by: User | None = None, now: dt.datetime = NOW, why: str = WHY) -> Opening:
        return ask_opening(clue, fields or ("name", "phone"), why=why, by=by or office.inspector, now=now)

    return asked


def journalled() -> str:
    return "".join(f"{one.summary}{one.after}" for one in JournalEntry.objects.all())


def test_what_another_person_approves_is_opened_with_its_values_and_the_journal_has_none(ask, office):
    opening = ask("name", "phone", "text")
    approve_opening(opening, by=office.leader, now=NOW + HOUR)
    shown = open_sealed(opening, by=office.inspector, now=NOW + 2 * HOUR)
    assert shown == {"name": "赵某某", "phone": "13900001234", "text": OWED}
    actions = list(
        JournalEntry.objects.filter(object_type="clue").order_by("sequence").values_list("action", flat=True)
    )
    assert actions[-3:] == ["clue.opening_asked", "clue.opening_approved", "clue.opened"]
    assert WHY in journalled() and "某leader" in journalled()
    assert not any(value in journalled() for value in shown.values())


def test_whoever_asked_cannot_approve_or_decline(ask, office):
    opening = ask(by=office.leader)
    for act in (
        lambda: approve_opening(opening, by=office.leader, now=NOW),
        lambda: decline_opening(opening, why="不需要看", by=office.leader, now=NOW),
    ):
        with pytest.raises(Refused, match="另一人批准"):
            act()
    assert not deciding(office.leader).exists() and deciding(office.inspector).get() == opening


def test_the_database_too_refuses_one_person_for_both(ask, office):
    opening = ask()
    opening.state, opening.decided_by, opening.decided_at = "approved", office.inspector, NOW
    with pytest.raises(IntegrityError), transaction.atomic():
        opening.save()


@pytest.mark.parametrize("who", ["outsider", "clerk"])
def test_who_is_out_of_scope_sees_asks_and_decides_nothing(ask, clue, office, who):
    other, opening = getattr(office, who), ask()
    assert not visible_openings(other).exists()
    for act in (
        lambda: ask_opening(clue, ["name"], why=WHY, by=other, now=NOW),
        lambda: approve_opening(opening, by=other, now=NOW),
        lambda: decline_opening(opening, why="不需要看", by=other, now=NOW),
    ):
        with pytest.raises(Refused, match="没有查看"):
            act()


def test_an_approval_lasts_twenty_four_hours(ask, office):
    opening = ask()
    approve_opening(opening, by=office.leader, now=NOW)
    day = dt.timedelta(hours=24)
    with pytest.raises(Refused, match="超过24小时"):
        open_sealed(opening, by=office.inspector, now=NOW + day)
    assert open_sealed(opening, by=office.inspector, now=NOW + day - dt.timedelta(seconds=1))


def test_an_approval_is_used_once(ask, office):
    opening = ask()
    approve_opening(opening, by=office.leader, now=NOW)
    open_sealed(opening, by=office.inspector, now=NOW)
    with pytest.raises(Refused, match="已经查看过"):
        open_sealed(opening, by=office.inspector, now=NOW)
    assert JournalEntry.objects.filter(action="clue.opened").count() == 1


def test_nobody_else_opens_what_was_approved_for_one(ask, office):
    opening = ask()
    approve_opening(opening, by=office.leader, now=NOW)
    with pytest.raises(Refused, match="别人的申请"):
        open_sealed(opening, by=office.leader, now=NOW)


@pytest.mark.parametrize("state", ["waiting", "declined", "withdrawn"])
def test_what_was_not_approved_is_not_opened(ask, office, state):
    opening = ask()
    if state == "declined":
        decline_opening(opening, why="电话里已经核实", by=office.leader, now=NOW)
    elif state == "withdrawn":
        withdraw_opening(opening, by=office.inspector, now=NOW)
    with pytest.raises(Refused, match="没有批准"):
        open_sealed(opening, by=office.inspector, now=NOW)


def test_who_has_left_the_place_cannot_open_what_was_approved_before(ask, office):
    opening = ask()
    approve_opening(opening, by=office.leader, now=NOW)
    Grant.objects.filter(user=office.inspector).update(region="990102")
    with pytest.raises(Refused, match="没有查看"):
        open_sealed(opening, by=User.objects.get(pk=office.inspector.pk), now=NOW)


@pytest.mark.parametrize(
    ("fields", "why", "says"),
    [
        ((), WHY, "请选择"),
        (("mark",), WHY, "请选择"),
        (("name",), "看看", "查看目的"),
        (("name",), "看" * 201, "不能超过200"),
    ],
)
def test_a_request_that_says_nothing_is_refused(clue, office, fields, why, says):
    with pytest.raises(Refused, match=says):
        ask_opening(clue, fields, why=why, by=office.inspector, now=NOW)
    assert not Opening.objects.exists()


def test_what_nobody_told_cannot_be_asked_for(told, office):
    (clue,) = told(ticket("2", name="", phone=""))
    with pytest.raises(Refused, match="没有登记姓名、电话"):
        ask_opening(clue, ["name", "phone"], why=WHY, by=office.inspector, now=NOW)


def test_one_person_asks_once_at_a_time_and_another_beside_them(ask, office):
    ask()
    with pytest.raises(Refused, match="还在等待"):
        ask()
    ask(by=office.leader)
    assert Opening.objects.count() == 2


def test_a_request_is_decided_once_and_no_more_taken_back(ask, office):
    opening = ask()
    decline_opening(opening, why="电话里已经核实", by=office.leader, now=NOW)
    with pytest.raises(Refused, match="处理过"):
        approve_opening(opening, by=office.leader, now=NOW)
    with pytest.raises(Refused, match="有了结果"):
        withdraw_opening(opening, by=office.inspector, now=NOW)
    with pytest.raises(Refused, match="为什么不批准"):
        decline_opening(ask(), why="", by=office.leader, now=NOW)


def test_who_may_decide_is_told_and_then_whoever_asked(ask, office):
    opening = ask()
    assert [one.to for one in Notice.objects.filter(kind="clue_opening")] == [office.leader]
    approve_opening(opening, by=office.leader, now=NOW)
    answer = Notice.objects.get(to=office.inspector)
    assert "批准了您的查看申请" in answer.title
    assert "13900001234" not in "".join(f"{one.title}{one.body}" for one in Notice.objects.all())


def test_where_nobody_else_could_approve_the_request_is_refused(ask, office):
    Grant.objects.filter(role=Role.LEADER).delete()
    with pytest.raises(Refused, match="没有第二位"):
        ask()
