"""From the tribunal to the signed record on the screens: at the desk, on a telephone, and for everybody else."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from anxin.arbitration.models import CircuitDay, Hearing, Room, Seat, Signer
from anxin.evidence.models import JournalEntry
from anxin.web import clock
from tests.hearings.conftest import TODAY, a_case, a_hearing, at, formed
from tests.hearings.test_records import HEARD, NOW, WORDS, closed, record, signer  # noqa: F401  (fixtures)


@pytest.fixture
def at_time(monkeypatch):
    def set_to(moment: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)
        monkeypatch.setattr(clock, "today", moment.date)

    set_to(at(TODAY, 14))
    return set_to


@pytest.fixture
def signed_in(at_time):
    def client(user) -> Client:
        made = Client()
        made.force_login(user)
        return made

    return client


def test_the_commission_forms_the_tribunal_and_sets_the_hearing_on_the_page(court, signed_in):
    case = a_case(court)
    desk, page = signed_in(court.officer), f"/arbitration/cases/{case.pk}/hearings"
    asked = {"member": [court.xu.pk], "secretary": court.tang.pk, "proposed_by": "仲裁院院长提出"}
    refused = desk.post(f"{page}/form", asked | {"member": [court.xu.pk, court.wang.pk]})
    assert (refused.status_code, "现在选了2名" in refused.content.decode()) == (422, True)
    assert desk.post(f"{page}/form", asked).status_code == 302
    soon = {"begins_at": "2026-04-07T09:00", "minutes": "60", "way": "room", "room": court.rooms[0].pk}
    told = desk.post(f"{page}/set", soon)
    assert told.status_code == 422
    assert "来不及" in told.content.decode()
    assert 'value="2026-04-07T09:00"' in told.content.decode()  # nothing typed is lost
    sat = signed_in(court.xu_user)  # the arbitrator sets it too
    assert sat.post(f"{page}/set", soon | {"begins_at": "2026-04-20T09:00"}).status_code == 302
    shown = desk.get(page).content.decode()
    assert '<span class="due-date">2026-04-13</span>' in shown
    steps = f"/due/arbitration-notice/{Hearing.objects.get().pk}"
    assert steps in shown
    assert "向前第5个工作日是2026年4月13日" in sat.get(steps).content.decode()
    assert signed_in(court.outsider).get(steps).status_code == 404
    assert "演示路8号第一仲裁庭" in shown
    hearing = Hearing.objects.get()
    assert (
        desk.post(
            f"{page}/off",
            {"row": hearing.pk, "state": "postponed", "asked_by": "申请人", "why": "申请人住院治疗"},
        ).status_code
        == 302
    )
    seat = Seat.objects.get(tribunal__case=case, arbitrator=court.xu)
    said = {
        "row": seat.pk,
        "kind": "self",
        "why": "与申请人是近亲属",
        "decided_by": "主任",
        "follower": court.spare.pk,
    }
    assert desk.post(f"{page}/replace", said).status_code == 302
    assert "与申请人是近亲属（主任决定）" in desk.get(page).content.decode()
    assert sat.get(page).status_code == 404  # who withdrew sees the case no more
    for stranger in (court.outsider, court.zheng_user):
        assert signed_in(stranger).get(page).status_code == 404
        assert signed_in(stranger).post(f"{page}/set", soon).status_code == 404


def test_the_week_shows_ones_own_and_goes_out_as_a_workbook(court, signed_in):
    a_hearing(court, formed(court, a_case(court)))
    week = "/arbitration/calendar?week=2026-04-22"
    for user, seen in (
        (court.officer, True),
        (court.xu_user, True),
        (court.zheng_user, True),
        (court.outsider, False),
    ):
        assert ("某建工公司" in signed_in(user).get(week).content.decode()) is seen
    Seat.objects.filter(arbitrator=court.zheng).delete()
    assert "某建工公司" not in signed_in(court.zheng_user).get(week).content.decode()
    assert (
        "某建工公司"
        not in signed_in(court.officer).get("/arbitration/calendar?week=nonsense").content.decode()
    )
    for address in ("calendar.xlsx?week=2026-04-22", "arbitrators.xlsx", "circuit.xlsx", "rooms.xlsx"):
        answer = signed_in(court.officer).get(f"/arbitration/{address}")
        assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    mine = signed_in(court.xu_user).get("/arbitration/mine").content.decode()
    assert "2026-04-20 09:00" in mine
    assert signed_in(court.xu_user).get("/arbitration/mine.xlsx").content[:2] == b"PK"
    assert signed_in(court.xu_user).get("/").url == "/arbitration/mine"
    assert signed_in(court.xu_user).get("/arbitration/arbitrators").status_code == 403


def test_roster_rooms_and_circuit_days_are_kept_on_their_pages(court, signed_in):
    from tests.monitoring import factories as make

    make.project("HERE", region_code="990101", responsible=court.body)
    desk, there = signed_in(court.officer), {"region": "990101", "body": court.body.pk}
    new = there | {"code": "ZC-9", "name": "新某某", "kind": "arbitrator", "full_time": "on", "phone": "139"}
    refused = desk.post("/arbitration/keep/register", new)
    assert (refused.status_code, "手机号应为11位" in refused.content.decode()) == (422, True)
    assert 'value="新某某"' in refused.content.decode()
    assert desk.post("/arbitration/keep/register", new | {"phone": ""}).status_code == 302
    assert "新某某" in desk.get("/arbitration/arbitrators?text=新某").content.decode()
    assert (
        desk.post(
            "/arbitration/keep/add-room", there | {"name": "第三仲裁庭", "address": "演示路9号"}
        ).status_code
        == 302
    )
    assert (
        desk.post("/arbitration/keep/close-room", {"row": Room.objects.get(name="第三仲裁庭").pk}).status_code
        == 302
    )
    day = there | {
        "on": "2026-04-22",
        "place": "东台工地会议室",
        "hours": "9:00–12:00",
        "phone": "0999-5550111",
    }
    assert desk.post("/arbitration/keep/add-circuit", day).status_code == 302
    public = Client().get("/xh/").content.decode()
    assert "东台工地会议室" in public
    assert "4月22日（星期三）" in public
    gone = {"row": CircuitDay.objects.get().pk, "why": "工地停工放假"}
    assert desk.post("/arbitration/keep/cancel-circuit", gone).status_code == 302
    assert "已取消：工地停工放假" in Client().get("/xh/").content.decode()
    assert signed_in(court.outsider).post("/arbitration/keep/cancel-circuit", gone).status_code == 422
    assert signed_in(court.xu_user).post("/arbitration/keep/add-circuit", day).status_code == 403


def test_a_record_is_typed_at_the_desk_and_closed(court, signed_in, at_time):
    hearing = a_hearing(court, formed(court, a_case(court)))
    page, desk = f"/arbitration/hearings/{hearing.pk}/record", signed_in(court.xu_user)
    assert "还没有到开庭时间" in desk.get(page).content.decode()
    at_time(at(HEARD, 9))
    assert desk.post(f"{page}/start").status_code == 302
    assert (
        desk.post(f"{page}/add", {"who": "首席仲裁员", "text": "现在开庭。", "version": "1"}).status_code
        == 302
    )
    late = desk.post(f"{page}/rewrite", {"text": WORDS, "version": "1"})
    assert (
        late.status_code,
        "又有人记过" in late.content.decode(),
        "一共12000元" in late.content.decode(),
    ) == (422, True, True)
    assert desk.post(f"{page}/rewrite", {"text": WORDS, "version": "2"}).status_code == 302
    agent = {"side": "respondent", "name": "周某", "phone": "19900008888"}
    assert desk.post(f"{page}/signer", agent).status_code == 302
    assert desk.post(f"{page}/close", {"present": "双方都到庭。", "version": "3"}).status_code == 302
    got = desk.get(f"{page}.pdf")
    assert got.content[:5] == b"%PDF-"
    assert JournalEntry.objects.filter(action="arbitration.record_seen").count() == 1
    for stranger in (court.outsider, court.zheng_user):
        Seat.objects.filter(arbitrator=court.zheng).delete()
        assert signed_in(stranger).get(page).status_code == 404
        assert signed_in(stranger).post(f"{page}/start").status_code == 404
        assert signed_in(stranger).get(f"{page}.pdf").status_code == 404
    hearing.refresh_from_db()
    assert hearing.state == "held"


def test_a_signer_scans_reads_to_the_end_and_signs_on_the_own_telephone(court, closed, signed_in, at_time):  # noqa: F811
    at_time(NOW)
    desk, page = signed_in(court.xu_user), f"/arbitration/hearings/{closed.hearing_id}/record"
    one = signer(closed, "applicant")
    shown = desk.post(f"{page}/link", {"row": one.pk}).content.decode()
    address = re.search(r'href="http://testserver(/bl/[^"]+)"', shown)[1]
    phone, other = Client(), Client()
    first = phone.get(address)
    assert first["Cache-Control"] == "no-store"
    assert "赵**" in first.content.decode() or "赵*" in first.content.decode()
    assert "12000" not in first.content.decode()  # nothing of the record before it is opened
    assert "12000" not in phone.post(address, {"word": "read"}).content.decode()  # nor without opening
    assert phone.post(address, {"word": "open"}).status_code == 302
    assert "一共12000元" in phone.get(address).content.decode()
    late = other.post(address, {"word": "open"})
    assert (late.status_code, "另一部手机" in late.content.decode(), "12000" in late.content.decode()) == (
        409,
        True,
        False,
    )
    assert "12000" not in other.post(address, {"word": "code"}).content.decode()
    early = phone.post(address, {"word": "sign", "code": "123456", "consent": "yes"}).content.decode()
    assert "全文看完了" in early  # the text again, no signature
    assert phone.post(address, {"word": "read"}).status_code == 302
    told = phone.post(address, {"word": "code"}).content.decode()
    code = re.search(r"验证码是 <strong>(\d{6})</strong>", told)[1]
    wrong = phone.post(address, {"word": "sign", "code": "x", "consent": "yes"})
    assert (wrong.status_code, "验证码不对" in wrong.content.decode()) == (422, True)
    assert (
        "您的申请会记下来"
        in phone.post(address, {"word": "wrong", "words": "第三句漏记了分期"}).content.decode()
    )
    assert "已签名" in phone.post(address, {"word": "sign", "code": code, "consent": "yes"}).content.decode()
    assert phone.get(address).status_code == 404
    one.refresh_from_db()
    assert one.signed_at == NOW
    after = desk.get(page).content.decode()
    assert "手机验证码" in after
    assert "第三句漏记了分期" in after
    assert "已有1个签名，还有6个签名位是空的" in after


def test_the_desk_writes_down_a_refusal_takes_a_card_and_finishes(court, closed, signed_in, at_time):  # noqa: F811
    at_time(NOW)
    desk, page = signed_in(court.xu_user), f"/arbitration/hearings/{closed.hearing_id}/record"
    second = signer(closed, "applicant", first=False)
    typed = {"row": second.pk, "id_number": "99010119850312000X", "witness": "马某", "consent": "on"}
    wrong = desk.post(f"{page}/tablet", typed)
    assert (
        wrong.status_code,
        "不能代签" in wrong.content.decode(),
        'value="马某"' in wrong.content.decode(),
    ) == (422, True, True)
    assert desk.post(f"{page}/tablet", typed | {"id_number": second.id_number.open()}).status_code == 302
    assert desk.post(f"{page}/finish").status_code == 422
    for one in Signer.objects.filter(record=closed, signed_at__isnull=True):
        assert (
            desk.post(f"{page}/refuse", {"row": one.pk, "why": "没有说明理由，拒绝签名"}).status_code == 302
        )
    none = desk.post(f"{page}/finish")
    assert "仲裁员都没有签名" in none.content.decode()


def test_no_page_asks_more_than_fifteen_times(
    court, closed, signed_in, at_time, django_assert_max_num_queries,  # noqa: F811
):  # fmt: skip
    at_time(NOW)
    hearing = closed.hearing
    desk, sat = signed_in(court.officer), signed_in(court.xu_user)
    for client, page in (
        (desk, "/arbitration/calendar?week=2026-04-20"),
        (desk, "/arbitration/arbitrators"),
        (desk, "/arbitration/places"),
        (desk, f"/arbitration/cases/{hearing.case_id}/hearings"),
        (sat, f"/arbitration/cases/{hearing.case_id}/hearings"),
        (sat, "/arbitration/mine"),
        (sat, f"/arbitration/hearings/{hearing.pk}/record"),  # with its entry of the journal
    ):
        with django_assert_max_num_queries(15):
            assert client.get(page).status_code == 200, page
