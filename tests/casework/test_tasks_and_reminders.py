"""我的待办 and the reminder ladder."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.accounts.models import Grant, User
from anxin.casework import services
from anxin.casework.models import Task
from anxin.casework.reminding import Ladder, remind
from anxin.casework.tasklist import my_tasks, task_counts
from anxin.notices.models import Notice
from tests.casework.conftest import day
from tests.monitoring import factories as make
from tests.monitoring.warnings import a_warning


def rows(world, user, on="2026-03-05", **options):
    return my_tasks(user, day(on), law=world.law, **options).items


def test_tasks_of_my_body_with_clock_article_and_steps(world):
    matter = world.matter()
    (row,) = rows(world, world.inspector)
    assert (row.link_kind, row.link_id, row.due, row.overdue_days) == (
        "matter",
        matter.pk,
        day("2026-03-09"),
        0,
    )
    assert row.title.endswith("：“决定受理”或“决定不予受理”")
    assert row.citation.startswith("《")
    assert row.steps_ref == matter.deadlines.get().pk
    assert not row.mine


@pytest.mark.parametrize("who", ["stranger", "clerk", "auditor", "helper"])
def test_nobody_elses(world, who):
    world.matter(supporting=[world.helper_body])
    assert rows(world, getattr(world, who)) == []


def test_assigned_to_one_it_leaves_the_others_lists(world):
    matter = world.matter()
    services.assign(matter, to=world.colleague, by=world.inspector, now=make.at("2026-03-03"))
    assert [row.mine for row in rows(world, world.colleague)] == [True]
    assert rows(world, world.inspector) == []
    services.assign(matter, to=None, by=world.inspector, now=make.at("2026-03-03"))
    assert len(rows(world, world.inspector)) == 1


def test_who_lost_the_grant_loses_the_task(world):
    matter = world.matter()
    services.assign(matter, to=world.colleague, by=world.inspector, now=make.at("2026-03-03"))
    Grant.objects.filter(user=world.colleague).delete()
    assert rows(world, User.objects.get(pk=world.colleague.pk)) == []


def test_leaders_steps_are_on_leaders_lists_only(world):
    matter = world.matter("test_hearing", events={"听证会": day("2026-03-31")})
    task = matter.tasks.get()
    Task.objects.filter(pk=task.pk).update(for_leader=True)
    assert rows(world, world.inspector) == []
    assert len(rows(world, world.leader)) == 1


def test_overdue_first_with_warnings_in_one_list(world):
    site = make.project("P9", region_code="990102")
    late = world.matter()
    world.matter(on=day("2026-03-04"), now=make.at("2026-03-04"))
    warning = a_warning(site, act_by=day("2026-03-10"), assigned_to=world.inspector)
    a_warning(make.project("P8"), act_by=day("2026-03-10"), assigned_to=world.colleague)
    a_warning(make.project("P7"), act_by=None, assigned_to=world.inspector)
    found = rows(world, world.inspector, "2026-03-11")
    assert [row.due for row in found] == [day("2026-03-09"), day("2026-03-10"), day("2026-03-11"), None]
    assert (found[0].link_id, found[0].overdue_days) == (late.pk, 2)
    assert (found[1].link_kind, found[1].link_id, found[1].overdue_days) == ("warning", warning.pk, 1)
    counts = task_counts(world.inspector, day("2026-03-11"))
    assert (counts.all, counts.overdue, counts.due_today) == (4, 2, 1)


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_by_key_show_every_row_once(world, limit):
    for number in range(5):
        world.matter()
        a_warning(make.project(f"P{number}"), act_by=day("2026-03-09"), assigned_to=world.inspector)
    a_warning(make.project("PX"), act_by=None, assigned_to=world.inspector)
    seen, after = [], ""
    while True:
        page = my_tasks(world.inspector, day("2026-03-05"), law=world.law, after=after, limit=limit)
        seen += [(row.link_kind, row.link_id) for row in page.items]
        if page.next_after is None:
            break
        after = page.next_after
    assert len(seen) == len(set(seen)) == 11
    whole = my_tasks(world.inspector, day("2026-03-05"), law=world.law).items
    assert seen == [(row.link_kind, row.link_id) for row in whole]


def test_the_list_costs_the_same_however_long(world, django_assert_max_num_queries):
    for number in range(12):
        world.matter()
        a_warning(make.project(f"P{number}"), act_by=day("2026-03-09"), assigned_to=world.inspector)
    user = User.objects.get(pk=world.inspector.pk)
    with django_assert_max_num_queries(3):  # grants, tasks, warnings
        assert len(my_tasks(user, day("2026-03-05"), law=world.law).items) == 24


def test_met_is_done_and_left_is_dropped(world):
    matter = world.matter()
    world.take(matter, "refuse", "2026-03-05")
    assert matter.tasks.get(key__startswith="clock:decide").state == Task.State.DONE


# the ladder


def told(world, on):
    before = set(Notice.objects.values_list("pk", flat=True))
    remind(day(on), now=make.at(on, 3), law=world.law)
    new = Notice.objects.exclude(pk__in=before)
    return sorted(new.values_list("to__username", "kind"))


def test_ladder_of_the_parameter_file(world):
    ladder = Ladder.of(world.law, day("2026-03-05"), "990102")
    assert ladder == Ladder((1, 3, 5), True, (1, 3, 7), 1)
    reached = [(left, ladder.rung(left, 0)) for left in (6, 5, 4, 3, 2, 1)]
    assert reached == [
        (6, ""),
        (5, "before5"),
        (4, "before5"),
        (3, "before3"),
        (2, "before3"),
        (1, "before1"),
    ]
    assert ladder.rung(0, 0) == "day"
    assert [ladder.rung(0, late) for late in (1, 2, 3, 6, 7, 90)] == [
        "after1", "after1", "after3", "after3", "after7", "after7",
    ]  # fmt: skip


def test_each_rung_once_to_each_and_leaders_when_overdue(world):
    both = [("colleague", "task_due"), ("inspector", "task_due")]
    world.accepted()  # investigation until 2 June 2026, a Tuesday
    # a leader handles as well, and is told with the others
    both = sorted([*both, ("leader", "task_due")])
    assert told(world, "2026-05-25") == []
    assert told(world, "2026-05-26") == both
    assert told(world, "2026-05-26") == []
    assert told(world, "2026-05-27") == []
    assert told(world, "2026-05-28") == both
    assert told(world, "2026-06-01") == both
    assert told(world, "2026-06-02") == both
    late = [(name, "task_overdue") for name, _ in both]
    assert told(world, "2026-06-03") == late
    assert told(world, "2026-06-04") == []
    assert told(world, "2026-06-05") == late
    assert told(world, "2026-06-11") == late
    assert told(world, "2026-07-11") == []


def test_only_the_handler_before_and_the_leader_too_after(world):
    matter = world.accepted()
    services.assign(matter, to=world.colleague, by=world.inspector, now=make.at("2026-03-06"))
    assert told(world, "2026-05-26") == [("colleague", "task_due")]
    assert told(world, "2026-06-03") == [("colleague", "task_overdue"), ("leader", "task_overdue")]


def test_a_rung_without_a_run_is_made_up_for(world):
    world.accepted()
    assert len(told(world, "2026-05-27")) == 3  # the 26th was left out


def test_a_moved_due_day_begins_the_ladder_anew(world):
    matter = world.accepted()
    assert len(told(world, "2026-05-26")) == 3
    world.take(matter, "extend", "2026-05-27", by=world.leader, extension_amount=1, extension_paper="批1号")
    assert told(world, "2026-05-26") == []
    assert len(told(world, "2026-05-27")) == 3


def test_what_is_sent_holds_no_names(world):
    matter = world.matter(title="王某某 13900000000 欠薪")
    remind(day("2026-03-06"), now=make.at("2026-03-06"), law=world.law)
    notices = list(Notice.objects.all())
    assert notices
    for notice in notices:
        assert "王某某" not in notice.title + notice.body
        assert (notice.number, notice.region) == (matter.number, "990102")
        assert notice.link == f"/matters/{matter.pk}"


def test_reminding_costs_no_query_per_task(world):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            remind(day("2026-03-06"), now=make.at("2026-03-06"), law=world.law)
        return len(queries)

    world.matter()
    cost()
    one = cost()
    for _ in range(6):
        world.matter()
    cost()
    assert cost() == one <= 10
