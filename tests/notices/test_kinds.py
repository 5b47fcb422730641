"""The kinds of notice are known to every process: who only shows pages names them, and offers the choice of channels."""

from __future__ import annotations

import subprocess
import sys

# What a process knows that has loaded the applications, and what the rest of the modules would add.
_LATE = """
import importlib, pkgutil
import django
django.setup()
import anxin
from anxin.notices import kinds
known = set(kinds.kinds())
assert known
for module in pkgutil.walk_packages(anxin.__path__, "anxin."):
    if not {"migrations", "config", "__main__"} & set(module.name.split(".")):
        importlib.import_module(module.name)
print(*sorted(one.key for one in set(kinds.kinds()) - known))
"""


def test_a_process_that_only_loads_the_applications_knows_every_kind():
    told = subprocess.run([sys.executable, "-c", _LATE], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
