"""The address under which an addressee opens a letter: for one letter, one person who agreed, thirty days; every opening is kept.

Who opened it is not known: whoever has the address can. What is kept says so, with the kind of device and where the address went.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.kernel.masking import mask_mailbox, mask_phone
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters import content, paper_copies, serving
from anxin.letters.consents import require_standing
from anxin.letters.judging import require
from anxin.letters.life import Act, State
from anxin.letters.manners import require_manner
from anxin.letters.models import Consent, Letter, LetterAct, Link, PaperRequest, Service
from anxin.letters.queries import kind_name
from anxin.letters.recording import keep, locked
from anxin.notices import outside
from anxin.notices.channels.base import NotDelivered

HOLDS = dt.timedelta(days=30)
#: stands where other acts name a person: the link alone shows nobody's identity
UNKNOWN = "持链接的人（未核验身份）"


def make_link(
    letter: Letter,
    consent: Consent | None,
    *,
    by: User,
    now: dt.datetime,
    law: Law,
    expected_version: int,
    target: str = "",
) -> tuple[Link, str]:
    """A link and its word, which is shown once and never kept.

    ``target``: the day of a procedure that the service by this link is to give: what is wrong with it is told before anything
    leaves the house. Raises :class:`Refused`.
    """
    with transaction.atomic():
        held = locked(letter, expected_version)
        require(held, Act.SERVED, by)
        if held.announces_id is not None:
            raise Refused("这份文书是送达公告，不用链接送达，请在“登记公告发布”里登记。")
        serving.aim_of(held, target, law)
        require_manner(held, "electronic", law, timezone.localdate(now))
        agreed = require_standing(held, consent)
        token = secrets.token_urlsafe(24)
        link = Link.objects.create(
            letter=held, consent=agreed, token_hash=_hash(token), target=target, made_by_name=str(by), made_at=now,
            expires_at=now + HOLDS,
        )  # fmt: skip
        keep(held, Act.LINKED, by=by, now=now, to=State(held.state), more={"link": link.pk})
    return link, token


def link_of(token: str, now: dt.datetime) -> Link | None:
    """The link of this word, ``None`` where there is none or it has run out."""
    rows = Link.objects.select_related("letter__office", "letter__matter", "letter__sealed_file", "consent")
    return rows.filter(token_hash=_hash(token), expires_at__gt=now).first()


def send(link: Link, address: str, *, by: User, now: dt.datetime) -> bool:
    """Send the address of a link to the telephone or e-mail that was agreed to; ``False`` where the office has no way there.

    Not in a transaction: what has left the house does not come back. Until :func:`record_service` the link is pending: whatever
    interrupts the two, :mod:`~anxin.letters.recovering` takes it up. Raises :class:`~anxin.notices.channels.base.NotDelivered`.
    """
    letter, to = link.letter, content.opened(link.consent.address)
    if not outside.reaches(to):
        return False
    what = f"{kind_name(letter.kind)}（{letter.number}）"
    until = timezone.localtime(link.expires_at).strftime("%Y-%m-%d %H:%M")
    words = f"{letter.office.name}向您送达{what}，请在{until}前打开：{address} 请核对发文单位，不要转给他人。"
    Link.objects.filter(pk=link.pk).update(pending_since=now, sent_by=by)
    try:
        outside.tell(to, f"送达{what}", words, now=now)
    except NotDelivered:
        Link.objects.filter(pk=link.pk).update(pending_since=None)
        raise
    Link.objects.filter(pk=link.pk).update(sent_at=now)
    link.sent_at, link.pending_since, link.sent_by = now, now, by
    journal.record(
        actor=actor(by), action="letter.link_sent", object_type="letter", object_id=letter.pk,
        summary=f"已把{letter.number}的送达链接{link.pk}发给受送达人", now=now, after={"link": link.pk},
    )  # fmt: skip
    return True


def record_service(link: Link, *, by: User, now: dt.datetime, law: Law) -> Service | None:
    """The electronic service by a link that :func:`send` has sent, on the day of the sending, with its proof; it pends no more.

    ``None`` where this addressee was served before: that day stays. Raises :class:`Refused`.
    """
    with transaction.atomic():
        held = (
            Link.objects.select_for_update(of=("self",)).select_related("letter", "consent").get(pk=link.pk)
        )
        if held.sent_at is None:
            raise Refused("这个链接不是由系统发出的，发给对方以后，请在文书页登记“电子送达”。")
        Link.objects.filter(pk=held.pk).update(pending_since=None)
        # as it is after the sending: what has left the house is no less sent because somebody acted meanwhile
        letter, receiver = held.letter, held.consent.receiver
        if letter.services.filter(receiver=receiver).exists():
            return None
        told = serving.Told(
            receiver=receiver,
            manner="electronic",
            on=timezone.localdate(held.sent_at),
            place=f"{_way(held)}链接{held.pk}，发到{_masked(held)}",
            servers=str(by),
            target=held.target,
        )
        return serving.serve(letter, told, by=by, now=now, law=law, expected_version=letter.version)


def service_by(link: Link) -> Service | None:
    """The electronic service on the addressee of this link, the latest first; none where it is not recorded."""
    rows = link.letter.services.filter(receiver=link.consent.receiver, manner=paper_copies.ELECTRONIC)
    return rows.prefetch_related("paper_requests").order_by("-pk").first()


def ask_paper(link: Link, *, now: dt.datetime) -> PaperRequest:
    """Whoever has the link asks for the letter on paper; it is given to the addressee, whom the officer knows. Raises :class:`Refused`."""
    service = service_by(link)
    if service is None:
        raise Refused(f"这份文书的送达还没有登记，请直接向{link.letter.office.name}申请纸质文书。")
    return paper_copies.ask(service, who=Actor(f"link:{link.pk}", UNKNOWN), where="送达链接的页面", now=now)


def opened(link: Link, now: dt.datetime, *, device: str) -> None:
    """Somebody with the link opened the letter: one row of its history and one entry of the journal, each time.

    ``device``: its kind in words.
    """
    who = Actor(f"link:{link.pk}", UNKNOWN)
    with transaction.atomic():
        Link.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=now)
        Link.objects.filter(pk=link.pk).update(times_opened=F("times_opened") + 1)
        state = link.letter.state
        LetterAct.objects.create(
            letter=link.letter, act=Act.OPENED, by=None, by_name=UNKNOWN, at=now,
            note=f"凭链接{link.pk}打开，{device}。{went_to(link)}", from_state=state, to_state=state,
        )  # fmt: skip
        journal.record(
            actor=who, action="letter.opened", object_type="letter", object_id=link.letter_id,
            summary=f"有人凭链接{link.pk}打开{link.letter.number}，未核验身份", now=now,
            after={"link": link.pk, "device": device},
        )  # fmt: skip


def went_to(link: Link) -> str:
    """For whom the link is and where it was sent, the number or mailbox masked."""
    to = _masked(link)
    how = f"由系统发到登记的{to}" if link.sent_at else f"系统没有代发，登记的是{to}"
    return f"这个链接给{link.consent.receiver}，{how}。"


def _way(link: Link) -> str:
    return "电子邮件" if "@" in content.opened(link.consent.address) else "手机短信"


def _masked(link: Link) -> str:
    """The telephone number or mailbox that was agreed to."""
    to = content.opened(link.consent.address)
    return mask_mailbox(to) if "@" in to else mask_phone(to)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
