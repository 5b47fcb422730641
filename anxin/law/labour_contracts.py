"""What a labour contract must say and must not, and how it ends; read from ``data/labour_contracts.yaml``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from anxin.law.errors import DataError
from anxin.law.statutes import Reference, parse_references

FILE = Path(__file__).parent / "data" / "labour_contracts.yaml"
_SENTENCE = re.compile(r"[。；;！？\n]")
#: a sentence that forbids something is no agreement to it
_NEGATION = re.compile(r"不得|不收|不要求|不扣|禁止|不能|无需|不应")


@dataclass(frozen=True)
class Clause:
    """What must be said: all ``fields`` (placeholders), and one word of each group; or what must not be said."""

    key: str
    says: str
    fields: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class End:
    """A way in which a contract ends: ``kind`` 解除 or 终止; ``note`` what follows from it."""

    key: str
    name: str
    kind: str
    references: tuple[Reference, ...]
    note: str


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a text; ``missing`` or forbidden."""

    clause: Clause
    missing: bool


@dataclass(frozen=True)
class ContractLaw:
    clauses: Mapping[str, Clause]
    forbidden: Mapping[str, Clause]
    ends: Mapping[str, End]


def faults(fields: Collection[str], text: str) -> list[Fault]:
    """What a contract's text lacks or must not say. ``fields``: the placeholders that stand in it."""
    law = contract_law()
    found = [Fault(one, True) for one in law.clauses.values() if not _said(one, fields, text)]
    sentences = [part for part in _SENTENCE.split(text) if not _NEGATION.search(part)]
    for one in law.forbidden.values():
        words = [word for group in one.words for word in group]
        if any(word in part for part in sentences for word in words):
            found.append(Fault(one, False))
    return found


def _said(clause: Clause, fields: Collection[str], text: str) -> bool:
    spoken = all(any(word in text for word in group) for group in clause.words)
    return spoken and set(clause.fields) <= set(fields)


@cache
def contract_law() -> ContractLaw:
    """The file's content. Raises :class:`DataError` naming the entry."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return ContractLaw(
        {key: _clause(key, entry) for key, entry in data["clauses"].items()},
        {key: _clause(key, entry, forbidden=True) for key, entry in data["forbidden"].items()},
        {key: _end(key, entry) for key, entry in data["ends"].items()},
    )


def _clause(key: str, entry: Mapping[str, Any], *, forbidden: bool = False) -> Clause:
    where = f"{FILE.name}：“{key}”"
    _known(entry, {"says", "fields", "words", "references"}, {"says", "references"}, where)
    groups = entry.get("words", [])
    words = (tuple(groups),) if forbidden else tuple(tuple(group) for group in groups)
    if not words and not entry.get("fields"):
        raise DataError(f"{where}应写明 fields 或 words。")
    return Clause(
        key,
        entry["says"],
        tuple(entry.get("fields", ())),
        words,
        parse_references(entry["references"], where),
    )


def _end(key: str, entry: Mapping[str, Any]) -> End:
    where = f"{FILE.name}：“{key}”"
    _known(entry, {"name", "kind", "references", "note"}, {"name", "kind", "references"}, where)
    if entry["kind"] not in ("解除", "终止"):
        raise DataError(f"{where}的 kind 应为 解除 或 终止。")
    return End(
        key, entry["name"], entry["kind"], parse_references(entry["references"], where), entry.get("note", "")
    )


def _known(entry: Mapping[str, Any], known: set[str], needed: set[str], where: str) -> None:
    if not needed <= set(entry) <= known:
        raise DataError(f"{where}应写明 {'、'.join(sorted(needed))}，且只能用 {'、'.join(sorted(known))}。")
