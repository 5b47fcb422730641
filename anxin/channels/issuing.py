"""A receipt for whoever told an officer: by telephone, at the window, on the grid, by the police or in a list.

It is the receipt of the public form: sixteen digits, of which a keyed hash is kept, shown once to the officer who gives it
out. Given out anew, the old one stops. What the officer has seen is no proof of who holds it: that the money has come is
asked for with the worker's own number wherever one is on record (``own_word``).
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from anxin.accounts.access import HANDLE, actor
from anxin.accounts.models import User
from anxin.channels import receipts
from anxin.channels.models_voice import Submission
from anxin.channels.own_word import own_number
from anxin.channels.reaching import callers_phone
from anxin.clues.access import may_work, visible_clues
from anxin.clues.masking import opened
from anxin.clues.models import Clue, Telling
from anxin.clues.opening import SealedPart, add_part
from anxin.evidence.journal import Event, record_all
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.kernel.refusal import Refused, worded
from anxin.notices import outside
from anxin.notices.channels.base import NotDelivered

#: receipts given out together at most
AT_ONCE = 500
_TURNS = 5
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Issued:
    """The sixteen digits, once: nobody here can look them up again."""

    clue: Clue
    submission: Submission
    receipt: str


def issue(
    clue: Clue, *, by: User, now: dt.datetime, helper: str = "", own: str = "", why: str = ""
) -> Issued:
    """Give a receipt for this clue to the worker, or to a named ``helper``. Raises :class:`Refused`.

    ``own`` is the worker's own telephone or the last six signs of their ID number, by which a helper's receipt is the
    worker's. Where there is a receipt already it is given anew, which needs ``why``, and the one before stops.
    """
    helper, own = helper.strip(), own_number(own)
    if len(helper) > _LONGEST_NAME:
        raise Refused(f"帮忙的人的姓名不能超过{_LONGEST_NAME}个字。", field="helper")
    with transaction.atomic():
        held = (
            Clue.objects.select_for_update(of=("self",)).select_related("region", "project").get(pk=clue.pk)
        )
        _refuse_nobody(held)
        known = Submission.objects.filter(clue=held).first()
        if not (may_work(by, held) or (known is None and _wrote_down(by, held))):
            raise Refused("回执由登记的人或者办理这条线索的人发，您没有这条线索的办理权限。")
        if known is not None:
            why = worded(
                why, "这条线索已经发过回执，补发请写明原因", field="why", more="，原来的回执号随即作废"
            )
        kept = known or _empty(held)
        # what was a helper's stays one: the worker is known by their own number, not by a new slip
        kept.helped = kept.helped or bool(helper)
        if own and not kept.helped:
            raise Refused("发给本人的，不用再填本人的号码；发给帮忙的人的，请填他的姓名。", field="helper")
        kept.helper = Sealed.of(helper) if helper else kept.helper
        kept.own = Sealed.of(own) if own else kept.own
        made = _numbered(held, kept, by, now)
        record_all([_event(made, why=why, again=known is not None)], actor=actor(by), now=now)
    return made


def issue_many(clues: Sequence[Clue], *, by: User, now: dt.datetime) -> list[Issued]:
    """First receipts of these clues, for those who told us; what has one, or is not this person's, is left out.

    Raises :class:`Refused` for more than :data:`AT_ONCE`.
    """
    if len(clues) > AT_ONCE:
        raise Refused(f"一次最多给{AT_ONCE}条线索发回执，请缩小范围。")
    with transaction.atomic():
        wanted = without_receipt(by).filter(pk__in=[clue.pk for clue in clues]).order_by("pk")
        held = list(wanted.select_for_update(of=("self",)))
        made = [_numbered(clue, _empty(clue), by, now) for clue in held]
        record_all([_event(one, why="", again=False) for one in made], actor=actor(by), now=now)
    return made


def without_receipt(user: User) -> QuerySet[Clue]:
    """Open clues that somebody told and that have no receipt, where this person works; with ``has_phone``."""
    rows = visible_clues(user, HANDLE).filter(submission__isnull=True)
    rows = rows.exclude(state=Clue.State.CLOSED).exclude(channel__in=(Clue.Channel.QR, Clue.Channel.SWEEP))
    # what a grid worker saw on the round was told by nobody who could hold a receipt
    rows = rows.exclude(~Exists(_phones()), channel=Clue.Channel.GRID)
    return rows.annotate(has_phone=Exists(_phones()))


def with_phone(rows: QuerySet[Clue]) -> QuerySet[Clue]:
    """Those of whom a telephone is on record."""
    return rows.filter(Exists(_phones()))


def _phones() -> QuerySet[Telling]:
    return Telling.objects.filter(clue=OuterRef("pk"), superseded_at__isnull=True).exclude(phone_hash="")


def text(made: Issued, *, address: str, now: dt.datetime) -> None:
    """Send the number to the telephone on record. ``address`` is where receipts are looked up. Raises :class:`Refused`."""
    number = callers_phone(made.clue)
    if not number:
        raise Refused("没有登记手机号，或者没有设置短信网关，短信没有发出；请把回执号读给反映人。")
    words = (
        f"您反映的问题已登记，编号{made.clue.number}，回执号{receipts.shown(made.receipt)}。"
        f"凭回执号可以查进度、看结果、说您同不同意：{address}。请不要告诉别人。"
    )
    try:
        outside.short_message(number, words, now=now)
    except NotDelivered as failure:
        raise Refused(f"短信没有发出：{failure.sentence}请把回执号读给反映人。") from None


def take_back(made: Issued, *, by: User, now: dt.datetime) -> None:
    """A first receipt that reached nobody: as if it had not been given, so that it can be given again."""
    with transaction.atomic():
        rows = Submission.objects.filter(pk=made.submission.pk, receipt_hash=made.submission.receipt_hash)
        if rows.filter(messages__isnull=True).delete()[0]:
            said = Event(
                "clue.receipt_unsent", "clue", made.clue.pk, f"{made.clue}：回执短信没有发出，回执号作废"
            )
            record_all([said], actor=actor(by), now=now)


def register_sealed() -> None:
    """Called once when the application starts: who helped, and by what the worker is known, is opened like the rest."""
    add_part("helper", SealedPart("回执给了谁", _helped, _helper_of))


def _helped(clue: Clue) -> bool:
    return Submission.objects.filter(clue=clue, helper__isnull=False).exists()


def _helper_of(clue: Clue, until: dt.datetime) -> str:
    """The helper's name and the worker's own number; nothing of a receipt that was given out after ``until``."""
    found = Submission.objects.filter(clue=clue, helper__isnull=False, issued_at__lte=until).first()
    if found is None:
        return ""
    own = opened(found.own)
    return f"帮忙的人：{opened(found.helper)}{f'；本人：{own}' if own else ''}"


def _refuse_nobody(clue: Clue) -> None:
    if clue.channel == Clue.Channel.SWEEP:
        raise Refused("这条线索由预警转来，没有反映人，不发回执。")


def _wrote_down(by: User, clue: Clue) -> bool:
    """Whether this person registered it, as the journal has it: whoever takes clues in gives their receipts."""
    entry = JournalEntry.objects.filter(action="clue.told", object_type="clue", object_id=str(clue.pk))
    return entry.filter(actor=actor(by).key).exists()


def _empty(clue: Clue) -> Submission:
    """The place of a clue that came by no form."""
    return Submission(
        clue=clue, kind=clue.kind, region_id=clue.region_id, received_at=clue.received_at, words_hash=""
    )


def _numbered(clue: Clue, kept: Submission, by: User, now: dt.datetime) -> Issued:
    """A number of chance that nobody holds; only its keyed hash is kept."""
    key = secrets.token_urlsafe(24)
    for turn in range(_TURNS):
        receipt = receipts.number_for(key, turn)
        kept.receipt_turn, kept.receipt_hash = turn, receipts.receipt_hash(receipt)
        if not Submission.objects.filter(receipt_hash=kept.receipt_hash).exists():
            break
    kept.key_hash = finding_hash("submission-key", key)
    kept.issued_at, kept.issued_by_name = now, str(by)
    kept.save()
    return Issued(clue, kept, receipt)


def _event(made: Issued, *, why: str, again: bool) -> Event:
    """That it was given, to whom as far as that names nobody, and why again; never the number."""
    to = "帮忙的人" if made.submission.helped else "本人"
    words = f"{made.clue}：{'补发' if again else '发'}回执给{to}{f'，原因：{why}' if why else ''}"
    action = "clue.receipt_again" if again else "clue.receipt"
    return Event(action, "clue", made.clue.pk, words, after={"helped": made.submission.helped, "why": why})
