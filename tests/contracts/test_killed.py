"""The process that makes a batch is killed in the middle: the next one makes what is left, each file once and readable."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from anxin.config.home import PROJECT_ROOT
from anxin.contracts import drafting, papers
from anxin.contracts.models import Contract, ContractTelling
from anxin.evidence import files
from anxin.evidence.models import JournalEntry, StoredFile
from tests.contracts.conftest import start
from tests.contracts.test_drafting import crowd
from tests.support.console import database_url

pytestmark = pytest.mark.django_db(transaction=True)
State = Contract.State
#: three portions
PEOPLE, PORTION = 60, 20

_KILLED = textwrap.dedent(
    """
    import os, signal, sys
    import django
    django.setup()
    from pathlib import Path
    from django.conf import settings
    from django.utils import timezone
    from anxin.contracts import drafting, papers
    from anxin.evidence import files

    settings.ANXIN_HOME = Path(sys.argv[3])
    place = {"made": papers, "kept": files}[sys.argv[4]]
    name = {"made": "make", "kept": "store"}[sys.argv[4]]
    if sys.argv[5:] == ["lines"]:  # a thousand files of a line each, written to no disk before the process dies
        papers.make = lambda row, *_: (f"%PDF-{row.number}".encode(), "[]")
        os.fsync = lambda descriptor: None
    real, left = getattr(place, name), int(sys.argv[2])

    def until_killed(*arguments, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **named)

    setattr(place, name, until_killed)
    drafting.make_batch(int(sys.argv[1]), now=timezone.now())
    """
)


def _until_killed(batch: int, at: int, *more: object) -> subprocess.CompletedProcess[str]:
    """Another process that makes the batch and kills itself ``at`` a file; ``more``: home, where, and ``lines`` for cheap files."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "anxin.config.settings",
        "PYTHONPATH": str(PROJECT_ROOT),
    }
    command = [sys.executable, "-c", _KILLED, *(str(one) for one in (batch, at, *more))]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("where", "killed_at"),
    [("kept", 25), ("made", 0), ("made", 25), ("kept", 40), ("made", 59)],
    ids=[
        "while the second portion is kept",
        "before anything",
        "while it is made",
        "at the first kept of the third",
        "at the last",
    ],
)
def test_a_killed_batch_is_finished_by_the_next_process(site, home, now, where, killed_at):
    """A kill loses its portion and nothing before, wherever in a portion it comes; these files are really set."""
    kept = killed_at // PORTION * PORTION
    crowd(site, PEOPLE - len(site.people))
    batch = start(site, now).batch
    died = _until_killed(batch.pk, killed_at, home, where)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert batch.contracts.filter(state=State.SENT).count() == StoredFile.objects.count() == kept

    assert drafting.make_batch(batch.pk, now=now) == PEOPLE - kept
    made = list(batch.contracts.filter(state=State.SENT).select_related("file"))
    assert len(made) == len({one.file_id for one in made}) == StoredFile.objects.count() == PEOPLE
    assert all(files.read(one.file).startswith(b"%PDF-") for one in made)
    assert JournalEntry.objects.filter(action="contracts.made").count() == PEOPLE / PORTION


def test_a_thousand_are_killed_in_the_middle_and_finished_exactly_once(site, home, now, monkeypatch):
    """States, rows, kept files and the kill are real; a file is a line, because setting a thousand takes half a minute."""
    crowd(site, 1000 - len(site.people))
    batch = start(site, now).batch
    died = _until_killed(batch.pk, 450, home, "made", "lines")
    assert died.returncode == -signal.SIGKILL, died.stderr
    before = dict(batch.contracts.filter(state=State.SENT).values_list("pk", "file"))
    assert len(before) == StoredFile.objects.count() == ContractTelling.objects.count() == 440

    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr(papers, "make", lambda row, *_: (f"%PDF-{row.number}".encode(), "[]"))
    assert drafting.make_batch(batch.pk, now=now) == 560
    assert drafting.make_batch(batch.pk, now=now) == 0
    made = batch.contracts.filter(state=State.SENT)
    assert (
        made.count()
        == made.values("worker").distinct().count()
        == made.values("file").distinct().count()
        == 1000
    )
    assert StoredFile.objects.count() == ContractTelling.objects.count() == 1000
    assert dict(made.filter(pk__in=before).values_list("pk", "file")) == before
    for one in made.select_related("file").order_by("pk")[430:450]:
        assert files.read(one.file) == f"%PDF-{one.number}".encode()
