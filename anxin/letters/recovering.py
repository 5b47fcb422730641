"""Links whose sending was interrupted before its service stood: the service is made up for, or somebody is told to look.

A process may die between the message that leaves the house and the rows that say so. The link was marked before
(``pending_since``), so the day's run finds it. That a message left is known where the link says so, and where somebody
opened the address, which went nowhere but into that message. Otherwise nobody here knows, and no service is claimed.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework.notifying import Colleagues, outline
from anxin.evidence import journal
from anxin.evidence.journal import SYSTEM
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.law.wording import day_text
from anxin.letters.links import record_service
from anxin.letters.models import Link, Service
from anxin.letters.queries import kind_name
from anxin.notices.kinds import Kind, register
from anxin.notices.models import ChannelName
from anxin.notices.services import Message, send_many

KIND = register(
    Kind(
        "link_service",
        "链接送达待核对",
        "送达链接发送时中断，或者发出了却登记不了送达，请人核对",
        frozenset({str(ChannelName.EMAIL)}),
    )
)
#: longer than a sending and its service can take: what is younger is still being done
PATIENCE = dt.timedelta(minutes=15)


def recover(now: dt.datetime, law: Law) -> int:
    """Record what is missing, each on the day of its sending, and tell of the rest; returns how many were recorded.

    May be done again and by several at once: a service is recorded once, and nobody is told twice.
    """
    links = Link.objects.filter(pending_since__lte=now - PATIENCE).order_by("pk")
    made, open_ = 0, []
    for link in links.select_related("letter__matter__lead", "letter__matter__handler", "consent", "sent_by"):
        try:
            made += _recovered(link, now, law) is not None
        except Refused as refusal:
            open_.append((link, str(refusal)))
    colleagues = Colleagues()
    told = [
        _message(link, why, person)
        for link, why in open_
        for person in colleagues.handling(link.letter.matter)
    ]
    send_many(told, now=now)
    return made


def _recovered(link: Link, now: dt.datetime, law: Law) -> Service | None:
    assert link.sent_by is not None
    with transaction.atomic():
        if link.sent_at is None and link.letter.services.filter(receiver=link.consent.receiver).exists():
            Link.objects.filter(pk=link.pk).update(pending_since=None)
            return None
        if link.sent_at is None:
            if link.first_opened_at is None:
                raise Refused("发送时中断，系统不知道短信或者邮件有没有发出")
            Link.objects.filter(pk=link.pk, sent_at=None).update(sent_at=link.pending_since)
        service = record_service(link, by=link.sent_by, now=now, law=law)
        if service is not None:
            journal.record(
                actor=SYSTEM, action="letter.service_recovered", object_type="letter", object_id=link.letter_id,
                summary=f"{link.letter.number}的送达链接{link.pk}发出后没有来得及登记，系统补记了送达", now=now,
                after={"link": link.pk, "service": service.pk, "served_on": service.served_on.isoformat()},
            )  # fmt: skip
    return service


def _message(link: Link, why: str, person: User) -> Message:
    assert link.pending_since is not None
    letter = link.letter
    what = f"{kind_name(letter.kind)} {letter.number}"
    on = day_text(timezone.localdate(link.pending_since))
    to_do = (
        "链接已经发出，请在文书页改好后登记“电子送达”。"
        if link.sent_at
        else "请核对短信平台或者邮箱的发送记录：发出了的，在文书页登记“电子送达”；没有发出的，重新生成链接。"
    )
    return Message(
        to=person,
        kind=KIND.key,
        title=f"链接送达待核对：{what}",
        body=f"{on}发给{link.consent.receiver}的送达链接没有登记送达：{why.rstrip('。')}。{to_do}",
        link=f"/letters/{letter.pk}#services",
        about=("letter", letter.pk),
        once_key=f"link_service:{link.pk}",
        outline=outline(letter.matter),
    )
