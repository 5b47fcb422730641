"""``anxin evidence`` as somebody runs it who has the file and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from anxin.cli.main import main


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.zip"
    assert main(["evidence", "sample", "-o", str(path)]) == 0
    return path


def verdict(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = main(["evidence", "verify", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_sample_verifies_and_a_changed_one_does_not(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = verdict(capsys, str(sample))
    assert (code, said["valid"], said["trusted"], said["problems"]) == (0, True, False, [])
    assert len(said["signers"]) == 2  # type: ignore[arg-type]
    changed = sample.read_bytes().replace(b"9880.00", b"9980.00")
    sample.write_bytes(changed)
    code, said = verdict(capsys, str(sample))
    assert (code, said["valid"]) == (1, False)
    assert said["problems"]


def test_known_keys_make_it_trusted(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, said = verdict(capsys, str(sample))
    prints = [one["fingerprint"] for one in said["signers"]]  # type: ignore[attr-defined]
    _, said = verdict(capsys, str(sample), "--trust", prints[0])
    assert said["trusted"] is False
    _, said = verdict(capsys, str(sample), "--trust", prints[0], "--trust", prints[1].upper())
    assert said["trusted"] is True
    assert main(["evidence", "verify", str(sample), "--trust", "abc"]) == 2
    assert "不是公钥指纹" in capsys.readouterr().err


def test_a_person_is_taken_out(sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left, key = tmp_path / "left.zip", tmp_path / "keys" / "office.pem"
    call = ["evidence", "redact", str(sample), "--person", "P4", "--reason", "本人要求", "--name", "某局"]
    assert main([*call, "--key", str(key), "-o", str(left)]) == 0
    assert key.stat().st_mode & 0o077 == 0
    code, said = verdict(capsys, str(left))
    assert code == 0 and said["redacted"]
    assert "郑喆".encode() not in left.read_bytes()
    assert (
        main(["evidence", "redact", str(sample), "--person", "P99", *call[5:], "--key", str(key), "-o", "x"])
        == 2
    )
    assert "没有关于“P99”的内容" in capsys.readouterr().err


def test_what_cannot_be_opened_or_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "verify", str(tmp_path / "none.zip")]) == 2
    assert "打不开文件" in capsys.readouterr().err
    assert main(["evidence", "sample", "-o", str(tmp_path / "none" / "sample.zip")]) == 2
    assert "无法写入" in capsys.readouterr().err


def test_it_needs_no_data_folder(sample: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    done = subprocess.run(
        [sys.executable, "-m", "anxin.cli", "evidence", "verify", str(sample)],
        env={**os.environ, "ANXIN_HOME": str(nowhere), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert not nowhere.exists()
