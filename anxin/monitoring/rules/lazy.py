"""Ibis, loaded when a rule first runs: pages and commands that only name rules start a second sooner."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any


class _Later(ModuleType):
    """Hands every question on to the module of its name, imported at the first.

    Not ``importlib.util.LazyLoader``: before Python 3.11.9 a second thread finds its module half loaded.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


if TYPE_CHECKING:
    import ibis
else:
    ibis = _Later("ibis")

__all__ = ["ibis"]
