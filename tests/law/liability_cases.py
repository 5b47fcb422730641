"""Reads the golden cases in ``liability/*.yaml``: each was worked from the articles, without the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from anxin.kernel.money import parse_yuan
from anxin.law.liability import Branch

FOLDER = Path(__file__).parent / "liability"
_FIELDS = {"案情", "事实", "理由", "结果"}
_RESULT = {"如果", "次序", "分", "追偿", "非工资", "不影响", "缺口"}


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """``(file: story, entry)`` of all files."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
            assert set(entry) == _FIELDS, f"{path.name}：“{entry.get('案情')}”的栏目不对"
            assert all(set(result) <= _RESULT for result in entry["结果"])
            yield f"{path.stem}: {entry['案情']}", entry


def fen(amount: object) -> int:
    return parse_yuan(amount) or 0


def expected_branch(result: dict[str, Any]) -> dict[str, Any]:
    """A result as written, in fen."""
    return {
        "如果": dict(result.get("如果", {})),
        "次序": [
            (who, manner, tuple(str(articles).split()), None if cap == "不限" else fen(cap), fen(pays))
            for who, manner, articles, cap, pays in result["次序"]
        ],
        "非工资": fen(result.get("非工资", 0)),
        "缺口": fen(result["缺口"]),
    }


def told_branch(branch: Branch) -> dict[str, Any]:
    """A branch of the engine in the same shape."""
    found = branch.outcome
    return {
        "如果": {label: way.words for label, way in branch.assumptions},
        "次序": [(step.payer, step.manner, step.provisions, step.cap, step.amount) for step in found.steps],
        "非工资": found.excluded,
        "缺口": found.gap,
    }
