"""Whoever holds a receipt: finding the submission by it, and words to and fro. They stay as unknown as they were."""

from __future__ import annotations

import datetime as dt
import re

from django.db import IntegrityError, transaction
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.channels import floods, limits, receipts
from anxin.channels.limits import Sender
from anxin.channels.models_voice import Message, Submission
from anxin.channels.refusing import ELSEWHERE, TooMany
from anxin.clues.access import may_work
from anxin.clues.models import Clue
from anxin.clues.opening import SealedPart, add_part
from anxin.evidence.journal import Actor, record
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.kernel.refusal import Refused
from anxin.notices.kinds import Kind, register
from anxin.notices.outline import Outline
from anxin.notices.services import send

NOTICE = "clue_answer"
TELLER = Actor("public", "反映人（凭回执）")
LONGEST, SHORTEST = 1000, 2
_KEY = re.compile(r"[A-Za-z0-9_-]{8,80}")
UNKNOWN = "没有找到这个回执号，请对照回执逐位核对；" + ELSEWHERE


def find(typed: str, *, sender: Sender, now: dt.datetime) -> Submission:
    """The submission with this receipt. Raises :class:`Refused`: the same sentence for all that are not found.

    Only wrong numbers count, so that a whole site may look up its own; whoever has guessed too often is told
    nothing for a while, not even of a right one.
    """
    number = receipts.typed(typed)
    guesses = [limits.GUESS_ADDRESS.of(sender.place), limits.GUESS_ALL.of()]
    if floods.empty(guesses, now=now):
        raise Refused("这里输错的次数太多，请过十分钟再查；" + ELSEWHERE, field="receipt")
    rows = Submission.objects.select_related("clue__region", "region", "code__project__region")
    found = rows.filter(receipt_hash=receipts.receipt_hash(number)).first()
    if found is None:
        floods.take(guesses, now=now)
        raise Refused(UNKNOWN, field="receipt")
    return found


def submission_of_clue(clue: Clue) -> Submission | None:
    """What the clue's receipt stands for: its form, or the place made when an officer gave one out; ``None`` without."""
    return Submission.objects.filter(clue=clue).first()


def ask(clue: Clue, text: str, *, by: User, now: dt.datetime) -> Message:
    """The office asks or tells something; it is read by whoever holds the receipt. Raises :class:`Refused`."""
    if not may_work(by, clue):
        raise Refused("您没有办理这条线索的权限，请联系负责该地区的同事。")
    submission = submission_of_clue(clue)
    if submission is None:
        raise Refused("这条线索的反映人没有回执，请先发回执，或者按登记的电话联系。")
    text = _text(text)
    with transaction.atomic():
        message = Message.objects.create(
            submission=submission, from_office=True, text=text, by_name=str(by), by_user=by, at=now
        )
        _journal(clue, message, actor(by), "clue.asked", f"{clue}：给反映人留言", now)
    return message


def answer(submission: Submission, text: str, *, key: str, now: dt.datetime) -> Message:
    """Whoever holds the receipt answers or adds something; sent twice it is one. Raises :class:`Refused`."""
    text = _text(text)
    if not _KEY.fullmatch(key):
        raise Refused("这一页已经失效，请重新输入回执号。", field="text")
    if submission.clue is None:
        raise Refused("您反映的情况正在登记，请过一两分钟再留言。", field="text")
    key_hash = finding_hash("message", key)
    try:
        with transaction.atomic():
            message = Message.objects.create(
                submission=submission, from_office=False, text=text, at=now, key_hash=key_hash
            )
            if floods.take([limits.MESSAGE.of(submission.pk)], now=now):
                raise TooMany(int(limits.MESSAGE.seconds))
            _journal(
                submission.clue, message, TELLER, "clue.answered", f"{submission.clue}：反映人凭回执留言", now
            )
            _tell_who_asked(submission, submission.clue, message, now)
    except IntegrityError:
        return submission.messages.get(key_hash=key_hash)
    return message


def conversation(submission: Submission) -> list[Message]:
    """All words so far, the oldest first."""
    return list(submission.messages.order_by("pk"))


def text_of(message: Message) -> str:
    """What was said, whole: for the two who talk."""
    assert isinstance(message.text, Sealed)
    return message.text.open()


def seen(submission: Submission, *, now: dt.datetime) -> None:
    """Whoever holds the receipt has read what the office said."""
    submission.messages.filter(from_office=True, seen_at__isnull=True).update(seen_at=now)


def register_sealed() -> None:
    """Called once when the application starts: a telephone that somebody wrote into an answer is opened like the rest."""
    add_part("messages", SealedPart("留言原文", _has_answers, _answers))


def _has_answers(clue: Clue) -> bool:
    return Message.objects.filter(submission__clue=clue, from_office=False).exists()


def _answers(clue: Clue, until: dt.datetime) -> str:
    """What whoever told us has written, whole, the oldest first, each with its hour."""
    said = Message.objects.filter(submission__clue=clue, from_office=False, at__lte=until).order_by("pk")
    return "\n".join(f"{timezone.localtime(one.at):%m-%d %H:%M} {text_of(one)}" for one in said)


def _tell_who_asked(submission: Submission, clue: Clue, message: Message, now: dt.datetime) -> None:
    asked = submission.messages.filter(from_office=True).select_related("by_user").order_by("-pk").first()
    if asked is None or asked.by_user is None:
        return
    send(
        to=asked.by_user,
        kind=NOTICE,
        title=f"{clue}的反映人留言了",
        link=f"/clues/{clue.pk}#voice",
        about=("clue", clue.pk),
        once_key=f"clue-answer:{message.pk}",
        outline=Outline(count=1, region=clue.region_id, number=clue.number),
        now=now,
    )


def register_notices() -> None:
    """Called once when the application starts."""
    register(Kind(NOTICE, "反映人的留言", "我问过的反映人凭回执留了言"))


def _text(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) < SHORTEST:
        raise Refused("请写下要说的话。", field="text")
    if len(text) > LONGEST:
        raise Refused(f"一次最多写{LONGEST}个字，请分两次留言。", field="text")
    return text


def _journal(clue: Clue, message: Message, who: Actor, action: str, summary: str, now: dt.datetime) -> None:
    """That something was said, not what: the words may name people."""
    record(
        actor=who,
        action=action,
        object_type="clue",
        object_id=clue.pk,
        summary=summary,
        after={"message": message.pk},
        now=now,
    )
