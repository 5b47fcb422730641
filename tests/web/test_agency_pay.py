"""总包代发 in the console: what the bureau sees of payrolls made here and of what workers said."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from anxin.agency import services
from anxin.workforce.signin import worker_actor
from tests.web.cases import a_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(world, now):
    return a_run(world, now)


@pytest.fixture
def word(world, run, now):
    worker = world.workers[1]
    return services.contest_attendance(
        world.here,
        dt.date(2026, 11, 3),
        worker=worker,
        says="我干了一天，没有记上",
        actor=worker_actor(worker),
        now=now,
    )


def test_a_run_is_shown_line_by_line_with_people_masked(sign_in, world, run):
    page = sign_in("inspector").get(f"/agency-runs/{run.pk}").content.decode()
    assert "¥600.00" in page
    assert "未答复" in page
    assert world.workers[0].name not in page


def test_what_a_worker_said_stands_on_the_project(sign_in, world, word):
    page = sign_in("inspector").get(f"/projects/{world.here.pk}/agency").content.decode()
    assert "我干了一天，没有记上" in page
    assert "待答复 1 条" in page
    assert world.workers[1].name not in page


def test_outside_the_own_district_neither_run_nor_words_exist(sign_in, world, run, word):
    client = sign_in("outsider")
    for address in (
        f"/agency-runs/{run.pk}",
        f"/agency-runs/{run.pk}/export.xlsx",
        f"/projects/{world.here.pk}/agency",
        f"/projects/{world.here.pk}/agency/words.xlsx",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("what", ["run", "words"])
def test_both_lists_export(what, sign_in, world, run, word):
    address = {
        "run": f"/agency-runs/{run.pk}/export.xlsx",
        "words": f"/projects/{world.here.pk}/agency/words.xlsx",
    }[what]
    book = openpyxl.load_workbook(io.BytesIO(sign_in("inspector").get(address).content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {"run": "600", "words": "我干了一天，没有记上"}[what] in cells
    assert not {worker.name for worker in world.workers} & set(cells)


def test_a_project_without_any_says_why(sign_in, world):
    page = sign_in("inspector").get(f"/projects/{world.there.pk}/agency")
    assert page.status_code == 404
    page = sign_in("inspector").get(f"/projects/{world.here.pk}/agency").content.decode()
    assert "还没有在系统里编制的工资表" in page
    assert "还没有工人说过话" in page


def test_the_boards_code_is_issued_by_who_may_and_seen_by_who_sees_the_project(sign_in, world):
    board = f"/projects/{world.here.pk}/site-code"
    assert "还没有工地码" in sign_in("inspector").get(board).content.decode()
    assert sign_in("leader").post(f"{board}/new").status_code == 403
    assert sign_in("outsider").post(f"{board}/new").status_code == 404
    sign_in("inspector").post(f"{board}/new")
    page = sign_in("leader").get(board).content.decode()
    assert "工地码 <strong>" in page
    assert "<svg" in page
