"""Reads the ``truth/`` of a simulated city (see ``simulation/README.md``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from anxin.kernel.refusal import Refused
from anxin.monitoring.backtest.truth import Arrears, Failure, Planted, Truth
from anxin.monitoring.folder import Ids
from anxin.monitoring.rules.framework import Subject


def read_truth(folder: Path, ids: Ids) -> Truth:
    """Everything the folder tells. A file that is not there leaves its part unknown.

    Raises :class:`~anxin.kernel.refusal.Refused` where the folder has none of the files, or one cannot be read.
    """
    files = {name: _files(folder, name) for name in ("arrears", "forgeries", "lookalikes", "employers")}
    if not any(files.values()):
        raise Refused(f"文件夹“{folder}”里没有真实答案（arrears、forgeries、employers），请检查 --truth。")
    with duckdb.connect() as engine:
        try:
            arrears = _arrears(engine, files["arrears"], ids)
            forged = _planted(engine, files["forgeries"], ids)
            alike = _planted(engine, files["lookalikes"], ids)
            failures = _failures(engine, files["employers"], ids)
        except duckdb.Error as problem:
            raise Refused(f"真实答案读不出来：{str(problem).splitlines()[0]}") from problem
    return Truth(
        arrears=tuple(arrears),
        forgeries=tuple(forged),
        lookalikes=tuple(alike),
        failures=tuple(failures),
        covers=_covers(files),
    )


def read_pay_days(folder: Path, ids: Ids) -> dict[tuple[int, str], bool]:
    """Project and wage month → whether the pay day was missed.

    Raises :class:`~anxin.kernel.refusal.Refused` where the folder does not say.
    """
    files = _files(folder, "paydays")
    if not files:
        raise Refused(f"文件夹“{folder}”里没有发薪日的真实答案（paydays），请检查 --truth。")
    with duckdb.connect() as engine:
        rows = _rows(engine, "SELECT 项目编码, 月份, 是否欠 = '是' FROM TRUTH ORDER BY ALL", files)
    return {(ids.projects[code], month): missed for code, month, missed in rows if code in ids.projects}


def _files(folder: Path, name: str) -> list[str]:
    """The deliveries of one part: ``arrears/…csv``, or a single ``arrears.csv``."""
    found = [*sorted(folder.glob(f"{name}/*.csv*")), *sorted(folder.glob(f"{name}.csv*"))]
    return [str(path) for path in found]


def _covers(files: Mapping[str, list[str]]) -> frozenset[str]:
    known: set[str] = set()
    if files["arrears"]:
        known |= {"project", "employer"}
    if files["forgeries"]:
        known |= {f"F{number:02}" for number in range(1, 14)}
    return frozenset(known)


def _rows(engine: duckdb.DuckDBPyConnection, query: str, files: list[str]) -> list[tuple[Any, ...]]:
    if not files:
        return []
    source = "read_csv($files, header = true, all_varchar = true, union_by_name = true)"
    return engine.execute(query.replace("TRUTH", source), {"files": files}).fetchall()


_ARREARS = """
    SELECT 主体, 代码, 月份, min(应付日期::DATE),
           CASE WHEN count(*) = count(nullif(付清日期, '')) THEN max(nullif(付清日期, '')::DATE) END,
           count(*), sum((欠付金额::DECIMAL(18, 2) * 100)::BIGINT)
    FROM TRUTH GROUP BY ALL ORDER BY ALL
"""


def _arrears(engine: duckdb.DuckDBPyConnection, files: list[str], ids: Ids) -> list[Arrears]:
    subjects: dict[str, tuple[Subject, Mapping[str, int]]] = {
        "项目": ("project", ids.projects),
        "单位": ("employer", ids.employers),
    }
    spells = []
    for word, code, month, due, settled, people, fen in _rows(engine, _ARREARS, files):
        subject, known = subjects[word]
        if code in known:
            spells.append(Arrears(subject, known[code], month or "", due, settled, people, int(fen)))
    return spells


def _planted(engine: duckdb.DuckDBPyConnection, files: list[str], ids: Ids) -> list[Planted]:
    rows = _rows(engine, "SELECT 种类, 项目编码, 月份, 身份证号 FROM TRUTH ORDER BY ALL", files)
    return [
        Planted(kind, ids.projects[code], month or "", _workers(people, ids))
        for kind, code, month, people in rows
        if code in ids.projects
    ]


def _workers(people: str | None, ids: Ids) -> frozenset[str]:
    keys = (ids.worker_key(number) for number in (people or "").split(";") if number)
    return frozenset(key for key in keys if key)


def _failures(engine: duckdb.DuckDBPyConnection, files: list[str], ids: Ids) -> list[Failure]:
    query = """
        SELECT 统一社会信用代码, 起欠日期::DATE, 人数::BIGINT, (欠薪金额::DECIMAL(18, 2) * 100)::BIGINT
        FROM TRUTH ORDER BY ALL
    """
    rows: list[tuple[str, dt.date, int, int]] = _rows(engine, query, files)  # type: ignore[assignment]
    return [
        Failure(ids.employers[code], since, people, fen)
        for code, since, people, fen in rows
        if code in ids.employers
    ]
