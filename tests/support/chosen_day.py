"""A console that reads a chosen clock: ``python -m tests.support.chosen_day --port N``, for tests alone.

The console has one place that reads the clock, ``anxin.web.clock.now``. This module starts the same application with that one
function replaced by what stands in a file of the test; nothing in the product knows of it, and no address, header or
setting of the product can move a day.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

#: the environment variable with the file's path, read in the console's process
FILE = "ANXIN_TESTS_CHOSEN_MOMENT"
_SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class ChosenClock:
    """The hand that moves the console's clock."""

    file: Path

    def set(self, day: str, hour: int = 10, minute: int = 0) -> dt.datetime:
        """From now on the console reads this moment of Shanghai; returned for services that a test calls itself."""
        date = dt.date.fromisoformat(day)
        moment = dt.datetime.combine(date, dt.time(hour, minute), tzinfo=_SHANGHAI)
        written = self.file.with_suffix(".new")
        written.write_text(moment.isoformat())
        written.replace(self.file)  # a request never reads half of it
        return moment


def chosen_now() -> dt.datetime:
    """What the console of this process takes for now."""
    return dt.datetime.fromisoformat(Path(os.environ[FILE]).read_text())


def main() -> None:
    """Serve as ``anxin web`` does, with :mod:`tests.support.chosen_day_wsgi` in place of the console's own entry."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from anxin.cli.processes import follow_parent

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    follow_parent()
    Server(
        "tests.support.chosen_day_wsgi:application",
        address="127.0.0.1",
        port=parser.parse_args().port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=4,
    ).serve()


if __name__ == "__main__":
    main()
