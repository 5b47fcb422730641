"""The web service and its worker are killed again and again while forms come in: every receipt that was given is found afterwards.

``python benchmarks/kill_server.py [--rate N] [--seconds N] [--kills N] [--sqlite]`` prints one JSON document and stops by
itself. What is killed (SIGKILL, with all its processes) are this script's own children. Phones that got no answer send
the same form once more at the end, as the page's script does; then the receipts are held against the database, and
what waited has become clues. ``lost`` and ``doubled`` as in ``public_form.py``. The database itself is not killed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import phones
from benchmarks.public_form import LONGEST, a_database


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started goes as well
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=40, help="forms a second")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--sqlite", action="store_true", help="the embedded database")
    arguments = parser.parse_args()
    count = int(arguments.rate * min(arguments.seconds, LONGEST))
    with a_database(arguments.sqlite) as folder:
        sites = phones.prepare_sites()
        outcome = phones.Outcome(phones.some_phones(sites, count))
        with phones.served(folder / "log") as office:
            asyncio.run(_killed_meanwhile(outcome, office, arguments.rate, arguments.kills))
            first = len(outcome.with_status(200))
            again = outcome.with_status(0)
            asyncio.run(phones.offer(again, office.port, 50))
            counts = phones.counted(outcome, wait=300)
    report = {
        "database": "SQLite" if arguments.sqlite else "PostgreSQL",
        "offered": count,
        "kills": arguments.kills,
        "accepted_at_once": first,
        "cut_off_and_sent_again": len(again),
        "never_accepted": count - len(outcome.with_status(200)),
        **counts,
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return 1 if counts["lost"] or counts["doubled"] or report["never_accepted"] else 0


async def _killed_meanwhile(outcome: phones.Outcome, office: phones.Office, rate: float, kills: int) -> None:
    sending = asyncio.create_task(phones.offer(outcome.phones, office.port, rate))
    for _ in range(kills):
        await asyncio.sleep(len(outcome.phones) / rate / (kills + 1))
        for child in office.children:
            phones.kill_group(child)
        office.children.clear()
        await asyncio.to_thread(office.start_web)
        office.start_worker()
    outcome.seconds = await sending


if __name__ == "__main__":
    raise SystemExit(main())
