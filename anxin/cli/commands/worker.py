"""``anxin worker``: does the queued tasks."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from types import FrameType

from anxin.cli.errors import CommandError
from anxin.cli.output import progress
from anxin.cli.processes import only_one
from anxin.cli.signing_setup import tell_problems

NAME = "worker"
HELP = "执行排队的任务（导入、扫描）；由服务管理程序调用，日常使用 anxin serve"
_LONGEST_NAME = 64
#: a worker that has just been started has its first tasks to do, and the console beside it starts as well
_SETTLED_SECONDS = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--name", default="main", help="名称，默认 main；同时运行几个时，各取一个固定的名称，重启后不变"
    )


def run(args: argparse.Namespace) -> int:
    from django.conf import settings

    if not args.name.replace("-", "").isalnum() or len(args.name) > _LONGEST_NAME:
        raise CommandError("--name 只能用字母、数字和连字符，最多64个字符。")
    taken = f"名为“{args.name}”的任务进程已在运行；要再开一个，请用 --name 另取名称。"
    with only_one(settings.ANXIN_HOME, f"worker-{args.name}", taken):
        tell_problems()
        returned = put_back(args.name)
        if returned:
            progress(f"上次中断的 {returned} 个任务已重新排队。")
        lost = release_lost_batches()
        if lost:
            progress(f"{lost} 个文件的接收没有完成，已可以重新接收。")
        settled = threading.Timer(_SETTLED_SECONDS, _make_ready)
        settled.daemon = True
        settled.start()
        _work(args.name)
    return 0


def _make_ready() -> None:
    """Compile the rules beside the tasks, so that the first file that is accepted need not wait for it."""
    from django.db import DatabaseError, connection
    from django.utils import timezone

    from anxin.monitoring.services import make_ready
    from anxin.registry.models import Project

    try:
        if Project.objects.exists():  # nothing to sweep before there is one
            make_ready(timezone.now())
    except DatabaseError:
        return  # the tasks will say so
    finally:
        connection.close()


def put_back(name: str) -> int:
    """Queue again what the worker of this name was doing when it was killed; returns how many.

    Only while no worker of that name runs. Tasks are written so that doing them again changes nothing.
    """
    from django_tasks_db.models import DBTaskResult

    mine = [
        task.pk
        for task in DBTaskResult.objects.running().only("pk", "worker_ids")
        if task.worker_ids and task.worker_ids[-1] == name
    ]
    return DBTaskResult.objects.filter(pk__in=mine).update(status="READY", started_at=None)


def release_lost_batches() -> int:
    """Let batches be accepted again whose task has ended without saying so; returns how many.

    A task that fails because the database does not answer cannot write on its batch either: the batch would
    wait for ever, neither to be accepted nor to be given up.
    """
    from django_tasks_db.models import DBTaskResult

    from anxin.evidence.imports import mark_failed
    from anxin.evidence.models import ImportBatch
    from anxin.evidence.tasks import accept_batch_task

    waiting = set(ImportBatch.objects.filter(state=ImportBatch.State.ACCEPTING).values_list("pk", flat=True))
    if not waiting:
        return 0
    under_way = DBTaskResult.objects.filter(
        task_path=accept_batch_task.module_path, status__in=["READY", "RUNNING"]
    )
    waiting -= {task.args_kwargs["args"][0] for task in under_way.only("args_kwargs")}
    for batch in waiting:
        mark_failed(batch, sentence="接收被中断，没有写入任何数据；请再点一次“接收”。")
    return len(waiting)


def _work(name: str) -> None:
    from django_tasks_db.management.commands.db_worker import Worker

    class OfficeWorker(Worker):
        """Told twice to stop, it goes at once and leaves its task to be put back, not marked as failed."""

        def shutdown(self, signum: int, frame: FrameType | None) -> None:
            if not self.running:
                os._exit(1)
            self.running = False
            if not self.running_task:
                raise SystemExit(0)

    worker = OfficeWorker(
        queue_names=["default"],
        interval=0.5,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, worker.shutdown)
    worker.run()
