"""撤回电子送达确认: from its day on nothing goes electronically; what was served before stays, and nobody but who serves may enter it."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.letters import consents, links
from anxin.letters.models import Consent, Letter
from tests.letters.conftest import sealed
from tests.letters.test_serving import agreed, electronic, serve
from tests.support.letters import needs_faces

DAY = dt.timedelta(days=1)
WHY = "来函要求改送纸质文书"


@pytest.fixture
def letter(office) -> Letter:
    needs_faces()
    return sealed(office, kind="defence_notice")


def taken_back(office, consent: Consent, **more) -> Consent:
    said = {"on": office.now.date(), "why": WHY, "by": office.inspector, "now": office.now}
    return consents.withdraw_consent(consent, **said | more)


def test_from_the_day_on_it_is_refused_with_that_day_and_paper_is_not(office, letter):
    consent = taken_back(office, agreed(office))
    says = f"在{office.now.date()}撤回了电子送达的确认"
    with pytest.raises(Refused, match=says):
        electronic(office, letter)
    with pytest.raises(Refused, match=says):
        links.make_link(
            letter, consent, by=office.inspector, now=office.now, law=office.law, expected_version=letter.version
        )  # fmt: skip
    serve(office, letter)
    entry = JournalEntry.objects.get(action="letter.consent_withdrawn")
    assert (entry.object_id, entry.actor_name) == (str(office.matter.pk), str(office.inspector))
    assert WHY in entry.summary


def test_what_was_served_before_stays_and_what_was_sent_before_may_still_be_entered(office, letter):
    consent = agreed(office)
    service = electronic(office, letter)
    other = sealed(office, kind="tribunal_notice")
    later = office.now + 2 * DAY
    taken_back(office, consent, on=later.date(), now=later)
    service.refresh_from_db()
    assert service.served_on == office.now.date()
    assert electronic(office, other, now=later, on=later.date() - DAY).manner == "electronic"
    last = sealed(office, kind="defence_notice")
    with pytest.raises(Refused, match="撤回了电子送达的确认"):
        electronic(office, last, now=later, on=later.date())


def test_who_agrees_anew_is_served_electronically_again(office, letter):
    taken_back(office, agreed(office))
    agreed(office)
    assert electronic(office, letter).manner == "electronic"


def test_an_earlier_confirmation_does_not_bring_it_back(office):
    later = office.now + DAY
    taken_back(office, agreed(office), on=later.date(), now=later)
    with pytest.raises(Refused, match="更早的确认书不再有效"):
        agreed(office)


def test_a_wider_consent_in_its_place_is_no_withdrawal(office, letter):
    plain = agreed(office)
    agreed(office, awards=True)
    plain.refresh_from_db()
    assert plain.withdrawn_on is not None
    assert consents.taken_back_on(office.matter, plain.receiver) is None
    assert electronic(office, letter).manner == "electronic"


def test_what_is_refused_of_a_withdrawal(office):
    consent = agreed(office)
    for more, says in (
        ({"on": office.now.date() + DAY}, "将来"),
        ({"on": office.now.date() - DAY}, "不能早于确认日期"),
        ({"why": " "}, "请写明怎样撤回"),
    ):
        with pytest.raises(Refused, match=says):
            taken_back(office, consent, **more)
    for name in ("keeper", "outsider", "auditor"):
        with pytest.raises(Refused, match="没有在本件送达文书的权限"):
            taken_back(office, consent, by=getattr(office, name))
    consent.refresh_from_db()
    assert consent.withdrawn_on is None
    taken_back(office, consent)
    with pytest.raises(Refused, match="无须重复"):
        taken_back(office, consent)


def test_entered_late_it_names_what_was_served_since_and_changes_no_day(office, letter):
    consent, later = agreed(office), office.now + 2 * DAY
    before = electronic(office, sealed(office, kind="tribunal_notice"))
    late = electronic(office, letter, now=later, on=later.date())
    consent = taken_back(office, consent, on=later.date() - DAY, now=later)
    assert consents.touched(consent) == [late]
    assert JournalEntry.objects.get(action="letter.consent_withdrawn").after["touched"] == [late.pk]
    late.refresh_from_db()
    assert (late.served_on, before.served_on) == (later.date(), office.now.date())


def test_what_was_served_too_late_is_served_in_another_manner_and_then_no_third_time(office, letter):
    consent, later = agreed(office), office.now + 2 * DAY
    late = electronic(office, letter, now=later, on=later.date())
    with pytest.raises(Refused, match="已经登记过"):
        serve(office, letter, now=later, on=later.date())
    consent = taken_back(office, consent, on=later.date() - DAY, now=later)
    with pytest.raises(Refused, match="已经登记过"):
        electronic(office, letter, now=later, on=later.date())
    paper = serve(office, letter, now=later, on=later.date())
    assert list(letter.services.order_by("id")) == [late, paper]
    assert consents.touched(consent) == []
    with pytest.raises(Refused, match="已经登记过"):
        serve(office, letter, now=later, on=later.date(), manner="post", media="EMS-1")


def test_what_was_served_after_a_new_consent_needs_no_other_way(office, letter):
    consent, later = taken_back(office, agreed(office)), office.now + DAY
    anew = {"given_on": later.date(), "now": later}
    consents.record_consent(
        office.matter, receiver=consent.receiver, address="13900000001", how="重新签了确认书", by=office.inspector, **anew
    )  # fmt: skip
    electronic(office, letter, now=later, on=later.date())
    assert consents.touched(consent) == []
