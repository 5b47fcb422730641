"""The console as it runs in an office: granian and a task worker in processes of their own, on the tests' database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from anxin.config.home import PROJECT_ROOT

#: seconds that a process may take: only what never comes is a failure, not a busy machine
PATIENCE = 180.0


def database_url() -> str:
    """The tests' database, for another process."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{settings['NAME']}"
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    return (
        f"postgresql://{settings['USER']}{password}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


#: nobody writes to it: the processes started here stop when this test run ends, however it ends
_LIFELINE, _HELD_OPEN = os.pipe()


def start(
    *arguments: str, log: Path, module: str = "anxin.cli", **environment: str
) -> subprocess.Popen[bytes]:
    """Run ``anxin ARGUMENTS`` (or another module) on the tests' database in a session of its own, output to ``log``."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=PROJECT_ROOT,
            env=os.environ
            | environment
            | {
                "DATABASE_URL": database_url(),
                "PYTHONPATH": str(PROJECT_ROOT),
                "ANXIN_LIFELINE": str(_LIFELINE),
            },
            pass_fds=[_LIFELINE],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes], *, seconds: float = 10) -> None:
    """Ask the process to stop, and end its whole group when it does not."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass(frozen=True)
class LiveConsole:
    """``url`` has no slash at its end."""

    url: str
    log: Path

    def drain(self, *, seconds: float = PATIENCE) -> None:
        """Wait until the worker has done every task that is due. Raises ``TimeoutError``."""
        from django_tasks_db.models import DBTaskResult

        deadline = time.monotonic() + seconds
        while (DBTaskResult.objects.ready() | DBTaskResult.objects.running()).exists():
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"tasks are still open after {seconds} s; see {self.log.read_text()[-2000:]}"
                )
            time.sleep(0.1)


def wait_until_ready(
    url: str, process: subprocess.Popen[bytes], log: Path, *, seconds: float = PATIENCE
) -> None:
    """Return when ``/healthz`` answers 200. Raises ``RuntimeError`` with the end of the log."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the console did not become ready:\n{log.read_text()[-4000:]}")
