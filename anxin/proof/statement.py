"""The signed statement of a package, its signatures, and the notes of what was taken out later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from anxin.proof import canonical
from anxin.proof.contents import Contents
from anxin.proof.hashing import Chain, Pair, fingerprint
from anxin.proof.keys import Signer

FORMAT = "anxin-evidence/1"
STATEMENT, SIGNATURES, LEAVES = "statement.json", "signatures.jsonl", "leaves.jsonl"
VIEWER, VERIFIER = "index.html", "verify.py"
#: what a leaf that was taken out leaves behind: an empty document, or this line
TAKEN_OUT = b"null"


def redaction_path(number: int) -> str:
    """Where the ``number``-th note of something taken out lies (from 1)."""
    return f"redactions/{number:04d}.json"


def moment(at: dt.datetime) -> str:
    """ISO 8601 to the second, with the offset."""
    return at.isoformat(timespec="seconds")


def leaf_line(path: str, line: int, salt: bytes | None, pair: Pair) -> bytes:
    """One line of ``leaves.jsonl``; without salt the leaf was taken out."""
    return canonical.dump([path, line, salt.hex() if salt else None, pair.sha256.hex(), pair.sm3.hex()])


def unsigned(
    contents: Contents,
    files: Sequence[tuple[str, int]],
    chain: Chain,
    signers: Sequence[Signer],
    tables: dict[str, Any],
) -> dict[str, Any]:
    """The statement but for the fingerprint of its viewer, which shows it; ``files``: path and number of leaves."""
    return {
        "format": FORMAT,
        "title": contents.title,
        "subject": dict(contents.subject),
        "as_of": contents.as_of.isoformat(),
        "made": {"at": moment(contents.made_at), "by": contents.made_by, "product": contents.product},
        "files": [[path, leaves] for path, leaves in files],
        "leaves": sum(leaves for _, leaves in files),
        "chain": chain.end.hexadecimal(),
        "tables": tables,
        "signers": [{"name": one.name, "role": one.role, "key": one.key.hex()} for one in signers],
    }


def sign(statement: bytes, signer: Signer, at: dt.datetime, seal: Mapping[str, str] | None = None) -> bytes:
    """One line of ``signatures.jsonl``: who signed this statement when. ``seal``: path → SHA-256 of the files of its seal."""
    said = {"name": signer.name, "role": signer.role, "at": moment(at), "statement": fingerprint(statement)}
    return canonical.dump(_signed(said | ({"seal": dict(seal)} if seal else {}), signer))


def note_redaction(
    statement: bytes, leaves: Sequence[int], viewer: bytes, reason: str, signer: Signer, at: dt.datetime
) -> bytes:
    """The signed note of leaves (numbers from 0 in order) that were taken out, by whom, when and why."""
    said = {
        "statement": fingerprint(statement),
        "at": moment(at),
        "name": signer.name,
        "role": signer.role,
        "reason": reason,
        "leaves": sorted(leaves),
        "viewer": fingerprint(viewer),
    }
    return canonical.dump(_signed(said, signer))


def _signed(said: dict[str, Any], signer: Signer) -> dict[str, Any]:
    said = said | {"key": signer.key.hex()}
    return said | {"signature": signer.sign(signed_bytes(said)).hex()}


def signed_bytes(said: dict[str, Any]) -> bytes:
    """What a signature is made over: the format's name, a line feed, and the object without its signature."""
    bare = {key: value for key, value in said.items() if key != "signature"}
    return FORMAT.encode() + b"\n" + canonical.dump(bare)
