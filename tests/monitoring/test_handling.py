"""What people may do with a warning, and what they may not; every "may" beside its "may not"."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence import files, journal
from anxin.evidence.models import JournalEntry, StoredFile
from anxin.monitoring import services
from anxin.monitoring.access import open_actions, visible_warning
from anxin.monitoring.models import Warning
from anxin.monitoring.services import Refused
from anxin.monitoring.states import ACTIONS
from tests.evidence import samples
from tests.monitoring import factories as make
from tests.monitoring.warnings import a_warning

pytestmark = pytest.mark.django_db

#: one call of every service; ``who`` acts
CALLS = {
    "acknowledge": lambda warning, who, now: services.acknowledge(warning.pk, user=who, now=now),
    "assign": lambda warning, who, now: services.assign(
        warning.pk, user=who, now=now, to_organisation=make.organisation()
    ),
    "note": lambda warning, who, now: services.note(warning.pk, user=who, now=now, text="已电话联系"),
    "attach": lambda warning, who, now: services.attach(
        warning.pk, user=who, now=now, data=b"photo", filename="现场.jpg"
    ),
    "ask_clearing": lambda warning, who, now: services.ask_clearing(
        warning.pk, user=who, now=now, text="现场核对已发放现金", conclusion="paid"
    ),
    "agree": lambda warning, who, now: services.decide_clearing(warning.pk, user=who, now=now, approve=True),
    "refuse": lambda warning, who, now: services.decide_clearing(
        warning.pk, user=who, now=now, approve=False, text="凭证看不清"
    ),
    "reopen": lambda warning, who, now: services.reopen(warning.pk, user=who, now=now, text="凭证不实"),
    "conclude": lambda warning, who, now: services.conclude(
        warning.pk, user=who, now=now, conclusion="wrong_data", text="已核对"
    ),
}
#: the state a warning is in before each step
BEFORE = {
    "agree": {"state": Warning.State.CLEARING},
    "refuse": {"state": Warning.State.CLEARING},
    "reopen": {
        "state": Warning.State.CLEARED,
        "hand_cleared": True,
        "hand_cleared_level": 2,
        "cleared_on": dt.date(2026, 11, 19),
    },
    "conclude": {"state": Warning.State.CLEARED, "cleared_on": dt.date(2026, 11, 19)},
}
AFTER = {
    "acknowledge": "acknowledged",
    "assign": "assigned",
    "note": "open",
    "attach": "open",
    "ask_clearing": "clearing",
    "agree": "cleared",
    "refuse": "acknowledged",
    "reopen": "open",
    "conclude": "cleared",
}


def test_every_action_is_tried_here():
    assert set(CALLS) == set(ACTIONS) == set(AFTER)


@pytest.mark.parametrize("name", CALLS)
def test_who_may_does_it_with_one_event_and_one_journal_entry(name, now, home):
    warning = a_warning(**BEFORE.get(name, {}))
    CALLS[name](warning, make.user("lin", region="9901"), now)
    warning.refresh_from_db()
    assert warning.state == AFTER[name]
    [event] = warning.events.all()
    assert (event.kind, event.actor_name, event.at) == (ACTIONS[name].kind, "lin", now)
    [entry] = JournalEntry.objects.filter(object_type="warning")
    assert entry.object_id == str(warning.pk) and entry.after["state"] == AFTER[name]
    assert journal.verify().intact


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("inspector", {"region": "9902"}),
        ("inspector", {"industry": "water"}),
        ("inspector", {"organisation": "ORG9"}),
        ("clerk", {"region": "9901"}),
        ("auditor", {}),
        ("admin", {}),
    ],
)
def test_who_may_not_is_refused_and_nothing_changes(name, role, scope, now, home):
    warning = a_warning(**BEFORE.get(name, {}))
    before = Warning.objects.filter(pk=warning.pk).values().get()
    with pytest.raises(Refused):
        CALLS[name](warning, make.user("zhao", role, **scope), now)
    assert Warning.objects.filter(pk=warning.pk).values().get() == before
    assert not warning.events.exists()
    assert not JournalEntry.objects.filter(object_type="warning").exists()


def test_somebody_whose_account_was_closed_may_nothing(now):
    person = make.user("lin")
    person.is_active = False
    with pytest.raises(Refused):
        services.acknowledge(a_warning().pk, user=person, now=now)


@pytest.mark.parametrize("approve", [True, False])
def test_whoever_asks_does_not_decide_and_somebody_else_does(approve, now):
    warning = a_warning()
    asker, other = make.user("lin"), make.user("zhao")
    services.ask_clearing(warning.pk, user=asker, now=now, text="已发放", conclusion="paid")
    with pytest.raises(Refused, match="另一位同事"):
        services.decide_clearing(warning.pk, user=asker, now=now, approve=approve, text="同意")
    services.decide_clearing(warning.pk, user=other, now=now, approve=approve, text="已核实")
    warning.refresh_from_db()
    assert warning.state == ("cleared" if approve else "acknowledged")


def test_a_request_sent_back_waits_with_who_asked_until_asked_again(now):
    warning = a_warning()
    asker, other = make.user("lin"), make.user("zhao")
    services.assign(warning.pk, user=asker, now=now, to_user=asker)
    services.ask_clearing(warning.pk, user=asker, now=now, text="已发放", conclusion="paid")
    services.decide_clearing(warning.pk, user=other, now=now, approve=False, text="请补银行凭证")
    warning.refresh_from_db()
    assert (warning.state, warning.returned, warning.asked_by) == ("assigned", True, asker)
    services.ask_clearing(warning.pk, user=asker, now=now, text="已补凭证", conclusion="paid")
    warning.refresh_from_db()
    assert not warning.returned


def test_what_facts_cleared_is_not_reopened_by_hand(now):
    warning = a_warning(state="cleared", cleared_on=dt.date(2026, 11, 19))
    with pytest.raises(Refused, match="自动重开"):
        services.reopen(warning.pk, user=make.user("lin"), now=now, text="仍未到账")


@pytest.mark.parametrize("state", [state for state in Warning.State if state != Warning.State.OPEN])
def test_only_an_open_warning_is_acknowledged(state, now):
    with pytest.raises(Refused, match="待处置"):
        services.acknowledge(a_warning(state=state).pk, user=make.user("lin"), now=now)


def test_it_is_not_assigned_to_somebody_who_may_not_handle_it(now):
    warning = a_warning()
    lin, elsewhere = make.user("lin"), make.user("far", region="9902")
    with pytest.raises(Refused, match="没有处置权限"):
        services.assign(warning.pk, user=lin, now=now, to_user=elsewhere)
    with pytest.raises(Refused, match="交办给"):
        services.assign(warning.pk, user=lin, now=now)


@pytest.mark.parametrize(
    "step",
    [
        lambda pk, who, now: services.note(pk, user=who, now=now, text="  "),
        lambda pk, who, now: services.note(pk, user=who, now=now, text="长" * 1001),
        lambda pk, who, now: services.ask_clearing(pk, user=who, now=now, text="", conclusion="paid"),
        lambda pk, who, now: services.attach(pk, user=who, now=now, data=b"", filename="空.pdf"),
    ],
)
def test_empty_or_endless_words_and_empty_files_are_refused(step, now, home):
    warning = a_warning()
    with pytest.raises(Refused):
        step(warning.pk, make.user("lin"), now)
    assert not warning.events.exists()


def test_evidence_is_kept_and_can_be_read_again(now, home):
    warning = a_warning()
    services.ask_clearing(
        warning.pk,
        user=make.user("lin"),
        now=now,
        text="见附件",
        conclusion="paid",
        data=b"%PDF-1.4 slip",
        filename="凭证.pdf",
    )
    event = warning.events.get()
    assert (files.read(event.file), event.filename) == (b"%PDF-1.4 slip", "凭证.pdf")


@pytest.mark.parametrize("what", ["page", "windows program", "drawing", "new macros"])
def test_what_would_run_is_no_attachment_under_any_name(now, home, what):
    warning, lin = a_warning(), make.user("lin")
    asked = {"user": lin, "now": now, "data": samples.RUNNING[what], "filename": "现场.jpg"}
    for refused in (
        lambda: services.attach(warning.pk, **asked),
        lambda: services.ask_clearing(warning.pk, text="见附件", conclusion="paid", **asked),
    ):
        with pytest.raises(Refused, match=r"文件“现场\.jpg”") as caught:
            refused()
        assert caught.value.field == "file"
    assert not warning.events.exists() and not StoredFile.objects.exists()


def test_a_photograph_attached_to_a_warning_loses_where_it_was_taken(now, home):
    warning = a_warning()
    sent = samples.with_place()
    services.attach(warning.pk, user=make.user("lin"), now=now, data=sent, filename="现场.png")
    event = warning.events.get()
    assert b"SECRET" in sent and b"SECRET" not in files.read(event.file) and event.filename == "现场.jpg"


def test_many_at_once_are_all_done_or_none(now):
    near, far = a_warning(), a_warning(make.project("PX", region_code="990201"))
    lin = make.user("lin", region="9901")
    with pytest.raises(Refused):
        services.acknowledge_many([near.pk, far.pk], user=lin, now=now)
    near.refresh_from_db()
    assert near.state == "open"
    assert services.acknowledge_many([near.pk], user=lin, now=now) == 1
    assert services.assign_many([near.pk], user=lin, now=now, to_user=lin) == 1


def test_the_buttons_offered_are_exactly_the_steps_that_work(now, home):
    lin, asker = make.user("lin"), make.user("zhao")
    for state in Warning.State:
        for by_hand in (False, True):
            for name, call in CALLS.items():
                hand = {"hand_cleared": by_hand, "hand_cleared_level": 2} if state == "cleared" else {}
                warning = a_warning(state=state, asked_by=asker, **hand)
                for who in (lin, asker):
                    offered = name in {action.name for action in open_actions(who, warning)}
                    try:
                        call(Warning.objects.get(pk=warning.pk), who, now)
                        worked = True
                    except Refused:
                        worked = False
                    assert offered == worked, (state, by_hand, name, who.username)
                    Warning.objects.filter(pk=warning.pk).update(
                        state=state,
                        asked_by=asker,
                        hand_cleared=hand.get("hand_cleared", False),
                        concluded_on=None,
                    )


def test_a_warning_is_found_only_inside_the_scope():
    warning = a_warning()
    assert visible_warning(make.user("near", region="990102"), warning.pk) == warning
    assert visible_warning(make.user("far", region="990103"), warning.pk) is None
    assert visible_warning(make.user("admin", "admin"), warning.pk) is None
