"""A back-test's report for the page and the workbook: rates in words, places and projects within one's scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, Sheet, sheets_workbook
from anxin.law.words import word
from anxin.local_law import queries as local_law
from anxin.monitoring.models import Backtest, Level
from anxin.monitoring.queries_employers import visible_employers
from anxin.registry.access import regions_within, visible_projects
from anxin.registry.models import Organisation

_LEVELS = {level.value: level.label for level in Level}


@dataclass(frozen=True)
class Row:
    """One rule's score beside the one without the changed numbers."""

    code: str
    title: str
    score: Mapping[str, Any]
    before: Mapping[str, Any] | None

    @property
    def precision(self) -> str:
        return rate(self.score["precision"], self.score["interval"])

    @property
    def recall(self) -> str:
        return rate(self.score["recall"], self.score["recall_interval"])

    @property
    def precision_before(self) -> str:
        return rate(self.before["precision"], self.before["interval"]) if self.before else ""

    @property
    def recall_before(self) -> str:
        return rate(self.before["recall"], self.before["recall_interval"]) if self.before else ""


def terms() -> list[tuple[str, str]]:
    """The words of the page, as ``scoring`` defines them."""
    # its package loads the rules, which a command that shows no report should not wait for
    from anxin.monitoring.backtest.scoring import EMPLOYER_HORIZON, HORIZON, SERIOUS

    return [
        (
            "属实",
            f"发出的预警里，工资在发出之后确实拖欠过的（看到最后一次发出之后{HORIZON}天，单位预警看{EMPLOYER_HORIZON}天）。",
        ),
        ("准确率", "属实的占发出的多少。制度缺失以手续本身为准，不计算。"),
        ("查全率", f"拖欠超过{SERIOUS}天的个案里，规则在拖欠期间或之前发出过预警的占多少。"),
        ("提前天数", "从第一次发出到工资应发日有几天，取中位数；负数是应发日之后才发出。"),
        ("括号里的区间", "95%区间。个案越少区间越宽，数字越不能当真。"),
    ]


def rate(share: float | None, interval: Sequence[float] | None) -> str:
    """``86%（71%—94%）``; a dash where nothing can be judged."""
    if share is None:
        return "—"
    between = f"（{_percent(interval[0])}—{_percent(interval[1])}）" if interval else ""
    return f"{_percent(share)}{between}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def context(trial: Backtest, user: User) -> dict[str, Any]:
    """What the page shows. Districts, bodies, projects and employers only within this person's scope."""
    told = trial.report or {}
    return {
        "terms": terms(),
        "rows": rows(told),
        "with_before": "scores_before" in told,
        "changed": told.get("changed"),
        "changes": _changes(trial),
        "appeared": _examples(told.get("appeared"), user),
        "vanished": _examples(told.get("vanished"), user),
        "workload": _workload(told, user),
        "districts": _districts(told, user),
    }


def rows(told: Mapping[str, Any]) -> list[Row]:
    """The rules that fired or had a case, then all red wage warnings together."""
    before = {score["code"]: score for score in told.get("scores_before", ())}
    return [
        Row(score["code"], title_of(score["code"]), score, before.get(score["code"]))
        for score in told.get("scores", ())
        if score["fired"] or score["cases"] or before.get(score["code"], {}).get("fired")
    ]


def title_of(code: str) -> str:
    from anxin.monitoring.backtest.scoring import RED_WAGES
    from anxin.monitoring.rules import RULES

    if code == RED_WAGES:
        return "红色工资风险合计"
    return RULES[code].title if code in RULES else code


def _changes(trial: Backtest) -> list[tuple[str, list[str]]]:
    """What was tried: the table's name and its steps in words."""
    law = local_law.current()
    known = set(law.keys())
    return [
        (
            law.parameter(one["key"]).name if one["key"] in known else one["key"],
            [f"{word(step['level'])}：{step['words']}" for step in one["value"]],
        )
        for one in trial.changes
    ]


def _examples(told: Mapping[str, Any] | None, user: User) -> dict[str, Any] | None:
    """The number is whole; examples only of what this person may see, with names."""
    if told is None:
        return None
    ids: dict[str, set[int]] = {"project": set(), "employer": set()}
    for one in told["examples"]:
        ids[one["subject"]].add(one["subject_id"])
    names = {
        "project": dict(visible_projects(user).filter(pk__in=ids["project"]).values_list("pk", "name")),
        "employer": dict(visible_employers(user).filter(pk__in=ids["employer"]).values_list("pk", "name")),
    }
    shown = [
        {
            **one,
            "name": names[one["subject"]][one["subject_id"]],
            "title": title_of(one["rule"]),
            "level": one["severity"],
            "first_day": dt.date.fromisoformat(one["first"]),
        }
        for one in told["examples"]
        if one["subject_id"] in names[one["subject"]]
    ]
    return {"count": told["count"], "examples": shown, "hidden": told["count"] - len(shown)}


def _workload(told: Mapping[str, Any], user: User) -> list[dict[str, Any]]:
    """What the bodies would have had to do, those that answer for projects this person sees."""
    answering = visible_projects(user).order_by().values("responsible_id").distinct()
    own = set(Organisation.objects.filter(pk__in=answering).values_list("name", flat=True)) | {""}
    before = {row["organisation"]: row for row in told.get("workload_before", ())}
    after = {row["organisation"]: row for row in told.get("workload", ())}
    nothing = {"warnings": 0, "red": 0}
    return [
        {
            "organisation": name or "没有主管单位的，以及单位预警",
            "after": after.get(name, nothing),
            "before": before.get(name, nothing),
        }
        for name in [*after, *(name for name in before if name not in after)]
        if name in own
    ]


def _districts(told: Mapping[str, Any], user: User) -> list[dict[str, Any]]:
    found = told.get("districts", {})
    names = dict(regions_within(user).filter(code__in=list(found)).values_list("code", "name"))
    return [
        {
            "name": names[code],
            "rows": [Row(one["code"], title_of(one["code"]), one, None) for one in scores if one["fired"]],
        }
        for code, scores in found.items()
        if code in names
    ]


def workbook(trial: Backtest, user: User, office: str, today: dt.date) -> bytes:
    """The page as sheets: rules, districts, workload, what appears and vanishes."""
    told = context(trial, user)
    subtitle = f"填报单位：{office}　期间：{trial.first}至{trial.last}　导出日期：{today}"
    scores = [
        Column("编号", "text", 12), Column("规则", "text", 24), Column("发出", "number", 8),
        Column("属实", "number", 8), Column("准确率（95%区间）", "text", 20), Column("个案", "number", 8),
        Column("查到", "number", 8), Column("查全率（95%区间）", "text", 20), Column("提前天数", "number", 10),
        Column("人数", "number", 10), Column("金额（元）", "yuan", 16),
    ]  # fmt: skip
    pieces = [Sheet("规则回测", subtitle, scores, [_cells(row) for row in told["rows"]], "规则")]
    if told["with_before"]:
        before = [_cells(Row(row.code, row.title, row.before, None)) for row in told["rows"] if row.before]
        pieces.append(Sheet("现行数值", subtitle, scores, before, "现行数值"))
    places = [[district["name"], *_cells(row)] for district in told["districts"] for row in district["rows"]]
    pieces.append(Sheet("分地区", subtitle, [Column("地区", "text", 16), *scores], places, "分地区"))
    work = [Column("单位", "text", 30)] + [
        Column(name, "number", 12) for name in ("预警", "其中红色", "现行预警", "现行红色")
    ]
    loads = [
        [one["organisation"], one["after"]["warnings"], one["after"]["red"], one["before"]["warnings"], one["before"]["red"]]
        for one in told["workload"]
    ]  # fmt: skip
    if not told["with_before"]:
        work, loads = work[:3], [row[:3] for row in loads]
    pieces.append(Sheet("工作量", subtitle, work, loads, "工作量"))
    for key, title in (("appeared", "多出的预警"), ("vanished", "减少的预警")):
        if told[key]:
            pieces.append(_example_sheet(title, subtitle, told[key]["examples"]))
    return sheets_workbook(pieces)


def _cells(row: Row) -> list[Any]:
    one = row.score
    return [
        row.code, row.title, one["fired"], one["true"], row.precision, one["cases"], one["found"], row.recall,
        one["lead_days_median"], one["people"], one["amount_fen"],
    ]  # fmt: skip


def _example_sheet(title: str, subtitle: str, examples: Sequence[Mapping[str, Any]]) -> Sheet:
    columns = [
        Column("项目或单位", "text", 30), Column("规则", "text", 24), Column("月份", "text", 10),
        Column("级别", "text", 8), Column("首次发出", "date", 12), Column("人数", "number", 8),
        Column("金额（元）", "yuan", 16),
    ]  # fmt: skip
    cells = [
        [
            one["name"], one["title"], one["month"], _LEVELS.get(one["level"], ""), one["first_day"],
            one["people"], one["amount_fen"],
        ]
        for one in examples
    ]  # fmt: skip
    return Sheet(title, subtitle, columns, cells, title)
