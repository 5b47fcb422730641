"""Reads the golden deadlines in ``deadlines/*.yaml``: each was reckoned without the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "deadlines"
_FIELDS = {
    "case", "key", "start", "region", "only_for", "counterpart", "part", "pauses", "extend", "restart", "due",
    "act_from", "provisional", "worked", "refused", "says", "month", "day_of_month", "months_later",
}  # fmt: skip


def cases(*, only: str = "", without: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """``(subject: case, entry)`` of all files, or of one file, or of all but one."""
    for path in sorted(FOLDER.glob("*.yaml")):
        if (only and path.stem != only) or path.stem == without:
            continue
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
            strange = set(entry) - _FIELDS
            assert not strange, f"{path.name}：“{entry.get('case')}”有不认识的栏 {strange}"
            yield f"{path.stem}: {entry['case']}", entry
