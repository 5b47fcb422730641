"""From contents to one signed file."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from anxin.proof import canonical, container, viewer
from anxin.proof.contents import ABOUT, DOCUMENTS, Contents, WrongContents, document_path, table_path
from anxin.proof.hashing import SALT_BYTES, Chain, fingerprint, leaf
from anxin.proof.keys import Signer
from anxin.proof.statement import LEAVES, SIGNATURES, STATEMENT, VERIFIER, VIEWER, leaf_line, sign, unsigned

DOCUMENT_COLUMNS = {
    "path": "包内位置",
    "name": "文件名",
    "title": "说明",
    "type": "类型",
    "size": "大小（字节）",
}


def build(
    contents: Contents,
    signers: Sequence[Signer],
    salt: Callable[[], bytes] = lambda: secrets.token_bytes(SALT_BYTES),
) -> bytes:
    """The package as one file, signed by every signer in turn at the moment it is made.

    Everything is in memory at once. Raises :class:`WrongContents` for contents that cannot be packed or when nobody
    signs, and :class:`container.BrokenContainer` where the package grows beyond what one file holds.
    """
    if not signers:
        raise WrongContents("证据包至少要有一个签章人。")
    tables = {
        table.path: {"title": table.title, "columns": list(table.columns.items())}
        for table in contents.tables
    }
    if contents.documents:
        tables[table_path(DOCUMENTS)] = {"title": "文件清单", "columns": list(DOCUMENT_COLUMNS.items())}
    files = _files(contents)
    leaves, chain, listed = [], Chain(), []
    for path in sorted(files):
        count = 0
        for line, content in _pieces(path, files[path]):
            spice = salt()
            pair = leaf(path, line, spice, [content])
            chain.add(pair)
            leaves.append(leaf_line(path, line, spice, pair))
            count += 1
        listed.append((path, count))
    files[VERIFIER] = independent()
    statement = unsigned(contents, listed, chain, signers, tables)
    statement["verifier"] = fingerprint(files[VERIFIER])
    files[VIEWER] = viewer.page(statement, viewer.first_rows(files))
    statement["viewer"] = fingerprint(files[VIEWER])
    files[STATEMENT] = canonical.dump(statement)
    files[LEAVES] = lines(leaves)
    files[SIGNATURES] = lines(sign(files[STATEMENT], one, contents.made_at) for one in signers)
    return container.write(files)


def independent() -> bytes:
    """The second verifier, as it goes into every package: standard library only, no code of ours."""
    return Path(__file__).with_name("independent.py").read_bytes()


def _files(contents: Contents) -> dict[str, bytes]:
    files = {table.path: lines(_row(row) for row in table.rows) for table in contents.tables}
    listed = []
    for number, document in enumerate(contents.documents, start=1):
        path = document_path(number, document.ending)
        files[path] = document.content
        listed.append(
            _row(
                {
                    "path": path,
                    "name": document.name,
                    "title": document.title,
                    "type": document.media_type,
                    "size": len(document.content),
                }
                | ({ABOUT: list(document.about)} if document.about else {})
            )
        )
    if listed:
        files[table_path(DOCUMENTS)] = lines(listed)
    return files


def _row(row: Mapping[str, Any]) -> bytes:
    try:
        return canonical.dump(dict(row))
    except canonical.NotCanonical as problem:
        raise WrongContents(f"有一行放不进证据包：{problem}。") from problem


def lines(parts: Sequence[bytes] | Iterator[bytes]) -> bytes:
    """One part a line, each ended by a line feed."""
    return b"".join(part + b"\n" for part in parts)


def _pieces(path: str, content: bytes) -> Iterator[tuple[int, bytes]]:
    """The leaves of a file: its lines from 1, or the whole of a document as 0."""
    if not path.startswith("rows/"):
        yield 0, content
        return
    yield from enumerate(content.split(b"\n")[:-1], start=1)
