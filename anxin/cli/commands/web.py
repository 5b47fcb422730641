"""``anxin web``: the console alone, for a service manager."""

from __future__ import annotations

import argparse

from anxin.cli.ports import LOOPBACK, port_number, require_free
from anxin.cli.signing_setup import tell_problems

NAME = "web"
HELP = "只启动网页服务（由服务管理程序调用；日常使用 anxin serve）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=LOOPBACK, help="监听地址，默认 127.0.0.1")
    parser.add_argument("--port", help="端口，默认取环境变量 PORT，再默认 8000")
    parser.add_argument("--workers", type=int, default=2, help="进程数，默认 2")


def run(args: argparse.Namespace) -> int:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    port = port_number(args.port)
    require_free(args.host, port)
    tell_problems()
    Server(
        "anxin.config.wsgi:application",
        address=args.host,
        port=port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        # More than the forms that are let in (web/public/admission.py): the others refuse the next form and serve all
        # other pages meanwhile.
        blocking_threads=16,
        websockets=False,
        # Its only warnings are about these threads on a machine with few cores; who starts the service reads Chinese.
        log_level=LogLevels.error,
        # A browser that keeps its connection open does not hold up the end of the service.
        workers_kill_timeout=4,
    ).serve()
    return 0
