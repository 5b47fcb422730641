"""The head of the employers' list against who failed afterwards, over a small folder."""

from __future__ import annotations

import json

from anxin.cli.main import main
from tests.monitoring.folder.deliveries import Folder

#: invented, with right check characters
CODES = ["91990101MA00000018", "91990101MA00000026", "91990101MA00000034"]


def city(folder: Folder) -> None:
    """Three firms; the first has owed its insurance for months, and fails in July.

    The third left an order to pay unanswered: a warning about a firm that has no weight in its grade.
    """
    firms = [
        {"统一社会信用代码": code, "区划代码": "990101", "行业": "制造业", "登记状态": "正常"}
        for code in CODES
    ]
    folder.add("registry/employers", "2026-01-10", *firms)
    for month in range(1, 6):
        reported = [
            {
                "统一社会信用代码": code,
                "月份": f"2026-{month:02d}",
                "参保人数": "60",
                "新增": "0",
                "减少": "0",
                "应缴金额": "60000.00",
                "欠缴月数": str(month) if code == CODES[0] else "0",
                "欠缴金额": f"{month * 60000}.00" if code == CODES[0] else "0.00",
                "失业金申领人数": "0",
            }
            for code in CODES
        ]
        folder.add("social", f"2026-{month + 1:02d}-10", *reported)
    folder.add(
        "orders",
        "2026-05-10",
        {
            "文书号": "令1",
            "单位代码": CODES[2],
            "区划代码": "990101",
            "送达日期": "2026-04-10",
            "期满日期": "2026-04-20",
            "人数": "12",
            "金额": "90000.00",
            "最长月数": "4",
        },
    )
    truth = folder.root / "truth"
    truth.mkdir()
    (truth / "employers.csv").write_text(
        "统一社会信用代码,起欠日期,人数,欠薪金额,月数,原因,资产能力(0-1)\n"
        f"{CODES[0]},2026-07-20,60,300000.00,1,资不抵债,0.1\n"
        f"{CODES[1]},2026-02-20,20,90000.00,1,资不抵债,0.1\n",
        encoding="utf-8",
    )


def rank(capsys, folder: Folder, *more: str) -> tuple[int, dict]:
    code = main(["employers", "rank", "--facts", str(folder.root), *more, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_firm_with_signs_stands_first_and_one_that_owed_already_does_not_count(tmp_path, capsys):
    folder = Folder(tmp_path / "city")
    city(folder)
    code, told = rank(capsys, folder, "--as-of", "2026-06-30", "--top", "1")
    assert code == 0
    assert (told["employers"], told["failing"], told["hits"], told["lift"]) == (2, 1, 1, 2.0)


def test_a_day_that_is_none_is_refused(tmp_path, capsys):
    folder = Folder(tmp_path / "city")
    code, told = rank(capsys, folder, "--as-of", "2026-06-31")
    assert code == 2
    assert "不是日期" in told["error"]


def test_spark_ranks_them_alike(tmp_path, capsys, spark_url):
    folder = Folder(tmp_path / "city")
    city(folder)
    asked = ("--as-of", "2026-06-30", "--top", "1")
    _, here = rank(capsys, folder, *asked)
    assert here["hits"] == 1
    assert rank(capsys, folder, *asked, "--engine", "spark", "--spark-url", spark_url) == (0, here)
