"""What the office writes is the same bytes on every machine and on every day: the digests stand here.

A test that fails here means that a paper made again is not the paper that was sent. Look first for what was not meant: another
face, another version of typst, pyhanko or segno than ``requirements/`` pins, a moment or a random number in the file. Where a
template, a sample or a pinned library was changed on purpose, look at the paper before and after (``pdftoppm``), write the
digest that the failure names here in the same commit, and say in ``CHANGELOG.md`` that papers made from now on differ; what
was made before is kept as it was made and is never set anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anxin.config.home import PROJECT_ROOT
from anxin.proof import KeySigner, build
from anxin.proof.hashing import SALT_BYTES
from anxin.proof.sample import OFFICE, contents
from anxin.proof.statement import SIGNATURES, STATEMENT, VERIFIER, VIEWER
from anxin.signing.parties import Person, Slot
from anxin.signing.preparing import prepare
from anxin.typesetting.agreements import EMPLOYER_BOX, WORKER_BOX, agreement_pdf
from anxin.typesetting.pdf import pdf
from anxin.typesetting.seals import demonstration_seal
from tests.proof.packages import files_of
from tests.support.letters import example, needs_faces

DIGESTS = {
    "letter": "c2a876ff4ff5ca64b9056b1122cfd7896ef4d9fd7af6a175a2989d16c1e5535a",
    "contract": "0f25aac618d800bc003a1390f79eff6f78d76119627ba539778e007e2af1612c",
    "package": "ab50b0a28a40a85605483b75438e7df3f460e3aefbbe1131e7c41508fdb046dd",
}


def letter() -> bytes:
    """In the style of official papers, with the seal drawn for demonstrations."""
    one = example("risk_notice")
    return pdf(one, seal=demonstration_seal(one.issuer))


def contract() -> bytes:
    """Set and prepared for both signatures: what a worker is sent."""
    slots = [
        Slot("employer", "甲方（盖章）", Person("某劳务公司", "91990101MA0000009P"), box=EMPLOYER_BOX),
        Slot("worker", "乙方（签名）", Person("王小明", "worker-1"), box=WORKER_BOX),
    ]
    return prepare(agreement_pdf(example("labour_contract")), slots)


def package() -> bytes:
    """The evidence of the sample package: tables, documents, and the hash of each row.

    Left out: the programs that come with it, which change with the product, the statement that names their hashes, and the
    signatures over it. Salts are drawn for every package; here they are counted.
    """
    drawn = iter(range(1_000_000))
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    made = build(
        contents(dt.datetime(2026, 10, 12, 9, 30, tzinfo=dt.UTC), "安薪 测试"),
        [KeySigner(OFFICE, "出具单位", key)],
        lambda: next(drawn).to_bytes(SALT_BYTES, "big"),
    )
    files = files_of(made)
    kept = [name for name in sorted(files) if name not in (VERIFIER, VIEWER, STATEMENT, SIGNATURES)]
    return b"".join(name.encode() + b"\n" + files[name] for name in kept)


MAKERS = {"letter": letter, "contract": contract, "package": package}
#: another zone, language, home, folder for temporary files, user and working folder
SURROUNDINGS = [
    {
        "TZ": "Asia/Shanghai",
        "LC_ALL": "zh_CN.UTF-8",
        "LANG": "zh_CN.UTF-8",
        "USER": "anxin",
        "LOGNAME": "anxin",
    },
    {"TZ": "America/New_York", "LC_ALL": "C", "LANG": "C", "USER": "another", "LOGNAME": "another"},
]


def digests() -> dict[str, str]:
    return {name: hashlib.sha256(make()).hexdigest() for name, make in MAKERS.items()}


@pytest.mark.parametrize("name", MAKERS)
def test_it_is_the_bytes_that_are_written_down(name):
    if name == "letter":
        needs_faces()
    made = MAKERS[name]()
    assert hashlib.sha256(made).hexdigest() == DIGESTS[name], "see the head of this file"
    assert MAKERS[name]() == made


@pytest.mark.parametrize("surroundings", SURROUNDINGS, ids=lambda one: one["TZ"])
def test_it_is_the_same_in_another_process_place_and_language(tmp_path: Path, surroundings: dict[str, str]):
    """… and in a process for which it is another day and another machine."""
    needs_faces()
    program = (
        "import datetime, json, random, socket, time; from tests.typesetting import test_same_bytes\n"
        "time.time = lambda: 2_000_000_000.0; socket.gethostname = lambda: 'another'; random.seed(7)\n"
        "print(json.dumps(test_same_bytes.digests()))"
    )
    place = {name: str(tmp_path) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)} | surroundings | place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == DIGESTS
