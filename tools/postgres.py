"""A PostgreSQL for one test run: the machine's own binaries, data in a temporary folder, loopback, gone afterwards.

``python tools/postgres.py COMMAND …`` runs a command with ``DATABASE_URL`` pointing at one.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_binaries() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl`` of the newest PostgreSQL here, or ``None``."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    on_path = shutil.which("pg_ctl")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def temporary_postgres(binaries: Path) -> Iterator[str]:
    """Start a server and yield its ``DATABASE_URL``. Raises ``RuntimeError`` with the server's own words."""
    folder = Path(tempfile.mkdtemp(prefix="anxin-postgres-"))
    port = _free_port()
    try:
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
        _run(
            binaries / "initdb",
            "-D",
            folder / "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "max_connections": 60,
            # nothing here outlives the run
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
            # tables of a few rows: machine code costs more than it gains
            "jit": "off",
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        _run(binaries / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-o", options, "-w", "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run(binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: object) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    # A file, not a pipe: the server started by pg_ctl would keep a pipe open for ever.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [*prefix, *map(str, command)], stdout=output, stderr=output, cwd="/", check=False
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed:\n{output.read()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    found = find_binaries()
    if found is None:
        sys.exit("没有找到 PostgreSQL，请先安装（Debian/Ubuntu：apt install postgresql）。")
    with temporary_postgres(found) as url:
        status = subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": url}, check=False).returncode
    sys.exit(status)
