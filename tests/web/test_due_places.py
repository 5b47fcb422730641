"""Wherever a due date stands, it opens its steps: every date of every model is told due or not, and every
template that shows a due one shows it through the tag ``due``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

import anxin.web

TEMPLATES = Path(anxin.web.__file__).parent / "templates"
#: days by which somebody has to do something, or until which something holds
DUE = {
    "monitoring.Warning.act_by",
    "casework.Matter.next_due_on",
    "casework.Deadline.due_on",
    "casework.Deadline.due_at",
    "casework.Task.due_on",
    "reception.Promise.due_on",
    "funds.WageDeposit.valid_until",
    "funds.DepositEvent.valid_until",
    "funds.PaymentGuarantee.valid_until",
    "signals.PaymentOrder.due_on",
    "signals.BoardCheck.fix_by",
    "letters.Promise.due_on",
    "mediation.Stage.due_on",
    "mediation.MediationCase.stage_due_on",
    "mediation.Instalment.due_on",
    "arbitration.Hearing.notice_by",
}
#: due days that are worked out or kept as text, under the names that templates give them; and agreed days
ALSO_DUE = {"due", "due_day", "duty_day", "next_disbursement", "pay_day", "act_from", "nominal", "date"}
#: what these templates show are the steps themselves, or dates of the law's own tables
SHOW_THE_STEPS = {"bureau/due.html", "bureau/law_deadline.html"}
#: … somebody set the day by hand: a meeting, a body that gives work to another, a leader who promises
_SET_BY_HAND = "… a person set it for a task or a promise; there is nothing to work out"
#: shown as they are, because …
PLAIN = {
    (
        "worker/mediation.html",
        "due_on",
    ): "a worker reads the plan of the own agreement; the steps are the mediator's",
    **dict.fromkeys(
        (
            ("bureau/matter.html", "due_on"),
            ("bureau/mediation_case.html", "due_on"),
            ("bureau/mediation_mine.html", "due_on"),
            ("bureau/matter_letters.html", "due_on"),
            ("bureau/meeting.html", "due_on"),
            ("bureau/party_paper.html", "due_on"),
            ("bureau/promise.html", "due_on"),
            ("bureau/task_force.html", "due_on"),
            ("bureau/visit.html", "due_on"),
            ("parts/matter_joint.html", "due_on"),
            ("parts/promise_due.html", "due_on"),
            ("parts/task_due.html", "due"),
        ),
        _SET_BY_HAND,
    ),
    (
        "bureau/project_funds.html",
        "due_day",
    ): "… the agreement itself is told; its next day stands beside it as a link",
    (
        "employer/contract.html",
        "pay_day",
    ): "… what the contract says of every month",
    (
        "employer/contract_seal.html",
        "pay_day",
    ): "… what the contract says of every month",
    (
        "worker/contract_sign.html",
        "pay_day",
    ): "… what the contract says of every month",
    (
        "bureau/roster_person.html",
        "pay_day",
    ): "… what was agreed with one worker; the project's pay day is what falls due, month by month",
}
#: dates that are no due dates: when something happened, was recorded, begins or holds
NOT_DUE = {
    "mediation.Instalment.overdue_seen_on",  # when the day's run noticed it
    "mediation.Stage.expired_on",
    "enforcement.Responder.since",  # how long somebody was on the spot
    "enforcement.Responder.until",
    "enforcement.Inspector.since",  # how long somebody investigates a case
    "enforcement.HearingHost.since",  # how long somebody presides over a hearing
    "enforcement.HearingHost.until",
    "enforcement.Inspector.until",
    "enforcement.Mark.since",  # since when a matter is marked
    "accounts.User.date_joined",
    "notices.Delivery.next_try",
    "exchange.UploadRecord.next_try",
    "exchange.Platform.paused_until",  # the queue's own patience, nobody's duty
    "connections.ApiKey.expires_at",
    "liability.LiabilityFact.since",  # from when a fact holds
    "workforce.GateAlarm.since",  # since when a gate is silent
    "workforce.Enrolment.contract_until",  # how long a contract holds: no duty ends with it
    "funds.AccountQuery.first_day",  # the span of bookings that a query asks for
    "funds.AccountQuery.last_day",
    "local_law.LocalValue.valid_until",  # how long a value of the law holds: shown as part of the law
    "monitoring.Mute.until",  # how long a warning is quiet: it wakes by itself
    "monitoring.Warning.muted_until",
    "monitoring.Backtest.last",  # the span that a back-test or an accuracy looks at
    "monitoring.RuleAccuracy.last",
    "monitoring.RuleStage.from_day",  # from when a stage holds
    "monitoring.Escalation.since",  # since when nobody acts
    "monitoring.PayDayForecast.due",  # a pay day that due_pay_days shows; here a forecast of it
    "signals.EmployerEvent.until",  # how long a state in another body's register lasted
    "signals.EmployerLink.since",
    "signals.EmployerLink.until",
    "signals.Standstill.from_day",  # how long a site stood still
    "signals.Standstill.until_day",
    "contracts.Contract.keep_until",  # how long a file is kept; nobody has to act by it
    "arbitration.SigningLink.expires_at",  # how long a code in the room opens a record
    "mediation.PaperLink.expires_at",  # how long a code on the mediator's screen opens a paper
    "clues.TicketStatus.extension_asked_to",  # what the hotline's own list says; the matter's clock falls due here
    "clues.TicketStatus.extended_to",
    "letters.PartyLink.expires_at",  # how long a code on the desk's screen opens a paper
    "letters.Link.expires_at",  # how long a link to a served letter opens
    "workforce.Punch.file_day",  # the day under which a file wrote a punch
}
#: … by their names; ``not_before`` and ``act_from`` are the earliest days of something, not the last
_HAPPENED = re.compile(
    r"_at$|^at$|_on$|^on$|_from$|_seen$|_since$|^(entry|exit|day|dated|first|as_of|commencement|completion|"
    r"planned_completion|not_before|last_login)$"
)


def dates() -> dict[str, models.Field]:
    """Every date or time of our own models."""
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}": field
        for model in apps.get_models()
        if model.__module__.startswith("anxin.")
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateField) and field.model is model
    }


def test_what_is_called_due_exists():
    assert set(dates()) >= DUE


def test_every_date_of_every_model_is_told_due_or_not():
    """A new date by which something is to be done belongs into DUE, whatever it is called."""
    untold = {
        name for name in dates() if name not in DUE | NOT_DUE and not _HAPPENED.search(name.split(".")[-1])
    }
    assert untold == set()
    sounds_due = {name for name in dates() if re.search(r"due|until|act_by|deadline|expire", name)}
    assert sounds_due - DUE - NOT_DUE == set()


def shown_plainly() -> set[tuple[str, str]]:
    """(template, name) of due dates shown by a template otherwise than through the tag."""
    names = {name.split(".")[-1] for name in DUE} | ALSO_DUE
    found = set()
    for path in TEMPLATES.rglob("*.html"):
        template = str(path.relative_to(TEMPLATES))
        if template in SHOW_THE_STEPS or template.startswith(("bureau/law_", "parts/law_")):
            continue
        for variable in re.findall(r"\{\{\s*([\w.]+)", path.read_text(encoding="utf-8")):
            name = variable.split(".")[-1]
            if "." in variable and name in names:
                found.add((template, name))
    return found


def test_no_template_shows_a_due_date_without_its_steps():
    assert shown_plainly() == set(PLAIN)


@pytest.mark.parametrize(
    ("kind", "least"),
    [("warning", 6), ("clock", 5), ("matter", 1), ("pay-day", 3), ("labour-cost", 1), ("deposit", 3)],
)
def test_the_tag_stands_where_each_kind_is_shown(kind, least):
    used = sum(
        path.read_text(encoding="utf-8").count(f'{{% due "{kind}"') for path in TEMPLATES.rglob("*.html")
    )
    assert used >= least
