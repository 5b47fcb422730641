"""What waits for a second person: who finds it in their list, who is told, and that each word stands by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from anxin.accounts.models import Grant, Role, User
from anxin.clues.access import reaches, visible_clues
from anxin.clues.models import Clue
from anxin.notices.models import Notice
from anxin.referral import services
from anxin.referral.access import may_review, own, to_review, waiting_for_review
from anxin.referral.current import referral_of
from anxin.referral.models import Conclusion
from anxin.referral.telling import NOTICE
from tests.monitoring import factories as make
from tests.referral.clues import a_clue, paper
from tests.referral.conftest import NOW
from tests.referral.test_concluding import UNTRUE, conclude, matter_of, paid, referred, review  # noqa: F401

LATE = NOW + dt.timedelta(days=30)


@pytest.fixture
def away(city) -> User:
    """A leader of the other district."""
    person = User.objects.create_user("away", display_name="某away")
    Grant.objects.create(user=person, role=Role.LEADER, region="990102")
    return person


def told() -> list[str]:
    return sorted(Notice.objects.filter(kind=NOTICE).values_list("to__username", flat=True))


def test_those_who_may_review_are_told_once_and_find_it_and_nobody_else(city, referred, away):  # noqa: F811
    paper(matter_of(referred), "clue_check_form", by=city.housing)
    made = conclude(city, referred, UNTRUE)
    assert told() == ["head", "leader"]
    notice = Notice.objects.filter(kind=NOTICE).first()
    assert notice.link == f"/clues/{referred.pk}/handling" and referred.number in notice.title
    assert (notice.region, notice.number) == (referred.region_id, referred.number)
    for person in (city.head, city.leader):
        assert list(to_review(person)) == [made]
    for person in (city.desk, city.housing, city.transport, city.clerk, city.outsider, away):
        assert not to_review(person).exists()
    seen = {one.username for one in User.objects.all() if waiting_for_review(one).exists()}
    assert seen == {"head", "leader", "desk", "housing", "clerk"}


def test_who_concluded_is_neither_told_nor_finds_it_waiting_for_them(city, referred):  # noqa: F811
    paper(matter_of(referred), "clue_check_form", by=city.leader)
    made = conclude(city, referred, UNTRUE, by=city.leader)
    assert told() == ["head"] and not to_review(city.leader).exists()
    assert list(waiting_for_review(city.leader)) == [made], "it stands among all that waits"


def test_the_list_and_the_page_say_the_same_of_everybody(city, referred, away):  # noqa: F811
    paper(matter_of(referred), "clue_check_form", by=city.housing)
    made = conclude(city, referred, UNTRUE)
    clue, referral = (
        Clue.objects.select_related("project__responsible").get(pk=referred.pk),
        referral_of(referred),
    )
    for person in User.objects.all():
        may = may_review(person, clue, referral) and not own(person, made)
        assert to_review(person).filter(pk=made.pk).exists() is may, person


def test_what_was_reviewed_or_is_proved_waits_no_more_and_tells_nobody(city, referred):  # noqa: F811
    paid(city, referred)
    conclude(city, referred)
    assert told() == [] and not to_review(city.head).exists()


def test_each_asking_to_close_without_a_word_is_told_anew_and_keeps_the_first_reviewer(city, referred):  # noqa: F811
    paper(matter_of(referred), "clue_check_form", by=city.housing)
    conclude(city, referred, UNTRUE)
    review(referred, city.head, words="核查清楚")
    assert not to_review(city.head).exists()
    services.tell(referred, "phone", by=city.housing, now=NOW, number="13900001234")
    services.ask_to_close(referred, by=city.housing, now=LATE, law=city.law)
    assert told() == ["head", "head", "leader", "leader"] and to_review(city.leader).exists()
    review(referred, city.leader, agrees=False, words="请再打一次电话", now=LATE)
    later = LATE + dt.timedelta(days=1)
    services.ask_to_close(referred, by=city.housing, now=later, law=city.law)
    assert told() == ["head"] * 3 + ["leader"] * 3
    review(referred, city.leader, words="三次电话没有接", now=later)
    found = Conclusion.objects.get()
    assert (found.reviewed_by_name, found.review_words) == ("某head", "核查清楚")
    assert (found.silence_reviewed_by_name, found.silence_review_words) == ("某leader", "三次电话没有接")
    assert found.standing == "unconfirmed" and not waiting_for_review(city.leader).exists()


def test_the_database_itself_lets_nobody_review_their_own_wish_to_close(city, referred):  # noqa: F811
    paid(city, referred)
    conclude(city, referred)
    services.tell(referred, "phone", by=city.housing, now=NOW, number="13900001234")
    services.ask_to_close(referred, by=city.leader, now=LATE, law=city.law)
    for who in ("by", "silent_by"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Conclusion.objects.update(silence_reviewed_by=getattr(Conclusion.objects.get(), who))
    with pytest.raises(IntegrityError), transaction.atomic():
        Conclusion.objects.update(standing="unconfirmed")


def test_a_clue_told_here_of_a_site_there_is_reached_by_both_places_and_by_no_third(city, away):
    there = make.project("P2", region_code="990102", name="西河桥梁工程")
    clue = a_clue(city, project=there)
    third = User.objects.create_user("third")
    make.region("990103")
    Grant.objects.create(user=third, role=Role.LEADER, region="990103")
    for person in (city.head, away, third):
        assert reaches(person, "decide", clue) is visible_clues(person, "decide").filter(pk=clue.pk).exists()
    assert reaches(away, "decide", clue) and not reaches(third, "decide", clue)
