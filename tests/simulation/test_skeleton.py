"""The ground on which the city is built: streams, identifiers, deliveries, the register of employers."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import numpy as np
import pyarrow as pa
import pytest

from anxin.kernel.identifiers import bank_card_problem, id_number_problem, phone_problem, uscc_problem
from simulation import identifiers, profiles
from simulation.__main__ import main
from simulation.calendar import Month, pay_day
from simulation.seeds import Streams
from simulation.universe import universe
from simulation.writing import Deliveries


def texts(letters):
    return [bytes(row).decode() for row in letters]


def test_streams_of_one_name_are_alike_and_of_two_names_differ():
    def draw(*names):
        return Streams(7).rng(*names).integers(0, 1 << 62, 4).tolist()

    assert draw("punches", "440402") == draw("punches", "440402")
    assert draw("punches", "440402") != draw("punches", "440403")


def test_identifiers_have_right_check_digits_and_are_told_apart():
    rng = np.random.default_rng(1)
    number = np.arange(500)
    born = np.datetime64("1965-02-01") + rng.integers(0, 15000, 500)
    for letters, problem in (
        (identifiers.id_numbers(990101 + number % 7, born, number), id_number_problem),
        (identifiers.employer_codes(np.full(500, 440402), number), uscc_problem),
        (identifiers.cards(identifiers.CARD_PRODUCTS[number % 8], number + 10**10), bank_card_problem),
        (identifiers.phones(number), phone_problem),
    ):
        found = texts(letters)
        assert {problem(text) for text in found} == {None}
        assert len(set(found)) == 500


def test_neighbouring_cards_count_up_before_the_check_digit():
    found = texts(identifiers.cards(np.full(3, 621700), np.array([41, 42, 43])))
    assert [int(text[:-1]) for text in found] == [621700000000000041 + step for step in range(3)]


def test_a_pay_day_on_a_holiday_comes_before_it():
    assert pay_day(Month(2026, 9), 5, 1) == dt.date(2026, 9, 30)  # 1 to 7 October are off


def test_what_would_arrive_after_the_last_day_is_not_written(tmp_path):
    out = Deliveries(tmp_path, dt.date(2026, 3, 31))
    days = np.array(["2026-03-30", "2026-04-01", "2026-03-30"], dtype="datetime64[D]")
    out.deliver("clues", pa.table({"编号": ["1", "2", "3"]}), days, senders=["hotline"])
    out.close({"seed": 1})
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert [(file["path"], file["rows"]) for file in manifest["files"]] == [
        ("clues/hotline-2026-03-30.csv", 2)
    ]
    written = (tmp_path / "clues/hotline-2026-03-30.csv").read_bytes()
    assert written.decode() == "编号\n1\n3\n"
    assert manifest["files"][0]["sha256"] == hashlib.sha256(written).hexdigest()


def test_two_deliveries_of_one_name_are_refused(tmp_path):
    out = Deliveries(tmp_path, dt.date(2026, 3, 31))
    table = pa.table({"编号": ["1"]})
    out.write("clues", dt.date(2026, 3, 1), table, sender="hotline")
    with pytest.raises(ValueError, match="twice"):
        out.write("clues", dt.date(2026, 3, 1), table, sender="hotline")


@pytest.mark.parametrize("name", profiles.names())
def test_a_profile_reads_and_knows_its_districts(name):
    profile = profiles.load(name)
    assert profile.projects and profile.workers and profile.employers
    assert len({place.code for place in profile.districts}) == len(profile.districts)


def test_builders_are_employers_and_nobody_is_two():
    everybody = universe(profiles.load("tiny"), Streams(3))
    found = np.concatenate(list(everybody.builders().values()))
    assert len(set(found.tolist())) == len(found)
    assert found.max() < len(everybody)


def test_a_folder_with_content_is_refused_with_a_sentence(tmp_path, capsys):
    (tmp_path / "old.txt").write_text("keep")
    assert main(["--profile", "tiny", "--seed", "1", "--out", str(tmp_path)]) == 2
    assert "已有内容，不会覆盖" in capsys.readouterr().err
    assert (tmp_path / "old.txt").read_text() == "keep"
