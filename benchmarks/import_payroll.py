"""How long a payroll of 100,000 rows × 15 columns takes from file to records, against bare reading.

``python benchmarks/import_payroll.py [--rows N] [--runs N]`` prints one JSON document. Each run measures in
turn, each in a fresh process: ``python-calamine`` reading the sheet into Python lists and nothing else; and the
full import (recognise, check, encrypt, insert, journal) into a fresh database with one project. The goal is a
median ratio of at most 6. ``DATABASE_URL`` is honoured: with PostgreSQL the tables are emptied between runs.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: so that the script runs from a checkout without being installed
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

HEADER = [
    "序号", "姓名", "身份证号码", "手机号码", "班组", "工种", "出勤天数", "基本工资", "加班工资",
    "应发工资", "社保", "借支", "扣款合计", "实发工资", "银行卡号",
]  # fmt: skip
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = (
    "安保昌成达德东福刚国海汉和宏华建江杰军康磊立良林明宁平强庆荣山生世松涛田伟文武祥新兴学勇永友玉元云泽志忠"
)


def id_number(index: int) -> str:
    """An invented citizen ID number: region prefix 99, which was never assigned, and the right check digit."""
    day = f"{1960 + index % 45}{1 + index // 45 % 12:02d}{1 + index // 540 % 28:02d}"
    body = f"99{index // 15_000_000:04d}{day}{index // 15_120 % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def bank_card(index: int) -> str:
    """An invented card number with an unassigned issuer (99) and the right Luhn digit."""
    body = f"99{index:016d}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


def person_name(index: int) -> str:
    first, second = divmod(index // len(_SURNAMES), len(_GIVEN))
    return _SURNAMES[index % len(_SURNAMES)] + _GIVEN[first % len(_GIVEN)] + _GIVEN[second]


def write_sheet(path: Path, rows: int) -> None:
    """A payroll as offices write it: a title line, a header, the rows, a row of totals."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = workbook.add_worksheet("工资表")
    sheet.write_row(0, 0, ["2026年9月份农民工工资表"])
    sheet.write_row(1, 0, HEADER)
    sums = [0.0] * len(HEADER)
    for index in range(rows):
        days, base = 20 + index % 9, 4000 + index % 37 * 50
        extra, social, advance = index % 11 * 40, index % 5 * 100.5, index % 7 * 100
        gross, deduction = base + extra, social + advance
        values = [
            index + 1, person_name(index), id_number(index), f"1990{index % 10_000_000:07d}",
            f"{'木工钢筋架子瓦工水电'[index % 5 * 2 : index % 5 * 2 + 2]}{1 + index % 40}班", "普工", days, base, extra,
            gross, social, advance, deduction, gross - deduction, bank_card(index),
        ]  # fmt: skip
        sheet.write_row(index + 2, 0, values)
        for column in range(6, 14):
            sums[column] += values[column]
    sheet.write_row(rows + 2, 0, ["合计", "", "", "", "", "", "", *sums[7:14], ""])
    workbook.close()


def read_bare(path: Path) -> float:
    """Seconds that python-calamine takes to read the sheet into Python lists."""
    from python_calamine import CalamineWorkbook

    started = time.perf_counter()
    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return time.perf_counter() - started


def import_full(path: Path, rows: int) -> float:
    """Seconds from the file's bytes to an accepted batch. Database and project are made before the clock starts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxin.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from anxin.cli import tables
    from anxin.evidence import imports
    from anxin.evidence.journal import SYSTEM
    from anxin.payroll.models import PayrollLine
    from anxin.registry.models import Project, Region

    tables.bring_up()
    call_command("flush", interactive=False, verbosity=0)
    region = Region.objects.create(code="990101", name="演示县")
    Project.objects.create(
        code="P1", name="基准", region=region, industry="housing", recorded_at=timezone.now()
    )
    started = time.perf_counter()
    batch = imports.open_batch(
        kind="payroll", data=path.read_bytes(), filename=path.name, actor=SYSTEM, now=timezone.now(), project_code="P1"
    )  # fmt: skip
    batch = imports.accept_batch(batch.pk, actor=SYSTEM, now=timezone.now(), recognition=batch.recognition)
    seconds = time.perf_counter() - started
    stored = PayrollLine.objects.count()
    if not batch.rows_accepted == stored == rows:
        raise SystemExit(
            f"expected {rows} rows, accepted {batch.rows_accepted}, stored {stored}: {batch.report}"
        )
    return seconds


def _in_process(*arguments: str, home: Path) -> float:
    environment = {**os.environ, "ANXIN_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, __file__, *arguments], env=environment, check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1])


def compare(rows: int, runs: int) -> dict[str, object]:
    bare, full = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payroll.xlsx"
        write_sheet(path, rows)
        for run in range(runs):
            home = Path(folder) / f"home{run}"
            bare.append(_in_process("--bare", str(path), home=home))
            full.append(_in_process("--full", str(path), "--rows", str(rows), home=home))
    ratios = [f / b for b, f in zip(bare, full, strict=True)]
    return {
        "rows": rows,
        "runs": runs,
        "calamine_seconds": round(statistics.median(bare), 3),
        "import_seconds": round(statistics.median(full), 3),
        "ratio": round(statistics.median(ratios), 2),
        "ratio_min": round(min(ratios), 2),
        "ratio_max": round(max(ratios), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--full", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.bare:
        print(read_bare(args.bare))
    elif args.full:
        print(import_full(args.full, args.rows))
    else:
        print(json.dumps(compare(args.rows, args.runs)))


if __name__ == "__main__":
    main()
