"""``anxin scheduler``: looks every minute what is due: sweep, due days and reminders, silent gates, punches, missed reports on
emergencies, notices."""

from __future__ import annotations

import argparse
import logging
import time

NAME = "scheduler"
HELP = (
    "到点把全部项目的扫描、期限处理与提醒、待报送的数据、闸机失联检查与打卡折算、待发的通知排入任务队列；"
    "由服务管理程序调用，日常使用 anxin serve"
)
_SECONDS_BETWEEN_LOOKS = 60

logger = logging.getLogger("anxin.scheduler")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="只看一次就结束（供系统自带的定时任务调用）")


def run(args: argparse.Namespace) -> int:
    _look(raise_failures=args.once)
    # What a look queues is one transaction each, so that ending this process at any moment does no harm.
    while not args.once:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
        _look(raise_failures=False)
    return 0


def _look(*, raise_failures: bool) -> None:
    from django.db import DatabaseError, close_old_connections
    from django.utils import timezone

    from anxin.casework.tasks import enqueue_due_daily
    from anxin.channels.floods import forget as forget_floods
    from anxin.channels.scans import forget as forget_scans
    from anxin.channels.taking_in import queue_forgotten
    from anxin.connections.calls import forget as forget_calls
    from anxin.enforcement.reporting import tell_missed_reports
    from anxin.exchange.tasks import enqueue_due as enqueue_due_uploads
    from anxin.exchange.uploads.alarms import raise_alarms
    from anxin.monitoring.tasks import enqueue_due_nightly
    from anxin.notices.tasks import enqueue_due as enqueue_due_notices
    from anxin.workforce.signin import forget as forget_sign_ins
    from anxin.workforce.tasks import look_after_gates

    close_old_connections()
    try:
        enqueue_due_nightly(timezone.now())
        enqueue_due_daily(timezone.now())
        enqueue_due_uploads(timezone.now())
        # Here and not in a task: a worker that has stopped is one of the things to be told of.
        raise_alarms(timezone.now())
        look_after_gates(timezone.now())
        # Here and not in the day's run: reports are due by the hour.
        tell_missed_reports(timezone.now())
        enqueue_due_notices(timezone.now())
        # What no call and no try to sign in can need any more: look-ups by index.
        forget_calls(timezone.now())
        forget_sign_ins(timezone.now())
        forget_scans(timezone.now())
        forget_floods(timezone.now())
        # Receipts were given for these; the process that should have queued them ended before it could.
        queue_forgotten()
    except DatabaseError:
        # A database that restarts is back at the next look; a missed night is healed then.
        if raise_failures:
            raise
        logger.exception("定时任务：数据库没有应答，一分钟后再试。")
