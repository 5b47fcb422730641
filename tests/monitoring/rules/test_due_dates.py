"""Due dates of a whole column equal the scalar engine's, for every period of the law that can be computed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator

import ibis
import pyarrow as pa
import pytest

from anxin.law import BadQuestion, LawError, Overlay, UnknownKey, load
from anxin.monitoring.rules.due_dates import DueRules, due_dates

LAW = load()
FIRST, LAST = dt.date(2003, 12, 20), dt.date(2026, 12, 31)
REGIONS = ("", "440402", "510104", "321102", "330102", "370202", "150102", "653001", "530102", "130108")
#: days around which counting goes wrong: month ends, leap days, eves, holidays and make-up days
HARD = [
    dt.date(2003, 12, 31), dt.date(2004, 1, 1), dt.date(2004, 2, 29), dt.date(2005, 12, 30), dt.date(2005, 12, 31),
    dt.date(2008, 4, 30), dt.date(2008, 5, 1), dt.date(2020, 1, 23), dt.date(2021, 7, 14), dt.date(2021, 7, 15),
    dt.date(2023, 1, 31), dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 8, 31), dt.date(2025, 9, 30),
    dt.date(2026, 1, 29), dt.date(2026, 2, 14), dt.date(2026, 2, 15), dt.date(2026, 2, 28), dt.date(2026, 3, 1),
    dt.date(2026, 5, 26), dt.date(2026, 5, 27), dt.date(2026, 9, 19), dt.date(2026, 9, 20), dt.date(2026, 9, 30),
    dt.date(2026, 10, 1), dt.date(2026, 10, 10), dt.date(2026, 10, 31), dt.date(2026, 12, 30), dt.date(2026, 12, 31),
]  # fmt: skip
START = pa.schema(
    [("row", pa.int64()), ("start", pa.date32()), ("key", pa.string()), ("region", pa.string())]
)


def parts() -> dict[str, list[str]]:
    """Computable keys by part; the empty part for those with one length."""
    found: dict[str, list[str]] = {}
    for key in LAW.keys():  # noqa: SIM118
        if LAW.parameter(key).type not in ("deadline", "period"):
            continue
        spans = [span for region in REGIONS for span in LAW.spans(key, region)]
        if not spans or any(s.value.counting is None or s.value.counting.bound == "range" for s in spans):
            continue
        names = [set(span.value.value) if isinstance(span.value.value, dict) else {""} for span in spans]
        for part in set.intersection(*names):
            found.setdefault(part, []).append(key)
    return found


PARTS = parts()


def random_days(count: int, seed: str) -> Iterator[dt.date]:
    chance = random.Random(seed)
    for _ in range(count):
        yield FIRST + dt.timedelta(days=chance.randrange((LAST - FIRST).days + 1))


def scalar(law, key: str, start: dt.date, region: str, part: str = "") -> tuple[object, ...]:
    """The scalar engine's answer, all empty where it refuses."""
    given = part if isinstance(_content(law, key, start, region), dict) else ""
    try:
        answer = law.deadline(key, start, region, part=given)
    except LawError:
        return (None, None, None, None)
    return (answer.due, answer.nominal, answer.act_from, answer.provisional)


def _content(law, key: str, start: dt.date, region: str) -> object:
    try:
        return law.value(key, start, region).value
    except LawError:
        return None


def column(
    law, rows: Iterable[tuple[dt.date, str, str]], part: str = "", until: dt.date = LAST
) -> list[tuple]:
    """The column expression's answers, in the order of the rows."""
    rows = list(rows)
    table = pa.Table.from_pylist(
        [{"row": n, "start": s, "key": k, "region": r} for n, (s, k, r) in enumerate(rows)], schema=START
    )
    connection = ibis.duckdb.connect()
    starts = connection.create_table("starts", table)
    rules = DueRules.lay_out(law, {k for _, k, _ in rows}, {r for _, _, r in rows}, until=until, part=part)
    answered = due_dates(starts, "start", rules, key=starts.key, region=starts.region)
    out = connection.to_pyarrow(answered.order_by("row")).to_pylist()
    assert [answer["row"] for answer in out] == list(range(len(rows)))
    return [(a["due"], a["nominal"], a["act_from"], a["provisional"]) for a in out]


@pytest.mark.parametrize("part", sorted(PARTS))
def test_column_equals_the_scalar_engine_for_every_period_over_2004_to_2026(part):
    rows = [
        (start, key, region)
        for key in PARTS[part]
        for region in ("", random.Random(key).choice(REGIONS[1:]))
        for start in [*HARD, *random_days(30, key + region)]
    ]
    expected = [scalar(LAW, key, start, region, part) for start, key, region in rows]
    for row, one, other in zip(rows, column(LAW, rows, part), expected, strict=True):
        assert one == other, row


def test_every_computable_period_is_compared():
    lengths = {
        key
        for key in LAW.keys()  # noqa: SIM118
        if LAW.parameter(key).type in ("deadline", "period")
        and any((span.value.counting and span.value.counting.bound != "range") for span in LAW.spans(key))
    }
    compared = {key for keys in PARTS.values() for key in keys}
    assert lengths - compared == set()
    assert len(compared) >= 120


def test_answers_of_the_comparison_are_mostly_dates_not_refusals():
    rows = [(start, key, "") for key in PARTS[""] for start in HARD[-15:]]
    answered = [due for due, *_ in column(LAW, rows) if due]
    assert len(answered) > 0.9 * len(rows)


def test_one_key_and_region_for_all_rows_equals_key_and_region_by_row():
    connection = ibis.duckdb.connect()
    days = list(random_days(200, "one"))
    starts = connection.create_table("starts", pa.table({"start": pa.array(days, type=pa.date32())}))
    rules = DueRules.lay_out(LAW, ["wage_deposit.deposit_days"], ["150102"], until=LAST)
    answered = due_dates(starts, "start", rules, key="wage_deposit.deposit_days", region="150102")
    together = {(row["start"], row["due"]) for row in connection.to_pyarrow(answered).to_pylist()}
    by_row = column(LAW, [(day, "wage_deposit.deposit_days", "150102") for day in days])
    assert together == {(day, due) for day, (due, *_) in zip(days, by_row, strict=True)}


def test_rows_keep_their_number_columns_and_empty_start_days():
    connection = ibis.duckdb.connect()
    table = pa.table(
        {"id": [1, 2, 3], "start": pa.array([dt.date(2026, 9, 30)] * 2 + [None], type=pa.date32())}
    )
    starts = connection.create_table("starts", table)
    rules = DueRules.lay_out(LAW, ["inspection.complaint_decision_days"], until=LAST)
    answered = due_dates(starts, "start", rules, key="inspection.complaint_decision_days").order_by("id")
    assert connection.to_pyarrow(answered.select("id", "due")).to_pylist() == [
        {"id": 1, "due": dt.date(2026, 10, 13)},
        {"id": 2, "due": dt.date(2026, 10, 13)},
        {"id": 3, "due": None},
    ]


def test_region_that_was_not_laid_out_has_no_due_date_rather_than_the_nations():
    connection = ibis.duckdb.connect()
    starts = connection.create_table(
        "starts", pa.table({"start": pa.array([dt.date(2026, 9, 30)], type=pa.date32())})
    )
    rules = DueRules.lay_out(LAW, ["inspection.complaint_decision_days"], ["440402"], until=LAST)
    answered = due_dates(starts, "start", rules, key="inspection.complaint_decision_days", region="990101")
    assert connection.to_pyarrow(answered)["due"].to_pylist() == [None]


def test_year_that_a_bureau_has_imported_is_no_longer_provisional():
    days = [
        (dt.date(2027, 1, 1), "off", "元旦"),
        (dt.date(2027, 1, 2), "off", "元旦"),
        (dt.date(2027, 1, 3), "work", "元旦"),
    ]
    law = load(overlay=Overlay(calendars={2027: {"notice": "虚构通知", "days": days}}))
    rows = [
        (dt.date(2026, 12, 28) + dt.timedelta(days=n), "inspection.complaint_decision_days", "")
        for n in range(9)
    ]
    until = dt.date(2027, 12, 31)
    answers = column(law, rows, until=until)
    assert answers == [scalar(law, key, start, region) for start, key, region in rows]
    assert not any(provisional for *_, provisional in answers)
    assert all(provisional for *_, provisional in column(LAW, rows, until=until))


@pytest.mark.parametrize("unit", ["工作日", "日", "小时"])
def test_start_day_that_a_place_counts_is_counted_as_the_scalar_engine_does(unit):
    own = {
        "key": "inspection.complaint_decision_days", "region": "990101", "name": "安城区", "unit": unit, "value": 36,
        "from": dt.date(2020, 1, 1), "source": "安城区规定（虚构）",
        "counting": {"start_day_counted": True, "day_type": {"工作日": "working", "日": "natural", "小时": "clock"}[unit]},
    }  # fmt: skip
    law = load(overlay=Overlay(local_values=(own,)))
    days = [day for day in [*HARD, *random_days(100, unit)] if day.year >= 2020]
    rows = [(day, own["key"], "990101") for day in days]
    assert column(law, rows) == [scalar(law, key, start, region) for start, key, region in rows]


def test_start_beyond_the_laid_out_days_is_left_empty_where_working_days_are_counted():
    rows = [(dt.date(2030, 1, 1), "inspection.complaint_decision_days", "")]
    assert column(LAW, rows, until=dt.date(2026, 1, 1))[0][0] is None


def test_unknown_key_amount_and_missing_part_are_refused_with_a_sentence():
    with pytest.raises(UnknownKey, match="没有名为"):
        DueRules.lay_out(LAW, ["inspection.nothing"], until=LAST)
    with pytest.raises(BadQuestion, match="不是可以计算到期日的期限"):
        DueRules.lay_out(LAW, ["wage_deposit.ratio_percent"], until=LAST)
    with pytest.raises(BadQuestion, match="请指明"):
        DueRules.lay_out(LAW, ["penalty.publish_decision_days"], until=LAST)
