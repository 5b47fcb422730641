"""The data folder (``ANXIN_HOME``): database, stored files, secrets, local law values."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]


def data_home() -> Path:
    """The folder from ``ANXIN_HOME``, by default ``./var``; made when missing, readable by its owner only."""
    home = Path(os.environ.get("ANXIN_HOME", "var")).expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    (home / "law").mkdir(exist_ok=True)
    return home


def secret(home: Path, name: str) -> bytes:
    """32 bytes kept in ``secrets/NAME``, made at the first call.

    Created with O_EXCL so that two processes starting together agree on one value.
    """
    path = home / "secrets" / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text().strip())
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())
