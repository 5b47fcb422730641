"""A database on the tests' PostgreSQL with the tables as a first start makes them, to copy from."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).parents[2]
MAKE = "import django; django.setup(); from anxin.cli import tables; {before}tables.bring_up()"


def bring_up(*, before: str = "", **environment: str) -> int:
    """The exit code of a process that makes the tables where ``environment`` says; ``before`` is run first in it."""
    surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | environment
    code = MAKE.format(before=before)
    return subprocess.run([sys.executable, "-c", code], env=surroundings, cwd=ROOT, check=False).returncode


def address(server: dict[str, Any], name: str) -> str:
    """The address of another database on the same server (Django's settings of one)."""
    return f"postgresql://{server['USER']}@{server['HOST']}:{server['PORT']}/{name}"


@contextmanager
def database(server: dict[str, Any]) -> Iterator[str]:
    """Its name; it goes afterwards."""
    name, admin = "anxin_made_new", address(server, "postgres")
    with psycopg.connect(admin, autocommit=True) as postgres:
        postgres.execute(f"CREATE DATABASE {name}")
    try:
        if bring_up(DATABASE_URL=address(server, name)):
            raise RuntimeError("the tables of the tests could not be made")
        yield name
    finally:
        with psycopg.connect(admin, autocommit=True) as postgres:
            postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")
