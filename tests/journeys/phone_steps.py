"""What a stranger does on a phone, and how what was told becomes a clue."""

from __future__ import annotations

import time

from playwright.sync_api import Page

from anxin.channels.models import Submission
from anxin.clues.models import Clue
from tests.support.browser import arrived
from tests.support.console import PATIENCE, LiveConsole


def as_wide_as_the_phone(phone: Page) -> bool:
    return phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def from_the_board(phone: Page, board: str) -> None:
    """Scan the board and open the form."""
    phone.goto(f"/s/{board}")
    phone.get_by_text("反映欠薪").first.click()
    arrived(phone, "谁欠您的工资")
    phone.wait_for_timeout(3200)  # nobody fills it in within a blink, and the page knows


def as_a_clue(live_console: LiveConsole, *, seconds: float = PATIENCE) -> Clue:
    """The one clue that the worker made of the one submission, read by the machine. Raises ``TimeoutError``."""
    deadline = time.monotonic() + seconds
    while not Submission.objects.filter(clue__arrears__isnull=False).exists():
        if time.monotonic() > deadline:
            raise TimeoutError("the submission has not become a clue that was read")
        live_console.drain()
        time.sleep(0.1)
    return Clue.objects.get()
