"""A worker's yes or no beside any run: to a wage that came in a file, and to a day."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.agency.models_words import WorkerWord
from anxin.agency.services import answer_word, confirm_promise, contest_attendance, contest_promise
from anxin.agency.words import words_to_promises
from anxin.evidence.journal import Actor
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.workforce.signin import worker_actor
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db
CLERK = Actor("user:7", "小郑")


@pytest.fixture
def site():
    return make.project("P1")


@pytest.fixture
def zhou(site):
    worker = make.worker(1, name="周建国")
    make.enrol(site, worker)
    return worker


@pytest.fixture
def wage(site, zhou):
    return make.line(site, "2026-10", zhou, net_fen=600_000)


@pytest.fixture
def speak(zhou, now):
    """``speak(service, about, **more)`` as the worker."""

    def spoken(service, *about, **more):
        return service(*about, worker=zhou, actor=worker_actor(zhou), now=now, **more)

    return spoken


def test_a_yes_is_kept_with_the_amount_and_a_second_yes_is_the_same(speak, wage, zhou):
    first, second = speak(confirm_promise, wage), speak(confirm_promise, wage)
    assert first == second
    assert (first.state, first.net_fen) == ("said", 600_000)
    assert words_to_promises(zhou, [wage.pk]) == {wage.pk: first}


def test_no_word_is_no_answer(wage, zhou):
    assert words_to_promises(zhou, [wage.pk]) == {}


def test_a_no_waits_for_an_answer_and_stays_on_record(speak, wage, zhou, now):
    word = speak(contest_promise, wage, says="少了两天")
    answer_word(word, answer="已核对，下月补两天。", actor=CLERK, now=now)
    word.refresh_from_db()
    assert (word.state, word.says, word.answer, word.answered_by_name) == (
        "answered",
        "少了两天",
        "已核对，下月补两天。",
        "小郑",
    )


def test_touched_first_and_explained_afterwards_is_one_no(speak, wage):
    speak(contest_promise, wage, says="")
    speak(contest_promise, wage, says="少了两天")
    assert WorkerWord.objects.get().says == "少了两天"


def test_a_yes_while_a_no_waits_is_refused(speak, wage):
    speak(contest_promise, wage, says="不对")
    with pytest.raises(Refused, match="还没有答复"):
        speak(confirm_promise, wage)


def test_after_the_answer_the_worker_may_say_yes_or_no_again(speak, wage, now):
    answer_word(speak(contest_promise, wage, says="不对"), answer="工资表没有错。", actor=CLERK, now=now)
    again = speak(contest_promise, wage, says="还是不对")
    answer_word(again, answer="请看考勤记录。", actor=CLERK, now=now)
    assert speak(confirm_promise, wage).state == "said"


def test_an_answer_that_says_nothing_is_refused(speak, wage, now):
    word = speak(contest_promise, wage, says="不对")
    with pytest.raises(Refused, match="不少于4个字"):
        answer_word(word, answer=" 好 ", actor=CLERK, now=now)


def test_nobody_speaks_for_the_worker(wage, zhou, now):
    with pytest.raises(Refused, match="只有工人本人"):
        confirm_promise(wage, worker=zhou, actor=CLERK, now=now)


def test_nobody_speaks_to_anothers_wage(site, speak):
    other = make.line(site, "2026-10", make.worker(2))
    for service, more in ((confirm_promise, {}), (contest_promise, {"says": "不对"})):
        with pytest.raises(Refused, match="这不是您的工资"):
            speak(service, other, **more)


def test_a_wage_that_was_corrected_meanwhile_is_looked_at_again(speak, wage, now):
    wage.superseded_at = now
    wage.save()
    with pytest.raises(Refused, match="已经更正"):
        speak(confirm_promise, wage)


def test_a_day_is_contested_at_the_own_site(speak, site):
    word = speak(contest_attendance, site, dt.date(2026, 11, 3), says="没有记上")
    assert (word.project, word.day, word.state) == (site, dt.date(2026, 11, 3), "open")


def test_a_day_at_a_site_where_one_never_was_is_refused(speak, zhou):
    with pytest.raises(Refused, match="花名册上没有您"):
        speak(contest_attendance, make.project("P2"), dt.date(2026, 11, 3), says="")


def test_a_day_to_come_is_refused_and_today_is_not(speak, site, now):
    with pytest.raises(Refused, match="还没有到"):
        speak(contest_attendance, site, now.date() + dt.timedelta(days=1), says="")
    assert speak(contest_attendance, site, now.date(), says="").day == now.date()


def _clerk_of(firm):
    from anxin.accounts.models import Grant, User

    user = User.objects.create(username=f"c{firm.pk}")
    Grant.objects.create(user=user, role="payroll_clerk", employer=firm.uscc)
    return user


def test_a_word_is_seen_by_the_general_contractor_the_own_employer_and_the_bureau_of_the_place(
    speak, site, zhou, wage
):
    from anxin.accounts.models import Grant, User
    from anxin.agency.access import own_words, visible_words
    from anxin.registry.models import Employer, Participation
    from anxin.workforce.models import Enrolment

    word = speak(contest_promise, wage, says="不对")
    general, sub, other = (
        Employer.objects.create(uscc=f"9199010{n}MA0000000{n}", name=f"虚构公司{n}") for n in range(3)
    )
    for firm, role in ((general, "general_contractor"), (sub, "subcontractor"), (other, "subcontractor")):
        Participation.objects.create(project=site, employer=firm, role=role)
    Enrolment.objects.filter(worker=zhou).update(employer=sub)
    for firm, sees in ((general, [word]), (sub, [word]), (other, [])):
        assert list(own_words(_clerk_of(firm))) == sees
    here, there = User.objects.create(username="here"), User.objects.create(username="there")
    Grant.objects.create(user=here, role="inspector", region="9901")
    Grant.objects.create(user=there, role="inspector", region="9902")
    assert (list(visible_words(here)), list(visible_words(there))) == ([word], [])
    assert not own_words(here)


def test_every_word_is_one_journal_entry_with_its_article_and_the_name_masked(speak, wage, now):
    answer_word(speak(contest_promise, wage, says="不对"), answer="工资表没有错。", actor=CLERK, now=now)
    entries = JournalEntry.objects.order_by("sequence")
    assert [entry.action for entry in entries] == ["agency.word_contested", "agency.word_answered"]
    for entry in entries:
        assert "周建国" not in entry.summary
        assert entry.basis == "《保障农民工工资支付条例》第三十一条"
