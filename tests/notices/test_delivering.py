"""What is queued goes out once, is tried again, and is given up in the end."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from anxin.notices import channels, delivering, services
from anxin.notices.channels import Channel, NotDelivered
from anxin.notices.delivering import BACK_OFF, LEASE, retry_due
from anxin.notices.models import Delivery
from anxin.notices.services import Message


class Postman(Channel):
    """Stands in for the e-mail channel; fails as it is told to."""

    name = "email"

    def __init__(self) -> None:
        self.failures: list[BaseException] = []
        self.carried: list[int] = []
        self.seconds = 0.0

    def ready(self):
        return True

    def reaches(self, user):
        return True

    def send(self, notices, *, now):
        time.sleep(self.seconds)
        if self.failures:
            raise self.failures.pop(0)
        self.carried += [notice.pk for notice in notices]


class Bundler(Postman):
    """Carries everything that is due in one go."""

    def companions(self, delivery):
        return Q()


@pytest.fixture
def postman(monkeypatch):
    one = Postman()
    monkeypatch.setattr(channels, "ALL", (channels.by_name("screen"), one))
    return one


def outcome(run) -> tuple[int, int, int]:
    return run.sent, run.failed, run.waiting


def test_what_is_queued_goes_out_and_is_not_sent_again(postman, lin, tell, delivery, now, later):
    notice = tell(lin)
    assert outcome(retry_due(now)) == (1, 0, 0)
    sent = delivery(notice, "email")
    assert (sent.state, sent.attempts, sent.sentence, sent.next_try) == ("sent", 1, "", None)
    assert sent.sent_at >= now
    assert outcome(retry_due(later(days=1))) == (0, 0, 0)
    assert postman.carried == [notice.pk]


def test_nothing_goes_out_before_its_time(postman, lin, tell, later):
    tell(lin, now=later(minutes=10))
    assert outcome(retry_due(later(minutes=9))) == (0, 0, 0)
    assert outcome(retry_due(later(minutes=10))) == (1, 0, 0)


def test_a_try_that_fails_waits_longer_each_time_and_is_given_up_after_the_last(
    postman, lin, tell, delivery, now
):
    notice, moment = tell(lin), now
    postman.failures = [NotDelivered("服务器没有应答。", everybody=True) for _ in range(len(BACK_OFF) + 1)]
    for number, wait in enumerate(BACK_OFF, 1):
        assert outcome(retry_due(moment)) == (0, 0, 1)
        row = delivery(notice, "email")
        assert (row.state, row.attempts, row.sentence) == ("queued", number, "服务器没有应答。")
        assert dt.timedelta() <= row.next_try - (moment + wait) < dt.timedelta(seconds=30)
        assert outcome(retry_due(row.next_try - dt.timedelta(seconds=1))) == (0, 0, 0)
        moment = row.next_try
    assert outcome(retry_due(moment)) == (0, 1, 0)
    row = delivery(notice, "email")
    assert (row.state, row.sentence, row.next_try) == ("failed", "服务器没有应答。", None)
    assert postman.carried == []


def test_a_later_try_that_succeeds_leaves_no_complaint(postman, lin, tell, delivery, now, later):
    notice = tell(lin)
    postman.failures = [NotDelivered("服务器没有应答。")]
    retry_due(now)
    assert outcome(retry_due(later(minutes=2))) == (1, 0, 0)
    assert (delivery(notice, "email").state, delivery(notice, "email").sentence) == ("sent", "")


def test_what_no_retry_would_change_is_given_up_at_once(postman, lin, tell, delivery, now):
    notice = tell(lin)
    postman.failures = [NotDelivered("收件地址不对。", final=True)]
    assert outcome(retry_due(now)) == (0, 1, 0)
    assert delivery(notice, "email").state == "failed"


def test_one_persons_failure_does_not_hold_up_the_others(postman, lin, zhou, tell, now):
    tell(lin)
    second = tell(zhou)
    postman.failures = [NotDelivered("收件地址不对。", final=True)]
    assert outcome(retry_due(now)) == (1, 1, 0)
    assert postman.carried == [second.pk]


def test_a_server_that_does_not_answer_is_asked_once_per_run(postman, lin, tell, now):
    for _ in range(5):
        tell(lin)
    postman.failures = [NotDelivered("服务器没有应答。", everybody=True) for _ in range(5)]
    assert outcome(retry_due(now)) == (0, 0, 1)
    assert len(postman.failures) == 4


def test_a_failure_nobody_thought_of_is_tried_again_and_others_go_on(
    postman, lin, zhou, tell, delivery, now, caplog
):
    first, second = tell(lin), tell(zhou)
    postman.failures = [ZeroDivisionError("user@host secret")]
    assert outcome(retry_due(now)) == (1, 0, 1)
    assert delivery(first, "email").sentence == "发送时系统出错。"
    assert delivery(second, "email").state == "sent"


def test_a_reminder_of_last_week_is_not_sent_any_more(postman, lin, tell, delivery, later):
    notice = tell(lin)
    assert outcome(retry_due(later(days=3, minutes=1))) == (0, 1, 0)
    assert "超过3天" in delivery(notice, "email").sentence
    assert postman.carried == []


def test_an_account_closed_meanwhile_is_sent_nothing(postman, lin, tell, delivery, now):
    notice = tell(lin)
    lin.is_active = False
    lin.save()
    assert outcome(retry_due(now)) == (0, 1, 0)
    assert "已停用" in delivery(notice, "email").sentence


def test_a_worker_killed_while_sending_leaves_it_to_the_next_one_after_the_lease(
    postman, lin, tell, delivery, now, later
):
    notice = tell(lin)
    postman.failures = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        retry_due(now)
    assert delivery(notice, "email").state == "queued"
    assert outcome(retry_due(now + LEASE - dt.timedelta(minutes=1))) == (0, 0, 0)
    assert outcome(retry_due(now + LEASE + dt.timedelta(minutes=1))) == (1, 0, 0)
    assert postman.carried == [notice.pk]


def test_a_worker_whose_lease_has_passed_does_not_write_over_the_next_ones_result(
    postman, lin, tell, delivery, now
):
    notice = tell(lin)
    row = delivery(notice, "email")
    slow = delivering._take(postman, row, now)
    retry_due(now + LEASE + dt.timedelta(minutes=1))
    assert delivery(notice, "email").state == "sent"
    postman.failures = [NotDelivered("迟到的失败。", final=True)]
    delivering._send(postman, slow, now, delivering.Outcome())
    assert (delivery(notice, "email").state, delivery(notice, "email").sentence) == ("sent", "")


def test_a_worker_whose_lease_has_passed_does_not_take_it_from_the_one_that_sends_now(
    postman, lin, tell, delivery, now
):
    notice = tell(lin)
    slow = delivering._take(postman, delivery(notice, "email"), now)
    after = now + LEASE + dt.timedelta(minutes=1)
    delivering._take(postman, delivery(notice, "email"), after)
    held = delivery(notice, "email")
    postman.failures = [NotDelivered("迟到的失败。")]
    delivering._send(postman, slow, after, delivering.Outcome())
    found = delivery(notice, "email")
    assert (found.claim, found.next_try, found.sentence) == (held.claim, after + LEASE, "")
    delivering._send(postman, slow, after, delivering.Outcome())
    assert delivery(notice, "email").claim == held.claim
    assert delivery(notice, "email").state == "queued"


def test_companions_share_one_message_and_one_result(monkeypatch, lin, zhou, tell, now, later):
    bundler = Bundler()
    monkeypatch.setattr(channels, "ALL", (bundler,))
    notices = [tell(lin), tell(zhou), tell(lin)]
    bundler.failures = [NotDelivered("服务器没有应答。", everybody=True)]
    assert outcome(retry_due(now)) == (0, 0, 3)
    assert outcome(retry_due(later(minutes=2))) == (3, 0, 0)
    assert bundler.carried == [notice.pk for notice in notices]


def test_the_database_refuses_a_delivery_that_waits_for_nothing(postman, lin, tell):
    tell(lin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(channel="email").update(next_try=None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [Postman, Bundler])
def test_workers_at_once_send_nothing_twice_and_leave_nothing(kind, monkeypatch, lin, now):
    carrier = kind()
    carrier.seconds = 0.005
    monkeypatch.setattr(channels, "ALL", (carrier,))
    many = [Message(to=lin, kind="task_overdue", title="逾期", once_key=str(number)) for number in range(40)]
    services.send_many(many, now=now)
    barrier, wrong, sent = threading.Barrier(4), [], []

    def work() -> None:
        barrier.wait()
        try:
            sent.append(retry_due(now + dt.timedelta(seconds=1)).sent)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert max(Counter(carrier.carried).values()) == 1
    assert len(carrier.carried) == sum(sent) == 40
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}
