"""我的待办: tasks of matters and warnings assigned to me in one list, soonest due first."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from anxin.casework.models import Task
from anxin.monitoring.models import Warning
from tests.monitoring.warnings import a_warning
from tests.web.cases import a_matter, take
from tests.web.test_warnings import text


@pytest.fixture
def full(world, now):
    """Mine: one overdue, one far off; my body's: one without a handler. And a warning assigned to me."""
    late = a_matter(world, now)
    case = a_matter(world, now, "inspection_case", on=dt.date(2026, 11, 2), title="立案调查")
    a_matter(world, now, on=dt.date(2026, 11, 13), title="没有人领的投诉", handler=None)
    world.warning.assigned_to = world.inspector
    world.warning.save()
    a_warning(world.here, assigned_to=world.colleague)
    return late, case


def titles(answer) -> list[str]:
    return [row.about or row.title for row, _ in answer.context["rows"]]


def test_one_list_overdue_first_with_clock_and_article(sign_in, world, full):
    answer = sign_in("inspector").get("/tasks")
    assert titles(answer)[:3] == [
        "木工班反映没有结清工资",  # due 18 November, earlier key than the warning of that day
        world.warning.sentence,
        "没有人领的投诉",  # due today
    ]
    page = text(answer)
    for said in ("已逾期2个工作日", "今天到期", "投诉受理决定期限", "若干规定》第十八条",
                 "“决定受理并立案”", "预警处置期限", "本单位"):  # fmt: skip
        assert said in page, said


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("due=overdue", {"木工班反映没有结清工资", "warning"}),
        ("due=today", {"没有人领的投诉"}),
        ("whose=mine&due=overdue", {"木工班反映没有结清工资", "warning"}),
        ("whose=office", {"没有人领的投诉"}),
        ("kind=warning", {"warning"}),
        ("kind=paper", set()),
        ("due=overdue&kind=clock", {"木工班反映没有结清工资"}),
    ],
)
def test_filters(sign_in, world, full, query, expected):
    answer = sign_in("inspector").get(f"/tasks?{query}")
    found = {"warning" if one == world.warning.sentence else one for one in titles(answer)}
    assert found == expected
    if not expected:
        assert "没有符合条件的待办" in text(answer)


def test_this_week_leaves_out_what_is_over_and_what_is_far(sign_in, world, full):
    dues = [row.due for row, _ in sign_in("inspector").get("/tasks?due=week").context["rows"]]
    assert dues
    assert all(dt.date(2026, 11, 20) <= due <= dt.date(2026, 11, 27) for due in dues)


def test_nonsense_in_the_address_filters_nothing(sign_in, world, full):
    everything = titles(sign_in("inspector").get("/tasks"))
    assert titles(sign_in("inspector").get("/tasks?due=x&kind=y&whose=z&after=no")) == everything


def test_others_see_their_own(sign_in, world, full):
    assert "木工班" not in text(sign_in("outsider").get("/tasks"))
    assert "没有等您办理的事" in text(sign_in("outsider").get("/tasks"))
    colleague = titles(sign_in("colleague").get("/tasks"))
    assert "没有人领的投诉" in colleague
    assert "木工班反映没有结清工资" not in colleague


def test_what_only_a_leader_can_do_waits_for_the_leader(sign_in, world, now, full):
    _, case = full
    take(case, "assign", by=world.inspector, on=dt.date(2026, 11, 3), now=now)
    Task.objects.filter(matter=case, state="open").update(for_leader=True)
    assert "立案调查" in titles(sign_in("leader").get("/tasks"))
    assert "立案调查" not in titles(sign_in("inspector").get("/tasks"))


def test_a_paused_clock_says_so_instead_of_a_date(sign_in, world, now, full):
    _, case = full
    take(case, "assign", by=world.inspector, on=dt.date(2026, 11, 3), now=now)
    take(case, "suspend", by=world.leader, on=dt.date(2026, 11, 16), now=now, pause_reason="等待鉴定")
    assert "已中止" in text(sign_in("inspector").get("/tasks?kind=clock"))


def test_pages_by_key_show_every_task_once_at_the_same_cost(
    sign_in, world, now, django_assert_max_num_queries
):
    Warning.objects.all().delete()
    client = sign_in("inspector")
    for number in range(3):
        a_matter(world, now, title=f"第{number}件")
    with django_assert_max_num_queries(100) as first:
        client.get("/tasks")
    for number in range(3, 52):
        a_matter(world, now, title=f"第{number}件")
    with django_assert_max_num_queries(len(first.captured_queries)):
        answer = client.get("/tasks")
    second = client.get("/tasks", {"after": answer.context["next_key"]})
    assert sorted(titles(answer) + titles(second)) == sorted(f"第{number}件" for number in range(52))
    assert second.context["next_key"] is None


def test_the_export_opens_and_holds_the_filtered_rows(sign_in, world, full):
    answer = sign_in("inspector").get("/tasks/export.xlsx?due=overdue")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][0] == "我的待办"
    assert len(rows) == 3 + 2
    assert rows[3][2] == "木工班反映没有结清工资"


def test_home_leads_to_them_with_the_counts(sign_in, world, full):
    page = text(sign_in("inspector").get("/"))
    assert '<a href="/tasks" class="today-hot"><span class="today-number">' in page
    assert "2 件已逾期，1 件今天到期" in page
    assert page.index("我的待办") < page.index("预警已超期")
    assert page.count(world.warning.sentence) == 1  # listed among my tasks, not again below
