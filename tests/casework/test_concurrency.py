"""Two people at the same moment: one number each, one step once, one mark once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from anxin.casework import flow
from anxin.casework.due import run_due
from anxin.casework.models import Matter, OversightMark, Step
from anxin.evidence.journal import verify
from anxin.kernel.refusal import Refused
from anxin.notices.models import Notice
from tests.casework.conftest import day
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, doing) -> list[object]:
    """What each of the threads returned or raised, all starting together."""
    gate = threading.Barrier(count)
    results: list[object] = [None] * count

    def run(number: int) -> None:
        gate.wait()
        try:
            results[number] = doing(number)
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_numbers_without_gaps_or_doubles(transactional_db, world):
    def opening(number: int) -> str:
        made = []
        for attempt in range(3):
            try:
                made.append(world.matter(title="" if (number + attempt) % 4 == 0 else "甲").number)
            except Refused:
                continue
        return "，".join(made)

    results = at_once(6, opening)
    assert not [result for result in results if isinstance(result, Exception)]
    numbers = sorted(Matter.objects.values_list("number", flat=True))
    assert numbers == [f"990102〔2026〕试办甲程序{serial:04d}号" for serial in range(1, len(numbers) + 1)]
    assert len(numbers) >= 12
    assert verify().intact


def test_a_step_is_taken_once_by_one(transactional_db, world):
    matter = world.matter()

    def taking(number: int) -> Step:
        who = (world.inspector, world.colleague)[number % 2]
        return flow.take(
            Matter.objects.get(pk=matter.pk), "refuse", by=who, on=day("2026-03-05"),
            now=make.at("2026-03-05"), law=world.law, expected_version=1,
        )  # fmt: skip

    results = at_once(4, taking)
    assert sum(isinstance(result, Step) for result in results) == 1
    assert all("刷新" in str(result) for result in results if isinstance(result, Refused))
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert matter.steps.count() == 2
    assert matter.deadlines.count() == 2
    assert verify().intact


def test_two_runs_of_the_day_mark_and_tell_once(transactional_db, world):
    matter = world.matter()
    refused = world.matter()
    world.take(refused, "refuse", "2026-03-05")
    results = at_once(2, lambda _: run_due(day("2026-03-16"), now=make.at("2026-03-16"), law=world.law))
    assert not [result for result in results if isinstance(result, Exception)]
    assert sum(report.failed for report in results) == 0
    assert OversightMark.objects.count() == 1
    assert matter.steps.filter(kind=Step.Kind.MISSED).count() == 1
    assert refused.steps.filter(kind=Step.Kind.AUTOMATIC).count() == 1
    told = list(Notice.objects.filter(kind="oversight").values_list("to", "once_key"))
    assert len(told) == len(set(told)) == 3


def test_the_same_step_by_hand_and_by_itself(transactional_db, world):
    """Whoever comes second finds the matter elsewhere; nothing is done twice."""
    matter = world.matter()
    world.take(matter, "refuse", "2026-03-05")

    def doing(number: int) -> object:
        if number == 0:
            return run_due(day("2026-03-13"), now=make.at("2026-03-13"), law=world.law)
        return flow.take(
            Matter.objects.get(pk=matter.pk), "object", by=world.inspector, on=day("2026-03-12"),
            now=make.at("2026-03-13"), law=world.law, expected_version=2,
        )  # fmt: skip

    at_once(2, doing)
    matter.refresh_from_db()
    assert matter.state in ("closed", "registered")
    moved = [step.transition for step in matter.steps.order_by("pk") if step.kind != Step.Kind.MISSED]
    assert moved in (["open", "refuse", "give_up"], ["open", "refuse", "object"])
    assert verify().intact


def test_the_database_refuses_a_clock_that_runs_twice(transactional_db, world):
    from django.db import IntegrityError

    matter = world.matter()
    clock = matter.deadlines.get()
    clock.pk = None
    with pytest.raises(IntegrityError):
        clock.save(force_insert=True)
    assert connection.is_usable()
