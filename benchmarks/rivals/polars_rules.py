"""Six rules in Polars: lazy, so that its optimiser sees all of them and works shared parts out once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl
import pyarrow as pa

from benchmarks.rivals.six import BACK, Numbers, Totals

_MONTH = ["project_id", "month"]
_PERSON = ["project_id", "month", "worker_key"]


def prepare(tables: Mapping[str, pa.Table]) -> dict[str, pl.LazyFrame]:
    return {name: pl.from_arrow(table).lazy() for name, table in tables.items()}  # type: ignore[union-attr]


def run(tables: Mapping[str, pl.LazyFrame], day: dt.date, numbers: Numbers) -> dict[str, pl.DataFrame]:
    lines = _lines_due(tables, day)
    frames = {
        "W03": lines.filter(pl.col("paid_fen") <= 0).with_columns(amount_fen="net_fen"),
        "P01": lines.filter((pl.col("paid_fen") > 0) & (pl.col("paid_fen") < pl.col("net_fen"))).with_columns(
            amount_fen=pl.col("net_fen") - pl.col("paid_fen")
        ),
        "W04": _attended_without_line(tables, day),
        "P02": _paid_without_attendance(tables),
        "W05": _below_minimum(tables),
        "E02": _staff_lost(tables, day, numbers),
    }
    return dict(zip(frames, pl.collect_all(list(frames.values())), strict=True))


def totals(frame: pl.DataFrame) -> Totals:
    return Totals(frame.height, *(int(frame[name].sum() or 0) for name in ("amount_fen", "days")))


def _pay_due(t: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    months = pl.concat([t["payroll_months"], t["attendance_months"]]).unique()
    projects = t["projects"].filter(pl.col("pay_day").is_not_null())
    projects = projects.select("project_id", "pay_day", offset=pl.col("pay_month_offset").fill_null(1))
    dated = months.join(projects, on="project_id").join(
        t["law_months"].select("month", "month_index"), on="month"
    )
    dated = dated.with_columns(payable=pl.col("month_index") + pl.col("offset")).drop("month_index")
    days = t["law_month_days"].select("month_index", "day_number", due="moved_earlier")
    return dated.join(days, left_on=["payable", "pay_day"], right_on=["month_index", "day_number"]).select(
        *_MONTH, "due"
    )


def _late(day: dt.date) -> pl.Expr:
    return (pl.lit(day) - pl.col("due")).dt.total_days()


def _person() -> pl.Expr:
    return pl.coalesce("worker_key", "name_key")


def _key() -> pl.Expr:
    return pl.concat_str(pl.lit("payroll_line:"), pl.col("line_id").cast(pl.String))


def _lines_due(t: Mapping[str, pl.LazyFrame], day: dt.date) -> pl.LazyFrame:
    due = _pay_due(t).filter(pl.col("due") <= day)
    lines = t["payroll_lines"].filter(pl.col("net_fen") > 0).join(due, on=_MONTH)
    lines = lines.join(t["payments"].select("line_id", "paid_fen"), on="line_id", how="left")
    return lines.select(
        *_MONTH,
        "worker_key",
        "due",
        "net_fen",
        person=_person(),
        paid_fen=pl.col("paid_fen").fill_null(0),
        days=_late(day),
        keys=_key(),
    )


def _attended_without_line(t: Mapping[str, pl.LazyFrame], day: dt.date) -> pl.LazyFrame:
    present = t["attendance"].filter(pl.col("days") > 0).select(*_PERSON, attended_days="days")
    missing = present.join(t["payroll_lines"], on=_PERSON, how="anti")
    counted = missing.group_by(_MONTH).agg(missing=pl.col("worker_key").n_unique())
    unknown = t["payroll_lines"].filter(pl.col("worker_key").is_null())
    unknown = unknown.group_by(_MONTH).agg(unknown=pl.col("name_key").n_unique())
    delivered = t["payroll_months"].unique().with_columns(delivered=pl.lit(True))
    table = missing.join(counted, on=_MONTH).join(t["law_months"].select("month", "last_day"), on="month")
    for other in (unknown, delivered, _pay_due(t)):
        table = table.join(other, on=_MONTH, how="left")
    expected = pl.col("delivered").fill_null(False) | (pl.col("due") < day).fill_null(False)
    table = table.filter((pl.col("last_day") < day) & expected)
    table = table.filter(pl.col("missing") > pl.col("unknown").fill_null(0))
    return table.select(
        *_PERSON,
        amount_fen=pl.lit(None, pl.Int64),
        days=_late(day).fill_null(0).clip(0),
        keys=pl.concat_str(pl.lit("attendance:"), "worker_key", pl.lit("@"), "month"),
    )


def _paid_without_attendance(t: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    lines = t["payroll_lines"].with_columns(person=_person())
    lines = lines.join(t["attendance_months"], on=_MONTH, how="semi")
    listed = lines.group_by(_MONTH).agg(listed=pl.col("person").n_unique())
    present = t["attendance"].filter(pl.col("days") > 0)
    absent = lines.join(present, on=_PERSON, how="anti").join(listed, on=_MONTH)
    return absent.select(
        *_PERSON, "person", "listed", amount_fen="net_fen", days=pl.lit(None, pl.Int64), keys=_key()
    )


def _below_minimum(t: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    lines = t["payroll_lines"].with_columns(person=_person(), key=_key())
    pay = lines.group_by("project_id", "month", "person").agg(
        pl.col("worker_key").max(),
        pl.col("net_fen").sum(),
        stated=pl.col("days_worked").sum(),
        keys=pl.col("key").str.join("|"),
    )
    months = t["law_months"].filter(pl.col("published")).select("month", "working_days", "first_day")
    hourly = t["enrolments"].filter(~pl.col("full_time"))
    table = pay.join(t["attendance"].select(*_PERSON, attended="days"), on=_PERSON, how="left")
    table = table.join(hourly, on=["project_id", "worker_key"], how="anti").join(months, on="month")
    table = table.filter(pl.coalesce("attended", "stated") >= pl.col("working_days"))
    table = table.join(t["projects"].select("project_id", "region"), on="project_id")
    minimum = t["law_parameters"].filter(pl.col("key") == "wage_payment.min_wage_monthly")
    table = table.join(minimum.select("region", "number", "valid_from", "valid_until"), on="region")
    table = table.filter(pl.col("first_day").is_between("valid_from", "valid_until"))
    table = table.with_columns(minimum=(pl.col("number") * 100).round().cast(pl.Int64))
    return table.filter(pl.col("net_fen") < pl.col("minimum")).select(
        *_PERSON,
        "person",
        "keys",
        amount_fen=pl.col("minimum") - pl.col("net_fen"),
        days=pl.lit(None, pl.Int64),
    )


def _staff_lost(t: Mapping[str, pl.LazyFrame], day: dt.date, numbers: Numbers) -> pl.LazyFrame:
    months = t["law_months"].select("month", age=numbers.this_month - pl.col("month_index"))
    said = t["employer_months"].select("employer_id", "month", "insured").join(months, on="month")
    said = said.filter(pl.col("age").is_between(0, BACK) & pl.col("insured").is_not_null())
    wide = said.group_by("employer_id").agg(
        pl.col("age").min().alias("at"),
        *(pl.when(pl.col("age") == n).then("insured").max().alias(f"i{n}") for n in range(BACK + 1)),
    )

    def back(months: int) -> pl.Expr:
        cases = pl.when(pl.col("at") == 0).then(f"i{months}")
        for at in range(1, numbers.fresh + 1):
            cases = cases.when(pl.col("at") == at).then(f"i{at + months}")
        return cases.otherwise(None)

    table = wide.filter(pl.col("at") <= numbers.fresh).with_columns(
        now=back(0), before=pl.max_horizontal(*(back(n).fill_null(0) for n in (1, 2, 3)))
    )
    lost = pl.col("before") - pl.col("now")
    table = table.filter((pl.col("before") >= numbers.least_staff) & (lost * 10 >= pl.col("before")))
    return table.select(
        "employer_id",
        "before",
        "now",
        lost=lost,
        amount_fen=pl.lit(None, pl.Int64),
        days=pl.lit(None, pl.Int64),
    )
