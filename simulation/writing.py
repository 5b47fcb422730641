"""The folder that is written: one file, one delivery by one sender, on the day that stands in its name."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

#: told of every table that is written: kind, day, table
Watcher = Callable[[str, dt.date, pa.Table], None]
#: no text holds a comma or a quotation mark; one that did would be refused by the writer
_PLAIN = csv.WriteOptions(quoting_style="none", quoting_header="none")


@dataclass(frozen=True)
class Delivered:
    """What the manifest says of one file."""

    path: str
    kind: str
    delivered_on: str
    rows: int
    sha256: str


class Deliveries:
    """Writes deliveries below ``root``. What would arrive after ``until`` does not exist yet and is left out."""

    def __init__(self, root: Path, until: dt.date) -> None:
        self.root = root
        self.until = until
        self.files: list[Delivered] = []
        self.watchers: list[Watcher] = []
        self._paths: set[str] = set()

    def write(
        self, kind: str, on: dt.date, table: pa.Table, *, sender: str, tag: str = "", packed: bool = False
    ) -> None:
        """One delivery: ``KIND/SENDER[-TAG]-YYYY-MM-DD.csv``, ``.csv.gz`` when packed. No rows, no file."""
        if on > self.until or not table.num_rows:
            return
        name = "-".join(part for part in (sender, tag, on.isoformat()) if part)
        path = f"{kind}/{name}.csv{'.gz' if packed else ''}"
        if path in self._paths:
            raise ValueError(f"delivered twice: {path}")
        self._paths.add(path)
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with pa.output_stream(str(target), compression="gzip" if packed else None) as stream:
            csv.write_csv(table, stream, _PLAIN)
        for watcher in self.watchers:
            watcher(kind, on, table)
        self.files.append(Delivered(path, kind, on.isoformat(), table.num_rows, _sha256(target)))

    def deliver(
        self,
        kind: str,
        table: pa.Table,
        on: np.ndarray,
        *,
        senders: Sequence[str],
        sender: np.ndarray | None = None,
        tag: str = "",
        packed: bool = False,
    ) -> None:
        """Many deliveries at once: row ``i`` comes from ``senders[sender[i]]`` on ``on[i]``; the order is kept."""
        if not table.num_rows:
            return
        days = on.astype("datetime64[D]").astype(np.int64)
        key = days * len(senders) + (0 if sender is None else sender)
        order = np.argsort(key, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(key[order]) != 0])
        ends = np.r_[starts[1:], len(order)]
        single = len(starts) == 1
        for start, end in zip(starts, ends, strict=True):
            day, who = divmod(int(key[order[start]]), len(senders))
            date = dt.date(1970, 1, 1) + dt.timedelta(days=day)
            if date > self.until:
                continue
            part = table if single else table.take(pa.array(order[start:end]))
            self.write(kind, date, part, sender=senders[who], tag=tag, packed=packed)

    def close(self, about: dict[str, Any]) -> None:
        """Write ``manifest.json``: what the city is, and every file with its rows and hash."""
        files = [asdict(file) for file in sorted(self.files, key=lambda file: file.path)]
        text = json.dumps({**about, "files": files}, ensure_ascii=False, indent=1)
        (self.root / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
