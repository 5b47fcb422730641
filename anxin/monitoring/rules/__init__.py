"""The rules: facts and the law on a day in, offending rows out. See ``README.md``."""

from anxin.monitoring.rules.explain import explain
from anxin.monitoring.rules.facts import Facts
from anxin.monitoring.rules.framework import (
    FAMILY_NAMES,
    LEVEL_NAMES,
    RESPONSIBLE_NAMES,
    SEVERITY,
    Finding,
    Gap,
    Rule,
    Threshold,
    fingerprint,
)
from anxin.monitoring.rules.grading import ActWithin, act_within
from anxin.monitoring.rules.pack import RULES

__all__ = [
    "FAMILY_NAMES",
    "LEVEL_NAMES",
    "RESPONSIBLE_NAMES",
    "RULES",
    "SEVERITY",
    "ActWithin",
    "Facts",
    "Finding",
    "Gap",
    "Rule",
    "Threshold",
    "act_within",
    "explain",
    "fingerprint",
]
