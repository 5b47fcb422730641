"""Pages of gates, of claims of identity, and of one day: what is shown, what may be done, by whom."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.workforce.alarms import watch_gates
from anxin.workforce.deriving import derive_days
from anxin.workforce.models import AttendanceDay, Device, IdentityClaim, Outage, Punch
from tests.monitoring import factories as make
from tests.support.deliveries import deliver, workbook
from tests.workforce.gates import device, row, send


@pytest.fixture
def gate(world, now):
    return device(world.here, now=now - dt.timedelta(hours=3))


@pytest.fixture
def worked(world, gate, now):
    """The first worker went in at seven and out at half past nine."""
    at = now.replace(hour=7, minute=0)
    rows = [
        row(1, world.workers[0], at, "in"),
        row(2, world.workers[0], at.replace(hour=9, minute=30), "out"),
    ]
    send(gate, rows, now=now)
    derive_days(world.here.pk, now=now)


def day_page(world) -> str:
    return f"/projects/{world.here.pk}/days/{world.workers[0].pk}/2026-11-20"


def test_the_list_says_state_in_word_and_shape_and_whose_it_is(sign_in, world, gate, now):
    device(world.there, "GZ-THERE", now=now)
    Device.objects.filter(pk=gate.pk).update(last_heartbeat_at=now - dt.timedelta(hours=2))
    watch_gates(now)
    text = sign_in("inspector").get("/gates").content.decode()
    assert "GZ-0001" in text and "失联" in text and "●" in text
    assert "GZ-THERE" not in text
    assert "GZ-0001" not in sign_in("inspector").get("/gates?state=well").content.decode()
    assert "GZ-0001" in sign_in("inspector").get("/gates?state=silent&text=东台").content.decode()


def test_the_list_goes_out_as_a_workbook(sign_in, gate):
    answer = sign_in("inspector").get("/gates/export.xlsx")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"


def test_nobody_sees_a_bare_page_without_devices(sign_in, world):
    assert "还没有登记考勤设备" in sign_in("inspector").get("/gates").content.decode()


def form(**changes) -> dict[str, str]:
    values = {"project": "HERE", "vendor": "甲闸机厂", "serial": "GZ-0009", "place": "东门", "direction": "both",
              "opens": "06:00", "closes": "19:00"}  # fmt: skip
    return values | changes


def test_a_device_is_registered_with_its_maker(sign_in, world):
    answer = sign_in("clerk").post("/gates/new", form())
    assert answer.status_code == 302
    made = Device.objects.get()
    assert (made.serial, made.vendor.name, made.project) == ("GZ-0009", "甲闸机厂", world.here)
    assert JournalEntry.objects.filter(action="gates.recorded").count() == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"project": "THERE"}, "不在您的管辖范围内"),
        ({"serial": "甲"}, "序列号应为"),
        ({"serial": "gz-0001"}, "已登记过"),
        ({"vendor": " "}, "请填写"),
    ],
)
def test_a_wrong_registration_is_refused_beside_its_field(sign_in, world, gate, changes, said):
    answer = sign_in("clerk").post("/gates/new", form(**changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Device.objects.count() == 1


def test_a_planned_stop_is_declared_and_a_device_taken_away(sign_in, gate):
    client = sign_in("clerk")
    stop = {"starts_at": "2026-11-20T10:00", "ends_at": "2026-11-20T14:00", "reason": "断电检修"}
    assert client.post(f"/gates/{gate.pk}/outage", stop).status_code == 302
    assert Outage.objects.get().device == gate
    past = stop | {"starts_at": "2026-11-01T10:00", "ends_at": "2026-11-01T14:00"}
    answer = client.post(f"/gates/{gate.pk}/outage", past)
    assert answer.status_code == 422 and "已经过去" in answer.content.decode()
    assert client.post(f"/gates/{gate.pk}/retire").status_code == 302
    assert Device.objects.get().retired_at is not None
    assert "已撤除" in client.get(f"/gates/{gate.pk}").content.decode()


@pytest.mark.parametrize("who", ["outsider", "leader"])
def test_who_does_not_deliver_for_the_site_changes_no_device(sign_in, gate, who):
    answer = sign_in(who).post(f"/gates/{gate.pk}/retire")
    assert answer.status_code in (403, 404)
    assert Device.objects.get().retired_at is None


def test_a_day_shows_the_punches_it_rests_on(sign_in, world, worked):
    # two and a half hours are no half day: nothing is recorded, the punches stand all the same
    text = sign_in("inspector").get(day_page(world)).content.decode()
    assert "这一天没有记出勤" in text
    assert text.count("GZ-0001") == 2
    assert "补传" in text
    assert "2.5 小时" in text


def test_a_day_is_corrected_with_a_reason_and_the_correction_taken_back(sign_in, world, worked):
    client = sign_in("clerk")
    assert client.post(day_page(world), {"share": "1.00", "reason": "因"}).status_code == 422
    assert not AttendanceDay.objects.exists()
    assert client.post(day_page(world), {"share": "1.00", "reason": "班组签字确认"}).status_code == 302
    stands = AttendanceDay.objects.get(superseded_at=None)
    assert (str(stands.share), stands.source) == ("1.00", "hand")
    assert "两者不一致" in client.get(day_page(world)).content.decode()
    answer = client.post(day_page(world), {"action": "withdraw", "reason": "签字有误"})
    assert answer.status_code == 302
    assert not AttendanceDay.objects.filter(superseded_at=None).exists()
    assert JournalEntry.objects.filter(action="attendance.corrected").count() == 2


def test_a_leader_reads_a_day_and_corrects_none(sign_in, world, worked):
    client = sign_in("leader")
    assert "人工更正" not in client.get(day_page(world)).content.decode()
    assert client.post(day_page(world), {"share": "1.00", "reason": "班组签字确认"}).status_code == 403


@pytest.mark.parametrize("day", ["2026-13-01", "gestern", "1900-01-01"])
def test_a_day_that_is_none_does_not_exist(sign_in, world, day):
    assert (
        sign_in("inspector").get(f"/projects/{world.here.pk}/days/{world.workers[0].pk}/{day}").status_code
        == 404
    )


@pytest.fixture
def claim(world, gate, now):
    """The gate knows the first worker under another name, and saw that person a whole day."""
    at = now.replace(hour=7, minute=0) - dt.timedelta(days=1)
    number = {"id_number": world.workers[0].id_number.open(), "name": "另一个名字"}
    rows = [row(11, None, at, "in", **number), row(12, None, at.replace(hour=16), "out", **number)]
    send(gate, rows, now=now)
    derive_days(world.here.pk, now=now)
    return IdentityClaim.objects.get()


@pytest.fixture
def world(world):
    for one in world.workers:
        one.refresh_from_db()
    return world


def test_a_conflicting_name_belongs_to_nobody_until_somebody_decides(sign_in, world, claim):
    assert not AttendanceDay.objects.exists()
    assert set(Punch.objects.values_list("worker_id", "open_reason")) == {(None, "name_differs")}
    client = sign_in("inspector")
    assert "另****" in client.get("/gates/claims").content.decode()
    client.post(f"/gates/claims/{claim.pk}/same_person", {"reason": "核对身份证原件"})
    assert [str(one.share) for one in AttendanceDay.objects.filter(superseded_at=None)] == ["1.00"]
    assert JournalEntry.objects.filter(action="identity.decided").count() == 1


def test_a_decision_is_taken_back_and_the_days_with_it(sign_in, world, claim):
    client = sign_in("inspector")
    client.post(f"/gates/claims/{claim.pk}/same_person", {"reason": "核对身份证原件"})
    client.post(f"/gates/claims/{claim.pk}/pending", {"reason": "原件是伪造的"})
    claim.refresh_from_db()
    assert claim.state == "pending"
    assert not AttendanceDay.objects.filter(superseded_at=None).exists()
    client.post(f"/gates/claims/{claim.pk}/other_person", {"reason": "本人到场核对"})
    assert set(Punch.objects.values_list("worker_id", "open_reason")) == {(None, "other_person")}


def test_later_punches_follow_the_decision(sign_in, world, claim, gate, now):
    sign_in("inspector").post(f"/gates/claims/{claim.pk}/same_person", {"reason": "核对身份证原件"})
    number = {"id_number": world.workers[0].id_number.open(), "name": "另 一个名字"}
    assert send(gate, [row(13, None, now.replace(hour=8), "in", **number)], now=now).unresolved == 0
    assert IdentityClaim.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("outsider", 404)])
def test_who_may_not_handle_the_site_decides_no_claim(sign_in, claim, who, status):
    answer = sign_in(who).post(f"/gates/claims/{claim.pk}/same_person", {"reason": "核对身份证原件"})
    assert answer.status_code == status
    claim.refresh_from_db()
    assert claim.state == "pending"


def test_a_decision_without_a_reason_is_refused(sign_in, claim):
    sign_in("inspector").post(f"/gates/claims/{claim.pk}/mistake", {"reason": " "})
    claim.refresh_from_db()
    assert claim.state == "pending"


def test_claims_go_out_as_a_workbook_and_the_empty_list_says_why(sign_in, world):
    assert sign_in("inspector").get("/gates/claims/export.xlsx").content[:2] == b"PK"
    assert "没有需要核定的身份" in sign_in("inspector").get("/gates/claims").content.decode()


@pytest.mark.parametrize(("share", "said"), [("1.00", "合计超过一天"), ("0.50", "合计不超过一天")])
def test_a_worker_at_two_sites_on_one_day_is_flagged(sign_in, world, now, share, said):
    second = make.project("HERE2", region_code="990101", name="东台学校工程")
    for site, part in ((world.here, "0.50"), (second, share)):
        AttendanceDay.objects.create(
            project=site, worker=world.workers[0], day=now.date(), share=part, recorded_at=now
        )
    AttendanceDay.objects.create(
        project=world.there, worker=world.workers[0], day=now.date(), share="1.00", recorded_at=now
    )
    text = sign_in("inspector").get(f"/workers/{world.workers[0].pk}").content.decode()
    assert "同一天在两个工地" in text and said in text
    assert "东台学校工程" in text
    assert "西河桥梁工程" not in text


def test_a_worker_at_one_site_is_not_flagged(sign_in, world, now):
    for site in (world.here, world.there):
        AttendanceDay.objects.create(
            project=site, worker=world.workers[0], day=now.date(), share="1.00", recorded_at=now
        )
    text = sign_in("inspector").get(f"/workers/{world.workers[0].pk}").content.decode()
    assert "同一天在两个工地" not in text


def test_an_attendance_file_with_punches_says_what_they_came_to_and_the_day_shows_its_row(
    sign_in, world, actor, now
):
    name = world.workers[0].name
    data = workbook(["姓名", "日期", "上班时间", "下班时间"], [[name, "2026-11-19", "07:58", "12:30"]])
    batch = deliver("attendance", data, actor=actor, now=now, project_code=world.here.code)
    text = sign_in("inspector").get(f"/imports/{batch.pk}").content.decode()
    assert "其中打卡 2 次" in text and "折算出勤 1 天" in text
    assert "/law/values/gates.day_rule" in text and "自 2004-01-01 起" in text
    page = f"/projects/{world.here.pk}/days/{world.workers[0].pk}/2026-11-19"
    text = sign_in("inspector").get(page).content.decode()
    assert "打卡折算" in text and "0.5 天" in text
    assert text.count(f"{batch.filename} 第2行") == 3
    assert "满 6 小时算一天" in text
