"""A bank's own accounts over the interface: seen, filled row by row, once."""

from __future__ import annotations

import pytest

from anxin.evidence.models import JournalEntry
from anxin.funds.models import AccountBalance, AccountEntry
from tests.web.api.world import NUMBER, held_by

ACCOUNTS = "/api/v1/accounts"


@pytest.fixture
def mine(bank, actor, now):
    return held_by(bank, 1, actor, now)


@pytest.fixture
def at(mine):
    return f"{ACCOUNTS}/{mine.account.line_id}"


def row(**parts):
    return {
        "booked_on": "2026-09-01",
        "direction": "in",
        "amount_fen": 1_000_000,
        "reference": "R1",
        "purpose": "2026年8月人工费",
        **parts,
    }


def fates(answer) -> list[str]:
    return [one["fate"] for one in answer.json()["rows"]]


def test_a_bank_sees_its_account_with_the_number_masked(mine, caller):
    (seen,) = caller().get(ACCOUNTS).json()["items"]
    assert (seen["id"], seen["project"]["code"], seen["balance"]) == (mine.account.line_id, "P1", None)
    assert NUMBER not in seen["number"]


def test_an_account_is_found_by_its_number_which_stands_in_no_address(mine, caller):
    bank = caller()
    assert [one["id"] for one in bank.post(f"{ACCOUNTS}/find", {"number": f"{NUMBER}1"}).json()["items"]] == [
        mine.account.line_id
    ]
    assert bank.post(f"{ACCOUNTS}/find", {"number": "123456789"}).json()["items"] == []


def test_a_correction_of_the_record_keeps_the_accounts_name_in_addresses(mine, at, bank, actor, now, caller):
    from anxin.funds.services_register import record_special_account

    record_special_account(
        mine.account.project, bank=bank, number="990000000999999", opened_on=mine.account.opened_on,
        replaces=mine.account, actor=actor, now=now,
    )  # fmt: skip
    assert caller().get(at).json()["id"] == mine.account.line_id


def test_rows_are_taken_one_by_one_and_a_bad_one_says_what_is_wrong(mine, at, caller):
    answer = caller().post(f"{at}/entries", {"entries": [row(), row(booked_on="2026-01-01"), row()]})
    assert fates(answer) == ["accepted", "refused", "accepted"]
    bad = answer.json()["rows"][1]
    assert (bad["row"], bad["code"], bad["field"]) == (2, "invalid", "booked_on")
    assert "早于开户日期" in bad["message"]
    assert AccountEntry.objects.count() == 2


def test_the_same_rows_under_another_word_change_nothing(mine, at, caller):
    bank = caller()
    bank.post(f"{at}/entries", {"entries": [row(), row(reference="R2")]})
    journal = JournalEntry.objects.count()
    answer = bank.post(f"{at}/entries", {"entries": [row(), row(reference="R2")]})
    assert fates(answer) == ["unchanged", "unchanged"]
    assert (AccountEntry.objects.count(), JournalEntry.objects.count()) == (2, journal)


def test_the_same_word_gives_the_same_answer_and_another_body_is_refused(mine, at, caller):
    bank = caller()
    first = bank.post(f"{at}/entries", {"entries": [row()]}, Idempotency_Key="word-same-1")
    again = bank.post(f"{at}/entries", {"entries": [row()]}, Idempotency_Key="word-same-1")
    other = bank.post(f"{at}/entries", {"entries": [row(amount_fen=2)]}, Idempotency_Key="word-same-1")
    assert again.content == first.content and again["X-Anxin-Repeated"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert AccountEntry.objects.count() == 1


def test_what_was_taken_can_be_read_back_in_pieces(mine, at, caller):
    bank = caller()
    bank.post(f"{at}/entries", {"entries": [row(reference=f"R{n}") for n in range(3)]})
    first = bank.get(f"{at}/entries?limit=2").json()
    rest = bank.get(f"{at}/entries?limit=2&after={first['next']}").json()
    assert [one["reference"] for one in first["items"] + rest["items"]] == ["R0", "R1", "R2"]
    assert rest["next"] is None


def test_the_counterpartys_account_is_masked_when_it_is_read_back(mine, at, caller):
    bank = caller()
    bank.post(f"{at}/entries", {"entries": [row(counterparty_account="9900000000000000017")]})
    (seen,) = bank.get(f"{at}/entries").json()["items"]
    assert seen["counterparty_account"].endswith("0017") and "990000000" not in seen["counterparty_account"]


def test_a_balance_is_put_once_and_corrected_by_putting_it_again(mine, at, caller):
    bank = caller()
    put = [bank.call("PUT", f"{at}/balances/2026-09-30", {"balance_fen": fen}) for fen in (5, 5, 0)]
    assert [one.json()["fate"] for one in put] == ["accepted", "unchanged", "accepted"]
    assert AccountBalance.objects.get(superseded_at=None).balance_fen == 0
    assert bank.get(at).json()["balance"] == {"on": "2026-09-30", "balance_fen": 0}


def test_a_balance_of_a_day_to_come_is_refused_with_its_field(mine, at, caller):
    answer = caller().call("PUT", f"{at}/balances/2026-12-31", {"balance_fen": 5})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "invalid", "on")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount_fen": 100.5}, "amount_fen"),
        ({"amount_fen": 100.0}, "amount_fen"),
        ({"amount_fen": "100"}, "amount_fen"),
        ({"amount_fen": True}, "amount_fen"),
        ({"amount_fen": 0}, "amount_fen"),
        ({"amount_fen": 10**30}, "amount_fen"),
        ({"booked_on": 20260901}, "booked_on"),
        ({"booked_on": "2026-09-31"}, "booked_on"),
        ({"booked_on": "2026-09-01T00:00:00"}, "booked_on"),
        ({"direction": "both"}, "direction"),
        ({"reversal": "yes"}, "reversal"),
        ({"purpose": "x" * 201}, "purpose"),
        ({"purpose": None}, "purpose"),
        ({"month": "2026-13"}, "month"),
        ({"counterparty_account": "12345"}, "counterparty_account"),
        ({"amount": "100.00"}, "amount"),
    ],
)
def test_a_batch_that_is_not_as_described_is_refused_whole_with_row_and_field(
    change, field, mine, at, caller
):
    answer = caller().post(f"{at}/entries", {"entries": [row(), row(**change)]})
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "invalid")
    assert (told["row"], told["field"]) == (2, field)
    assert not AccountEntry.objects.exists()


@pytest.mark.parametrize("text", ["nul\0", "line\nbreak", "\ud800"])
def test_characters_that_nobody_types_are_refused(text, mine, at, caller):
    answer = caller().post(f"{at}/entries", {"entries": [row(purpose=text)]})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"entries": [NaN]}',
        b'{"entries": [1e999999]}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" + b"9" * 10_000 + b"]",
        b"null",
        b"[]",
        b'"x"',
        b"1",
        '{"entries": []}'.encode("utf-16"),
    ],
)
def test_bodies_that_are_none_are_refused_in_a_sentence(body, mine, at, caller):
    answer = caller().call("POST", f"{at}/entries", body)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("body_unreadable", "invalid") and answer.json()["message"]


def test_a_name_twice_in_one_object_is_refused(mine, at, caller):
    answer = caller().call("PUT", f"{at}/balances/2026-09-30", b'{"balance_fen": 1, "balance_fen": 2}')
    assert (answer.status_code, answer.json()["code"]) == (400, "body_unreadable")


def test_too_many_rows_are_told_how_many_may_come(mine, at, caller):
    answer = caller().post(f"{at}/entries", {"entries": [row()] * 2001})
    assert (answer.status_code, answer.json()["field"]) == (422, "entries")
    assert "2000" in answer.json()["message"]


def test_a_sandbox_key_is_answered_the_same_and_nothing_is_kept(mine, at, caller):
    trial = caller(sandbox=True)
    journal = JournalEntry.objects.count()
    answer = trial.post(f"{at}/entries", {"entries": [row(), row(booked_on="2026-01-01")]})
    assert (fates(answer), answer.json()["sandbox"]) == (["accepted", "refused"], True)
    assert (AccountEntry.objects.count(), JournalEntry.objects.count()) == (0, journal)


def test_a_sandbox_keeps_the_callers_words_so_that_repeating_can_be_tried(mine, at, caller):
    trial = caller(sandbox=True)
    first = trial.post(f"{at}/entries", {"entries": [row()]}, Idempotency_Key="word-same-1")
    again = trial.post(f"{at}/entries", {"entries": [row()]}, Idempotency_Key="word-same-1")
    other = trial.post(f"{at}/entries", {"entries": [row(amount_fen=2)]}, Idempotency_Key="word-same-1")
    assert (again.content, again["X-Anxin-Repeated"]) == (first.content, "true")
    assert other.status_code == 409
    assert not AccountEntry.objects.exists()


def test_a_sandbox_key_reads_counterparties_masked(mine, at, caller):
    caller().post(f"{at}/entries", {"entries": [row(counterparty="甲工人壹")]})
    (seen,) = caller(sandbox=True).get(f"{at}/entries").json()["items"]
    assert (seen["counterparty"][0], "甲工人壹" in seen["counterparty"]) == ("甲", False)
    (whole,) = caller().get(f"{at}/entries").json()["items"]
    assert whole["counterparty"] == "甲工人壹"


@pytest.mark.parametrize("query", ["?limit=0", "?limit=201", "?after=-1", "?after=x", "?page=2"])
def test_a_question_that_is_none_is_refused_with_its_name(query, mine, caller):
    answer = caller().get(f"{ACCOUNTS}{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["field"] == query[1:].partition("=")[0]
