"""The sample package, taken apart and put together again by hand, for tests that change it."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from anxin.proof import KeySigner, Verdict, build, container, throwaway, verify
from anxin.proof.sample import BANK, OFFICE, contents

INDEPENDENT = Path(container.__file__).with_name("independent.py")
MADE_AT = dt.datetime(2026, 10, 12, 9, 30, tzinfo=dt.UTC)


def signers() -> list[KeySigner]:
    return [throwaway(OFFICE, "出具单位"), throwaway(BANK, "核对单位")]


def sample(by: list[KeySigner] | None = None) -> bytes:
    return build(contents(MADE_AT, "安薪 测试"), by or signers())


def judged(package: bytes, trusted: frozenset[str] = frozenset()) -> Verdict:
    return verify(io.BytesIO(package), trusted)


def files_of(package: bytes) -> dict[str, bytes]:
    """The files as Python's own ZIP reader gives them."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(files: Mapping[str, bytes]) -> bytes:
    """A container in good form around whatever these files say."""
    return container.write(dict(files))


def judged_independently(path: Path) -> int:
    """The exit code of the second verifier, run by a Python that cannot see the product."""
    done = subprocess.run(
        [sys.executable, "-I", str(INDEPENDENT), str(path)], capture_output=True, check=False
    )
    assert not done.stderr, done.stderr.decode()
    return done.returncode
