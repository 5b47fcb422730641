"""``anxin api schema``: what is exported is what is served."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from anxin.cli.main import main


@pytest.mark.django_db
def test_the_exported_description_is_the_served_one(tmp_path):
    file = tmp_path / "接口.json"
    assert main(["api", "schema", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert json.loads(text) == Client().get("/api/v1/openapi.json").json()
    assert "专用账户" in text  # readable, not escaped


def test_without_a_file_it_is_printed(capsys):
    assert main(["api", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["info"]["title"] == "安薪接口"


def test_a_folder_that_is_not_there_is_told_in_a_sentence(tmp_path, capsys):
    assert main(["api", "schema", str(tmp_path / "none" / "a.json")]) == 2
    assert "不能写入" in capsys.readouterr().err
