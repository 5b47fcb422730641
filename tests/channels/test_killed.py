"""The web service is killed in the middle: every receipt that it gave is found, nothing is doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from anxin.channels import codes, tokens
from anxin.channels.answering import find
from anxin.channels.limits import Sender
from anxin.channels.models import Submission
from anxin.channels.taking_in import take_in_waiting
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
    phones.kill_group(office)
    await sending


def test_every_receipt_given_before_the_kill_is_found_and_the_others_may_send_again(
    tmp_path, actor, now, transactional_db
):
    site = make.project("P1", region_code="990101", name="东台安置房工程")
    (board,) = codes.issue_boards([site], actor=actor, now=now)
    sent = phones.some_phones([(board.pk, tokens.token_of(board.pk))], FORMS)
    port = console.free_port()
    arguments = ("web", "--port", str(port), "--workers", "1")
    office = console.start(*arguments, log=tmp_path / "log")
    try:
        console.wait_until_ready(f"http://127.0.0.1:{port}", office, tmp_path / "log")
        in_a_thread(send_and_kill(sent, office, port))
        told, cut_off = (
            [one for one in sent if one.status == 200],
            [one for one in sent if one.status == 0],
        )
        assert len(told) >= ANSWERED and cut_off and len(told) + len(cut_off) == FORMS
        assert_found(told, now)
        office = console.start(*arguments, log=tmp_path / "log")
        console.wait_until_ready(f"http://127.0.0.1:{port}", office, tmp_path / "log")
        in_a_thread(phones.offer(cut_off, port, 100, connections=4))
    finally:
        phones.kill_group(office)
    assert {one.status for one in sent} == {200}
    assert_found(sent, now)
    take_in_waiting(now=now)
    assert Submission.objects.count() == Clue.objects.count() == FORMS


def assert_found(told, now) -> None:
    for one in told:
        found = find(one.receipt, sender=Sender("203.0.113.200"), now=now)
        assert found.code is not None
