"""Faces: where they are looked for, what is said without them, how they come out of a package."""

from __future__ import annotations

import gzip
import hashlib
import io
import sys
import tarfile

import pytest

from anxin.config.home import PROJECT_ROOT
from anxin.typesetting import faces
from anxin.typesetting.errors import FacesMissing

sys.path.insert(0, str(PROJECT_ROOT / "tools"))
import faces as tool


def test_without_faces_one_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("ANXIN_FONTS", str(tmp_path))
    with pytest.raises(FacesMissing, match=r"FandolFang-Regular\.otf.*ANXIN_FONTS"):
        faces.files()


def test_other_files_of_the_same_names_are_not_taken(tmp_path, monkeypatch):
    for name in tool.sums():
        (tmp_path / name).write_bytes(b"another face")
    monkeypatch.setenv("ANXIN_FONTS", str(tmp_path))
    with pytest.raises(FacesMissing):
        faces.files()


def member(archive, name, data):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def package(faces_data: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:xz") as archive:
        for name, data in faces_data.items():
            member(archive, f"./usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/{name}", data)
        member(archive, "./usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz", gzip.compress(b"licence"))
        member(archive, "./usr/share/doc/other/COPYING", b"not ours")
    parts = b"!<arch>\n"
    for name, data in (
        ("debian-binary", b"2.0\n"),
        ("control.tar.xz", b"odd"),
        ("data.tar.xz", raw.getvalue()),
    ):
        parts += (
            f"{name:<16}{0:<12}{0:<6}{0:<6}{0:<8}{len(data):<10}`\n".encode() + data + b"\n" * (len(data) % 2)
        )
    return parts


@pytest.fixture
def small_faces(monkeypatch):
    data = {name: name.encode() for name in tool.sums()}
    monkeypatch.setattr(
        tool, "sums", lambda: {name: hashlib.sha256(raw).hexdigest() for name, raw in data.items()}
    )
    return data


@pytest.mark.parametrize("with_dpkg", [True, False])
def test_faces_and_licence_come_out_of_the_package_and_nothing_else(
    small_faces, with_dpkg, tmp_path, monkeypatch
):
    if not with_dpkg:
        monkeypatch.setattr(tool.shutil, "which", lambda name: None)
    (tmp_path / "a.deb").write_bytes(package(small_faces))
    out = tmp_path / "out"
    out.mkdir()
    tool.unpack(tmp_path / "a.deb", out)
    assert {path.name for path in out.iterdir()} == {*small_faces, "COPYING"}
    assert (out / "COPYING").read_bytes() == b"licence"
    assert tool.missing_in(out) == []


def test_a_package_with_another_face_is_refused_and_leaves_nothing(small_faces, tmp_path, monkeypatch):
    small_faces_now = small_faces | {"FandolFang-Regular.otf": b"another"}
    (tmp_path / "a.deb").write_bytes(package(small_faces_now))
    monkeypatch.setattr(tool, "download", lambda work: tmp_path / "a.deb")
    monkeypatch.setattr(tool, "FOLDER", tmp_path / "share" / "fonts")
    with pytest.raises(tool.NotReached, match=r"FandolFang-Regular\.otf"):
        tool.fetch_into(tmp_path / "share" / "fonts")
    assert not (tmp_path / "share" / "fonts").exists()


def test_a_broken_package_is_refused_with_a_reason(tmp_path, monkeypatch):
    (tmp_path / "a.deb").write_bytes(b"<html>no such file</html>")
    with pytest.raises(tool.NotReached, match="打不开"):
        tool.unpack(tmp_path / "a.deb", tmp_path)


def test_the_installation_goes_on_without_the_faces(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ANXIN_FONTS", str(tmp_path))
    assert tool.main() == 0
    assert "其他功能照常使用" in capsys.readouterr().err
