"""Two hundred forms a second for a minute, offered to the product as it is served (``anxin web``, ``anxin worker``).

``python benchmarks/public_form.py [--rate N] [--seconds N] [--sqlite] [--mean-week N | --list FILE]`` prints one JSON document and stops by itself;
everything runs on loopback, in a folder and a database of its own that are gone afterwards. Without DATABASE_URL it
starts Debian's PostgreSQL with its package's settings: what is committed is on the disk. ``--sqlite`` offers the same to
the embedded database.

240 sites, each behind one address, every phone with words of its own. The loop is open: forms are due at the stated
rate whatever comes back, and the time of each counts from when it was due. ``refused`` had a polite answer (429 or 503)
and may come again; ``unanswered`` (no answer within 30 s, or the connection broke) are sent once more under the same
word at the end, as the page's script does. ``lost``: a receipt was given and the database does not know it.
``doubled``: clues beyond one a form. ``festival``: how far that is above the days before Spring Festival, when ten times
a mean week comes (``festival.py``, which prints it without sending anything).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import festival, phones
from benchmarks.database import own_database, server

LONGEST = 120


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started goes as well
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=200, help="forms a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--sqlite", action="store_true", help="the embedded database")
    parser.add_argument("--no-worker", action="store_true", help="nothing becomes a clue meanwhile")
    parser.add_argument("--wait", type=int, default=600, help="seconds at most until all are clues")
    festival.add_options(parser)
    arguments = parser.parse_args()
    week = festival.asked(arguments)
    count = int(arguments.rate * min(arguments.seconds, LONGEST))
    with a_database(arguments.sqlite) as folder, ExitStack() as stack:
        sites = phones.prepare_sites()
        outcome = phones.Outcome(phones.some_phones(sites, count))
        office = stack.enter_context(phones.served(folder / "log", worker=not arguments.no_worker))
        before = os.times()
        outcome.seconds = asyncio.run(phones.offer(outcome.phones, office.port, arguments.rate))
        own = os.times()
        firsts = phones.percentiles(outcome.with_status(200))
        answers = {status: len(outcome.with_status(status)) for status in (200, 429, 503, 0)}
        others = count - sum(answers.values())
        again = outcome.with_status(0)
        outcome.retried = len(again)
        asyncio.run(phones.offer(again, office.port, 50))
        if arguments.no_worker:
            office.start_worker()
        counts = phones.counted(outcome, wait=arguments.wait)
    report = {
        "database": "SQLite" if arguments.sqlite else "PostgreSQL",
        "offered": count,
        "rate": arguments.rate,
        "took_s": round(outcome.seconds, 1),
        "accepted": answers[200],
        "refused": answers[429] + answers[503],
        "unanswered": answers[0],
        "other_answers": others,
        "accepted_after_trying_again": len(outcome.with_status(200)) - answers[200],
        **firsts,
        **counts,
        "load_average": round(os.getloadavg()[0], 1),
        "sending_took_cpu_s": round(own.user - before.user + own.system - before.system, 1),
    }
    if week is not None:
        seconds = min(arguments.seconds, LONGEST)
        report["festival"] = festival.festival(week, rate=arguments.rate, seconds=seconds)
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return 1 if counts["lost"] or counts["doubled"] else 0


@contextmanager
def a_database(embedded: bool) -> Iterator[Path]:
    """A fresh database with Django set up on it, and the folder of the office."""
    with TemporaryDirectory(prefix="anxin-phones-") as name:
        folder = Path(name)
        os.environ["ANXIN_HOME"] = name
        if embedded:
            os.environ.pop("DATABASE_URL", None)
            import django

            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxin.config.settings")
            django.setup()
            from anxin.cli import tables

            tables.bring_up()
            yield folder
        else:
            named = os.environ.get("DATABASE_URL", "")
            with server(named) as url:
                if not named:
                    to_disk(url)
                with own_database(url, "phones"):
                    yield folder


def to_disk(url: str) -> None:
    """The server that tests start does not wait for the disk; a receipt is worth nothing without it."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = on")
        connection.execute("SELECT pg_reload_conf()")
    time.sleep(1)


if __name__ == "__main__":
    raise SystemExit(main())
