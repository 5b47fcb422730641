"""The kinds of registers that other bodies deliver: what each becomes, how a row is known again, what is particular to it."""

from __future__ import annotations

from django.utils import timezone

from anxin.evidence.sealing import finding_hash
from anxin.signals.imports import SignalImport, Values
from anxin.signals.models import (
    BoardCheck,
    CardFlow,
    Clue,
    EmployerEvent,
    EmployerLink,
    EmployerProfile,
    InsuranceMonth,
    KnownSite,
    LeaverSettlement,
    Officer,
    PaymentOrder,
    RainDay,
    SitePower,
    Standstill,
    UtilityMonth,
)
from anxin.signals.names import plain_site_name


def _cut(values: Values, **most: int) -> None:
    for name, length in most.items():
        values[name] = (values.get(name) or "")[:length]


def _profile(values: Values) -> None:
    _cut(values, industry=60)
    values["status"] = values.get("status") or ""


def _link(values: Values) -> None:
    values["kind"] = values["relation"][:40]
    if values["employer_id"] > values["other_id"]:
        # A link stands once, whichever side reports it.
        values["employer_id"], values["other_id"] = values["other_id"], values["employer_id"]


def _officer(values: Values) -> None:
    values["person_hash"] = finding_hash("id", values["id_number"])
    _cut(values, office=40)


def _site(values: Values) -> None:
    values["name"] = values["site_name"]
    values["plain_name"] = plain_site_name(values["name"])[:160]
    values["owner_name"], values["contractor_name"] = values.get("owner"), values.get("contractor")
    _cut(values, number=80, name=160, owner_name=120, contractor_name=120)


def _event(values: Values) -> None:
    values["kind"] = values["event"]
    _cut(values, number=80)


def _board(values: Values) -> None:
    values["missing_items"] = values.get("missing_items") or 0


def _clue(values: Values) -> None:
    number = values.get("id_number")
    values["person_hash"] = finding_hash("id", number) if number else ""
    values["extreme"] = bool(values.get("extreme"))
    _cut(values, number=80, channel=40)


def _flow(values: Values) -> None:
    values["card_hash"] = finding_hash("card", values["card"])
    values["to_hash"] = finding_hash("card", values["to_account"])
    values["at"] = timezone.make_aware(values["at"])


def _order(values: Values) -> None:
    _cut(values, number=80)


def _standstill(values: Values) -> None:
    _cut(values, cause=120)


def _leaver(values: Values) -> None:
    values["handling"] = bool(values.get("handling"))


_EMPLOYER = {"uscc": "employer_id"}
_PROJECT = {"project": "project_id"}
_REGION = {"region": "region_id"}

KINDS: tuple[SignalImport, ...] = (
    SignalImport(
        "employers",
        EmployerProfile,
        ("employer_id", "industry", "founded_on", "status", "status_on"),
        ("employer_id",),
        "employer_id",
        {**_REGION, **_EMPLOYER},
        _profile,
    ),
    SignalImport(
        "links",
        EmployerLink,
        ("employer_id", "other_id", "kind", "since", "until"),
        ("employer_id", "other_id", "kind"),
        "employer_id",
        {**_EMPLOYER, "other": "other_id"},
        _link,
        (("since", "until"),),
    ),
    SignalImport(
        "officers",
        Officer,
        ("employer_id", "person_hash", "office"),
        ("employer_id", "person_hash", "office"),
        "employer_id",
        _EMPLOYER,
        _officer,
    ),
    SignalImport(
        "known_sites",
        KnownSite,
        (
            "source",
            "number",
            "name",
            "plain_name",
            "region_id",
            "on",
            "owner_name",
            "contractor_name",
            "contract_fen",
        ),
        ("source", "number"),
        "number",
        _REGION,
        _site,
    ),
    SignalImport(
        "social",
        InsuranceMonth,
        (
            "employer_id",
            "month",
            "insured",
            "hires",
            "leavers",
            "insurance_due_fen",
            "insurance_arrears_months",
            "insurance_arrears_fen",
            "unemployment_claims",
        ),
        ("employer_id", "month"),
        "month",
        _EMPLOYER,
        sources={"insured": "social", "unemployment_claims": "unemployment"},
    ),
    SignalImport(
        "utilities",
        UtilityMonth,
        ("employer_id", "month", "water_m3", "power_kwh"),
        ("employer_id", "month"),
        "month",
        _EMPLOYER,
        sources={"water_m3": "water", "power_kwh": "power"},
    ),
    SignalImport(
        "events",
        EmployerEvent,
        ("number", "employer_id", "kind", "on", "until", "people", "amount_fen"),
        ("number",),
        "number",
        _EMPLOYER,
        _event,
        (("on", "until"),),
    ),
    SignalImport(
        "card_flows",
        CardFlow,
        ("card_hash", "at", "amount_fen", "to_hash"),
        ("card_hash", "at", "amount_fen", "to_hash"),
        "card_hash",
        {},
        _flow,
    ),
    SignalImport(
        "boards",
        BoardCheck,
        ("project_id", "checked_on", "standing", "missing_items", "fix_by", "fixed_on"),
        ("project_id", "checked_on"),
        "project_id",
        _PROJECT,
        _board,
    ),
    SignalImport(
        "standstills",
        Standstill,
        ("project_id", "from_day", "until_day", "cause"),
        ("project_id", "from_day"),
        "project_id",
        _PROJECT,
        _standstill,
        (("from_day", "until_day"),),
    ),
    SignalImport(
        "site_power",
        SitePower,
        ("project_id", "day", "power_kwh"),
        ("project_id", "day"),
        "day",
        _PROJECT,
    ),
    SignalImport(
        "weather",
        RainDay,
        ("region_id", "day", "rain_mm"),
        ("region_id", "day"),
        "day",
        _REGION,
    ),
    SignalImport(
        "leavers",
        LeaverSettlement,
        ("project_id", "worker_id", "left_on", "confirmed_on", "contested_on", "handling"),
        ("project_id", "worker_id"),
        "project_id",
        {**_PROJECT, "id_number": "worker_id"},
        _leaver,
    ),
    SignalImport(
        "clues",
        Clue,
        (
            "number",
            "channel",
            "received_on",
            "project_id",
            "employer_id",
            "region_id",
            "person_hash",
            "people",
            "amount_fen",
            "months",
            "extreme",
            "closed_on",
            "founded",
        ),
        ("number",),
        "number",
        {**_PROJECT, **_EMPLOYER, **_REGION},
        _clue,
        (("received_on", "closed_on"),),
    ),
    SignalImport(
        "orders",
        PaymentOrder,
        (
            "number",
            "project_id",
            "employer_id",
            "region_id",
            "served_on",
            "due_on",
            "people",
            "amount_fen",
            "months",
            "paid_on",
        ),
        ("number",),
        "number",
        {**_PROJECT, **_EMPLOYER, **_REGION},
        _order,
        (("served_on", "due_on"),),
    ),
)
