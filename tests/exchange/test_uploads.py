"""The queue against a platform that behaves well, badly, and not at all."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from anxin.accounts.models import Grant, User
from anxin.evidence.models import JournalEntry
from anxin.exchange.adapters import posting
from anxin.exchange.adapters.base import Receipt
from anxin.exchange.models import Kind, Platform, UploadEvent, UploadRecord
from anxin.exchange.uploads import services
from anxin.exchange.uploads.draining import drain
from anxin.exchange.uploads.filling import fill_all, fill_projects
from anxin.exchange.uploads.settling import settle
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project
from anxin.registry.services import update_project
from anxin.workforce.models import Worker
from tests.exchange.world import ACTOR, full
from tests.support.deliveries import bank_card, id_number
from tests.support.province import APP_ID, KEY, SECRET, province

pytestmark = pytest.mark.django_db
State = UploadRecord.State


@pytest.fixture
def admin(db):
    user = User.objects.create_user("admin", display_name="某管理员")
    Grant.objects.create(user=user, role="admin")
    return user


@pytest.fixture
def clerk(db):
    user = User.objects.create_user("clerk", display_name="某录入员")
    Grant.objects.create(user=user, role="clerk", region="990101")
    return user


def settings_of(url: str, **changes) -> dict:
    return {
        "code": "PROV",
        "name": "虚构省平台",
        "adapter": "sichuan",
        "base_url": url,
        "app_id": APP_ID,
        "secret": SECRET,
        "cipher": "sm4-cbc",
        "cipher_key": KEY,
        "kinds": list(Kind),
        **changes,
    }


@pytest.fixture
def joined(admin, now):
    """``joined(url)`` → the platform, set up and switched on."""

    def join(url: str, **changes) -> Platform:
        platform = services.configure_platform(**settings_of(url, **changes), user=admin, now=now)
        return services.switch_platform(platform, on=True, user=admin, now=now)

    return join


def run(now: dt.datetime, *, rounds: int = 60, step: int = 20) -> int:
    """Drain again and again, as the scheduler does, until nothing waits; returns the rounds it took."""
    for number in range(rounds):
        drain(now + dt.timedelta(seconds=step * number))
        if not UploadRecord.objects.filter(state__in=(State.QUEUED, State.SENT, State.STALLED)).exists():
            return number + 1
    return rounds


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in UploadRecord.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_everything_of_a_project_is_reported_in_order_and_accepted(joined, now):
    full(now)
    with province() as there:
        fill_all(joined(there.url), now=now)
        run(now)
        assert set(states()) == {State.ACCEPTED}
        assert len(there.accepted) == UploadRecord.objects.count() == 3 + 1 + 4 + 4 + 2 + 8
        assert set(there.processed.values()) == {1}
        assert there.calls["security/login"] == 1
        pay = next(one.body for one in there.taken.values() if one.kind == "pay")
        assert pay["actualAmount"] in {f"{5900 + index}.10" for index in range(4)}


def test_identifiers_leave_encrypted_and_are_kept_masked(joined, now):
    full(now)
    with province() as there:
        fill_all(joined(there.url), now=now)
        run(now)
        wire = b"".join(there.bodies)
        kept = json.dumps(
            [list(UploadEvent.objects.values_list("sentence", "sent")), list(UploadRecord.objects.values_list("title"))],
            ensure_ascii=False,
        )  # fmt: skip
        for index in range(4):
            for secret in (id_number(index), bank_card(index), f"1380000{index:04d}"):
                assert secret.encode() not in wire
                assert secret not in kept
        assert "阿依古丽" not in kept
        sent = {one.body.get("idCardNumber") for one in there.taken.values() if one.kind == "personnel"}
        assert sent == {id_number(index) for index in range(4)}
    assert SECRET not in json.dumps(list(JournalEntry.objects.values_list("before", "after")))


@pytest.mark.one_database
@pytest.mark.parametrize("seed", range(3))
def test_however_badly_it_behaves_each_record_is_accepted_once_or_rejected_with_its_reason(
    seed, joined, now, monkeypatch
):
    monkeypatch.setattr(posting, "TIMEOUT_SECONDS", 0.25)
    full(now)
    refused = id_number(2)

    def judge(kind, body):
        if kind == "pay" and body["idCardNumber"] == refused:
            return "bankCardNumber", "银行卡号与开户名不符"
        return None

    with province(seed=seed, bad=True, judge=judge) as there:
        fill_all(joined(there.url), now=now)
        run(now, rounds=400)
        there.bad = False
        run(now + dt.timedelta(hours=3), rounds=200, step=60)
        assert set(there.processed.values()) == {1}
        records = {one.number: one for one in UploadRecord.objects.all()}
        accepted = {number for number, one in records.items() if one.state == State.ACCEPTED}
        rejected = {number for number, one in records.items() if one.state == State.REJECTED}
        assert accepted | rejected == set(records), states()
        assert set(there.accepted) == accepted
        assert set(there.accepted.values()) == {1}
        assert len(rejected) == 2
        for number in rejected:
            assert records[number].reason == "银行卡号与开户名不符"
            assert records[number].reason_field == "bank_card"


def test_a_connection_that_breaks_after_processing_is_asked_for_before_anything_is_sent_again(joined, now):
    full(now)
    with province() as there:
        fill_all(joined(there.url), now=now)
        there.fault = lambda: "drop_after"
        drain(now)
        there.fault = lambda: ""
        run(now + dt.timedelta(minutes=2))
        assert set(states()) == {State.ACCEPTED}
        assert sum(there.repeated.values()) == 0
        assert set(there.processed.values()) == {1}


def test_what_is_filled_again_changes_nothing_and_a_change_goes_as_a_new_version(joined, now):
    world = full(now)
    with province() as there:
        platform = joined(there.url)
        assert fill_all(platform, now=now) == 22
        run(now)
        assert fill_all(platform, now=now) == 0
        update_project(world.project.pk, changes={"site_address": "东湖县新址"}, actor=ACTOR, now=now)
        assert fill_projects([world.project.pk], now=now) == 1
        later = now + dt.timedelta(minutes=5)
        assert run(later) <= 2
        record = UploadRecord.objects.get(kind=Kind.PROJECT)
        assert there.accepted[record.number] == 2
        assert [one.body["address"] for one in there.taken.values() if one.kind == "project"] == [
            "东湖县虚构路1号",
            "东湖县新址",
        ]


def test_a_change_reacts_by_itself_while_a_platform_is_on_and_not_while_it_is_off(joined, admin, now):
    from django_tasks_db.models import DBTaskResult

    from anxin.exchange.tasks import fill_task

    def waiting():
        return DBTaskResult.objects.filter(task_path=fill_task.module_path).count()

    world = full(now)
    assert waiting() == 0
    with province() as there:
        platform = joined(there.url)
        update_project(world.project.pk, changes={"site_address": "甲"}, actor=ACTOR, now=now)
        assert waiting() == 1
        services.switch_platform(platform, on=False, user=admin, now=now)
        update_project(world.project.pk, changes={"site_address": "乙"}, actor=ACTOR, now=now)
        assert waiting() == 1
        drain(now)
        assert there.calls == {}


def test_what_came_back_is_mended_sent_again_and_lets_go_what_waited_for_it(joined, clerk, now):
    full(now)
    broken = [True]

    def judge(kind, body):
        return ("builderLicenseNum", "施工许可证号不存在") if kind == "project" and broken[0] else None

    with province(judge=judge) as there:
        fill_all(joined(there.url), now=now)
        run(now, rounds=4)
        assert states() == {State.ACCEPTED: 3 + 4, State.REJECTED: 1, State.QUEUED: 14}
        project = UploadRecord.objects.get(kind=Kind.PROJECT)
        assert (project.reason, project.reason_field) == ("施工许可证号不存在", "permit")
        broken[0] = False
        later = now + dt.timedelta(hours=1)
        assert services.resend(UploadRecord.objects.all(), user=clerk, now=later) == 1
        run(later)
        assert set(states()) == {State.ACCEPTED}
        assert project.events.filter(what=UploadEvent.What.RESENT).exists()


def test_only_who_delivers_files_there_sends_again_and_only_administrators_set_up(joined, admin, clerk, now):
    full(now)
    outsider = User.objects.create_user("outsider")
    Grant.objects.create(user=outsider, role="clerk", region="990102")
    with province(judge=lambda kind, body: ("corpName", "不收")) as there:
        platform = joined(there.url)
        fill_all(platform, now=now)
        run(now, rounds=2)
    assert services.resend(UploadRecord.objects.all(), user=outsider, now=now) == 0
    with pytest.raises(Refused, match="权限"):
        services.resend(UploadRecord.objects.all(), user=admin, now=now)
    with pytest.raises(Refused, match="权限"):
        services.switch_platform(platform, on=False, user=clerk, now=now)
    with pytest.raises(Refused, match="权限"):
        services.configure_platform(platform, **settings_of("http://127.0.0.1:1"), user=clerk, now=now)


def test_a_record_that_no_longer_exists_is_not_sent(joined, now):
    from anxin.payroll.models import PayrollLine

    full(now)
    with province() as there:
        fill_all(joined(there.url), now=now)
        PayrollLine.objects.filter(payroll__month="2026-08").update(superseded_at=now)
        run(now)
        assert states() == {State.ACCEPTED: 18, State.WITHDRAWN: 4}
        assert sum(one.kind == "pay" for one in there.taken.values()) == 4


# --- receipts --------------------------------------------------------------------------------------------


@pytest.fixture
def sent(joined, now):
    """A record that is out, and its platform."""
    full(now)
    with province() as there:
        there._receipts = lambda requests: {"receipts": [], "unknown": []}
        platform = joined(there.url)
        fill_all(platform, now=now)
        drain(now)
    return platform, UploadRecord.objects.filter(kind=Kind.PERSONNEL, state=State.SENT).first()


def receipt(one, **changes) -> Receipt:
    said = {
        "request_id": str(one.request_id),
        "record": one.number,
        "state": "accepted",
        "number": "R1",
    }
    return Receipt(**{**said, **changes})


def test_a_receipt_is_taken_once_and_its_repetition_changes_nothing(sent, now):
    platform, record = sent
    assert settle(platform, receipt(record), now=now)
    assert not settle(platform, receipt(record), now=now + dt.timedelta(hours=1))
    record.refresh_from_db()
    assert (record.state, record.receipt, record.accepted_at) == (State.ACCEPTED, "R1", now)
    assert record.events.filter(what=UploadEvent.What.RECEIPT).count() == 1


def test_what_was_accepted_stays_accepted_whatever_is_said_later(sent, now):
    platform, record = sent
    settle(platform, receipt(record), now=now)
    assert not settle(platform, receipt(record, state="rejected", reason="反悔"), now=now)
    record.refresh_from_db()
    assert (record.state, record.reason) == (State.ACCEPTED, "")


def test_a_receipt_for_another_record_is_kept_beside_and_not_believed(sent, now):
    platform, record = sent
    for _ in range(3):
        assert not settle(platform, receipt(record, record="pay-1"), now=now)
    record.refresh_from_db()
    assert record.state == State.SENT
    assert record.events.filter(what=UploadEvent.What.STRAY).count() == 1


def test_a_late_receipt_for_an_earlier_version_does_not_answer_for_the_new_one(sent, now):
    platform, record = sent
    earlier = receipt(record)
    Worker.objects.filter(pk=int(record.object_key)).update(name="改名之人")
    fill_projects(Project.objects.values_list("pk", flat=True), now=now)
    assert not settle(platform, earlier, now=now)
    record.refresh_from_db()
    assert record.state == State.QUEUED
    assert record.accepted_at == now
    assert record.events.filter(what=UploadEvent.What.STRAY).count() == 1


def test_a_platforms_words_lose_their_long_numbers(sent, now):
    platform, record = sent
    settle(platform, receipt(record, state="rejected", reason=f"身份证{id_number(1)}\n已存在"), now=now)
    record.refresh_from_db()
    assert id_number(1) not in record.reason
    assert record.reason.startswith("身份证99****")
    assert "\n" not in record.reason


def test_a_request_the_platform_never_got_is_sent_again_under_the_same_number(sent, now):
    platform, record = sent
    with province() as there:
        Platform.objects.filter(pk=platform.pk).update(base_url=there.url)
        run(now + dt.timedelta(minutes=1))
        assert set(states()) == {State.ACCEPTED}
        assert str(record.request_id) in there.taken


# --- settings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"base_url": "ftp://x"}, "base_url"),
        ({"base_url": "http://platform.example.gov.cn/api"}, "base_url"),
        ({"base_url": "https://a:b@platform.example.gov.cn"}, "base_url"),
        ({"secret": ""}, "secret"),
        ({"cipher_key": "1234"}, "cipher_key"),
        ({"cipher": "aes-256-gcm"}, "cipher_key"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["pay"]}, "kinds"),
        ({"region": "123456"}, "region"),
        ({"stall_minutes": 30}, "stall_minutes"),
        ({"code": " "}, "code"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_their_field(changes, field, admin, now):
    with pytest.raises(Refused) as refused:
        services.configure_platform(
            **settings_of("https://platform.example.gov.cn/api", **changes), user=admin, now=now
        )
    assert refused.value.field == field
    assert Platform.objects.count() == 0


def test_secrets_are_sealed_and_kept_when_left_empty(admin, now):
    url = "https://platform.example.gov.cn/api"
    platform = services.configure_platform(**settings_of(url), user=admin, now=now)
    changed = services.configure_platform(
        platform, **settings_of(url, secret="", cipher_key="", name="改名"), user=admin, now=now
    )
    stored = Platform.objects.get(pk=changed.pk)
    assert SECRET.encode() not in stored.credentials.envelope
    assert json.loads(stored.credentials.open())["secret"] == SECRET
    assert not stored.enabled


def test_a_wrong_secret_pauses_the_platform_with_a_sentence_and_loses_nothing(joined, now):
    full(now)
    with province() as there:
        platform = joined(there.url, secret="wrong")
        fill_all(platform, now=now)
        drain(now)
        platform.refresh_from_db()
        assert "登录" in platform.trouble
        assert platform.paused_until > now
        assert set(states()) == {State.QUEUED}
        assert not UploadRecord.objects.filter(uncertain=True).exists()


def test_both_ciphers_give_back_what_went_in_and_never_the_same_twice():
    from anxin.exchange.adapters.ciphers import cipher

    for name, key in (("sm4-cbc", "ab" * 16), ("aes-256-gcm", "cd" * 32)):
        used = cipher(name, key)
        for text in ("", "990101196001011234", "𠮷田·买买提"):
            assert used.decrypt(used.encrypt(text)) == text
            assert used.encrypt(text) != used.encrypt(text)
