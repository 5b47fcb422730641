"""Receipts that an officer gives out: who may, once, anew with a reason, to a helper, many at a time; never kept."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.channels import answering, issuing, own_word, receipts
from anxin.channels.limits import Sender
from anxin.channels.models import Submission
from anxin.channels.reaching import callers_phone, workers_phone
from anxin.channels.tasks_receipts import text_receipts
from anxin.clues.intake import Voice
from anxin.clues.models import Clue
from anxin.clues.opening import approve_opening, ask_opening, open_sealed
from anxin.clues.registering import register_clue
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.notices import outside
from anxin.notices.channels.base import NotDelivered
from tests.referral.conftest import NOW, city  # noqa: F401

SENDER = Sender("203.0.113.9")
PHONE = "13900001234"


def told(city, *, by=None, phone: str = PHONE, channel: str = "telephone", number: str = "") -> Clue:  # noqa: F811
    voice = Voice(
        channel=channel, kind="complaint", region="990101", received_at=NOW - dt.timedelta(hours=1),
        text="老板欠我们8个人工资两个月没有发。", name="赵大宝", phone=phone, sender_number=number,
    )  # fmt: skip
    return register_clue(voice, by=by or city.desk, now=NOW)


def find(receipt: str) -> Submission:
    return answering.find(receipt, sender=SENDER, now=NOW)


def test_it_is_the_receipt_of_the_public_form_and_only_its_hash_is_kept(city):  # noqa: F811
    clue = told(city)
    made = issuing.issue(clue, by=city.desk, now=NOW)
    assert receipts.typed(made.receipt) == made.receipt and find(made.receipt).clue == clue
    row = Submission.objects.get()
    assert made.receipt not in str([str(value) for value in row.__dict__.values()])
    entry = JournalEntry.objects.get(action="clue.receipt")
    assert made.receipt not in entry.summary + str(entry.after) and "发回执给本人" in entry.summary
    answering.ask(clue, "请问工头姓什么？", by=city.desk, now=NOW)
    answering.answer(find(made.receipt), "姓钱。", key="answer-key-1", now=NOW)
    assert [one.from_office for one in answering.conversation(row)] == [True, False]


def test_given_anew_it_needs_a_reason_and_the_one_before_stops(city):  # noqa: F811
    clue = told(city)
    first = issuing.issue(clue, by=city.desk, now=NOW)
    with pytest.raises(Refused, match="补发请写明原因"):
        issuing.issue(clue, by=city.desk, now=NOW)
    assert find(first.receipt).clue == clue
    second = issuing.issue(clue, by=city.desk, now=NOW, why="回执单丢了")
    assert find(second.receipt).clue == clue and Submission.objects.count() == 1
    with pytest.raises(Refused, match="没有找到这个回执号"):
        find(first.receipt)
    assert "回执单丢了" in JournalEntry.objects.get(action="clue.receipt_again").summary


def test_who_works_on_it_or_wrote_it_down_gives_one_and_nobody_else(city):  # noqa: F811
    clue, typed = told(city), told(city, by=city.clerk)
    for person in (city.outsider, city.clerk, city.transport):
        with pytest.raises(Refused, match="没有这条线索的办理权限"):
            issuing.issue(clue, by=person, now=NOW)
    assert not Submission.objects.exists()
    issuing.issue(typed, by=city.clerk, now=NOW)
    with pytest.raises(Refused, match="没有这条线索的办理权限"):
        issuing.issue(typed, by=city.clerk, now=NOW, why="想再要一张")
    with pytest.raises(Refused, match="没有反映人"):
        Clue.objects.filter(pk=clue.pk).update(channel="sweep")
        issuing.issue(clue, by=city.desk, now=NOW)


def test_the_workers_own_number_is_asked_for_wherever_one_is_on_record(city):  # noqa: F811
    given = issuing.issue(told(city), by=city.desk, now=NOW).submission
    assert own_word.asks_own(given)
    with pytest.raises(Refused, match="再写一次本人的手机号"):
        own_word.refuse_other_than_own(given, "", sender=SENDER, now=NOW)
    with pytest.raises(Refused, match="对不上"):
        own_word.refuse_other_than_own(given, "13900009999", sender=SENDER, now=NOW)
    own_word.refuse_other_than_own(given, PHONE, sender=SENDER, now=NOW)
    without = issuing.issue(told(city, phone=""), by=city.desk, now=NOW).submission
    assert not own_word.asks_own(without)
    own_word.refuse_other_than_own(without, "", sender=SENDER, now=NOW)


def test_a_helpers_own_telephone_is_not_the_workers(city):  # noqa: F811
    bare = issuing.issue(told(city), by=city.desk, now=NOW, helper="李帮忙").submission
    with pytest.raises(Refused, match="不算本人确认"):
        own_word.refuse_other_than_own(bare, PHONE, sender=SENDER, now=NOW)
    known = issuing.issue(told(city), by=city.desk, now=NOW, helper="李帮忙", own="13011112222").submission
    with pytest.raises(Refused, match="对不上"):
        own_word.refuse_other_than_own(known, PHONE, sender=SENDER, now=NOW)
    own_word.refuse_other_than_own(known, "13011112222", sender=SENDER, now=NOW)
    again = issuing.issue(known.clue, by=city.desk, now=NOW, why="回执单丢了").submission
    assert again.helped, "a new slip makes nobody the worker"
    entry = JournalEntry.objects.filter(action="clue.receipt").latest("pk")
    assert "李帮忙" not in entry.summary + str(entry.after), "who helped stays sealed"
    asked = ask_opening(known.clue, ["helper"], why="要找帮忙的人核实", by=city.leader, now=NOW)
    approve_opening(asked, by=city.head, now=NOW)
    assert open_sealed(asked, by=city.leader, now=NOW)["helper"] == "帮忙的人：李帮忙；本人：13011112222"


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ({"helper": "李帮忙", "own": "12"}, "手机号（11位）"),
        ({"own": "13011112222"}, "发给本人的"),
        ({"helper": "李" * 41}, "不能超过40"),
    ],
)
def test_bad_input_is_told_and_nothing_is_given(city, said, asks):  # noqa: F811
    with pytest.raises(Refused, match=asks):
        issuing.issue(told(city), by=city.desk, now=NOW, **said)
    assert not Submission.objects.exists()


def test_many_get_theirs_once_and_what_lies_elsewhere_or_has_one_is_left_out(city):  # noqa: F811
    mine = [told(city, channel="hotline", number=f"GD-{one}") for one in range(3)]
    made = issuing.issue_many(mine, by=city.desk, now=NOW)
    assert [one.clue for one in made] == mine and len({one.receipt for one in made}) == 3
    assert issuing.issue_many(mine, by=city.desk, now=NOW) == []
    other = told(city)
    assert issuing.issue_many([other], by=city.outsider, now=NOW) == []
    assert issuing.issue_many([other], by=city.clerk, now=NOW) == []
    with pytest.raises(Refused, match="一次最多"):
        issuing.issue_many([other] * 501, by=city.desk, now=NOW)


def test_texts_go_to_telephones_on_record_and_what_was_not_sent_is_taken_back(city, settings, monkeypatch):  # noqa: F811
    settings.ANXIN_SMS_URL = "https://sms.example.gov.cn/"
    first, second, bare = told(city), told(city, phone="13900005678"), told(city, phone="")
    out = []

    def send(phone: str, words: str, *, now) -> None:
        if phone == "13900005678":
            raise NotDelivered("短信网关没有接收（代码7）。")
        out.append((phone, words))

    monkeypatch.setattr(outside, "short_message", send)
    keys = [first.pk, second.pk, bare.pk]
    assert text_receipts(city.desk, keys, "https://anxin.example/r") == 1
    (phone, words) = out[0]
    digits = words.split("回执号")[1].split("。")[0].replace(" ", "")
    assert phone == PHONE and find(digits).clue == first and "赵大宝" not in words
    assert set(issuing.without_receipt(city.desk)) == {second, bare}
    assert text_receipts(city.desk, keys, "https://anxin.example/r") == 0 and len(out) == 1


def test_what_only_the_worker_may_be_told_goes_to_no_helpers_telephone(city, settings):  # noqa: F811
    settings.ANXIN_SMS_URL = "https://sms.example.gov.cn/"
    clue = told(city)
    assert callers_phone(clue) == workers_phone(clue) == PHONE
    issuing.issue(clue, by=city.desk, now=NOW, helper="李帮忙")
    assert (callers_phone(clue), workers_phone(clue)) == (PHONE, "")
    settings.ANXIN_SMS_URL = ""
    assert callers_phone(clue) == ""
