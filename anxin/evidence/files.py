"""Files kept by content: sealed on disk under their SHA-256, and checked whenever they are read."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from anxin.evidence.models import StoredFile
from anxin.evidence.sealing import open_bytes, seal_bytes


class FileDamaged(RuntimeError):
    """The stored file is missing or no longer has the content it was stored with."""


def _path(sha256: str) -> Path:
    return Path(settings.ANXIN_HOME) / "files" / sha256[:2] / sha256


def store(data: bytes, *, name: str, now: dt.datetime) -> StoredFile:
    """Keep ``data``; the same content again returns the file stored first, mended where it was damaged."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = _path(sha256)
    if not _holds(path, data):
        _write(path, seal_bytes(data))
    stored, _ = StoredFile.objects.get_or_create(
        sha256=sha256, defaults={"size": len(data), "name": name[:255], "stored_at": now}
    )
    return stored


def _holds(path: Path, data: bytes) -> bool:
    try:
        return open_bytes(path.read_bytes()) == data
    except (OSError, ValueError):
        return False


def _write(path: Path, content: bytes) -> None:
    """Written beside, brought to disk and renamed: a crash never leaves half a file under its final name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as partial:
        partial.write(content)
        partial.flush()
        os.fsync(partial.fileno())
    Path(partial.name).replace(path)


def read(stored: StoredFile) -> bytes:
    """The content as it was delivered. Raises :class:`FileDamaged`."""
    try:
        data = open_bytes(_path(stored.sha256).read_bytes())
    except (OSError, ValueError) as error:
        raise FileDamaged(f"文件“{stored.name}”已损坏或丢失，无法打开。") from error
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise FileDamaged(f"文件“{stored.name}”的内容与存入时不一致。")
    return data
