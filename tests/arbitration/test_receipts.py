"""The day of an award's service is the day its addressee received it, and nobody else's."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.arbitration import aftermath, papers, party_facts, receipts
from anxin.casework import flow, services
from anxin.casework.clockwork import Words
from anxin.kernel.refusal import Refused
from anxin.letters.models import Letter, Service
from tests.arbitration.conftest import DAY, NOW, TODAY, a_case, again, at, claimed, decided, found, with_paper

LATER = TODAY + 5 * DAY
WORKER, EMPLOYER = aftermath.EVENTS.values()


def an_award(bench, people: int):
    """An award of each applicant's claim, with the matter of its remedies begun."""
    case = a_case(bench, procedure="arbitration_collective", people=people)
    for number in range(1, people + 1):
        found(bench, claimed(bench, case, number))
    (award,) = decided(bench, case)
    with_paper(bench, case)
    aftermath.begin(award, by=bench.inspector, now=NOW, law=bench.law)
    award.refresh_from_db()
    return award


def served(bench, award, event: str, receiver: str, on: dt.date = TODAY, matter=None) -> bool:
    service = Service(
        letter=Letter(number="云劳人仲裁〔2026〕1号"), receiver=receiver, served_on=on, event_matter=matter or award.after, event_name=event
    )  # fmt: skip
    return receipts.from_service(service, bench.inspector, at(LATER), bench.law)


def test_each_service_is_the_receipt_of_its_addressee_and_the_last_one_that_of_all(bench):
    award = an_award(bench, 2)
    assert served(bench, award, WORKER, "赵某某")
    assert not award.after.event_dates.filter(
        name=WORKER
    ).exists()  # one of two: nobody's time is over before theirs
    assert served(bench, award, EMPLOYER, "某建工公司", TODAY + DAY)
    assert served(bench, award, WORKER, "钱某某", TODAY + 2 * DAY)
    days = dict(award.after.event_dates.values_list("name", "on"))
    assert days[WORKER] == days[aftermath.LAST] == TODAY + 2 * DAY
    assert days[EMPLOYER] == TODAY + DAY
    rows = {one.applicant and one.applicant.number: (one.on, one.how) for one in award.received.all()}
    assert rows[1] == (TODAY, "云劳人仲裁〔2026〕1号的送达回证")
    assert set(rows) == {1, 2, None}


def test_of_several_applicants_the_addressee_must_be_one(bench):
    award = an_award(bench, 2)
    with pytest.raises(Refused, match="其中一位的姓名"):
        served(bench, award, WORKER, "赵某某等2人")
    assert not award.received.exists()


def test_other_days_and_other_matters_are_left_to_casework(bench):
    award = an_award(bench, 1)
    assert not served(bench, award, "被申请人收到申请书副本之日", "某建工公司")
    assert not served(bench, award, WORKER, "赵某某", matter=award.case.matter)
    assert not award.received.exists()
    assert served(bench, award, WORKER, "赵某某本人")  # of a single applicant nobody needs the exact name
    assert award.received.get().applicant.number == 1


def test_an_award_names_the_day_of_acceptance_and_not_of_the_application(bench):
    ordinary = again(a_case(bench, procedure="arbitration", people=1, heard=False)).matter
    assert papers.known(ordinary)["accepted_on"] is None
    assert papers.known(ordinary)["received_on"] == TODAY
    services.attach(
        ordinary, kind="arbitration_acceptance_notice", data=b"%PDF-1.4", filename="受理.pdf", by=bench.inspector, now=NOW, law=bench.law
    )  # fmt: skip
    flow.take(
        ordinary, "accept", by=bench.inspector, on=TODAY + DAY, now=at(TODAY + DAY), law=bench.law, expected_version=ordinary.version,
        words=Words(body="arbitration_commission"),
    )  # fmt: skip
    assert papers.known(ordinary)["accepted_on"] == TODAY + DAY
    simple = again(a_case(bench, people=1)).matter
    assert papers.known(simple)["accepted_on"] == TODAY


def test_the_defence_begins_with_the_day_the_copy_came(bench):
    matter = again(a_case(bench, procedure="arbitration", people=2, heard=False)).matter
    assert party_facts.defence(matter) == {"copy_on": None, "copies_made": 2}
    services.set_event(
        matter, "被申请人收到申请书副本之日", TODAY, by=bench.inspector, now=NOW, law=bench.law, expected_version=matter.version
    )  # fmt: skip
    assert party_facts.defence(matter)["copy_on"] == TODAY
