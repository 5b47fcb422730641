"""``anxin evidence export`` of a matter, a site's month and a worker, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from anxin.casework import services as casework
from anxin.casework.models import Matter
from anxin.cli.main import main
from anxin.local_law import queries as local_law
from tests.dossier.packs import NOW, a_site

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("named", ["site", "worker"])
def test_what_is_written_is_verified_by_the_same_command(named, tmp_path: Path, capsys):
    place = a_site()
    asked = {
        "site": ["--project", "SITE", "--month", "2026-10"],
        "worker": ["--worker", str(place.workers[0].pk)],
    }[named]
    target = tmp_path / "package.zip"
    assert main(["evidence", "export", *asked, "-o", str(target), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert main(["evidence", "verify", str(target), "--trust", said["fingerprint"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trusted"] is True
    target.write_bytes(target.read_bytes().replace(b"6000.00", b"6001.00", 1))
    assert main(["evidence", "verify", str(target), "--json"]) == 1


def a_matter(place, title: str) -> Matter:
    return casework.open_matter(
        procedure="complaint_intake", title=title, region=place.site.region, lead=place.body, by=place.inspector,
        on=NOW.date(), now=NOW, law=local_law.current(), project=place.site, handler=place.inspector,
    )  # fmt: skip


def test_a_matter_is_named_by_its_number_and_only_that_one_leaves(tmp_path: Path, capsys):
    place = a_site()
    asked, other = a_matter(place, "木工班没有结清工资"), a_matter(place, "瓦工班没有结清工资")
    target = tmp_path / "matter.zip"
    assert main(["evidence", "export", asked.number, "-o", str(target), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert asked.number in said["matter"]
    whole = target.read_bytes()
    assert asked.title.encode() in whole
    assert other.title.encode() not in whole and other.number.encode() not in whole
    assert main(["evidence", "verify", str(target), "--trust", said["fingerprint"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trusted"] is True
    target.write_bytes(whole.replace(asked.title.encode(), other.title.encode(), 1))
    assert main(["evidence", "verify", str(target), "--json"]) == 1


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ([], "三样选一样"),
        (["990101〔2026〕99999号"], "没有编号为“990101〔2026〕99999号”的事项"),
        (["M1", "--worker", "1"], "三样选一样"),
        (["--project", "SITE"], "要一起写"),
        (["--project", "NONE", "--month", "2026-10"], "没有编码为“NONE”的项目"),
        (["--project", "SITE", "--month", "十月"], "不是月份"),
        (["--worker", "欧阳木"], "不是劳动者的编号"),
        (["--worker", "99999"], "没有内部编号为99999的劳动者"),
        (["--worker", "990101〔2026〕线索00001号/3"], "没有第3号"),
    ],
)
def test_what_cannot_be_found_is_said_in_one_sentence_and_nothing_is_written(
    asked, sentence, tmp_path, capsys
):
    a_site()
    target = tmp_path / "package.zip"
    assert main(["evidence", "export", *asked, "-o", str(target)]) == 2
    assert sentence in capsys.readouterr().err
    assert not target.exists()
