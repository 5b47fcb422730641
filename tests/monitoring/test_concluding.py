"""What a warning turned out to be: chosen with the clearing, by its handler afterwards, or told by the money."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.monitoring import concluding, services
from anxin.monitoring.models import Warning
from anxin.monitoring.services import Refused
from tests.monitoring import factories as make
from tests.monitoring.warnings import a_warning

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)


def keys(warning: Warning) -> set[str]:
    return {one.key for one in concluding.offered(warning, on=TODAY)}


def ask(warning: Warning, who, now, conclusion: str = "handed_over") -> None:
    services.ask_clearing(warning.pk, user=who, now=now, text="见责令支付文书", conclusion=conclusion)


def test_each_part_has_conclusions_of_its_own():
    assert "paid" in keys(a_warning()) and "mended" not in keys(a_warning())
    assert "mended" in keys(a_warning(rule="W07", family="paper", month=""))
    assert "forged" in keys(a_warning(rule="F01", advice=True))


def test_a_conclusion_asked_for_holds_once_another_person_agrees(now):
    warning = a_warning()
    ask(warning, make.user("lin"), now)
    warning.refresh_from_db()
    assert (warning.conclusion, warning.concluded_on) == ("handed_over", None)
    services.decide_clearing(warning.pk, user=make.user("zhao"), now=now, approve=True)
    warning.refresh_from_db()
    assert (warning.conclusion_right, warning.conclusion_by_facts) == (True, False)
    assert warning.concluded_on == warning.cleared_on and warning.concluded_by_two
    assert "结论：属实，未清偿已移交。" in warning.events.first().text
    entry = JournalEntry.objects.filter(action="warning.clearing_agreed").get()
    assert entry.after["conclusion"] == "handed_over"


def test_a_request_sent_back_leaves_no_conclusion(now):
    warning = a_warning()
    ask(warning, make.user("lin"), now)
    services.decide_clearing(warning.pk, user=make.user("zhao"), now=now, approve=False, text="文书没有送达")
    warning.refresh_from_db()
    assert (warning.conclusion, warning.conclusion_right, warning.concluded_on) == ("", None, None)


@pytest.mark.parametrize("chosen", ["", "mended", "invented"])
def test_without_a_conclusion_of_its_part_it_is_not_asked_for(chosen, now):
    warning = a_warning()
    with pytest.raises(Refused, match="请选择结论") as refusal:
        ask(warning, make.user("lin"), now, chosen)
    assert refusal.value.field == "conclusion"
    assert not warning.events.exists()


def test_reopening_by_hand_takes_the_conclusion_back_and_keeps_the_history(now):
    warning = a_warning()
    lin = make.user("lin")
    ask(warning, lin, now)
    services.decide_clearing(warning.pk, user=make.user("zhao"), now=now, approve=True)
    services.reopen(warning.pk, user=lin, now=now, text="文书被撤销")
    warning.refresh_from_db()
    assert (warning.conclusion, warning.concluded_on) == ("", None)
    assert warning.events.filter(text__contains="属实，未清偿已移交").exists()


def test_what_two_people_concluded_one_person_does_not_change(now):
    warning = a_warning()
    lin = make.user("lin")
    ask(warning, lin, now)
    services.decide_clearing(warning.pk, user=make.user("zhao"), now=now, approve=True)
    with pytest.raises(Refused, match="两位同事"):
        services.conclude(warning.pk, user=lin, now=now, conclusion="wrong_rule", text="改")


def test_a_conclusion_by_facts_is_changed_with_a_reason(now):
    warning = a_warning(
        state="cleared", cleared_on=TODAY, concluded_on=TODAY, conclusion="paid", conclusion_title="属实，已清偿",
        conclusion_right=True, conclusion_by_facts=True,
    )  # fmt: skip
    lin = make.user("lin")
    with pytest.raises(Refused, match="理由"):
        services.conclude(warning.pk, user=lin, now=now, conclusion="wrong_data")
    services.conclude(warning.pk, user=lin, now=now, conclusion="wrong_data", text="工资表月份填错")
    warning.refresh_from_db()
    assert (warning.conclusion_right, warning.conclusion_by_facts) == (False, False)
    entry = JournalEntry.objects.get(action="warning.concluded")
    assert (entry.after["conclusion"], entry.after["conclusion_before"]) == ("wrong_data", "paid")
