"""回执 and 告知 in the console and on the phone: a caller's receipt from the window to their no, and what nobody else may."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.channels.models import Submission
from anxin.clues.models import Clue
from anxin.local_law import queries as local_law
from anxin.notices import outside
from anxin.referral import services
from anxin.referral.models import Conclusion, WorkerTold
from tests.referral.clues import paper
from tests.web.cases import a_clue

SAID = {
    "channel": "telephone", "kind": "complaint", "text": "老板欠我们8个人两个月工资没有发。", "region": "",
    "name": "赵大宝", "phone": "13900001234", "on": "",
}  # fmt: skip
NUMBER = re.compile(r"\d{4} \d{4} \d{4} \d{4}")


def body(answer) -> str:
    return answer.content.decode()


def register(client, world, now, **more):
    """Write a clue down as the form does."""
    said = {**SAID, "region": world.here.region_id, "on": now.date().isoformat(), **more}
    return client.post(reverse("clue-new"), said, follow=True)


def concluded(clue: Clue, world, now) -> None:
    law = local_law.current()
    Clue.objects.filter(pk=clue.pk).update(arrears=True, urgency=1)
    clue = Clue.objects.get(pk=clue.pk)
    services.refer(clue, by=world.inspector, now=now, law=law)
    services.accept(clue, by=world.inspector, now=now, law=law)
    paper(clue.referrals.get().matter, "clue_check_form", by=world.inspector, now=now)
    services.conclude(
        clue, "不属实", words="核对了工资表，没有发现拖欠。", by=world.inspector, now=now, law=law
    )
    services.review(clue, agrees=True, words="", by=world.leader, now=now)


@pytest.fixture
def stands(world, now) -> Clue:
    clue = a_clue(world, now)
    concluded(clue, world, now)
    return clue


def test_a_caller_reads_the_result_by_their_receipt_and_says_no(sign_in, world, now):
    page = body(register(sign_in("inspector"), world, now, receipt_for="worker"))
    number = NUMBER.search(page)[0]
    clue = Clue.objects.get()
    assert "回执号只显示这一次" in page and clue.number in page and '<svg viewBox="' in page
    concluded(clue, world, now)
    assert Conclusion.objects.get().told_at is None
    worker = Client()
    shown = body(worker.post(reverse("public:receipt"), {"receipt": number}))
    assert "核对了工资表，没有发现拖欠。" in shown and "请写本人的手机号" in shown
    assert WorkerTold.objects.get().way == "receipt" and Conclusion.objects.get().told_at is not None
    ticket = re.search(r'name="ticket" value="([^"]+)"', shown)[1]
    said = {"ticket": ticket, "word": "yes", "words": ""}
    assert "再写一次本人的手机号" in body(worker.post(reverse("public:receipt-word"), said))
    assert Conclusion.objects.get().standing == "told", "the officer who gave it out knows the number, too"
    said = {"ticket": ticket, "word": "no", "words": "一分钱都没有拿到"}
    assert "会重新核实" in body(worker.post(reverse("public:receipt-word"), said))
    assert Conclusion.objects.get().standing == "rejected"


def test_a_helper_who_looks_tells_the_worker_nothing_and_confirms_nothing(sign_in, world, now):
    page = body(register(sign_in("inspector"), world, now, receipt_for="helper", receipt_helper="李帮忙"))
    clue = Clue.objects.get()
    concluded(clue, world, now)
    shown = body(Client().post(reverse("public:receipt"), {"receipt": NUMBER.search(page)[0]}))
    assert "核对了工资表" in shown and not WorkerTold.objects.exists()
    ticket = re.search(r'name="ticket" value="([^"]+)"', shown)[1]
    said = {"ticket": ticket, "word": "yes", "key": "key-of-the-page"}
    assert "不算本人确认" in body(Client().post(reverse("public:receipt-word"), said))
    assert Conclusion.objects.get().standing == "told" and Conclusion.objects.get().told_at is None


def test_the_slip_shows_the_number_once_and_a_new_one_ends_the_pages_of_the_old(sign_in, world, now):
    client = sign_in("inspector")
    first = NUMBER.search(body(register(client, world, now, receipt_for="worker")))[0]
    clue = Clue.objects.get()
    again = body(client.get(reverse("clue-receipt", args=[clue.pk])))
    assert "回执号已经显示过" in again and first not in again
    shown = body(Client().post(reverse("public:receipt"), {"receipt": first}))
    where, said = reverse("clue-receipt-issue", args=[clue.pk]), {"whom": "worker"}
    assert "补发请写明原因" in body(client.post(where, said, follow=True))
    second = NUMBER.search(body(client.post(where, {**said, "why": "回执单丢了"}, follow=True)))[0]
    assert second != first
    assert "没有找到这个回执号" in body(Client().post(reverse("public:receipt"), {"receipt": first}))
    ticket = re.search(r'name="ticket" value="([^"]+)"', shown)[1]
    late = body(
        Client().post(reverse("public:receipt-say"), {"ticket": ticket, "text": "在吗？", "key": "12345678"})
    )
    assert "请重新输入回执号" in late


def test_a_helper_without_a_name_is_asked_for_it_and_nothing_is_registered(sign_in, world, now):
    page = body(register(sign_in("inspector"), world, now, receipt_for="helper", receipt_own="12"))
    assert "请填写帮忙的人的姓名" in page and "身份证最后6位" in page and "欠我们8个人" in page
    assert not Clue.objects.exists() and not Submission.objects.exists()


def test_who_lies_outside_gives_no_receipt_and_sees_no_slip(sign_in, world, now, stands):
    client = sign_in("outsider")
    for answer in (
        client.post(reverse("clue-receipt-issue", args=[stands.pk]), {"whom": "worker"}),
        client.get(reverse("clue-receipt", args=[stands.pk])),
    ):
        assert answer.status_code == 404
    sign_in("clerk").post(reverse("clue-receipt-issue", args=[stands.pk]), {"whom": "worker"})
    assert not Submission.objects.exists()


def sheet(answer) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_many_receipts_come_in_one_workbook_once(sign_in, world, now, stands):
    client = sign_in("inspector")
    assert stands.number in body(client.get(reverse("clue-receipts")))
    assert any(stands.number in row for row in sheet(client.get(reverse("clue-receipts-export"))))
    given = sheet(client.post(reverse("clue-receipts-issue"), {"way": "file"}))
    number = next(row[2] for row in given if row[0] == stands.number)
    assert "核对了工资表" in body(Client().post(reverse("public:receipt"), {"receipt": number}))
    assert stands.number not in body(client.get(reverse("clue-receipts")))
    assert "没有要发回执的线索" in body(
        client.post(reverse("clue-receipts-issue"), {"way": "file"}, follow=True)
    )
    assert "没有设置短信网关" in body(
        client.post(reverse("clue-receipts-issue"), {"way": "text"}, follow=True)
    )
    assert stands.number not in body(sign_in("outsider").get(reverse("clue-receipts")))


def test_what_nobody_has_told_yet_is_listed_late_after_its_days_and_gone_once_told(sign_in, stands, now):
    client, work = sign_in("inspector"), reverse("clue-work", args=[stands.pk])
    page = body(client.get(reverse("untold")))
    assert stands.number in page and "逾期没有告知</span>" not in page
    assert "有 1 个结论还没有告知劳动者" in body(client.get("/tasks"))
    assert "把结论告知劳动者" in body(client.get(work)) and "提请按" not in body(client.get(work))
    act = reverse("clue-work-act", args=[stands.pk, "tell"])
    wrong = client.post(act, {"way": "phone", "reached": "no", "number": "没有", "words": "响了很久没有人接"})
    assert (
        wrong.status_code == 422 and "请写明拨打的号码" in body(wrong) and "响了很久没有人接" in body(wrong)
    )
    client.post(act, {"way": "phone", "reached": "no", "number": "13900001234"})
    page = body(client.get(reverse("untold"), {"part": "tried"}))
    assert stands.number in page and "1 次" in page
    assert "139****1234" in body(client.get(work)) and "13900001234" not in body(client.get(work))
    rows = [row for row in sheet(client.get(reverse("untold-export"))) if row[0] == stands.number]
    assert [(row[9], row[10]) for row in rows] == [("否", 1)]
    Conclusion.objects.update(reviewed_at=now - dt.timedelta(days=10))
    page = body(client.get(reverse("untold"), {"part": "late"}))
    assert stands.number in page and "逾期没有告知</span>" in page and "（已逾期）" in body(client.get(work))
    assert stands.number not in body(sign_in("outsider").get(reverse("untold")))
    client = sign_in("inspector")
    client.post(act, {"way": "phone", "reached": "yes", "number": "13900001234"})
    assert "没有待告知的结论" in body(client.get(reverse("untold"))) and "等劳动者确认" in body(
        client.get(work)
    )


def test_the_caller_of_a_merged_clue_is_listed_and_told_from_the_page_of_the_one_it_was_merged_into(
    sign_in, stands, world, now
):
    other = a_clue(world, now)
    Clue.objects.filter(pk=other.pk).update(dispute=stands)
    client, work = sign_in("inspector"), reverse("clue-work", args=[stands.pk])
    page = body(client.get(reverse("untold"), {"part": "merged"}))
    assert other.number in page and f"并入 {stands.number}" in page
    assert "有 1 位并案的反映人还没有告知结论" in body(client.get("/tasks"))
    assert other.number in body(client.get(work))
    rows = sheet(client.get(reverse("untold-export"), {"part": "merged"}))
    assert [row[0] for row in rows if row[0] == other.number] == [other.number]
    assert other.number not in body(sign_in("outsider").get(reverse("untold"), {"part": "merged"}))
    client, act = sign_in("inspector"), reverse("clue-work-act", args=[stands.pk, "tell"])
    told = {"way": "phone", "reached": "yes", "number": "13900001234"}
    wrong = client.post(act, told | {"whom": 999_999})
    assert wrong.status_code == 422 and "请重新选择告知的是哪一位反映人" in body(wrong)
    client.post(act, told | {"whom": other.pk})
    assert other.number not in body(client.get(reverse("untold"), {"part": "merged"}))
    assert stands.number in body(client.get(reverse("untold"))), "the first caller still waits"
    page = body(client.get(work))
    assert f"{other.number}：电话" in page and "13900001234" not in page


def test_who_may_not_tell_sees_what_was_told_and_no_form(sign_in, stands):
    page = body(sign_in("clerk").get(reverse("clue-work", args=[stands.pk])))
    assert "待告知" in page and "登记怎样告知的" not in page
    assert sign_in("clerk").post(reverse("clue-work-act", args=[stands.pk, "tell"])).status_code == 403


def test_a_text_tells_the_worker_on_record_and_nobody_where_the_gateway_refuses(
    sign_in, world, now, settings, monkeypatch
):
    settings.ANXIN_SMS_URL = "https://sms.example.gov.cn/"
    client = sign_in("inspector")
    register(client, world, now)
    clue = Clue.objects.get()
    concluded(clue, world, now)
    out: list[tuple[str, str]] = []
    monkeypatch.setattr(outside, "short_message", lambda phone, words, *, now: out.append((phone, words)))
    act = reverse("clue-work-act", args=[clue.pk, "text"])
    assert "发短信告知" in body(client.get(reverse("clue-work", args=[clue.pk])))
    assert "短信已发出" in body(client.post(act, follow=True))
    assert out[0][0] == "13900001234" and "没有发现拖欠" in out[0][1] and "就不算您同意" in out[0][1]
    row = WorkerTold.objects.get()
    assert (row.way, row.number.open()) == ("message", "13900001234") and Conclusion.objects.get().told_at
    again = client.post(act)
    assert again.status_code == 422 and "已经告知过" in body(again) and len(out) == 1
