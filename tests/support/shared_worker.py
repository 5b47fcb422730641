"""The office's worker for every test with a live console: started once, at work only while a test lets it.

A worker takes some seconds to start and some more for the first sweep. One for all tests spares them that; it stands
still between them, for the tasks of other tests are not for it to take. Before each look for a task it takes the lock
of a file, which the tests hold unless it may work; so it never stands still in the middle of a task or a transaction.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: the environment variable with the file's path, read in the worker's process
FILE = "ANXIN_TESTS_WORKER_LOCK"
#: seconds between two looks in which the tests can take the lock
_OPENING = 0.02


class Reins:
    """The tests' side of the lock."""

    def __init__(self, file: Path) -> None:
        self._held = file.open("w")
        fcntl.flock(self._held, fcntl.LOCK_EX)

    @contextmanager
    def loosened(self) -> Iterator[None]:
        """The worker does tasks; at the end it has finished the one in hand."""
        fcntl.flock(self._held, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._held, fcntl.LOCK_EX)


def main() -> int:
    """``anxin worker --name shared`` that waits for the lock before each look for a task."""
    import django

    from anxin.cli.main import main as anxin

    django.setup()
    with Path(os.environ[FILE]).open("r+") as lock:
        _wait_before_each_look(lock.fileno())
        return anxin(["worker", "--name", "shared"])


def _wait_before_each_look(lock: int) -> None:
    # The loop drops dead connections before it looks for a task, and again after it has done one.
    from django_tasks_db.management.commands import db_worker

    drop_dead = db_worker.close_old_connections

    def wait() -> None:
        drop_dead()
        fcntl.flock(lock, fcntl.LOCK_UN)
        time.sleep(_OPENING)
        fcntl.flock(lock, fcntl.LOCK_EX)

    db_worker.close_old_connections = wait


if __name__ == "__main__":
    raise SystemExit(main())
