"""Employers of the simulated city: the same seed, sums that close, and signs that are honest and unsure."""

from __future__ import annotations

import datetime as dt
import hashlib
from itertools import pairwise

import numpy as np
import pytest

from anxin.kernel.identifiers import id_number_problem, uscc_problem
from simulation.employers import drawing
from tests.simulation.employers_only import by, rows, write_city

CODE = "统一社会信用代码"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    root = tmp_path_factory.mktemp("employers")
    write_city(root, 11, at_least=80, lookalike=0.004)
    return root


@pytest.fixture(scope="module")
def social(city):
    return by(rows(city, "social"), CODE)


@pytest.fixture(scope="module")
def failing(city):
    return {row[CODE]: row for row in rows(city, "truth/employers")}


def hashes(root):
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path):
    for name, seed in (("one", 5), ("again", 5), ("other", 6)):
        write_city(tmp_path / name, seed, employers=300, months=4)
    assert hashes(tmp_path / "one") == hashes(tmp_path / "again")
    assert hashes(tmp_path / "one") != hashes(tmp_path / "other")


def test_the_insured_of_a_month_are_those_before_with_the_hired_and_without_the_leavers(social):
    checked = 0
    for months in social.values():
        for before, now in pairwise(sorted(months, key=lambda row: row["月份"])):
            if _next(before["月份"]) == now["月份"]:
                moved = int(now["新增"]) - int(now["减少"])
                assert int(now["参保人数"]) == int(before["参保人数"]) + moved
                checked += 1
    assert checked > 10_000


def test_insurance_in_arrears_grows_by_what_falls_due_or_is_paid_in_full(social):
    grown = paid = 0
    for months in social.values():
        for before, now in pairwise(sorted(months, key=lambda row: row["月份"])):
            if _next(before["月份"]) != now["月份"]:
                continue
            behind = int(now["欠缴月数"])
            if behind and int(now["参保人数"]):
                assert behind == int(before["欠缴月数"]) + 1
                owed = float(before["欠缴金额"]) + float(now["应缴金额"])
                assert float(now["欠缴金额"]) == pytest.approx(owed)
                grown += 1
            elif not behind:
                assert float(now["欠缴金额"]) == 0
                paid += int(before["欠缴月数"]) > 0
    assert grown > 20
    assert paid > 10


def test_statements_arrive_after_their_month_and_a_closed_firm_sends_none(city, social):
    for months in social.values():
        assert all(row["delivered"][:7] > row["月份"] for row in months)
    standing = {row[CODE]: row for row in rows(city, "registry/employers")}
    last = {code: row["状态日期"][:7] for code, row in standing.items() if row["登记状态"] == "注销"}
    assert last
    for code, month in last.items():
        assert all(row["月份"] <= month for row in social.get(code, []))


def test_most_failures_show_something_before_and_some_show_nothing(city, failing, social):
    events = by(rows(city, "events"), CODE)
    seen = [
        code
        for code, truth in failing.items()
        if _signs_before(truth, social.get(code, []), events.get(code, []))
    ]
    assert 0.3 < len(seen) / len(failing) < 0.98


def test_failures_are_preceded_by_arrears_of_insurance_far_more_often_than_others_have_them(failing, social):
    behind = {code for code, months in social.items() if any(int(row["欠缴月数"]) >= 2 for row in months)}
    of_failing = np.mean([code in behind for code in failing if code in social])
    of_others = np.mean([code in behind for code in social if code not in failing])
    assert of_failing > 0.3
    assert of_failing > 10 * of_others > 0


def test_few_of_all_employers_fail_and_more_than_as_many_only_seem_to(tmp_path):
    report = write_city(tmp_path, 3, employers=60_000, months=12)
    failing = report.tally["failed"] + report.tally["failing_later"]
    assert 0.0014 < failing / 60_000 * 12 / 15 < 0.0019
    assert report.tally["recovering"] > failing
    assert 0.1 < report.tally["silent"] / report.tally["failed"] < 0.45
    assert 3.0 < report.tally["failed_people"] / report.tally["failed"] < 15


def test_every_honest_lookalike_is_there_and_does_not_fail(city, failing):
    kinds = by(rows(city, "truth/lookalikes-employers"), "说明")
    assert len(kinds) == 4
    for alike in kinds.values():
        assert len(alike) >= 2
        assert not {row[CODE] for row in alike} & set(failing)


def test_a_seasonal_employer_sends_many_away_pays_its_insurance_and_calls_them_back(city, social):
    alike = [row for row in rows(city, "truth/lookalikes-employers") if row["说明"].startswith("季节性")]
    told = back = 0
    for row in alike:
        months = {each["月份"]: each for each in social.get(row[CODE], [])}
        if row["月份"] in months:
            now = months[row["月份"]]
            before = int(now["参保人数"]) - int(now["新增"]) + int(now["减少"])
            assert int(now["减少"]) >= 0.15 * before
            told += 1
            back += (
                max(int(each["参保人数"]) for each in months.values() if each["月份"] > row["月份"])
                > int(now["参保人数"])
                if max(months) > row["月份"]
                else 0
            )
    assert told
    assert back


def test_staff_that_moves_appears_at_the_sister_firm_in_the_same_month(city, social):
    alike = [row for row in rows(city, "truth/lookalikes-employers") if "转入" in row["说明"]]
    ties = rows(city, "registry/links")
    found = 0
    for row in alike:
        sisters = {tie["关联单位代码"] for tie in ties if tie[CODE] == row[CODE]}
        left = [int(each["减少"]) for each in social.get(row[CODE], []) if each["月份"] == row["月份"]]
        for sister in sisters & set(social):
            came = [int(each["新增"]) for each in social[sister] if each["月份"] == row["月份"]]
            found += bool(left and came and came[0] >= 0.7 * left[0] > 0)
    assert found


def test_what_is_owed_adds_up_from_month_to_firm(city, failing):
    months = by(rows(city, "truth/arrears"), "代码")
    assert set(months) <= set(failing)
    for code, listed in months.items():
        truth = failing[code]
        assert min(row["应付日期"] for row in listed) == truth["起欠日期"]
        assert len(listed) <= int(truth["月数"])
        if len(listed) == int(truth["月数"]):
            assert sum(float(row["欠付金额"]) for row in listed) == pytest.approx(float(truth["欠薪金额"]))


def test_complaints_exaggerate_double_and_stay_away(city, failing):
    clues = rows(city, "clues")
    assert {row["项目编码"] for row in clues} == {""}
    told = by([row for row in clues if row["属实"] == "是"], "单位代码")
    assert any(
        int(row["人数"]) > int(failing[code]["人数"])
        for code, listed in told.items()
        if code in failing
        for row in listed
    )
    persons = by([row for row in clues if row["身份证号"] and not row["办结日期"]], "身份证号")
    assert any(len({row["渠道"] for row in listed}) > 1 for listed in persons.values())
    started = {code for code, row in failing.items() if row["起欠日期"] < "2026-08-01"}
    assert started - set(by(clues, "单位代码"))


def test_a_finding_comes_later_than_the_complaint_as_a_full_statement(city):
    ended = 0
    for listed in by(rows(city, "clues"), "编号").values():
        assert listed[0]["办结日期"] == "" and listed[0]["属实"] == ""
        assert len(listed) <= 2
        if len(listed) == 2:
            assert listed[1]["办结日期"] < listed[1]["delivered"]
            assert {k: v for k, v in listed[0].items() if k not in ("办结日期", "属实", "delivered")} == {
                k: v for k, v in listed[1].items() if k not in ("办结日期", "属实", "delivered")
            }
            ended += 1
    assert ended


def test_a_meter_reading_that_never_came_is_empty_and_not_zero(city):
    readings = rows(city, "utilities")
    assert any(row["用电量"] == "" and row["用水量"] != "" for row in readings)
    assert all(row["用电量"] != "" or row["用水量"] != "" for row in readings)


def test_codes_and_persons_are_wellformed_and_no_office_issued_them(city):
    persons = rows(city, "registry/persons")
    assert {uscc_problem(row[CODE]) for row in persons} == {None}
    assert {id_number_problem(row["身份证号"]) for row in persons} == {None}
    assert {row["身份证号"][:2] for row in persons} == {"99"}


def test_an_employer_named_abnormal_is_mended_or_stays_so_and_the_list_says_which(city):
    changes = by([row for row in rows(city, "registry/employers") if row["登记状态"] != "存续"], CODE)
    standing = {row[CODE]: row["登记状态"] for row in rows(city, "registry/employers")}
    once = {code for code, listed in changes.items() if any(row["登记状态"] == "经营异常" for row in listed)}
    assert {standing[code] for code in once} >= {"存续", "经营异常"}


def test_firms_with_the_same_representative_name_the_same_person(city):
    head = {
        row[CODE]: row["身份证号"] for row in rows(city, "registry/persons") if row["职务"] == "法定代表人"
    }
    same = [tie for tie in rows(city, "registry/links") if tie["关系"] == "同一法定代表人"]
    assert same
    assert all(head[tie[CODE]] == head[tie["关联单位代码"]] for tie in same)
    assert len(set(head.values())) == len(head) - len({tie["关联单位代码"] for tie in same})


def test_a_failure_draws_its_sister_in(city, failing, tmp_path):
    write_city(tmp_path, 3, employers=30_000, months=12)
    truth = {row[CODE]: row for row in rows(tmp_path, "truth/employers")}
    sisters = by(rows(tmp_path, "registry/links"), CODE)
    for tie in rows(tmp_path, "registry/links"):
        sisters[tie["关联单位代码"]].append({"关联单位代码": tie[CODE]})
    drawn = [row for row in truth.values() if row["原因"] == "被关联单位拖垮"]
    assert drawn
    for row in drawn:
        before = [
            truth[tie["关联单位代码"]]["起欠日期"]
            for tie in sisters[row[CODE]]
            if tie["关联单位代码"] in truth
        ]
        assert min(before) <= row["起欠日期"]


def test_picks_are_different_and_never_of_weight_nothing():
    weight = np.array([0, 1, 5, 0, 2, 3.0])
    found = drawing.pick(np.random.default_rng(1), weight, 3)
    assert len(set(found.tolist())) == 3
    assert not set(found.tolist()) & {0, 3}
    assert len(drawing.pick(np.random.default_rng(1), weight, 10)) == 4


def _next(month):
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def _signs_before(truth, months, events):
    start = dt.date.fromisoformat(truth["起欠日期"])
    known = str(start - dt.timedelta(days=15))
    return any(int(row["欠缴月数"]) >= 2 for row in months if row["delivered"] <= known) or any(
        row["delivered"] <= known for row in events
    )
