"""Gates over the interface: punches, heartbeat, roster; a maker's key reaches its own devices and no others."""

from __future__ import annotations

import json

import pytest

from anxin.connections.scopes import GATES_WRITE
from anxin.connections.services import issue_key
from anxin.evidence.journal import SYSTEM
from anxin.workforce import devices as registering
from anxin.workforce.models import Device, Enrolment, Punch, PunchBatch
from anxin.workforce.punches import packet_of
from tests.monitoring import factories as make
from tests.support.api import Caller
from tests.workforce.gates import vendor

ROOT = "/api/v1/gates/devices"
DAY = "2026-11-20T"


@pytest.fixture
def site(db):
    return make.project("P1")


@pytest.fixture
def gate(site, now):
    return registering.register_device(site, vendor=vendor(), serial="GZ-0001", actor=SYSTEM, now=now)


@pytest.fixture
def worker(site, now):
    found = make.worker(1, "古丽·买买提")
    Enrolment.objects.create(project=site, worker=found, team="木工班", recorded_at=now)
    return found


@pytest.fixture
def maker(actor, now):
    """``maker()`` → a program with a key of that maker."""

    def made(name: str = "甲闸机厂", **parts) -> Caller:
        key, secret = issue_key(
            title="闸机", scopes=[GATES_WRITE], vendor=name, actor=actor, now=now, **parts
        )
        return Caller(key.key_id, secret, int(now.timestamp()))

    return made


def punch(sequence: int, time: str, **more) -> dict:
    return {"sequence": sequence, "at": f"{DAY}{time}+08:00", "person_code": "P00000001", **more}


def test_punches_are_taken_row_by_row_and_the_packet_is_kept(gate, worker, maker):
    code = f"P{worker.pk:08d}"
    rows = [
        punch(1, "07:58:00", direction="in", person_code=code),
        punch(2, "08:00:00", person_code=""),
        punch(3, "09:59:00", direction="out", person_code=code),
    ]
    answer = maker().call(
        "POST", f"{ROOT}/GZ-0001/punches", {"punches": rows, "device_time": f"{DAY}10:00:30+08:00"}
    )
    assert answer.status_code == 200
    said = answer.json()
    assert (said["accepted"], said["unchanged"], said["refused"], said["position"]) == (2, 0, 1, 3)
    assert said["rows"][0] | {"message": ""} == {
        "sequence": 2, "code": "person_missing", "field": "id_number", "message": "",
    }  # fmt: skip
    batch = PunchBatch.objects.get()
    assert json.loads(packet_of(batch))["punches"] == rows
    assert batch.skew_seconds == 30
    assert Punch.objects.filter(worker=worker).count() == 2


def test_the_same_call_again_and_the_same_rows_under_another_word_change_nothing(gate, worker, maker):
    program, rows = maker(), [punch(1, "07:58:00", person_code=f"P{worker.pk:08d}")]
    first = program.call("POST", f"{ROOT}/GZ-0001/punches", {"punches": rows}, Idempotency_Key="batch-0001")
    again = program.call("POST", f"{ROOT}/GZ-0001/punches", {"punches": rows}, Idempotency_Key="batch-0001")
    other = program.call("POST", f"{ROOT}/GZ-0001/punches", {"punches": rows}, Idempotency_Key="batch-0002")
    assert (again.content, again.headers["X-Anxin-Repeated"]) == (first.content, "true")
    assert (other.json()["accepted"], other.json()["unchanged"]) == (0, 1)
    assert Punch.objects.count() == 1


def test_a_batch_with_a_hole_is_refused_whole_with_the_place(gate, maker):
    answer = maker().call(
        "POST", f"{ROOT}/GZ-0001/punches", {"punches": [punch(1, "07:58:00"), punch(3, "08:00:00")]}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["field"] == "punches.1.sequence"
    assert not PunchBatch.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        {"punches": []},
        {"punches": [punch(0, "07:58:00")]},
        {"punches": [punch(1, "07:58:00")] * 1001},
        {"punches": [{"sequence": 1}]},
        {"punches": [punch(1, "07:58:00", photo="x")]},
        {"punches": [punch(1, "07:58:00")], "device_time": "10:00"},
        {"punches": [punch(1, "07:58:00")], "device_time": 5},
        [],
    ],
)
def test_what_is_not_of_the_described_shape_is_refused_with_a_sentence(gate, maker, content):
    answer = maker().call("POST", f"{ROOT}/GZ-0001/punches", content)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not PunchBatch.objects.exists()


def test_a_heartbeat_tells_where_to_go_on(gate, maker, now):
    answer = maker().call(
        "POST", f"{ROOT}/GZ-0001/heartbeat", {"device_time": f"{DAY}10:02:00+08:00", "last_sequence": 7}
    )
    assert answer.json() | {"server_time": ""} == {
        "position": 0, "server_time": "", "skew_seconds": 120, "sandbox": False,
    }  # fmt: skip
    found = Device.objects.get()
    assert (found.last_heartbeat_at, found.reported_position, found.behind_since) == (now, 7, now)


def test_a_sandbox_key_leaves_nothing(gate, worker, maker):
    program = maker(sandbox=True)
    rows = [punch(1, "07:58:00", person_code=f"P{worker.pk:08d}")]
    answer = program.call("POST", f"{ROOT}/GZ-0001/punches", {"punches": rows})
    assert (answer.json()["accepted"], answer.json()["sandbox"]) == (1, True)
    assert program.call("POST", f"{ROOT}/GZ-0001/heartbeat", {}).json()["sandbox"] is True
    assert not PunchBatch.objects.exists()
    assert Device.objects.get().last_heartbeat_at is None


def test_the_roster_goes_down_masked_for_its_own_site_first_whole_then_what_changed(gate, worker, maker, now):
    elsewhere = make.project("P2")
    make.enrol(elsewhere, make.worker(9, "别处的人"))
    program = maker()
    whole = program.call("GET", f"{ROOT}/GZ-0001/roster").json()
    assert whole["items"] == [
        {"code": f"P{worker.pk:08d}", "name": "古*****", "team": "木工班", "present": True}
    ]
    assert whole["next"] is None
    assert program.call("GET", f"{ROOT}/GZ-0001/roster?after={whole['last']}").json()["items"] == []
    Enrolment.objects.filter(worker=worker).update(superseded_at=now)
    Enrolment.objects.create(
        project=gate.project, worker=worker, exit=now.date().replace(day=1), recorded_at=now
    )
    changed = program.call("GET", f"{ROOT}/GZ-0001/roster?after={whole['last']}").json()["items"]
    assert [(one["code"], one["present"]) for one in changed] == [(f"P{worker.pk:08d}", False)]


CALLS = [
    ("GET", "", None),
    ("POST", "/punches", {"punches": [punch(1, "07:58:00")]}),
    ("POST", "/heartbeat", {}),
    ("GET", "/roster", None),
]


@pytest.mark.parametrize(("method", "path", "content"), CALLS)
def test_a_makers_own_device_is_there(gate, maker, method, path, content):
    assert maker().call(method, f"{ROOT}/GZ-0001{path}", content).status_code == 200


@pytest.mark.parametrize(("method", "path", "content"), CALLS)
def test_another_makers_device_is_answered_like_one_that_does_not_exist(gate, maker, method, path, content):
    program = maker("乙闸机厂")
    anothers = program.call(method, f"{ROOT}/GZ-0001{path}", content)
    absent = program.call(method, f"{ROOT}/NO-0001{path}", content)
    assert (anothers.status_code, anothers.content) == (404, absent.content)
    assert program.call("GET", ROOT).json()["items"] == []
    assert not PunchBatch.objects.exists()


@pytest.mark.parametrize(("method", "path", "content"), CALLS)
def test_a_banks_key_has_no_business_here(gate, caller, method, path, content):
    answer = caller().call(method, f"{ROOT}/GZ-0001{path}", content)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_the_list_holds_a_makers_devices_by_page(gate, site, maker, now):
    for number in (2, 3):
        registering.register_device(site, vendor=vendor(), serial=f"GZ-000{number}", actor=SYSTEM, now=now)
    registering.register_device(site, vendor=vendor("乙闸机厂"), serial="YI-0001", actor=SYSTEM, now=now)
    program = maker()
    first = program.call("GET", f"{ROOT}?limit=2").json()
    rest = program.call("GET", f"{ROOT}?limit=2&after={first['next']}").json()
    assert [one["serial"] for one in first["items"] + rest["items"]] == ["GZ-0001", "GZ-0002", "GZ-0003"]
    assert rest["next"] is None
