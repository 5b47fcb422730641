"""Sealed values in full: for papers, and for pages that have journalled the look. Everything else masks them."""

from __future__ import annotations

from anxin.evidence.sealing import finding_hash
from anxin.evidence.sealing import plain as plain


def own_hash(id_number: str) -> str:
    """The keyed hash by which a worker finds the own papers; empty where no identity number was said."""
    return finding_hash("id", id_number) if id_number else ""
