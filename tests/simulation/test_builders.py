"""A contractor that runs out of money fails on its sites and as an employer: one truth, told once in each place."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from simulation import profiles, universe
from simulation.city import Collapse, simulate
from simulation.seeds import Streams
from tests.simulation.employers_only import by, rows, write_city
from tests.simulation.reading import Folder, fen

CODE = "统一社会信用代码"


def test_a_contractor_without_money_is_named_with_all_that_its_sites_owe_for_that(tmp_path):
    profile = profiles.load("tiny")
    simulate(
        replace(profile, causes={**profile.causes, "contractor_failed": 0.6}),
        4,
        tmp_path,
        lambda sentence: None,
    )
    city = Folder(tmp_path)
    contractor = {row["项目编码"]: row["总包单位代码"] for row in city.rows("registry/projects")}
    owed, people = {}, {}
    for row in city.rows("truth/arrears"):
        if row["主体"] == "项目" and row["原因"] == "总包资金链断裂":
            firm = contractor[row["代码"]]
            owed[firm] = owed.get(firm, 0) + fen(row["欠付金额"])
            people.setdefault(firm, set()).add(row["身份证号"])
    named = {row[CODE]: row for row in city.rows("truth/employers") if row["原因"] == "总包资金链断裂"}
    assert owed
    assert {firm: fen(row["欠薪金额"]) for firm, row in named.items()} == owed
    assert {firm: int(row["人数"]) for firm, row in named.items()} == {
        firm: len(found) for firm, found in people.items()
    }


def test_what_a_builder_owes_is_not_told_again_as_an_employer_and_its_signs_are(tmp_path):
    profile = profiles.load("county", months=9)
    everybody = universe.universe(replace(profile, employers=4000), Streams(2))
    builders = everybody.builders()["contractors"].tolist()
    collapses = [Collapse(firm, 5, dt.date(2026, 8, 14), 40, 900_000_00, 3) for firm in builders]
    write_city(tmp_path, 2, collapses=collapses)
    codes = {everybody.codes[firm].as_py() for firm in builders}
    named = {row[CODE]: row for row in rows(tmp_path, "truth/employers") if row[CODE] in codes}
    assert {(row["人数"], row["月数"], row["欠薪金额"]) for row in named.values()} == {
        ("40", "3", "900000.00")
    }
    assert set(named) == codes
    assert not codes & {row["代码"] for row in rows(tmp_path, "truth/arrears")}
    assert not codes & {row["单位代码"] for row in rows(tmp_path, "orders")}
    behind = by([row for row in rows(tmp_path, "social") if int(row["欠缴月数"]) >= 2], CODE)
    assert 0.3 < np.mean([code in behind for code in codes]) < 1


def test_the_report_counts_a_builder_apart_from_other_employers(tmp_path):
    builders = universe.universe(
        replace(profiles.load("county", months=9), employers=4000), Streams(2)
    ).builders()
    collapse = Collapse(int(builders["contractors"][0]), 5, dt.date(2026, 8, 14), 4000, 900_000_00, 3)
    with_it = write_city(tmp_path / "with", 2, collapses=[collapse]).tally
    without = write_city(tmp_path / "without", 2).tally
    assert with_it["builders_failed"] == 1
    assert without["builders_failed"] == 0
    assert with_it["failed_people"] < 4000
