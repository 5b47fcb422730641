"""Packages opened for tests, and a site's month to make them of."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from types import SimpleNamespace

from anxin.accounts.models import Grant, Role, User
from anxin.dossier.handing import Exported
from anxin.evidence import files
from anxin.evidence.journal import Actor, record
from anxin.evidence.models import ImportBatch
from anxin.registry.models import Employer, Organisation, Participation
from tests.monitoring import factories as make
from tests.monitoring.warnings import a_warning

NOW = make.at("2026-11-20", hour=10)
DATA = "姓名,身份证号,实发\n甲工人1,990101,6000\n".encode()


def inside(made: Exported) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made.content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rows(made: Exported, slug: str) -> list[dict]:
    content = inside(made).get(f"rows/{slug}.jsonl", b"")
    return [json.loads(line) for line in content.splitlines()]


def person(name: str, role: str, region: str) -> User:
    user = User.objects.create_user(name, display_name=f"某{name}")
    Grant.objects.create(user=user, role=role, region=region)
    return user


def a_site(now: dt.datetime = NOW) -> SimpleNamespace:
    """October on one site: three on the roster, a payroll out of a file and its correction, one receipt, a warning."""
    body = Organisation.objects.create(code="HR", name="某区人社局", kind="bureau")
    site = make.project("SITE", region_code="990101", responsible=body, name="东台安置房工程")
    firm = Employer.objects.create(uscc="91990101MA0000009P", name="某建工公司")
    Participation.objects.create(project=site, employer=firm, role="general_contractor")
    workers = [
        make.worker(serial, name) for serial, name in enumerate(("欧阳木", "慕容石", "司徒瓦"), start=1)
    ]
    make.enrol(site, *workers, team="木工班", entry=dt.date(2026, 9, 1))
    batch = ImportBatch.objects.create(
        kind="payroll", state="accepted", file=files.store(DATA, name="10月工资.csv", now=now), filename="10月工资.csv",
        project_code="SITE", month="2026-10", fingerprint="x", delivered_by="user:1", delivered_by_name="某专管员",
        delivered_at=now, rows_accepted=3,
    )  # fmt: skip
    record(
        actor=Actor("user:1", "某专管员"), action="import.accepted", object_type="import_batch", object_id=batch.pk,
        summary="接收10月工资.csv", now=now,
    )  # fmt: skip
    for worker in workers:
        make.attend(site, worker, "2026-10-08", "2026-10-09", "2026-11-02")
    lines = [
        make.line(site, "2026-10", one, batch=batch, row_number=2 + at) for at, one in enumerate(workers)
    ]
    make.line(
        site, "2026-10", workers[0], net_fen=500_000, superseded_at=now, recorded_at=make.EARLY, batch=batch, row_number=2
    )  # fmt: skip
    make.line(site, "2026-10", None, name="诸葛无名")
    receipt = make.pay(lines[0], amount_fen=400_000)
    warning = a_warning(site, month="2026-10", level=4)
    warning.rows.create(worker_key=str(workers[1].pk), amount_fen=600_000, keys=f"payroll_line:{lines[1].pk}")
    warning.rows.create(worker_key=str(workers[2].pk), amount_fen=600_000, keys=f"payroll_line:{lines[2].pk}")
    return SimpleNamespace(
        site=site, body=body, firm=firm, workers=workers, lines=lines, receipt=receipt, warning=warning, batch=batch,
        inspector=person("inspector", Role.INSPECTOR, "990101"), clerk=person("clerk", Role.CLERK, "990101"),
        outsider=person("outsider", Role.INSPECTOR, "990102"), leader=person("leader", Role.LEADER, "9901"),
    )  # fmt: skip
