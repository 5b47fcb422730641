"""规则回测 on the screen: asking with other numbers, following it, and a report within one's scope."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from anxin.monitoring import backtesting
from anxin.monitoring.models import Backtest, Warning

PERIOD = {"first": "2026-10-20", "last": "2026-11-17"}


def text(answer) -> str:
    return answer.content.decode()


def numbers_of(client, rule: str) -> dict[str, str]:
    """The fields of the form as they stand."""
    steps = client.get(f"/backtests/new?try={rule}").context["steps"]
    return {number.name: number.typed for step in steps for number in step.numbers}


def score(code: str, **fields) -> dict:
    return {
        "code": code, "fired": 4, "true": 3, "precision": 0.75, "recall": 0.5, "lead_days_median": 2.0,
        "interval": [0.3, 0.95], "cases": 6, "found": 3, "recall_interval": [0.19, 0.81], "lookalikes": None,
        "accused": None, "people": 12, "amount_fen": 1_200_000, "missed_people": 0, "missed_fen": 0, **fields,
    }  # fmt: skip


@pytest.fixture
def done(world, now) -> Backtest:
    """A back-test of the whole city with one project here and one elsewhere."""

    def example(site):
        return {
            "rule": "W03", "subject": "project", "subject_id": site.pk, "month": "2026-10", "severity": 4,
            "first": "2026-11-15", "people": 3, "amount_fen": 600_000,
        }  # fmt: skip

    report = {
        "scores": [score("W03"), score("W07", true=None, precision=None, recall=None, interval=None,
                   recall_interval=None, cases=None, found=None), score("P01", fired=0, cases=0)],
        "scores_before": [score("W03", fired=9, precision=0.33)],
        "districts": {"990101": [score("W03")], "990102": [score("W03")]},
        "workload": [{"organisation": "某区人社局", "warnings": 3, "red": 1}, {"organisation": "别处的局", "warnings": 5, "red": 2}],
        "workload_before": [{"organisation": "某区人社局", "warnings": 7, "red": 4}],
        "appeared": {"count": 2, "examples": [example(world.here), example(world.there)]},
        "vanished": {"count": 0, "examples": []},
        "changed": {"higher": 1, "lower": 2, "earlier": 3, "later": 0},
    }  # fmt: skip
    return Backtest.objects.create(
        asked_by=world.leader, asked_at=now, first=dt.date(2026, 10, 1), last=dt.date(2026, 11, 1),
        state="done", report=report, finished_at=now,
        changes=[{"key": "warning.w03", "region": "9901", "from": "2026-10-01", "value": [], "source": "试"}],
    )  # fmt: skip


def test_a_leader_asks_with_another_number_and_the_worker_runs_it(sign_in, world, now):
    leader = sign_in("leader")
    fields = numbers_of(leader, "W03")
    assert leader.get("/backtests/new?try=W03").status_code == 200 and fields
    changed = {name: "2" if number == 0 else value for number, (name, value) in enumerate(fields.items())}
    answer = leader.post("/backtests/new", {**PERIOD, "rules": ["W03"], "try": "W03", **changed})
    asked = Backtest.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/backtests/{asked.pk}"
    (change,) = asked.changes
    assert (change["key"], change["region"], change["from"]) == ("warning.w03", "9901", "2026-10-20")
    assert change["value"][0]["level"] == "red" and 2 in change["value"][0]["when"]["days"].values()
    assert "2" in change["value"][0]["words"]
    ran = backtesting.run(asked.pk, now=now)
    assert ran.state == Backtest.State.DONE, ran.problem
    page = text(leader.get(f"/backtests/{asked.pk}"))
    assert "会多出的预警" in page and "试用的数值" in page
    assert Warning.objects.count() == 2  # those of the world: a back-test gives none


def test_the_rule_page_leads_to_the_form_with_its_numbers(sign_in, world):
    leader = sign_in("leader")
    assert "/backtests/new?try=W03&amp;rules=W03" in text(leader.get("/rules/W03"))
    page = leader.get("/backtests/new?try=W03&rules=W03")
    assert page.context["chosen"] == {"W03"} and "逾期超过60日" in text(page)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "没有改动"),
        ({"n-0-days-min": "六十"}, "须是整数"),
        ({"n-0-days-min": ""}, "须是整数"),
        ({"n-0-days-min": "99999999999999"}, "须是整数"),
    ],
)
def test_numbers_that_make_no_sense_are_refused_and_kept(sign_in, world, typed, sentence):
    leader = sign_in("leader")
    sent = {**PERIOD, "try": "W03", **numbers_of(leader, "W03"), **typed}
    answer = leader.post("/backtests/new", sent)
    assert answer.status_code == 422 and sentence in text(answer)
    assert 'value="2026-10-20"' in text(answer)
    assert not Backtest.objects.exists()


@pytest.mark.parametrize("field", ["first", "last"])
def test_a_period_that_is_no_period_is_refused(sign_in, world, field):
    answer = sign_in("leader").post("/backtests/new", {**PERIOD, field: "昨天"})
    assert answer.status_code == 422 and "请填写" in text(answer)


def test_an_inspector_reads_and_may_not_ask(sign_in, world, done):
    client = sign_in("inspector")
    page = text(client.get("/backtests"))
    assert f"/backtests/{done.pk}" in page and "新的回测" not in page
    assert client.get("/backtests/new").status_code == 403
    assert client.post("/backtests/new", PERIOD).status_code == 403
    assert "换个数值试试" not in text(client.get("/rules/W03"))


def test_the_report_says_rates_with_interval_and_cases(sign_in, world, done):
    page = text(sign_in("leader").get(f"/backtests/{done.pk}"))
    for said in (
        "75%（30%—95%）",
        "50%（19%—81%）",
        "现行 9",
        "提前天数",
        "查全率",
        "东台安置房工程",
        "西河桥梁工程",
    ):
        assert said in page
    assert "级别变高 1 条" in page
    assert "P01 " not in page  # neither fired nor had a case


def test_places_bodies_and_projects_outside_the_scope_are_not_named(sign_in, world, done):
    page = text(sign_in("inspector").get(f"/backtests/{done.pk}"))
    assert f"/projects/{world.here.pk}" in page and "某区人社局" in page
    for hidden in (f"/projects/{world.there.pk}", "西河桥梁工程", "别处的局", "地区990102"):
        assert hidden not in page
    assert "另有 1 条没有列出" in page
    places = [d["name"] for d in sign_in("inspector").get(f"/backtests/{done.pk}").context["districts"]]
    assert len(places) == 1


def test_an_administrator_without_a_place_sees_numbers_and_no_project(sign_in, world, done):
    page = text(sign_in("admin").get(f"/backtests/{done.pk}"))
    assert "75%（30%—95%）" in page and "东台安置房工程" not in page


def test_the_workbook_holds_what_the_page_shows(sign_in, world, done):
    answer = sign_in("inspector").get(f"/backtests/{done.pk}/export.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["规则", "现行数值", "分地区", "工作量", "多出的预警", "减少的预警"]
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "东台安置房工程" in cells and "西河桥梁工程" not in cells


def test_progress_is_polled_until_it_ends(sign_in, world, now, done):
    waiting = Backtest.objects.create(
        asked_by=world.leader,
        asked_at=now,
        first=done.first,
        last=done.last,
        state="running",
        days=8,
        days_done=3,
    )
    client = sign_in("leader")
    assert "3 / 8 个日子" in text(client.get(f"/backtests/{waiting.pk}"))
    assert client.get(f"/backtests/{waiting.pk}/progress").status_code == 200
    assert client.get(f"/backtests/{done.pk}/progress")["HX-Refresh"] == "true"
    assert client.get(f"/backtests/{waiting.pk}/export.xlsx").status_code == 404
    assert client.get("/backtests/99999").status_code == 404


def test_a_failure_is_told(sign_in, world, now):
    failed = Backtest.objects.create(
        asked_by=world.leader,
        asked_at=now,
        first=now.date(),
        last=now.date(),
        state="failed",
        problem="数据坏了。",
    )
    assert "没有做成：数据坏了。" in text(sign_in("leader").get(f"/backtests/{failed.pk}"))


def test_an_empty_list_says_what_to_do(sign_in, world):
    assert "还没有做过回测" in text(sign_in("leader").get("/backtests"))
    assert "由领导或系统管理员提出" in text(sign_in("inspector").get("/backtests"))


@pytest.mark.parametrize("address", ["/backtests", "/backtests/new?try=W03", "/backtests/{}"])
def test_the_pages_cost_few_queries(sign_in, world, done, address, django_assert_max_num_queries):
    client = sign_in("leader")
    with django_assert_max_num_queries(15):
        client.get(address.format(done.pk))
