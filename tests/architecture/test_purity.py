"""``law``, ``sheets`` and ``kernel`` are plain Python: no framework, no database, no network, no clock."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from anxin.config.home import PROJECT_ROOT

PURE = ("kernel", "law", "sheets", "formats", "typesetting", "signing", "proof")
FORBIDDEN_MODULES = {
    "django", "sqlite3", "psycopg", "duckdb", "socket", "ssl", "http", "urllib", "requests", "smtplib", "ftplib", "time",
}  # fmt: skip
#: asking for the moment, whatever the object it is asked of is called
CLOCK = {"now", "utcnow", "today", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}


def files() -> list[Path]:
    return [path for name in PURE for path in sorted((PROJECT_ROOT / "anxin" / name).rglob("*.py"))]


def faults(source: str) -> list[str]:
    """What a file does that pure Python must not, one line each."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [
                f"imports {alias.name}"
                for alias in node.names
                if alias.name.split(".")[0] in FORBIDDEN_MODULES
            ]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FORBIDDEN_MODULES:
            found.append(f"imports {node.module}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK:
            found.append(f"calls {ast.unparse(node.func)}() in line {node.lineno}")
    return found


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PROJECT_ROOT)))
def test_a_file_of_the_core_is_pure(path):
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import django",
        "from django.db import models",
        "import urllib.request",
        "import datetime as dt\ndt.date.today()",
        "from datetime import datetime\ndatetime.now()",
        "import time",
    ],
)
def test_the_check_sees_what_it_looks_for(source):
    assert faults(source)


def test_the_core_runs_where_django_is_not_set_up():
    modules = [
        ".".join(path.relative_to(PROJECT_ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in files()
        if path.name != "__main__.py"
    ]
    program = (
        "import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "sys.exit(','.join(sorted(m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg'))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
