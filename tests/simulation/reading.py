"""Reads a written city back as a stranger would: every cell is text until a test says otherwise."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pyarrow as pa
from pyarrow import csv


class Folder:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.manifest = json.loads((root / "manifest.json").read_text(encoding="utf-8"))

    @cache  # noqa: B019 - lives as long as the session
    def rows(self, kind: str) -> list[dict[str, str]]:
        """All deliveries of a kind, oldest first, with the day of delivery as ``on``."""
        found: list[dict[str, str]] = []
        files = [file for file in self.manifest["files"] if file["kind"] == kind]
        for file in sorted(files, key=lambda file: (file["delivered_on"], file["path"])):
            # Opens .gz by its name.
            with pa.input_stream(str(self.root / file["path"])) as stream:
                table = csv.read_csv(stream)
            text = table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
            found += [{**row, "on": file["delivered_on"]} for row in text.to_pylist()]
        return found


def fen(text: str | None) -> int:
    """Yuan with two decimals to whole fen."""
    yuan, _, rest = (text or "0").partition(".")
    sign = -1 if yuan.startswith("-") else 1
    return sign * (abs(int(yuan)) * 100 + int((rest + "00")[:2]))
