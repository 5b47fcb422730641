"""法规与期限 · 本地数值与确认: lists, proposing, the second person, the year's calendar."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anxin.accounts.models import Grant, Role, User
from anxin.evidence.journal import Actor
from anxin.local_law import queries, services
from anxin.local_law.models import CalendarYear, Confirmation, LocalValue, State
from anxin.registry.models import Region
from tests.local_law import notices
from tests.web.conftest import PASSWORD

WAGE = "wage_payment.min_wage_monthly"
DAY = dt.date(2026, 11, 20)
FORM = {
    "region": "9901",
    "valid_from": "2026-07-01",
    "value": "2,100",
    "source_title": "关于调整最低工资标准的通知",
    "source_number": "安政发〔2026〕3号",
}


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def bureau(world, sign_in):
    """The world with a city region and a second leader of it."""
    Region.objects.get_or_create(code="9901", defaults={"name": "安城市"})
    other = User.objects.create_user("second", password=PASSWORD, display_name="某second")
    Grant.objects.create(user=other, role=Role.LEADER, region="9901")
    elsewhere = User.objects.create_user("far", password=PASSWORD, display_name="某far")
    Grant.objects.create(user=elsewhere, role=Role.LEADER, region="9902")
    world.second, world.far = other, elsewhere
    return world


@pytest.fixture
def enter(sign_in, people, bureau):
    people |= {"second": bureau.second, "far": bureau.far}
    return sign_in


@pytest.fixture
def waiting(bureau, now):
    """A minimum wage of 9901 that the leader has proposed."""
    return services.propose_value(
        key=WAGE,
        region="9901",
        region_name="安城市",
        valid_from=dt.date(2026, 7, 1),
        value=2100,
        source_title="关于调整最低工资标准的通知",
        source_number="安政发〔2026〕3号",
        actor=Actor(f"user:{bureau.leader.pk}", "某leader"),
        now=now,
    )


def act(client, record, action, **data):
    sort = {LocalValue: "values", Confirmation: "checks", CalendarYear: "calendars"}[type(record)]
    return client.post(f"/law/settings/{sort}/{record.pk}/{action}", data)


def test_the_list_says_what_is_to_be_confirmed_and_what_to_fill_in(enter):
    page = text(enter("leader").get("/law/settings?text=最低工资"))
    assert "待当地填写" in page
    assert f"/law/settings/new?key={WAGE}&amp;region=9901" in page
    page = text(enter("leader").get("/law/settings?text=warning.w03"))
    assert "推荐值，待本地确认" in page
    assert "/law/settings/check?key=warning.w03&amp;region=&amp;from=2020-05-01" in page


def test_who_may_not_propose_sees_the_list_without_buttons(enter):
    for name in ("inspector", "clerk"):
        page = text(enter(name).get("/law/settings?text=最低工资"))
        assert "月最低工资" in page
        assert "/law/settings/new" not in page
        assert enter(name).get(f"/law/settings/new?key={WAGE}").status_code == 403


def test_a_value_is_found_filled_in_confirmed_by_another_and_computed_with(enter):
    leader = enter("leader")
    assert f"?key={WAGE}" in text(leader.get("/law/settings/new?text=最低工资"))
    answer = leader.post(f"/law/settings/new?key={WAGE}", FORM)
    record = LocalValue.objects.get()
    assert answer["Location"] == f"/law/settings/values/{record.pk}"
    assert (record.value, record.region_name, record.proposed_by_name) == (2100, "安城市", "某leader")
    assert "须由另一位有权限的同事确认" in text(leader.get(answer["Location"]))
    second = enter("second")
    assert "已对照文件，确认生效" in text(second.get(answer["Location"]))
    act(second, record, "confirm")
    assert queries.current().value(WAGE, DAY, "990101").value == 2100
    page = text(second.get("/law/settings/values?state=confirmed"))
    assert "2,100元/月" in page
    assert "某second" in page


def test_who_proposed_cannot_confirm_even_by_hand(enter, waiting):
    answer = act(enter("leader"), waiting, "confirm")
    assert answer.status_code == 422
    assert "另一位" in text(answer)
    waiting.refresh_from_db()
    assert waiting.state == State.PROPOSED


@pytest.mark.parametrize("name", ["admin", "far"])
def test_the_administrator_and_a_leader_of_another_city_cannot_confirm(name, enter, waiting):
    client = enter(name)
    assert "确认生效" not in text(client.get(f"/law/settings/values/{waiting.pk}"))
    for action in ("confirm", "refuse", "withdraw"):
        assert act(client, waiting, action, reason="x").status_code == 403
    waiting.refresh_from_db()
    assert waiting.state == State.PROPOSED


def test_the_administrator_may_propose(enter):
    assert enter("admin").post(f"/law/settings/new?key={WAGE}", FORM).status_code == 302
    assert LocalValue.objects.get().proposed_by_name == "某admin"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"region": "990102"}, ""),
        ({"region": "99"}, "管辖范围"),
        ({"region": "1101"}, "没有这个地区代码"),
        ({"value": "两千一"}, "请填写数字"),
        ({"value": "-5"}, "不能小于0"),
        ({"value": ""}, "请填写这一项"),
        ({"source_number": ""}, "请填写这一项"),
        ({"valid_until": "2026-01-01"}, "早于生效日"),
        ({"valid_from": "1990-01-01"}, "不能早于"),
    ],
)
def test_a_wrong_field_is_said_beside_it(changes, sentence, enter):
    Region.objects.get_or_create(code="99", defaults={"name": "虚构省"})
    answer = enter("leader").post(f"/law/settings/new?key={WAGE}", FORM | changes)
    if not sentence:
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not LocalValue.objects.exists()


def test_a_table_is_filled_in_part_by_part(enter):
    client = enter("leader")
    page = client.get("/law/settings/new?key=warning.w03&region=9901")
    fields = {
        field.html_name: field.value() for _, row in page.context["form"].value_rows for field in row
    } | {f"keep:{number}": "on" for number in range(5)}
    fields.pop("keep:1")  # the office does without the second step
    fields["leaf:0.when.days.min"] = "46"
    answer = client.post(
        "/law/settings/new?key=warning.w03&region=9901",
        {name: value for name, value in (FORM | fields).items() if name != "value"},
    )
    assert answer.status_code == 302, text(answer)
    value = LocalValue.objects.get().value
    shipped = queries.current().value("warning.w03", DAY).value
    assert value == [{**shipped[0], "when": {"days": {"min": 46}}}, *shipped[2:]]


def test_a_refusal_keeps_its_reason_in_the_history(enter, waiting):
    answer = act(enter("second"), waiting, "refuse", reason="")
    assert answer.status_code == 422
    assert "写明原因" in text(answer)
    act(enter("second"), waiting, "refuse", reason="文号不对")
    page = text(enter("leader").get("/law/settings/values?state=refused"))
    assert "文号不对" in page


def test_withdrawing_what_is_in_force(enter, waiting, bureau, now):
    services.confirm(waiting, actor=Actor(f"user:{bureau.second.pk}", "某second"), now=now)
    act(enter("leader"), waiting, "withdraw", reason="文件已废止")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.ended_reason) == (State.WITHDRAWN, "文件已废止")


def test_a_check_needs_two_persons_too(enter):
    address = "/law/settings/check?key=warning.w03&region=&from=2020-05-01"
    client = enter("leader")
    assert "推荐值" in text(client.get(address))
    client.post(address, {"document_title": "分级办法", "document_number": "安治欠办〔2026〕1号"})
    record = Confirmation.objects.get()
    assert act(client, record, "confirm").status_code == 422
    act(enter("second"), record, "confirm")
    assert queries.current().value("warning.w03", DAY).confidence == "confirmed"
    assert "没有要核对的数值" in text(client.get("/law/settings?text=warning.w03"))


@pytest.mark.parametrize(
    "query", ["key=x", "key=warning.w03&from=2020-05-02", "key=warning.w03&from=soon", ""]
)
def test_a_value_that_is_not_recorded_is_not_found(query, enter):
    assert enter("leader").get(f"/law/settings/check?{query}").status_code == 404


def upload(client, data: bytes, year: str = "2027", notice: str = "国办发明电〔2026〕99号"):
    file = SimpleUploadedFile("放假安排.csv", data)
    return client.post("/law/settings/calendars", {"year": year, "notice": notice, "file": file})


def test_a_year_is_imported_looked_at_and_confirmed(enter):
    client = enter("admin")
    answer = upload(client, notices.stretches())
    record = CalendarYear.objects.get()
    page = text(client.get(answer["Location"]))
    assert "全年放假 <strong>28</strong> 天" in page
    assert "调休上班 <strong>5</strong> 天" in page
    assert 'title="春节放假"' in page
    assert act(client, record, "confirm").status_code == 422
    act(enter("second"), record, "confirm")
    assert queries.current().calendar.is_published(dt.date(2027, 1, 1))
    assert "已收录到 2027 年" in text(client.get("/law/settings/calendars"))


def test_the_same_file_twice_changes_nothing(enter):
    client = enter("leader")
    first, second = upload(client, notices.stretches()), upload(client, notices.stretches())
    assert first["Location"] == second["Location"]
    assert CalendarYear.objects.count() == 1
    assert "没有重复记录" in text(client.get(second["Location"]))


def test_doubts_are_shown_and_must_be_settled(enter):
    rows = [row for row in notices.STRETCHES_2027 if row[0] != "清明节"]
    upload(enter("leader"), notices.stretches(rows))
    record, client = CalendarYear.objects.get(), enter("second")
    assert "04-05（清明节）" in text(client.get(f"/law/settings/calendars/{record.pk}"))
    assert act(client, record, "confirm").status_code == 422
    act(client, record, "confirm", doubts_settled="on")
    record.refresh_from_db()
    assert record.state == State.CONFIRMED


@pytest.mark.parametrize(
    ("data", "year", "sentence"),
    [
        ("甲,乙\n1,2\n".encode(), "2027", "没有读到"),
        (b"", "2027", "空"),
        (notices.stretches(), "2028", "不在2028年内"),
    ],
)
def test_a_wrong_file_is_refused_beside_its_field(data, year, sentence, enter):
    answer = upload(enter("leader"), data, year)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not CalendarYear.objects.exists()


def test_an_inspector_sees_the_calendar_and_imports_none(enter):
    client = enter("inspector")
    assert "导入并预览" not in text(client.get("/law/settings/calendars"))
    upload(client, notices.stretches())
    assert not CalendarYear.objects.exists()


def test_the_template_imports_once_it_is_filled_in(enter):
    book = openpyxl.load_workbook(
        io.BytesIO(enter("leader").get("/law/settings/calendars/template.xlsx").content)
    )
    page = book.active
    for row in list(page.iter_rows(min_row=4)):
        if not row[1].value:
            page.delete_rows(row[0].row, 10)
            break
    out = io.BytesIO()
    book.save(out)
    upload(enter("leader"), out.getvalue())
    assert [kind for _, kind, _ in CalendarYear.objects.get().days] == ["off", "off", "off", "work"]


@pytest.mark.parametrize(
    ("what", "heading", "expected"),
    [("to-confirm", "事由", WAGE), ("values", "编号", WAGE), ("checks", "编号", None)],
)
def test_every_list_exports(what, heading, expected, enter, waiting):
    data = enter("leader").get(f"/law/settings/export/{what}.xlsx").content
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(min_row=3, values_only=True))
    assert rows[0][0] == heading
    assert expected is None or any(expected in row for row in rows)


def test_lists_cost_a_fixed_number_of_queries(enter, waiting, django_assert_max_num_queries):
    client = enter("leader")
    client.get("/law/settings")
    with django_assert_max_num_queries(24):
        client.get("/law/settings")
    with django_assert_max_num_queries(20):
        client.get("/law/settings/values")


@pytest.mark.parametrize("address", ["values", "checks", "export/values.xlsx", "export/checks.xlsx"])
def test_a_longer_list_costs_no_more_queries(address, enter, now):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, by = enter("leader"), {"proposed_by": "user:0", "proposed_by_name": "某", "proposed_at": now}

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/law/settings/{address}").status_code == 200
        return len(asked)

    def record(number: int) -> None:
        first = dt.date(2020, 1, 1) + dt.timedelta(days=number)
        common = {"key": "inspection.complaint_decision_days", "region": "9901", "value": 5, **by}
        LocalValue.objects.create(
            valid_from=first,
            unit="工作日",
            region_name="安城市",
            source_title="甲",
            source_number="1",
            **common,
        )
        Confirmation.objects.create(value_from=first, document_title="甲", document_number="1", **common)

    record(0)
    cost()  # what is read once in a process is read
    few = cost()
    for number in range(1, 12):
        record(number)
    assert cost() == few
