"""A message spoken into the form: recorded by the page itself in a real Chromium, sent, and kept as what it is."""

from __future__ import annotations

import pytest
from django.utils import timezone

from anxin.channels import codes, tokens
from anxin.channels.models import Submission, SubmissionFile
from anxin.evidence import contents, files
from anxin.evidence.journal import SYSTEM
from tests.journeys.phone_steps import from_the_board
from tests.monitoring import factories as make
from tests.support.browser import PHONE, arrived, opened


@pytest.fixture(autouse=True)
def fixed_day():
    """The console is another process and lives today."""


def test_two_seconds_spoken_are_sent_and_kept_by_their_content(browser, live_console):
    site = make.project("QH-001", name="清河安置房项目三期")
    (board,) = codes.issue_boards([site], actor=SYSTEM, now=timezone.now())
    with opened(browser, live_console.url, PHONE) as page:
        from_the_board(page, tokens.token_of(board.pk))
        button = page.locator("#record")
        button.click()
        arrived(page, "正在录音")
        page.wait_for_timeout(2000)
        button.click()
        arrived(page, "再录一段")
        page.get_by_role("button", name="提交", exact=True).click()  # nothing is written: the voice says it
        arrived(page, "收到了，请记好回执号")
        arrived(page, "附件都已收到")
        assert page.script_errors == []
    kept = SubmissionFile.objects.get()
    assert Submission.objects.get() == kept.submission
    assert (kept.kind, kept.content_type, kept.name) == ("sound", "audio/webm", "语音1.webm")
    spoken = files.read(kept.file)
    assert contents.recognise(spoken) is contents.WEBM and len(spoken) > 2000
