"""Ibis is loaded late, and whole for everybody who asks at the same time."""

from __future__ import annotations

import subprocess
import sys

ASKED_AT_ONCE = """
import sys, threading
from anxin.monitoring.rules.lazy import ibis

assert "ibis" not in sys.modules
found, start = [], threading.Barrier(6)

def ask():
    start.wait()
    found.append(ibis.table is not None)

threads = [threading.Thread(target=ask) for _ in range(6)]
for one in threads:
    one.start()
for one in threads:
    one.join()
assert found == [True] * 6, found
"""


def test_many_threads_may_ask_first():
    done = subprocess.run([sys.executable, "-c", ASKED_AT_ONCE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
