"""A list typed off its photograph: kept as a draft, good rows go in, the others stay with their reason."""

from __future__ import annotations

import pytest

from anxin.clues.claimants import add_photo
from anxin.clues.list_typing import Draft, TypedRow, draft_of, keep_draft, take_in
from anxin.clues.models import Amount, Claimant, Clue, ListPhoto
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from tests.clues.conftest import NOW, ticket
from tests.monitoring.factories import id_number
from tests.web.cases import a_picture


@pytest.fixture
def photo(told, office) -> ListPhoto:
    clue: Clue = told(ticket("1"))[0]
    return add_photo(clue, a_picture(), by=office.inspector, now=NOW)


def row(serial: int, **changes: object) -> TypedRow:
    fields = {"name": f"工人{serial}", "id_number": id_number(serial), "amount": "1200.50", **changes}
    return TypedRow(**fields)  # type: ignore[arg-type]


def again(photo: ListPhoto) -> ListPhoto:
    return ListPhoto.objects.get(pk=photo.pk)


def test_a_draft_is_found_again_sealed_and_counts_for_nothing(photo, office):
    draft = Draft([row(1), TypedRow()], stated="2401")
    keep_draft(photo, draft, by=office.inspector)
    kept = draft_of(again(photo))
    assert (kept.rows, kept.stated) == ([row(1, unsure=[])], "2401")
    raw = bytes(ListPhoto.objects.filter(pk=photo.pk).values_list("draft", flat=True)[0].envelope)
    assert "工人1".encode() not in raw and id_number(1).encode() not in raw
    assert not Claimant.objects.exists()


def test_good_rows_go_in_and_the_others_stay_with_their_reason(photo, office):
    rows = [row(1), row(2, id_number="990101199001010010"), row(3, amount="一千多"), TypedRow()]
    told = take_in(photo, Draft(rows), by=office.inspector, now=NOW)
    assert (told.written.added, told.left) == (1, 2)
    left = draft_of(again(photo)).rows
    assert [one.name for one in left] == ["工人2", "工人3"] and all(one.problem for one in left)
    assert Amount.objects.get().fen == 120_050 and Amount.objects.get().source == "worker"
    photo.clue.refresh_from_db()
    assert photo.clue.people == 1


def test_a_cell_that_a_machine_read_is_not_taken_in_before_somebody_has_looked(photo, office):
    told = take_in(photo, Draft([row(1, unsure=["amount"])]), by=office.inspector, now=NOW)
    assert told.left == 1 and not Claimant.objects.exists() and not Amount.objects.exists()
    assert "金额（元）是机器读的" in draft_of(again(photo)).rows[0].problem
    assert take_in(photo, Draft([row(1)]), by=office.inspector, now=NOW).written.added == 1
    assert draft_of(again(photo)).rows == ()


def test_the_same_rows_again_change_nothing_and_leave_no_entry(photo, office):
    take_in(photo, Draft([row(1)]), by=office.inspector, now=NOW)
    told = take_in(photo, Draft([row(1)]), by=office.inspector, now=NOW)
    assert told.written.unchanged == 1 and Claimant.objects.count() == 1
    assert JournalEntry.objects.filter(action="clue.list_typed").count() == 1


def test_the_sums_are_the_word_of_whom_the_paper_says(photo, office):
    take_in(photo, Draft([row(1)], source="subcontractor"), by=office.inspector, now=NOW)
    assert Amount.objects.get().source == "subcontractor"
    with pytest.raises(Refused, match="金额是谁说的"):
        take_in(photo, Draft([row(2)], source="settled"), by=office.inspector, now=NOW)


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (Draft(), "还没有录入任何人"),
        (Draft([row(1)] * 201), "最多录200人"),
        (Draft([row(1, trade="工" * 61)]), "太长"),
    ],
)
def test_what_cannot_be_taken_is_said_in_a_sentence(photo, office, draft, says):
    with pytest.raises(Refused, match=says):
        take_in(photo, draft, by=office.inspector, now=NOW)


def test_who_may_not_work_the_clue_neither_keeps_a_draft_nor_takes_in(photo, office):
    for act in (lambda: keep_draft(photo, Draft([row(1)]), by=office.outsider),
                lambda: take_in(photo, Draft([row(1)]), by=office.outsider, now=NOW)):  # fmt: skip
        with pytest.raises(Refused, match="没有办理这条线索名单的权限"):
            act()
    assert again(photo).draft is None and not Claimant.objects.exists()
