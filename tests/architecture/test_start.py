"""What starts with every process: each `anxin` command, the worker and the console pay for it before they do anything."""

from __future__ import annotations

import subprocess
import sys

#: a tenth of a second to a second each; they come with the first file, table or model that needs them
HEAVY = {
    "aiohttp",
    "duckdb",
    "openpyxl",
    "pandas",
    "pyhanko",
    "pyhanko_certvalidator",
    "sklearn",
    "xlsxwriter",
}

START = "import django, sys; django.setup(); print(*sys.modules)"


def test_a_process_starts_without_what_is_slow_to_import():
    started = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)

    assert HEAVY & set(started.stdout.split()) == set()
