"""Codes: what a token says, who can make one, what rotating does."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anxin.channels import codes, tokens
from anxin.channels.models import ScanCode
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused

NUMBERS = st.integers(min_value=0, max_value=2**32 - 1)
LETTERS = string.ascii_letters + string.digits + "-_=.~ /"


@given(NUMBERS)
def test_a_token_gives_back_its_number(number):
    token = tokens.token_of(number)
    assert len(token) == tokens.LENGTH
    assert set(token) <= set(string.ascii_lowercase + "234567")
    assert tokens.number_in(token) == number


@given(NUMBERS, st.integers(0, tokens.LENGTH - 1), st.sampled_from(LETTERS))
def test_any_changed_letter_is_refused(number, place, letter):
    token = tokens.token_of(number)
    assume(token[place] != letter)
    assert tokens.number_in(token[:place] + letter + token[place + 1 :]) is None


@given(st.text(max_size=24))
def test_made_up_texts_are_refused(text):
    assert tokens.number_in(text) is None


@given(NUMBERS, st.text(alphabet=LETTERS, min_size=1, max_size=4))
def test_a_longer_or_shorter_text_is_refused(number, more):
    token = tokens.token_of(number)
    assert tokens.number_in(token + more) is None
    assert tokens.number_in(token[: -len(more)]) is None


def test_a_token_of_another_installation_is_refused(settings):
    token = tokens.token_of(7)
    settings.ANXIN_DATA_KEY = b"another installation's key 32 by"
    assert tokens.number_in(token) is None


def test_a_board_says_site_owner_and_contractor_in_two_queries(board, sites, django_assert_num_queries):
    token = tokens.token_of(board.pk)
    with django_assert_num_queries(2):
        found = codes.resolve(token)
    assert (found.project, found.owner, found.contractor) == (sites.here, sites.owner, sites.builder)
    assert found.current
    assert found.token == token


def test_a_signed_number_without_a_row_is_refused(db):
    assert codes.resolve(tokens.token_of(4_000_000)) is None


def test_a_site_without_participants_is_still_found(sites, actor, now):
    (code,) = codes.issue_boards([sites.there], actor=actor, now=now)
    found = codes.resolve(tokens.token_of(code.pk))
    assert (found.project, found.owner, found.contractor) == (sites.there, None, None)


def test_boards_asked_for_twice_stay_the_same_and_leave_one_entry(sites, actor, now):
    both = [sites.here, sites.there]
    first = codes.issue_boards(both, actor=actor, now=now)
    again = codes.issue_boards(both, actor=actor, now=now)
    assert [code.pk for code in first] == [code.pk for code in again]
    assert JournalEntry.objects.filter(action="scan_code.issued").count() == 1


def test_helmets_are_numbered_on(sites, actor, now):
    codes.issue_helmets([sites.here], count=3, actor=actor, now=now)
    more = codes.issue_helmets([sites.here], count=2, actor=actor, now=now)
    assert [code.number for code in more] == [4, 5]


@pytest.mark.parametrize("count", [0, -1, codes.HELMETS_AT_MOST + 1])
def test_a_number_of_helmets_that_cannot_be_is_refused(count, sites, actor, now):
    with pytest.raises(Refused) as refused:
        codes.issue_helmets([sites.here], count=count, actor=actor, now=now)
    assert refused.value.field == "count"
    assert not ScanCode.objects.exists()


def test_more_helmets_than_a_site_has_are_refused(sites, actor, now):
    codes.issue_helmets([sites.here], count=codes.HELMETS_AT_MOST, actor=actor, now=now)
    with pytest.raises(Refused, match="最多"):
        codes.issue_helmets([sites.here], count=1, actor=actor, now=now)


def test_rotating_makes_the_next_generation_and_keeps_the_old_one_readable(board, sites, actor, now):
    (new,) = codes.rotate([board], reason="告示牌丢失", actor=actor, now=now)
    assert (new.project, new.kind, new.number, new.generation) == (sites.here, "board", 1, 2)
    old = codes.resolve(tokens.token_of(board.pk))
    assert not old.current
    assert old.project == sites.here
    assert codes.resolve(tokens.token_of(new.pk)).current
    assert tokens.token_of(new.pk) != tokens.token_of(board.pk)
    entry = JournalEntry.objects.get(action="scan_code.rotated")
    assert "告示牌丢失" in entry.summary


def test_rotating_needs_a_reason(board, actor, now):
    with pytest.raises(Refused) as refused:
        codes.rotate([board], reason="  ", actor=actor, now=now)
    assert refused.value.field == "reason"
    assert ScanCode.objects.get().current


def test_a_code_is_rotated_once(board, actor, now):
    codes.rotate([board], reason="丢失", actor=actor, now=now)
    with pytest.raises(Refused, match="已经换过"):
        codes.rotate([board], reason="丢失", actor=actor, now=now)
