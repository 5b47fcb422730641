"""How far a running import has come, in a small file.

The import is one database transaction, so nobody else sees anything of it before it ends: the page that
polls reads this file instead.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

#: seconds between two writes of the same stage: polling is no faster
_PAUSE = 0.3


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` rows in the ``stage`` that the clerk reads."""

    done: int
    total: int
    stage: str

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


def _path(batch_id: int) -> Path:
    return Path(settings.ANXIN_HOME) / "progress" / f"{batch_id}.json"


def read(batch_id: int) -> Progress | None:
    """The last report of this batch, or ``None`` when nothing is running."""
    try:
        return Progress(**json.loads(_path(batch_id).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def clear(batch_id: int) -> None:
    _path(batch_id).unlink(missing_ok=True)


class Reporter:
    """Writes progress at most every 0.3 s per stage; a full disk never stops an import."""

    def __init__(self, batch_id: int) -> None:
        self._file = _path(batch_id)
        self._stage = ""
        self._next = 0.0

    def __call__(self, done: int, total: int, stage: str) -> None:
        clock = time.monotonic()
        if stage == self._stage and clock < self._next:
            return
        self._stage, self._next = stage, clock + _PAUSE
        partial = self._file.with_suffix(".part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(asdict(Progress(done, total, stage))), encoding="utf-8")
            partial.replace(self._file)
        except OSError:
            return
