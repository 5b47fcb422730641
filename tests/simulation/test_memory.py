"""The city streams month by month: twice the months do not take noticeably more memory."""

from __future__ import annotations

import subprocess
import sys

from anxin.config.home import PROJECT_ROOT

PROGRAM = """
import resource, sys
from simulation.__main__ import main
main(["--profile", "tiny", "--seed", "5", "--months", sys.argv[1], "--out", sys.argv[2]])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_kib(months: int, out) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(months), str(out)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.split()[-1])


def test_more_months_take_no_more_memory(tmp_path):
    few, many = peak_kib(4, tmp_path / "few"), peak_kib(8, tmp_path / "many")
    assert many < few * 1.2
