"""Entries of the product's journal inside a package hold by their own hash, as ``anxin.evidence.journal`` makes it."""

from __future__ import annotations

import hashlib
import json

from anxin.proof import canonical
from anxin.proof.contents import ABOUT

_NOT_HASHED = ("previous_hash", "hash", ABOUT)


def entry_holds(line: bytes) -> bool:
    """Whether the entry's hash is SHA-256 over the hash of the entry before, a line feed, and its other fields."""
    try:
        entry = json.loads(line)
        fields = canonical.dump({key: value for key, value in entry.items() if key not in _NOT_HASHED})
        expected = hashlib.sha256(f"{entry['previous_hash']}\n".encode() + fields).hexdigest()
        return bool(entry["hash"] == expected)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
