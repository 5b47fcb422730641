"""A list of applicants and claims as a file: good rows go in, bad ones come back, the same file twice changes nothing."""

from __future__ import annotations

import csv
import io

import pytest

from anxin.accounts.access import actor
from anxin.arbitration.imports_applicants import KIND
from anxin.arbitration.models import Claim, Item
from anxin.evidence.imports import accept_batch, open_batch
from anxin.evidence.kinds import ImportRefused
from anxin.evidence.models import ImportProblem
from anxin.mediation.sealed import plain
from anxin.sheets.vocabulary.arbitration import ITEMS
from tests.arbitration.conftest import IDS, NOW, a_case

HEAD = ["姓名", "身份证号", "电话", "住所", "请求项目", "月份", "天数", "日工资", "应付", "已付", "数字来源"]
ROWS = [
    ["赵某某", IDS[0], "", "", "工资", "2026-01", 24, 300, None, 3000, "考勤记录"],
    ["赵某某", IDS[0], "", "", "经济补偿", "", None, None, 5000, None, ""],
    ["周某某", "", "13900000009", "某县某镇", "", "", None, None, None, None, ""],
    ["合计", "", "", "", "", "", None, None, 12200, None, ""],
]


def sheet(*rows: list) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    return out.getvalue().encode("utf-8-sig")


def brought(bench, case, data: bytes, by=None):
    who = actor(by or bench.inspector)
    batch = open_batch(
        kind=KIND, data=data, filename="申请人.csv", actor=who, now=NOW, project_code=case.matter.number
    )
    if batch.already_accepted:
        return batch
    return accept_batch(batch.pk, actor=who, now=NOW, recognition=batch.recognition)


def test_people_and_claims_that_are_new_go_in(bench):
    case = a_case(bench, heard=False)
    brought(bench, case, sheet(*ROWS))
    assert [plain(one.name) for one in case.applicants.order_by("number")] == ["赵某某", "钱某某", "周某某"]
    claims = list(Claim.objects.order_by("pk").values_list("item", "month", "owed_fen"))
    assert claims == [("wage", "2026-01", 420_000), ("severance", "", 500_000)]


def test_the_same_again_changes_nothing_and_other_figures_come_back(bench):
    case = a_case(bench, heard=False)
    brought(bench, case, sheet(*ROWS))
    assert brought(bench, case, sheet(*ROWS)).already_accepted
    brought(bench, case, sheet([*ROWS[0][:9], 2000, ""], *ROWS[1:]))
    assert case.applicants.count() == 3 and Claim.objects.count() == 2
    assert Claim.objects.get(item="wage").owed_fen == 420_000
    assert "已经有一行，金额不同" in " ".join(ImportProblem.objects.values_list("reason", flat=True))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["吴某某", "990101198503120018", *ROWS[2][2:]], "身份证"),
        (["吴某某", IDS[0], *ROWS[2][2:]], "姓名不同"),
        (["吴某某", "", "", "", "工资", "2026-01", 24, None, None, None, ""], "天数和日工资要一起填"),
        (["吴某某", "", "", "", "工资", "2026-01", 24, 300, 100, None, ""], "不一致"),
    ],
)
def test_a_bad_row_comes_back_and_the_others_go_in(bench, row, says):
    case = a_case(bench, heard=False)
    batch = brought(bench, case, sheet(row, ROWS[2]))
    assert "周某某" in [plain(one.name) for one in case.applicants.all()]
    assert says in " ".join(ImportProblem.objects.filter(batch=batch.pk).values_list("reason", flat=True))


def test_only_who_works_the_case_brings_a_list_and_a_closed_case_takes_none(bench):
    case = a_case(bench, heard=False)
    with pytest.raises(ImportRefused, match="不由您办理"):
        brought(bench, case, sheet(*ROWS), by=bench.outsider)
    assert case.applicants.count() == 2
    case.matter.closed_on = NOW.date()
    case.matter.save(update_fields=["closed_on"])
    with pytest.raises(ImportRefused, match="已经办结"):
        brought(bench, case, sheet(ROWS[2]))


def test_every_item_of_a_list_is_one_that_is_claimed():
    assert set(ITEMS.values()) == set(Item.values)
