"""What the truth says is forged can be seen in the delivered rows, and honest look-alikes stay within their bounds."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest


@pytest.fixture(scope="module")
def planted(city):
    """(kind, project, month) → ID numbers that the truth names."""
    found = defaultdict(set)
    for row in city.rows("truth/forgeries"):
        found[row["种类"], row["项目编码"], row["月份"]] |= set((row["身份证号"] or "").split(";")) - {""}
    return found


@pytest.fixture(scope="module")
def honest(city):
    found = defaultdict(set)
    for row in city.rows("truth/lookalikes"):
        found[row["种类"], row["项目编码"], row["月份"]] |= set((row["身份证号"] or "").split(";")) - {""}
    return found


@pytest.fixture(scope="module")
def lines(city):
    found = defaultdict(dict)
    for row in city.rows("payroll"):
        found[row["项目编码"], row["工资月份"]][row["身份证号"]] = row
    return found


@pytest.fixture(scope="module")
def punches(city):
    """(project, month) → ID number → punches."""
    found = defaultdict(lambda: defaultdict(list))
    for row in city.rows("gates"):
        found[row["项目编码"], row["日期"][:7]][row["身份证号"]].append(row)
    return found


def of(planted, kind):
    cases = [(project, month, people) for (one, project, month), people in planted.items() if one == kind]
    assert cases
    return cases


def test_one_card_for_many_receives_for_three_or_more(planted, lines):
    delivered = [case for case in of(planted, "F01") if lines[case[:2]]]
    for project, month, people in delivered:
        cards = defaultdict(set)
        for person in people & set(lines[project, month]):
            cards[lines[project, month][person]["收款账号"]].add(person)
        assert max(map(len, cards.values())) >= 3
    assert delivered


def test_a_shared_family_card_receives_for_two(honest, lines):
    for project, month, people in of(honest, "F01"):
        assert len(people & set(lines[project, month])) <= 2


def test_who_never_punched_has_no_punches_in_the_month(planted, punches):
    for project, month, people in of(planted, "F03"):
        assert not people & set(punches[project, month])


def test_a_mask_shows_one_face_for_several_within_seconds(planted, punches):
    for project, month, people in of(planted, "F06"):
        faces = defaultdict(set)
        for person in people:
            for row in punches[project, month][person]:
                if row["人脸特征"]:
                    faces[row["人脸特征"]].add(person)
        assert max(map(len, faces.values())) >= 3


def test_punches_while_the_site_stood_still_lie_in_the_standstill(city, planted, punches):
    spells = {(row["项目编码"], row["起"]): row["止"] for row in city.rows("site/standstills") if row["止"]}
    for project, month, people in of(planted, "F07"):
        inside = [
            row
            for person in people
            for row in punches[project, month][person]
            if any(
                where == project and first <= row["日期"] <= last for (where, first), last in spells.items()
            )
        ]
        assert len({row["身份证号"] for row in inside}) >= 5


def test_money_that_left_the_wage_account_is_booked_or_returned_by_cards(city, planted):
    booked = {
        (row["项目编码"], row["记账日期"][:7])
        for row in city.rows("bank/entries")
        if row["用途"] in ("材料款", "机械租赁费", "工程款", "往来款")
    }
    for project, month, people in of(planted, "F12"):
        assert people or (project, month) in booked


def test_claims_far_above_attendance_stand_on_the_list_or_in_a_complaint(city, planted, lines, punches):
    speakers = {row["身份证号"] for row in city.rows("clues")}
    for project, month, people in of(planted, "F13"):
        if not lines[project, month]:
            continue  # this list was never delivered
        listed = people & set(lines[project, month])
        far = [
            person
            for person in listed
            if float(lines[project, month][person]["出勤天数"]) > 1.3 * len(punches[project, month][person])
        ]
        assert far or people & speakers


def test_nobody_is_at_two_sites_at_once_but_for_what_is_forged(city, planted, punches):
    at = defaultdict(list)
    for row in city.rows("gates"):
        at[row["身份证号"], row["日期"]].append(row)
    forged = {
        (person, month) for (kind, _, month), people in planted.items() if kind == "F04" for person in people
    }
    overlapping = set()
    for (person, day), rows in at.items():
        rows = sorted(rows, key=lambda row: row["首次打卡"])
        for one, next_one in pairwise(rows):
            if one["项目编码"] != next_one["项目编码"] and next_one["首次打卡"] < one["末次打卡"]:
                overlapping.add((person, day[:7]))
    assert overlapping <= forged
