"""Sealed values in full: for papers, and for pages that have journalled the look. Everything else masks them."""

from __future__ import annotations

from anxin.evidence.sealing import plain as plain
