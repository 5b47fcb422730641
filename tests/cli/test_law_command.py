"""``anxin law``: values, due dates and the list to confirm, for people and as JSON, and how it says no."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import OperationalError

from anxin.accounts.models import Role
from anxin.cli.main import main
from anxin.evidence.journal import Actor
from anxin.law import load
from anxin.local_law import queries, services
from anxin.local_law.models import LocalValue

CASE = "inspection.investigation_days"
COMPLAINT = "inspection.complaint_decision_days"
WAGE = "wage_payment.min_wage_monthly"


@pytest.fixture
def ask(db, home, capsys):
    """Run ``anxin law …``: (exit code, standard output, standard error)."""

    def ask(*arguments: str) -> tuple[int, str, str]:
        code = main(["law", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return ask


@pytest.fixture
def document(ask):
    """What ``anxin law … --json`` prints."""

    def document(*arguments: str):
        code, out, _ = ask(*arguments, "--json")
        assert code == 0
        return json.loads(out)

    return document


# value


def test_a_value_is_told_with_its_place_paper_and_check(ask):
    code, out, _ = ask("value", CASE, "--on", "2026-11-22", "--region", "510104")
    assert code == 0
    assert "案件调查期限：30个工作日" in out
    assert "自2018-07-26起，省级四川；依据：《四川省劳动和社会保障监察条例》第十九条" in out
    assert "核对：已核对原文" in out


def test_a_structured_value_is_told_in_words(ask):
    _, out, _ = ask("value", "wage_deposit.ratio_percent", "--on", "2026-11-22")
    assert "保证金存储比例：1%—3%" in out
    _, out, _ = ask("value", "wage_deposit.guarantee_nature", "--on", "2026-11-22")
    assert "不可撤销、见索即付" in out and "irrevocable" not in out


def test_a_value_as_json_has_what_was_promised(document):
    value = document("value", CASE, "--on", "2026-11-22", "--region", "510104")
    promised = {
        "key": CASE,
        "name": "案件调查期限",
        "value": 30,
        "unit": "工作日",
        "from": "2018-07-26",
        "kind": "statutory",
        "reference": "《四川省劳动和社会保障监察条例》第十九条",
        "region": "51",
        "confidence": "verified",
        "checked_on": "2026-11-22",
    }
    assert {name: value[name] for name in promised} == promised
    assert (value["said"], value["found_at"], value["needs_check"]) == ("30个工作日", "省级", False)


def test_a_value_of_another_day_and_case(document):
    assert document("value", CASE, "--on", "2010-01-01", "--region", "510104")["value"] == 60
    special = document("value", COMPLAINT, "--on", "2026-11-22", "--region", "3201", "--for", "工资类举报")
    assert special["value"] == 7
    between = document(
        "value",
        "inspection.cross_region_reply_days",
        "--on",
        "2026-11-22",
        "--region",
        "5101",
        "--with",
        "5001",
    )
    assert between["value"] == 10


def test_an_unchecked_value_is_marked(ask, document):
    recalled = next(
        span.value
        for key in load().keys()  # noqa: SIM118
        for span in load().spans(key)
        if span.until is None and span.value.needs_check
    )
    assert document("value", recalled.key, "--on", "2026-11-22")["needs_check"] is True
    assert "（待核）" in ask("value", recalled.key, "--on", "2026-11-22")[1]


def test_without_a_day_it_is_today(document):
    assert document("value", CASE) == document("value", CASE, "--on", dt.date.today().isoformat())


def test_what_this_bureau_has_confirmed_counts(document, django_user_model):
    persons = [django_user_model.objects.create_user(name, display_name=name) for name in ("jia", "yi")]
    for person in persons:
        person.grants.create(role=Role.LEADER, region="9901")
    now = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
    record = services.propose_value(
        key=WAGE,
        region="9901",
        region_name="安城市",
        valid_from=dt.date(2026, 7, 1),
        value=2100,
        source_title="关于调整最低工资标准的通知",
        source_number="安政发〔2026〕3号",
        actor=Actor(f"user:{persons[0].pk}", "jia"),
        now=now,
    )
    services.confirm(record, actor=Actor(f"user:{persons[1].pk}", "yi"), now=now)
    assert LocalValue.objects.get().state == "confirmed"
    value = document("value", WAGE, "--on", "2026-11-22", "--region", "990101")
    assert (value["value"], value["region"], value["found_at"]) == (2100, "9901", "市级")
    assert "安政发〔2026〕3号" in value["reference"]


def test_before_the_database_is_prepared_the_files_answer(ask, monkeypatch):
    def no_table():
        raise OperationalError("no such table")

    monkeypatch.setattr(queries, "current", no_table)
    code, out, err = ask("value", CASE, "--on", "2026-11-22")
    assert code == 0 and "60个工作日" in out
    assert "数据库还没有准备好" in err


# deadline


def test_a_due_date_is_told_step_by_step_with_articles(ask):
    code, out, _ = ask("deadline", COMPLAINT, "--start", "2026-09-28")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "投诉受理决定期限：2026-10-10"
    assert lines[1].startswith("1. 起算日“接到投诉”为2026年9月28日（星期一），当日不计入。〔《")
    assert "国庆节放假10月1日至10月7日不计；10月10日调休上班计入" in lines[2]


def test_a_due_date_as_json_has_what_was_promised(document):
    found = document("deadline", COMPLAINT, "--start", "2026-09-28")
    assert {"key", "start", "due", "unit", "length", "provisional", "steps", "basis"} <= set(found)
    assert (found["key"], found["start"], found["due"]) == (COMPLAINT, "2026-09-28", "2026-10-10")
    assert (found["unit"], found["length"], found["provisional"]) == ("工作日", 5, False)
    assert all(isinstance(step, str) for step in found["steps"])
    assert [step["text"] for step in found["trail"]] == found["steps"]
    assert "《" in found["basis"]
    deadline = load().deadline(COMPLAINT, dt.date(2026, 9, 28))
    assert found["steps"] == [step.text for step in deadline.steps]


def test_pauses_extensions_restarts_and_places_are_taken(document):
    plain = document("deadline", CASE, "--start", "2026-03-02")
    paused = document("deadline", CASE, "--start", "2026-03-02", "--pause", "2026-04-01:2026-04-10")
    extended = document("deadline", CASE, "--start", "2026-03-02", "--extend", "10", "--extend", "20")
    restarted = document("deadline", CASE, "--start", "2026-03-02", "--restart", "2026-03-09")
    sichuan = document("deadline", CASE, "--start", "2026-03-02", "--region", "51")
    assert plain["due"] < paused["due"] < extended["due"]
    assert plain["due"] < restarted["due"]
    assert sichuan["due"] < plain["due"] and sichuan["region"] == "51"


def test_a_length_is_chosen_by_its_name_or_its_word(document):
    call = ("deadline", "penalty.publish_decision_days", "--start", "2026-09-01", "--part")
    by_name, by_word = document(*call, "permit_or_penalty"), document(*call, "许可和处罚决定")
    assert by_name == by_word
    assert by_name["due"] == "2026-09-10"


def test_hours_answer_with_the_moment(document):
    found = document("deadline", "crime.transfer_send_hours", "--start", "2026-09-30T16:30")
    assert (found["start"], found["due"]) == ("2026-09-30T16:30", "2026-10-01T16:30")


def test_a_least_period_tells_from_when_one_may_go_on(document):
    found = document("deadline", "wage_deposit.refund_publicity_days", "--start", "2026-09-01")
    assert (found["bound"], found["due"], found["act_from"]) == ("min", "2026-10-01", "2026-10-02")


def test_a_year_not_yet_published_is_provisional(ask, document):
    assert document("deadline", COMPLAINT, "--start", "2026-12-30")["provisional"] is True
    assert "（暂定）" in ask("deadline", COMPLAINT, "--start", "2026-12-30")[1]


# check


def test_the_list_to_confirm_is_in_three_parts(ask):
    code, out, _ = ask("check", "--on", "2026-11-22", "--region", "9901")
    assert code == 0
    assert "须对照正式文件确认" in out and "距上次核对已满一年" in out and "须由当地按正式文件填写" in out
    assert WAGE in out


def test_the_list_as_json_counts_its_items(document):
    found = document("check", "--on", "2026-11-22", "--region", "9901")
    assert sum(found["counts"].values()) == len(found["items"])
    assert found["counts"]["stale"] == 0
    missing = next(item for item in found["items"] if item["key"] == WAGE)
    assert (missing["reason"], missing["region"], missing["from"]) == ("missing", "9901", None)
    assert set(missing) == {"reason", "key", "name", "region", "from", "confidence", "checked_on", "note"}


def test_a_year_later_what_was_checked_is_stale(document):
    assert document("check", "--on", "2027-11-22")["counts"]["stale"] > 300


# how it says no


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (("value", "no.such"), "没有名为“no.such”的法规参数"),
        (("value", "inspection.nothing"), "同组的有：inspection."),
        (("value", CASE, "--on", "22.11.2026"), "日期“22.11.2026”不对，应形如 2026-10-09"),
        (("value", CASE, "--on", "2004-11-30"), "自2004-12-01起才有规定"),
        (("value", CASE, "--region", "51010"), "区划代码“51010”不对"),
        (("value", CASE, "--region", "天府"), "区划代码“天府”不对"),
        (("value", CASE, "--with", "x"), "区划代码“x”不对"),
        (("value", WAGE, "--on", "2026-11-22"), "由地方规定"),
        (("value", "assessment.self_report_due", "--on", "2026-11-22"), "由地方规定"),
        (("deadline", "no.such", "--start", "2026-09-28"), "没有名为“no.such”的法规参数"),
        (("deadline", COMPLAINT, "--start", "soon"), "日期“soon”不对"),
        (("deadline", COMPLAINT, "--start", "2026-02-30"), "日期“2026-02-30”不对"),
        (("deadline", COMPLAINT, "--start", "2026-09-28T25:00"), "时刻“2026-09-28T25:00”不对"),
        (("deadline", COMPLAINT, "--start", "9999-12-31"), "只计算到2100年"),
        (("deadline", "warning.w03", "--start", "2026-09-28"), "不是可以计算到期日的期限"),
        (
            ("deadline", COMPLAINT, "--start", "2026-09-28", "--pause", "2026-10-09"),
            "应形如 2026-10-09:2026-10-20",
        ),
        (("deadline", COMPLAINT, "--start", "2026-09-28", "--pause", "a:b"), "日期“a”不对"),
        (
            ("deadline", COMPLAINT, "--start", "2026-09-28", "--pause", "2026-10-20:2026-10-09"),
            "结束日2026-10-09早于开始日2026-10-20",
        ),
        (
            (
                "deadline",
                COMPLAINT,
                "--start",
                "2026-09-28",
                "--pause",
                "2026-10-08:2026-10-10",
                "--pause",
                "2026-10-10:2026-10-12",
            ),
            "两段中止重叠",
        ),
        (("deadline", COMPLAINT, "--start", "2026-09-28", "--extend", "5"), "没有可以延长的规定"),
        (("deadline", CASE, "--start", "2026-09-28", "--extend", "31"), "最多可延长30个工作日"),
        (
            ("deadline", CASE, "--start", "2026-09-28", "--extend", "20", "--extend", "11"),
            "最多可延长30个工作日",
        ),
        (("deadline", CASE, "--start", "2026-09-28", "--extend", "-1"), "延长的长度“-1”不对"),
        (("deadline", CASE, "--start", "2026-09-28", "--extend", "ten"), "延长的长度“ten”不对"),
        (("deadline", CASE, "--start", "2026-09-28", "--restart", "2026-09-01"), "早于起算日"),
        (("deadline", CASE, "--start", "2026-09-28", "--part", "award"), "不分情形，请去掉“裁决结案的”"),
        (
            ("deadline", "penalty.publish_decision_days", "--start", "2026-09-28"),
            "请指明其中一种：一般执法决定、许可和处罚决定",
        ),
        (("check", "--on", "today"), "日期“today”不对"),
        (("check", "--region", "99011"), "区划代码“99011”不对"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
def test_wrong_input_gets_a_sentence_and_exit_2(call, sentence, ask):
    code, out, err = ask(*call)
    assert (code, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err
    code, out, _ = ask(*call, "--json")
    assert code == 2
    assert set(answer := json.loads(out)) == {"error"}
    assert sentence in answer["error"]


@pytest.mark.parametrize(
    "call",
    [(), ("deadline", COMPLAINT), ("value",), ("guess", CASE), ("value", CASE, "--colour", "red")],
    ids=lambda call: " ".join(call) or "nothing",
)
def test_a_call_that_is_not_understood_gets_a_sentence_and_exit_2(call, ask):
    code, out, err = ask(*call)
    assert (code, out) == (2, "")
    assert any("一" <= letter <= "鿿" for letter in err)
