"""The warning list and page: what they show, and what happens at each button."""

from __future__ import annotations

import datetime as dt
import io
from unittest import mock

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anxin.evidence import files
from anxin.monitoring.models import Warning, WarningRow
from tests.monitoring import factories as make
from tests.monitoring.warnings import a_warning


@pytest.fixture
def many(world):
    """Sixty more warnings on the inspector's project: more than one page."""
    return [
        a_warning(
            world.here, level=1 + number % 4, amount_fen=number * 100, month=f"2025-{1 + number % 12:02d}"
        )
        for number in range(60)
    ]


def text(answer) -> str:
    return answer.content.decode()


def test_the_row_says_level_what_who_people_amount_until_when_and_with_whom(sign_in, world):
    world.warning.assigned_to = world.colleague
    world.warning.save()
    page = text(sign_in("inspector").get("/warnings"))
    for said in (
        "红色",
        "●",
        "2名工人",
        "东台安置房工程",
        "¥12,000.00",
        "已超期 2 天",
        "2026-11-18",
        "某colleague",
    ):
        assert said in page


def test_filters_stay_in_the_address_and_narrow(sign_in, world, many):
    client = sign_in("inspector")
    page = text(client.get("/warnings?level=4&state=open&text=东台&sort=amount"))
    assert page.count('name="ids"') == 16
    assert 'value="东台"' in page
    nothing = text(client.get("/warnings?text=没有这个项目"))
    assert "没有符合条件的预警" in nothing
    assert "清除条件" in nothing


def test_nothing_to_show_says_why_and_what_to_do(sign_in, world):
    Warning.objects.all().delete()
    page = text(sign_in("inspector").get("/warnings"))
    assert "辖区内没有未消除的预警" in page
    assert "导入" in page


def test_pages_by_key_show_every_warning_once(sign_in, world, many):
    client = sign_in("inspector")
    first = client.get("/warnings")
    key = first.context["next_key"]
    second = client.get("/warnings", {"after": key})
    seen = [w.pk for w in first.context["warnings"]] + [w.pk for w in second.context["warnings"]]
    assert sorted(seen) == sorted(Warning.objects.filter(project=world.here).values_list("pk", flat=True))
    assert second.context["next_key"] is None


def test_more_rows_cost_no_more_queries(sign_in, world, django_assert_num_queries, many):
    client = sign_in("inspector")
    with django_assert_num_queries(_count(client, "/warnings?level=4")):
        client.get("/warnings")


def test_the_page_of_a_warning_costs_the_same_for_more_rows(sign_in, world, django_assert_num_queries):
    client = sign_in("inspector")
    address = f"/warnings/{world.warning.pk}"
    WarningRow.objects.create(
        warning=world.warning, worker_key=str(world.workers[0].pk), keys="payroll_line:1"
    )
    before = _count(client, address)
    WarningRow.objects.bulk_create(
        WarningRow(
            warning=world.warning, worker_key=str(person.pk), keys=f"payroll_line:{line.pk}", amount_fen=5
        )
        for person, line in zip(world.workers, world.lines, strict=True)
    )
    with django_assert_num_queries(before):
        client.get(address)


def test_chosen_columns_are_remembered(sign_in, world):
    client = sign_in("inspector")
    page = text(client.get("/warnings?show=level&show=what&show=rule"))
    assert "<th>规则</th>" in page
    assert "<th>承办</th>" not in page
    assert "<th>规则</th>" in text(client.get("/warnings"))


def test_the_export_opens_and_holds_the_filtered_rows(sign_in, world, many):
    answer = sign_in("inspector").get("/warnings/export.xlsx?level=4")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][0] == "欠薪预警清单（工资风险）"
    assert "填报单位：某局" in rows[1][0]
    assert len(rows) == 3 + Warning.objects.filter(project=world.here, level=4).count()


def test_the_warning_page_explains_itself(sign_in, world):
    line = world.lines[0]
    WarningRow.objects.create(
        warning=world.warning,
        worker_key=str(world.workers[0].pk),
        amount_fen=600_000,
        days=6,
        keys=f"payroll_line:{line.pk}",
        detail={"promised_fen": 600_000},
    )
    page = text(sign_in("inspector").get(f"/warnings/{world.warning.pk}"))
    for said in (
        "2名工人的工资共12,000.00元",
        "请先知悉，再核实或交办",
        "《保障农民工工资支付条例》第十二条",
        "逾期1日以上",
        "2020-05-01",
        "施工总承包单位",
        "应发到手¥6,000.00",
        "银行发放结果显示该月工资全部成功到账",
    ):
        assert said in page
    assert "甲**" in page
    assert "甲工人1" not in page


def test_many_evidence_rows_come_in_pages(sign_in, world):
    WarningRow.objects.bulk_create(
        WarningRow(warning=world.warning, keys="", detail={"person": f"人{number}"}) for number in range(25)
    )
    client = sign_in("inspector")
    first = client.get(f"/warnings/{world.warning.pk}").context["told"]
    rest = client.get(f"/warnings/{world.warning.pk}?rows_after={first['evidence_after']}").context["told"]
    assert (len(first["evidence"]), len(rest["evidence"])) == (20, 5)


def test_from_first_sight_to_clearance_by_a_second_person(sign_in, world):
    mine, other = sign_in("inspector"), sign_in("colleague")
    address = f"/warnings/{world.warning.pk}"
    assert mine.post(f"{address}/acknowledge").status_code == 302
    mine.post(
        f"{address}/assign",
        {"to_user": world.colleague.pk, "to_organisation": world.body.pk, "text": "请核实"},
    )
    mine.post(f"{address}/note", {"text": "已电话联系总包"})
    paper = SimpleUploadedFile("签收表.pdf", b"%PDF-1.4 paper")
    mine.post(f"{address}/ask_clearing", {"text": "11月18日已补发", "file": paper, "conclusion": "paid"})
    page = text(mine.get(address))
    assert "申请人不能自行决定" in page
    assert mine.post(f"{address}/agree").status_code == 422
    assert "同意消除" in text(other.get(address))
    assert other.post(f"{address}/refuse", {"text": ""}).status_code == 422
    assert other.post(f"{address}/agree", {"text": "属实"}).status_code == 302
    world.warning.refresh_from_db()
    assert world.warning.state == Warning.State.CLEARED
    page = text(mine.get(address))
    for said in (
        "知悉", "交办给某区人社局、某colleague", "已电话联系总包", "签收表.pdf", "同意消除", "属实，已清偿"
    ):  # fmt: skip
        assert said in page
    assert mine.post(f"{address}/reopen", {"text": "签收表不实"}).status_code == 302


def test_an_attachment_is_downloaded_and_never_shown_inline(sign_in, world):
    client = sign_in("inspector")
    address = f"/warnings/{world.warning.pk}"
    page = SimpleUploadedFile("说明.html", b"<script>alert(1)</script>")
    refused = client.post(f"{address}/attach", {"file": page, "text": "总包说明"})
    assert refused.status_code == 422 and "是网页" in text(refused) and "总包说明" in text(refused)
    words = SimpleUploadedFile("说明.pdf", "总包说明：已补发".encode())
    assert client.post(f"{address}/attach", {"file": words, "text": "总包说明"}).status_code == 302
    event = world.warning.events.get(filename="说明.txt")
    answer = client.get(f"{address}/files/{event.pk}")
    assert answer.content == "总包说明：已补发".encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    # what was kept before contents were looked at is saved as a file without a type, under a name that opens as no page
    type(event).objects.filter(pk=event.pk).update(
        file=files.store(b"<script>alert(1)</script>", name="旧.html", now=event.at), filename="旧.html"
    )
    answer = client.get(f"{address}/files/{event.pk}")
    assert (
        answer["Content-Type"] == "application/octet-stream"
        and "sandbox" in answer["Content-Security-Policy"]
    )
    assert answer["Content-Disposition"].endswith(".html.bin")
    assert sign_in("outsider").get(f"{address}/files/{event.pk}").status_code == 404


def test_what_was_typed_is_code_for_nobody(sign_in, world):
    client = sign_in("inspector")
    client.post(f"/warnings/{world.warning.pk}/note", {"text": "<script>alert(1)</script>"})
    page = text(client.get(f"/warnings/{world.warning.pk}"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_refused_step_keeps_what_was_typed(sign_in, world):
    world.warning.state = Warning.State.CLEARED
    world.warning.save()
    answer = sign_in("inspector").post(f"/warnings/{world.warning.pk}/assign", {"text": "请核实付款安排"})
    assert answer.status_code == 422
    assert "请选择交办给哪位同事或哪个单位" in text(answer)


def test_a_selection_is_acknowledged_or_assigned_as_a_whole(sign_in, world):
    client = sign_in("inspector")
    second = a_warning(world.here)
    ids = [world.warning.pk, second.pk]
    answer = client.post(
        "/warnings/many", {"ids": ids, "action": "acknowledge", "back": "/warnings?sort=due"}
    )
    assert answer["Location"] == "/warnings?sort=due"
    assert {w.state for w in Warning.objects.filter(pk__in=ids)} == {Warning.State.ACKNOWLEDGED}
    client.post("/warnings/many", {"ids": ids, "action": "assign", "to_user": world.colleague.pk})
    assert Warning.objects.filter(assigned_to=world.colleague).count() == 2
    foreign = [world.warning.pk, world.other_warning.pk]
    assert client.post("/warnings/many", {"ids": foreign, "action": "assign"}).status_code == 404
    mixed = client.post("/warnings/many", {"ids": ids, "action": "acknowledge"}, follow=True)
    assert "所选预警都没有改动" in text(mixed)


def test_the_home_page_answers_what_needs_me_today(sign_in, world, now):
    a_warning(world.here, act_by=now.date(), month="2026-08")
    asked = a_warning(world.here, state=Warning.State.CLEARING, asked_by=world.colleague, month="2026-07")
    page = text(sign_in("inspector").get("/"))
    for said in (
        "已超期",
        "今天到期",
        "等我决定",
        "下一步：看依据，同意消除或退回",
        f'href="/warnings/{asked.pk}"',
    ):
        assert said in page
    counts = sign_in("inspector").get("/").context["counts"]
    assert (counts.overdue, counts.due_today, counts.to_decide) == (1, 1, 1)
    assert sign_in("outsider").get("/").context["counts"].overdue == 0


def test_the_home_page_costs_the_same_with_more_warnings(sign_in, world, django_assert_num_queries, now):
    client = sign_in("inspector")
    before = _count(client, "/")
    for number in range(12):
        a_warning(
            world.here, act_by=now.date() - dt.timedelta(days=number + 1), month=f"2025-{number + 1:02d}"
        )
    with django_assert_num_queries(before):
        client.get("/")


def test_two_sites_of_one_name_are_told_apart_by_code(sign_in, world):
    twin = make.project("HERE2", region_code="990101", name=world.here.name)
    a_warning(twin)
    assert text(sign_in("inspector").get("/warnings?project=HERE2")).count('name="ids"') == 1


def _count(client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_damaged_attachment_is_said_in_a_sentence(sign_in, world):
    client = sign_in("inspector")
    paper = SimpleUploadedFile("证明.pdf", b"%PDF-1.4")
    client.post(f"/warnings/{world.warning.pk}/attach", {"file": paper})
    event = world.warning.events.get(file__isnull=False)
    with mock.patch("anxin.evidence.files.read", side_effect=files.FileDamaged("文件已损坏。")):
        answer = client.get(f"/warnings/{world.warning.pk}/files/{event.pk}")
    assert (answer.status_code, answer["Location"]) == (302, f"/warnings/{world.warning.pk}")


def test_a_clearing_without_a_conclusion_is_refused_with_what_was_typed(sign_in, world):
    answer = sign_in("inspector").post(f"/warnings/{world.warning.pk}/ask_clearing", {"text": "已补发"})
    assert answer.status_code == 422
    assert "请选择结论" in text(answer) and "已补发" in text(answer)


def test_what_the_facts_cleared_is_concluded_on_its_page_within_the_scope(sign_in, world):
    address = f"/warnings/{world.warning.pk}"
    Warning.objects.filter(pk=world.warning.pk).update(state="cleared", cleared_on=world.warning.last_seen)
    client = sign_in("inspector")
    assert "还没有结论" in text(client.get(address))
    assert sign_in("outsider").post(f"{address}/conclude", {"conclusion": "paid"}).status_code == 404
    assert client.post(f"{address}/conclude", {"conclusion": "paid"}).status_code == 302
    page = text(client.get(address))
    assert "属实，已清偿" in page and "更改结论" in page


def test_the_slips_open_from_the_page_and_what_has_not_climbed_has_none(
    sign_in, world, django_assert_max_num_queries
):
    client, where = sign_in("inspector"), f"/warnings/{world.warning.pk}"
    assert f'href="{where}/slip/raised"' in text(client.get(where))
    with django_assert_max_num_queries(15):
        answer = client.get(f"{where}/slip/raised")
    assert answer.status_code == 200 and answer.content[:5] == b"%PDF-"
    assert "没有升级单可以出" in text(client.get(f"{where}/slip/climbed", follow=True))
    assert client.get(f"{where}/slip/other").status_code == 404
    sign = a_warning(world.here, advice=True)
    assert "/slip/" not in text(client.get(f"/warnings/{sign.pk}"))
    assert client.get(f"/warnings/{sign.pk}/slip/raised").status_code == 404
