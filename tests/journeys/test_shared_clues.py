"""The lead desk with real messages, where they are at hand: imported as a hotline list, read, looked through, corrected.

Only numbers and numbers of messages stand here, none of their words.
"""

from __future__ import annotations

import csv
import re

import pytest
from django.utils import timezone

from anxin.accounts.models import Grant, Role, User
from anxin.clues.models import Clue, Correction
from anxin.registry.models import Region
from tests.journeys.test_clues import PASSWORD, take_in
from tests.signals.conftest import table
from tests.support.browser import arrived, sign_in
from tests.triage.test_shared_messages import FOLDER, LABELS, needs_messages

pytestmark = needs_messages


@pytest.fixture
def tickets(transactional_db, tmp_path):
    """The development messages as a hotline would send them, and who looks through them."""
    Region.objects.create(code="990101", name="云城区")
    user = User.objects.create_user("lin", password=PASSWORD, display_name="林监察", office="云城区人社局")
    Grant.objects.create(user=user, role=Role.INSPECTOR, region="990101")
    with (FOLDER / "citizen_messages_dev.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["msg_id"], row["time"], row["title"], row["text"]) for row in csv.DictReader(file)]
    path = tmp_path / "工单.csv"
    path.write_bytes(table(("工单编号", "来电时间", "标题", "内容"), *rows))
    return path, len(rows)


def test_real_messages_are_read_looked_through_and_corrected(live_console, page, tickets):
    path, sent = tickets
    sign_in(page, "lin", PASSWORD)
    take_in(page, path)
    live_console.drain()
    clues = {clue.sender_number: clue for clue in Clue.objects.all()}
    assert len(clues) >= sent - 5  # what has no day or no words comes back with its reason
    page.get_by_role("link", name="查看线索").click()
    arrived(page, page.get_by_role("heading", name="线索", exact=True))
    assert found(clues, True) >= 0.93 * len(LABELS)

    wrong = next(clue for number, clue in clues.items() if clue.arrears and number not in LABELS)
    page.goto(f"/clues/{wrong.pk}")
    page.get_by_text("更正是否欠薪").click()
    page.select_option("#v-arrears", "no")
    page.fill("#w-arrears", "电话核实，不是工资")
    page.locator("form", has=page.locator("#v-arrears")).get_by_role("button", name="更正").click()
    arrived(page, page.get_by_text("看来不是欠薪"))
    assert Correction.objects.get(clue=wrong).became == "否"

    right = next(clue for number, clue in clues.items() if clue.arrears and number in LABELS)
    page.goto(f"/clues/{right.pk}")
    page.get_by_role("button", name="判读无误").click()
    arrived(page, page.get_by_text("林监察已于"))
    page.goto("/clues?part=wages&state=new")
    number = page.get_by_role("link", name=re.compile("^欠薪")).locator(".tab-count").inner_text()
    assert int(number) == Clue.objects.filter(arrears=True).count()
    assert Clue.objects.get(pk=right.pk).looked_at <= timezone.now()
    assert page.script_errors == []


def found(clues: dict[str, Clue], arrears: bool) -> int:
    """How many of those that people found to be wages owed were read so."""
    return sum(clue.arrears is arrears for number, clue in clues.items() if number in LABELS)
