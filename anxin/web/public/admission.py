"""How many forms one process works on at once; whoever comes beyond that is told at once, before the queue grows.

A form that waits unseen in a queue of minutes is one whose sender presses again or walks away. So few are worked on,
some wait for a moment, and all others hear "not yet, in so many seconds" while the words stay on their phone. The rest
of the process's threads (``anxin/cli/commands/web.py``) goes on serving everybody else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from anxin.channels.refusing import Busy

#: writers at once in one process: more only wait for each other in the database
AT_WORK = 4
#: with those that wait; must stay below the threads of a process, so that somebody is there to refuse the next one
AT_MOST = 12
#: seconds that one may wait for its turn
PATIENCE = 2.0


class Room:
    """Places for those who write; ``at_most`` inside, ``at_work`` of them at work, the others waiting for a moment."""

    def __init__(self, *, at_work: int = AT_WORK, at_most: int = AT_MOST, patience: float = PATIENCE) -> None:
        self._turns = threading.Semaphore(at_work)
        self._patience = patience
        self._at_most = at_most
        self._inside = 0
        self._lock = threading.Lock()

    def refuse_when_full(self) -> None:
        """Raises :class:`Busy` where nobody more fits; asked before the body is read, which a slow phone sends slowly."""
        if self._inside >= self._at_most:
            raise Busy

    @contextmanager
    def place(self) -> Iterator[None]:
        """A turn, after a moment's wait at most. Raises :class:`Busy`: no room, or the moment has passed."""
        self._enter()
        try:
            if not self._turns.acquire(timeout=self._patience):
                raise Busy
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._lock:
            self.refuse_when_full()
            self._inside += 1

    def _leave(self) -> None:
        with self._lock:
            self._inside -= 1


#: forms and their files, of this process
FORMS = Room()
