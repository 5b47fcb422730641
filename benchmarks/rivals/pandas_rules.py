"""The same six rules in pandas, text kept as Arrow strings, as somebody who knows pandas would write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from benchmarks.rivals.six import BACK, Numbers, Totals

_MONTH = ["project_id", "month"]
_PERSON = ["project_id", "month", "worker_key"]


def prepare(tables: Mapping[str, pa.Table]) -> dict[str, pd.DataFrame]:
    frames = {name: table.to_pandas() for name, table in tables.items()}
    for name, columns in (("law_month_days", ["moved_earlier"]), ("law_months", ["first_day", "last_day"])):
        for column in columns:
            frames[name][column] = pd.to_datetime(frames[name][column])
    return frames


def run(t: Mapping[str, pd.DataFrame], day: dt.date, numbers: Numbers) -> dict[str, pd.DataFrame]:
    today = pd.Timestamp(day)
    due = _pay_due(t)
    lines = _lines_due(t, due, today)
    short = lines[(lines.paid_fen > 0) & (lines.paid_fen < lines.net_fen)]
    return {
        "W03": lines[lines.paid_fen <= 0].assign(amount_fen=lambda x: x.net_fen),
        "P01": short.assign(amount_fen=short.net_fen - short.paid_fen),
        "W04": _attended_without_line(t, due, today),
        "P02": _paid_without_attendance(t),
        "W05": _below_minimum(t),
        "E02": _staff_lost(t, numbers),
    }


def totals(frame: pd.DataFrame) -> Totals:
    sums = (int(frame[name].sum()) if name in frame else 0 for name in ("amount_fen", "days"))
    return Totals(len(frame), *sums)


def _keys(frame: pd.DataFrame) -> pd.Series:
    return "payroll_line:" + frame.line_id.astype("string")


def _without(frame: pd.DataFrame, other: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    merged = frame.merge(other[on].drop_duplicates(), on=on, how="left", indicator=True)
    return merged[merged["_merge"] == "left_only"].drop(columns="_merge")


def _pay_due(t: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    months = pd.concat([t["payroll_months"], t["attendance_months"]]).drop_duplicates()
    projects = t["projects"][["project_id", "pay_day", "pay_month_offset"]].dropna(subset=["pay_day"])
    dated = months.merge(projects, on="project_id").merge(
        t["law_months"][["month", "month_index"]], on="month"
    )
    dated["month_index"] = dated.month_index + dated.pay_month_offset.fillna(1).astype("int64")
    dated["day_number"] = dated.pay_day.astype("int64")
    days = t["law_month_days"].rename(columns={"moved_earlier": "due"})
    return dated.merge(days, on=["month_index", "day_number"])[[*_MONTH, "due"]]


def _lines_due(t: Mapping[str, pd.DataFrame], due: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    lines = t["payroll_lines"]
    lines = lines[lines.net_fen > 0].merge(due[due.due <= today], on=_MONTH)
    lines = lines.merge(t["payments"][["line_id", "paid_fen"]], on="line_id", how="left")
    return lines.assign(
        paid_fen=lines.paid_fen.fillna(0).astype("int64"),
        person=lines.worker_key.fillna(lines.name_key),
        days=(today - lines.due).dt.days,
        keys=_keys(lines),
    )


def _attended_without_line(
    t: Mapping[str, pd.DataFrame], due: pd.DataFrame, today: pd.Timestamp
) -> pd.DataFrame:
    attendance, lines = t["attendance"], t["payroll_lines"]
    missing = _without(attendance[attendance.days > 0].drop(columns="days"), lines, _PERSON)
    counted = missing.groupby(_MONTH).worker_key.nunique().rename("missing").reset_index()
    unknown = (
        lines[lines.worker_key.isna()].groupby(_MONTH).name_key.nunique().rename("unknown").reset_index()
    )
    delivered = t["payroll_months"].drop_duplicates().assign(delivered=True)
    table = missing.merge(counted, on=_MONTH).merge(t["law_months"][["month", "last_day"]], on="month")
    for other in (unknown, delivered, due):
        table = table.merge(other, on=_MONTH, how="left")
    expected = table.delivered.notna() | (table.due < today)
    table = table[(table.last_day < today) & expected & (table.missing > table.unknown.fillna(0))]
    return table.assign(
        days=(today - table.due).dt.days.fillna(0).clip(lower=0),
        keys="attendance:" + table.worker_key + "@" + table.month,
    )


def _paid_without_attendance(t: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    lines = t["payroll_lines"].merge(t["attendance_months"].drop_duplicates(), on=_MONTH)
    lines = lines.assign(person=lines.worker_key.fillna(lines.name_key), keys=_keys(lines))
    listed = lines.groupby(_MONTH).person.nunique().rename("listed").reset_index()
    absent = _without(lines, t["attendance"][t["attendance"].days > 0], _PERSON).merge(listed, on=_MONTH)
    return absent.assign(amount_fen=absent.net_fen)


def _below_minimum(t: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    lines = t["payroll_lines"]
    lines = lines.assign(person=lines.worker_key.fillna(lines.name_key), keys=_keys(lines))
    pay = lines.groupby(["project_id", "month", "person"], as_index=False).agg(
        worker_key=("worker_key", "first"),
        net_fen=("net_fen", "sum"),
        stated=("days_worked", "sum"),
        keys=("keys", "|".join),
    )
    attended = t["attendance"][[*_PERSON, "days"]]
    table = pay.merge(attended, on=_PERSON, how="left")
    enrolments = t["enrolments"]
    table = _without(table, enrolments[~enrolments.full_time.astype(bool)], ["project_id", "worker_key"])
    months = t["law_months"]
    table = table.merge(months[months.published][["month", "working_days", "first_day"]], on="month")
    table = table[table.days.fillna(table.stated) >= table.working_days]
    table = table.merge(t["projects"][["project_id", "region"]], on="project_id")
    law = t["law_parameters"]
    law = law[law.key == "wage_payment.min_wage_monthly"]
    table = table.merge(law[["region", "number", "valid_from", "valid_until"]], on="region")
    first = table.first_day.dt.date
    table = table[(first >= table.valid_from) & (first <= table.valid_until)]
    minimum = (table.number * 100).round().astype("int64")
    table = table.assign(amount_fen=minimum - table.net_fen).drop(columns="days")
    return table[table.amount_fen > 0]


def _staff_lost(t: Mapping[str, pd.DataFrame], numbers: Numbers) -> pd.DataFrame:
    said = t["employer_months"][["employer_id", "month", "insured"]].dropna()
    said = said.merge(t["law_months"][["month", "month_index"]], on="month")
    said = said.assign(age=numbers.this_month - said.month_index)
    said = said[said.age.between(0, BACK)]
    wide = said.pivot(index="employer_id", columns="age", values="insured").reindex(columns=range(BACK + 1))
    at = wide.notna().to_numpy().argmax(axis=1)
    wide, at = wide[at <= numbers.fresh].fillna(0).to_numpy(), at[at <= numbers.fresh]
    rows = range(len(wide))
    now = wide[rows, at]
    before = pd.DataFrame({n: wide[rows, at + n] for n in (1, 2, 3)}).max(axis=1).to_numpy()
    found = pd.DataFrame({"staying": now, "before": before, "lost": before - now})
    return found[(found.before >= numbers.least_staff) & (found.lost * 10 >= found.before)]
