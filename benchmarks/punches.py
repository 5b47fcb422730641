"""Punches a second through the interface's path into PostgreSQL, against the bare database's own COPY of the same rows.

``DATABASE_URL=postgresql://… python benchmarks/punches.py [--rows N] [--batch N] [--runs N]`` prints one JSON document.
It makes a database of its own beside the named one and drops it at the end. Without DATABASE_URL it starts Debian's
PostgreSQL as the tests do. Both are measured in turn, ``--runs`` times, and the medians are compared:

- ``api``: every batch as a maker's program posts it, through all of the interface: signature checked, budget spent, effect
  once, trace kept, and everything of ``service``. Only the socket is left out (the calls are made in this process).
- ``service``: every batch as a gate sends it, from the body's bytes on: JSON read and checked, sequence and times judged,
  people found on the roster (by code and by ID number, half each), what is known already looked for, packet sealed and
  kept, punches written, the device's position moved on, one transaction a batch.
- ``copy``: the same rows, all columns of the punches' table and its indexes, by one ``COPY … FROM STDIN`` in one transaction.
- ``days``: the run that puts all these punches into days, for comparison.

``ratio`` is API rows per second by COPY rows per second, ``service_ratio`` the same for the service.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import own_database, server

NOW = dt.datetime(2026, 9, 7, 19, 0, tzinfo=dt.UTC)
PEOPLE = 1000
_COLUMNS = (
    "batch_id, project_id, device_id, sequence, worker_id, at, direction, backfilled, open_reason, person_key"
)


def timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def a_site() -> tuple[Any, list[Any]]:
    """A device on a site with people on its roster."""
    from anxin.evidence.journal import SYSTEM
    from anxin.evidence.sealing import finding_hash, seal_bytes
    from anxin.registry.models import Project, Region
    from anxin.workforce import devices
    from anxin.workforce.models import Enrolment, Worker

    region = Region.objects.create(code="990101", name="虚构区")
    project = Project.objects.create(
        code="P1", name="虚构工程", region=region, industry="housing", recorded_at=NOW
    )
    numbers = [id_number(index) for index in range(PEOPLE)]
    workers = Worker.objects.bulk_create(
        [
            Worker(
                name=f"工人{index}",
                id_number=seal_bytes(number.encode()),
                id_hash=finding_hash("id", number),
                recorded_at=NOW,
            )
            for index, number in enumerate(numbers)
        ]
    )
    Enrolment.objects.bulk_create(
        [Enrolment(project=project, worker=worker, recorded_at=NOW) for worker in workers]
    )
    vendor = devices.register_vendor("虚构厂", actor=SYSTEM, now=NOW)
    device = devices.register_device(project, vendor=vendor, serial="GZ-0001", actor=SYSTEM, now=NOW)
    return device, list(zip(workers, numbers, strict=True))


def id_number(index: int) -> str:
    """An invented ID number with the right check digit."""
    body = f"990101{1960 + index % 40}0{1 + index % 9}1{index % 10}{index % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def bodies(people: list[Any], first: int, rows: int, batch: int) -> list[bytes]:
    """What a gate sends: passages of the people in turn, within the last days."""
    from anxin.workforce.gate_people import person_code

    made = []
    for start in range(first, first + rows, batch):
        punches = []
        for sequence in range(start, min(start + batch, first + rows)):
            worker, number = people[sequence % PEOPLE]
            at = NOW - dt.timedelta(seconds=(sequence * 37) % (20 * 86400))
            named = {"id_number": number} if sequence % 2 else {"person_code": person_code(worker.pk)}
            punches.append(
                {
                    "sequence": sequence,
                    "at": at.isoformat(),
                    "direction": "in" if sequence % 4 < 2 else "out",
                    **named,
                }
            )
        made.append(json.dumps({"punches": punches}).encode())
    return made


def receive(device: Any, packets: list[bytes]) -> None:
    from anxin.web.api.gates import PunchesIn
    from anxin.workforce.punches import PunchRow, receive_punches

    for packet in packets:
        payload = PunchesIn.model_validate(json.loads(packet))
        rows = [
            PunchRow(one.sequence, one.at, one.direction, one.id_number, one.person_code, one.name)
            for one in payload.punches
        ]
        receive_punches(device, rows, packet=packet, now=NOW)


def a_caller(device: Any) -> Any:
    """A program of the device's maker with a key; the interface's clock stands still at ``NOW``."""
    from anxin.connections.scopes import GATES_WRITE
    from anxin.connections.services import issue_key
    from anxin.evidence.journal import SYSTEM
    from anxin.web import clock
    from tests.support.api import Caller

    clock.now = lambda: NOW  # type: ignore[assignment]
    key, secret = issue_key(
        title="measuring",
        vendor=device.vendor.name,
        scopes=[GATES_WRITE],
        calls_per_minute=6000,
        actor=SYSTEM,
        now=NOW,
    )
    return Caller(key.key_id, secret, int(NOW.timestamp()))


def post(caller: Any, device: Any, packets: list[bytes]) -> None:
    for packet in packets:
        answer = caller.post(f"/api/v1/gates/devices/{device.serial}/punches", packet)
        assert answer.status_code == 200, answer.content


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=20_000)
    arguments.add_argument("--batch", type=int, default=1000)
    arguments.add_argument("--runs", type=int, default=5)
    args = arguments.parse_args()
    url = os.environ.get("DATABASE_URL", "")
    with TemporaryDirectory() as home, server(url) as found:
        os.environ["ANXIN_HOME"] = home
        with own_database(found, "punches"):
            print(json.dumps(measure(args.rows, args.batch, args.runs), ensure_ascii=False, indent=2))
    return 0


def measure(rows: int, batch: int, runs: int) -> dict[str, Any]:
    from django.db import connection

    from anxin.workforce.deriving import derive_days
    from anxin.workforce.models import Punch, PunchBatch

    device, people = a_site()
    caller = a_caller(device)
    api, service, copy, days = [], [], [], []
    for run in range(runs + 1):  # the first one warms up
        first = 1 + 2 * run * rows
        packets = bodies(people, first, rows, batch)
        posted = timed(lambda packets=packets: post(caller, device, packets))
        assert Punch.objects.filter(sequence__gte=first, worker__isnull=False).count() == rows
        Punch.objects.all().delete()
        PunchBatch.objects.all().update(derived_at=NOW)
        vacuum(connection)
        first += rows
        packets = bodies(people, first, rows, batch)
        took = timed(lambda packets=packets: receive(device, packets))
        assert Punch.objects.filter(sequence__gte=first, worker__isnull=False).count() == rows
        data = exported(connection, first)
        derived = timed(lambda: derive_days(device.project_id, now=NOW))
        Punch.objects.all().delete()
        copied = timed(lambda data=data: copy_in(connection, data))
        assert Punch.objects.count() == rows
        Punch.objects.all().delete()
        PunchBatch.objects.all().update(derived_at=NOW)
        vacuum(connection)
        if run:
            api.append(posted)
            service.append(took)
            copy.append(copied)
            days.append(derived)
    speeds = {
        name: rows / statistics.median(found)
        for name, found in (("api", api), ("service", service), ("copy", copy), ("days", days))
    }
    return {
        "rows": rows,
        "batch": batch,
        "runs": runs,
        "api_rows_per_second": round(speeds["api"]),
        "service_rows_per_second": round(speeds["service"]),
        "copy_rows_per_second": round(speeds["copy"]),
        "days_punches_per_second": round(speeds["days"]),
        "ratio": round(speeds["api"] / speeds["copy"], 3),
        "service_ratio": round(speeds["service"] / speeds["copy"], 3),
    }


def exported(connection: Any, first: int) -> bytes:
    """The rows as COPY text."""
    parts = []
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY (SELECT {_COLUMNS} FROM workforce_punch WHERE sequence >= {int(first)}) TO STDOUT"
        ) as stream,
    ):
        parts += [bytes(piece) for piece in stream]
    return b"".join(parts)


def copy_in(connection: Any, data: bytes) -> None:
    from django.db import transaction

    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY workforce_punch ({_COLUMNS}) FROM STDIN") as stream,
    ):
        stream.write(data)


def vacuum(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE workforce_punch")


if __name__ == "__main__":
    raise SystemExit(main())
