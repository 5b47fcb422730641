"""Finished packages wait sealed in the data folder, each under a name of its own, and are dropped after a week."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path

from django.conf import settings

from anxin.dossier.models import EvidencePackage
from anxin.evidence.sealing import open_bytes, seal_bytes
from anxin.kernel.refusal import Refused

#: so long a finished package can be fetched; afterwards it is made anew
KEPT = dt.timedelta(days=7)


def keep(data: bytes) -> str:
    """Write it sealed; the name by which it is found. Nothing refers to it until its row says that name."""
    name = secrets.token_hex(16)
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".part")
    draft.write_bytes(seal_bytes(data))
    draft.replace(path)
    return name


def read(package: EvidencePackage) -> bytes:
    """The finished package. Raises :class:`Refused` where it is gone or damaged."""
    try:
        return open_bytes(_path(package.kept_as).read_bytes())
    except (OSError, ValueError) as problem:
        raise Refused("做好的证据包已经清除或者损坏，请重新出具一份。") from problem


def drop(name: str) -> None:
    """A file that no row came to refer to."""
    _path(name).unlink(missing_ok=True)


def drop_old(now: dt.datetime) -> int:
    """Drop the files whose week is over; returns how many. Their rows stay."""
    old = EvidencePackage.objects.filter(finished_at__lt=now - KEPT).exclude(kept_as="")
    found = list(old.values_list("pk", "kept_as"))
    for pk, name in found:
        drop(name)
        EvidencePackage.objects.filter(pk=pk).update(kept_as="")
    return len(found)


def _path(name: str) -> Path:
    return Path(settings.ANXIN_HOME) / "packages" / f"{name}.sealed"
