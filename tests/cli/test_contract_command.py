"""``anxin contract`` as somebody runs it who has the file and nothing else."""

from __future__ import annotations

import json
import random

import pytest

from anxin.cli.main import main


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("contract")


@pytest.fixture(autouse=True)
def _here(home, monkeypatch):
    monkeypatch.setenv("ANXIN_HOME", str(home))


@pytest.fixture(scope="module")
def sample(home) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANXIN_HOME", str(home))
        assert main(["contract", "sample", "-o", str(home / "sample.pdf")]) == 0
    return (home / "sample.pdf").read_bytes()


@pytest.fixture
def judged(tmp_path, capsys):
    """Exit code and document of ``verify --json`` over some bytes."""

    def judge(pdf: bytes, *arguments: str) -> tuple[int, dict]:
        path = tmp_path / "file.pdf"
        path.write_bytes(pdf)
        capsys.readouterr()
        code = main(["contract", "verify", str(path), "--json", *arguments])
        return code, json.loads(capsys.readouterr().out)

    return judge


def test_a_sample_of_invented_parties_is_whole_and_trusted_here(sample, judged):
    code, said = judged(sample)
    assert (code, said["valid"], said["changed"]) == (0, True, None)
    assert [sorted(one) for one in said["signers"]] and len(said["signers"]) == 2
    for one in said["signers"]:
        assert {"name", "time", "covers", "trusted"} <= set(one) and one["trusted"] is True


def test_elsewhere_it_is_whole_and_nobody_is_trusted_until_the_root_is_given(
    sample, judged, home, tmp_path, monkeypatch
):
    monkeypatch.setenv("ANXIN_HOME", str(tmp_path / "elsewhere"))
    code, said = judged(sample)
    assert (code, said["valid"]) == (0, True) and not any(one["trusted"] for one in said["signers"])
    _, said = judged(sample, "--trust", str(home / "keys" / "root.crt"))
    assert all(one["trusted"] for one in said["signers"])


def test_a_changed_byte_is_caught(sample, judged):
    draw = random.Random(3)
    for place in draw.sample(range(len(sample)), 8):
        code, said = judged(sample[:place] + bytes([sample[place] ^ 1]) + sample[place + 1 :])
        assert code in (1, 2) and said["valid"] is False, place


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda pdf: b"", "不是PDF"),
        (lambda pdf: b"PK\x03\x04" + pdf[20:200], "不是PDF"),
        (lambda pdf: pdf[:2000], "签名"),
        (lambda pdf: b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF", "没有签名"),
    ],
)
def test_what_cannot_be_judged_says_why_with_code_2(sample, judged, change, word):
    code, said = judged(change(sample))
    assert code == 2 and said["valid"] is False and word in said["error"]


def test_a_file_that_goes_on_after_the_last_signature_is_changed(sample, judged):
    code, said = judged(sample + b"\n1 0 obj << /Type /Page >> endobj\n%%EOF\n")
    assert code == 1 and "不在任何签名的覆盖之内" in str(said["changed"])


def test_a_file_cut_back_to_the_first_signature_misses_the_second(sample, judged):
    """The classic attack: an earlier revision is itself a whole file."""
    ends = [place for place in range(len(sample)) if sample.startswith(b"%%EOF", place)]
    missing = [judged(sample[: end + 6]) for end in ends[:-1]]
    assert missing and all(code in (1, 2) and not said["valid"] for code, said in missing)


def test_what_is_not_there_or_no_certificate_is_one_sentence(sample, capsys, tmp_path, home):
    assert main(["contract", "verify", str(tmp_path / "none.pdf"), "--json"]) == 2
    assert "打不开文件" in json.loads(capsys.readouterr().out)["error"]
    (tmp_path / "no.crt").write_text("words")
    assert main(["contract", "verify", str(home / "sample.pdf"), "--trust", str(tmp_path / "no.crt")]) == 2
    assert "不是证书文件" in capsys.readouterr().err
    assert main(["contract", "sample", "-o", str(tmp_path / "no" / "such.pdf")]) == 2
    assert "无法写入" in capsys.readouterr().err
