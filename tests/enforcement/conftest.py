"""An invented office with a lead body, a body that helps, and somebody from elsewhere; see tests/casework."""

from __future__ import annotations

from tests.casework.conftest import world

__all__ = ["world"]
