"""有多准: a rule's accuracy on its page, from this bureau's records and from the simulated city."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from openpyxl import load_workbook

from anxin.monitoring import rule_accuracy
from anxin.monitoring.models import RuleAccuracy

SCORE = {
    "code": "W03", "fired": 8, "true": 6, "precision": 0.75, "recall": 0.5, "lead_days_median": -2.0,
    "interval": [0.4, 0.93], "cases": 12, "found": 6, "recall_interval": [0.25, 0.75], "lookalikes": None,
    "accused": None, "people": 3, "amount_fen": 100, "missed_people": 0, "missed_fen": 0,
}  # fmt: skip


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture(autouse=True)
def nothing_simulated(monkeypatch, tmp_path):
    monkeypatch.setattr(rule_accuracy, "SIMULATED", tmp_path / "none.json")


def counted(now, region: str = "", **fields) -> RuleAccuracy:
    values = {
        "rule": "W03",
        "region": region,
        "source": "hindsight",
        "first": dt.date(2026, 9, 1),
        "last": dt.date(2026, 10, 31),
        "fired": 10,
        "true": 6,
        "judged": 8,
        "lead_days_median": -2.0,
        "counted_at": now,
        **fields,
    }
    return RuleAccuracy.objects.create(**values)


def test_a_rule_nobody_has_counted_says_so(sign_in, world):
    assert "还没有可对照的情况" in text(sign_in("inspector").get("/rules/W03"))


def test_the_page_says_rates_with_source_interval_and_cases(sign_in, world, now):
    counted(now, cases=12, found=6)
    page = text(sign_in("inspector").get("/rules/W03"))
    for said in ("75%（41%—93%）", "50%（25%—75%）", "2026-09-01 至 2026-10-31", "事后到账", "-2"):
        assert said in page
    assert "还没有可对照的情况" in text(sign_in("inspector").get("/rules/W05"))


def test_districts_outside_the_scope_are_not_told(sign_in, world, now):
    for region in ("", "990101", "990102"):
        counted(now, region)

    def places(who: str) -> list[str]:
        return [one["line"].place for one in sign_in(who).get("/rules/W03").context["accuracy"]]

    assert places("inspector") == ["全部", world.here.region.name]
    assert places("outsider") == ["全部", world.there.region.name]
    assert len(places("leader")) == 3
    assert places("admin") == ["全部"]


def test_what_was_fired_and_not_judged_has_no_rate(sign_in, world, now):
    counted(now, true=0, judged=0, cases=0, found=0)
    (line,) = sign_in("inspector").get("/rules/W03").context["accuracy"]
    assert (line["precision"], line["recall"]) == ("—", "—")


def test_the_simulated_city_stands_beside_with_its_command(sign_in, world, monkeypatch, tmp_path):
    told = {
        "profile": "zhuhai",
        "seed": 11,
        "command": "anxin backtest --facts 城 --truth 真",
        "rules": [SCORE],
    }
    file = tmp_path / "simulated_accuracy.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    monkeypatch.setattr(rule_accuracy, "SIMULATED", file)
    page = text(sign_in("inspector").get("/rules/W03"))
    assert "模拟城市" in page and "zhuhai，种子11" in page and "anxin backtest --facts" in page
    assert "还没有可对照的情况" in text(sign_in("inspector").get("/rules/W05"))


def test_a_duty_on_paper_says_why_it_has_no_rate(sign_in, world, now):
    counted(now, rule="W07", true=None, judged=None)
    assert "制度缺失以手续本身为准" in text(sign_in("inspector").get("/rules/W07"))


def closed(now, region: str = "", **fields) -> RuleAccuracy:
    return counted(now, region, source="closures", **{"concluded": 9, **fields})


def test_closures_say_how_many_warnings_have_a_conclusion(sign_in, world, now):
    closed(now)
    page = text(sign_in("inspector").get("/rules/W03"))
    assert "办结情况" in page and "发出10条，有结论9条，其中能判断8条" in page
    assert "按季度" not in page


def test_quarters_stand_apart_and_only_within_the_scope(sign_in, world, now):
    for region in ("", "990101", "990102"):
        closed(now, region)
        closed(now, region, quarter="2026Q3")
    answer = sign_in("inspector").get("/rules/W03")
    assert "2026年第3季度" in text(answer)
    assert [one["line"].place for one in answer.context["quarters"]] == ["全部", world.here.region.name]
    assert len(sign_in("leader").get("/rules/W03").context["quarters"]) == 3


def exported(client, address: str) -> list[tuple]:
    book = load_workbook(io.BytesIO(client.get(address).content))
    return [row for row in book.worksheets[0].iter_rows(values_only=True) if row[0] in {"W03", "W05"}]


def test_the_export_has_the_figures_within_the_scope_of_one_rule_or_all(sign_in, world, now):
    closed(now, "990101", quarter="2026Q3")
    closed(now, "990102")
    closed(now, "990101", rule="W05")
    mine = exported(sign_in("inspector"), "/rules/accuracy.xlsx?rule=W03")
    assert [(row[0], row[1], row[3], row[5], row[6]) for row in mine] == [
        ("W03", world.here.region.name, "2026年第3季度", 10, 9)
    ]
    assert {row[0] for row in exported(sign_in("inspector"), "/rules/accuracy.xlsx")} == {"W03", "W05"}
    assert len(exported(sign_in("leader"), "/rules/accuracy.xlsx")) == 3
