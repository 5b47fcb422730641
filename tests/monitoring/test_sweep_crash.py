"""A sweep is all or nothing: a killed process, and two sweeps at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest
from django.db import connection

from anxin.config.home import PROJECT_ROOT
from anxin.evidence.journal import verify
from anxin.evidence.models import JournalEntry
from anxin.monitoring.models import Gap, Sweep, Warning, WarningEvent, WarningRow
from tests.monitoring import factories as make
from tests.monitoring.test_sweep import run, the, unpaid_site
from tests.support.console import database_url

pytestmark = pytest.mark.django_db(transaction=True)

_KILLED = textwrap.dedent(
    """
    import datetime as dt, os, signal, sys
    import django
    django.setup()
    from anxin.evidence import journal
    from anxin.monitoring import recording
    from anxin.monitoring.services import sweep

    def die(*arguments, **options):
        os.kill(os.getpid(), signal.SIGKILL)

    point = sys.argv[1]
    if point == "before the rows":
        recording._replace_rows = die
    elif point == "before the gaps":
        recording._write_gaps = die
    elif point == "before the commit":
        journal.react_to("monitoring.swept", die)
    now = dt.datetime.fromisoformat(sys.argv[2])
    sweep(as_of=now.date(), known_at=now, trigger="manual", now=now)
    """
)


def everything() -> dict[str, list]:
    """All that sweeps leave behind, without the keys that another try may draw anew."""
    return {
        "warnings": list(
            Warning.objects.order_by("fingerprint").values_list(
                "fingerprint", "state", "level", "people", "amount_fen", "sentence", "first_seen", "act_by"
            )
        ),
        "rows": list(
            WarningRow.objects.order_by("keys").values_list("warning__fingerprint", "keys", "amount_fen")
        ),
        "events": list(
            WarningEvent.objects.order_by("pk").values_list("warning__fingerprint", "kind", "text")
        ),
        "gaps": list(Gap.objects.order_by("fingerprint").values_list("fingerprint", "missing", "closed_on")),
    }


@pytest.mark.parametrize("point", ["before the rows", "before the gaps", "before the commit"])
def test_killed_while_writing_then_run_again_is_as_if_it_had_run_once(point):
    site, lines = unpaid_site()
    run("2026-11-16")
    make.pay(lines[0], paid_on="2026-11-16")  # one warning to ease, one to open
    make.line(site, "2026-09", make.worker(5))
    before = everything()
    moment = make.at("2026-11-18", 22)
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "anxin.config.settings",
        "PYTHONPATH": str(PROJECT_ROOT),
    }
    died = subprocess.run(
        [sys.executable, "-c", _KILLED, point, moment.isoformat()],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert everything() == before
    assert Sweep.objects.count() == 1

    again = run("2026-11-18")
    assert again.opened >= 1
    after = everything()
    assert run("2026-11-18").continued == again.findings
    assert everything() == after
    assert JournalEntry.objects.filter(action="monitoring.swept").count() == 3
    assert verify().intact


def test_two_sweeps_at_once_end_as_one_after_the_other():
    unpaid_site()
    barrier, results = threading.Barrier(2), [None, None]

    def sweep_in_thread(index: int) -> None:
        try:
            barrier.wait()
            results[index] = run("2026-11-18")
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep_in_thread, args=(index,)) for index in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(result, Sweep) for result in results), results
    first, second = sorted(results, key=lambda result: result.pk)
    assert (first.opened, second.opened) == (first.findings, 0)
    assert second.continued == second.findings
    assert the("W03").events.count() == 1
    assert WarningRow.objects.filter(warning__rule="W03").count() == 2
