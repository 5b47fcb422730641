"""A form is kept once and its receipt is good; a machine is held off, a building site behind one address is not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.channels import receipts
from anxin.channels.answering import find
from anxin.channels.floods import forget
from anxin.channels.limits import QUICKEST, Sender
from anxin.channels.models import FloodMark, Submission
from anxin.channels.refusing import AlreadyTold, OtherWords, TooMany
from anxin.channels.submitting import submit
from anxin.channels.taking_in import queue_forgotten, take_in_waiting
from anxin.clues.learning import ask_training, learn
from anxin.clues.models import Clue
from anxin.clues.services import triage_new
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from tests.channels.voices import OWED, a_form, a_key, a_sender, sent

MINUTE = dt.timedelta(minutes=1)


def test_a_form_becomes_a_clue_with_the_site_that_was_scanned(board, now):
    sent(
        now,
        code=board.pk,
        people="8",
        much="三个月，一共4万6千元",
        owes="众力劳务",
        trade="carpenter",
        helped=True,
    )
    assert take_in_waiting(now=now) == 1
    clue = Clue.objects.get()
    assert (clue.channel, clue.kind, clue.project) == ("qr", "report", board.project)
    triage_new(actor=SYSTEM, now=now)
    clue.refresh_from_db()
    assert (clue.arrears, clue.people, clue.amount_fen, clue.months) == (True, 8, 4_600_000, 3)
    assert clue.project == board.project
    kept = Submission.objects.get()
    assert kept.clue == clue and kept.words is None and kept.helped and kept.trade == "carpenter"
    text = clue.tellings.get().text.open()
    assert text.startswith(OWED) and "工种：木工。" in text and "由他人代为填写。" in text


def test_a_code_that_was_replaced_does_not_name_the_site(board, now):
    type(board).objects.filter(pk=board.pk).update(withdrawn_at=now)
    sent(now, code=board.pk, site="西河大桥")
    take_in_waiting(now=now)
    assert Clue.objects.get().project is None and "西河大桥" in Clue.objects.get().tellings.get().text.open()


def test_sent_again_the_same_form_gets_the_same_receipt_and_nothing_new(sites, now):
    first = sent(now, key=a_key(1))
    again = sent(now + MINUTE, key=a_key(1))
    assert again.receipt == first.receipt and again.repeated and not first.repeated
    take_in_waiting(now=now)
    third = sent(now + 9 * MINUTE, key=a_key(1))  # long after it has become a clue
    assert third.receipt == first.receipt and Submission.objects.count() == Clue.objects.count() == 1


def test_other_words_under_a_used_key_are_neither_lost_nor_taken_for_the_first(sites, now):
    sent(now, key=a_key(1))
    with pytest.raises(OtherWords):
        sent(now, key=a_key(1), text="另一件事：宿舍断水三天。")
    assert Submission.objects.count() == 1


def test_the_digits_of_a_receipt_are_stored_nowhere_and_find_the_form(sites, now):
    given = sent(now)
    row = Submission.objects.filter(pk=given.submission.pk).values().get()
    assert given.receipt not in str(row)
    assert find(given.receipt, sender=a_sender(now), now=now) == given.submission


def test_digits_that_were_taken_already_give_way(sites, now, monkeypatch):
    monkeypatch.setattr(
        receipts, "number_for", lambda key, turn=0: f"{turn:015d}{receipts.check_digit(f'{turn:015d}')}"
    )
    first, second = sent(now), sent(now, text="另一件事。")
    assert first.receipt != second.receipt and second.submission.receipt_turn == 1
    assert find(second.receipt, sender=a_sender(now), now=now) == second.submission


# --- what is asked for


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "x"}, "kind"),
        ({"region": ""}, "region"),
        ({"text": "  \n "}, "text"),
        ({"text": "字" * 2001}, "text"),
        ({"people": "十几"}, "people"),
        ({"people": "5001"}, "people"),
        ({"kind": "complaint", "phone": "13900001234"}, "name"),
        ({"kind": "complaint", "name": "赵某"}, "phone"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_kept(sites, now, wrong, field):
    with pytest.raises(Refused) as refused:
        sent(now, **wrong)
    assert refused.value.field == field and not Submission.objects.exists()


@pytest.mark.parametrize("form", [{"spoken": True}, {"pictured": True}])
def test_a_recording_or_a_picture_is_enough_and_two_of_them_are_not_the_same(sites, now, form):
    sent(now, text="", **form)
    sent(now, text="", **form)
    assert take_in_waiting(now=now) == 2


@pytest.mark.parametrize("form", [{"spoken": True}, {"pictured": True}])
def test_what_no_machine_can_read_stands_as_wages_owed_before_what_it_read(sites, now, form):
    sent(now, text=OWED)
    sent(now, text="", **form)
    take_in_waiting(now=now)
    triage_new(actor=SYSTEM, now=now)
    read, unread = Clue.objects.order_by("pk")
    assert (unread.arrears, unread.urgency) == (True, Clue.Urgency.PRESSING)
    assert (unread.looked_at, unread.score) == (None, 10_000)
    assert read.arrears and (unread.urgency, unread.score) > (read.urgency, read.score)
    said = {one.field: (one.was, one.became, one.by_name) for one in unread.corrections.all()}
    assert said == {"arrears": ("待判读", "是", "扫码反映"), "urgency": ("待判读", "紧急", "扫码反映")}
    assert "请听完、看完再核对" in unread.corrections.first().why


def test_what_no_machine_can_read_is_never_learnt_from_and_what_was_written_is(sites, now):
    sent(now, text=OWED)
    for form in ({"spoken": True}, {"pictured": True}):
        sent(now, text="", **form)
    take_in_waiting(now=now)
    triage_new(actor=SYSTEM, now=now)
    Clue.objects.update(looked_at=now, looked_by_name="某监察员")
    leader = User.objects.create_user("leader", display_name="某局长")
    Grant.objects.create(user=leader, role=Role.LEADER)
    assert learn(ask_training(user=leader, now=now).pk, now=now).judged == 1


def test_a_report_needs_no_name_and_a_complaint_keeps_it_sealed(sites, now):
    sent(now)
    sent(now, kind="complaint", name="赵大宝", phone="139 0000 1234")
    take_in_waiting(now=now)
    report, complaint = Clue.objects.order_by("pk")
    assert report.tellings.get().name is None and report.tellings.get().phone is None
    telling = complaint.tellings.get()
    assert telling.name.open() == "赵大宝" and telling.phone.open() == "13900001234"
    assert "赵大宝" not in str(list(JournalEntry.objects.values()))


# --- floods


def test_two_hundred_people_behind_one_address_all_get_in(board, now):
    for person in range(200):
        moment = now + person * dt.timedelta(seconds=3)
        sent(moment, code=board.pk, sender=a_sender(moment, person), text=f"我是{person}号工棚的，工资没发。")
    assert Submission.objects.count() == 200


def test_one_machine_sending_the_same_words_two_hundred_times_leaves_one(board, now):
    refused = 0
    for turn in range(200):
        moment = now + turn * dt.timedelta(seconds=1)
        try:
            sent(moment, code=board.pk, sender=a_sender(moment))
        except AlreadyTold as refusal:
            refused += 1
            assert "谢谢您" in str(refusal)
    assert (Submission.objects.count(), refused) == (1, 199)


def test_one_phone_sending_ever_new_words_is_slowed_down(board, now):
    taken = 0
    for turn in range(200):
        try:
            sent(now, code=board.pk, text=f"第{turn}个说法。")
            taken += 1
        except TooMany as refusal:
            assert "12333" in str(refusal) and refusal.seconds == 60
    assert taken == 20
    sent(now + MINUTE, text="过了一分钟再说一件。")


def test_what_never_opened_the_form_gets_little(sites, now):
    taken = 0
    for turn in range(50):
        try:
            sent(now, sender=Sender("203.0.113.9"), text=f"机器的第{turn}句话。")
            taken += 1
        except TooMany:
            pass
    assert taken == 10
    sent(now, sender=a_sender(now, address="203.0.113.9"))  # a phone behind the same address still gets in


def test_the_addresses_of_one_home_network_are_one():
    first, second = Sender("2001:db8:1:2::5"), Sender("2001:db8:1:2:ffff::9")
    assert first.place == second.place != Sender("2001:db8:1:3::5").place
    assert Sender("::ffff:203.0.113.7").place != Sender("::ffff:203.0.113.8").place


def test_the_same_words_count_again_after_half_an_hour_and_from_another_person_at_once(board, now):
    sent(now, code=board.pk)
    sent(now, code=board.pk, kind="complaint", name="钱某", phone="13900001235")
    with pytest.raises(AlreadyTold):
        sent(now + 29 * MINUTE, code=board.pk)
    sent(now + 31 * MINUTE, code=board.pk)


def test_who_is_refused_by_one_counter_takes_from_none(sites, now):
    for turn in range(20):
        sent(now, text=f"第{turn}个说法。")
    before = list(FloodMark.objects.order_by("key").values_list("key", "until"))
    with pytest.raises(TooMany):
        sent(now, text="再来一个。")
    assert list(FloodMark.objects.order_by("key").values_list("key", "until")) == before


def test_a_form_filled_in_within_a_blink_waits(sites, now):
    quick = replace(a_sender(now), opened_at=now - QUICKEST / 2)
    with pytest.raises(TooMany) as refusal:
        sent(now, key=a_key(1), sender=quick)
    assert refusal.value.seconds == 2
    assert sent(now + QUICKEST, key=a_key(1), sender=quick).receipt


def test_counters_that_are_full_again_are_forgotten(sites, now):
    sent(now)
    assert forget(now + dt.timedelta(hours=2)) == 0
    assert forget(now + dt.timedelta(days=2)) > 0 and not FloodMark.objects.exists()


# --- becoming clues


def test_one_form_that_cannot_become_a_clue_does_not_hold_up_the_others(sites, now):
    good, bad, last = (sent(now, text=f"第{turn}件事，工资没发。").submission for turn in range(3))
    Submission.objects.filter(pk=bad.pk).update(words=a_broken_form())
    assert take_in_waiting(now=now) == 2
    assert set(Submission.objects.filter(clue__isnull=True)) == {bad}
    assert {good.pk, last.pk} == set(
        Submission.objects.filter(clue__isnull=False).values_list("pk", flat=True)
    )


def a_broken_form() -> str:
    return '{"kind": "report", "region": "990101", "text": "", "site": "' + "长" * 300 + '"}'


def test_taken_in_twice_is_one_clue(sites, now):
    sent(now)
    assert (take_in_waiting(now=now), take_in_waiting(now=now), Clue.objects.count()) == (1, 0, 1)


def test_what_was_not_queued_is_found_by_the_next_look(sites, now):
    from django_tasks_db.models import DBTaskResult

    queue_forgotten()
    assert not DBTaskResult.objects.exists()
    sent(now)
    queue_forgotten()
    queue_forgotten()
    assert DBTaskResult.objects.count() == 1


def test_a_key_that_could_be_guessed_is_refused(sites, now):
    with pytest.raises(Refused, match="刷新"):
        submit(a_form(), key="short", code=None, sender=a_sender(now), now=now)
