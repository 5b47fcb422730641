"""From contents to one signed file."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from anxin.proof import canonical, container, viewer
from anxin.proof.contents import (
    ABOUT,
    DOCUMENTS,
    WITHHELD,
    Contents,
    WrongContents,
    document_path,
    table_path,
)
from anxin.proof.hashing import SALT_BYTES, Chain, fingerprint, leaf
from anxin.proof.keys import HeadSeal, Signer
from anxin.proof.statement import (
    LEAVES,
    SIGNATURES,
    STATEMENT,
    TAKEN_OUT,
    VERIFIER,
    VIEWER,
    leaf_line,
    note_redaction,
    redaction_path,
    sign,
    unsigned,
)

DOCUMENT_COLUMNS = {
    "path": "包内位置",
    "name": "文件名",
    "title": "说明",
    "type": "类型",
    "size": "大小（字节）",
}
Salt = Callable[[], bytes]


def build(
    contents: Contents,
    signers: Sequence[Signer],
    salt: Salt = lambda: secrets.token_bytes(SALT_BYTES),
    seal: HeadSeal | None = None,
) -> bytes:
    """The package as one file, signed by every signer in turn at the moment it is made.

    ``seal``: who seals the head besides, under a certificate; every signature then binds its files.
    Rows are taken one at a time and kept as the bytes that are written; those marked ``WITHHELD`` leave their hash
    in the chain and ``null`` in their place, under a note of the first signer. Raises :class:`WrongContents` for
    contents that cannot be packed or when nobody signs, and :class:`container.BrokenContainer` where the package
    grows beyond what one file holds.
    """
    if not signers:
        raise WrongContents("证据包至少要有一个签章人。")
    made = _Making(salt)
    for number, document in enumerate(contents.documents, start=1):
        made.document(document_path(number, document.ending), document.content)
    for path, (title, columns, rows) in sorted(_tables(contents).items()):
        made.table(path, title, columns, rows)
    return made.signed(contents, signers, seal)


def independent() -> bytes:
    """The second verifier, as it goes into every package: standard library only, no code of ours."""
    return Path(__file__).with_name("independent.py").read_bytes()


class _Making:
    """A package in the making: its files so far, and the leaves in their order."""

    def __init__(self, salt: Salt) -> None:
        self._salt = salt
        self._files: dict[str, bytes] = {}
        self._tables: dict[str, Any] = {}
        self._leaves, self._chain = io.BytesIO(), Chain()
        self._listed: list[tuple[str, int]] = []
        self._count, self._withheld = 0, list[int]()

    def document(self, path: str, content: bytes) -> None:
        self._leaf(path, 0, content, withheld=False)
        self._files[path] = content
        self._listed.append((path, 1))

    def table(
        self, path: str, title: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]
    ) -> None:
        held, count = io.BytesIO(), 0
        for count, row in enumerate(rows, start=1):
            withheld = bool(row.get(WITHHELD))
            line = _row(row)
            self._leaf(path, count, line, withheld)
            held.write((TAKEN_OUT if withheld else line) + b"\n")
        self._files[path] = held.getvalue()
        self._tables[path] = {"title": title, "columns": list(columns.items())}
        self._listed.append((path, count))

    def signed(self, contents: Contents, signers: Sequence[Signer], seal: HeadSeal | None) -> bytes:
        files = self._files
        files[VERIFIER] = independent()
        if self._withheld and not contents.withheld:
            raise WrongContents("证据包里有不交出的行，请写明为什么。")
        statement = unsigned(contents, self._listed, self._chain, signers, self._tables)
        if seal is not None:
            statement["seal"] = {"name": seal.name, "certificate": seal.certificate}
        statement["verifier"] = fingerprint(files[VERIFIER])
        files[VIEWER] = viewer.page(statement, viewer.first_rows(files))
        statement["viewer"] = fingerprint(files[VIEWER])
        files[STATEMENT] = canonical.dump(statement)
        files[LEAVES] = self._leaves.getvalue()
        sealed = dict(seal.seal(files[STATEMENT])) if seal is not None else {}
        files |= sealed
        prints = {path: fingerprint(content) for path, content in sealed.items()}
        files[SIGNATURES] = lines(sign(files[STATEMENT], one, contents.made_at, prints) for one in signers)
        if self._withheld:
            files[redaction_path(1)] = note_redaction(
                files[STATEMENT],
                self._withheld,
                files[VIEWER],
                contents.withheld,
                signers[0],
                contents.made_at,
            )
        return container.write(files)

    def _leaf(self, path: str, line: int, content: bytes, withheld: bool) -> None:
        spice = self._salt()
        pair = leaf(path, line, spice, [content])
        self._chain.add(pair)
        self._leaves.write(leaf_line(path, line, None if withheld else spice, pair) + b"\n")
        if withheld:
            self._withheld.append(self._count)
        self._count += 1


def _tables(contents: Contents) -> dict[str, tuple[str, Mapping[str, str], Iterable[Mapping[str, Any]]]]:
    """Title, columns and rows by path: the tables, and the list of the documents where there are any."""
    found = {table.path: (table.title, table.columns, table.rows) for table in contents.tables}
    listed = [
        {
            "path": document_path(number, document.ending),
            "name": document.name,
            "title": document.title,
            "type": document.media_type,
            "size": len(document.content),
        }
        | ({ABOUT: list(document.about)} if document.about else {})
        for number, document in enumerate(contents.documents, start=1)
    ]
    return found | ({table_path(DOCUMENTS): ("文件清单", DOCUMENT_COLUMNS, listed)} if listed else {})


def _row(row: Mapping[str, Any]) -> bytes:
    try:
        return canonical.dump({name: value for name, value in row.items() if name != WITHHELD})
    except canonical.NotCanonical as problem:
        raise WrongContents(f"有一行放不进证据包：{problem}。") from problem


def lines(parts: Iterable[bytes]) -> bytes:
    """One part a line, each ended by a line feed."""
    return b"".join(part + b"\n" for part in parts)
