"""Telling people something: ``send``, ``send_many``; and noting that they have read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from anxin.accounts.models import User
from anxin.kernel.refusal import Refused
from anxin.notices import channels
from anxin.notices.kinds import kind as kind_of
from anxin.notices.models import Delivery, Notice
from anxin.notices.outline import Outline
from anxin.notices.preferences import Wishes

_CHUNK = 500
#: so often the rows are looked up anew because somebody else has just told the same
_OVERTAKEN = 3
_TITLE, _BODY, _LINK, _KEY = 200, 2000, 300, 160
_ABOUT, _REGION, _NUMBER = 40, 12, 120


@dataclass(frozen=True)
class Message:
    """What to tell one person.

    ``title`` is one line, ``body`` plain text; people in them stand masked. ``link`` is a path inside the
    console. ``about`` is the type and key of the thing. ``once_key`` names the occasion
    (``deadline:12:overdue:3``): the same person is told once. ``outline`` alone goes out by the webhook.
    """

    to: User
    kind: str
    title: str
    once_key: str
    body: str = ""
    link: str = ""
    about: tuple[str, object] = ("", "")
    outline: Outline = field(default_factory=Outline)


def send(
    *,
    to: User,
    kind: str,
    title: str,
    once_key: str,
    now: dt.datetime,
    body: str = "",
    link: str = "",
    about: tuple[str, object] = ("", ""),
    outline: Outline | None = None,
) -> Notice | None:
    """Tell one person; ``None`` where they were told before, or the account is closed.

    Part of the caller's transaction: what is rolled back was not told. Raises :class:`Refused`.
    """
    message = Message(
        to=to,
        kind=kind,
        title=title,
        once_key=once_key,
        body=body,
        link=link,
        about=about,
        outline=outline or Outline(),
    )
    return next(iter(send_many([message], now=now)), None)


def send_many(messages: Sequence[Message], *, now: dt.datetime) -> list[Notice]:
    """Tell many people at once; returns the notices that are new. No statement per message.

    On the screen they are at once; e-mail and webhook are queued for the worker. Raises :class:`Refused`
    before anything is written.
    """
    wanted = [_notice(message, now) for message in messages if message.to.is_active]
    created: list[Notice] = []
    with transaction.atomic():
        for start in range(0, len(wanted), _CHUNK):
            created += _insert(wanted[start : start + _CHUNK])
        _queue(created, now)
    return created


def mark_read(user: User, *, now: dt.datetime, ids: Collection[int] | None = None) -> int:
    """Note that this person has read their own notices (all of them without ``ids``); returns how many."""
    unread = Notice.objects.filter(to=user, read_at__isnull=True)
    if ids is not None:
        unread = unread.filter(pk__in=ids)
    return unread.update(read_at=now)


def _notice(message: Message, now: dt.datetime) -> Notice:
    kind_of(message.kind)
    title = " ".join(message.title.split())
    if not title:
        raise Refused("通知没有标题，请写明是什么事。", field="title")
    if not message.once_key or len(message.once_key) > _KEY:
        raise Refused(f"通知的事由标识应为1至{_KEY}个字符，同一事由只通知一次。", field="once_key")
    if not _inside(message.link):
        raise Refused("通知的链接应为本系统内的路径，以一个“/”开头。", field="link")
    about_type, about_id = message.about[0], str(message.about[1])
    if len(about_type) > _ABOUT or len(about_id) > _ABOUT:
        raise Refused(f"通知所指对象的种类和编号各不超过{_ABOUT}个字符。", field="about")
    outline = message.outline
    if outline.count < 1:
        raise Refused("通知的件数应为1以上的整数。", field="count")
    return Notice(
        to=message.to,
        kind=message.kind,
        title=_cut(title, _TITLE),
        body=_cut(message.body.strip(), _BODY),
        link=message.link,
        about_type=about_type,
        about_id=about_id,
        once_key=message.once_key,
        count=outline.count,
        # What is too long is no region or number; cut, it could pass for one.
        region=outline.region if len(outline.region) <= _REGION else "",
        number=outline.number if len(outline.number) <= _NUMBER else "",
        created_at=now,
    )


def _inside(link: str) -> bool:
    """Whether it is a path of this console; ``//host`` and ``/\\host`` lead elsewhere in a browser."""
    if not link:
        return True
    return link[0] == "/" and link[1:2] not in ("/", "\\") and len(link) <= _LINK and link.isprintable()


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _insert(wanted: Sequence[Notice]) -> list[Notice]:
    """Insert what is not there yet; when another process tells the same meanwhile, look again."""
    for _ in range(_OVERTAKEN):
        new = _new(wanted)
        try:
            with transaction.atomic():
                return Notice.objects.bulk_create(new)
        except IntegrityError:
            continue
    raise Refused("同一通知正由其他任务发送，请稍后再试。")


def _new(wanted: Sequence[Notice]) -> list[Notice]:
    keys = {notice.once_key for notice in wanted}
    people = {notice.to_id for notice in wanted}
    told = set(Notice.objects.filter(once_key__in=keys, to__in=people).values_list("to_id", "once_key"))
    new: dict[tuple[int, str], Notice] = {}
    for notice in wanted:
        key = (notice.to_id, notice.once_key)
        if key not in told:
            new.setdefault(key, notice)
    return list(new.values())


def _queue(notices: Sequence[Notice], now: dt.datetime) -> None:
    """One delivery per channel that the person wants and can be reached by."""
    wishes = Wishes([notice.to_id for notice in notices])
    rows = []
    for notice in notices:
        wanted = wishes.channels(notice.to_id, kind_of(notice.kind))
        for channel in channels.ALL:
            if channel.immediate:
                rows.append(
                    Delivery(notice=notice, channel=channel.name, state=Delivery.State.SENT, sent_at=now)
                )
            elif channel.name in wanted and channel.ready() and channel.reaches(notice.to):
                rows.append(Delivery(notice=notice, channel=channel.name, next_try=now))
    Delivery.objects.bulk_create(rows, batch_size=_CHUNK)
