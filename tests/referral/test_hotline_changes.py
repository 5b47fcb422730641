"""Two at the same moment: no change is skipped by who reads between them, and a ticket sent twice at once is one."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction

from anxin.clues.hotline import deliver
from anxin.clues.models import Clue, HotlineTicket, Telling
from anxin.evidence.journal import SYSTEM, record, verify
from anxin.referral.hotline_changes import changes_after
from anxin.registry.models import Organisation
from tests.casework.test_concurrency import at_once
from tests.referral.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def centre(transactional_db, city):
    return Organisation.objects.create(code="RX", name="云州市12345热线", kind="hotline", region=city.top)


def ticket(number: str) -> dict[str, str]:
    return {
        "number": number, "received_at": "2026-11-19 09:30", "text": f"欠我们工资，{number}", "region": "云城区",
    }  # fmt: skip


def change(number: str) -> None:
    """Something happens to a ticket; what, does not matter here."""
    clue = Clue.objects.get(sender_number=number)
    record(
        actor=SYSTEM, action="referral.accepted", object_type="clue", object_id=clue.pk, summary="变", now=NOW
    )


def test_a_change_under_way_is_not_skipped_by_one_that_came_later(centre):
    deliver(centre, [ticket("YZ-1"), ticket("YZ-2")], actor=SYSTEM, now=NOW)
    after = changes_after(centre, 0, 200).next
    written, go_on, failed = threading.Event(), threading.Event(), []

    def slow() -> None:
        try:
            with transaction.atomic():
                change("YZ-1")
                written.set()
                go_on.wait(20)
        except Exception as error:
            failed.append(error)
        finally:
            written.set()
            connections.close_all()

    def quick() -> None:
        try:
            change("YZ-2")
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    first, second = threading.Thread(target=slow), threading.Thread(target=quick)
    first.start()
    written.wait(20)
    second.start()
    second.join(1)
    # the later one waits for the earlier one: nobody can read past what is still under way
    assert second.is_alive()
    between = changes_after(centre, after, 200)
    assert (list(between.items), between.next) == ([], after)
    go_on.set()
    first.join(30)
    second.join(30)
    assert not failed
    seen = changes_after(centre, between.next, 200)
    assert [one.ticket_no for one in seen.items] == ["YZ-1", "YZ-2"]


def test_whoever_reads_meanwhile_has_read_every_change_in_the_end(centre):
    numbers = [f"YZ-{number}" for number in range(12)]
    deliver(centre, [ticket(number) for number in numbers], actor=SYSTEM, now=NOW)
    begin = changes_after(centre, 0, 200).next
    seen: list[str] = []
    done = threading.Event()

    def reading() -> None:
        after = begin
        while True:
            last = done.is_set()
            found = changes_after(centre, after, 3)
            seen.extend(one.ticket_no for one in found.items)
            after = found.next
            if last and not found.more:
                break

    def doing(part: int) -> None:
        if part == 3:
            reading()
            return
        for number in numbers[part::3]:
            change(number)

    closer = threading.Timer(3, done.set)
    closer.start()
    results = at_once(4, doing)
    closer.join()
    assert results == [None] * 4
    assert set(numbers) <= set(seen) and verify().intact


def test_one_ticket_sent_by_two_calls_at_once_is_one_clue(centre):
    results = at_once(4, lambda _: deliver(centre, [ticket("YZ-1")], actor=SYSTEM, now=NOW)[0].fate)
    assert sorted(map(str, results)) == ["accepted", "unchanged", "unchanged", "unchanged"]
    assert (Clue.objects.count(), Telling.objects.count(), HotlineTicket.objects.count()) == (1, 1, 1)


def test_one_change_sent_by_two_calls_at_once_is_one_telling(centre):
    deliver(centre, [ticket("YZ-1")], actor=SYSTEM, now=NOW)
    changed = ticket("YZ-1") | {"text": "补充：又来了两个人。"}
    results = at_once(4, lambda _: deliver(centre, [changed], actor=SYSTEM, now=NOW)[0].fate)
    assert sorted(map(str, results)) == ["changed", "unchanged", "unchanged", "unchanged"]
    assert Telling.objects.count() == 2
    assert Telling.objects.filter(superseded_at__isnull=True).count() == 1
