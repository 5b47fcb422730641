"""An evidence package of one site's month: seconds and memory, from the question to the verified file.

``python benchmarks/site_month_package.py [--people 1500] [--days 31]`` writes an invented site into a database of its
own (SQLite in a temporary folder, tables made from the models) and prints one JSON document. ``made`` counts everything: rows read, hashed both ways,
signed, verified, sealed and journalled; ``independent`` is the second verifier in a process of its own. ``peak_mib``
is the most that this process ever held; ``before_mib`` what it held when the package was begun.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(ROOT))
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _most() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _id_number(serial: int) -> str:
    """An invented number of a region that does not exist."""
    body = f"990101{1960 + serial // 1000:04d}0101{serial % 1000:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def _site(people: int, days: int) -> int:
    from anxin.evidence.sealing import finding_hash
    from anxin.funds.models import BankReceipt, ReceiptMatch
    from anxin.payroll.models import Payroll, PayrollLine
    from anxin.registry.models import Organisation, Project, Region
    from anxin.workforce.models import AttendanceDay, Enrolment, Worker

    at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    here = Region.objects.create(code="990101", name="虚构区")
    office = Organisation.objects.create(code="HR", name="虚构区人社局", kind="bureau", region=here)
    site = Project.objects.create(
        code="BIG", name="虚构工程", region=here, industry="housing", responsible=office, recorded_at=at
    )
    Worker.objects.bulk_create(
        Worker(
            name=f"甲某{serial}", id_number=_id_number(serial), id_hash=finding_hash("id", _id_number(serial)),
            recorded_at=at,
        )
        for serial in range(people)
    )  # fmt: skip
    workers = list(Worker.objects.order_by("pk"))
    Enrolment.objects.bulk_create(
        Enrolment(project=site, worker=one, team=f"{one.pk % 30}班", recorded_at=at) for one in workers
    )
    AttendanceDay.objects.bulk_create(
        (
            AttendanceDay(
                project=site, worker=one, day=dt.date(2026, 10, 1) + dt.timedelta(day), share="1.00", recorded_at=at
            )
            for one in workers
            for day in range(days)
        ),
        batch_size=2000,
    )  # fmt: skip
    payroll = Payroll.objects.create(project=site, month="2026-10", first_recorded_at=at)
    PayrollLine.objects.bulk_create(
        PayrollLine(
            payroll=payroll, month="2026-10", worker=one, name=one.name, person_key=f"w{one.pk}", gross_fen=800_000,
            net_fen=800_000, content_hash=str(one.pk), recorded_at=at,
        )
        for one in workers
    )  # fmt: skip
    lines = list(PayrollLine.objects.order_by("pk"))
    BankReceipt.objects.bulk_create(
        BankReceipt(
            project=site, month="2026-10", payee_name=one.name, amount_fen=800_000, paid_on=dt.date(2026, 11, 15),
            outcome="paid", natural_key=str(one.pk), recorded_at=at,
        )
        for one in lines
    )  # fmt: skip
    ReceiptMatch.objects.bulk_create(
        ReceiptMatch(
            receipt=receipt, line=line, amount_fen=800_000, state="exact", reason="卡号一致", recorded_at=at
        )
        for receipt, line in zip(BankReceipt.objects.order_by("pk"), lines, strict=True)
    )
    return int(site.pk)


def measure(people: int, days: int, home: Path) -> dict[str, object]:
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from anxin.accounts.models import Grant, Role, User
    from anxin.cli import tables
    from anxin.dossier import keeping, making
    from anxin.dossier.models import EvidencePackage
    from anxin.dossier.subjects import OfSiteMonth
    from anxin.kernel.months import Month
    from anxin.local_law import queries as local_law
    from anxin.registry.models import Project

    tables.bring_up()
    key = _site(people, days)
    user = User.objects.create_user("leader")
    Grant.objects.create(user=user, role=Role.LEADER, region="9901")
    site = Project.objects.select_related("region", "responsible").get(pk=key)
    package = making.ask(OfSiteMonth(site, Month(2026, 10)), by=user, now=timezone.now())
    law, before = local_law.current(), _most()
    started, worked = time.perf_counter(), time.process_time()
    making.run(package.pk, now=timezone.now(), law=law)
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    peak = _most()
    done = EvidencePackage.objects.get(pk=package.pk)
    if done.state != "done":
        raise SystemExit(done.problem)
    target = home / "package.zip"
    target.write_bytes(keeping.read(done))
    started = time.perf_counter()
    verdict = subprocess.run(
        [sys.executable, "-I", str(ROOT / "anxin/proof/independent.py"), str(target)],
        capture_output=True,
        check=False,
    )
    return {
        "database": connection.vendor,
        "people": people,
        "attendance": people * days,
        "package_mib": round(done.size / 2**20, 1),
        "made_seconds": round(seconds, 1),
        "made_processor_seconds": round(processor, 1),
        "before_mib": before,
        "peak_mib": peak,
        "independent_seconds": round(time.perf_counter() - started, 1),
        "independent_exit": verdict.returncode,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1500)
    parser.add_argument("--days", type=int, default=31)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["ANXIN_HOME"] = home
        os.environ.pop("DATABASE_URL", None)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxin.config.settings")
        print(json.dumps(measure(chosen.people, chosen.days, Path(home)), indent=1))


if __name__ == "__main__":
    main()
