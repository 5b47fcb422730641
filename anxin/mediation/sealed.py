"""Sealed values in full: for papers, and for pages that have journalled the look. Everything else masks them."""

from __future__ import annotations

from anxin.evidence.sealing import Sealed


def plain(value: object) -> str:
    """What a sealed field holds; empty where nothing is known."""
    return value.open() if isinstance(value, Sealed) else ""
