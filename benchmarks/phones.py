"""Phones that send the public form to a served office, and what the office has of it afterwards; for the trials beside it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
SITES = 240
#: a phone that has heard nothing for so long tries again later
PATIENCE = 30.0
#: nobody writes to it: what is started here stops when this script ends, however it ends
_LIFELINE, _HELD_OPEN = os.pipe()
_WORDS = "我们在工地做木工，从八月干到十月，工资一直没有发，老板说甲方没有拨款。"


@dataclass
class Phone:
    """One person with one form, and what came back: the HTTP status (0: nothing), the receipt, the seconds it took."""

    number: int
    key: str
    path: str
    body: bytes
    address: str
    #: the phone's mark, as the page of the form left it there
    cookie: str
    due: float = 0.0
    status: int = 0
    receipt: str = ""
    seconds: float = 0.0


@dataclass
class Outcome:
    """All phones of one trial."""

    phones: list[Phone]
    seconds: float = 0.0
    retried: int = 0
    found: dict[str, Any] = field(default_factory=dict)

    def with_status(self, *statuses: int) -> list[Phone]:
        return [phone for phone in self.phones if phone.status in statuses]


# --- the office


def prepare_sites() -> list[tuple[int, str]]:
    """Sites of an invented district, each with the code of its board: ``(number, token)``."""
    from django.utils import timezone

    from anxin.channels import codes, tokens
    from anxin.evidence.journal import SYSTEM
    from anxin.registry.models import Project, Region

    now = timezone.now()
    city = Region.objects.create(code="9901", name="虚构市")
    region = Region.objects.create(code="990101", name="虚构区", parent=city)
    sites = Project.objects.bulk_create(
        [
            Project(code=f"P{one}", name=f"虚构工程{one}", region=region, industry="housing", recorded_at=now)
            for one in range(SITES)
        ]
    )
    boards = codes.issue_boards(sites, actor=SYSTEM, now=now)
    return [(board.pk, tokens.token_of(board.pk)) for board in boards]


def some_phones(sites: Sequence[tuple[int, str]], count: int, *, first: int = 0) -> list[Phone]:
    """People of all sites in turn, each site behind one address of its own, each phone with its own mark and words."""
    import datetime as dt

    from django.utils import timezone

    from anxin.web.public import senders

    opened = timezone.now() - dt.timedelta(minutes=2)
    phones = []
    for number in range(first, first + count):
        place = number % len(sites)
        _, token = sites[place]
        key = f"phone-of-the-trial-{number:08d}-{os.getpid()}"
        told = {
            "key": key,
            "opened": senders.opened(f"mark-{number}", opened),
            "kind": "report" if number % 3 else "complaint",
            "text": f"{_WORDS}我是{number}号工友。",
            "much": "3个月，一共1万8千元",
            "people": str(1 + number % 20),
            "trade": "carpenter",
            "name": "" if number % 3 else "赵某某",
            "phone": "" if number % 3 else f"139{number:08d}",
        }
        address = f"203.0.{place // 250}.{1 + place % 250}"
        cookie = _cookie(f"mark-{number}")
        phones.append(Phone(number, key, f"/f/{token}", urlencode(told).encode(), address, cookie))
    return phones


def _cookie(mark: str) -> str:
    from django.http import HttpResponse

    from anxin.web.public import senders

    response = HttpResponse()
    senders.remember(response, mark)
    return "; ".join(f"{one.key}={one.coded_value}" for one in response.cookies.values())


class Office:
    """The product's own web service and worker, as children of this process, on loopback."""

    def __init__(self, log: Path) -> None:
        self.log = log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.children: list[subprocess.Popen[bytes]] = []

    def start_web(self) -> subprocess.Popen[bytes]:
        child = self._start("web", "--port", str(self.port))
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2)
                return child
            if child.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"the web service did not start:\n{self.log.read_text()[-2000:]}")

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker")

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as output:
            child = subprocess.Popen(
                [sys.executable, "-m", "anxin.cli", *arguments],
                cwd=ROOT,
                # behind the office's proxy, whose word on the address counts
                env=os.environ
                | {"ANXIN_HTTPS": "1", "PYTHONPATH": str(ROOT), "ANXIN_LIFELINE": str(_LIFELINE)},
                pass_fds=[_LIFELINE],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.children.append(child)
        return child

    def stop(self) -> None:
        for child in reversed(self.children):
            if child.poll() is None:
                child.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(15)
            kill_group(child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """End the child and all that it started, at once."""
    import signal

    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(10)


@contextlib.contextmanager
def served(log: Path, *, worker: bool = True) -> Iterator[Office]:
    office = Office(log)
    try:
        office.start_web()
        if worker:
            office.start_worker()
        yield office
    finally:
        office.stop()


# --- sending


async def offer(phones: Sequence[Phone], port: int, rate: float, connections: int = 64) -> float:
    """Send at this rate, whatever comes back (an open loop); the seconds it took.

    The time of each counts from the moment it was due: waiting for a free connection is part of it.
    """
    queue: asyncio.Queue[Phone | None] = asyncio.Queue()
    senders = [asyncio.create_task(_sender(queue, port)) for _ in range(connections)]
    started = time.perf_counter()
    for place, phone in enumerate(phones):
        phone.due = started + place / rate
        wait = phone.due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        queue.put_nowait(phone)
    for _ in senders:
        queue.put_nowait(None)
    await asyncio.gather(*senders)
    return time.perf_counter() - started


async def _sender(queue: asyncio.Queue[Phone | None], port: int) -> None:
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while (phone := await queue.get()) is not None:
        try:
            if line is None:
                line = await asyncio.open_connection("127.0.0.1", port)
            async with asyncio.timeout(PATIENCE):
                phone.status, body = await _exchange(*line, phone)
            phone.receipt = json.loads(body).get("receipt", "").replace(" ", "") if body else ""
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            phone.status = 0
            if line is not None:
                line[1].close()
            line = None
        phone.seconds = time.perf_counter() - phone.due
    if line is not None:
        line[1].close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, phone: Phone
) -> tuple[int, bytes]:
    writer.write(
        (
            f"POST {phone.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"X-Forwarded-For: {phone.address}\r\nX-Forwarded-Proto: https\r\nCookie: {phone.cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(phone.body)}\r\n\r\n"
        ).encode()
        + phone.body
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next(
        (int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length:")), 0
    )
    return int(head.split(" ", 2)[1]), await reader.readexactly(length)


# --- what the office has of it


def counted(outcome: Outcome, *, wait: float) -> dict[str, Any]:
    """Hold what the phones were told against the database, after everything that waits has become a clue."""
    from anxin.channels import receipts
    from anxin.channels.models import Submission
    from anxin.clues.models import Clue
    from anxin.evidence.sealing import finding_hash

    started = time.perf_counter()
    while Submission.objects.filter(clue__isnull=True).exists() and time.perf_counter() - started < wait:
        time.sleep(0.5)
    taken_in = time.perf_counter() - started
    told = {phone.key: phone.receipt for phone in outcome.with_status(200)}
    rows = dict(Submission.objects.values_list("key_hash", "receipt_hash"))
    lost = sum(
        rows.get(finding_hash("submission-key", key)) != receipts.receipt_hash(receipt)
        for key, receipt in told.items()
    )
    hashes = {finding_hash("submission-key", phone.key) for phone in outcome.phones}
    return {
        "receipts_given": len(told),
        "submissions": len(rows),
        "of_unknown_phones": len(set(rows) - hashes),
        "lost": lost,
        "doubled": Clue.objects.count() - Submission.objects.filter(clue__isnull=False).count(),
        "waiting_to_be_clues": Submission.objects.filter(clue__isnull=True).count(),
        "clues": Clue.objects.count(),
        "all_were_clues_after_s": round(taken_in, 1),
    }


def percentiles(phones: Sequence[Phone]) -> dict[str, float]:
    """Milliseconds from the moment a form was due to its answer."""
    ordered = sorted(phone.seconds for phone in phones)
    if not ordered:
        return {}
    return {
        f"p{share}_ms": round(1000 * ordered[max(0, -(-len(ordered) * share // 100) - 1)], 1)
        for share in (50, 90, 99, 100)
    }
