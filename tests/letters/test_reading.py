"""The keeper of the seal goes through the issued letter to its end, or the letter is not sealed."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence import files
from anxin.evidence.models import FileReading, JournalEntry
from anxin.kernel.refusal import Refused
from anxin.letters import reading, sealing
from anxin.signing.verifying import verify
from anxin.vouching.keys import roots
from tests.letters.conftest import issued


def seal(office, letter, who=None):
    return sealing.seal(
        letter, by=who or office.keeper, now=office.now, law=office.law, expected_version=letter.version
    )


def test_an_issued_letter_that_its_keeper_did_not_read_is_not_sealed(office):
    letter = issued(office)
    with pytest.raises(Refused, match="还没有看完这份文书"):
        seal(office, letter)
    reading.open_words(letter, by=office.keeper, now=office.now)
    with pytest.raises(Refused, match="还没有看完这份文书"):
        seal(office, letter)
    letter.refresh_from_db()
    assert (letter.state, letter.sealed_file) == ("seal", None)


def test_who_may_not_seal_is_not_shown_it_for_sealing(office):
    letter = issued(office)
    with pytest.raises(Refused, match="权限"):
        reading.open_words(letter, by=office.inspector, now=office.now)
    with pytest.raises(Refused, match="请重新打开"):
        reading.read_to_end(letter, by=office.keeper, now=office.now)
    assert not FileReading.objects.exists()


def test_the_seal_says_which_file_was_read_by_its_keeper_and_when(office):
    letter = issued(office)
    words = reading.open_words(letter, by=office.keeper, now=office.now - dt.timedelta(minutes=5))
    assert "欠薪风险的提示函" in words[0]["text"]
    reading.read_to_end(letter, by=office.keeper, now=office.now)
    done = seal(office, letter)
    pdf = files.read(done.sealed_file)
    said = verify(pdf, roots(), office.now).signers[0].identity
    assert (said["read_to_end"], said["reading"]["extent"]) == (True, "before_seal")
    assert said["reading"]["sha256"] == done.issued_file.sha256 != said["shown_sha256"]
    assert said["reading"]["ended_at"] == office.now.isoformat()
    assert "盖章人已打开全文看到末尾。" in sealing.judged(pdf, office.now).details
    keeper = f"user:{office.keeper.pk}"
    notes = JournalEntry.objects.filter(action__startswith="reading.").values_list("action", "actor")
    assert set(notes) == {("reading.opened", keeper), ("reading.ended", keeper)}
