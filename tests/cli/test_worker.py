"""A worker that is killed loses no task and does none twice."""

from __future__ import annotations

import os
import signal
import time

import pytest
from django_tasks_db.models import DBTaskResult

from anxin.cli.commands.worker import put_back, release_lost_batches
from anxin.cli.main import main
from anxin.evidence import imports
from anxin.evidence.journal import Actor
from tests.support import console
from tests.support.deliveries import make_project, payroll
from tests.support.tasks import wait_for_file


def wait_until(condition, *, seconds=console.PATIENCE):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def running(name, **fields):
    return DBTaskResult.objects.create(
        status="RUNNING",
        task_path="tests.support.tasks.wait_for_file",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        run_after="2026-01-01T00:00:00Z",
        worker_ids=[name],
        **fields,
    )


@pytest.mark.django_db
def test_only_the_tasks_of_this_worker_are_put_back():
    mine, other = running("main"), running("second")
    assert put_back("main") == 1
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.status, other.status) == ("READY", "RUNNING")


@pytest.mark.django_db
def test_a_task_that_moved_to_another_worker_is_that_workers():
    task = running("main")
    task.worker_ids = ["main", "second"]
    task.save()
    assert put_back("main") == 0


@pytest.fixture
def queued(home, now):
    """A batch that waits for the worker, with its task."""
    make_project(now)
    who = Actor("user:1", "某人")
    batch = imports.open_batch(
        kind="payroll", data=payroll(("王小明", 1, 5000)), filename="a.xlsx", actor=who, now=now, project_code="P1"
    )  # fmt: skip
    return imports.queue_accept(batch.pk, actor=who, now=now)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["READY", "RUNNING"])
def test_a_batch_whose_task_is_under_way_is_left_alone(queued, status):
    DBTaskResult.objects.update(status=status)
    assert release_lost_batches() == 0
    queued.refresh_from_db()
    assert queued.state == "accepting"


@pytest.mark.django_db
def test_a_batch_whose_task_ended_without_a_word_can_be_accepted_again(queued, now):
    DBTaskResult.objects.update(status="FAILED")
    assert release_lost_batches() == 1
    queued.refresh_from_db()
    assert queued.state == "failed" and "没有写入任何数据" in queued.refusal
    assert imports.queue_accept(queued.pk, actor=Actor("user:1", "某人"), now=now).state == "accepting"


@pytest.mark.parametrize("name", ["", "a/b", "a b", "x" * 65])
def test_a_name_that_cannot_name_a_lock_is_refused(name, capsys):
    assert main(["worker", "--name", name]) == 2
    assert "--name" in capsys.readouterr().err


@pytest.fixture
def workers():
    """Workers of one test, none of which outlives it."""
    started = []
    yield started
    for process in started:
        console.stop(process, seconds=5)


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_its_task_to_the_next(workers, tmp_path):
    started, go, log = tmp_path / "started", tmp_path / "go", tmp_path / "worker.log"
    result = wait_for_file.enqueue(str(started), str(go))
    workers.append(console.start("worker", "--name", "crash", log=log))
    wait_until(started.exists)
    os.killpg(workers[0].pid, signal.SIGKILL)
    workers[0].wait()
    assert DBTaskResult.objects.get(pk=result.id).status == "RUNNING"

    go.touch()
    workers.append(console.start("worker", "--name", "crash", log=log))
    wait_until(lambda: DBTaskResult.objects.get(pk=result.id).status == "SUCCESSFUL")
    assert "1 个任务已重新排队" in log.read_text()


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_of_the_same_name_is_refused(workers, tmp_path):
    started, go, log = tmp_path / "started", tmp_path / "go", tmp_path / "worker.log"
    result = wait_for_file.enqueue(str(started), str(go))
    workers.append(console.start("worker", "--name", "twin", log=log))
    wait_until(started.exists)
    workers.append(console.start("worker", "--name", "twin", log=log))
    assert workers[1].wait(30) == 2
    assert "已在运行" in log.read_text()
    go.touch()
    wait_until(lambda: DBTaskResult.objects.get(pk=result.id).status == "SUCCESSFUL")


@pytest.mark.django_db(transaction=True)
def test_a_worker_asked_to_stop_finishes_its_task_first(workers, tmp_path):
    started, go, log = tmp_path / "started", tmp_path / "go", tmp_path / "worker.log"
    result = wait_for_file.enqueue(str(started), str(go))
    workers.append(console.start("worker", "--name", "polite", log=log))
    wait_until(started.exists)
    workers[0].terminate()
    time.sleep(0.3)
    assert workers[0].poll() is None
    go.touch()
    assert workers[0].wait(30) == 0
    assert DBTaskResult.objects.get(pk=result.id).status == "SUCCESSFUL"


def ask_again(process) -> bool:
    """Two signals that fall together reach a busy process as one: ask until it has gone."""
    process.terminate()
    return process.poll() is not None


@pytest.mark.django_db(transaction=True)
def test_a_worker_asked_twice_goes_at_once_and_its_task_is_not_failed(workers, tmp_path):
    started, go, log = tmp_path / "started", tmp_path / "go", tmp_path / "worker.log"
    result = wait_for_file.enqueue(str(started), str(go))
    workers.append(console.start("worker", "--name", "hasty", log=log))
    wait_until(started.exists)
    workers[0].terminate()
    time.sleep(0.3)
    assert workers[0].poll() is None
    wait_until(lambda: ask_again(workers[0]))
    assert DBTaskResult.objects.get(pk=result.id).status == "RUNNING"
    assert put_back("hasty") == 1
