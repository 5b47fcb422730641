"""What came of mediation for each mediator and each organisation, against rows counted by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from anxin.casework.models import Matter
from anxin.mediation import paying
from anxin.mediation.models import MediationCase, Stage
from anxin.mediation.results import MEANINGS, Results, Sums, of_bodies, of_mediators, sums_by_level
from tests.mediation.conftest import TODAY, a_case, assigned, at, in_force


def stage(centre, case: MediationCase, who: str, outcome: str, first: int, last: int | None) -> None:
    """``who``: a mediator, or an organisation without one. ``first`` and ``last``: days after today."""
    mediator = centre.mediators.get(who)
    body = mediator.body if mediator else centre.bodies[who]
    Stage.objects.create(
        case=case, level=body.level, body=body, mediator=mediator, outcome=outcome,
        started_on=TODAY + dt.timedelta(days=first), ended_on=None if last is None else TODAY + dt.timedelta(days=last),
    )  # fmt: skip


@pytest.fixture
def five(centre):
    """Five cases in seven stages, one of the cases paid to the last instalment."""
    paid, owed, failed, handed, small = (a_case(centre) for _ in range(5))
    stage(centre, paid, "shi", "climbed", 0, 15)
    stage(centre, paid, "county", "agreed", 15, 21)
    Matter.objects.filter(pk=paid.matter_id).update(state="fulfilled")
    stage(centre, owed, "shi", "agreed", 0, 4)
    stage(centre, failed, "shi", "failed", 2, 9)
    stage(centre, handed, "shi", "handed", 0, 1)
    stage(centre, handed, "other", "running", 1, None)
    stage(centre, small, "enterprise", "agreed", 3, 4)
    return centre


def test_a_mediator_answers_for_the_stages_that_were_theirs(five):
    shi, other, county = (five.mediators[one].pk for one in ("shi", "other", "county"))
    assert of_mediators([shi, other, county]) == {
        # agreed after 4 days and not yet paid; the case that climbed was paid, by another's agreement
        shi: Results(shi, begun=4, ended=3, agreed=1, failed=1, climbed=1, days=4),
        other: Results(other, begun=1, open=1),
        county: Results(county, begun=1, ended=1, agreed=1, performed=1, days=6),
    }
    assert set(of_mediators([other])) == {other}
    assert of_mediators([]) == {}


def test_an_organisation_answers_for_all_its_mediators_and_for_those_without(five):
    town, county, firm, village = (five.bodies[one].pk for one in ("town", "county", "enterprise", "village"))
    found = of_bodies([town, county, firm, village])
    assert found == {
        town: Results(town, begun=5, open=1, ended=3, agreed=1, failed=1, climbed=1, days=4),
        county: Results(county, begun=1, ended=1, agreed=1, performed=1, days=6),
        firm: Results(firm, begun=1, ended=1, agreed=1, days=1),
    }
    assert (found[town].settled_share, found[town].mean_days) == (1 / 3, 4.0)
    assert (found[county].settled_share, found[county].mean_days) == (1.0, 6.0)


def test_who_has_ended_nothing_has_no_share_and_no_mean(five):
    (one,) = of_mediators([five.mediators["other"].pk]).values()
    assert (one.settled_share, one.mean_days) == (None, None)


def test_people_and_money_of_a_level_are_counted_where_they_were_agreed(centre):
    day = TODAY + dt.timedelta(days=10)
    case = in_force(centre, days=(day, day + dt.timedelta(days=30)))
    first = paying.instalments_of(case)[0]
    paying.pay(
        first, proof="word", said="电话里本人说已到账", amount_fen=first.amount_fen - 1, paid_on=day, by=centre.shi,
        now=at(day), law=centre.law,
    )  # fmt: skip
    # an earlier level that let the case climb has what was asked, and nothing of the agreement
    stage(centre, case, "village", "climbed", 0, 1)
    assigned(centre)
    found = sums_by_level(centre.leader)
    assert found == {
        "village": Sums(people=2, claimed_fen=1_920_050),
        "town": Sums(4, 3_840_100, 2, 1_920_050, first.amount_fen - 1),
    }
    assert sums_by_level(centre.outsider) == {}
    assert set(MEANINGS) == {one.name for one in dataclasses.fields(Sums)}
