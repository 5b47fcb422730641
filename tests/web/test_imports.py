"""Deliveries in the console: upload, look, mend, accept, follow, and what came back."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from unittest import mock
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anxin import formats
from anxin.clues.models import Clue, TicketFile
from anxin.evidence import files
from anxin.evidence import imports as deliveries
from anxin.evidence.journal import Actor
from anxin.evidence.models import ImportBatch, JournalEntry, RememberedLayout
from anxin.formats import Outcome
from anxin.funds.models import ReceiptMatch
from anxin.payroll.models import PayrollLine
from anxin.web.bureau.sheet_view import masked_text
from tests.formats.makers import line, order, results
from tests.support.deliveries import bank_card, id_number, payroll, receipts, workbook
from tests.web.test_warnings import _count, text

ODD_HEADER = ["序号", "名儿", "证号码", "几天", "该给多少", "到手多少"]


@pytest.fixture
def send(sign_in, world):
    """Upload as the clerk; returns the answer."""

    def sent(data: bytes, *, kind: str = "payroll", name: str = "10月工资.xlsx", client=None, **fields):
        values = {"kind": kind, "project": "HERE", "file": SimpleUploadedFile(name, data), **fields}
        return (client or sign_in("clerk")).post("/imports/new", values)

    return sent


def batch_of(answer) -> ImportBatch:
    assert answer.status_code == 302, text(answer)
    return ImportBatch.objects.get(pk=int(answer["Location"].rsplit("/", 1)[1]))


def accept(batch: ImportBatch, now) -> None:
    deliveries.accept_batch(batch.pk, actor=Actor("user:0", "某clerk"), now=now)


def test_the_preview_shows_what_was_recognised_before_anything_changes(send, sign_in):
    lines = PayrollLine.objects.count()
    batch = batch_of(send(payroll(("王建国", 1, 6000), ("李秀英", 2, 5000), month="2026年10月")))
    page = text(sign_in("clerk").get(f"/imports/{batch.pk}"))
    for said in ("待接收", "2026年10月", "2 行，2 人", "¥11,000.00", "第 2 行", "接收 2 行"):
        assert said in page
    assert "王**" in page
    assert "王建国" not in page
    assert id_number(1) not in page
    assert PayrollLine.objects.count() == lines


def test_a_message_of_a_bank_is_shown_masked_without_columns_to_mend(send, sign_in):
    lines = tuple(line(number, name="王建国", card=bank_card(number)) for number in (1, 2))
    sent = order(lines=lines, project_code="HERE")
    data = formats.get("wage_file").write_results(results(sent, (Outcome.PENDING, "", "")), sent)
    batch = batch_of(send(data, kind="receipts", name="回执.txt"))
    page = text(sign_in("clerk").get(f"/imports/{batch.pk}"))
    assert "工资信息文件" in page and "王**" in page and "（原文已保存）" in page
    assert "王建国" not in page and bank_card(1) not in page
    assert "更正列对应" not in page and "按更正重新识别" not in page


def test_problems_stand_at_their_cells(send, sign_in):
    data = payroll(("王建国", 1, 6000), ("李秀英", 2, 5000), month="2026年10月")
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.active["C4"] = id_number(2)[:17] + ("0" if id_number(2)[17] != "0" else "1")
    out = io.BytesIO()
    book.save(out)
    batch = batch_of(send(out.getvalue()))
    page = text(sign_in("clerk").get(f"/imports/{batch.pk}"))
    assert "校验码不对" in page
    assert 'class="cell-rejected"' in page
    only = text(sign_in("clerk").get(f"/imports/{batch.pk}?problems=1"))
    assert 'id="row-4"' in only
    assert 'id="row-3"' not in only


def test_accepting_goes_through_the_queue_and_ends_with_the_result(send, sign_in, now):
    client = sign_in("clerk")
    batch = batch_of(send(payroll(("王建国", 1, 6000), month="2026年8月")))
    assert client.post(f"/imports/{batch.pk}/accept").status_code == 302
    running = text(client.get(f"/imports/{batch.pk}"))
    assert "排队等待接收" in running
    assert f'hx-get="/imports/{batch.pk}/progress"' in running
    assert "排队等待接收" in text(client.get(f"/imports/{batch.pk}/progress"))
    accept(batch, now)
    assert client.get(f"/imports/{batch.pk}/progress")["HX-Refresh"] == "true"
    page = text(client.get(f"/imports/{batch.pk}?row=3"))
    assert "已接收 1 行" in page
    assert "原表第 3 行" in page
    assert "王建国" not in page


def test_the_same_file_again_says_so_and_changes_nothing(send, sign_in, now):
    data = payroll(("王建国", 1, 6000), month="2026年8月")
    client = sign_in("clerk")
    accept(batch_of(send(data, client=client)), now)
    again = send(data, client=client)
    page = text(client.get(again["Location"]))
    assert "接收过，未作任何改动" in page
    assert ImportBatch.objects.count() == 1


def test_a_file_that_is_no_sheet_is_refused_in_a_sentence(send, sign_in):
    batch = batch_of(send(b"\x00\x01 not a sheet", name="照片.jpg"))
    page = text(sign_in("clerk").get(f"/imports/{batch.pk}"))
    assert batch.state == "refused"
    assert batch.refusal in page
    assert "重新选择文件" in page


def test_columns_that_were_not_recognised_are_mended_and_remembered(send, sign_in):
    rows = [[1, "王建国", id_number(1), 26, 6200, 6000], [2, "李秀英", id_number(2), 25, 5200, 5000]]
    data = workbook(ODD_HEADER, rows)
    client = sign_in("clerk")
    batch = batch_of(send(data, month="2026-08"))
    assert batch.state == "refused"
    assert "请在下面指出表头" in text(client.get(f"/imports/{batch.pk}"))
    mapping = {
        "header_first": "1",
        "header_last": "1",
        "column-name": "B",
        "column-id_number": "C",
        "column-days_worked": "D",
        "column-gross": "E",
        "column-net": "F",
        "unit": "元",
        "was-unit": "元",
    }
    client.post(f"/imports/{batch.pk}/mapping", mapping)
    batch.refresh_from_db()
    assert (batch.state, batch.rows_accepted) == ("recognised", 2)
    assert RememberedLayout.objects.get().remembered_by_name == "某clerk"
    page = text(client.get(f"/imports/{batch.pk}"))
    assert "¥11,000.00" in page


def test_a_payroll_that_names_no_month_asks_for_it_before_accepting(send, sign_in):
    batch = batch_of(send(payroll(("王建国", 1, 6000), month=""), name="工资.xlsx"))
    client = sign_in("clerk")
    asked = text(client.get(f"/imports/{batch.pk}"))
    assert "请先选择这是哪个月的工资表" in asked
    answer = client.post(f"/imports/{batch.pk}/mapping", {"month": "2026-10"}, follow=True)
    assert "已按2026年10月重新识别" in text(answer)
    assert "请先选择这是哪个月" not in text(answer)
    batch.refresh_from_db()
    assert batch.month == "2026-10"


def test_a_file_sent_as_the_wrong_kind_is_read_again_as_another(send, sign_in):
    data = payroll(("王建国", 1, 6000), month="2026年10月")
    wrong = batch_of(send(data, kind="roster"))
    client = sign_in("clerk")
    assert "种类选错了" in text(client.get(f"/imports/{wrong.pk}"))
    right = batch_of(client.post(f"/imports/{wrong.pk}/kind", {"kind": "payroll"}))
    wrong.refresh_from_db()
    assert (right.kind, right.state) == ("payroll", ImportBatch.State.RECOGNISED)
    assert wrong.state == ImportBatch.State.WITHDRAWN
    assert right.file_id == wrong.file_id
    nonsense = client.post(f"/imports/{right.pk}/kind", {"kind": "poem"}, follow=True)
    assert "没有改动" in text(nonsense)


def test_names_in_a_sheet_that_was_not_recognised_are_masked_all_the_same(send, sign_in):
    rows = [["1", "王建国", "木工班"], ["2", "李秀英", "木工班"], ["3", "欧某", "方木堆放"]]
    odd = batch_of(send(workbook(["序号", "名儿", "哪一班"], rows), kind="attendance"))
    page = text(sign_in("clerk").get(f"/imports/{odd.pk}"))
    assert "没有认出来" in page
    assert "王**" in page
    assert "木工班" in page
    for name in ("王建国", "李秀英", "欧某"):
        assert name not in page


def test_a_source_row_is_shown_under_what_its_columns_hold(send, sign_in, now):
    batch = batch_of(send(payroll(("王建国", 1, 6000), month="2026年10月")))
    accept(batch, now)
    page = text(sign_in("clerk").get(f"/imports/{batch.pk}?row=3"))
    assert "实发工资" in page.partition("原表第 3 行")[2].partition("识别出的列")[0]


def test_a_mapping_that_does_not_fit_changes_nothing(send, sign_in):
    client = sign_in("clerk")
    batch = batch_of(send(payroll(("王建国", 1, 6000), month="2026年8月")))
    answer = client.post(f"/imports/{batch.pk}/mapping", {"header_first": "900"}, follow=True)
    assert "没有改动" in text(answer)
    batch.refresh_from_db()
    assert batch.mapping is None


def test_only_what_was_changed_enters_the_mapping(send, sign_in):
    client = sign_in("clerk")
    batch = batch_of(send(payroll(("王建国", 1, 6000), month="2026年8月")))
    page = client.get(f"/imports/{batch.pk}")
    view = page.context["view"]
    values = {"sheet": view.sheet, "was-sheet": view.sheet, "unit": "万元", "was-unit": view.unit}
    for field in view.fields:
        values |= {f"column-{field.name}": field.letter, f"was-{field.name}": field.letter}
    client.post(f"/imports/{batch.pk}/mapping", values)
    batch.refresh_from_db()
    assert batch.mapping == {"columns": {}, "unit": "万元"}


def test_giving_up_changes_nothing(send, sign_in):
    client = sign_in("clerk")
    batch = batch_of(send(payroll(("王建国", 1, 6000), month="2026年8月")))
    client.post(f"/imports/{batch.pk}/withdraw")
    assert "没有接收，数据没有改动" in text(client.get(f"/imports/{batch.pk}"))


def test_rows_that_came_back_are_downloaded_with_their_reasons(send, sign_in, now):
    client = sign_in("clerk")
    batch = batch_of(send(payroll(("王建国", 1, 6000), ("", 2, 5000), month="2026年8月")))
    accept(batch, now)
    answer = client.get(f"/imports/{batch.pk}/rejects.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert "退回原因" in str(list(book.active.iter_rows(values_only=True)))
    assert JournalEntry.objects.filter(action="import.downloaded").count() == 1
    assert sign_in("leader").get(f"/imports/{batch.pk}/rejects.xlsx").status_code == 403


def test_one_may_not_deliver_for_a_project_elsewhere(send, sign_in):
    answer = send(payroll(("王建国", 1, 6000)), project="THERE")
    assert answer.status_code == 422
    assert ImportBatch.objects.count() == 0


def test_acting_on_a_delivery_needs_the_permission_there(send, sign_in):
    batch = batch_of(send(payroll(("王建国", 1, 6000), month="2026年8月")))
    for action in ("accept", "withdraw", "mapping"):
        assert sign_in("leader").post(f"/imports/{batch.pk}/{action}").status_code == 403
        assert sign_in("outsider").post(f"/imports/{batch.pk}/{action}").status_code == 404
    batch.refresh_from_db()
    assert batch.state == "recognised"


def test_more_batches_cost_no_more_queries(send, sign_in, django_assert_num_queries):
    client = sign_in("clerk")
    send(payroll(("王建国", 1, 6000), month="2026年8月"))
    before = _count(client, "/imports")
    for number in range(2, 8):
        send(payroll(("王建国", number, 6000), month="2026年8月"))
    with django_assert_num_queries(before):
        client.get("/imports")


def test_a_near_match_counts_only_after_a_persons_yes(send, sign_in, world, now):
    client = sign_in("clerk")
    accept(batch_of(send(payroll(("王建国", 1, 6000), month="2026年8月"))), now)
    data = receipts(("王建国", 5, 6000), day="2026-09-15")  # the name agrees, the card does not
    accept(batch_of(send(data, kind="receipts", name="代发.xlsx", month="2026-08")), now)
    match = ReceiptMatch.objects.get(state="proposed")
    page = text(client.get("/matches"))
    assert "请把这些近似匹配交给监察员或领导确认" in page
    assert client.post(f"/matches/{match.pk}/confirm").status_code == 403  # who delivers does not decide
    client = sign_in("inspector")
    page = text(client.get("/matches"))
    assert "是同一笔" in page
    assert "王建国" not in page
    assert sign_in("outsider").post(f"/matches/{match.pk}/confirm").status_code == 404
    client.post(f"/matches/{match.pk}/confirm")
    match.refresh_from_db()
    assert match.state == "confirmed"
    assert "没有待确认的匹配" in text(client.get("/matches"))
    assert client.post(f"/matches/{match.pk}/maybe").status_code == 404


def test_the_export_names_the_local_day_of_a_delivery_before_eight_in_the_morning(sign_in, world):
    early = dt.datetime(2026, 10, 5, 6, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    deliveries.open_batch(
        kind="payroll",
        data=payroll(("王建国", 1, 6000)),
        filename="10月工资.xlsx",
        actor=Actor("user:0", "某clerk"),
        now=early,
        project_code="HERE",
    )
    answer = sign_in("clerk").get("/imports/export.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet.cell(4, 12).value.date() == dt.date(2026, 10, 5)


def test_a_damaged_file_is_said_in_a_sentence_and_its_download_is_not_journalled(send, sign_in):
    batch = batch_of(send(payroll(("王建国", 1, 6000), month="2026年10月")))
    client = sign_in("clerk")
    with mock.patch("anxin.evidence.files.read", side_effect=files.FileDamaged("文件已损坏。")):
        answer = client.get(f"/imports/{batch.pk}/file")
    assert answer.status_code == 302
    assert "文件已损坏" in text(client.get("/account"))
    assert not JournalEntry.objects.filter(action="import.downloaded").exists()


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("990101 19900307 0037", "9901**********0037"),
        ("6200 0000 0000 0000 017", "6200***********0017"),
        ("联系人138 0000 5678", "联系人***********"),
        ("9月1日 08:30 18:00", "9月1日 08:30 18:00"),
        ("2026-09-01", "2026-09-01"),
    ],
)
def test_somebodys_number_in_groups_is_masked_in_whatever_column(cell, shown):
    assert masked_text(cell, "") == shown


def test_a_row_of_a_file_that_is_gone_is_not_shown_with_its_names(send, sign_in, now):
    batch = batch_of(send(payroll(("王建国", 1, 6000), month="2026年10月")))
    accept(batch, now)
    client = sign_in("clerk")
    assert "王**" in text(client.get(f"/imports/{batch.pk}?row=3"))
    with mock.patch("anxin.evidence.files.read", side_effect=files.FileDamaged("文件已损坏。")):
        assert "王建国" not in text(client.get(f"/imports/{batch.pk}?row=3"))


def test_a_zip_of_tickets_says_how_many_files_it_holds_and_comes_back_whole(send, sign_in, world, now):
    """The preview counts them, the result tells which is missing, who handles the clue looks, the original is the ZIP."""
    rows = "工单编号,来电时间,内容,区县,附件\nGD-1,2026-01-05 09:00,工资三个月没有发共5人,{},a.amr；b.jpg\n"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("工单.csv", rows.format(world.here.region.name))
        archive.writestr("a.amr", b"#!AMR\n" + b"\0" * 60)
    batch = batch_of(send(made.getvalue(), kind="hotline", project="", name="热线.zip"))
    assert "压缩包里另有 1 个文件" in text(sign_in("clerk").get(f"/imports/{batch.pk}"))
    accept_by = Actor(f"user:{batch.delivered_by.partition(':')[2]}", batch.delivered_by_name)
    deliveries.accept_batch(batch.pk, actor=accept_by, now=now)
    page = text(sign_in("clerk").get(f"/imports/{batch.pk}"))
    assert "附件：新收 1 个" in page and "1 个写了名字而压缩包里找不到" in page and "没有附件“b.jpg”" in page
    kept = TicketFile.objects.get()
    assert sign_in("inspector").get(f"/clues/{kept.clue_id}/ticket-files/{kept.pk}").status_code == 200
    assert sign_in("clerk").get(f"/clues/{kept.clue_id}/ticket-files/{kept.pk}").status_code == 403
    answer = sign_in("clerk").get(f"/imports/{batch.pk}/file")
    assert answer.content == made.getvalue() and ".zip" in answer["Content-Disposition"]
    assert sign_in("outsider").get(f"/imports/{batch.pk}/file").status_code == 404


def test_a_zip_sent_as_the_wrong_kind_keeps_its_files_and_a_kind_without_files_says_so(send, sign_in, world):
    rows = "工单编号,来电时间,内容,区县,附件\nGD-1,2026-01-05 09:00,工资三个月没有发共5人,{},a.amr\n"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("工单.csv", rows.format(world.here.region.name))
        archive.writestr("a.amr", b"#!AMR\n" + b"\0" * 60)
    client = sign_in("clerk")
    wrong = batch_of(send(made.getvalue(), kind="boards", project="", name="热线.zip"))
    right = batch_of(client.post(f"/imports/{wrong.pk}/kind", {"kind": "hotline"}))
    assert (right.kind, right.bundled) == ("hotline", 1)
    answer = client.post(f"/imports/{right.pk}/kind", {"kind": "employers"}, follow=True)
    assert "附件没有带过来" in text(answer)
    assert ImportBatch.objects.get(kind="employers").file == right.file


def test_how_a_hotlines_list_says_its_ticket_stands_is_shown_with_its_clue(send, sign_in, world, now):
    """What somebody wrote of it is for who works on it; who only reads sees the state and the counts."""
    head = "工单编号,来电时间,内容,区县,工单状态,退单原因,批准延期至,办理结果,重办次数,督办次数,是否满意"
    bad = f"GD-2,2026-01-05 09:00,工资没有发,{world.here.region.name},,,,,好几次,,"
    row = f"GD-1,2026-01-05 09:00,工资三个月没有发共5人,{world.here.region.name},重办中,找赵大宝13900001234,2026-01-20,已约谈,1,2,不满意"
    batch = batch_of(send(f"{head}\n{row}\n{bad}\n".encode(), kind="hotline", project="", name="热线.csv"))
    accept(batch, now)
    result = text(sign_in("clerk").get(f"/imports/{batch.pk}"))
    assert "更新了 1 张工单" in result and "不是次数" in result and "人数</dt>" not in result
    clue = Clue.objects.get()
    page = text(sign_in("inspector").get(f"/clues/{clue.pk}"))
    for words in (
        "热线记的办理情况",
        "重办中",
        "已约谈",
        "批准延至2026-01-20",
        "重办",
        "2次",
        "不满意",
        "139****1234",
    ):
        assert words in page
    assert "13900001234" not in page
    reads = text(sign_in("clerk").get(f"/clues/{clue.pk}"))
    assert "重办中" in reads and "已约谈" not in reads and "赵大宝" not in reads


def test_a_list_without_a_channel_says_what_it_is_taken_for_and_a_person_changes_it(send, sign_in, world):
    data = workbook(
        ["编号", "登记时间", "内容", "区县"], [["1", "2026-11-19", "工资没有发", world.here.region.name]]
    )
    batch = batch_of(send(data, kind="hotline", name="110警情.xlsx", project=""))
    page = text(sign_in("clerk").get(f"/imports/{batch.pk}"))
    assert "文件名里有“警情”，拟全部记为<strong>公安移交" in page
    answer = sign_in("clerk").post(f"/imports/{batch.pk}/mapping", {"channel": "platform"}, follow=True)
    assert "已按您选的来源重新识别" in text(
        answer
    ) and "按选定的来源，全部记为<strong>国家和省级平台" in text(answer)
    sign_in("clerk").post(f"/imports/{batch.pk}/mapping", {"channel": "sweep"})
    batch.refresh_from_db()
    assert batch.mapping["channel"] == "platform"


def test_a_list_with_its_own_channel_proposes_none(send, sign_in, world):
    data = workbook(["编号", "登记时间", "内容", "来源"], [["1", "2026-11-19", "工资没有发", "12345"]])
    batch = batch_of(send(data, kind="hotline", name="110警情.xlsx", project=""))
    assert "没有“来源渠道”一列" not in text(sign_in("clerk").get(f"/imports/{batch.pk}"))
