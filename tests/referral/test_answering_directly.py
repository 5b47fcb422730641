"""A claim is not answered away by one person: corrected to "no" and answered, it waits for another one and is counted."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.clues.correcting import correct
from anxin.clues.models import Clue, Reading
from anxin.kernel.refusal import Refused
from anxin.notices.models import Notice
from anxin.referral import services
from anxin.referral.access import to_review, waiting_for_review, waiting_to_be_told
from anxin.referral.counting import BY_KEY, Span, counted, figures
from anxin.referral.models import Closing, Conclusion
from anxin.referral.striking import strikes
from anxin.referral.telling import NOTICE
from anxin.referral.trend import trend
from tests.referral.clues import a_clue
from tests.referral.conftest import NOW

ANSWER, WORDS, WHY = "不是工资问题，已直接答复", "电话告知了反映人怎样办理。", "电话里说不是工资"
DAY = NOW.date()
LATER = NOW + dt.timedelta(days=3)


def answer(city, clue, *, by=None, now=NOW):
    return services.answer(clue, ANSWER, words=WORDS, by=by or city.desk, now=now, law=city.law)


def review(clue, by, agrees=True, words="", now=NOW):
    return services.review(clue, agrees=agrees, words=words, by=by, now=now)


def fresh(clue) -> Clue:
    return Clue.objects.get(pk=clue.pk)


def closure(city, as_of: dt.date = DAY) -> tuple[int, int]:
    told = figures(city.leader, Span(DAY, DAY, as_of))["closure"]
    month = trend(city.leader, as_of=as_of, months=1)[0]
    assert (month.settled, month.came) == (told.part, told.base), "both count by the same rule"
    return told.part, told.base


@pytest.fixture
def corrected(city):
    """One officer says that it is not about wages."""
    clue = a_clue(city)
    correct(clue, "arrears", "no", why=WHY, by=city.head, now=NOW)
    return fresh(clue)


def test_corrected_and_answered_by_one_person_waits_for_another(city, corrected):
    made = answer(city, corrected, by=city.head)
    assert (made.standing, made.told_at) == ("review", None)
    assert "某head更正为“否”" in made.review_why and WHY in made.review_why
    assert fresh(corrected).get_state_display() == "待复核" and not Closing.objects.exists()
    assert [one.to.username for one in Notice.objects.filter(kind=NOTICE)] == ["leader"]
    assert list(to_review(city.leader)) == [made] and not to_review(city.head).exists()
    assert list(waiting_for_review(city.desk)) == [made]
    with pytest.raises(Refused, match="须由另一人复核"):
        review(corrected, city.head)
    for person in (city.desk, city.clerk, city.outsider):
        with pytest.raises(Refused, match="没有这一权限"):
            review(corrected, person)
    with pytest.raises(Refused, match="已有结论"):
        answer(city, corrected)
    assert not Closing.objects.exists()


def test_the_other_persons_yes_closes_it_and_takes_it_out_of_the_numbers_from_then_on(city, corrected):
    other = a_clue(city)
    assert closure(city) == (0, 2), "corrected alone it still counts"
    answer(city, corrected)
    assert closure(city) == (0, 2)
    assert corrected in counted(city.leader, Span(DAY, DAY, DAY), BY_KEY["closure"], of="base")
    made = review(corrected, city.head, now=LATER)
    assert (made.standing, made.told_at, made.reviewed_by_name) == ("answered", None, "某head")
    assert made in waiting_to_be_told(city.desk) and made not in waiting_to_be_told(city.outsider)
    assert fresh(corrected).state == "closed"
    assert (Closing.objects.get().how, Closing.objects.get().by_name) == ("answered", "某desk")
    assert closure(city, LATER.date()) == (0, 1)
    assert closure(city) == (0, 2), "as of the day before the yes it is what it was"
    assert list(counted(city.leader, Span(DAY, DAY, LATER.date()), BY_KEY["closure"], of="base")) == [other]


def test_sent_back_it_is_open_to_the_desk_and_counts(city, corrected):
    answer(city, corrected)
    with pytest.raises(Refused, match="还缺什么"):
        review(corrected, city.head, agrees=False)
    made = review(corrected, city.head, agrees=False, words="原话说的就是工资")
    assert (made.standing, made.ended_at) == ("sent_back", NOW)
    assert fresh(corrected).state == "new" and not Closing.objects.exists() and closure(city) == (0, 1)
    correct(corrected, "arrears", "yes", why="听过录音，是工资", by=city.desk, now=NOW)
    services.refer(corrected, by=city.desk, now=NOW, law=city.law)
    assert fresh(corrected).state == "referred"


def test_who_told_us_may_disagree_with_a_reviewed_answer_and_it_counts_again(city, corrected):
    answer(city, corrected)
    review(corrected, city.head)
    assert closure(city) == (0, 0)
    services.worker_says(corrected, False, "说的就是工资", LATER)
    assert fresh(corrected).state == "new" and closure(city, LATER.date()) == (0, 1)
    assert answer(city, corrected, now=LATER).standing == "review", "asked anew"


def test_while_it_waits_it_is_not_passed_on_and_corrected_back_not_agreed_to(city, corrected):
    answer(city, corrected)
    correct(corrected, "arrears", "yes", why="又打电话，是工资", by=city.desk, now=NOW)
    with pytest.raises(Refused, match="正等另一人复核"):
        services.refer(corrected, by=city.desk, now=NOW, law=city.law)
    with pytest.raises(Refused, match="现在判为欠薪"):
        review(corrected, city.head)
    assert Conclusion.objects.get().standing == "review" and not Closing.objects.exists()
    review(corrected, city.head, agrees=False, words="是工资，请派单")
    services.refer(corrected, by=city.desk, now=NOW, law=city.law)


def test_the_ledger_says_what_it_waits_for(city, corrected):
    made = answer(city, corrected)
    told = strikes([corrected], {}, {corrected.pk: made}, {corrected.pk: 0}, city.law)[corrected.pk]
    assert told.missing == ("结论还在等另一人复核",)


@pytest.mark.parametrize("owed", [True, False])
def test_a_reading_counts_without_any_correction(city, owed):
    """A changed ticket that is read otherwise the second time does not lose its first reading."""
    clue = a_clue(city, arrears=False)
    Reading.objects.create(
        telling=clue.tellings.get(), model_version="1", read_at=NOW, arrears=owed, score=1, construction=False, urgency=1
    )  # fmt: skip
    assert closure(city) == (0, int(owed))
    made = answer(city, clue)
    assert made.standing == ("review" if owed else "answered")
    assert fresh(clue).state == ("review" if owed else "closed")


def test_a_plain_question_is_answered_at_once(city):
    clue = a_clue(city, arrears=False)
    correct(clue, "people", "2", why="电话回访核实", by=city.desk, now=NOW)
    made = answer(city, clue)
    assert (made.standing, made.review_why, fresh(clue).state) == ("answered", "", "closed")
    assert not Notice.objects.filter(kind=NOTICE).exists() and closure(city) == (0, 0)


def test_passed_on_corrected_and_answered_by_its_body_it_waits_as_well(city):
    clue = a_clue(city)
    services.refer(clue, by=city.desk, now=NOW, law=city.law)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    correct(clue, "arrears", "no", why=WHY, by=city.desk, now=NOW)
    made = services.conclude(clue, ANSWER, words=WORDS, by=city.housing, now=NOW, law=city.law)
    assert made.standing == "review" and closure(city) == (0, 1)
    assert review(clue, city.head).standing == "told" and fresh(clue).state == "concluded"
