"""People are taken out of a package; everything else stays provable under the same signatures."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from anxin.proof import canonical, container, shapes, viewer
from anxin.proof.building import lines
from anxin.proof.contents import ABOUT, DOCUMENTS, PEOPLE, table_path
from anxin.proof.hashing import Pair
from anxin.proof.keys import Signer
from anxin.proof.statement import (
    LEAVES,
    STATEMENT,
    TAKEN_OUT,
    VIEWER,
    leaf_line,
    note_redaction,
    redaction_path,
)
from anxin.proof.verification import verify

#: path, number of the leaf counted from 0 through all files, and the row
Row = tuple[str, int, dict[str, Any]]
#: shorter values of a person (是、男、12) are found everywhere and betray nobody
_TELLING = 2


class CannotRedact(ValueError):
    """The package is not sound, or cannot be without the person; the text is a sentence."""


def redact(package: bytes, *people: str, reason: str, signer: Signer, at: dt.datetime) -> bytes:
    """The package without what is about ``people`` (``P3``, as the table of people names them).

    Taken out are the rows and documents that say they are about one of them, and every row in which a value from
    their own rows of that table still stands: a name in a note gives away as much as a number in a list.
    Documents are judged by what they say they are about; their content is not searched. ``reason`` goes into the
    package. What was signed as its title and subject stays, so nobody named there can go, and the reason names
    nobody either. Raises :class:`CannotRedact`.
    """
    verdict = verify(io.BytesIO(package))
    if not verdict.valid:
        raise CannotRedact("这个证据包没有通过核验，不能从中隐去内容。")
    source = io.BytesIO(package)
    files = {entry.path: b"".join(container.chunks(source, entry)) for entry in container.read(source)}
    statement = shapes.statement(files[STATEMENT])
    chosen = _chosen(_rows(files, statement), statement, frozenset(people), reason)
    _take_out(files, statement, chosen)
    files[VIEWER] = viewer.page(statement, viewer.first_rows(files))
    number = sum(path.startswith("redactions/") for path in files) + 1
    files[redaction_path(number)] = note_redaction(
        files[STATEMENT], sorted(chosen), files[VIEWER], reason, signer, at
    )
    return container.write(files)


def _chosen(
    rows: Sequence[Row], statement: Mapping[str, Any], people: frozenset[str], reason: str
) -> set[int]:
    """The numbers of the leaves to take out, counted from 0 through all files. Raises :class:`CannotRedact`."""
    known = {sign for _, _, row in rows for sign in row.get(ABOUT, ())}
    if missing := sorted(people - known):
        raise CannotRedact(f"证据包里没有关于“{'、'.join(missing)}”的内容。")
    telling = _telling([row for path, _, row in rows if path == table_path(PEOPLE)], people)
    _not_told(telling, statement, reason)
    signs = re.compile(rf"(?<![A-Za-z0-9])({'|'.join(map(re.escape, sorted(people)))})(?![A-Za-z0-9])")
    chosen: set[int] = set()
    papers: set[str] = set()
    for path, number, row in rows:
        text = _text(row)
        if people & set(row.get(ABOUT, ())) or signs.search(text) or any(word in text for word in telling):
            chosen.add(number)
            if path == table_path(DOCUMENTS):
                papers.add(row["path"])
    first = 0
    for path, count in statement["files"]:
        if path in papers:
            chosen.add(first)
        first += count
    return chosen


def _not_told(telling: Collection[str], statement: Mapping[str, Any], reason: str) -> None:
    """Neither what was signed for good nor the reason may say who went. Raises :class:`CannotRedact`."""
    if any(word in text for word in telling for text in (statement["title"], *statement["subject"].values())):
        raise CannotRedact("证据包的标题或者对象里写着要隐去的人是谁，改不了，不能从这一份里隐去。")
    if any(word in reason for word in telling):
        raise CannotRedact("理由会写进证据包，其中写着要隐去的人是谁，请换个写法。")


def _rows(files: Mapping[str, bytes], statement: Mapping[str, Any]) -> Sequence[Row]:
    found, first = [], 0
    for path, count in statement["files"]:
        if path.startswith("rows/"):
            for number, line in enumerate(files[path].split(b"\n")[:-1], start=first):
                if line != TAKEN_OUT:
                    found.append((path, number, json.loads(line)))
        first += count
    return found


def _telling(rows: Sequence[Mapping[str, Any]], people: frozenset[str]) -> set[str]:
    """What stands in the rows of these people and in nobody else's, but for their signs."""
    own = {value for row in rows if people & set(row.get(ABOUT, ())) for value in _values(row)}
    others = {value for row in rows if not people & set(row.get(ABOUT, ())) for value in _values(row)}
    return {value for value in own - others - people if len(value) >= _TELLING}


def _values(row: Mapping[str, Any]) -> list[str]:
    return [value for name, value in row.items() if name != ABOUT and isinstance(value, str)]


def _text(row: Mapping[str, Any]) -> str:
    return canonical.dump({name: value for name, value in row.items() if name != ABOUT}).decode()


def _take_out(files: dict[str, bytes], statement: Mapping[str, Any], chosen: set[int]) -> None:
    listed = files[LEAVES].split(b"\n")[:-1]
    for number in chosen:
        path, line, _, sha256, sm3 = shapes.leaf(listed[number])
        listed[number] = leaf_line(path, line, None, Pair(sha256, sm3))
    files[LEAVES] = lines(listed)
    first = 0
    for path, count in statement["files"]:
        inside = {number - first for number in chosen if first <= number < first + count}
        if inside and path.startswith("rows/"):
            kept = files[path].split(b"\n")[:-1]
            files[path] = lines([TAKEN_OUT if at in inside else line for at, line in enumerate(kept)])
        elif inside:
            files[path] = b""
        first += count
