"""A small city, read back: it is made anew from its seed, its money adds up, its truth stands in its files."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict

import pytest

from anxin.kernel.identifiers import bank_card_problem, id_number_problem, phone_problem
from simulation import profiles
from simulation.city import simulate
from tests.simulation.conftest import SEED
from tests.simulation.reading import Folder, fen

#: causes for which somebody stands on no list of the month
NOT_LISTED = ("工资表漏人", "离场未结清", "班组长卷款", "总包资金链断裂")
KINDS = [f"F{number:02d}" for number in range(1, 14)]


def hashes(folder):
    return {file["path"]: file["sha256"] for file in folder.manifest["files"]}


@pytest.fixture(scope="module")
def once_more(tmp_path_factory):
    def write(seed):
        root = tmp_path_factory.mktemp("again")
        simulate(profiles.load("tiny"), seed, root, lambda sentence: None)
        return Folder(root)

    return write


def test_the_same_seed_gives_the_same_bytes(city, once_more):
    assert hashes(once_more(SEED)) == hashes(city)


def test_another_seed_gives_another_city(city, once_more):
    other = hashes(once_more(SEED + 1))
    assert not set(other.values()) & set(hashes(city).values())


def test_the_manifest_tells_every_file_with_its_rows_and_hash(city):
    told = {file["path"] for file in city.manifest["files"]}
    written = {str(path.relative_to(city.root)) for path in city.root.rglob("*.csv*")}
    assert told == written
    for file in city.manifest["files"]:
        assert hashlib.sha256((city.root / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    for kind in {file["kind"] for file in city.manifest["files"]}:
        told_rows = sum(file["rows"] for file in city.manifest["files"] if file["kind"] == kind)
        assert len(city.rows(kind)) == told_rows


def test_nothing_is_delivered_outside_the_window(city):
    days = [file["delivered_on"] for file in city.manifest["files"]]
    assert min(days) >= city.manifest["first_day"]
    assert max(days) <= city.manifest["last_day"]


def test_identifiers_of_the_roster_are_right_and_no_real_ones(city):
    rows = city.rows("roster")
    assert {id_number_problem(row["身份证号"]) for row in rows} == {None}
    assert {row["身份证号"][:2] for row in rows} == {"99"}
    assert {bank_card_problem(row["银行卡号"]) for row in rows} == {None}
    assert {phone_problem(row["手机"]) for row in rows} == {None}


def test_an_account_is_never_overdrawn_and_each_balance_follows_from_the_one_before(city):
    balances: dict[str, int] = defaultdict(int)
    for row in sorted(city.rows("bank/entries"), key=lambda row: (row["记账日期"], row["流水号"])):
        amount = fen(row["金额"])
        assert amount > 0
        balances[row["项目编码"]] += amount if row["方向"] == "收入" else -amount
        assert balances[row["项目编码"]] == fen(row["余额"]) >= 0, row
    assert balances


def test_what_is_owed_in_truth_is_no_more_than_was_earned(city):
    rows = city.rows("truth/arrears")
    assert all(0 < fen(row["欠付金额"]) <= fen(row["应得"]) for row in rows)
    assert all(row["付清日期"] is None or row["付清日期"] >= row["应付日期"] for row in rows)


def test_a_worker_who_waits_in_truth_got_the_rest_by_the_due_day(city):
    """Entitled less owed is what the receipts show by the due day, for people who stand once on a delivered list."""
    names = [(row["项目编码"], row["户名"], row["工资月份"]) for row in city.rows("bank/receipts")]
    paid: dict[tuple[str, str, str], list[tuple[str, int]]] = defaultdict(list)
    for key, row in zip(names, city.rows("bank/receipts"), strict=True):
        if row["结果"] == "成功":
            paid[key].append((row["到账时间"][:10], fen(row["金额"])))
    lines = Counter((row["项目编码"], row["姓名"], row["工资月份"]) for row in city.rows("payroll"))
    name_of = {(row["项目编码"], row["身份证号"]): row["姓名"] for row in city.rows("roster")}
    checked = 0
    for row in city.rows("truth/arrears"):
        if row["主体"] != "项目" or row["原因"] in NOT_LISTED:
            continue
        key = (row["代码"], name_of[row["代码"], row["身份证号"]], row["月份"])
        if lines[key] != 1 or key[::2] not in {(code, month) for code, _, month in names}:
            continue
        arrived = sum(amount for on, amount in paid[key] if on <= row["应付日期"])
        assert min(arrived, fen(row["应得"])) == fen(row["应得"]) - fen(row["欠付金额"]), row
        checked += 1
    assert checked > 10


def test_every_worker_of_the_truth_stands_on_a_roster(city):
    roster = {(row["项目编码"], row["身份证号"]) for row in city.rows("roster")}
    owed = {(row["代码"], row["身份证号"]) for row in city.rows("truth/arrears") if row["主体"] == "项目"}
    assert owed
    assert owed <= roster


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_planted_and_has_its_look_alike(city, kind):
    forged = {row["项目编码"] for row in city.rows("truth/forgeries") if row["种类"] == kind}
    alike = {row["项目编码"] for row in city.rows("truth/lookalikes") if row["种类"] == kind}
    assert forged
    assert alike
    assert not forged & alike


def test_nobody_is_both_forger_and_look_alike(city):
    def people(kind):
        # F08 is of a whole list.
        return {
            (row["项目编码"], one)
            for row in city.rows(kind)
            if row["种类"] != "F08"
            for one in (row["身份证号"] or "").split(";")
            if one
        }

    assert not people("truth/forgeries") & people("truth/lookalikes")
