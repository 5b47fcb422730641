"""Wage cards, what left them, and who receives for whom, in the fact tables and in a sweep."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.sealing import finding_hash
from anxin.monitoring import snapshot
from anxin.monitoring.models import Sweep, Warning
from anxin.monitoring.services import sweep
from anxin.signals.models import CardFlow
from anxin.workforce.models import Enrolment, Worker
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)
MONTH = "2026-10"


def take(table: str, *, known_at: dt.datetime | None = None, project_ids=None) -> list[dict]:
    moment = known_at or make.at("2026-11-20", 22)
    return snapshot.take(as_of=DAY, known_at=moment, project_ids=project_ids)[table].to_pylist()


def run(**changes) -> Sweep:
    moment = make.at("2026-11-20", 22)
    return sweep(as_of=DAY, known_at=moment, now=moment, trigger=Sweep.Trigger.MANUAL, **changes)


def flow(card: str, at: dt.datetime, *, to: str = "collector", recorded_at=None, **fields) -> CardFlow:
    values = {"amount_fen": 590_000, "recorded_at": recorded_at or make.EARLY, **fields}
    return CardFlow.objects.create(card_hash=card, at=at, to_hash=to, **values)


def test_a_card_of_the_roster_stands_with_where_and_when_it_was_opened():
    site, person = make.project(), make.worker(1)
    make.enrol(
        site, person, card_hash="c1", card_series="s", card_serial=17, card_branch="东门支行",
        card_opened_on=dt.date(2026, 3, 1),
    )  # fmt: skip
    make.enrol(site, make.worker(2))
    assert take("cards") == [
        {
            "card": "c1",
            "worker_key": str(person.pk),
            "opened_on": dt.date(2026, 3, 1),
            "branch": "东门支行",
            "series": "s",
            "serial": 17,
        }
    ]


def test_the_latest_roster_speaks_for_a_card_on_two_sites():
    person = make.worker(1)
    make.enrol(make.project("P1"), person, card_hash="c1", card_branch="东门支行")
    make.enrol(make.project("P2"), person, card_hash="c1", card_branch="西门支行")
    assert [row["branch"] for row in take("cards")] == ["西门支行"]


def test_who_receives_is_the_worker_where_he_is_one_and_his_hash_otherwise():
    site, man, wife, other = make.project(), *(make.worker(n) for n in (1, 2, 3))
    make.enrol(site, man)
    make.enrol(site, wife, payee_hash=man.id_hash)
    make.enrol(site, other, payee_hash=finding_hash("id", make.id_number(9)))
    found = {row["worker_key"]: row["payee_key"] for row in take("enrolments")}
    stranger = finding_hash("id", make.id_number(9))
    assert found == {str(man.pk): None, str(wife.pk): str(man.pk), str(other.pk): stranger}


def test_people_with_one_phone_have_one_mark():
    site = make.project()
    make.enrol(site, make.worker(1), make.worker(2), make.worker(3))
    Worker.objects.exclude(pk=make.worker(3).pk).update(phone_hash="p")
    marks = {row["worker_key"]: row["phone"] for row in take("enrolments")}
    assert marks[str(make.worker(1).pk)] == marks[str(make.worker(2).pk)] == "p"
    assert marks[str(make.worker(3).pk)] is None


def test_what_left_a_card_stands_with_the_clock_of_the_place():
    flow("c1", make.at("2026-11-15", 10))
    assert take("card_flows") == [
        {
            "card": "c1",
            "at": dt.datetime(2026, 11, 15, 10),
            "amount_fen": 590_000,
            "to_account": "collector",
        }
    ]


@pytest.mark.parametrize(("heard", "seen"), [("2026-11-19", 1), ("2026-11-21", 0)])
def test_a_movement_counts_from_the_moment_a_bank_told_it(heard, seen):
    flow("c1", make.at("2026-11-15"), recorded_at=make.at(heard))
    assert len(take("card_flows")) == seen


def test_movements_long_ago_are_not_read():
    flow("c1", make.at("2026-07-20"))
    flow("c1", make.at("2026-07-19"))
    assert [row["at"].day for row in take("card_flows")] == [20]


def test_of_named_sites_only_their_cards_are_read_by_roster_or_list():
    sites = [make.project(code) for code in ("P1", "P2")]
    make.enrol(sites[0], make.worker(1), card_hash="c1")
    make.line(sites[0], MONTH, make.worker(2), card_hash="c2")
    make.enrol(sites[1], make.worker(3), card_hash="c3")
    for card in ("c1", "c2", "c3"):
        flow(card, make.at("2026-11-15"))
    found = {row["card"] for row in take("card_flows", project_ids=[sites[0].pk])}
    assert found == {"c1", "c2"}
    assert take("card_flows", project_ids=[]) == []


def paid_to(site, cards: dict[int, str], **enrolled):
    """October's pay of these people, arrived on 15 November, each on the card named."""
    for serial, card in cards.items():
        person = make.worker(serial)
        make.enrol(site, person, card_hash=card, **enrolled)
        make.pay(make.line(site, MONTH, person, card_hash=card), paid_on="2026-11-15")


def test_one_card_for_three_is_a_sign_until_the_roster_names_who_receives():
    site = make.project()
    paid_to(site, dict.fromkeys((1, 2, 3), "shared") | {4: "own"})
    run()
    sign = Warning.objects.get(rule="F01")
    assert (sign.people, sign.month, sign.advice) == (3, MONTH, True)
    Enrolment.objects.filter(worker__in=[make.worker(1), make.worker(2)]).update(
        payee_hash=make.worker(3).id_hash
    )
    run(project_ids=[site.pk])
    sign.refresh_from_db()
    assert sign.state == Warning.State.CLEARED


def test_cards_emptied_to_one_account_within_minutes_are_a_sign_and_a_family_is_none():
    site, home = make.project("P1"), make.project("P2")
    paid_to(site, {n: f"c{n}" for n in range(1, 6)})
    paid_to(home, {n: f"h{n}" for n in range(6, 9)})
    for minute in range(5):
        flow(f"c{minute + 1}", make.at("2026-11-15", 10) + dt.timedelta(minutes=minute))
    for serial in range(6, 9):
        flow(f"h{serial}", make.at("2026-11-15", 10), to="home")
    run()
    sign = Warning.objects.get(rule="F02")
    assert (sign.project_id, sign.people) == (site.pk, 5)
