from __future__ import annotations

from pathlib import Path

import pytest

from anxin.evidence.files import FileDamaged, read, store
from anxin.evidence.models import StoredFile

pytestmark = pytest.mark.django_db

CONTENT = "姓名,实发\n甲,100\n".encode()


def _only_file(home):
    (found,) = [path for path in (home / "files").rglob("*") if path.is_file()]
    return found


def test_what_is_stored_is_read_the_same(home, now):
    stored = store(CONTENT, name="工资表.csv", now=now)
    assert read(stored) == CONTENT
    assert (stored.size, stored.name, stored.stored_at) == (len(CONTENT), "工资表.csv", now)


def test_the_same_content_is_kept_once_under_its_first_name(home, now):
    first = store(CONTENT, name="一.csv", now=now)
    assert store(CONTENT, name="二.csv", now=now) == first
    assert StoredFile.objects.get().name == "一.csv"
    assert _only_file(home).name == first.sha256


def test_on_disk_it_is_sealed(home, now):
    store(CONTENT, name="工资表.csv", now=now)
    assert CONTENT not in _only_file(home).read_bytes()


def test_a_changed_file_is_not_given_out(home, now):
    stored = store(CONTENT, name="工资表.csv", now=now)
    path = _only_file(home)
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(FileDamaged, match="工资表"):
        read(stored)


def test_another_sealed_file_put_in_its_place_is_not_given_out(home, now):
    stored = store(CONTENT, name="工资表.csv", now=now)
    other = store(b"other", name="other.csv", now=now)
    (home / "files" / stored.sha256[:2] / stored.sha256).write_bytes(
        (home / "files" / other.sha256[:2] / other.sha256).read_bytes()
    )
    with pytest.raises(FileDamaged, match="不一致"):
        read(stored)


def test_a_lost_file_is_said(home, now):
    stored = store(CONTENT, name="工资表.csv", now=now)
    _only_file(home).unlink()
    with pytest.raises(FileDamaged, match="损坏或丢失"):
        read(stored)


def test_a_lost_or_broken_file_is_mended_by_delivering_it_again(home, now):
    stored = store(CONTENT, name="工资表.csv", now=now)
    _only_file(home).unlink()
    assert read(store(CONTENT, name="工资表.csv", now=now)) == CONTENT
    _only_file(home).write_bytes(b"broken")
    assert read(store(CONTENT, name="工资表.csv", now=now)) == CONTENT
    assert StoredFile.objects.get() == stored


def test_a_crash_while_writing_leaves_no_half_file(home, now, monkeypatch):
    replace = Path.replace

    def crash(self, target):
        raise OSError("power cut")

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(OSError, match="power cut"):
        store(CONTENT, name="工资表.csv", now=now)
    assert not StoredFile.objects.exists()
    monkeypatch.setattr(Path, "replace", replace)
    assert read(store(CONTENT, name="工资表.csv", now=now)) == CONTENT


def test_an_empty_file_is_a_file(home, now):
    assert read(store(b"", name="空.csv", now=now)) == b""
