"""Outside parts that a newcomer's machine may lack: a named skip there, a failure in the project's own runs."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def missing(part: str, remedy: str) -> NoReturn:
    """Skip the test, naming the part; fail it when ``CI=true``."""
    sentence = f"{part} is not on this machine: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def chromium_path() -> str | None:
    """The Chromium of this machine; ``ANXIN_CHROMIUM`` names another."""
    named = os.environ.get("ANXIN_CHROMIUM")
    return named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
