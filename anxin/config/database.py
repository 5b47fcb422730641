"""From ``DATABASE_URL`` to Django's connection settings: the only place that knows which database it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_settings(url: str | None, home: Path) -> dict[str, Any]:
    """Settings for SQLite in the data folder when ``url`` is empty, else for the PostgreSQL or SQLite it names.

    Raises ``ValueError`` with a sentence for any other scheme.
    """
    if not url:
        return _sqlite(home / "anxin.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme in {"postgres", "postgresql"}:
        # Whatever else the address says (sslmode, sslrootcert, connect_timeout…) goes to the driver: an office
        # that asks for an encrypted connection must not get a plain one in silence.
        options = dict(parse_qsl(parts.query))
        host = options.pop("host", "")
        # A page's questions are short: compiling one costs PostgreSQL more than it saves, most of all over tables in
        # many pieces. Who asks for it in the address gets it.
        options["options"] = f"-c jit=off {options.get('options', '')}".strip()
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or "") or host,
            "PORT": str(parts.port or ""),
            "OPTIONS": {**options, "pool": {"min_size": 1, "max_size": 8}},
        }
    raise ValueError(f"DATABASE_URL 的类型“{parts.scheme}”不支持，请使用 postgresql:// 或 sqlite:///。")


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            # A writer waits for another instead of failing half-way through its transaction.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            # 64 MB: the indexes of a month of a big city fit, so that a big import does not write them twice.
            "PRAGMA cache_size=-65536;",
        },
    }
