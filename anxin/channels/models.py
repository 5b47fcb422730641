"""Django finds the models of this package through this module; each part of it keeps its own."""

from __future__ import annotations

from anxin.channels.models_codes import Scan, ScanCode, ScanDay

__all__ = ["Scan", "ScanCode", "ScanDay"]
