"""Numbers of a register: one after another, whoever issues at the same moment, and none lost where an issue fails."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction

from anxin.kernel.refusal import Refused
from anxin.letters import issuing
from anxin.letters.heads import enter_head
from anxin.letters.models import Letter, LetterHead, NumberRegister
from anxin.letters.numbering import next_number
from anxin.registry.models import Organisation
from tests.letters.conftest import issued, reviewed
from tests.support.letters import needs_faces


def test_each_kind_office_and_year_counts_by_itself(office):
    head = LetterHead.objects.get()
    other = Organisation.objects.create(
        code="TWN", name="东湖街道办事处", kind="town", region=office.body.region
    )
    other_head = enter_head(
        other, {"prefix": "东", "issuer": "东湖街道办事处"}, by=office.leader, now=office.now
    )
    asked = [
        (office.body, head, "人社监令", 2026), (office.body, head, "人社监令", 2026), (office.body, head, "治欠提", 2026),
        (office.body, head, "人社监令", 2027), (other, other_head, "人社监令", 2026),
    ]  # fmt: skip
    with transaction.atomic():
        given = [
            next_number(office=one, head=its, register=register, year=year).text
            for one, its, register, year in asked
        ]
    assert given == [
        "云人社监令〔2026〕1号", "云人社监令〔2026〕2号", "云治欠提〔2026〕1号", "云人社监令〔2027〕1号", "东人社监令〔2026〕1号",
    ]  # fmt: skip


def test_a_failed_issue_leaves_no_gap(office, monkeypatch):
    needs_faces()
    letter = reviewed(office)

    def no_disk(*_: object, **__: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(issuing.files, "store", no_disk)
        with pytest.raises(OSError, match="disk full"):
            issuing.issue(letter, by=office.leader, now=office.now, law=office.law, expected_version=3)
    letter.refresh_from_db()
    assert (letter.number, letter.state) == ("", "issue")
    assert not NumberRegister.objects.filter(last__gt=0).exists()
    made = issuing.issue(letter, by=office.leader, now=office.now, law=office.law, expected_version=3)
    assert made.number.endswith("〕1号")


def test_two_offices_never_share_a_sign_and_a_used_one_stays(office):
    needs_faces()
    other = Organisation.objects.create(
        code="TWN", name="东湖街道办事处", kind="town", region=office.body.region
    )
    with pytest.raises(Refused, match="另一个单位"):
        enter_head(other, {"prefix": "云", "issuer": "街道"}, by=office.leader, now=office.now)
    with pytest.raises(Refused, match="1至6个汉字"):
        enter_head(other, {"prefix": "Y1", "issuer": "街道"}, by=office.leader, now=office.now)
    with pytest.raises(Refused, match="没有"):
        enter_head(other, {"prefix": "东", "issuer": "街道"}, by=office.inspector, now=office.now)
    issued(office)
    with pytest.raises(Refused, match="不能再改"):
        enter_head(office.body, {"prefix": "州", "issuer": "某局"}, by=office.leader, now=office.now)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_numbers_without_gaps_or_doubles(transactional_db, office):
    """Eight at the same moment, each four times, every third failing after it was given its number."""
    head = LetterHead.objects.get()
    gate = threading.Barrier(8)
    given: list[int] = []
    broken: list[BaseException] = []

    def issuing_at_once(who: int) -> None:
        gate.wait(60)
        try:
            for turn in range(4):
                with transaction.atomic():
                    number = next_number(office=office.body, head=head, register="人社监令", year=2026)
                    if (who + turn) % 3 == 0:
                        transaction.set_rollback(True)
                    else:
                        given.append(number.serial)
        except BaseException as error:
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=issuing_at_once, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not broken
    assert sorted(given) == list(range(1, len(given) + 1))
    assert len(given) > 16
    assert NumberRegister.objects.get(register="人社监令").last == len(given)


@pytest.mark.django_db(transaction=True)
def test_one_letter_is_issued_once_by_two(transactional_db, office):
    needs_faces()
    letter = reviewed(office)
    gate = threading.Barrier(2)
    results: list[object] = []

    def at_once() -> None:
        gate.wait(60)
        try:
            mine = Letter.objects.get(pk=letter.pk)
            results.append(
                issuing.issue(
                    mine, by=office.leader, now=office.now, law=office.law, expected_version=3
                ).number
            )
        except Refused as refused:
            results.append(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=at_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(isinstance(one, Refused) for one in results) == [False, True]
    assert NumberRegister.objects.get().last == 1
