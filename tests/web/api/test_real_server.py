"""Against the server as it runs in an office: a killed process loses and doubles nothing, nor do calls at once."""

from __future__ import annotations

import json
import os
import secrets
import signal
import threading
import time
import urllib.error
import urllib.request

import pytest

from anxin.connections.models import KeptAnswer
from anxin.connections.scopes import INSTITUTION_SCOPES
from anxin.connections.services import issue_key
from anxin.evidence.journal import verify
from anxin.evidence.models import JournalEntry
from anxin.funds.models import AccountEntry
from anxin.registry.models import Organisation
from tests.support import console
from tests.support.api import headers_for
from tests.web.api.world import held_by

ROWS = 2000
pytestmark = pytest.mark.django_db(transaction=True)


class Program:
    """An institution's program: standard library, one call at a time."""

    def __init__(self, key_id: str, secret: str) -> None:
        self.key_id, self.secret = key_id, secret

    def post(self, url: str, path: str, content, word: str) -> tuple[dict, bool]:
        """The answer and whether it is a repeated one. Raises ``OSError`` when the line breaks."""
        body = json.dumps(content).encode()
        headers = headers_for(self.key_id, self.secret, "POST", path, body, timestamp=int(time.time()))
        request = urllib.request.Request(
            url + path,
            body,
            {**headers, "Idempotency-Key": word, "Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer), answer.headers.get("X-Anxin-Repeated") == "true"


@pytest.fixture
def held(transactional_db, actor, now):
    return held_by(Organisation.objects.create(code="BANK", name="虚构银行", kind="bank"), 1, actor, now)


@pytest.fixture
def program(held, actor, now):
    key, secret = issue_key(
        title="生产", organisation=held.institution, scopes=list(INSTITUTION_SCOPES), actor=actor, now=now
    )
    return Program(key.key_id, secret)


@pytest.fixture
def to(held):
    return f"/api/v1/accounts/{held.account.line_id}/entries"


def batch(name: str) -> dict:
    row = {"booked_on": "2026-09-01", "direction": "out", "amount_fen": 1, "purpose": "8月工资"}
    return {"entries": [{**row, "reference": f"{name}-{number}"} for number in range(ROWS)]}


def test_a_server_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing(program, to, tmp_path):
    log, port = tmp_path / "server.log", console.free_port()
    url = f"http://127.0.0.1:{port}"

    def started():
        process = console.start("web", "--port", str(port), "--workers", "1", log=log)
        console.wait_until_ready(url, process, log)
        return process

    server = started()
    begun = time.monotonic()
    program.post(url, to, batch("whole"), "word-whole")
    took, journal = time.monotonic() - begun, JournalEntry.objects.count()
    calls = broken = 0
    try:
        # The first call was slow, being the first: where the later ones are over sooner, the server falls sooner.
        for share in (0.8, 0.4, 0.2, 0.1, 0.05):
            if calls >= 2 and broken:
                break
            calls += 1
            name, known = f"cut-{share}", AccountEntry.objects.count()
            timer = threading.Timer(took * share, os.killpg, (server.pid, signal.SIGKILL))
            timer.start()
            try:
                program.post(url, to, batch(name), f"word-{name}")
            except OSError:
                broken += 1
            timer.join()
            server.wait()
            assert AccountEntry.objects.count() - known in (0, ROWS)
            server = started()
            answer, _ = program.post(url, to, batch(name), f"word-{name}")
            assert answer["accepted"] == ROWS  # the first answer, whether it was seen or not
            assert AccountEntry.objects.count() - known == ROWS
    finally:
        console.stop(server)
    assert broken, "the server was never caught at work"
    assert JournalEntry.objects.count() == journal + calls
    assert verify().intact


def test_one_call_sent_six_times_at_once_is_done_once(program, to, console_processes):
    word, content, ready = secrets.token_hex(8), batch("once"), threading.Barrier(6)
    answers: list[tuple[dict, bool]] = []

    def send():
        ready.wait(20)
        answers.append(program.post(console_processes.url, to, content, word))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(repeated for _, repeated in answers) == [False] + [True] * 5
    assert all(answer == answers[0][0] for answer, _ in answers)
    assert (AccountEntry.objects.count(), KeptAnswer.objects.count()) == (ROWS, 1)


def test_the_same_rows_under_six_words_at_once_are_recorded_once(program, to, console_processes):
    """A program that loses its own word and makes up another: the rows know themselves again."""
    content, ready = batch("words"), threading.Barrier(6)
    answers: list[dict] = []

    def send():
        ready.wait(20)
        answers.append(program.post(console_processes.url, to, content, secrets.token_hex(8))[0])

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(answer["accepted"] for answer in answers) == [0] * 5 + [ROWS]
    assert AccountEntry.objects.count() == ROWS
