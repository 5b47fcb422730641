"""Server time of every page of the console with a whole city behind it, on PostgreSQL.

``python benchmarks/console.py [--crowd N] [--cities N] [--employers N] [--runs N]`` prints one JSON document; what is
slow comes first. Without DATABASE_URL it starts Debian's PostgreSQL, with the settings of its package but for
writing to disk; a database of its own is made beside the named one and dropped at the end.

The city is the demonstration city, whose rows are copied (``multiplying.py``): each worker with days, lines and receipts
``--crowd`` times, each site with all that hangs on it ``--cities`` times, each employer with what was reported of it until
there are ``--employers``. Then every user of the demonstration walks through the pages by their links, and each address
that was found is opened ``--runs`` times, a workbook a fifth as often. The time is that of the whole program (middleware,
queries, page) in this process, without socket and network. ``over`` counts the pages whose 95th percentile is above ``--goal`` milliseconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import own_database, server

NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--crowd", type=int, default=6, help="copies of each worker on the same sites")
    arguments.add_argument("--cities", type=int, default=30, help="copies of each site with its people")
    arguments.add_argument("--employers", type=int, default=343_595)
    arguments.add_argument("--runs", type=int, default=20)
    arguments.add_argument("--goal", type=float, default=300, help="milliseconds")
    args = arguments.parse_args()
    with TemporaryDirectory() as home, server(os.environ.get("DATABASE_URL", "")) as found:
        os.environ["ANXIN_HOME"] = home
        with own_database(found, "console"):
            rows = fill(args.crowd, args.cities, args.employers)
            pages = sorted(timed_pages(args.runs), key=lambda page: -page["p95_ms"])
    over = [page for page in pages if page["p95_ms"] > args.goal]
    print(json.dumps({"rows": rows, "over": len(over), "pages": pages}, ensure_ascii=False, indent=1))
    return 0


def fill(crowd: int, cities: int, employers: int) -> dict[str, int]:
    """Load the demonstration city and make it large; the rows of its largest tables by name."""
    from django.db import connection

    from anxin.demo.load import load
    from benchmarks.multiplying import grow

    load(say, NOW)
    started = time.perf_counter()
    tables = grow(crowd, cities, employers, say)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say(f"city multiplied in {time.perf_counter() - started:.0f} s")
    counts = {model._meta.label: model._default_manager.count() for model in tables}
    return dict(sorted(counts.items(), key=lambda pair: -pair[1])[:20])


def timed_pages(runs: int) -> Iterable[dict[str, Any]]:
    """Every route that a link leads to, with the median and the 95th percentile of its slowest address."""
    from django.conf import settings
    from django.test import Client

    from anxin.accounts.models import User
    from anxin.web import clock
    from tests.support.crawl import Walk, walk

    settings.ALLOWED_HOSTS = ["testserver"]
    clock.now = lambda: NOW  # type: ignore[assignment]
    clock.today = NOW.date  # type: ignore[assignment]
    slowest: dict[str, dict[str, Any]] = {}
    for user in User.objects.filter(is_active=True).order_by("pk"):
        client = Client()
        client.force_login(user)
        seen = Walk()
        walk(client, seen)
        assert not seen.broken, seen.broken
        say(f"{user.username}: {len(seen.where)} pages")
        for route, address in seen.where.items():
            often = max(1, runs // 5) if is_workbook(route) else runs
            took = [milliseconds(client, address) for _ in range(often)]
            page = {
                "route": route,
                "address": address,
                "user": user.username,
                "median_ms": round(statistics.median(took), 1),
                "p95_ms": round(percentile(took, 95), 1),
                "queries": seen.queries[route],
            }
            if page["p95_ms"] > slowest.get(route, {"p95_ms": -1})["p95_ms"]:
                slowest[route] = page
    return slowest.values()


def is_workbook(route: str) -> bool:
    """Whether a whole list is written out, which takes seconds and is opened less often here."""
    return route.endswith("export")


def milliseconds(client: Any, address: str) -> float:
    started = time.perf_counter()
    answer = client.get(address)
    if answer.streaming:
        for _ in answer:
            pass
    took = 1000 * (time.perf_counter() - started)
    assert answer.status_code == 200, (address, answer.status_code)
    return took


def percentile(values: list[float], share: int) -> float:
    """The smallest value that at least ``share`` per cent of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
