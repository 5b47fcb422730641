"""The employer portal: what a clerk sees and does, beside what does not exist for another employer."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anxin.accounts.models import Grant, Role, User
from anxin.agency import services
from anxin.agency.models import Channel, PayOrder, PayrollRun
from anxin.evidence import files
from anxin.evidence.models import ImportBatch, JournalEntry
from anxin.funds.services_register import record_labour_cost_term
from anxin.kernel.months import Month
from anxin.registry.models import Participation
from anxin.sheets import read_workbook, recognise
from anxin.web.employer import runs
from anxin.web.employer.blanks import blank_or_404
from anxin.web.employer.urls import urlpatterns
from anxin.workforce.models import Worker
from tests.agency import factories as make
from tests.agency.test_results import table
from tests.evidence import samples
from tests.monitoring.warnings import a_warning
from tests.support.deliveries import workbook

pytestmark = pytest.mark.django_db


def clerk(name: str, uscc: str) -> Client:
    user = User.objects.create(username=name, display_name=name, office="某公司")
    Grant.objects.create(user=user, role=Role.PAYROLL_CLERK, employer=uscc)
    client = Client()
    client.force_login(user, backend="anxin.accounts.backends.PeopleBackend")
    client.user = user
    return client


@pytest.fixture
def place(home):
    return make.site(2)


@pytest.fixture
def general(place):
    return clerk("总包一", make.GENERAL_USCC)


@pytest.fixture
def second(place):
    return clerk("总包二", make.GENERAL_USCC)


@pytest.fixture
def sub(place):
    return clerk("分包一", make.SUB_USCC)


@pytest.fixture
def stranger(place):
    """A clerk of another employer, with a project and people of its own."""
    firm = make.employer(make.OTHER_USCC, "虚构外来公司")
    other = make.factories.project("P9", name="外来工程")
    Participation.objects.create(project=other, employer=firm, role="general_contractor")
    return clerk("外人", make.OTHER_USCC)


def go(client, name, *args, status=200, **query):
    answer = client.get(reverse(f"employer:{name}", args=args), query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def do(client, name, *args, status=302, **data):
    answer = client.post(reverse(f"employer:{name}", args=args), data)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def said(client) -> str:
    """What the page says about the last step."""
    return client.get(reverse("employer:home")).content.decode()


# --- who sees what --------------------------------------------------------------------------------------


def addresses(run, order):
    """Every address of the portal that names something of the project."""
    line = run.lines.first()
    pk = {"run": run.pk, "order": order.pk, "line": line.pk, "slip": line.pk, "project": run.project_id}
    found = []
    for pattern in urlpatterns:
        # labour contracts: tests/contracts/test_pages.py
        if "<int:pk>" not in str(pattern.pattern) or pattern.name.startswith(("upload", "contract")):
            continue
        kind = pattern.name.split("-")[0]
        if pattern.name == "order-new":
            kind = "run"
        key = pk.get(kind, run.project_id)
        args = [key] + (["x"] if "<slug:action>" in str(pattern.pattern) else [])
        found.append((pattern, reverse(f"employer:{pattern.name}", args=args)))
    return found


def test_for_another_employer_nothing_of_the_project_exists(place, general, stranger):
    order = make.sent(place)
    for pattern, address in addresses(order.run, order):
        method = "get" if "GET" in pattern.callback.policy.methods else "post"
        assert getattr(stranger, method)(address).status_code == 404, address
        if method == "get":
            assert general.get(address).status_code == 200, address


def test_a_stranger_sees_only_the_own_project_in_lists(place, stranger):
    make.sent(place)
    page = go(stranger, "projects").content.decode()
    assert "外来工程" in page
    assert "虚构工程P1" not in page
    assert "虚构劳务分包公司" not in go(stranger, "runs").content.decode()


def test_a_subcontractor_sees_the_own_payroll_and_the_general_contractor_all(place, sub, general):
    own_worker = make.factories.worker(5)
    make.enrol(place.project, own_worker, place.general, number=5, team="总包自有")
    make.factories.attend(place.project, own_worker, "2026-10-05")
    theirs = make.drafted(place, firm=place.general)
    ours = make.drafted(place)
    assert go(sub, "run", ours.pk)
    go(sub, "run", theirs.pk, status=404)
    go(general, "run", ours.pk)
    go(general, "run", theirs.pk)
    assert own_worker.name not in go(sub, "roster", place.project.pk).content.decode()
    assert own_worker.name in go(general, "roster", place.project.pk).content.decode()


def test_warnings_of_the_whole_project_are_the_general_contractors(place, sub, general):
    a_warning(place.project)
    page = go(general, "project", place.project.pk).content.decode()
    assert "怎样消除" in page
    assert "怎样消除" not in go(sub, "project", place.project.pk).content.decode()


def test_a_subcontractor_neither_orders_nor_downloads(place, sub):
    order = make.sent(place)
    go(sub, "order-new", order.run_id, status=403)
    go(sub, "order-file", order.pk, status=403)
    do(sub, "order-act", order.pk, "send", status=403)
    go(sub, "order", order.pk)


def test_the_bureau_and_banks_do_not_enter(place):
    for role, scope in ((Role.INSPECTOR, {"region": ""}), (Role.BANK_OPERATOR, {"institution": "BANK1"})):
        user = User.objects.create(username=str(role))
        Grant.objects.create(user=user, role=role, **scope)
        client = Client()
        client.force_login(user, backend="anxin.accounts.backends.PeopleBackend")
        assert client.get(reverse("employer:home")).status_code == 403


# --- the way of a payroll -------------------------------------------------------------------------------


def test_home_says_what_is_owed_next_and_by_when(place, general):
    page = go(general, "home").content.decode()
    assert "2026年10月工资表还没有编制" in page
    assert f"/due/pay-day/{place.project.pk}?month=2026-10" in page


def test_the_pay_day_opens_its_steps(place, general, stranger):
    address = reverse("due", args=["pay-day", place.project.pk]) + "?month=2026-10"
    page = general.get(address)
    assert "约定发薪日为次月15日" in page.content.decode()
    assert stranger.get(address).status_code == 404


def test_labour_cost_that_did_not_arrive_is_told_with_its_day(place, general, sub):
    record_labour_cost_term(
        place.project,
        due_day=5,
        monthly_fen=5_000_000,
        first_month=Month(2026, 10),
        actor=make.CHECKER,
        now=make.NOW,
    )
    page = go(general, "project", place.project.pk).content.decode()
    assert "¥50,000.00" in page
    address = f"{reverse('due', args=['labour-cost', place.project.pk])}?month=2026-10"
    assert address in page
    assert general.get(address).status_code == 200
    assert sub.get(address).status_code == 404
    assert "¥50,000.00" not in go(sub, "project", place.project.pk).content.decode()


def draft(client, place):
    do(client, "run-new", project=place.project.pk, month="2026-10", employer=place.sub.pk)
    return PayrollRun.objects.get()


def cells(line, **changes):
    values = {"unit": "day", "rate": "300.00", "quantity": "20", "extra": "", "reason": "", **changes}
    return {f"{name}-{line.pk}": value for name, value in values.items()}


def test_a_payroll_is_made_from_attendance_and_its_cells_are_saved(place, sub):
    run = draft(sub, place)
    one, two = make.lines(run)
    do(sub, "run", run.pk, **cells(one, extra="200", reason="高温津贴"), **cells(two))
    assert [line.net_fen for line in make.lines(run)] == [620_000, 600_000]


def test_a_cell_that_cannot_be_shows_its_sentence_and_keeps_what_was_typed(place, sub):
    run = draft(sub, place)
    one, two = make.lines(run)
    answer = do(sub, "run", run.pk, status=422, **cells(one, quantity="22"), **cells(two, rate="三百"))
    page = answer.content.decode()
    assert "“三百”不是金额" in page
    assert 'value="三百"' in page
    answer = do(sub, "run", run.pk, status=422, **cells(one, quantity="22"), **cells(two))
    assert "计薪22天，与考勤20天不一致" in answer.content.decode()
    assert [line.net_fen for line in make.lines(run)] == [600_000, 600_000]


def test_a_long_payroll_is_edited_page_by_page_with_the_sum_of_all(place, sub, monkeypatch):
    monkeypatch.setattr(runs, "LINES", 1)
    run = draft(sub, place)
    one, two = make.lines(run)
    first = go(sub, "run", run.pk).content.decode()
    assert (f"rate-{one.pk}" in first, f"rate-{two.pk}" in first) == (True, False)
    assert 'data-rest="600000"' in first
    second = go(sub, "run", run.pk, after=one.position).content.decode()
    assert (f"rate-{one.pk}" in second, f"rate-{two.pk}" in second) == (False, True)
    address = reverse("employer:run", args=[run.pk]) + f"?after={one.position}"
    answer = sub.post(address, cells(two, extra="100", reason="高温津贴"))
    assert answer["Location"] == address
    assert [line.net_fen for line in make.lines(run)] == [600_000, 610_000]


def test_deductions_of_the_grid_have_their_kinds(place, sub):
    run = draft(sub, place)
    line = make.lines(run)[0]
    do(sub, "run", run.pk, **cells(line, advance="500", tax="12.34", reason=""))
    assert make.lines(run)[0].deductions == [
        {"kind": "advance", "fen": 50_000, "note": ""},
        {"kind": "tax", "fen": 1_234, "note": ""},
    ]


def test_another_deduction_needs_to_say_what_it_is(place, sub):
    run = draft(sub, place)
    line = make.lines(run)[0]
    assert "必须写明" in do(sub, "run", run.pk, status=422, **cells(line, other="50")).content.decode()


def test_the_clerk_who_made_it_is_told_why_not_to_approve(place, general, second):
    run = draft(general, place)
    do(general, "run-act", run.pk, "open")
    do(general, "run-act", run.pk, "submit", unanswered_note="当面告知，未签字")
    assert "请由另一人审核" in go(general, "run", run.pk).content.decode()
    do(general, "run-act", run.pk, "approve")
    run.refresh_from_db()
    assert run.state == "submitted"
    do(second, "run-act", run.pk, "approve")
    run.refresh_from_db()
    assert run.state == "approved"


def test_a_return_is_shown_with_its_reason(place, sub, general):
    run = draft(sub, place)
    do(sub, "run-act", run.pk, "open")
    do(sub, "run-act", run.pk, "submit", unanswered_note="当面告知，未签字")
    do(general, "run-act", run.pk, "return", reason="木工班少一人")
    assert "总包退回：木工班少一人" in go(sub, "run", run.pk).content.decode()


def test_an_objection_is_answered_on_its_page(place, sub, stranger):
    run = make.opened(place)
    line = make.lines(run)[0]
    objection = services.contest_line(
        line, says="10月28日来了", channel=Channel.OWN_PHONE, actor=make.worker_actor(line), now=make.NOW
    )
    assert "10月28日来了" in go(sub, "home").content.decode()
    assert "10月28日来了" in go(sub, "objections").content.decode()
    assert "10月28日来了" not in go(stranger, "objections").content.decode()
    data = {"objection": objection.pk, "answer": "核实后补一天", "accept": "yes"}
    do(sub, "line-act", line.pk, "answer", status=422, **data, **cells(line))
    do(sub, "line-act", line.pk, "answer", **data, **cells(line, quantity="21", reason="漏打卡"))
    objection.refresh_from_db()
    assert (objection.state, make.lines(run)[0].net_fen) == ("accepted", 630_000)
    assert "核实后补一天" in go(sub, "line", line.pk).content.decode()


def test_a_signed_paper_is_recorded_with_its_picture_and_the_own_phone_is_not_the_clerks(place, sub):
    run = make.opened(place)
    line = make.lines(run)[0]
    do(sub, "line-act", line.pk, "confirm", status=422, channel="own_phone")
    do(sub, "line-act", line.pk, "confirm", status=422, channel="paper")
    bad = SimpleUploadedFile("x.exe", b"MZ")
    do(sub, "line-act", line.pk, "confirm", status=422, channel="paper", photo=bad)
    page = SimpleUploadedFile("签字.png", b"<html><script>alert(1)</script>")
    do(sub, "line-act", line.pk, "confirm", status=422, channel="paper", photo=page)
    photo = SimpleUploadedFile("签字.png", samples.with_place())
    do(sub, "line-act", line.pk, "confirm", channel="paper", photo=photo)
    kept = line.confirmations.get().photo
    assert kept.name == "签字.jpg" and b"SECRET" not in files.read(kept)


def test_an_order_is_checked_made_downloaded_and_sent(place, general):
    run = make.approved(place)
    assert "本次可报 2 笔" in go(general, "order-new", run.pk).content.decode()
    do(general, "order-new", run.pk, format="wage_file")
    order = PayOrder.objects.get()
    assert go(general, "order-file", order.pk).content.startswith(b"AXGZ|")
    assert JournalEntry.objects.filter(action="agency.file_downloaded").count() == 1
    do(general, "order-act", order.pk, "send")
    order.refresh_from_db()
    assert order.state == "sent"


def test_results_are_taken_once_and_returns_are_mended_and_sent_again(place, general):
    order = make.sent(place)
    data = table(order, ["paid", "returned"])
    for _ in range(2):
        do(general, "order-act", order.pk, "results", file=SimpleUploadedFile("结果.xlsx", data))
    assert list(order.lines.values_list("state", flat=True)) == ["paid", "returned"]
    page = go(general, "home").content.decode()
    assert "有 1 笔被银行退回" in page
    back = order.lines.get(state="returned").run_line
    assert "请向工人索要在用的银行卡" in go(general, "line", back.pk).content.decode()
    do(general, "line-act", back.pk, "mend", bank_card=make.card(88))
    assert "本次可报 1 笔" in go(general, "order-new", order.run_id).content.decode()


def test_a_results_file_that_is_none_is_told_and_changes_nothing(place, general):
    order = make.sent(place)
    do(general, "order-act", order.pk, "results", file=SimpleUploadedFile("x.xml", b"<x/>"))
    assert "不是本系统认识的银行报文" in said(general)
    assert set(order.lines.values_list("state", flat=True)) == {"open"}


def test_rows_that_contradict_are_listed(place, general):
    order = make.sent(place)
    data = table(order, ["paid", "paid"])
    order.lines.update(amount_fen=1)
    answer = do(
        general, "order-act", order.pk, "results", status=200, file=SimpleUploadedFile("结果.xlsx", data)
    )
    assert "与报送的0.01元不一致" in answer.content.decode()


def test_the_slip_is_the_workers_with_the_own_name(place, sub):
    run = make.opened(place)
    line = make.lines(run)[0]
    page = go(sub, "slip", line.pk).content.decode()
    assert line.name in page
    assert "2026年10月工资条" in page
    assert make.card(1) not in page


# --- files ------------------------------------------------------------------------------------------------

FILLED = {
    "roster": ["张三", "990101199001010019", "13800000000", "甲公司", "木工班", "木工", dt.date(2026, 3, 1), None, "300元/天", "每月15日", "是", "HT-01", dt.date(2026, 3, 1), dt.date(2027, 2, 28), "9900000000000010"],
    "attendance": ["张三", "990101199001010019", "木工班", *([1] * 31)],
    "payroll": ["张三", "990101199001010019", "木工班", 26, 780_000, 0, 780_000, "9900000000000010"],
    "receipts": ["张三", "9900000000000010", 780_000, dt.date(2026, 11, 20), "成功", None, "AX26100000010100001"],
}  # fmt: skip


@pytest.mark.parametrize("kind", FILLED)
def test_a_blank_that_was_filled_in_imports_without_mapping(kind):
    title, data = blank_or_404(kind, Month(2026, 10), [FILLED[kind]])
    read = recognise(read_workbook(data, f"{title}.xlsx"), kind)
    assert (len(read.rows), read.rejected) == (1, [])
    assert len(read.columns) >= len(FILLED[kind]) - (30 if kind == "attendance" else 0)


@pytest.mark.parametrize("kind", FILLED)
def test_blanks_are_downloaded(kind, general):
    assert go(general, "blank", kind, month="2026-10").content.startswith(b"PK")


def test_a_filled_blank_comes_in_by_the_door(place, general, stranger):
    title, data = blank_or_404("roster", Month(2026, 10), [FILLED["roster"]])
    do(
        general,
        "upload-new",
        kind="roster",
        project=place.project.pk,
        file=SimpleUploadedFile(f"{title}.xlsx", data),
    )
    batch = ImportBatch.objects.get()
    assert "可接收 1 行" in go(general, "upload", batch.pk).content.decode()
    do(general, "upload-accept", batch.pk)
    batch.refresh_from_db()
    assert batch.state in ("accepting", "accepted")
    go(stranger, "upload", batch.pk, status=404)
    do(stranger, "upload-accept", batch.pk, status=404)


def test_a_payroll_that_names_no_month_asks_for_it_and_says_its_sum_before_it_is_accepted(place, general):
    workers = Worker.objects.order_by("pk")[:2]
    rows = [[one.name, one.id_number.open(), 6000, 5800] for one in workers]
    file = SimpleUploadedFile("工资表.xlsx", workbook(["姓名", "身份证号", "应发工资", "实发工资"], rows))
    do(general, "upload-new", kind="payroll", project=place.project.pk, file=file)
    batch = ImportBatch.objects.get()
    page = go(general, "upload", batch.pk).content.decode()
    assert "表里没有写明月份" in page and "¥11,600.00" in page
    do(general, "upload-accept", batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.month) == ("recognised", "")
    do(general, "upload-accept", batch.pk, month="2026-10")
    batch.refresh_from_db()
    assert batch.state in ("accepting", "accepted") and batch.month == "2026-10"


def test_a_file_for_another_employers_project_is_refused(place, stranger):
    answer = do(
        stranger,
        "upload-new",
        status=422,
        kind="roster",
        project=place.project.pk,
        file=SimpleUploadedFile("x.xlsx", b"PK"),
    )
    assert not ImportBatch.objects.exists()
    assert answer.status_code == 422


def test_a_subcontractor_does_not_upload_whole_payrolls(place, sub):
    answer = do(
        sub,
        "upload-new",
        status=422,
        kind="payroll",
        project=place.project.pk,
        file=SimpleUploadedFile("x.xlsx", b"PK"),
    )
    assert "由施工总承包单位上传" in answer.content.decode()


def test_every_export_opens(place, general):
    order = make.sent(place)
    names = {
        "projects-export": [],
        "roster-export": [place.project.pk],
        "attendance-export": [place.project.pk],
        "uploads-export": [],
        "runs-export": [],
        "run-export": [order.run_id],
        "objections-export": [],
        "words-export": [],
        "order-export": [order.pk],
        "contracts-export": [],
        "letters-export": [],
        "mediation-export": [],
        "contract-texts-export": [],
    }
    assert set(names) == {one.name for one in urlpatterns if one.name.endswith("export")}
    for name, args in names.items():
        data = go(general, name, *args).content
        assert read_workbook(data, "x.xlsx").sheets, name


def test_the_portal_never_shows_a_whole_card_or_id_number(place, general):
    order = make.sent(place)
    secrets = [make.card(n) for n in (1, 2)] + [worker.id_number.open() for worker in Worker.objects.all()]
    for pattern, address in addresses(order.run, order):
        if "GET" in pattern.callback.policy.methods and pattern.name != "order-file":
            content = general.get(address).content
            text = content.decode("utf-8", "ignore")
            assert not any(secret in text for secret in secrets), address


def test_pages_cost_the_same_queries_however_many_people(home):
    few, many = make.site(2), make.site(12, code="P2")
    client = clerk("总包", make.GENERAL_USCC)
    counts = []
    for place in (few, many):
        run = make.opened(place)
        with CaptureQueriesContext(connection) as seen:
            go(client, "run", run.pk)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_pages_have_no_inline_script_or_style(place, general):
    order = make.sent(place)
    for pattern, address in addresses(order.run, order):
        if "GET" in pattern.callback.policy.methods and not address.endswith((".xlsx", "file")):
            page = general.get(address).content.decode()
            assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", page), address


def test_a_workers_word_is_answered_where_it_is_seen_and_nowhere_else(place, general, stranger):
    from anxin.agency.models_words import WorkerWord
    from anxin.workforce.signin import worker_actor

    worker = Worker.objects.get(pk=place.workers[0].pk)
    word = services.contest_attendance(
        place.project,
        dt.date(2026, 10, 3),
        worker=worker,
        says="我只干了半天",
        actor=worker_actor(worker),
        now=make.NOW,
    )
    address = reverse("employer:word-answer", kwargs={"pk": word.pk})
    assert stranger.post(address, {"answer": "已核对考勤机记录。"}).status_code == 404
    assert "我只干了半天" not in stranger.get(reverse("employer:words")).content.decode()
    assert "我只干了半天" in general.get(reverse("employer:words")).content.decode()
    assert "1 条意见" in general.get(reverse("employer:home")).content.decode()
    general.post(address, {"answer": "好"})
    assert WorkerWord.objects.get().state == "open"
    general.post(address, {"answer": "已核对考勤机记录，改为半天。"})
    assert (WorkerWord.objects.get().state, WorkerWord.objects.get().answered_by_name) == (
        "answered",
        "总包一",
    )


def attendance_of(*people) -> SimpleUploadedFile:
    rows = [[person.name, None, "木工班", *([1] * 31)] for person in people]
    title, data = blank_or_404("attendance", Month(2026, 10), rows)
    return SimpleUploadedFile(f"{title}.xlsx", data)


def test_a_subcontractors_file_with_other_employers_people_is_not_taken(place, sub, general):
    stranger = make.factories.worker(7)
    make.enrol(place.project, stranger, place.general, number=7, team="总包自有")
    given = {"kind": "attendance", "project": place.project.pk}
    answer = do(sub, "upload-new", status=422, **given, file=attendance_of(place.workers[0], stranger))
    assert "第5行是其他单位的人员" in answer.content.decode()
    assert not ImportBatch.objects.exclude(state="withdrawn").exists()
    do(general, "upload-new", **given, file=attendance_of(place.workers[0], stranger))
    do(sub, "upload-new", **given, file=attendance_of(*place.workers))


def test_a_subcontractors_roster_names_no_other_employer(place, sub):
    row = list(FILLED["roster"])
    given = {"kind": "roster", "project": place.project.pk}
    for employer, status in (("别的公司", 422), (place.sub.name, 302), (None, 302)):
        row[3] = employer
        title, data = blank_or_404("roster", Month(2026, 10), [row])
        do(sub, "upload-new", status=status, **given, file=SimpleUploadedFile(f"{title}.xlsx", data))
