"""A process that dies between a link's message and its service: the day's run makes up for it, once, on the day of the sending."""

from __future__ import annotations

import datetime as dt
from unittest.mock import patch

import pytest
from django.test import override_settings

from anxin.casework import tasks
from anxin.casework.models import Deadline
from anxin.evidence.models import JournalEntry
from anxin.letters import consents, links, manners, recovering
from anxin.letters.models import Letter, Link
from anxin.notices.channels.base import NotDelivered
from anxin.notices.models import Notice
from tests.letters.conftest import sealed
from tests.letters.test_serving import agreed, recorded, sent, serve, to_service
from tests.support.letters import needs_faces

DAY = dt.timedelta(days=1)


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def letter(office) -> Letter:
    needs_faces()
    return sealed(office, kind="defence_notice")


def cut_while_sending(office, letter) -> tuple[Link, str]:
    """The gateway took the message, and the process died before it could say so."""
    link, token = links.make_link(
        letter, agreed(office), by=office.inspector, now=office.now, law=office.law, expected_version=letter.version
    )  # fmt: skip

    def taken_then_killed(*args: object, **more: object) -> None:
        raise Killed

    with (
        override_settings(ANXIN_SMS_URL="http://127.0.0.1:9/", ANXIN_SMS_SECRET="k"),
        patch("anxin.letters.links.outside.tell", taken_then_killed),
        pytest.raises(Killed),
    ):
        links.send(link, f"https://anxin.example/l/{token}", by=office.inspector, now=office.now)
    link.refresh_from_db()
    assert link.pending_since == office.now and link.sent_at is None
    return link, token


def test_killed_after_the_sending_the_day_s_run_records_it_once_on_the_day_of_the_sending(office, letter):
    to_service(office)
    target, later = manners.targets(letter, office.law)[0].key, office.now + DAY
    with patch("anxin.letters.links.serving.serve", side_effect=Killed), pytest.raises(Killed):
        recorded(office, sent(office, letter, agreed(office), target=target))
    assert not letter.services.exists()
    tasks.run_day(later.date(), now=later)
    service = letter.services.get()
    assert (service.receiver, service.manner, service.servers) == (
        "云州某建工有限公司",
        "electronic",
        str(office.inspector),
    )
    assert (service.event_on, service.served_on, service.at) == (office.now.date(), office.now.date(), later)
    assert Deadline.objects.get(clock="defence", ended_on=None).started_on == office.now.date()
    assert Link.objects.get().pending_since is None
    tasks.run_day(later.date(), now=later)
    tasks.run_day(later.date() + DAY, now=later + DAY)
    assert letter.services.get() == service
    entry = JournalEntry.objects.get(action="letter.service_recovered")
    assert entry.actor == "system" and not Notice.objects.filter(kind="link_service").exists()


def test_what_is_being_done_just_now_is_left_alone(office, letter):
    link = sent(office, letter, agreed(office))
    soon = office.now + recovering.PATIENCE - dt.timedelta(seconds=1)
    assert recovering.recover(soon, office.law) == 0
    assert Link.objects.get().pending_since == office.now
    assert recorded(office, link) is not None and Link.objects.get().pending_since is None
    assert recovering.recover(office.now + DAY, office.law) == 0
    assert letter.services.count() == 1


def test_nobody_claims_a_service_of_which_nothing_is_known_but_somebody_is_told_once(office, letter):
    link, _ = cut_while_sending(office, letter)
    for day in (1, 2):
        assert recovering.recover(office.now + day * DAY, office.law) == 0
    (notice,) = Notice.objects.filter(kind="link_service")
    assert notice.to == office.inspector and "不知道" in notice.body and letter.number in notice.title
    assert not letter.services.exists()
    serve(office, letter, manner="electronic", place="手机短信链接", servers="某甲")
    assert recovering.recover(office.now + 3 * DAY, office.law) == 0
    link.refresh_from_db()
    assert link.pending_since is None and letter.services.count() == 1


def test_an_opened_link_says_that_its_message_arrived(office, letter):
    link, token = cut_while_sending(office, letter)
    later = office.now + DAY
    links.opened(links.link_of(token, later), later, device="安卓手机（微信）")
    assert recovering.recover(later + DAY, office.law) == 1
    assert letter.services.get().served_on == office.now.date()
    link.refresh_from_db()
    assert link.sent_at == office.now


def test_what_was_not_delivered_is_not_taken_up(office, letter):
    link, _ = links.make_link(
        letter, agreed(office), by=office.inspector, now=office.now, law=office.law, expected_version=letter.version
    )  # fmt: skip
    with (
        override_settings(ANXIN_SMS_URL="http://127.0.0.1:9/", ANXIN_SMS_SECRET="k"),
        pytest.raises(NotDelivered),
    ):
        links.send(link, "https://anxin.example/l/x", by=office.inspector, now=office.now)
    assert recovering.recover(office.now + DAY, office.law) == 0
    assert not Notice.objects.filter(kind="link_service").exists()


def test_sent_before_the_consent_was_taken_back_for_that_day_is_told_with_the_reason(office, letter):
    consent = agreed(office)
    sent(office, letter, consent)
    consents.withdraw_consent(
        consent, on=office.now.date(), why="来函要求改送纸质文书", by=office.inspector, now=office.now
    )
    assert recovering.recover(office.now + DAY, office.law) == 0
    (notice,) = Notice.objects.filter(kind="link_service")
    assert "撤回" in notice.body and "已经发出" in notice.body and not letter.services.exists()
