"""Where rules run: DuckDB inside the process, or Spark elsewhere. One expression, one answer.

An engine holds the fact tables by their names. Rules are compiled to SQL of the engine's dialect without asking
the engine anything, so that compiled rules serve every set of facts (see :mod:`anxin.monitoring.compiling`).
"""

from anxin.monitoring.engines.base import Engine, EngineError
from anxin.monitoring.engines.duck import DuckEngine

__all__ = ["DuckEngine", "Engine", "EngineError"]
