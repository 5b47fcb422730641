"""A worker hears of a contract twice: when it waits for the signature, and when it is in force. Each once, or the clerk knows."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from anxin.contracts import acting, drafting, telling
from anxin.contracts.models import Contract, ContractTelling
from anxin.contracts.tasks import tell_task
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.notices import outside
from anxin.sheets import read_workbook
from anxin.workforce.models import Worker
from tests.contracts.conftest import start
from tests.contracts.test_drafting import crowd
from tests.contracts.test_pages import signed_in, text
from tests.contracts.test_signing import in_force
from tests.support.chat_sink import chat_gateway

State, Outcome = Contract.State, ContractTelling.Outcome


@pytest.fixture
def gateway(settings):
    with chat_gateway() as stub:
        settings.ANXIN_SMS_URL, settings.ANXIN_SMS_SECRET = stub.url, "k"
        settings.ANXIN_URL = "https://anxin.example"
        yield stub


@pytest.fixture
def big(site, now, monkeypatch) -> list[Contract]:
    """Three hundred, sent; each with a telephone."""
    crowd(site, 297)
    Worker.objects.filter(phone=None).update(phone=Sealed.of("13900009999"))
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr(drafting.papers, "make", lambda row, *_: (f"%PDF {row.number}".encode(), "[]"))
    batch = start(site, now).batch
    drafting.make_batch(batch.pk, now=now)
    return list(batch.contracts.order_by("pk"))


def tell_all(now) -> list[telling.Portion]:
    portions = []
    while portion := telling.tell_portion(now=now):
        portions.append(portion)
    return portions


def outcomes(occasion="sent") -> list[str]:
    return list(
        ContractTelling.objects.filter(occasion=occasion).order_by("pk").values_list("outcome", flat=True)
    )


def test_each_of_two_occasions_is_told_once_to_the_workers_own_phone(gateway, sent, site, now):
    assert outcomes() == [""] * 3 and gateway.posts == []
    assert tell_all(now) == [telling.Portion(3, 0, False)]
    assert [post.content["phone"] for post in gateway.posts] == [f"1390000{n:04d}" for n in (1, 2, 3)]
    said = gateway.posts[0].content["text"]
    assert sent[0].number in said and f"https://anxin.example/w/c/{sent[0].token} " in said
    assert "等您看和签" in said and sent[0].worker.name not in said and site.firm.name not in said
    assert tell_all(now) == []

    in_force(sent[0], site, now)
    assert tell_all(now) == [telling.Portion(1, 0, False)]
    assert "已经生效" in gateway.posts[3].content["text"] and len(gateway.posts) == 4
    assert tell_all(now + dt.timedelta(days=1)) == [] and len(gateway.posts) == 4
    entries = JournalEntry.objects.filter(action="contracts.told").order_by("sequence")
    assert [one.after["tellings"] for one in entries] == [
        [[one.number, "sent", "texted"] for one in sent],
        [[sent[0].number, "in_force", "texted"]],
    ]
    assert all("1390000" not in str(one.after) + one.summary for one in entries)


def test_what_is_sent_by_hand_is_told_and_a_draft_is_not(gateway, site, now):
    batch = start(site, now, send=False).batch
    drafting.make_batch(batch.pk, now=now)
    assert tell_all(now) == []
    first = batch.contracts.first()
    acting.act("send", [first.pk], user=site.clerk, now=now)
    assert DBTaskResult.objects.filter(task_path__endswith="tell_task").count() == 1
    tell_all(now)
    assert [first.number in post.content["text"] for post in gateway.posts] == [True]


def test_what_was_taken_back_or_signed_meanwhile_is_told_to_nobody(gateway, sent, site, now):
    acting.act("withdraw", [sent[0].pk], user=site.clerk, now=now, reason="日期写错了，重新生成")
    in_force(sent[1], site, now)
    tell_all(now)
    assert outcomes() == [Outcome.NEEDLESS, Outcome.NEEDLESS, Outcome.TEXTED]
    assert outcomes("in_force") == [Outcome.TEXTED]


def test_without_a_gateway_or_a_telephone_the_clerk_reads_whom_to_tell(sent, site, now, settings):
    tell_all(now)
    assert outcomes() == [Outcome.NO_GATEWAY] * 3
    clerk = signed_in(site.clerk)
    for page in ("/employer/contracts", f"/employer/contracts/batches/{sent[0].batch_id}"):
        assert "3 份没有通知到本人 （没有设置短信网关 3 份）。请当面告知" in text(clerk.get(page)), page
    assert "没有通知到：没有设置短信网关" in text(clerk.get(f"/employer/contracts/{sent[0].pk}"))
    assert "请当面告知" not in text(signed_in(site.stranger).get("/employer/contracts"))
    book = read_workbook(clerk.get("/employer/contracts/export.xlsx?state=untold").content, "x.xlsx")
    cells = [str(cell) for row in book.sheets[0].rows for cell in row]
    assert cells.count("没有通知到：没有设置短信网关") == 3


def test_a_worker_without_a_telephone_is_not_told_and_the_others_are(gateway, sent, site, now):
    Worker.objects.filter(pk=sent[1].worker_id).update(phone=None)
    assert tell_all(now) == [telling.Portion(2, 1, False)]
    clerk = signed_in(site.clerk)
    said = text(clerk.get("/employer/contracts"))
    assert "已通知本人 2 份" in said and "1 份没有通知到本人 （花名册没有手机号 1 份）" in said
    listed = text(clerk.get("/employer/contracts?state=untold"))
    assert sent[1].number in listed and sent[0].number not in listed


def test_the_clerk_tells_face_to_face_and_nobody_else_can_say_so(sent, site, now):
    tell_all(now)
    with pytest.raises(Refused, match="没有要当面告知的"):
        telling.told_in_person([sent[0].pk], user=site.stranger, now=now)
    clerk = signed_in(site.clerk)
    done = clerk.post("/employer/contracts/many/told", {"ids": [sent[0].pk]}, follow=True)
    assert "已记下当面告知1份" in text(done) and "2 份没有通知到本人" in text(done)
    again = clerk.post("/employer/contracts/many/told", {"ids": [sent[0].pk]}, follow=True)
    assert "没有要当面告知的" in text(again)
    done = clerk.post("/employer/contracts/many/told", {"all": "untold"}, follow=True)
    assert "已通知本人 3 份" in text(done)
    assert set(outcomes()) == {Outcome.IN_PERSON}
    assert JournalEntry.objects.filter(action="contracts.told", actor=f"user:{site.clerk.pk}").count() == 2


def test_three_hundred_at_a_time_without_a_query_for_each(gateway, big, now, monkeypatch):
    monkeypatch.setattr(telling, "PORTION", 100)
    with CaptureQueriesContext(connection) as seen:
        portions = tell_all(now)
    assert sum(one.told for one in portions) == len(gateway.posts) == 300
    assert (len(portions), len(seen) < 60) == (3, True)
    assert len({post.content["text"] for post in gateway.posts}) == 300
    assert set(outcomes()) == {Outcome.TEXTED}


def test_a_kill_repeats_no_stamped_message_and_loses_none(gateway, big, now, monkeypatch):
    """At the fiftieth, in the third portion: what of it went out goes out once more, everything else once."""
    real, posted = telling._stamp, []

    def until_killed(*args, **named):
        if posted.append(1) or len(posted) == 3:
            raise KeyboardInterrupt
        return real(*args, **named)

    monkeypatch.setattr(telling, "_stamp", until_killed)
    with pytest.raises(KeyboardInterrupt):
        tell_all(now)
    monkeypatch.setattr(telling, "_stamp", real)
    assert outcomes().count(Outcome.TEXTED) == 40 and len(gateway.posts) == 60
    # the portion in hand is left alone until its run can be no more
    tell_all(now + dt.timedelta(minutes=1))
    assert outcomes().count("") == telling.PORTION and len(gateway.posts) == 300
    tell_all(now + telling.HOLDS)
    assert set(outcomes()) == {Outcome.TEXTED} and len(gateway.posts) == 300 + telling.PORTION


def test_what_went_out_before_a_fault_is_stamped(gateway, sent, now, monkeypatch):
    real = outside.short_message

    def faulty(phone, words, *, now):
        if len(gateway.posts) == 2:
            raise RuntimeError("fault")
        real(phone, words, now=now)

    monkeypatch.setattr(outside, "short_message", faulty)
    with pytest.raises(RuntimeError):
        telling.tell_portion(now=now)
    assert outcomes() == [Outcome.TEXTED, Outcome.TEXTED, ""]


def test_a_silent_gateway_is_asked_three_times_and_the_rest_waits(gateway, big, now):
    gateway.status = 503
    tell_task.func()
    assert len(gateway.posts) == 3
    assert (outcomes().count(Outcome.REFUSED), outcomes().count("")) == (telling.PORTION, 280)
    later = DBTaskResult.objects.filter(task_path__endswith="tell_task").latest("enqueued_at")
    assert later.run_after is not None
    gateway.status = 200
    tell_task.func()
    assert outcomes().count(Outcome.TEXTED) == 280


def test_without_an_address_of_the_console_the_board_is_named(sent, settings):
    settings.ANXIN_URL = ""
    row = ContractTelling.objects.first()
    assert "工地告示牌上的码" in telling.words_for(row) and "http" not in telling.words_for(row)


def test_nobody_invented_is_texted_and_the_clerk_reads_why(gateway, sent, site, now):
    Worker.objects.filter(pk=sent[0].worker_id).update(phone=Sealed.of("19900000001"))
    assert tell_all(now) == [telling.Portion(2, 1, False)]
    assert outcomes() == [Outcome.INVENTED, Outcome.TEXTED, Outcome.TEXTED]
    assert [post.content["phone"] for post in gateway.posts] == ["13900000002", "13900000003"]
    assert "演示城市的虚构号码，不发短信 1 份" in text(signed_in(site.clerk).get("/employer/contracts"))
