"""Mute: only with reason, second person and end; still counted; back by itself."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.monitoring import muting, queries
from anxin.monitoring.models import Mute, Warning
from anxin.monitoring.queries import WarningFilters, warning_page
from anxin.monitoring.services import ask_mute, decide_mute, unmute
from tests.monitoring import factories as make
from tests.monitoring.test_sweep import run, the, unpaid_site
from tests.monitoring.warnings import a_warning

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)
NOW = make.at("2026-11-20")
UNTIL = dt.date(2026, 11, 30)


@pytest.fixture
def lin():
    return make.user("lin")


@pytest.fixture
def mei():
    return make.user("mei")


def ask(warning, user, **changes):
    values = {"reason": "等银行补送回单", "until": UNTIL, "now": NOW, **changes}
    return ask_mute(warning.pk, user=user, **values)


def muted(warning, lin, mei):
    ask(warning, lin)
    decide_mute(warning.pk, user=mei, now=NOW, approve=True)
    warning.refresh_from_db()
    return warning


def listed(user, **filters):
    return [one.pk for one in warning_page(user, WarningFilters(**filters), on=TODAY).items]


def test_a_muted_warning_leaves_the_work_list_and_is_still_counted(lin, mei):
    warning = a_warning(level=4, assigned_to=lin, state="assigned")
    muted(warning, lin, mei)
    assert listed(lin) == [] and listed(lin, state="muted") == listed(lin, state="all") == [warning.pk]
    found = queries.counts(lin, on=TODAY)
    assert (found.open, found.red, found.muted, found.mine, found.overdue) == (1, 1, 1, 0, 0)
    kinds = [event.kind for event in warning.events.order_by("pk")]
    assert kinds == ["mute_asked", "muted"]
    assert JournalEntry.objects.filter(action__in=["warning.mute_asked", "warning.muted"]).count() == 2


def test_nobody_agrees_to_the_own_request(lin):
    warning = a_warning()
    ask(warning, lin)
    with pytest.raises(Refused, match="另一位同事"):
        decide_mute(warning.pk, user=lin, now=NOW, approve=True)
    assert listed(lin) == [warning.pk]
    assert muting.mute_actions(lin, warning, muting.current(warning)) == set()


def test_a_refused_request_leaves_it_where_it_was(lin, mei):
    warning = a_warning()
    ask(warning, lin)
    assert queries.counts(mei, on=TODAY).mutes_to_decide == 1
    assert queries.counts(lin, on=TODAY).mutes_to_decide == 0
    with pytest.raises(Refused, match="原因"):
        decide_mute(warning.pk, user=mei, now=NOW, approve=False)
    decide_mute(warning.pk, user=mei, now=NOW, approve=False, text="应当马上核实")
    assert listed(lin) == [warning.pk]
    assert ask(warning, lin).state == Mute.State.ASKED


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": " "}, "理由"),
        ({"until": None}, "截止日期"),
        ({"until": TODAY}, "今天之后"),
        ({"until": dt.date(2026, 12, 21)}, "最长30天"),
        ({"reason": "长" * 1001}, "不能超过"),
    ],
)
def test_without_reason_or_end_it_is_refused(lin, wrong, said):
    with pytest.raises(Refused, match=said):
        ask(a_warning(), lin, **wrong)


def test_a_cleared_warning_and_one_already_muted_are_refused(lin, mei):
    with pytest.raises(Refused, match="已经消除"):
        ask(a_warning(state="cleared"), lin)
    with pytest.raises(Refused, match="已在静默中"):
        ask(muted(a_warning(), lin, mei), mei)


def test_who_may_not_handle_it_or_does_not_see_it_is_refused(lin):
    warning = a_warning()
    with pytest.raises(Refused, match="不能静默"):
        ask(warning, make.user("clerk", "clerk"))
    with pytest.raises(Refused, match="没有找到"):
        ask(warning, make.user("far", region="9902"))


def test_it_comes_back_by_itself_after_the_last_day(lin, mei):
    warning = muted(a_warning(), lin, mei)
    filters = WarningFilters()
    assert warning_page(lin, filters, on=UNTIL).items == []
    assert len(warning_page(lin, filters, on=UNTIL + dt.timedelta(days=1)).items) == 1
    assert muting.end_due(on=UNTIL, now=make.at("2026-11-30")) == 0
    assert muting.end_due(on=UNTIL + dt.timedelta(days=1), now=make.at("2026-12-01")) == 1
    assert muting.end_due(on=UNTIL + dt.timedelta(days=1), now=make.at("2026-12-01")) == 0
    warning.refresh_from_db()
    assert warning.muted_until is None and warning.events.order_by("-pk")[0].kind == "unmuted"


def test_one_person_is_enough_to_work_again(lin, mei):
    warning = muted(a_warning(), lin, mei)
    unmute(warning.pk, user=lin, now=NOW, text="回单到了")
    assert listed(lin) == [warning.pk]
    with pytest.raises(Refused, match="不在静默中"):
        unmute(warning.pk, user=lin, now=NOW)


def test_it_comes_back_when_it_gets_worse_and_not_when_it_stays(lin, mei):
    site, _ = unpaid_site()
    run("2026-11-19")
    muted(the("W03"), lin, mei)
    run("2026-11-20")
    assert the("W03").muted_until == UNTIL
    make.line(site, "2026-10", make.worker(9), net_fen=900_000)
    run("2026-11-21")
    warning = the("W03")
    assert warning.muted_until is None
    assert Mute.objects.get().state == Mute.State.OVER
    assert {"worsened", "unmuted"} <= {event.kind for event in warning.events.all()}


def test_what_cleared_and_came_back_is_not_muted(lin, mei):
    _, lines = unpaid_site()
    run("2026-11-19")
    muted(the("W03"), lin, mei)
    for line in lines:
        make.pay(line)
    run("2026-11-20")
    warning = the("W03")
    assert (warning.state, warning.muted_until) == (Warning.State.CLEARED, None)
