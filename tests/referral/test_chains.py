"""A clue follows its matters to the last of them: where it stands, who concludes, when it closes, how it is counted."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from django.apps import apps

from anxin.accounts.models import Grant, Role, User
from anxin.casework.models import Matter
from anxin.casework.succession import go_on
from anxin.clues.models import Clue
from anxin.kernel.refusal import Refused
from anxin.referral import chains, services
from anxin.referral.access import seen_clue
from anxin.referral.counting import BY_KEY, Span, broken_down, figures
from anxin.referral.hotline import stands_of
from anxin.referral.ledger_page import LedgerFilters, ledger_page
from anxin.referral.models import Closing, Conclusion, Referral
from anxin.referral.queries import standing
from tests.referral.clues import a_clue, paper, step
from tests.referral.conftest import NOW

DAY = NOW.date()
TOWN = "云城区人社局"


@pytest.fixture
def city(city):
    """Besides: somebody of the whole city's bureau, who works for every body there and so begins the next matter."""
    city.both = User.objects.create_user("both", display_name="某both")
    Grant.objects.create(user=city.both, role=Role.INSPECTOR, region="9901")
    return city


def later(days: int) -> dt.datetime:
    return NOW + dt.timedelta(days=days)


def refer(city):
    """A hotline ticket at the housing authority, accepted and being handled."""
    clue = a_clue(city)
    made = services.refer(clue, by=city.desk, now=NOW, law=city.law)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    step(made.matter, "contact", by=city.housing)
    return clue, Matter.objects.get(pk=made.matter_id)


def went_on(city, matter, procedure="complaint_intake", *, now=NOW, lead=None):
    """The next matter, at the district's bureau; what follows from it follows."""
    begun = go_on(
        matter, procedure, by=city.both, now=now, law=city.law, title="木工班工资", region=city.here,
        lead=lead or city.bodies["QRS"], on=now.date(),
    )  # fmt: skip
    chains.went_on(begun.pk, now)
    return begun


def reply(matter, city):
    for key in ("reply", "revisit", "satisfied"):
        step(matter, key, by=city.housing)


def conclude(city, clue, by, name="属实，已付清", *, now=NOW):
    referral = Referral.objects.get(clue=clue)
    paper(referral.now, "payment_proof", by=by, now=now)
    return services.conclude(
        clue, name, words="逐人核对了银行回单。", people=4, amount_fen=1_860_000, by=by, now=now, law=city.law
    )  # fmt: skip


def test_it_stands_where_the_last_open_matter_stands(city):
    clue, first = refer(city)
    assert standing(clue).body == "云州市住建局"
    second = went_on(city, first)
    told = standing(clue)
    second.refresh_from_db()
    assert (told.body, told.due_on) == (TOWN, second.next_due_on)
    assert "投诉举报受理" in told.sentence and TOWN in told.sentence
    assert stands_of([clue])[clue.pk].state.body == TOWN
    span = Span(DAY, DAY, DAY + dt.timedelta(days=30))
    row = ledger_page(city.leader, span, LedgerFilters(), city.law).items[0]
    assert row.referral.now == second
    assert [name for name, _ in broken_down(city.leader, span, BY_KEY["closure"], "body")] == [TOWN]
    # back to the first one, which still runs, once the second has ended
    step(second, "refuse", by=city.head)
    assert Referral.objects.get(clue=clue).now == first


def test_what_is_begun_beside_the_claim_is_waited_for_but_the_clue_does_not_move_there(city):
    clue, first = refer(city)
    second = went_on(city, first, "mediation")
    aid = go_on(
        second, "legal_aid", by=city.desk, now=NOW, law=city.law, title="援助", region=city.here,
        lead=city.bodies["QRS"], on=DAY,
    )  # fmt: skip
    assert chains.went_on(aid.pk, NOW) is None
    referral = Referral.objects.get(clue=clue)
    assert referral.now == second and list(referral.chain) == [first, second, aid]
    assert aid in chains.open_matters(referral)


def test_the_clue_is_open_while_any_matter_of_the_chain_is(city):
    clue, first = refer(city)
    second = went_on(city, first)
    conclude(city, clue, city.desk)
    services.review(clue, agrees=True, words="", by=city.head, now=NOW)
    services.worker_says(clue, True, "", NOW)
    reply(first, city)
    assert Clue.objects.get(pk=clue.pk).state != "closed", "the complaint still runs"
    row = ledger_page(city.leader, Span(DAY, DAY, DAY), LedgerFilters(), city.law).items[0]
    assert row.strike.missing == (f"事项{second.number}还没有办结",)
    with pytest.raises(Refused, match=f"事项{second.number}还没有办结"):
        services.strike(clue, by=city.desk, now=NOW, law=city.law)
    step(second, "accept", by=city.head)
    assert Clue.objects.get(pk=clue.pk).state == "closed", "with the last of them, by itself"


def test_the_conclusion_comes_from_the_last_matter(city):
    clue, first = refer(city)
    went_on(city, first)
    with pytest.raises(Refused, match=f"本件由{TOWN}办理，您没有办理权限"):
        services.conclude(
            clue, "属实，已付清", words="逐人核对了银行回单。", by=city.housing, now=NOW, law=city.law
        )  # fmt: skip
    assert conclude(city, clue, city.desk).by_name == "某desk"


def test_papers_of_every_matter_of_the_chain_are_at_hand(city):
    clue, first = refer(city)
    document = paper(first, "payment_proof", by=city.housing)
    went_on(city, first)
    made = services.conclude(
        clue, "属实，已付清", words="逐人核对了银行回单。", by=city.desk, now=NOW, law=city.law
    )  # fmt: skip
    assert list(made.documents.all()) == [document]


def test_going_on_ends_what_was_concluded_before_and_opens_what_was_closed(city):
    clue, first = refer(city)
    conclude(city, clue, city.housing)
    services.review(clue, agrees=True, words="", by=city.leader, now=NOW)
    services.worker_says(clue, True, "", NOW)
    step(first, "reply", by=city.housing)
    first.refresh_from_db()
    held = Conclusion.objects.get()
    begun = went_on(city, first, now=later(1))
    held.refresh_from_db()
    assert held.ended_at == later(1) and held.standing == "confirmed"
    assert Clue.objects.get(pk=clue.pk).state == "referred"
    for key in ("revisit", "satisfied"):
        step(first, key, by=city.housing, now=later(1))
    step(begun, "accept", by=city.head, now=later(1))
    assert Clue.objects.get(pk=clue.pk).state == "referred", "no conclusion, no closing"
    # closed with its complaint; then an inspection is begun from it
    conclude(city, clue, city.desk, now=later(2))
    services.review(clue, agrees=True, words="", by=city.head, now=later(2))
    services.worker_says(clue, True, "", later(2))
    assert Clue.objects.get(pk=clue.pk).state == "closed"
    span = Span(DAY, DAY, DAY + dt.timedelta(days=2))
    assert figures(city.leader, span)["closure"].part == 1
    case = went_on(city, begun, "inspection_case", now=later(5))
    assert Clue.objects.get(pk=clue.pk).state == "referred"
    closing = Closing.objects.get()
    assert closing.reopened_at == later(5) and case.number in closing.reopened_why
    assert chains.went_on(case.pk, later(6)) is None, "twice is as good as once"
    assert figures(city.leader, span)["closure"].part == 1, "what was counted on that day stays"
    assert figures(city.leader, Span(DAY, DAY, DAY + dt.timedelta(days=6)))["closure"].part == 0


def test_the_body_of_a_later_matter_sees_the_clue_and_others_do_not(city):
    clue, first = refer(city)
    user = User.objects.create_user("road", display_name="某road")
    Grant.objects.create(user=user, role=Role.INSPECTOR, region="990102")
    assert seen_clue(user, clue.pk) is None
    begun = went_on(city, first, lead=city.bodies["QRS"])
    assert seen_clue(user, clue.pk) is None and seen_clue(city.transport, clue.pk) is None
    Matter.objects.filter(pk=begun.pk).update(region=city.there)
    assert seen_clue(user, clue.pk) == clue


def test_chains_that_stood_before_are_filled_from_matter_to_matter(city):
    _clue, first = refer(city)
    second = went_on(city, first, "mediation")
    third = went_on(city, second, "legal_aid")
    assert (second.root_id, third.root_id) == (first.pk, first.pk)
    Matter.objects.update(root=None)
    importlib.import_module("anxin.casework.migrations.0006_root").fill(apps, None)
    assert dict(Matter.objects.values_list("pk", "root")) == {
        first.pk: None,
        second.pk: first.pk,
        third.pk: first.pk,
    }


def test_many_clues_are_read_with_the_same_number_of_queries(city, django_assert_num_queries):
    _clue, first = refer(city)
    went_on(city, first)
    rounds = list(Referral.objects.select_related("matter__lead"))
    with django_assert_num_queries(1):
        chains.fill(rounds)
        assert [one.now.lead.name for one in rounds] == [TOWN]
