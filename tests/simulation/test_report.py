"""The report beside the published figures: counted in one pass, and silent about what was not written."""

from __future__ import annotations

import json

import pytest

from tests.simulation.employers_only import rows, write_city


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    root = tmp_path_factory.mktemp("report")
    write_city(root, 11, employers=3000)
    return root


@pytest.fixture(scope="module")
def report(city):
    return json.loads((city / "report.json").read_text())


def test_what_was_counted_is_what_was_written(city, report):
    manifest = json.loads((city / "manifest.json").read_text())
    written = {}
    for file in manifest["files"]:
        written[file["kind"]] = written.get(file["kind"], 0) + file["rows"]
    assert report["rows"] == written
    started = [row for row in rows(city, "truth/employers") if row["起欠日期"] <= report["last_day"]]
    assert report["counts"]["failed"] == len(started)
    assert report["counts"]["failed_people"] == sum(int(row["人数"]) for row in started)
    assert report["counts"]["clues"] == len({row["编号"] for row in rows(city, "clues")})


def test_a_figure_says_its_source_and_how_far_the_city_is_from_it(report):
    figures = {line["key"]: line for line in report["figures"]}
    people = figures["failed_people"]
    assert people["source"]
    assert people["expected"] == pytest.approx(5785 * 12 / 11 * 3000 / 343595 * 9 / 12)
    assert people["ratio"] == pytest.approx(people["city"] / people["expected"])


def test_what_this_run_did_not_write_stays_unknown(report):
    figures = {line["key"]: line for line in report["figures"]}
    assert figures["accounts_per_project"]["city"] is None
    assert figures["accounts_per_project"]["ratio"] is None


def test_the_page_for_people_holds_the_same_lines(city, report):
    page = (city / "report.md").read_text()
    for line in report["figures"]:
        assert f"| {line['title']} |" in page
        assert line["source"] in page
