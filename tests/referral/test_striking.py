"""销号 by a person, the ledger on the screen and the months: what is met, what is not, and what a later opening leaves."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from python_calamine import CalamineWorkbook

from anxin.accounts.models import User
from anxin.casework.models import Deadline, Document
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.models import Clue
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.referral import services
from anxin.referral.counting import Span, figures
from anxin.referral.ledger import ledger_workbook
from anxin.referral.ledger_page import LedgerFilters, filtered, ledger_page
from anxin.referral.models import Closing
from anxin.referral.trend import trend
from tests.referral.clues import a_clue, paper, to_the_end
from tests.referral.conftest import NOW

DAY = NOW.date()
FEN = 1_860_000


def later(days: int) -> dt.datetime:
    return NOW + dt.timedelta(days=days)


def span(as_of: int = 30, **more) -> Span:
    return Span(**{"first": DAY, "last": DAY, "as_of": DAY + dt.timedelta(days=as_of), **more})


def conclude(city, clue, *, fen=FEN, end=True):
    """Passed on, paid as ``fen`` says, concluded as settled; its matter ended where ``end``."""
    made = services.refer(clue, by=city.desk, now=NOW, law=city.law)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    document = paper(made.matter, "payment_proof", by=city.housing)
    if fen:
        services.add_recovered(
            clue, proof="document", document=document, person="甲工人", amount_fen=fen, paid_on=DAY,
            by=city.housing, now=NOW,
        )  # fmt: skip
    services.conclude(
        clue,
        "属实，已付清",
        words="逐人核对了银行回单。",
        people=4,
        amount_fen=FEN,
        by=city.housing,
        now=NOW,
        law=city.law,
    )
    if end:
        to_the_end(made.matter, by=city.housing)
    return document


def strike(city, clue, *, by=None, now=NOW):
    return services.strike(clue, by=by or city.housing, now=now, law=city.law)


def row(city, clue, told=None):
    page = ledger_page(city.leader, told or span(), LedgerFilters(), city.law)
    return next(one for one in page.items if one.clue.pk == clue.pk)


def test_everybodys_money_proved_is_struck_off_by_a_person_and_confirms_nothing(city):
    clue = a_clue(city)
    conclude(city, clue)
    assert row(city, clue).strike.ready
    with pytest.raises(Refused, match="没有这条线索的办理权限"):
        strike(city, clue, by=city.outsider)
    made = strike(city, clue)
    assert (made.how, made.by_name) == (Closing.How.PROVED, "某housing")
    assert Clue.objects.get(pk=clue.pk).state == "closed"
    with pytest.raises(Refused, match="已经销号"):
        strike(city, clue)
    told = figures(city.leader, span())
    assert (told["closure"].part, told["settled"].part) == (1, 0), "silence is no consent"
    services.worker_says(clue, True, "", later(3))
    assert Closing.objects.count() == 1
    assert figures(city.leader, span())["settled"].part == 1
    assert figures(city.leader, span(as_of=1))["settled"].part == 0


def by_word(city, clue, by, *, fen=FEN, now=NOW):
    """The rest of what ``conclude`` leaves: an officer writes down that the person said so."""
    return services.add_recovered(
        clue,
        proof="word",
        said="11月20日电话，本人说已到账",
        person="乙工人",
        amount_fen=fen,
        paid_on=DAY,
        by=by,
        now=now,
    )


def shown(city, clue, by):
    """The row as this person's page of the ledger has it."""
    (found,) = [one for one in ledger_page(by, span(), LedgerFilters(), city.law).items if one.clue == clue]
    return found


def test_who_wrote_down_the_word_is_not_the_only_one_who_strikes_off(city):
    clue = a_clue(city)
    conclude(city, clue, fen=100)
    services.review(clue, agrees=True, words="", by=city.leader, now=NOW)
    by_word(city, clue, city.housing, now=later(1))
    with pytest.raises(Refused, match=r"有1笔、共18,600\.00元是您自己登记的，不能由您一人销号"):
        strike(city, clue, now=later(2))
    assert shown(city, clue, city.housing).hearsay == "“本人确认”的到账中有1笔、共18,600.00元是您自己登记的"
    assert shown(city, clue, city.desk).strike.ready and shown(city, clue, city.desk).hearsay == ""
    User.objects.filter(pk=city.housing.pk).update(display_name="改了名字")
    with pytest.raises(Refused, match="不能由您一人销号"):
        strike(city, clue, by=User.objects.get(pk=city.housing.pk), now=later(2))
    assert not Closing.objects.exists()
    assert strike(city, clue, by=city.desk, now=later(2)).by_name == "某desk"


def test_what_a_second_person_reviewed_or_was_taken_back_is_no_hearsay_of_one(city):
    reviewed, replaced = a_clue(city), a_clue(city)
    by_word(city, reviewed, city.desk, fen=100)
    conclude(city, reviewed, fen=FEN - 200)
    services.review(reviewed, agrees=True, words="", by=city.leader, now=later(1))
    services.add_recovered(
        reviewed, proof="document", document=paper(reviewed.referrals.get().matter, "worker_receipt", by=city.housing),
        person="丙工人", amount_fen=100, paid_on=DAY, by=city.housing, now=later(1),
    )  # fmt: skip
    assert shown(city, reviewed, city.desk).hearsay == "", "a second person has reviewed it"
    assert strike(city, reviewed, by=city.desk, now=later(2)).how == Closing.How.PROVED
    row = by_word(city, replaced, city.housing, fen=100)
    conclude(city, replaced)
    services.withdraw_recovered(row, why="没有联系到本人", by=city.housing, now=later(1))
    assert strike(city, replaced, now=later(2)).how == Closing.How.PROVED


def test_what_is_not_met_is_named(city):
    clue = a_clue(city)
    assert row(city, clue).strike.missing == ("还没有派单",)
    document = conclude(city, clue, fen=100, end=False)
    services.review(clue, agrees=True, words="", by=city.leader, now=NOW)
    number = clue.referrals.get().matter.number
    told = row(city, clue).strike.missing
    assert told == ("劳动者还没有确认，到账也没有证明到核定的数", f"事项{number}还没有办结")
    Document.objects.filter(pk=document.pk).update(withdrawn_at=NOW)
    assert "已撤下，还没有补附" in row(city, clue).strike.missing[1]
    with pytest.raises(Refused, match="还不能销号：劳动者还没有确认"):
        strike(city, clue)
    assert not Closing.objects.exists()


def test_a_conclusion_under_review_and_a_list_not_wholly_paid_are_not_struck_off(city):
    clue, listed = a_clue(city), a_clue(city)
    conclude(city, clue, fen=100)
    assert row(city, clue).strike.missing == ("结论还在等另一人复核",)
    conclude(city, listed)
    assert row(city, listed).strike.ready
    add_claimant(listed, Said("钱某人", amounts={"worker": 100}), by=city.desk, now=NOW)
    assert row(city, listed).strike.missing == (
        "劳动者还没有确认，名单上还有1人的到账没有逐人证明到应得的数，共差1.00元",
    )


def test_opened_again_the_number_before_stays_and_the_next_one_is_another(city):
    clue = a_clue(city)
    conclude(city, clue)
    strike(city, clue, now=later(2))
    assert row(city, clue).number == f"{clue.number}-销1"
    services.worker_says(clue, False, "没有到账", later(5))
    found = row(city, clue)
    assert found.closing is None and [one.reopened_why for one in found.undone] == ["劳动者不同意结论"]
    assert row(city, clue, span(as_of=3)).number == f"{clue.number}-销1", "as it stood then"
    sheet = CalamineWorkbook.from_filelike(
        io.BytesIO(ledger_workbook(city.leader, span(), office="某局", on=DAY))
    ).get_sheet_by_index(0)
    assert "2026-11-22销号，2026-11-25重新打开" in sheet.to_python()[4]


def test_filters_narrow_the_page_and_the_workbook_alike(city):
    struck, open_, bare = a_clue(city), a_clue(city, kind="report"), a_clue(city)
    conclude(city, struck)
    strike(city, struck)
    services.refer(open_, by=city.desk, now=NOW, law=city.law)
    for filters, wanted in (
        (LedgerFilters(struck="yes"), [struck]),
        (LedgerFilters(struck="no"), [open_, bare]),
        (LedgerFilters(kind="report"), [open_]),
        (LedgerFilters(state="new"), [bare]),
        (LedgerFilters(body="尚未派单"), [bare]),
        (LedgerFilters(closed=Month(2026, 11)), [struck]),
        (LedgerFilters(closed=Month(2026, 10)), []),
        (LedgerFilters(overdue=True), []),
    ):
        assert list(filtered(city.leader, span(), filters).order_by("pk")) == wanted
        data = ledger_workbook(city.leader, span(), office="某局", on=DAY, filters=filters)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
        assert [line[1] for line in sheet[4:-2]] == [one.number for one in wanted]
    assert list(filtered(city.outsider, span(), LedgerFilters())) == []


def test_the_page_goes_on_by_key_with_as_many_queries_for_many(city, django_assert_max_num_queries):
    clues = [a_clue(city) for _ in range(5)]
    conclude(city, clues[0])
    with django_assert_max_num_queries(14):
        first = ledger_page(city.leader, span(), LedgerFilters(), city.law, limit=3)
    assert [one.clue for one in first.items] == clues[:1:-1] and first.total == 5
    second = ledger_page(city.leader, span(), LedgerFilters(), city.law, after=first.next_after, limit=3)
    assert [one.clue for one in second.items] == [clues[1], clues[0]] and second.next_after is None


def test_the_sums_over_the_page_count_what_its_filters_show(city):
    struck, late = a_clue(city), a_clue(city)
    conclude(city, struck)
    strike(city, struck)
    services.refer(late, by=city.desk, now=NOW, law=city.law)
    limits = Deadline.objects.filter(
        matter__referral__clue=late, nature=Deadline.Nature.LIMIT, authority=True
    )
    assert limits.update(missed_on=DAY)
    page = ledger_page(city.leader, span(), LedgerFilters(), city.law)
    assert (page.total, page.struck, page.late) == (2, 1, 1)
    assert list(filtered(city.leader, span(), LedgerFilters(overdue=True))) == [late]


def test_months_that_are_over_stay_and_their_rows_are_as_many_as_they_say(city):
    clues = [a_clue(city) for _ in range(3)]
    for clue, days in zip(clues, (2, 4, 20), strict=False):
        conclude(city, clue)
        strike(city, clue, now=later(days))
    services.worker_says(clues[0], False, "没有到账", later(15))
    as_of = DAY + dt.timedelta(days=30)
    november, december = trend(city.leader, as_of=as_of)[-2:]
    assert (november.came, november.settled, november.open, november.median) == (3, 2, 1, 2)
    assert (december.came, december.settled, december.open, december.median) == (0, 1, 1, 20)
    for one in (november, december):
        whole = Span(dt.date(2000, 1, 1), one.until, one.until)
        assert filtered(city.leader, whole, LedgerFilters(closed=one.month)).count() == one.settled
        assert filtered(city.leader, whole, LedgerFilters(struck="no")).count() == one.open
    assert trend(city.outsider, as_of=as_of)[-1].open == 0
    assert trend(city.leader, as_of=as_of, region="990102")[-2].came == 0
