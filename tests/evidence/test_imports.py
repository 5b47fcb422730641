"""Deliveries: once and only once, corrected by rows, bad rows come back, nothing readable at rest."""

from __future__ import annotations

import datetime as dt
import io
import json

import openpyxl
import pytest

from anxin.evidence import files, imports, progress, tasks
from anxin.evidence.journal import verify
from anxin.evidence.models import (
    ImportBatch,
    ImportProblem,
    JournalEntry,
    RawRows,
    RememberedLayout,
    StoredFile,
)
from anxin.evidence.rawrows import raw_row, raw_rows
from anxin.payroll.models import PayrollLine
from anxin.workforce.models import Worker
from tests.evidence import samples
from tests.support import deliveries
from tests.support.deliveries import deliver, id_number, make_project, payroll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def project(now):
    return make_project(now)


def facts() -> list[tuple]:
    return list(
        PayrollLine.objects.order_by("id").values_list("id", "net_fen", "superseded_at", "recorded_at")
    )


def test_same_file_twice_changes_nothing(project, actor, now):
    data = payroll(("王小明", 1, 5000), ("李大海", 2, 6000))
    first = deliver("payroll", data, actor=actor, now=now)
    before, entries = facts(), JournalEntry.objects.count()
    again = deliver("payroll", data, actor=actor, now=now + dt.timedelta(hours=1))
    assert again.pk == first.pk
    assert again.already_accepted
    assert facts() == before
    assert JournalEntry.objects.count() == entries
    assert ImportBatch.objects.count() == 1


def test_accepting_an_accepted_batch_changes_nothing(project, actor, now):
    batch = deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    before, entries = facts(), JournalEntry.objects.count()
    again = imports.accept_batch(batch.pk, actor=actor, now=now)
    assert again.already_accepted
    assert (facts(), JournalEntry.objects.count()) == (before, entries)


def test_same_content_saved_as_another_file_leaves_every_row_alone(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    before = facts()
    batch = deliver("payroll", payroll(("王小明", 1, 5000), month="2026年09月"), actor=actor, now=now)
    assert (batch.rows_unchanged, batch.rows_superseded) == (1, 0)
    assert facts() == before


def test_corrected_file_supersedes_only_its_changed_rows_and_the_journal_shows_both(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000), ("李大海", 2, 6000)), actor=actor, now=now)
    later = now + dt.timedelta(days=1)
    batch = deliver("payroll", payroll(("王小明", 1, 5500), ("李大海", 2, 6000)), actor=actor, now=later)
    assert (batch.rows_unchanged, batch.rows_superseded) == (1, 1)
    old = PayrollLine.objects.get(superseded_at__isnull=False)
    assert (old.net_fen, old.superseded_at, old.superseded_by_id) == (500000, later, batch.pk)
    assert set(PayrollLine.objects.filter(superseded_at=None).values_list("net_fen", flat=True)) == {
        550000,
        600000,
    }
    entry = JournalEntry.objects.filter(action="import.accepted").latest("sequence")
    assert entry.before["changes"][0]["net"] == "5000.00"
    assert entry.after["changes"][0]["net"] == "5500.00"
    assert entry.after["changes"][0]["name"] == "王**"
    assert entry.after["counts"]["superseded"] == 1
    assert entry.after["project_ids"] == [project.pk]
    assert entry.after["months"] == ["2026-09"]
    assert verify().intact


def test_second_file_of_the_month_leaves_the_other_teams_rows(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("payroll", payroll(("李大海", 2, 6000, "钢筋班")), actor=actor, now=now)
    assert PayrollLine.objects.filter(superseded_at=None).count() == 2


def test_same_id_number_with_another_name_comes_back(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    batch = deliver("payroll", payroll(("赵四海", 1, 7000), ("李大海", 2, 6000)), actor=actor, now=now)
    assert (batch.rows_read, batch.rows_accepted, batch.rows_rejected) == (2, 1, 1)
    problem = batch.problems.get(severity="rejected")
    assert problem.row == 3
    assert "该身份证号登记的姓名与本行不一致" in problem.reason
    assert "赵**" in problem.reason
    assert "赵四海" not in problem.reason and "王小明" not in problem.reason
    assert PayrollLine.objects.get(worker__name="王小明", superseded_at=None).net_fen == 500000
    assert batch.report["totals"]["net"] == "6000.00"
    assert batch.report["people"] == 1


def test_rejected_rows_come_back_as_a_workbook_with_every_reason(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    bad_id = id_number(3)[:-1] + ("0" if id_number(3)[-1] != "0" else "1")
    rows = [
        [1, "赵四海", id_number(1), "木工班", 26, 5200, 200, 5000, ""],
        [2, "李大海", id_number(2), "木工班", 26, 6200, 200, 6000, ""],
        [3, "孙长河", bad_id, "木工班", 26, 6200, 200, 6000, ""],
    ]
    data = deliveries.workbook(deliveries.PAYROLL_HEADER, rows, title="2026年9月工资表")
    batch = deliver("payroll", data, actor=actor, now=now)
    sheet = openpyxl.load_workbook(io.BytesIO(imports.rejected_workbook(batch))).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    text = json.dumps(lines, ensure_ascii=False)
    assert "退回原因" in text
    assert "该身份证号登记的姓名与本行不一致" in text and "赵四海" in text
    assert bad_id in text and "校验码" in text
    assert "李大海" not in text


def test_unknown_project_is_a_sentence_and_nothing_is_written(now, actor):
    batch = imports.open_batch(
        kind="payroll",
        data=payroll(("王小明", 1, 5000)),
        filename="a.xlsx",
        actor=actor,
        now=now,
        project_code="没有",
    )
    with pytest.raises(imports.ImportRefused, match="没有编码为“没有”的工程项目"):
        imports.accept_batch(batch.pk, actor=actor, now=now)
    assert ImportBatch.objects.get(pk=batch.pk).state == "recognised"
    assert not PayrollLine.objects.exists()


def test_payroll_without_a_month_is_not_accepted(project, actor, now):
    data = deliveries.workbook(
        deliveries.PAYROLL_HEADER, [[1, "王小明", id_number(1), "", 26, 100, 0, 100, ""]]
    )
    batch = imports.open_batch(
        kind="payroll", data=data, filename="x.xlsx", actor=actor, now=now, project_code="P1"
    )
    with pytest.raises(imports.ImportRefused, match="哪个月"):
        imports.accept_batch(batch.pk, actor=actor, now=now)


def test_file_that_is_no_spreadsheet_is_refused_with_a_sentence(project, actor, now):
    batch = imports.open_batch(
        kind="payroll",
        data=b"%PDF-1.4 nothing",
        filename="工资表.xlsx",
        actor=actor,
        now=now,
        project_code="P1",
    )
    assert batch.state == "refused"
    assert batch.refusal.endswith("。")
    with pytest.raises(imports.ImportRefused):
        imports.accept_batch(batch.pk, actor=actor, now=now)


@pytest.mark.parametrize("what", ["windows program", "page", "drawing", "macros by type", "old macros"])
def test_a_program_or_a_page_is_no_delivery_and_nothing_of_it_is_kept(project, actor, now, what):
    given = {"kind": "payroll", "filename": "工资表.xlsx", "actor": actor, "now": now, "project_code": "P1"}
    with pytest.raises(imports.ImportRefused, match=r"文件“工资表\.xlsx”") as caught:
        imports.open_batch(data=samples.RUNNING[what], **given)
    assert caught.value.field == "file"
    assert not StoredFile.objects.exists() and not ImportBatch.objects.exists()


def test_a_delivery_is_kept_byte_for_byte(project, actor, now):
    data = payroll(("王小明", 1, 5000))
    assert files.read(deliver("payroll", data, actor=actor, now=now).file) == data


def test_unknown_kind_is_refused_with_the_kinds_there_are(actor, now):
    with pytest.raises(imports.ImportRefused, match="roster（花名册）"):
        imports.open_batch(kind="工资", data=b"x", filename="x.xlsx", actor=actor, now=now)


def test_raw_rows_are_kept_exactly_and_opened_one_by_one(project, actor, now):
    batch = deliver(
        "payroll", payroll(*((f"工人{i:04d}", None, 5000 + i) for i in range(1200))), actor=actor, now=now
    )
    assert RawRows.objects.filter(batch=batch).count() == 3
    assert raw_row(batch, 3)[:2] == [1, "工人0000"]
    assert raw_row(batch, 1202)[1] == "工人1199"
    assert raw_row(batch, 99999) is None
    assert {row: cells[1] for row, cells in raw_rows(batch, [3, 700]).items()} == {
        3: "工人0000",
        700: "工人0697",
    }


def test_withdrawn_batch_cannot_be_accepted(project, actor, now):
    batch = imports.open_batch(
        kind="payroll",
        data=payroll(("王小明", 1, 5000)),
        filename="a.xlsx",
        actor=actor,
        now=now,
        project_code="P1",
    )
    assert imports.withdraw_batch(batch, actor=actor, now=now).state == "withdrawn"
    with pytest.raises(imports.ImportRefused, match="已放弃"):
        imports.accept_batch(batch.pk, actor=actor, now=now)


def test_accepted_batch_cannot_be_withdrawn(project, actor, now):
    batch = deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    with pytest.raises(imports.ImportRefused):
        imports.withdraw_batch(batch, actor=actor, now=now)


def test_mended_mapping_is_used_again_for_the_same_layout(project, actor, now):
    header = ["序号", "姓名", "身份证号", "班组", "天数", "应发工资", "扣款合计", "实发工资", "本月结算"]

    def sheet(month: str) -> bytes:
        rows = [[1, "王小明", id_number(1), "木工班", 26, 5200, 200, 5000, 4800]]
        return deliveries.workbook(header, rows, title=f"{month}工资表")

    batch = imports.open_batch(
        kind="payroll", data=sheet("2026年9月"), filename="a.xlsx", actor=actor, now=now, project_code="P1"
    )
    columns = dict(batch.recognition.columns) | {"net": "本月结算"}
    columns.pop("deduction", None)
    imports.remap_batch(batch, mapping={"columns": columns}, actor=actor, now=now)
    assert RememberedLayout.objects.count() == 1
    accepted = imports.accept_batch(batch.pk, actor=actor, now=now)
    assert accepted.state == "accepted"
    assert PayrollLine.objects.get().net_fen == 480000
    following = imports.open_batch(
        kind="payroll", data=sheet("2026年10月"), filename="b.xlsx", actor=actor, now=now, project_code="P1"
    )
    assert following.recognition.columns["net"] == "本月结算"


def test_long_problem_lists_are_cut_in_the_report_but_kept_in_full(project, actor, now):
    batch = deliver(
        "payroll", payroll(*((f"工人{i:04d}", None, 5000) for i in range(700))), actor=actor, now=now
    )
    assert len(batch.report["warnings"]) == 500
    assert batch.report["warnings_count"] >= 700
    kept = ImportProblem.objects.filter(batch=batch, severity="warning").count()
    assert kept == batch.report["warnings_count"]


def test_task_accepts_in_the_background_and_clears_its_progress(project, actor, now, settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}
    }
    batch = imports.open_batch(
        kind="payroll",
        data=payroll(("王小明", 1, 5000)),
        filename="a.xlsx",
        actor=actor,
        now=now,
        project_code="P1",
    )
    tasks.accept_batch_task.func(batch.pk, actor.key, actor.name)
    assert ImportBatch.objects.get(pk=batch.pk).state == "accepted"
    assert progress.read(batch.pk) is None


def test_queued_batch_waits_as_accepting_and_is_queued_once(project, actor, now):
    from django_tasks_db.models import DBTaskResult

    batch = imports.open_batch(
        kind="payroll",
        data=payroll(("王小明", 1, 5000)),
        filename="a.xlsx",
        actor=actor,
        now=now,
        project_code="P1",
    )
    assert imports.queue_accept(batch.pk, actor=actor, now=now).state == "accepting"
    imports.queue_accept(batch.pk, actor=actor, now=now)
    assert DBTaskResult.objects.filter(task_path="anxin.evidence.tasks.accept_batch_task").count() == 1
    assert progress.read(batch.pk).stage == "排队等待接收"


def test_task_that_cannot_accept_leaves_a_sentence_and_may_be_tried_again(project, actor, now):
    data = deliveries.workbook(
        deliveries.PAYROLL_HEADER, [[1, "王小明", id_number(1), "", 26, 100, 0, 100, ""]]
    )
    batch = imports.open_batch(
        kind="payroll", data=data, filename="x.xlsx", actor=actor, now=now, project_code="P1"
    )
    tasks.accept_batch_task.func(batch.pk, actor.key, actor.name)
    failed = ImportBatch.objects.get(pk=batch.pk)
    assert failed.state == "failed"
    assert "哪个月" in failed.refusal


def test_identifiers_are_nowhere_readable_at_rest(project, actor, now, home):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    secrets = [deliveries.id_number(1), deliveries.bank_card(1)]
    stored = list(Worker.objects.values_list("id_number", flat=True))
    assert [sealed.open() for sealed in stored] == [secrets[0]]
    for file in (home / "files").rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(secret.encode() in content for secret in secrets)
            assert content[:2] != b"PK"
    for table, columns in _text_of_database():
        for secret in secrets:
            assert secret not in columns, table


def _text_of_database() -> list[tuple[str, str]]:
    """Every table's rows as text, with bytes shown as the characters they would be."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            cells = [cell for row in cursor.fetchall() for cell in row]
            found.append(
                (
                    table,
                    "\n".join(
                        bytes(c).decode("latin-1") if isinstance(c, bytes | memoryview) else str(c)
                        for c in cells
                    ),
                )
            )
    return found


def test_equal_sheets_whose_names_say_two_months_are_two_deliveries(project, actor, now):
    rows = [[1, "王小明", id_number(1), "木工班", 26, 5200, 200, 5000, ""]]
    data = deliveries.workbook(deliveries.PAYROLL_HEADER, rows)
    for name in ("2026年9月工资表.xlsx", "2026年10月工资表.xlsx"):
        assert not deliver("payroll", data, actor=actor, now=now, filename=name).already_accepted
    assert set(PayrollLine.objects.values_list("payroll__month", flat=True)) == {"2026-09", "2026-10"}


def test_mapping_mended_while_somebody_accepts_leaves_the_batch_accepted(project, actor, now, monkeypatch):
    batch = imports.open_batch(
        kind="payroll",
        data=payroll(("王小明", 1, 5000)),
        filename="a.xlsx",
        actor=actor,
        now=now,
        project_code="P1",
    )
    read = imports.recognise_batch

    def read_slowly(mended):
        monkeypatch.setattr(imports, "recognise_batch", read)
        imports.accept_batch(batch.pk, actor=actor, now=now)
        return read(mended)

    monkeypatch.setattr(imports, "recognise_batch", read_slowly)
    with pytest.raises(imports.ImportRefused, match="已接收"):
        imports.remap_batch(
            ImportBatch.objects.get(pk=batch.pk), mapping={"columns": {}}, actor=actor, now=now
        )
    batch.refresh_from_db()
    assert (batch.state, batch.mapping) == ("accepted", None)
