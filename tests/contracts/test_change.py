"""A change of a contract: both sides sign it, the old terms hold until then, and it falls with the contract it changes."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.contracts import acting, drafting, ending, papers, seals
from anxin.contracts.models import Contract, ContractBatch
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.workforce.models import Enrolment
from tests.contracts.conftest import start
from tests.contracts.test_signing import in_force, read_and_sign
from tests.support.readings import ask_seals

State, Kind = Contract.State, ContractBatch.Kind


@pytest.fixture
def old(sent, site, now) -> Contract:
    """In force until the end of the year, 300 a day."""
    Contract.objects.filter(pk=sent[0].pk).update(ends_on=dt.date(2026, 12, 31))
    sent[0].refresh_from_db()
    return in_force(sent[0], site, now)


def changed(site, now, **more) -> Contract:
    """The roster says 350 now; the change is made and sent."""
    Enrolment.objects.filter(worker=site.people[0], superseded_at__isnull=True).update(agreed_wage="350元/天")
    started = start(site, now, kind=Kind.CHANGE, **more)
    assert started.made == 1
    drafting.make_batch(started.batch.pk, now=now)
    return started.batch.contracts.get()


def roster(contract: Contract) -> Enrolment:
    return Enrolment.objects.get(worker=contract.worker, superseded_at__isnull=True)


def test_the_old_terms_hold_until_both_have_signed_the_change(old, site, now):
    new = changed(site, now)
    assert (new.previous_id, new.begins_on, new.ends_on) == (old.pk, old.begins_on, dt.date(2026, 12, 31))
    said = [" ".join(part["text"] for part in papers.words_of(one)) for one in (old, new)]
    assert ["每日300元" in said[0], "每日350元" in said[1]] == [True, True]
    for step in (
        lambda: None,
        lambda: read_and_sign(new, now),
        lambda: ask_seals([new.pk], user=site.clerk, now=now),
    ):
        step()
        old.refresh_from_db()
        assert (old.state, roster(old).contract_number) == (State.IN_FORCE, old.number)
    kept = old.file_id
    assert seals.seal_asked(now=now) == 1
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state, old.file_id) == (State.REPLACED, State.IN_FORCE, kept)
    assert (roster(old).contract_number, roster(old).contract_until) == (new.number, dt.date(2026, 12, 31))
    started = JournalEntry.objects.filter(action="contracts.started").order_by("sequence").last()
    assert "为1人变更劳动合同" in started.summary
    signed = JournalEntry.objects.filter(action="contract.signed", object_id=str(new.pk))
    assert signed.count() == 1
    force = JournalEntry.objects.filter(action="contracts.in_force").order_by("sequence").last()
    assert list(force.after["files"]) == [new.number]


def test_a_change_has_dates_of_its_own_where_the_clerk_gives_them(old, site, now):
    new = changed(site, now, begins_on=dt.date(2026, 12, 1), ends_on=dt.date(2027, 5, 31))
    assert (new.begins_on, new.ends_on) == (dt.date(2026, 12, 1), dt.date(2027, 5, 31))


@pytest.mark.parametrize("way", ["refused", "withdrawn"])
def test_a_change_that_comes_to_nothing_leaves_the_contract_as_it_was(old, site, now, way):
    new = changed(site, now)
    if way == "refused":
        acting.refuse(new, worker=new.worker, words="降了工资，我不同意", now=now)
    else:
        acting.act("withdraw", [new.pk], user=site.clerk, now=now, reason="写错了工种")
    old.refresh_from_db()
    assert (old.state, roster(old).contract_number) == (State.IN_FORCE, old.number)
    assert changed(site, now).state == State.SENT  # and can be tried again


def test_who_has_no_contract_in_force_has_nothing_to_change(sent, site, now):
    with pytest.raises(Refused, match="没有有效的合同"):
        start(site, now, kind=Kind.CHANGE)


def test_one_change_at_a_time_and_only_by_the_own_clerk(old, site, now):
    with pytest.raises(Refused, match="不能为这个单位"):
        start(site, now, kind=Kind.CHANGE, user=site.stranger)
    changed(site, now)
    with pytest.raises(Refused, match="正在签"):
        start(site, now, kind=Kind.CHANGE)


def test_what_has_run_out_is_renewed_and_not_changed(old, site, now):
    later = now + dt.timedelta(days=60)
    with pytest.raises(Refused, match="到期的请用“续订”"):
        start(site, later, kind=Kind.CHANGE)
    assert start(site, later, kind=Kind.RENEWAL).made == 1


def test_a_change_falls_with_the_contract_that_ends_and_brings_nothing_back(old, site, now):
    new = changed(site, now)
    read_and_sign(new, now)
    ask_seals([new.pk], user=site.clerk, now=now)
    ending.end_contract(
        old, reason="agreed", ended_on=now.date(), words="双方协商一致，工资结清", user=site.clerk, now=now
    )
    assert seals.seal_asked(now=now) == 0
    new.refresh_from_db()
    old.refresh_from_db()
    assert (old.state, new.state) == (State.ENDED, State.WITHDRAWN)
    assert old.number in new.reason
    entry = JournalEntry.objects.get(action="contract.ended")
    assert entry.after["given_up"] == [new.number]
    assert start(site, now).made == 1  # a new one can be made: nothing is left open


def test_a_renewal_of_what_has_run_out_goes_on_when_the_end_is_recorded(old, site, now):
    later = now + dt.timedelta(days=60)
    started = start(site, later, kind=Kind.RENEWAL, ends_on=dt.date(2027, 6, 30))
    drafting.make_batch(started.batch.pk, now=later)
    new = started.batch.contracts.get()
    assert new.begins_on == dt.date(2027, 1, 1)  # the day after the old one
    ending.end_contract(
        old,
        reason="expired",
        ended_on=old.ends_on,
        words="合同到期，另订续订合同",
        user=site.clerk,
        now=later,
    )
    new.refresh_from_db()
    assert new.state == State.SENT
