"""The data folder (``ANXIN_HOME``): database, stored files, secrets, local law values."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]


def data_home() -> Path:
    """The folder from ``ANXIN_HOME``, by default ``./var``; made when missing, readable by its owner only."""
    home = Path(os.environ.get("ANXIN_HOME", "var")).expanduser().resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "law").mkdir(exist_ok=True)
    return home


def secret(home: Path, name: str) -> bytes:
    """32 bytes kept in ``secrets/NAME``, made at the first call.

    Written whole under another name and then linked: of two processes starting together one comes first, and the
    other never sees half a secret.
    """
    path = home / "secrets" / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:  # readable by its owner only
            draft.write(secrets.token_hex(32))
            draft.flush()
            os.fsync(draft.fileno())
            with suppress(FileExistsError):
                os.link(draft.name, path)
    return bytes.fromhex(path.read_text().strip())
