"""Every number the law files must hold answers on its first day with the value of the expected table.

``data/expected_values.csv`` has a row for each dated value (region empty: the nation) and each local value:
key, region, first day, value as JSON.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import NamedTuple

import pytest

from anxin.law import NoValue, Unconfirmed, load
from anxin.law.parameters import DatedValue

TABLE = Path(__file__).parent / "data" / "expected_values.csv"
LAW = load()
NATIONAL_KEYS = 326
#: our own parameters besides: the grading of warnings and the time to act on them
# one on a line, so that two additions do not meet
OWN_GROUPS = {
    "channels",
    "casework",
    "clue_density",
    "emergency",
    "forgery",
    "pay_outlier",
    "roster_absence",
    "employer_risk",
    "employer_signs",
    "forecast",
    "funds",
    "gates",
    "interface",
    "monitoring",
    "warning",
}


class Expected(NamedTuple):
    key: str
    region: str
    first_day: dt.date
    value: object


def _rows() -> list[Expected]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Expected(row["key"], row["region"], dt.date.fromisoformat(row["from"]), json.loads(row["value"]))
            for row in csv.DictReader(file)
        ]


ROWS = _rows()


def _ids(row: Expected) -> str:
    return f"{row.key}@{row.region or 'nation'}:{row.first_day}"


def _exact(value: object) -> str:
    """Values as written: yes is not 1, and 20 is not 20.0."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _answers(row: Expected) -> list[object]:
    """What the law answers on the first day: one value for each case that the region treats apart."""
    recorded = LAW.parameter(row.key).local_values.get(row.region, ())
    cases = [(dated.only_for, dated.between) for dated in recorded if dated.from_ == row.first_day]
    answers = []
    for only_for, between in cases or [("", ())]:
        other = [region for region in between if region != row.region]
        counterpart = other[0] if other else ""
        value = LAW.value(
            row.key, on=row.first_day, region=row.region, only_for=only_for, counterpart=counterpart
        )
        assert value.region == row.region
        assert value.from_ == row.first_day
        answers.append(value.value)
    return answers


@pytest.mark.parametrize("row", [row for row in ROWS if row.value is not None], ids=_ids)
def test_value_answers_on_its_first_day(row):
    assert _exact(row.value) in [_exact(answer) for answer in _answers(row)]


@pytest.mark.parametrize("row", [row for row in ROWS if row.value is None], ids=_ids)
def test_value_left_open_is_refused_and_never_guessed(row):
    with pytest.raises((NoValue, Unconfirmed)):
        LAW.value(row.key, on=row.first_day, region=row.region)


def test_every_key_is_there_and_the_rest_is_our_own():
    expected = {row.key for row in ROWS}
    assert len(expected) == NATIONAL_KEYS
    own = set(LAW.keys()) - expected
    assert expected - set(LAW.keys()) == set()
    assert {key.split(".")[0] for key in own} == OWN_GROUPS
    assert len(LAW.keys()) == NATIONAL_KEYS + len(own)


def test_no_region_holds_more_first_days_than_the_table_unless_for_a_case_of_its_own():
    expected = {(row.key, row.region, row.first_day) for row in ROWS}
    strange = [
        (parameter.key, region, dated.from_)
        for parameter in map(LAW.parameter, {row.key for row in ROWS})
        for region, recorded in parameter.local_values.items()
        for dated in recorded
        # what only some provinces have is recorded for each of them, from the first day of its own text
        if (parameter.key, region, dated.from_) not in expected and not (dated.only_for or parameter.only_in)
    ]
    assert strange == []


def test_no_value_outlives_the_statutes_it_cites():
    """A value of 2015 cites the text of 2015: a repealed version ends with its value."""
    outlived = []
    for key in LAW.keys():  # noqa: SIM118 - Law is no mapping
        parameter = LAW.parameter(key)
        for recorded in (parameter.values, *parameter.local_values.values()):
            for dated, until in _with_end(recorded):
                ends = [LAW.statute(reference.statute).effective_until for reference in dated.references]
                outlived += [(key, dated.from_) for end in ends if end and until > end]
    assert outlived == []


def _with_end(recorded: tuple[DatedValue, ...]) -> list[tuple[DatedValue, dt.date]]:
    """Each value with its last day: its own, or the day before the next one for the same case."""
    pairs = []
    for dated in recorded:
        case = (dated.only_for, dated.between)
        later = [
            other.from_
            for other in recorded
            if other.from_ > dated.from_ and (other.only_for, other.between) == case
        ]
        following = min(later) - dt.timedelta(days=1) if later else dt.date.max
        pairs.append((dated, min(dated.until or dt.date.max, following)))
    return pairs


def test_length_of_time_says_where_it_starts():
    silent = [
        key
        for key in LAW.keys()  # noqa: SIM118 - Law is no mapping
        if LAW.parameter(key).type in ("deadline", "period")
        and (counting := LAW.parameter(key).counting)
        and not counting.starts_on
    ]
    assert silent == []
