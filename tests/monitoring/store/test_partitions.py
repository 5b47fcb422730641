"""Rows by month, and the hash of their values."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from anxin.monitoring.facts_schema import SCHEMAS
from anxin.monitoring.store.partitions import MONTH_COLUMNS, fingerprint, split

PAYMENTS = SCHEMAS["payments"]
ROWS = [
    {"line_id": 2, "paid_fen": 5, "last_paid_on": dt.date(2026, 10, 31)},
    {"line_id": 1, "paid_fen": 7, "last_paid_on": dt.date(2026, 11, 1)},
    {"line_id": 3, "paid_fen": 9, "last_paid_on": None},
]


def of(name, rows):
    return pa.Table.from_pylist(rows, schema=SCHEMAS[name])


def parts(name, rows):
    return {month: table.to_pylist() for month, table in split(name, of(name, rows))}


def test_day_decides_the_month_and_no_day_has_a_place_of_its_own():
    assert parts("payments", ROWS) == {"2026-10": [ROWS[0]], "2026-11": [ROWS[1]], "none": [ROWS[2]]}


def test_moment_decides_the_month_as_the_clock_showed_it():
    late = {"card": "c", "at": dt.datetime(2026, 10, 31, 23, 59, 59), "amount_fen": 1, "to_account": "t"}
    assert parts("card_flows", [late]) == {"2026-10": [late]}


def test_every_table_with_a_month_is_split_by_it():
    assert all(column in SCHEMAS[name].names for name, column in MONTH_COLUMNS.items())
    assert {name for name in SCHEMAS if "month" in SCHEMAS[name].names} <= set(MONTH_COLUMNS)


def test_order_and_pieces_of_the_rows_do_not_matter():
    rows = [row | {"last_paid_on": dt.date(2026, 10, 1)} for row in ROWS]
    [(_, one)] = split("payments", of("payments", rows))
    pieces = pa.concat_tables([of("payments", rows[2:]), of("payments", rows[:0]), of("payments", rows[:2])])
    [(_, other)] = split("payments", pieces)
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize("name", SCHEMAS)
def test_hash_can_be_taken_of_every_table_without_rows(name):
    assert len(fingerprint(SCHEMAS[name].empty_table())) == 64


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([("ab", "c")], [("a", "bc")]),
        ([("", None)], [(None, "")]),
        ([("a", None)], [("a", "")]),
        ([("a", "b")], [("a", "b"), ("a", "b")]),
        ([("a", "b"), ("c", "d")], [("a", "bc"), ("", "d")]),
    ],
)
def test_other_values_have_another_hash(one, other):
    def table(rows):
        return pa.table({"x": pa.array([a for a, _ in rows], pa.string()), "y": [b for _, b in rows]})

    left, right = (
        table(rows).cast(pa.schema([("x", pa.string()), ("y", pa.string())])) for rows in (one, other)
    )
    assert fingerprint(left) != fingerprint(right)


def test_hash_of_a_slice_is_that_of_its_rows():
    texts = pa.table({"x": pa.array(["a", "bb", None, "dddd"], pa.string())})
    assert fingerprint(texts.slice(1, 2)) == fingerprint(pa.table({"x": pa.array(["bb", None], pa.string())}))
