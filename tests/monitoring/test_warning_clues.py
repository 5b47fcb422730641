"""Warnings of unpaid wages become clues by themselves: which, once, and what their clues hear afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from django_tasks_db.models import DBTaskResult

from anxin.accounts.models import Grant, Role, User
from anxin.clues.intake import Voice, take_in
from anxin.clues.models import Clue, Correction, Likeness, Telling
from anxin.clues.services import merge, triage_new
from anxin.evidence import journal
from anxin.evidence.journal import SYSTEM
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.monitoring import tasks
from anxin.monitoring.models import Level, Warning
from anxin.monitoring.warning_clues import BY_ITSELF, make_clue, take_in_warnings, tell_clues
from anxin.registry.models import Employer
from tests.monitoring import factories as make
from tests.monitoring.warnings import a_warning

pytestmark = pytest.mark.django_db
RED = Level.RED.value


@pytest.fixture
def inspector() -> User:
    user = User.objects.create_user("inspector")
    Grant.objects.create(user=user, role=Role.INSPECTOR, region="99")
    return user


def taken(now, law=None) -> int:
    return take_in_warnings(on=now.date(), now=now, law=law or local_law.current())


def of_place(region: str, **value):
    return local_law.on_trial(
        [{"key": BY_ITSELF, "region": region, "name": "某区", "from": dt.date(2026, 1, 1), "value": value, "source": "本局决定"}]
    )  # fmt: skip


def test_a_red_warning_becomes_a_clue_with_what_it_knows_and_once(now):
    warning = a_warning(level=RED, people=36, amount_fen=5_000_000)
    assert taken(now) == 1
    clue = Clue.objects.get()
    assert (clue.channel, clue.kind, clue.state, clue.sender_number) == (
        "sweep",
        "report",
        "new",
        f"预警{warning.pk}",
    )
    assert (clue.project, clue.people, clue.amount_fen, clue.arrears) == (
        warning.project,
        36,
        5_000_000,
        True,
    )
    assert {one.by_name for one in Correction.objects.filter(field="people")} == {"系统"}
    triage_new(actor=SYSTEM, now=now)  # reading moves none of it
    clue.refresh_from_db()
    assert (clue.people, clue.amount_fen, clue.arrears, clue.project) == (
        36,
        5_000_000,
        True,
        warning.project,
    )
    assert taken(now) == 0 and taken(now + dt.timedelta(days=1)) == 0


@pytest.mark.parametrize(
    "fields",
    [{"level": 3}, {"rule": "W01"}, {"rule": "W03", "advice": True}, {"state": "cleared", "cleared_on": dt.date(2026, 11, 19)},
     {"state": "clearing"}, {"muted_until": dt.date(2026, 11, 20)}],
)  # fmt: skip
def test_what_is_no_red_waiting_warning_of_unpaid_wages_does_not(now, fields):
    a_warning(**{"level": RED, **fields})
    assert taken(now) == 0 and not Clue.objects.exists()


def test_a_mute_that_has_ended_holds_nothing_back(now):
    a_warning(level=RED, muted_until=dt.date(2026, 11, 19))
    assert taken(now) == 1


def test_a_place_chooses_its_grade_or_that_none_does(now):
    here, there = make.project("HERE", region_code="990101"), make.project("THERE", region_code="990102")
    orange, elsewhere = a_warning(here, level=3), a_warning(there, level=3)
    assert taken(now, of_place("990101", by_itself=True, level="orange")) == 1
    assert Clue.objects.get().project == orange.project
    Warning.objects.filter(pk=elsewhere.pk).update(level=RED)
    assert taken(now, of_place("99", by_itself=False, level="red")) == 0
    assert taken(now) == 1


def test_click_and_sweep_never_make_two(now, inspector):
    warning, other = a_warning(level=RED), a_warning(level=RED)
    make_clue(warning, by=inspector, now=now)
    assert taken(now) == 1 and Clue.objects.count() == 2
    with pytest.raises(Refused, match="已经登记过"):
        make_clue(other, by=inspector, now=now)
    assert Clue.objects.count() == 2


def test_an_employer_without_a_place_waits_for_one(now):
    firm = Employer.objects.create(uscc="91990101MA0000001X", name="某公司")
    a_warning(employer=firm, project=None, rule="P01", level=RED)
    assert taken(now) == 0
    firm.region = make.region("990101")
    firm.save()
    assert taken(now) == 1 and Clue.objects.get().employer == firm


def told_by_worker(project, now, **fields) -> Clue:
    voice = Voice(
        channel="qr", kind="complaint", region=project.region_id, received_at=now, project=project, name="赵某某",
        text="老板没给钱，快三个月了，家里等着用。欠我们几个人的工资。", **fields,
    )  # fmt: skip
    (clue,) = take_in([voice], actor=SYSTEM, now=now)
    return clue


@pytest.mark.parametrize(("month", "proposed"), [("2026-10", True), ("2026-08", True), ("2025-10", False)])
@pytest.mark.parametrize("warned_first", [True, False])
def test_a_workers_clue_on_the_same_project_and_months_is_proposed_as_the_same(
    now, inspector, month, proposed, warned_first
):
    site = make.project("HERE", region_code="990101")
    a_warning(site, level=RED, month=month)
    if warned_first:
        taken(now)
        triage_new(actor=SYSTEM, now=now)
    worker = told_by_worker(site, now)
    if not warned_first:
        triage_new(actor=SYSTEM, now=now)
        taken(now)
    triage_new(actor=SYSTEM, now=now)
    warned = [one for one in Likeness.objects.all() if any("工资预警" in reason for reason in one.reasons)]
    assert bool(warned) is proposed
    assert Clue.objects.count() == 2 and not Clue.objects.filter(dispute__isnull=False).exists()
    if proposed:
        merge(warned[0], by=inspector, now=now)
        assert {one.dispute_id or one.pk for one in Clue.objects.all()} == {
            min(worker.pk, warned[0].first_id)
        }


def test_another_site_is_not_proposed(now):
    a_warning(make.project("HERE", region_code="990101"), level=RED)
    taken(now)
    told_by_worker(make.project("THERE", region_code="990102"), now)
    triage_new(actor=SYSTEM, now=now)
    assert not any("工资预警" in reason for one in Likeness.objects.all() for reason in one.reasons)


def test_a_cleared_warning_tells_its_clue_once_and_again_when_it_comes_back(now, inspector):
    warning = a_warning(level=RED)
    taken(now)
    clue = Clue.objects.get()
    Clue.objects.filter(pk=clue.pk).update(looked_at=now)
    assert tell_clues(now=now) == 0
    Warning.objects.filter(pk=warning.pk).update(state="cleared", cleared_on=now.date())
    assert tell_clues(now=now) == 1 and tell_clues(now=now) == 0
    latest = Telling.objects.get(clue=clue, superseded_at__isnull=True)
    assert latest.text.open().startswith("这条预警已于2026-11-20消除，请核实工资是否付清。")
    assert Telling.objects.filter(clue=clue).count() == 2, "what it said before is kept"
    clue.refresh_from_db()
    assert clue.looked_at is None and clue.state == "new", "somebody looks again; nothing is closed by itself"
    Warning.objects.filter(pk=warning.pk).update(state="open", cleared_on=None)
    assert tell_clues(now=now) == 1
    assert "这条预警又出现了" in Telling.objects.get(clue=clue, superseded_at__isnull=True).text.open()
    assert Clue.objects.count() == 1 and taken(now) == 0


def test_a_closed_clue_hears_nothing_more(now):
    warning = a_warning(level=RED)
    taken(now)
    Clue.objects.update(state="closed", closed_at=now)
    Warning.objects.filter(pk=warning.pk).update(state="cleared", cleared_on=now.date())
    assert tell_clues(now=now) == 0


def test_many_warnings_cost_as_many_queries_as_few(now, django_assert_max_num_queries):
    sites = [make.project(f"S{number}", region_code="990101") for number in range(12)]
    for site in sites:
        a_warning(site, level=RED)
    with django_assert_max_num_queries(40):
        assert taken(now) == 12


@pytest.mark.parametrize(
    "action", ["monitoring.swept", "warning.clearing_agreed", "warning.reopened_by_hand"]
)
def test_what_changes_warnings_queues_it_in_the_same_transaction(now, action):
    journal.record(actor=SYSTEM, action=action, object_type="x", object_id=1, summary="", now=now, after={})
    assert DBTaskResult.objects.filter(task_path__endswith="clues_task").count() == 1
    journal.record(
        actor=SYSTEM,
        action="monitoring.rehearsed",
        object_type="x",
        object_id=1,
        summary="",
        now=now,
        after={},
    )
    assert DBTaskResult.objects.filter(task_path__endswith="clues_task").count() == 1


def test_a_task_killed_in_the_middle_is_made_up_for_by_the_next(now, monkeypatch):
    from anxin.monitoring import warning_clues

    for _ in range(3):
        a_warning(level=RED)
    monkeypatch.setattr(warning_clues, "_PIECE", 1)
    real, calls = warning_clues.take_in, []

    def dies_at_the_second(voices, **words):
        calls.append(len(voices))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(voices, **words)

    monkeypatch.setattr(warning_clues, "take_in", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        taken(now)
    assert Clue.objects.count() == 1
    tasks.clues_task.func()
    assert Clue.objects.count() == 3
    assert Clue.objects.values("sender_number").distinct().count() == 3
