"""What is known of a matter for its letters. Packages above tell what they keep (inspectors, arrears) by registering here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from anxin.casework.models import Deadline, Matter
from anxin.letters.life import NUMBERED, State
from anxin.letters.models import Letter, LetterHead

#: field name as the templates use it → value as a template's field takes it
Known = Mapping[str, Any]
Source = Callable[[Matter], Known]
_sources: list[Source] = []
#: kind of paper → what only such a paper begins with: who applies or sues stands in no other by itself
_own_sources: dict[str, Source] = {}
#: set by the office at issue, never typed
OWN = ("issuer", "number", "issued_on")

#: kind of an earlier letter of the matter → field in which later ones quote its number
_QUOTED = {
    "rectification_order": "order_number",
    "penalty_prior_notice": "prior_notice",
    "deposit_payment_notice": "payment_notice",
    "interview_notice": "interview_number",
    "listing_notice": "listing_notice",
    "listing_decision": "listing_number",
    "early_removal_decision": "removal_number",
    "event_flash_report": "flash_number",
    "petition_transfer_letter": "transfer_number",
    "legal_aid_grant": "grant_number",
    "legal_aid_assignment": "assignment",
    "penalty_decision": "penalty_number",
    "summary_penalty_decision": "summary_number",
    "demand_letter": "demand_number",
    "crime_transfer_letter": "transfer_number",
}

#: clock of the procedures → field in which a paper states its last day
_LAST_DAYS = {
    "decide": "decide_by",
    "defence": "defend_by",
    "award": "limit_on",
    "entrusted_mediation": "mediate_until",
    "apply_arb_review": "ask_by",
    "arb_review": "review_until",
    "apply_confirm": "confirm_by",
    "execution": "apply_by",
    "filing": "file_by",
    "depositing": "deposit_by",
    "objection": "object_by",
    "pay_order_objection": "object_by",
}


def register(source: Source) -> None:
    """Let letters begin with what ``source`` knows of their matter."""
    if source not in _sources:
        _sources.append(source)


def register_for(kind: str, source: Source) -> None:
    """Let papers of one kind begin with what ``source`` knows of their matter."""
    _own_sources[kind] = source


def known_for(kind: str, matter: Matter) -> Known:
    """What was registered for this kind of paper; empty where nothing was."""
    source = _own_sources.get(kind)
    return source(matter) if source else {}


def known(matter: Matter, head: LetterHead | None) -> dict[str, Any]:
    """Everything known by field name; what is not known is left out, so that a person fills it in."""
    found: dict[str, Any] = {
        "matter": matter.title,
        "case_number": matter.number,
        "office": matter.lead.name,
    }
    if matter.project is not None:
        found |= {"project": matter.project.name}
    if matter.employer is not None:
        found |= {
            "employer": matter.employer.name,
            "employer_code": matter.employer.uscc,
            "respondent": matter.employer.name,
            "receiver": matter.employer.name,
        }
    if matter.handler is not None:
        found["contact"] = str(matter.handler)
    if head is not None:
        found |= {
            "contact_phone": head.contact_phone,
            "contact_address": head.contact_address,
            "reconsideration_body": head.reconsideration_body,
            "court": head.court,
        }
    found |= _numbers(matter) | _last_days(matter)
    for source in _sources:
        found |= source(matter)
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _numbers(matter: Matter) -> dict[str, str]:
    """The numbers that later letters quote, of the matter's own and of the one it follows (an early removal quotes the listing).

    The matter's own come before those of the other; of several of a kind the latest counts. One query.
    """
    matters = [one for one in (matter.pk, matter.follows_id) if one]
    issued = Letter.objects.filter(matter__in=matters, kind__in=_QUOTED, state__in=NUMBERED)
    rows = issued.exclude(state=State.REPLACED).order_by("pk").values_list("matter_id", "kind", "number")
    own_last = sorted(rows, key=lambda row: row[0] == matter.pk)
    return {_QUOTED[kind]: number for _, kind, number in own_last}


def _last_days(matter: Matter) -> dict[str, dt.date]:
    """What the law's clocks of the matter came to, the latest run of each; a day that may still move is left to a person."""
    rows = Deadline.objects.filter(
        matter=matter, clock__in=_LAST_DAYS, due_on__isnull=False, provisional=False, paused_since=None
    )
    return {
        _LAST_DAYS[clock]: due_on
        for clock, due_on in rows.order_by("pk").values_list("clock", "due_on")
        if due_on is not None
    }
