"""Web service and worker are killed in the middle: every receipt given is found, nothing is doubled, all become clues."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from anxin.channels import codes, tokens
from anxin.channels.answering import find
from anxin.channels.limits import Sender
from anxin.channels.models import Submission
from anxin.channels.taking_in import queue_forgotten
from anxin.clues.models import Clue
from benchmarks import phones
from tests.monitoring import factories as make
from tests.support import console

pytestmark = pytest.mark.django_db(transaction=True)
#: so many that they take seconds, of which the first few are answered when the service is killed
FORMS, ANSWERED = 300, 10


def in_a_thread(doing: Coroutine[Any, Any, Any]) -> None:
    """Beside tests with a browser, whose driver keeps an event loop of its own on this thread."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, doing).result()


async def send_and_kill(sent, office, port: int) -> None:
    sending = asyncio.create_task(phones.offer(sent, port, 400, connections=4))
    while len([one for one in sent if one.status == 200]) < ANSWERED:
        await asyncio.sleep(0.005)
    for process in office:
        phones.kill_group(process)
    await sending


def opened(port: int, log: Path) -> list[Popen[bytes]]:
    """The web service and the worker that makes clues of what came."""
    office = [console.start("web", "--port", str(port), "--workers", "1", log=log)]
    console.wait_until_ready(f"http://127.0.0.1:{port}", office[0], log)
    return [*office, console.start("worker", log=log)]


def come_again(sent, port: int) -> None:
    """As the page's script does: whoever had no answer, or a time to come again, sends the same form until it is taken."""
    for _ in range(20):
        if not (waiting := [one for one in sent if one.status != 200]):
            return
        in_a_thread(phones.offer(waiting, port, 100, connections=4))


def test_every_receipt_given_before_the_kill_is_found_and_the_others_may_send_again(
    tmp_path, actor, now, transactional_db
):
    site = make.project("P1", region_code="990101", name="东台安置房工程")
    (board,) = codes.issue_boards([site], actor=actor, now=now)
    sent = phones.some_phones([(board.pk, tokens.token_of(board.pk))], FORMS)
    port, log = console.free_port(), tmp_path / "log"
    office = opened(port, log)
    try:
        in_a_thread(send_and_kill(sent, office, port))
        told = [one for one in sent if one.status == 200]
        assert len(told) >= ANSWERED and any(one.status == 0 for one in sent)
        assert_found(told, now)
        office = opened(port, log)
        come_again(sent, port)
        assert {one.status for one in sent} == {200}
        assert_found(sent, now)
        queue_forgotten()  # what the scheduler does every minute
        deadline = time.monotonic() + 120
        while Submission.objects.filter(clue__isnull=True).exists() and time.monotonic() < deadline:
            time.sleep(0.2)
    finally:
        for process in office:
            phones.kill_group(process)
    assert Submission.objects.count() == Clue.objects.count() == FORMS == len({one.receipt for one in sent})


def assert_found(told, now) -> None:
    for one in told:
        found = find(one.receipt, sender=Sender("203.0.113.200"), now=now)
        assert found.code is not None
