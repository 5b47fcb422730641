"""The pages of 本地数值与确认 in a real Chromium at both widths."""

from __future__ import annotations

import pytest
from django.utils import timezone

from anxin.evidence.journal import Actor
from anxin.local_law import services
from tests.local_law import notices
from tests.web.test_browser import check, enter, fixed_day, screen  # noqa: F401 – fixtures


@pytest.fixture
def recorded(transactional_db, world):
    """A year that waits for a second person, with something to doubt."""
    rows = [row for row in notices.STRETCHES_2027 if row[0] != "清明节"]
    return services.import_calendar(
        data=notices.stretches(rows),
        filename="2027年放假安排.csv",
        year=2027,
        notice="国办发明电〔2026〕99号",
        actor=Actor("user:0", "某人"),
        now=timezone.now(),
    )


def test_every_page_fits_is_silent_and_usable_by_everybody(screen, recorded):  # noqa: F811
    enter(screen, "leader")
    problems = []
    for address in (
        "/law/settings",
        "/law/settings/values",
        "/law/settings/checks",
        "/law/settings/calendars",
        f"/law/settings/calendars/{recorded.pk}",
        "/law/settings/new?text=最低工资",
        "/law/settings/new?key=warning.w03",
        "/law/settings/check?key=warning.w03&region=&from=2020-05-01",
    ):
        problems += check(screen, address)
    assert problems == []
    assert screen.script_errors == []
