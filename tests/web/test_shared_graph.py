"""The page of a sign of forgery: what is shared as a picture and as a table, and who may see it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.monitoring.models import WarningRow
from tests.monitoring.warnings import a_warning


@pytest.fixture
def sign(world):
    """Three people on one card, two of them known workers."""
    warning = a_warning(world.here, rule="F01", advice=True, people=3, sentence="三人共用一张银行卡。")
    keys = [*(str(worker.pk) for worker in world.workers[:2]), ""]
    for key in keys:
        WarningRow.objects.create(
            warning=warning,
            worker_key=key,
            amount_fen=500_000,
            keys="",
            detail={"card": "c4rdh4sh", "sharers": 3},
        )
    return warning


def text(answer) -> str:
    return answer.content.decode()


def test_a_sign_says_what_it_is_what_to_check_and_what_is_shared(sign_in, world, sign):
    page = text(sign_in("inspector").get(f"/warnings/{sign.pk}"))
    for said in (
        "这是疑点，不是认定",
        "请人工核实",
        "代收授权",
        "正当情形",
        "卡A · 3人",
        "¥15,000.00",
        "<svg",
    ):
        assert said in page, said
    assert "卡A：3人共用（" in page and 'aria-labelledby="shared-title shared-desc"' in page
    shown = page.split('id="shared"')[1].split('id="evidence"')[0]
    assert "c4rdh4sh" not in page and "style=" not in shown and "<script" not in shown
    assert not any(worker.name in shown for worker in world.workers)


def test_a_sign_that_shares_nothing_says_so(sign_in, world):
    warning = a_warning(world.here, rule="F03", advice=True)
    WarningRow.objects.create(warning=warning, keys="", detail={"days_worked": 20})
    page = text(sign_in("inspector").get(f"/warnings/{warning.pk}"))
    assert "这是疑点，不是认定" in page and "没有几个人共用的" in page and "<svg class=" not in page


def test_a_warning_of_wages_has_no_graph(sign_in, world):
    page = text(sign_in("inspector").get(f"/warnings/{world.warning.pk}"))
    assert "这是疑点" not in page and 'id="shared"' not in page


def test_more_than_can_be_drawn_is_stated(sign_in, world, sign):
    WarningRow.objects.bulk_create(
        WarningRow(warning=sign, keys="", detail={"card": "c4rdh4sh"}) for _ in range(40)
    )
    page = text(sign_in("inspector").get(f"/warnings/{sign.pk}"))
    assert "卡A · 43人" in page and "另有 19 人" in page


def test_more_shared_rows_cost_no_more_queries(sign_in, world, sign, django_assert_num_queries):
    client = sign_in("inspector")
    with CaptureQueriesContext(connection) as before:
        client.get(f"/warnings/{sign.pk}")
    WarningRow.objects.bulk_create(
        WarningRow(warning=sign, keys="", worker_key=str(world.workers[0].pk), detail={"card": f"{n}"})
        for n in range(15)
    )
    with django_assert_num_queries(len(before)):
        client.get(f"/warnings/{sign.pk}")


def test_the_rows_export_holds_what_is_shared_and_no_whole_name(sign_in, world, sign):
    answer = sign_in("inspector").get(f"/warnings/{sign.pk}/rows.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [str(cell) for line in sheet.iter_rows(values_only=True) for cell in line if cell is not None]
    assert "这是疑点，不是认定" in cells[1] and cells.count("卡A") == 3
    assert sum("同一卡或同一张脸3人" in cell for cell in cells) == 3
    assert "c4rdh4sh" not in "".join(cells)
    assert not any(worker.name in "".join(cells) for worker in world.workers)


@pytest.mark.parametrize("address", ["/warnings/{}", "/warnings/{}/rows.xlsx"])
def test_who_may_see_a_sign_and_who_may_not(sign_in, world, sign, address):
    assert sign_in("inspector").get(address.format(sign.pk)).status_code == 200
    assert sign_in("leader").get(address.format(sign.pk)).status_code == 200
    assert sign_in("outsider").get(address.format(sign.pk)).status_code == 404
