"""A package whose head is sealed under a certificate: both verifiers pass and say who, and no byte of the seal can be changed."""

from __future__ import annotations

import datetime as dt
import io
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from anxin.proof import build, redact, throwaway, verify
from anxin.proof.sample import OFFICE, contents
from anxin.signing.authority import Authority
from anxin.signing.parties import Person
from anxin.signing.timestamps import LocalTimeStamper
from anxin.vouching.heads import OfficeSeal, judge
from tests.proof.mutations import KINDS
from tests.proof.packages import INDEPENDENT, MADE_AT, files_of, judged_independently, packed
from tests.support.outside import missing

OWNER = Person(OFFICE, "12990101MB0000001X")
SEAL = ("seal.p7s", "seal_data.json")


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("keys"), MADE_AT)


@pytest.fixture(scope="module")
def sealed(authority) -> bytes:
    stamper = LocalTimeStamper(authority, lambda: MADE_AT)
    seal = OfficeSeal(authority.signer_for(OWNER, MADE_AT), stamper, MADE_AT)
    return build(contents(MADE_AT, "安薪 测试"), [throwaway(OFFICE, "出具单位")], seal=seal)


def judged(package: bytes, authority: Authority | None = None):
    roots = (authority.root.certificate,) if authority else ()
    return verify(io.BytesIO(package), seals=judge(roots))


def test_the_verdict_says_whose_certificate_sealed_the_head_and_when(sealed, authority):
    verdict = judged(sealed, authority)
    assert verdict.valid, verdict.problems
    (seal,) = [one for one in verdict.signers if one.part == "seal"]
    assert (seal.name, seal.trusted, seal.doubt) == (OFFICE, True, "")
    assert dt.datetime.fromisoformat(seal.at) == MADE_AT
    (seal,) = [one for one in judged(sealed).signers if one.part == "seal"]
    assert not seal.trusted and "没有指定信任的根证书" in seal.doubt
    assert verify(io.BytesIO(sealed)).valid


def test_the_independent_verifier_passes_and_names_the_seal(sealed, tmp_path: Path):
    path = tmp_path / "package.zip"
    path.write_bytes(sealed)
    done = subprocess.run(
        [sys.executable, "-I", str(INDEPENDENT), str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and f"电子签章：{OFFICE} 证书指纹" in done.stdout
    assert OFFICE in files_of(sealed)["index.html"].decode().split("电子签章：")[1]


def test_openssl_reads_the_same_signature(sealed, authority, tmp_path: Path):
    openssl = shutil.which("openssl")
    if openssl is None:
        missing("openssl", "install Debian's package openssl")
    for name in ("seal.p7s", "statement.json"):
        (tmp_path / name).write_bytes(files_of(sealed)[name])
    call = [openssl, "cms", "-verify", "-binary", "-inform", "DER", "-in", "seal.p7s", "-content", "statement.json",
            "-CAfile", str(authority.folder / "root.crt"), "-purpose", "any", "-attime", str(int(MADE_AT.timestamp()) + 1), "-out", "out"]  # fmt: skip
    assert subprocess.run(call, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "statement.json").write_bytes(files_of(sealed)["statement.json"].replace(b"2026", b"2027"))
    assert subprocess.run(call, cwd=tmp_path, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("name", SEAL)
def test_a_changed_or_missing_file_of_the_seal_is_found_by_both(sealed, authority, tmp_path: Path, name):
    files, path = files_of(sealed), tmp_path / "package.zip"
    at = len(files[name]) // 2
    other = files[name][:at] + bytes([files[name][at] ^ 1]) + files[name][at + 1 :]
    for changed in (files | {name: other}, {key: value for key, value in files.items() if key != name}):
        path.write_bytes(packed(changed))
        assert not judged(packed(changed), authority).valid
        assert judged_independently(path) == 1


def test_a_seal_of_another_head_or_another_office_is_refused(sealed, authority):
    stamper, by = LocalTimeStamper(authority, lambda: MADE_AT), [throwaway(OFFICE, "出具单位")]

    class Stolen(OfficeSeal):
        def seal(self, statement: bytes):
            return {name: files_of(sealed)[name] for name in SEAL}

    class Named(OfficeSeal):
        name = "别的单位"

    signer = authority.signer_for(OWNER, MADE_AT)
    for kind, says in ((Stolen, "被改动"), (Named, "不是声明里写的那个单位")):
        made = build(contents(MADE_AT, "安薪 测试"), by, seal=kind(signer, stamper, MADE_AT))
        assert says in judged(made, authority).problems[0].what


def test_one_person_taken_out_leaves_the_seal_standing(sealed, authority):
    left = redact(sealed, "P1", reason="本人要求", signer=throwaway("某局", "隐去人"), at=MADE_AT)
    verdict = judged(left, authority)
    assert (
        verdict.valid
        and verdict.redacted
        and any(one.part == "seal" and one.trusted for one in verdict.signers)
    )


def test_random_changes_of_a_sealed_package_are_all_caught(sealed, authority):
    dice, kinds = random.Random(20261130), list(KINDS.values())
    for number in range(600):
        changed = kinds[number % len(kinds)](dice, sealed)
        assert changed == sealed or not judged(changed, authority).valid
