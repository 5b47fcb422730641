"""Tasks for the worker's own tests."""

from __future__ import annotations

import time
from pathlib import Path

from django_tasks import task


@task()
def wait_for_file(started: str, go: str) -> str:
    """Say that it has begun, and end when told to."""
    Path(started).touch()
    while not Path(go).exists():
        time.sleep(0.05)
    return "done"
