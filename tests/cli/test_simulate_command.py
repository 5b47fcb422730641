"""``anxin simulate``: starts the simulation beside the product and tells what was written."""

from __future__ import annotations

import json

from anxin.cli.main import main


def test_a_city_is_written_and_counted(tmp_path, capfd):
    out = tmp_path / "city"
    call = ["simulate", "--profile", "county", "--seed", "3", "--months", "4", "--out", str(out), "--json"]
    assert main(call) == 0
    document = json.loads(capfd.readouterr().out)
    assert (document["profile"], document["seed"]) == ("county", 3)
    manifest = json.loads((out / "manifest.json").read_text())
    assert document["files"] == len(manifest["files"]) > 0
    assert document["rows"] == sum(file["rows"] for file in manifest["files"])


def test_a_folder_with_content_is_refused(tmp_path, capfd):
    (tmp_path / "old.txt").write_text("keep")
    assert main(["simulate", "--profile", "county", "--seed", "3", "--out", str(tmp_path)]) == 2
    assert "已有内容，不会覆盖" in capfd.readouterr().err


def test_a_seed_that_is_no_number_is_refused(tmp_path, capfd):
    assert main(["simulate", "--profile", "county", "--seed", "x", "--out", str(tmp_path / "c")]) == 2
    assert "“x”不是 0 或更大的整数" in capfd.readouterr().err


def test_too_few_months_are_refused(tmp_path, capfd):
    out = str(tmp_path / "c")
    assert main(["simulate", "--profile", "county", "--seed", "3", "--months", "2", "--out", out]) == 2
    assert "不在 4 至 36 个月之内" in capfd.readouterr().err
