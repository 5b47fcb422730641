"""Conclusions, the second person, the worker's word, silence, and opening again under the same number."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework.models import Matter
from anxin.clues.models import Clue
from anxin.kernel.refusal import Refused
from anxin.referral import services
from anxin.referral.answering import wait_ends
from anxin.referral.models import Closing, Conclusion, Recovered, Word
from tests.referral.clues import a_clue, paper, step, to_the_end
from tests.referral.conftest import NOW

SETTLED, UNTRUE = "属实，已付清", "不属实"
WORDS = "逐人核对了工资表和银行回单。"


@pytest.fixture
def referred(city):
    """A clue that the housing bureau has accepted."""
    clue = a_clue(city)
    services.refer(clue, by=city.desk, now=NOW, law=city.law)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    return clue


def matter_of(clue) -> Matter:
    return Matter.objects.select_related("lead").get(referral__clue=clue, referral__ended_at__isnull=True)


def conclude(city, clue, name=SETTLED, *, now=NOW, by=None, **more):
    values = {"words": WORDS, "people": 4, "amount_fen": 1_860_000, **more}
    return services.conclude(clue, name, by=by or city.housing, now=now, law=city.law, **values)


def paid(city, clue, fen=1_860_000, *, by=None):
    document = paper(matter_of(clue), "payment_proof", by=by or city.housing)
    return services.add_recovered(
        clue, proof="document", document=document, person="甲工人", amount_fen=fen, paid_on=NOW.date(),
        by=by or city.housing, now=NOW,
    )  # fmt: skip


def fresh(clue) -> Clue:
    return Clue.objects.get(pk=clue.pk)


def review(clue, by, agrees=True, words="", now=NOW):
    return services.review(clue, agrees=agrees, words=words, by=by, now=now)


def test_settled_with_all_the_money_proved_goes_straight_to_the_worker(city, referred):
    paid(city, referred)
    made = conclude(city, referred)
    assert made.standing == "told" and made.review_why == ""
    assert [one.kind for one in made.documents.all()] == ["payment_proof"]
    assert fresh(referred).state == "concluded"


@pytest.mark.parametrize("fen", [None, 1_859_999])
def test_settled_with_a_fen_unproved_waits_for_a_second_person(city, referred, fen):
    if fen is None:
        paper(matter_of(referred), "payment_proof", by=city.housing)
    else:
        paid(city, referred, fen)
    made = conclude(city, referred)
    assert made.standing == "review" and "没有逐人证明" in made.review_why
    assert fresh(referred).state == "review"


def test_a_smaller_sum_typed_by_who_concludes_does_not_make_a_part_the_whole(city, referred):
    paid(city, referred, 930_005)
    made = conclude(city, referred, amount_fen=930_005)
    assert made.standing == "review"
    assert made.review_why == "已证明到账9,300.05元，少于线索所说的18,600.00元，也没有劳动者确认。"
    review(referred, city.head)
    assert Conclusion.objects.get().standing == "told"


def test_a_smaller_sum_is_all_where_nothing_more_is_claimed(city, referred):
    Clue.objects.filter(pk=referred.pk).update(amount_fen=930_005)
    paid(city, referred, 930_005)
    assert conclude(city, referred, amount_fen=930_005).review_why == ""


def test_not_true_waits_for_a_second_person_who_is_another(city, referred):
    paper(matter_of(referred), "clue_check_form", by=city.leader)
    conclude(city, referred, UNTRUE, by=city.leader)
    with pytest.raises(Refused, match="须由另一人复核"):
        review(referred, city.leader)
    for person in (city.desk, city.housing, city.outsider):
        with pytest.raises(Refused, match="没有这一权限"):
            review(referred, person)
    review(referred, city.head)
    found = Conclusion.objects.get()
    assert (found.standing, found.reviewed_by_name) == ("told", "某head") and fresh(
        referred
    ).state == "concluded"


def test_the_second_person_sends_it_back_with_what_is_missing(city, referred):
    paper(matter_of(referred), "clue_check_form", by=city.housing)
    conclude(city, referred, UNTRUE)
    with pytest.raises(Refused, match="还缺什么"):
        review(referred, city.head, agrees=False)
    review(referred, city.head, agrees=False, words="没有银行流水，请补查")
    assert fresh(referred).state == "referred"
    conclude(city, referred, UNTRUE)
    assert [one.standing for one in Conclusion.objects.order_by("pk")] == ["sent_back", "review"]


def test_a_conclusion_without_its_paper_names_what_is_missing(city, referred):
    with pytest.raises(Refused, match="须附上《付款凭证》或《劳动者签收单》"):
        conclude(city, referred)


def test_a_conclusion_outside_the_list_is_refused(city, referred):
    for name in ("已处理", "不是工资问题，已直接答复"):
        with pytest.raises(Refused, match="结论目录"):
            conclude(city, referred, name)


def test_only_the_body_that_has_it_concludes(city, referred):
    with pytest.raises(Refused, match="由云州市住建局办理"):
        conclude(city, referred, by=city.transport)


def test_the_clue_closes_when_the_worker_agrees_and_the_matter_has_ended(city, referred):
    paid(city, referred)
    conclude(city, referred)
    services.worker_says(referred, True, "钱收到了，谢谢", NOW)
    assert fresh(referred).state == "concluded", "the matter goes on by its own steps"
    to_the_end(matter_of(referred), by=city.housing)
    closed = fresh(referred)
    assert closed.state == "closed" and Closing.objects.get().how == "confirmed"
    assert Closing.objects.get().by_name == "某housing"


def test_the_matter_may_end_first(city, referred):
    paid(city, referred)
    conclude(city, referred)
    to_the_end(matter_of(referred), by=city.housing)
    assert fresh(referred).state == "concluded"
    services.worker_says(referred, True, "", NOW)
    assert fresh(referred).state == "closed"


def test_a_matter_that_ended_without_a_word_closes_no_clue(city, referred):
    to_the_end(matter_of(referred), by=city.housing)
    assert fresh(referred).state == "referred" and not Closing.objects.exists()


def test_a_worker_who_does_not_agree_has_it_opened_again_under_its_number(city, referred):
    number = referred.number
    paid(city, referred, 1_000_000)
    conclude(city, referred)
    review(referred, city.head)
    services.worker_says(referred, False, "只收到一万元", NOW)
    again = fresh(referred)
    assert (again.state, again.number) == ("referred", number)
    assert Conclusion.objects.get().standing == "rejected"
    assert Word.objects.get().words.open() == "只收到一万元"
    conclude(city, referred)


def test_a_closed_clue_opens_again_and_goes_to_the_desk_where_its_matter_has_ended(city, referred):
    paid(city, referred)
    conclude(city, referred)
    services.worker_says(referred, True, "", NOW)
    to_the_end(matter_of(referred), by=city.housing)
    services.worker_says(referred, False, "钱又被要回去了", NOW + dt.timedelta(days=3))
    again = fresh(referred)
    assert again.state == "new" and again.number == referred.number
    closing = Closing.objects.get()
    assert closing.reopened_at is not None
    services.refer(again, by=city.desk, now=NOW + dt.timedelta(days=3), law=city.law)
    assert Matter.objects.count() == 2 and fresh(referred).state == "referred"


def test_an_officer_who_heard_the_worker_says_how(city, referred):
    paid(city, referred)
    conclude(city, referred)
    with pytest.raises(Refused, match="怎样听到的"):
        services.worker_says(referred, True, "", NOW, heard_by=city.desk)
    with pytest.raises(Refused, match="没有处理这条线索的权限"):
        services.worker_says(referred, True, "", NOW, heard_by=city.outsider, how="电话回访本人")
    services.worker_says(referred, True, "", NOW, heard_by=city.desk, how="11月20日电话回访本人")
    assert Word.objects.get().heard_by_name == "某desk"


def test_nobody_is_asked_before_there_is_a_conclusion(city, referred):
    with pytest.raises(Refused, match="还没有告知结论"):
        services.worker_says(referred, True, "", NOW)


def test_silence_is_no_consent_and_closes_only_through_a_second_person(city, referred):
    paid(city, referred)
    made = conclude(city, referred)
    to_the_end(matter_of(referred), by=city.housing)
    assert wait_ends(made, city.law) is None, "nobody has told the worker"
    with pytest.raises(Refused, match="还没有告知劳动者"):
        services.ask_to_close(referred, by=city.housing, now=NOW + dt.timedelta(days=90), law=city.law)
    services.tell(referred, "phone", by=city.housing, now=NOW, number="13900001234")
    made.refresh_from_db()
    until = wait_ends(made, city.law)
    assert until == dt.date(2026, 12, 4), "ten working days after Friday 20 November"
    last = NOW + (until - NOW.date())
    with pytest.raises(Refused, match=r"等待劳动者确认到2026-12-04为止"):
        services.ask_to_close(referred, by=city.housing, now=last, law=city.law)
    assert fresh(referred).state == "concluded"
    after = last + dt.timedelta(days=1)
    services.ask_to_close(referred, by=city.housing, now=after, law=city.law)
    assert fresh(referred).state == "concluded"
    review(referred, city.head, now=after)
    assert fresh(referred).state == "closed"
    assert (Closing.objects.get().how, Conclusion.objects.get().standing) == ("unconfirmed", "unconfirmed")
    assert not Word.objects.exists()


def test_closing_without_a_word_may_be_refused_and_the_worker_may_still_speak(city, referred):
    paid(city, referred)
    conclude(city, referred)
    to_the_end(matter_of(referred), by=city.housing)
    services.tell(referred, "phone", by=city.housing, now=NOW, number="13900001234")
    after = NOW + dt.timedelta(days=20)
    services.ask_to_close(referred, by=city.housing, now=after, law=city.law)
    review(referred, city.head, agrees=False, words="再联系一次劳动者", now=after)
    assert Conclusion.objects.get().standing == "told"
    services.worker_says(referred, True, "", after)
    assert Closing.objects.get().how == "confirmed"


def test_a_rejected_ticket_is_done_again_by_the_matters_own_steps(city, referred):
    paid(city, referred)
    conclude(city, referred)
    for key in ("contact", "reply", "revisit"):
        step(matter_of(referred), key, by=city.housing)
    services.worker_says(referred, False, "没有收到", NOW)
    for key in ("unsatisfied", "redo"):
        step(matter_of(referred), key, by=city.housing)
    assert matter_of(referred).state == "handling" and fresh(referred).state == "referred"


def test_answered_by_the_desk_may_be_disagreed_with_too(city):
    clue = a_clue(city, arrears=False)
    services.answer(
        clue, "不是工资问题，已直接答复", words="已经电话答复了反映人。", by=city.desk, now=NOW, law=city.law
    )
    services.worker_says(clue, False, "说的就是工资", NOW)
    assert fresh(clue).state == "new" and not Recovered.objects.exists()
