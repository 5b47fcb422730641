"""Loaded by pytest before Django's settings are read (see ``addopts``): tests get a data folder of their own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

HOME = tempfile.mkdtemp(prefix="anxin-tests-")
os.environ["ANXIN_HOME"] = HOME
(Path(HOME) / "static").mkdir()  # whitenoise looks for it
# Settings of a bureau on this machine must not colour the results.
for _name in (
    "ANXIN_HOSTS",
    "ANXIN_ORIGINS",
    "ANXIN_HTTPS",
    "ANXIN_DEBUG",
    "ANXIN_NIGHTLY_HOUR",
    "ANXIN_URL",
    "PORT",
):
    os.environ.pop(_name, None)
# … nor may a test tell real people anything.
for _name in [
    name for name in os.environ if name.startswith(("ANXIN_SMTP_", "ANXIN_MAIL_", "ANXIN_WEBHOOK_"))
]:
    del os.environ[_name]


@atexit.register
def _remove_home(owner: int = os.getpid()) -> None:
    if os.getpid() == owner:  # not in a forked child
        shutil.rmtree(HOME, ignore_errors=True)
