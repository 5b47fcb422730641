"""A thousand contracts in one action, worked by the office's own worker process, which is killed again and again: each once.

Nothing is cheaper here than in life: files are really set, signed and sealed, and messages go to a gateway. How far the
worker has come is read in the database; the kills are ordered by that. While the rest is being made, workers sign what
they got. Judging a thousand files takes minutes: of every file it is counted who signed, those around the kills are judged.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from anxin.contracts import papers
from anxin.contracts.models import Contract, ContractTelling
from anxin.contracts.papers import Consent
from anxin.contracts.tasks import make_batch_task, seal_task
from anxin.evidence import files
from anxin.evidence.models import JournalEntry, StoredFile
from anxin.evidence.sealing import Sealed
from anxin.signing.parties import Method
from anxin.signing.verifying import verify
from anxin.vouching.keys import Keys, keys_at, roots
from anxin.workforce.models import Enrolment, Worker
from tests.contracts.conftest import start
from tests.contracts.test_drafting import crowd
from tests.support import console
from tests.support.chat_sink import Gateway, chat_gateway
from tests.support.environment import HOME
from tests.support.readings import ask_seals

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
State, Outcome = Contract.State, ContractTelling.Outcome
_NUMBER = re.compile(r"（(HT\d+-\d{4})）")
PEOPLE = 1000
#: how many are done when the worker is killed: at the task's beginning, early, in the middle, near the end
KILLS = (0, 30, 480, 930)


class Office:
    """One worker process after the other, each under the same name, on the tests' database."""

    def __init__(self, home: Path, gateway: Gateway) -> None:
        self.log = home / "worker.log"
        self._set = {
            "ANXIN_HOME": str(home),
            "ANXIN_SMS_URL": gateway.url,
            "ANXIN_SMS_SECRET": "k",
            "ANXIN_URL": "https://anxin.example",
        }
        self._worker = None
        #: how many were done after each kill
        self.killed_at: list[int] = []

    def works(self, task: str, done: Callable[[], int], meanwhile: Callable[[], bool]) -> None:
        """Let the queued ``task`` be worked to its end, with a kill whenever ``done`` has come to one of :data:`KILLS`."""
        tasks = DBTaskResult.objects.filter(task_path__endswith=task)
        for number in KILLS:
            self._start()
            self._wait(lambda number=number: tasks.running().exists() and done() >= number, meanwhile)
            self.kill()
            self.killed_at.append(done())
            assert done() < PEOPLE, "the kill came too late to be one in the middle"
            assert tasks.running().count() == 1
        self._start()
        self._wait(lambda: not _open_tasks(), meanwhile)
        self.kill()
        assert self.log.read_text().count("1 个任务已重新排队") % len(KILLS) == 0
        assert set(tasks.values_list("status", flat=True)) == {"SUCCESSFUL"}

    def kill(self) -> None:
        if self._worker is not None:
            os.killpg(self._worker.pid, signal.SIGKILL)
            self._worker.wait()
            self._worker = None

    def _start(self) -> None:
        self._worker = console.start("worker", "--name", "batch", log=self.log, **self._set)

    def _wait(self, come: Callable[[], bool], meanwhile: Callable[[], bool]) -> None:
        deadline = time.monotonic() + console.PATIENCE
        while not come():
            assert self._worker is not None and self._worker.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() < deadline, "did not happen in time"
            if not meanwhile():
                time.sleep(0.2)


def _open_tasks() -> bool:
    return (DBTaskResult.objects.ready() | DBTaskResult.objects.running()).exists()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with chat_gateway() as stub:
        yield stub


@pytest.fixture
def office(home, gateway) -> Iterator[Office]:
    # the same secrets as this process: what one seals the other opens
    shutil.copytree(Path(HOME) / "secrets", home / "secrets")
    opened = Office(home, gateway)
    yield opened
    opened.kill()


def test_a_thousand_are_sent_signed_and_sealed_exactly_once_though_the_worker_is_killed(
    site, office, gateway
):
    crowd(site, PEOPLE - len(site.people))
    Worker.objects.filter(phone=None).update(phone=Sealed.of("13900009999"))
    batch = start(site, timezone.now()).batch
    made = batch.contracts.exclude(file=None)
    keys = keys_at(timezone.now())

    make_batch_task.enqueue(batch.pk)
    office.works("make_batch_task", made.count, lambda: _workers_sign(batch, keys))
    while _workers_sign(batch, keys):
        pass
    _each_was_sent_once(batch, gateway)

    ask_seals(made.values_list("pk", flat=True), user=site.clerk, now=timezone.now())
    seal_task.enqueue()
    office.killed_at.clear()
    office.works("seal_task", batch.contracts.filter(state=State.IN_FORCE).count, lambda: False)
    _each_came_into_force_once(batch, site, gateway)
    _each_file_bears_two_signatures(batch, office.killed_at)


def _workers_sign(batch, keys: Keys) -> bool:
    """Twenty of those who have got theirs sign it; whether there were any."""
    now = timezone.now()
    rows = list(batch.contracts.filter(state=State.SENT).select_related("worker", "file").order_by("pk")[:20])
    for row in rows:
        pdf = papers.read(row)
        said = Consent(Method.PHONE_CODE, now, "手机", papers.shown_digest(row), read_to_end=True)
        by = papers.worker_person(row.worker)
        pdf = papers.signed(
            pdf, slot=papers.WORKER_SLOT, person=by, consent=said, keys=keys, at=now, seal=False
        )
        row.file = files.store(pdf, name=f"{row.number}.pdf", now=now)
        row.state, row.read_at, row.worker_signed_at, row.method = State.WORKER_SIGNED, now, now, said.method
    Contract.objects.bulk_update(rows, ["file", "state", "read_at", "worker_signed_at", "method"])
    return bool(rows)


def _each_was_sent_once(batch, gateway: Gateway) -> None:
    numbers = {one.number: one for one in batch.contracts.filter(state=State.WORKER_SIGNED)}
    assert len(numbers) == len({one.worker_id for one in numbers.values()}) == PEOPLE
    # one file as it was made and one with the worker's signature
    assert StoredFile.objects.count() == 2 * PEOPLE
    assert _journalled("contracts.made") == dict.fromkeys(numbers, 1)
    _each_was_told_once(numbers, ContractTelling.Occasion.SENT, gateway)


def _each_came_into_force_once(batch, site, gateway: Gateway) -> None:
    numbers = {one.number: one for one in batch.contracts.filter(state=State.IN_FORCE)}
    assert len(numbers) == len({one.file_id for one in numbers.values()}) == PEOPLE
    assert StoredFile.objects.count() == 3 * PEOPLE
    assert _journalled("contracts.in_force") == dict.fromkeys(numbers, 1)
    _each_was_told_once(numbers, ContractTelling.Occasion.IN_FORCE, gateway)
    # the roster was told of each once: one row that was replaced, and one that stands with the contract
    rows = Enrolment.objects.filter(project=site.project)
    stands = rows.filter(superseded_at=None, contract_signed=True)
    assert (rows.count(), stands.count()) == (2 * PEOPLE, PEOPLE)
    assert dict(stands.values_list("contract_number", "contract_file")) == {
        number: one.file_id for number, one in numbers.items()
    }


def _journalled(action: str) -> dict[str, int]:
    """Number of a contract → how many entries name it, each with the file that was kept."""
    entries = [one.after["files"] for one in JournalEntry.objects.filter(action=action)]
    digests = [digest for said in entries for digest in said.values()]
    assert StoredFile.objects.filter(sha256__in=digests).count() == len(digests)
    return Counter(number for said in entries for number in said)


def _each_was_told_once(numbers: dict[str, Contract], occasion: str, gateway: Gateway) -> None:
    """Whoever signed before the message would have gone out needs none: nobody gets two."""
    told = dict(ContractTelling.objects.filter(occasion=occasion).values_list("contract__number", "outcome"))
    outcomes = Counter(told.values())
    assert told.keys() == numbers.keys() and outcomes.keys() <= {Outcome.TEXTED, Outcome.NEEDLESS}
    words = {ContractTelling.Occasion.SENT: "等您看和签", ContractTelling.Occasion.IN_FORCE: "已经生效"}
    texts = [post.content["text"] for post in gateway.posts if words[occasion] in post.content["text"]]
    said = Counter(_NUMBER.search(text)[1] for text in texts)
    assert said == {number: 1 for number, outcome in told.items() if outcome == Outcome.TEXTED}
    assert said


def _each_file_bears_two_signatures(batch, killed_at: list[int]) -> None:
    rows = list(batch.contracts.select_related("worker", "file").order_by("pk"))
    for row in rows:
        assert papers.read(row).count(b"/AnxinIdentity") == 2, row.number
    for row in [row for at in killed_at for row in rows[max(at - 2, 0) : at + 2]]:
        verdict = verify(papers.read(row), roots(), timezone.now())
        assert verdict.valid and verdict.trusted and not verdict.missing, row.number
        assert [one.name for one in verdict.signers] == [row.worker.name, "某劳务公司"]
