"""What the parties must be told, once an occasion; and notices to the people who work on a case.

Workers have no account here: a row says what to tell them, and whoever telephones or meets them says how it was told.
An employer whose clerks sign in reads it there as well. Notices hold numbers and days, never people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from anxin.accounts.access import actor, with_grants
from anxin.accounts.models import Grant, Role, User
from anxin.casework.notifying import Colleagues
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused, worded
from anxin.mediation.access import require_works
from anxin.mediation.models import MediationCase, PartyTold
from anxin.notices.kinds import Kind, register
from anxin.notices.services import Message, send_many

NOTICE = "mediation"
#: where on the page of a case the ways on stand
WAYS = "#ways"


def register_notices() -> None:
    """Called once when the application starts."""
    register(Kind(NOTICE, "调解", "有调解案件交给我、到期转级、约定调解，或者有分期款到期、逾期"))


def link(case: MediationCase) -> str:
    """The page of a case in the console."""
    return f"/mediation/cases/{case.pk}"


def must_tell(
    case: MediationCase,
    occasion: str,
    text: str,
    *,
    now: dt.datetime,
    sides: Iterable[str] = tuple(PartyTold.Side.values),
) -> int:
    """Note what the sides must be told, once an occasion; returns how many rows are new. In the caller's transaction."""
    known = set(PartyTold.objects.filter(case=case, occasion=occasion).values_list("side", flat=True))
    rows = [
        PartyTold(case=case, side=side, occasion=occasion, text=text, made_at=now)
        for side in sides
        if side not in known
    ]
    PartyTold.objects.bulk_create(rows)
    if any(row.side == PartyTold.Side.EMPLOYER for row in rows):
        _tell_clerks(case, occasion, text, now)
    return len(rows)


def told(row: PartyTold, *, how: str, by: User, now: dt.datetime) -> None:
    """Say that and how a side was told. Said once. Raises :class:`Refused`."""
    how = worded(how, "请写明怎样告知的", field="how", more="，例如“电话告知本人”")
    with transaction.atomic():
        found = (
            PartyTold.objects.select_for_update(of=("self",))
            .select_related("case__matter__lead", "case__mediator")
            .get(pk=row.pk)
        )
        require_works(by, found.case)
        if found.told_at is not None:
            raise Refused("这一条已经登记过告知，请刷新页面。")
        found.told_at, found.told_how, found.told_by_name = now, how, str(by)
        found.save(update_fields=["told_at", "told_how", "told_by_name"])
        note(
            found.case,
            "told",
            f"已告知{found.get_side_display()}：{how}",
            by=by,
            now=now,
            after={"row": found.pk},
        )


def tell_workers_on_it(
    case: MediationCase, occasion: str, title: str, *, now: dt.datetime, colleagues: Colleagues | None = None
) -> None:
    """A notice to the mediator and to whoever handles the matter; the same occasion once."""
    people: dict[int, User] = {one.pk: one for one in (colleagues or Colleagues()).handling(case.matter)}
    if case.mediator is not None and case.mediator.user is not None:
        people[case.mediator.user.pk] = case.mediator.user
    _send(case, list(people.values()), occasion, title, now)


def tell_of_default(
    case: MediationCase, occasion: str, said: str, *, now: dt.datetime, colleagues: Colleagues
) -> None:
    """Of an overdue sum: whoever handles the matter at the lead body takes it on, the mediator urges and cannot.

    Both land at the ways on; the same occasion once.
    """
    handling = {one.pk: one for one in colleagues.handling(case.matter)}
    title = f"调解{case}：{said}逾期，请催付，或者在“没有履行，往哪里走”转司法确认、支付令、仲裁"
    _send(case, list(handling.values()), occasion, title, now, at=WAYS)
    mediator = case.mediator.user if case.mediator else None
    if mediator is not None and mediator.pk not in handling:
        title = (
            f"调解{case}：{said}逾期，请催付；转司法确认、支付令、仲裁由{who_hands_on(case)}办理，已经通知"
        )
        _send(case, [mediator], occasion, title, now, at=WAYS)


def who_hands_on(case: MediationCase) -> str:
    """The lead body, which alone takes a default on, and its handler where there is one who works there."""
    handler = case.matter.handler
    return f"{case.matter.lead.name}{f'（{handler}）' if handler is not None and handler.is_active else ''}"


def note(
    case: MediationCase,
    action: str,
    said: str,
    *,
    by: User,
    now: dt.datetime,
    after: dict[str, object] | None = None,
) -> None:
    """One journal entry about a case."""
    record(
        actor=actor(by),
        action=f"mediation.{action}",
        object_type="mediation_case",
        object_id=case.pk,
        summary=f"{case}：{said}",
        now=now,
        after=after or {},
    )


def _tell_clerks(case: MediationCase, occasion: str, text: str, now: dt.datetime) -> None:
    """The employer's own clerks read it in their portal; the page of the case is not theirs, so there is no link."""
    if case.employer is None:
        return
    grants = Grant.objects.filter(
        role=Role.PAYROLL_CLERK, employer=case.employer.uscc, user__is_active=True
    ).order_by("pk")
    people = with_grants(grants)
    messages = [
        Message(to=one, kind=NOTICE, title=text[:200], once_key=f"mediation:{case.pk}:{occasion}")
        for one in people
    ]
    send_many(messages, now=now)


def _send(
    case: MediationCase, people: Sequence[User], occasion: str, title: str, now: dt.datetime, at: str = ""
) -> None:
    send_many(
        [
            Message(
                to=one,
                kind=NOTICE,
                title=title[:200],
                once_key=f"mediation:{case.pk}:{occasion}",
                link=link(case) + at,
                about=("mediation_case", case.pk),
            )
            for one in people
        ],
        now=now,
    )
