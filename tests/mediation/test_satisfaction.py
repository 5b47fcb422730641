"""What both sides say of a mediation that ended: once each, changed by saying it again, counted where the case was at its end."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from anxin.clues.claimant_rows import Said as Row
from anxin.evidence.journal import Actor
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import finding_hash
from anxin.kernel.refusal import Refused
from anxin.mediation import agreeing, climbing, own_papers, paying, satisfaction
from anxin.mediation.models import MediationPaper, MediationSatisfaction, Stage
from anxin.mediation.satisfaction import Said, Side
from tests.mediation.conftest import AGENT, IDS, TODAY, again, assigned, at, in_force
from tests.mediation.test_money import word

DAY = dt.timedelta(days=1)
WHO = Actor("worker:1", "工人赵某某")


@pytest.fixture
def papers(centre) -> list[MediationPaper]:
    case = in_force(centre, days=(TODAY + DAY,))
    return list(case.signed_papers.select_related("share__party").order_by("share__party__number"))


def say(paper, grade: str, side: str = Side.WORKER, hour: int = 15) -> MediationSatisfaction:
    return satisfaction.say(paper, side, grade, who=WHO, now=at(TODAY, hour))


def test_each_worker_and_the_employer_answer_once_and_may_change_it(centre, papers):
    first, second = papers
    assert satisfaction.asked(papers, Side.WORKER) == {first.pk: "", second.pk: ""}
    assert satisfaction.asked(papers, Side.EMPLOYER) == {first.pk: ""}
    say(first, "not")
    say(first, "content", hour=16)
    assert say(first, "content", hour=17).at == at(TODAY, 16)
    say(second, "fairly")
    say(first, "not", Side.EMPLOYER)
    assert satisfaction.asked(papers, Side.WORKER) == {first.pk: "content", second.pk: "fairly"}
    assert satisfaction.asked(papers, Side.EMPLOYER) == {first.pk: "not"}
    assert MediationSatisfaction.objects.count() == 4
    assert JournalEntry.objects.filter(action="mediation.satisfaction").count() == 4
    case = first.case
    assert satisfaction.of_mediators([case.mediator_id]) == {case.mediator_id: Said(1, 1, 1)}
    assert satisfaction.of_bodies([case.body_id])[case.body_id].all == 3


def test_it_counts_for_who_had_the_case_at_its_end(centre, papers):
    say(papers[0], "content")
    other = centre.mediators["other"]
    assert satisfaction.of_mediators([other.pk]) == {}
    case = again(papers[0].case)
    case.mediator = other
    case.save(update_fields=["mediator"])
    assert satisfaction.of_mediators([other.pk]) == {}


def test_nobody_is_asked_before_the_end(centre, papers):
    Stage.objects.update(outcome=Stage.Outcome.RUNNING, ended_on=None)
    assert satisfaction.asked(papers, Side.WORKER) == {}
    with pytest.raises(Refused, match="还没有结束"):
        say(papers[0], "content")


def test_a_paper_that_is_not_sealed_asks_nobody(centre, papers):
    papers[0].sealed_at = None
    assert papers[0].pk not in satisfaction.asked(papers, Side.WORKER)
    with pytest.raises(Refused, match="还没有结束"):
        say(papers[0], "content")


def test_an_answer_is_one_of_three(centre, papers):
    with pytest.raises(Refused, match="请选一个"):
        say(papers[0], "splendid")


def test_who_withdrew_a_payment_is_kept_by_name(centre, papers):
    case = again(papers[0].case)
    instalment = paying.instalments_of(case).first()
    made = word(centre, instalment, 1, TODAY)
    paying.take_back(made, why="登记错了人", by=centre.shi, now=at(TODAY, 17))
    made.refresh_from_db()
    assert made.withdrawn_by_name == str(centre.shi)


def failed(centre) -> MediationPaper:
    """Both workers' mediation came to nothing; the notice of its end."""
    case = assigned(centre)
    climbing.end_without_agreement(
        case, why="金额谈不拢", by=centre.shi, now=at(TODAY, 15), today=TODAY, law=centre.law
    )
    return case.signed_papers.get()


def test_each_worker_of_a_failed_mediation_has_its_notice_and_is_asked_and_nobody_else(centre):
    notice = failed(centre)
    first, second = (finding_hash("id", one) for one in IDS)
    for own in (first, second):
        assert list(own_papers.of_worker(own)) == [notice]
        assert satisfaction.asked([notice], Side.WORKER, own) == {notice.pk: ""}
    satisfaction.say(notice, Side.WORKER, "not", who=WHO, now=at(TODAY, 16), id_hash=first)
    satisfaction.say(notice, Side.EMPLOYER, "content", who=WHO, now=at(TODAY, 16))
    assert satisfaction.asked([notice], Side.WORKER, first) == {notice.pk: "not"}
    assert satisfaction.asked([notice], Side.WORKER, second) == {notice.pk: ""}
    assert satisfaction.asked([notice], Side.EMPLOYER) == {notice.pk: "content"}
    assert satisfaction.of_bodies([notice.body_id])[notice.body_id] == Said(content=1, not_=1)
    stranger = finding_hash("id", AGENT.id_number)
    assert not own_papers.of_worker(stranger).exists() and not own_papers.of_worker("").exists()
    for other in (stranger, ""):
        assert satisfaction.asked([notice], Side.WORKER, other) == {}
        with pytest.raises(Refused, match="还没有结束"):
            satisfaction.say(notice, Side.WORKER, "not", who=WHO, now=at(TODAY, 17), id_hash=other)


def test_a_worker_whose_number_was_added_later_has_the_notice_too(centre):
    people = [Row("赵某某", "", "13900000001", amounts={"worker": 1_200_000}, row=1)]
    case = assigned(centre, people=people)
    agreeing.describe_party(
        case.parties.get(), id_number=IDS[0], phone="", address="", by=centre.shi, now=at(TODAY, 14)
    )
    climbing.end_without_agreement(
        case, why="金额谈不拢", by=centre.shi, now=at(TODAY, 15), today=TODAY, law=centre.law
    )
    assert own_papers.of_worker(finding_hash("id", IDS[0])).count() == 1


def test_workers_of_mediations_from_before_are_told_from_their_sealed_numbers(centre):
    notice = failed(centre)
    parties = notice.case.parties
    parties.filter(number=2).update(id_number=None)
    parties.update(id_hash="")
    import_module("anxin.mediation.migrations.0004_parties_know_their_worker").tell(apps, None)
    hashes = list(parties.order_by("number").values_list("id_hash", flat=True))
    assert hashes == [finding_hash("id", IDS[0]), ""]
