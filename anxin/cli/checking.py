"""Every warning of a back-test worked out again by the independent checker, day by day.

The checker is a program of its own (``checker/``), which knows nothing of the rules and is never imported: each day's
warnings are written with their rows, and a child process reads them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anxin.cli.errors import CommandError
from anxin.config.home import PROJECT_ROOT

if TYPE_CHECKING:
    from anxin.law import Law
    from anxin.monitoring.engine import Evaluation
    from anxin.monitoring.rules.facts import Facts


@dataclass
class Checking:
    """What the checker has said so far."""

    warnings: int = 0
    agreeing: int = 0
    #: what the checker makes of each warning that does not agree with its rows
    disagreeing: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """``核对 34038/34038``: how many agree, of how many."""
        return f"核对 {self.agreeing}/{self.warnings}"

    def see(self, found: Evaluation, facts: Facts, law: Law) -> None:
        """One evaluated day. Raises :class:`CommandError` where the checker itself fails."""
        from anxin.monitoring.rows_export import export_findings

        with tempfile.TemporaryDirectory(prefix="anxin-check-") as folder:
            path = Path(folder) / f"{found.as_of.isoformat()}.jsonl"
            export_findings(found, facts, law, path)
            told = _checked(path)
        self.warnings += told["checked"]
        self.agreeing += told["checked"] - told["wrong"]
        self.disagreeing += [f"{found.as_of.isoformat()} {one}" for one in told["faults"]]


def _checked(path: Path) -> dict[str, Any]:
    paths = [str(PROJECT_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-m", "checker", "--json", str(path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        why = (done.stderr.strip().splitlines() or ["原因不明"])[-1]
        raise CommandError(f"独立核对程序没有完成：{why}") from None
    return told
