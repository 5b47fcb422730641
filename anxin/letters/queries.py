"""Reading: the queues, the letters of a matter, the registers of numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from anxin.accounts.access import SERVE, VIEW, may
from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.letters.access import visible_letters
from anxin.letters.life import QUEUES, State
from anxin.letters.models import Letter, NumberRegister, PaperRequest, Service
from anxin.typesetting.templates import templates

#: the queue of served letters whose day of service is still to be given to a procedure
DAYS = "days"
#: the queue of letters that a party asked for on paper and has not been given yet
PAPER = "paper"


def queue(user: User, part: str, on: dt.date) -> QuerySet[Letter]:
    """A state's letters on whose matters this person has the right that comes next; :data:`DAYS`: those of which a day of service
    has come; :data:`PAPER`: those asked for on paper; ``mine``: one's own drafts that came back or are not sent yet; else all that this person sees. The latest first."""
    if part in QUEUES:
        return visible_letters(user, QUEUES[part]).filter(state=part).order_by("-id")
    if part == DAYS:
        come = days_to_give(on).values("letter")
        return visible_letters(user, SERVE).filter(pk__in=come).order_by("-id")
    if part == PAPER:
        asked = PaperRequest.objects.filter(handed_on=None).values("service__letter")
        return visible_letters(user, SERVE).filter(pk__in=asked).order_by("-id")
    found = visible_letters(user, VIEW).order_by("-id")
    return found.filter(drafted_by=user, state=State.DRAFT) if part == "mine" else found


def waiting(user: User, on: dt.date) -> dict[str, int]:
    """How many letters wait in each queue that this person empties; one query for each."""
    queues = QUEUES | {DAYS: SERVE, PAPER: SERVE}
    return {part: queue(user, part, on).count() for part, right in queues.items() if may(user, right)}


def days_to_give(on: dt.date) -> QuerySet[Service]:
    """Services whose day has come and still has to be given to the open matter that counts from it."""
    rows = Service.objects.filter(event_given_at=None, served_on__lte=on, letter__state=State.SERVED)
    return rows.filter(event_matter__closed_on=None).exclude(event_name="")


def of_matter(user: User, matter: Matter) -> list[Letter]:
    """The letters of a matter that this person sees, the latest first."""
    rows = visible_letters(user).filter(matter=matter).prefetch_related("successors", "services")
    return list(rows.order_by("-id"))


def registers(user: User) -> Sequence[NumberRegister]:
    """The registers in which this person sees a letter: newest year first, then by office and kind."""
    seen = visible_letters(user).order_by().filter(serial__isnull=False)
    keys = set(seen.values_list("office_id", "register", "year").distinct())
    rows = NumberRegister.objects.filter(last__gt=0).select_related("office")
    ordered = rows.order_by("-year", "office__name", "register")
    return [one for one in ordered if (one.office_id, one.register, one.year) in keys]


def in_register(user: User, register: NumberRegister) -> QuerySet[Letter]:
    """The letters of one register that this person sees, the highest number first."""
    rows = visible_letters(user).filter(
        office=register.office, register=register.register, year=register.year, serial__isnull=False
    )
    return rows.prefetch_related("services").order_by("-serial")


def kind_name(kind: str) -> str:
    """The name of a kind of letter, as the template says it."""
    found = templates().get(kind)
    return found.name if found else kind
