"""Lists, one matter's page, workbooks; and that this package knows no procedure."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

import anxin.casework
from anxin.accounts.models import User
from anxin.casework import exports, queries
from anxin.casework.due import run_due
from anxin.casework.models import Matter, OversightMark
from anxin.casework.queries import MatterFilters
from anxin.law import load
from tests.casework.conftest import day
from tests.monitoring import factories as make

SOURCES = sorted(Path(anxin.casework.__file__).parent.glob("*.py"))


def named(source: str) -> set[str]:
    """Keys of shipped procedures, and of their steps and clocks where no common word, as quoted in a source."""
    keys = {procedure.key for procedure in load().procedures()}
    return {key for key in keys if re.search(rf"[\"']{key}[\"']", source)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_it_knows_no_particular_procedure(path):
    # the kind of a list row and of a link, not the procedure of the same name
    words = {"warning"} if path.name == "tasklist.py" else set()
    assert named(path.read_text(encoding="utf-8")) - words == set()


def test_the_search_for_keys_finds_them():
    assert named('if matter.procedure == "arbitration":') == {"arbitration"}


def numbers(world, user, on="2026-03-05", **filters):
    page = queries.matter_page(user, MatterFilters(**filters), on=day(on))
    return [matter.number[-5:-1] for matter in page.items]


def test_filters(world):
    site = make.project("P1", name="虚构甲工程")
    world.matter(project=site)
    world.matter(supporting=[world.helper_body], handler=world.colleague)
    world.matter(region=make.region("990102003"), title="乙工地")
    closed = world.matter()
    world.take(closed, "refuse", "2026-03-04")
    run_due(day("2026-03-13"), now=make.at("2026-03-13"), law=world.law)
    assert OversightMark.objects.count() == 3
    assert len(numbers(world, world.inspector)) == 3
    assert len(numbers(world, world.inspector, standing="closed")) == 1
    assert len(numbers(world, world.inspector, standing="all")) == 4
    assert numbers(world, world.inspector, text="虚构甲") == ["0001"]
    assert numbers(world, world.inspector, project="P1") == ["0001"]
    assert numbers(world, world.inspector, organisation="HELP") == ["0002"]
    assert numbers(world, world.colleague, mine=True) == ["0002"]
    assert len(numbers(world, world.inspector, region="990102003")) == 1
    assert numbers(world, world.inspector, text="乙工地") == ["0001"]
    assert numbers(world, world.inspector, due="today", on="2026-03-08") == []
    assert len(numbers(world, world.inspector, due="today", on="2026-03-09")) == 3
    assert len(numbers(world, world.inspector, due="overdue", on="2026-03-10")) == 3
    assert numbers(world, world.stranger) == []
    assert len(numbers(world, world.inspector, oversight=True)) == 3
    world.take(Matter.objects.get(number__endswith="0002号"), "refuse", "2026-03-16")
    assert "0002" not in numbers(world, world.inspector, oversight=True)


def test_filters_read_from_the_address():
    read = MatterFilters.read(
        {"mine": "1", "sort": "nonsense", "standing": "x", "employer": "7a", "text": " 甲 "}
    )
    assert read == MatterFilters(mine=True, text="甲")


@pytest.mark.parametrize("sort", ["due", "newest"])
def test_pages_by_key(world, sort):
    for number in range(7):
        world.matter(on=day(f"2026-03-0{1 + number % 3}"), now=make.at("2026-03-05"))
    accepted = world.accepted()
    world.take(accepted, "suspend", "2026-03-06", pause_reason="鉴定")  # has no due day now
    seen, after = [], ""
    while True:
        page = queries.matter_page(
            world.inspector, MatterFilters(sort=sort), on=day("2026-03-06"), after=after, limit=3
        )
        seen += [matter.pk for matter in page.items]
        if page.next_after is None:
            break
        after = page.next_after
    assert sorted(seen) == sorted(Matter.objects.values_list("pk", flat=True))
    if sort == "due":
        assert seen[-1] == accepted.pk


def test_counts_of_the_home_page(world, django_assert_num_queries):
    world.matter(handler=world.inspector)
    world.matter()
    run_due(day("2026-03-10"), now=make.at("2026-03-10"), law=world.law)
    user = User.objects.get(pk=world.inspector.pk)
    with django_assert_num_queries(2):  # grants, counts
        found = queries.counts(user, on=day("2026-03-10"))
    assert (found.open, found.mine, found.overdue, found.due_today, found.oversight) == (2, 1, 2, 0, 2)
    assert queries.counts(world.stranger, on=day("2026-03-10")).open == 0


def test_page_of_a_matter(world):
    matter = world.accepted(supporting=[world.helper_body])
    run_due(day("2026-06-04"), now=make.at("2026-06-04"), law=world.law)
    found = queries.matter_overview(matter, day("2026-06-04"), world.law)
    assert found.state_name == "办理中"
    assert [step.name for step in found.steps] == ["开始“试办甲程序”", "决定受理", "逾期：案件调查期限"]
    assert [shown.status.words for shown in found.clocks] == ["按期完成", "已逾期2个工作日"]
    assert [paper.kind for paper in found.documents] == ["case_filing_approval"]
    assert len(found.oversight) == 1
    assert [task.kind for task in found.tasks] == ["clock"]


def test_page_of_a_matter_costs_the_same_however_long_its_history(world, django_assert_max_num_queries):
    matter = world.accepted()
    for on in ("2026-03-09", "2026-03-16", "2026-03-23"):
        world.take(matter, "suspend", on, pause_reason="鉴定")
        world.take(matter, "resume", on)
    with django_assert_max_num_queries(9):
        queries.matter_overview(matter, day("2026-04-01"), world.law)


def test_due_day_opens_its_steps_for_who_may_see_it(world):
    clock = world.matter().deadlines.get()
    assert queries.visible_deadline(world.inspector, clock.pk) == clock
    assert queries.visible_deadline(world.stranger, clock.pk) is None
    assert queries.deadline_steps(clock, world.law).due == clock.due_on


def sheet(data: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def row(found: list[list[object]], number: int = 0) -> dict[object, object]:
    """A row by the headings."""
    return dict(zip(found[2], found[3 + number], strict=True))


def test_workbook_of_matters(world):
    matter = world.matter(title="=HYPERLINK(1)")

    def made(user) -> list[list[object]]:
        return sheet(
            exports.matters_workbook(
                user, MatterFilters(), on=day("2026-03-05"), office="虚构局", law=world.law
            )
        )

    found = made(world.inspector)
    assert "虚构局" in found[1][0]
    shown = row(found)
    assert (shown["编号"], shown["程序"], shown["状态"]) == (matter.number, "试办甲程序", "已登记")
    assert shown["事项"] == "=HYPERLINK(1)"
    assert len(made(world.stranger)) == 3


def test_workbook_of_tasks(world):
    matter = world.matter()

    def made(user) -> list[list[object]]:
        return sheet(exports.tasks_workbook(user, on=day("2026-03-11"), office="虚构局", law=world.law))

    shown = row(made(world.inspector))
    assert (shown["编号"], shown["已逾期（工作日）"]) == (matter.number, 2)
    assert str(shown["依据"]).startswith("《")
    assert len(made(world.helper)) == 3
