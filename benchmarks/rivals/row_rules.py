"""The same six rules as a rule engine that looks at one record after the other, in plain Python.

Facts are records; what a rule must know of other records is looked up in indexes, which are built in the run: a sweep
begins with them. Each record passes all the rules about its kind.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from benchmarks.rivals.six import BACK, Numbers, Totals

Row = dict[str, Any]


def prepare(tables: Mapping[str, pa.Table]) -> dict[str, list[Row]]:
    return {name: table.to_pylist() for name, table in tables.items()}


def totals(rows: list[Row]) -> Totals:
    return Totals(len(rows), *(sum(row.get(name) or 0 for row in rows) for name in ("amount_fen", "days")))


def run(tables: Mapping[str, list[Row]], day: dt.date, numbers: Numbers) -> dict[str, list[Row]]:
    known = Known(tables, day)
    found: dict[str, list[Row]] = defaultdict(list)
    for code, row in _about_lines(tables["payroll_lines"], known):
        found[code].append(row)
    for row in tables["attendance"]:
        if about := _without_line(row, known):
            found["W04"].append(about)
    for pay in known.pay.values():
        if about := _below_minimum(pay, known):
            found["W05"].append(about)
    for employer, said in known.insured(tables["employer_months"], numbers).items():
        if about := _staff_lost(employer, said, numbers):
            found["E02"].append(about)
    return found


class Known:
    """Indexes over all records."""

    def __init__(self, t: Mapping[str, list[Row]], day: dt.date) -> None:
        self.day = day
        self.months = {row["month"]: row for row in t["law_months"]}
        self.projects = {row["project_id"]: row for row in t["projects"]}
        self.paid = {row["line_id"]: row["paid_fen"] for row in t["payments"]}
        self.delivered = {_month(row) for row in t["payroll_months"]}
        self.attended_months = {_month(row) for row in t["attendance_months"]}
        self.days = {(*_month(row), row["worker_key"]): row["days"] for row in t["attendance"]}
        self.hourly = {(r["project_id"], r["worker_key"]) for r in t["enrolments"] if not r["full_time"]}
        self.minimums = defaultdict(list)
        for row in t["law_parameters"]:
            if row["key"] == "wage_payment.min_wage_monthly":
                self.minimums[row["region"]].append(row)
        self.due = self._due(t)
        self.pay: dict[tuple[Any, ...], Row] = {}
        self.listed: dict[tuple[int, str], set[str]] = defaultdict(set)
        self.unknown: dict[tuple[int, str], set[str]] = defaultdict(set)
        self.lines: set[tuple[Any, ...]] = set()
        for line in t["payroll_lines"]:
            self._add(line)
        self.missing: dict[tuple[int, str], int] = defaultdict(int)
        for key, days in self.days.items():
            if days > 0 and key not in self.lines:
                self.missing[key[:2]] += 1

    def _due(self, t: Mapping[str, list[Row]]) -> dict[tuple[int, str], dt.date]:
        days = {(row["month_index"], row["day_number"]): row["moved_earlier"] for row in t["law_month_days"]}
        due = {}
        for project_id, month in self.delivered | self.attended_months:
            project, known = self.projects.get(project_id), self.months.get(month)
            if project and known and project["pay_day"]:
                offset = 1 if project["pay_month_offset"] is None else project["pay_month_offset"]
                if found := days.get((known["month_index"] + offset, project["pay_day"])):
                    due[(project_id, month)] = found
        return due

    def _add(self, line: Row) -> None:
        month, worker = _month(line), line["worker_key"]
        person = worker or line["name_key"]
        self.listed[month].add(person)
        if worker:
            self.lines.add((*month, worker))
        else:
            self.unknown[month].add(line["name_key"])
        pay = self.pay.get((*month, person))
        if pay is None:
            pay = {"month": month, "worker_key": worker, "person": person, "net": 0, "days": None, "keys": []}
            self.pay[(*month, person)] = pay
        pay["net"] += line["net_fen"]
        if line["days_worked"] is not None:
            pay["days"] = (pay["days"] or 0) + line["days_worked"]
        pay["keys"].append(f"payroll_line:{line['line_id']}")

    def insured(self, months: list[Row], numbers: Numbers) -> dict[int, dict[int, int]]:
        said: dict[int, dict[int, int]] = defaultdict(dict)
        for row in months:
            known = self.months.get(row["month"])
            if known and row["insured"] is not None:
                age = numbers.this_month - known["month_index"]
                if 0 <= age <= BACK:
                    said[row["employer_id"]][age] = row["insured"]
        return said


def _month(row: Row) -> tuple[int, str]:
    return row["project_id"], row["month"]


def _about_lines(lines: list[Row], known: Known) -> Iterator[tuple[str, Row]]:
    for line in lines:
        month = _month(line)
        due = known.due.get(month)
        head = {
            "subject_id": line["project_id"],
            "month": line["month"],
            "worker_key": line["worker_key"],
            "person": line["worker_key"] or line["name_key"],
            "keys": f"payroll_line:{line['line_id']}",
        }
        if due and due <= known.day and line["net_fen"] > 0:
            paid = known.paid.get(line["line_id"], 0)
            late = {"days": (known.day - due).days, "due": due, "amount_fen": line["net_fen"] - max(paid, 0)}
            if paid <= 0:
                yield "W03", head | late
            elif paid < line["net_fen"]:
                yield "P01", head | late
        if month in known.attended_months and not known.days.get((*month, line["worker_key"]), 0) > 0:
            yield "P02", head | {"amount_fen": line["net_fen"], "listed": len(known.listed[month])}


def _without_line(row: Row, known: Known) -> Row | None:
    month = _month(row)
    if row["days"] <= 0 or (*month, row["worker_key"]) in known.lines or month[1] not in known.months:
        return None
    due = known.due.get(month)
    expected = month in known.delivered or (due is not None and due < known.day)
    over = known.months[month[1]]["last_day"] < known.day
    if not (expected and over and known.missing[month] > len(known.unknown.get(month, ()))):
        return None
    return {
        "subject_id": month[0],
        "month": month[1],
        "worker_key": row["worker_key"],
        "days": max((known.day - due).days, 0) if due else 0,
        "keys": f"attendance:{row['worker_key']}@{month[1]}",
    }


def _below_minimum(pay: Row, known: Known) -> Row | None:
    project_id, month = pay["month"]
    law = known.months.get(month)
    if not law or not law["published"] or (project_id, pay["worker_key"]) in known.hourly:
        return None
    days = known.days.get((project_id, month, pay["worker_key"]), pay["days"])
    if days is None or days < law["working_days"] or project_id not in known.projects:
        return None
    for span in known.minimums[known.projects[project_id]["region"]]:
        minimum = round(span["number"] * 100)
        if span["valid_from"] <= law["first_day"] <= span["valid_until"] and pay["net"] < minimum:
            return {
                "subject_id": project_id,
                "month": month,
                "person": pay["person"],
                "amount_fen": minimum - pay["net"],
                "keys": "|".join(pay["keys"]),
            }
    return None


def _staff_lost(employer: int, said: dict[int, int], numbers: Numbers) -> Row | None:
    at = min(said)
    if at > numbers.fresh:
        return None
    before = max(said.get(at + n, 0) for n in (1, 2, 3))
    lost = before - said[at]
    if before < numbers.least_staff or lost * 10 < before:
        return None
    return {"subject_id": employer, "concerned": before, "staying": said[at], "lost": lost}
