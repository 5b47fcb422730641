"""The process that makes a batch is killed in the middle: the next one makes what is left, each file once and readable."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from anxin.config.home import PROJECT_ROOT
from anxin.contracts import drafting
from anxin.contracts.models import Contract
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
    """Another process that makes the batch and kills itself ``at`` a file; ``more``: home and where."""
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
