"""Processes that run side by side: one asked to stop stops, one whose parent is gone follows it."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from anxin.cli.errors import CommandError

#: how long a process asked to stop may take before it is ended
STOP_WITHIN_SECONDS = 6
#: names the inherited end of a pipe that the parent holds open while it lives
_LIFELINE = "ANXIN_LIFELINE"


@dataclass
class Child:
    """A sub-command of ``anxin`` running in a session of its own; ``title`` is what people read."""

    title: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until ``deadline`` (monotonic seconds), then end whatever is left of the whole group."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(deadline - time.monotonic(), 0.01))
        # Also when the child itself has gone: one that died may have left processes of its own.
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Children:
    """Starts sub-commands and ends them together."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        # Nobody writes to it: when this process ends, however it ends, the children read end-of-file and stop.
        self._read_end, self._write_end = os.pipe()

    def start(self, title: str, arguments: Sequence[str]) -> Child:
        process = subprocess.Popen(
            [sys.executable, "-m", "anxin.cli", *arguments],
            stdin=subprocess.DEVNULL,
            env=os.environ | {_LIFELINE: str(self._read_end)},
            pass_fds=[self._read_end],
            start_new_session=True,  # Ctrl-C reaches the parent alone, which stops them in order
        )
        child = Child(title, process)
        self._children.append(child)
        return child

    def dead(self) -> Child | None:
        """The first child that has ended by itself."""
        return next((child for child in self._children if child.process.poll() is not None), None)

    def stop_all(self, *, seconds: float) -> None:
        """Ask all to stop; after ``seconds`` end what is left."""
        for child in self._children:
            child.stop()
        deadline = time.monotonic() + seconds
        for child in self._children:
            child.end(deadline)


def follow_parent() -> None:
    """When started by :class:`Children`: stop as soon as the parent is gone, even killed.

    First in order; whatever of this process and its own children is left after that is ended.
    """
    lifeline = os.environ.pop(_LIFELINE, "")
    if not lifeline:
        return

    def watch() -> None:
        os.read(int(lifeline), 1)  # returns when the parent's end is closed
        os.kill(os.getpid(), signal.SIGTERM)
        # Nobody is left to see that the request was heeded: one that got lost must not leave an orphan.
        time.sleep(STOP_WITHIN_SECONDS)
        os.killpg(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


class StopSignal:
    """Set by Ctrl-C or a request to terminate; :meth:`wait` is a sleep that such a signal ends."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked.set()

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        """Whether to stop, after at most ``seconds``."""
        return self._asked.wait(seconds)


@contextmanager
def only_one(home: Path, name: str, sentence: str) -> Iterator[None]:
    """Hold ``run/NAME.lock`` in the data folder; the operating system frees it with the process.

    Raises :class:`CommandError` with ``sentence`` when another process holds it.
    """
    path = home / "run" / f"{name}.lock"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(sentence) from None
        yield
