"""Accepting is all or nothing: a killed process, and two workers at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest
from django.db import connection

from anxin import formats
from anxin.config.home import PROJECT_ROOT
from anxin.evidence import imports, tasks
from anxin.evidence.journal import verify
from anxin.evidence.models import ImportBatch, JournalEntry, RawRows
from anxin.funds.models import BankReceipt
from anxin.payroll.models import PayrollLine
from anxin.workforce.models import Worker
from tests.formats.makers import order, results
from tests.support.console import database_url
from tests.support.deliveries import make_project, payroll

pytestmark = pytest.mark.django_db(transaction=True)

_KILLED = textwrap.dedent(
    """
    import os, signal, sys
    import django
    django.setup()
    from django.utils import timezone
    from anxin.evidence import imports, journal
    from anxin.evidence.journal import SYSTEM
    from anxin.payroll import imports as payroll_imports

    def die(*arguments, **options):
        os.kill(os.getpid(), signal.SIGKILL)

    point, batch_id = sys.argv[1], int(sys.argv[2])
    if point == "before the lines":
        payroll_imports._write = die
    elif point == "before the raw rows":
        imports.keep_raw_rows = die
    elif point == "before the journal":
        imports.record = die
    elif point == "before the commit":
        journal.react_to("import.accepted", die)
    imports.accept_batch(batch_id, actor=SYSTEM, now=timezone.now())
    """
)


def waiting_batch(actor, now, people: int = 30) -> ImportBatch:
    make_project(now)
    data = payroll(*((f"工人{index}", index, 5000 + index) for index in range(people)))
    return imports.open_batch(
        kind="payroll", data=data, filename="工资.xlsx", actor=actor, now=now, project_code="P1"
    )


def _die(script: str, point: str, batch: ImportBatch) -> subprocess.CompletedProcess:
    """Accept the batch in a process that kills itself at the point."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "anxin.config.settings",
        "PYTHONPATH": str(PROJECT_ROOT),
    }
    return subprocess.run(
        [sys.executable, "-c", script, point, str(batch.pk)], env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "point", ["before the lines", "before the raw rows", "before the journal", "before the commit"]
)
def test_killed_while_accepting_then_run_again_happens_exactly_once(point, actor, now):
    batch = waiting_batch(actor, now)
    ImportBatch.objects.filter(pk=batch.pk).update(state="accepting")
    entries = JournalEntry.objects.count()
    died = _die(_KILLED, point, batch)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert ImportBatch.objects.get(pk=batch.pk).state == "accepting"
    assert (PayrollLine.objects.count(), Worker.objects.count(), RawRows.objects.count()) == (0, 0, 0)
    assert JournalEntry.objects.count() == entries

    tasks.accept_batch_task.func(batch.pk, actor.key, actor.name)
    assert ImportBatch.objects.get(pk=batch.pk).state == "accepted"
    assert (PayrollLine.objects.count(), Worker.objects.count()) == (30, 30)
    assert JournalEntry.objects.filter(action="import.accepted").count() == 1
    assert verify().intact


def _at_once(*calls) -> list:
    """Run the calls in threads that start together, each on its own connection."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index, call):
        try:
            barrier.wait()
            results[index] = call()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_workers_accept_one_batch_at_once_and_it_happens_once(actor, now):
    batch = waiting_batch(actor, now)
    results = _at_once(*[lambda: imports.accept_batch(batch.pk, actor=actor, now=now)] * 2)
    assert [result.state for result in results] == ["accepted", "accepted"]
    assert sorted(result.already_accepted for result in results) == [False, True]
    assert PayrollLine.objects.count() == 30
    assert JournalEntry.objects.filter(action="import.accepted").count() == 1


def test_one_delivery_in_two_batches_is_accepted_from_one_of_them(actor, now):
    first = waiting_batch(actor, now)
    twin = ImportBatch.objects.get(pk=first.pk)
    twin.pk = None
    twin.save(force_insert=True)
    results = _at_once(
        *[lambda pk=pk: imports.accept_batch(pk, actor=actor, now=now) for pk in (first.pk, twin.pk)]
    )
    assert {result.pk for result in results} in ({first.pk}, {twin.pk})
    states = sorted(ImportBatch.objects.values_list("state", flat=True))
    assert states == ["accepted", "withdrawn"]
    assert PayrollLine.objects.count() == 30


def test_two_projects_that_register_the_same_people_at_once_share_them(actor, now):
    batches = []
    for code, net in (("P1", 5000), ("P2", 6000)):
        make_project(now, code=code, name=f"项目{code}")
        lines = [(f"工人{index}", index, net) for index in range(40)]
        data = payroll(*(lines if code == "P1" else reversed(lines)))
        batches.append(
            imports.open_batch(
                kind="payroll", data=data, filename=f"{code}.xlsx", actor=actor, now=now, project_code=code
            )
        )
    results = _at_once(
        *[lambda pk=batch.pk: imports.accept_batch(pk, actor=actor, now=now) for batch in batches]
    )
    assert [result.state for result in results] == ["accepted", "accepted"]
    assert (Worker.objects.count(), PayrollLine.objects.count()) == (40, 80)


_KILLED_AT_THE_BANK = _KILLED.replace(
    "anxin.payroll import imports as payroll_imports", "anxin.funds import imports as payroll_imports"
)


@pytest.mark.parametrize("point", ["before the lines", "before the raw rows", "before the commit"])
def test_killed_in_the_middle_of_a_bank_file_then_run_again_loses_and_doubles_nothing(point, actor, now):
    make_project(now)
    sent = order(300, project_code="P1")
    data = formats.get("wage_file").write_results(results(sent), sent)
    batch = imports.open_batch(
        kind="receipts", data=data, filename="回执.txt", actor=actor, now=now, project_code="P1"
    )
    ImportBatch.objects.filter(pk=batch.pk).update(state="accepting")
    died = _die(_KILLED_AT_THE_BANK, point, batch)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert (BankReceipt.objects.count(), RawRows.objects.count()) == (0, 0)

    for _ in range(2):
        tasks.accept_batch_task.func(batch.pk, actor.key, actor.name)
    paid = BankReceipt.objects.filter(superseded_at=None)
    assert (paid.count(), sum(paid.values_list("amount_fen", flat=True))) == (300, sent.total_fen)
    assert JournalEntry.objects.filter(action="import.accepted").count() == 1
    assert verify().intact
