"""送达 into an employer's own portal: the letter stands there from the moment it is put, and that day is the day of service.

民事诉讼法第九十条, 办案规则 and the inspection rules alike ask for the addressee's consent, and count the day on which the letter
reached its system. Who opened it, and when, is kept and journalled, but nothing counts from it.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from anxin.accounts.access import actor, with_grants
from anxin.accounts.models import Grant, Role, User
from anxin.evidence import journal
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters import paper_copies, serving
from anxin.letters.life import Act
from anxin.letters.models import Letter, LetterAct, PaperRequest, PortalCopy
from anxin.letters.queries import kind_name
from anxin.notices.kinds import Kind, register
from anxin.notices.services import Message, send_many
from anxin.registry.access import own_employers
from anxin.registry.models import Employer

NOTICE = "letter_received"
PLACE = "安薪单位端“收到的文书”"


def register_notices() -> None:
    """Called once when the application starts."""
    register(Kind(NOTICE, "收到文书", "有文书送达到本单位的单位端"))


def clerks_of(employer: Employer) -> list[User]:
    """Who of the employer signs in; without anybody nothing can be served there."""
    grants = Grant.objects.filter(role=Role.PAYROLL_CLERK, employer=employer.uscc, user__is_active=True)
    return with_grants(grants.order_by("pk"))


def place(
    letter: Letter, *, target: str, by: User, now: dt.datetime, law: Law, expected_version: int
) -> PortalCopy:
    """Put the letter before the employer of its matter and record the service with its proof. Raises :class:`Refused`."""
    employer = letter.matter.employer
    if employer is None:
        raise Refused("这件事项没有登记用人单位，不能送到单位端。")
    people = clerks_of(employer)
    if not people:
        raise Refused(f"{employer.name}还没有单位端账号，送到单位端没有人能看到，请换一种送达方式。")
    today = timezone.localdate(now)
    told = serving.Told(employer.name, "electronic", today, PLACE, str(by), target=target)
    with transaction.atomic():
        service = serving.serve(letter, told, by=by, now=now, law=law, expected_version=expected_version)
        copy = PortalCopy.objects.create(letter=letter, employer=employer, service=service, placed_at=now)
        title = f"收到{kind_name(letter.kind)} {letter.number}"
        once = f"letter:{letter.pk}:portal"
        send_many(
            [
                Message(to=one, kind=NOTICE, title=title, once_key=once, link="/employer/letters")
                for one in people
            ],
            now=now,
        )
    return copy


def received(user: User) -> QuerySet[PortalCopy]:
    """What was put before the employers that this person works for, with what lists show."""
    rows = PortalCopy.objects.filter(employer__in=own_employers(user))
    shown = rows.select_related("letter__office", "letter__sealed_file", "employer", "service")
    return shown.prefetch_related("service__paper_requests")


def with_unread(employers: QuerySet[Employer]) -> QuerySet[Employer]:
    """Each with ``unread``: how many letters put before it nobody has opened."""
    return employers.annotate(unread=Count("letters", filter=Q(letters__first_opened_at__isnull=True)))


def ask_paper(copy: PortalCopy, *, by: User, now: dt.datetime) -> PaperRequest:
    """Somebody of the employer asks for the letter on paper. Raises :class:`Refused`."""
    return paper_copies.ask(copy.service, who=actor(by), where="单位端", now=now)


def opened(copy: PortalCopy, *, by: User, now: dt.datetime) -> None:
    """Somebody of the employer opened the letter: one row of its history and one entry of the journal, each time."""
    letter = copy.letter
    with transaction.atomic():
        rows = PortalCopy.objects.filter(pk=copy.pk)
        rows.filter(first_opened_at=None).update(first_opened_at=now, first_opened_by_name=str(by)[:80])
        rows.update(times_opened=F("times_opened") + 1)
        LetterAct.objects.create(
            letter=letter, act=Act.OPENED, by=by, by_name=str(by)[:80], at=now, note=f"{copy.employer.name}在单位端打开",
            from_state=letter.state, to_state=letter.state,
        )  # fmt: skip
        journal.record(
            actor=actor(by), action="letter.opened", object_type="letter", object_id=letter.pk,
            summary=f"{copy.employer.name}在单位端打开{letter.number}", now=now, after={"copy": copy.pk},
        )  # fmt: skip
