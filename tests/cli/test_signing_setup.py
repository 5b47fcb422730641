"""What is told at the start of the web service leaves no connection to the processes that are made from it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from anxin.config.home import PROJECT_ROOT
from tests.monitoring import factories as make
from tests.support.console import database_url

TELL = """
import django; django.setup()
from django.db import connection
from anxin.cli.signing_setup import tell_problems
tell_problems()
pools = getattr(connection, "_connection_pools", {})
print("open" if connection.connection is not None or pools else "none")
"""


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_left_behind():
    make.region("110101")
    surroundings = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "anxin.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", TELL],
        env=surroundings,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "none"
    assert "还没有接入签名网关" in done.stderr
