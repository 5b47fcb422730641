"""回传: what is new of listed tickets, in the hotline's columns; remembered, in scope, naming nobody."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from python_calamine import CalamineWorkbook

from anxin.accounts.models import Grant, Role, User
from anxin.casework.models import Matter
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.models import Clue, HotlineTicket, Telling
from anxin.evidence import files
from anxin.evidence.models import ImportBatch, JournalEntry, StoredFile
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.referral import given_back, services
from anxin.referral.models import GivenBack, GivenBackRow
from anxin.registry.models import Organisation
from anxin.sheets import SIGNALS
from tests.referral.clues import a_clue, paper, step
from tests.referral.conftest import NOW

LATER = NOW + dt.timedelta(hours=2)
WORDS = "逐人核对了工资表，已联系赵大宝（13900001234）和班组的钱小工，没有发现拖欠。"


@pytest.fixture
def ticket(city) -> Clue:
    """A ticket of a list of the district."""
    return a_clue(city, sender_number="GD-1")


def refer(city, clue, now=NOW):
    return services.refer(clue, by=city.desk, now=now, law=city.law)


def accept(city, clue, now=NOW):
    return services.accept(clue, by=city.housing, now=now, law=city.law)


def made(by, now=NOW) -> GivenBack:
    return given_back.give_back(by=by, office="云城区人社局", now=now)


def sheet(given: GivenBack, at: int = 0) -> list[dict[str, object]]:
    """Rows by heading; the headings stand in the first row."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(files.read(given.file)))
    head, *rows = book.get_sheet_by_index(at).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_ticket_to_which_nothing_happened_is_not_given_back(city, ticket):
    assert given_back.waiting(city.desk).changes == []
    with pytest.raises(Refused, match="没有要回传的变化"):
        made(city.desk)
    assert not GivenBack.objects.exists()


def test_what_happened_is_given_back_once_under_the_hotlines_number(city, ticket):
    refer(city, ticket)
    accept(city, ticket)
    (row,) = sheet(made(city.desk))
    assert (row["工单编号"], row["承办单位"], row["工单状态"]) == ("GD-1", "云州市住建局", "已签收，办理中")
    assert row["签收时间"] == dt.datetime(2026, 11, 20, 10, 0)
    assert row["办理时限"] == Matter.objects.get().next_due_on and not row["办结时间"]
    with pytest.raises(Refused, match="没有要回传的变化"):
        made(city.desk, LATER)


def test_the_next_one_holds_only_what_is_new_and_the_earlier_one_is_fetched_unchanged(city, ticket):
    other = a_clue(city, sender_number="GD-2")
    for clue in (ticket, other):
        refer(city, clue)
    first = made(city.desk)
    data = files.read(first.file)
    accept(city, other, LATER)
    second = made(city.desk, LATER)
    assert [row["工单编号"] for row in sheet(first)] == ["GD-1", "GD-2"]
    assert [row["工单编号"] for row in sheet(second)] == ["GD-2"]
    assert given_back.fetch(first, by=city.desk, now=LATER) == data
    assert list(GivenBackRow.objects.order_by("pk").values_list("clue__sender_number", "latest")) == [
        ("GD-1", True), ("GD-2", False), ("GD-2", True)
    ]  # fmt: skip
    assert [entry.action for entry in JournalEntry.objects.filter(object_type="given_back").order_by("sequence")] == [
        "hotline.given_back", "hotline.given_back", "hotline.given_back_fetched"
    ]  # fmt: skip


def test_a_return_says_who_and_why(city, ticket):
    refer(city, ticket)
    services.return_(ticket, why="工地不归我局管，请改派", by=city.housing, now=NOW, law=city.law)
    (row,) = sheet(made(city.desk))
    assert (row["工单状态"], row["退单原因"]) == (
        "承办单位退单，待改派",
        "云州市住建局：工地不归我局管，请改派",
    )
    assert row["退单时间"] == dt.datetime(2026, 11, 20, 10, 0)


def test_more_time_is_asked_for_by_its_paper_and_granted_by_the_step(city, ticket):
    refer(city, ticket)
    accept(city, ticket)
    matter = Matter.objects.get()
    assert sheet(made(city.desk))[0]["延期"] == ""
    paper(matter, "hotline_extension_request", by=city.housing)
    (row,) = sheet(made(city.desk, LATER))
    assert (row["延期"], row["批准延期至"]) == ("申请中", "")
    step(matter, "contact", by=city.housing)
    step(matter, "extend", by=city.housing)
    (row,) = sheet(made(city.desk, LATER))
    until = Matter.objects.get().deadlines.get(clock="complex").due_on
    assert (row["延期"], row["批准延期至"]) == ("已批准", until)


def test_a_return_asked_of_the_hotline_itself_stands_there(city, ticket):
    refer(city, ticket)
    step(Matter.objects.get(), "ask_return", by=city.housing, note="发生在邻市，不归本市")
    (row,) = sheet(made(city.desk))
    assert row["工单状态"] == "申请退单，待热线同意" and "发生在邻市，不归本市" in row["退单原因"]


def test_the_result_names_nobody_who_told_us_and_silence_is_no_word(city, ticket):
    Telling.objects.update(name=Sealed.of("赵大宝"))
    add_claimant(ticket, Said(name="钱小工"), by=city.desk, now=NOW)
    refer(city, ticket)
    accept(city, ticket)
    paper(Matter.objects.get(), "clue_check_form", by=city.housing)
    services.conclude(ticket, "不属实", words=WORDS, people=4, by=city.housing, now=NOW, law=city.law)
    services.review(ticket, agrees=True, words="", by=city.head, now=NOW)
    given = made(city.desk)
    (row,) = sheet(given)
    assert (row["工单状态"], row["诉求人意见"]) == ("已有结论，待诉求人确认", "已征求，未答复")
    assert row["办理结果"].startswith("不属实：逐人核对了工资表，已联系赵**（139****1234）和班组的钱**")
    raw = str(sheet(given)) + str(sheet(given, 1)) + str(list(JournalEntry.objects.values()))
    assert not any(name in raw for name in ("赵大宝", "钱小工", "13900001234"))


def test_a_closed_ticket_is_given_back_once_and_again_when_it_is_opened_anew(city):
    ticket = a_clue(city, sender_number="GD-3", arrears=False)
    services.answer(
        ticket, "不是工资问题，已告知其他部门", words="路灯问题已告知城管局，电话12319。", by=city.desk, now=NOW, law=city.law
    )  # fmt: skip
    (row,) = sheet(made(city.desk))
    assert (row["工单状态"], row["办结时间"]) == ("已办结", dt.datetime(2026, 11, 20, 10, 0))
    assert row["诉求人意见"] == ""  # a direct answer asks for nobody's word
    assert not given_back._candidates(city.desk, given_back.HOTLINE).exists()
    Clue.objects.update(state="new", closed_at=None)
    (row,) = sheet(made(city.desk, LATER))
    assert row["办结时间"] == ""


def test_its_headings_are_those_of_the_hotlines_own_list(city, ticket):
    report = {"columns": {"number": "工单号", "handler": "主办单位", "done_at": "办结日期"}}
    stored = StoredFile.objects.create(sha256="0" * 64, size=1, name="x", stored_at=NOW)
    batch = ImportBatch.objects.create(
        kind="hotline",
        file=stored,
        filename="x",
        report=report,
        delivered_by="x",
        delivered_by_name="x",
        delivered_at=NOW,
    )
    Telling.objects.update(batch=batch)
    refer(city, ticket)
    (row,) = sheet(made(city.desk))
    assert (row["工单号"], row["主办单位"]) == ("GD-1", "云州市住建局")
    assert "办结日期" in row and "工单编号" not in row


def test_every_heading_that_a_list_may_have_is_read_by_our_own_reader():
    known = {one.name: one.title for one in SIGNALS["hotline"].fields}
    ours = {one.title for one in given_back.columns({})}
    assert ours - set(known.values()) == {
        "签收时间", "诉求人意见", "本局线索编号", "核定人数", "核定金额（元）", "已付金额（元）"
    }  # fmt: skip


def test_a_ticket_that_a_program_delivered_is_not_in_it(city, ticket):
    refer(city, ticket)
    centre = Organisation.objects.create(code="RX", name="云州市12345热线", kind="hotline", region=city.top)
    HotlineTicket.objects.create(clue=ticket, centre=centre, delivered_at=NOW, since=0)
    assert given_back.waiting(city.desk).changes == []


def test_only_who_answers_for_the_place_gives_back_and_fetches(city, ticket):
    refer(city, ticket)
    for person in (city.outsider, city.housing, city.clerk):
        with pytest.raises(Refused):
            made(person)
    there = User.objects.create_user("there", display_name="某there")
    Grant.objects.create(user=there, role=Role.INSPECTOR, region="9901")
    given = made(city.desk)
    assert given.region == city.here
    assert [list(given_back.visible(one)) for one in (city.desk, there, city.leader)] == [[given]] * 3
    assert not any(given_back.visible(one) for one in (city.outsider, city.housing, city.clerk))


def test_one_over_two_districts_is_fetched_by_the_city_alone(city, ticket):
    other = a_clue(city, sender_number="GD-2", region="990102", project=None)
    for clue in (ticket, other):
        services.refer(clue, by=city.leader, now=NOW, law=city.law)
    given = made(city.leader)
    assert (given.rows, given.region) == (2, city.top)
    assert list(given_back.visible(city.leader)) == [given]
    assert not given_back.visible(city.desk) and not given_back.visible(city.outsider)
