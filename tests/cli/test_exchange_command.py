from __future__ import annotations

import json
import zipfile

import pytest

from anxin.cli.main import main
from tests.exchange.world import full
from tests.support.deliveries import id_number

pytestmark = pytest.mark.django_db


def anxin(capsys, *arguments):
    code = main(["exchange", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_package_is_written_and_taken_in_again(capsys, tmp_path, now):
    full(now)
    code, out, _ = anxin(
        capsys, "export", tmp_path / "a.zip", "--all", "--full", "--purpose", "报送省级平台", "--json"
    )
    assert code == 0
    manifest = json.loads(out)
    assert manifest["projects"] == ["P1"]
    assert id_number(1) in zipfile.ZipFile(tmp_path / "a.zip").read("WorkerMaster.jsonl").decode()
    code, out, _ = anxin(capsys, "import", tmp_path / "a.zip", "--json")
    assert code == 0
    objects = {one["name"]: one for one in json.loads(out)["objects"]}
    assert objects["ProjectWorker"]["unchanged"] == objects["ProjectWorker"]["read"] == 4


def test_without_asking_for_more_identifiers_are_masked(capsys, tmp_path, now):
    full(now)
    code, out, _ = anxin(capsys, "export", tmp_path / "a.xlsx", "--project", "P1")
    assert code == 0
    assert "证件号码遮盖" in out
    code, _, err = anxin(capsys, "import", tmp_path / "a.xlsx")
    assert code == 2
    assert "遮盖" in err


def test_a_refused_export_leaves_no_file(capsys, tmp_path, now):
    full(now)
    code, _, err = anxin(capsys, "export", tmp_path / "a.zip", "--all", "--full")
    assert code == 2
    assert "目的" in err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_project_is_a_sentence(capsys, tmp_path, now):
    full(now)
    code, _, err = anxin(capsys, "export", tmp_path / "a.zip", "--project", "NONE")
    assert code == 2
    assert "NONE" in err
