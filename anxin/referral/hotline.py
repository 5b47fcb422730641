"""How the tickets of a hotline stand, in the words a hotline needs: nothing of other reporters, nobody's particulars."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F

from anxin.casework.models import CallersUrging, Extension, Matter
from anxin.clues.masking import masked_words
from anxin.clues.models import Clue, HotlineTicket, TicketNote
from anxin.referral import chains
from anxin.referral.models import Asking, Conclusion, Referral, Word, further
from anxin.referral.queries import answering_body

RECEIVED, REFERRED, HANDLING, RETURNED, TOLD, CLOSED = (
    "received", "referred", "handling", "returned", "told", "closed",
)  # fmt: skip
STATES = {
    RECEIVED: "已接收，待派单",
    REFERRED: "已派单，待签收",
    HANDLING: "已签收，办理中",
    RETURNED: "承办单位退单，待改派",
    TOLD: "已有结论，待诉求人确认",
    CLOSED: "已办结",
}
_Standing = Conclusion.Standing
#: standings in which a conclusion has been told to the caller
_TOLD = {
    _Standing.TOLD,
    _Standing.SILENT,
    _Standing.CONFIRMED,
    _Standing.UNCONFIRMED,
    _Standing.ANSWERED,
}


@dataclass(frozen=True)
class Returned:
    """One 退单: which body, when, and why in its own words, long numbers masked."""

    body: str
    at: dt.datetime
    why: str


@dataclass(frozen=True)
class Urged:
    """One 催办 of the ticket's caller: when they said it, whether a body was asked, and what it answered, numbers masked."""

    at: dt.datetime
    #: the body that was asked; empty while none has the ticket, or where the same day's urging was answered before
    body: str
    answer: str
    answered_at: dt.datetime | None


@dataclass(frozen=True)
class TicketState:
    """One ticket as its hotline may see it."""

    ticket_no: str
    clue: str
    state: str
    #: who answers now; empty before it was passed on
    body: str
    received_at: dt.datetime
    referred_at: dt.datetime | None
    accepted_at: dt.datetime | None
    due_on: dt.date | None
    #: the day to which the limit was extended, as granted last
    extended_to: dt.date | None
    extended_on: dt.date | None
    returns: Sequence[Returned]
    #: the caller's own; colleagues' among themselves are no business of the hotline's
    urgings: Sequence[Urged]
    #: category of the conclusion and the answer to the caller, once told
    conclusion: str
    answer: str
    told_at: dt.datetime | None
    closed_at: dt.datetime | None
    #: whether the caller agreed with the conclusion that stands or stood last; null: no word yet
    agrees: bool | None
    agreed_at: dt.datetime | None


@dataclass(frozen=True)
class Stand:
    """One ticket's state, the clue that it stands as, the matter in which it is handled now or was last, and the conclusion
    that was told."""

    state: TicketState
    lead: Clue
    matter: Matter | None
    told: Conclusion | None

    @property
    def caller_asked(self) -> bool:
        """Whether the caller's word was asked for; a direct answer asks for none."""
        return self.told is not None and self.told.standing != _Standing.ANSWERED


def states_of(tickets: Sequence[HotlineTicket]) -> dict[int, TicketState]:
    """By key of the ticket; eight queries, however many. A clue merged into another stands as that one does."""
    found = stands_of([one.clue for one in tickets])
    return {one.pk: found[one.clue_id].state for one in tickets}


def stands_of(clues: Sequence[Clue], *, urgings: bool = True) -> dict[int, Stand]:
    """The same by key of the clue, for tickets that came in a list; without their urgings two queries less."""
    ids = {one.pk for one in clues} | {one.dispute_id for one in clues if one.dispute_id}
    rounds: dict[int, list[Referral]] = defaultdict(list)
    for referral in (
        Referral.objects.filter(clue__in=ids)
        .select_related("matter__lead")
        .annotate(further=further())
        .order_by("pk")
    ):
        rounds[referral.clue_id].append(referral)
    chains.fill(one for gone in rounds.values() for one in gone)
    askings = _askings(rounds)
    conclusions = {
        one.clue_id: one
        for one in Conclusion.objects.filter(clue__in=ids, ended_at__isnull=True, standing__in=_TOLD)
    }
    # later ones replace earlier ones
    words = {one.clue_id: one for one in Word.objects.filter(clue__in=ids).order_by("pk")}
    urged = _urged([one.pk for one in clues]) if urgings else {}
    extensions = _extensions(one[-1] for one in rounds.values())
    found = {}
    for clue in clues:
        lead = clue if clue.dispute is None or rounds.get(clue.pk) else clue.dispute
        gone = rounds.get(lead.pk, [])
        current = next((one for one in gone if one.ended_at is None), None)
        told = conclusions.get(lead.pk)
        state = _state(
            clue, lead, current, [askings[one.pk] for one in gone], told,
            words.get(lead.pk), extensions.get(current.matter_id) if current else None, urged.get(clue.pk, ()),
        )  # fmt: skip
        found[clue.pk] = Stand(state, lead, gone[-1].matter if gone else None, told)
    return found


def _state(
    clue: Clue,
    lead: Clue,
    current: Referral | None,
    asked: Sequence[Sequence[Asking]],
    told: Conclusion | None,
    word: Word | None,
    extension: Extension | None,
    urged: Sequence[Urged],
) -> TicketState:
    now = asked[-1] if current is not None else ()
    return TicketState(
        ticket_no=clue.sender_number,
        clue=clue.number,
        state=_key(lead, now, told),
        body=current.now.lead.name if current is not None and current.gone_on else answering_body(now),
        received_at=clue.received_at,
        referred_at=current.referred_at if current else None,
        accepted_at=next((one.accepted_at for one in reversed(now) if one.accepted_at), None),
        due_on=_due(current) if current is not None and told is None else None,
        extended_to=extension.deadline.due_on if extension else None,
        extended_on=extension.approved_on if extension else None,
        returns=[
            Returned(one.body.name, one.returned_at, masked_words(one.returned_why))
            for askings in asked
            for one in askings
            if one.returned_at is not None
        ],
        urgings=urged,
        conclusion=told.name if told else "",
        answer=masked_words(told.words) if told else "",
        told_at=told.stands_since if told else None,
        closed_at=lead.closed_at,
        agrees=word.agrees if word else None,
        agreed_at=word.at if word else None,
    )


def _due(current: Referral) -> dt.date | None:
    """The ticket's own limit while it runs, then that of where the clue stands."""
    own = current.matter
    return own.next_due_on if own.closed_on is None else current.now.next_due_on


def _key(lead: Clue, now: Sequence[Asking], told: Conclusion | None) -> str:
    if lead.state == Clue.State.CLOSED:
        return CLOSED
    if told is not None:
        return TOLD
    if not now:
        return RECEIVED
    if now[-1].returned_at is not None:
        return RETURNED
    return HANDLING if now[-1].accepted_at is not None else REFERRED


def _askings(rounds: Mapping[int, Sequence[Referral]]) -> dict[int, list[Asking]]:
    keys = [one.pk for gone in rounds.values() for one in gone]
    found: dict[int, list[Asking]] = {key: [] for key in keys}
    rows = Asking.objects.filter(referral__in=keys).select_related("body").order_by("referral", "position")
    for one in rows:
        found[one.referral_id].append(one)
    return found


def _urged(clues: Sequence[int]) -> dict[int, list[Urged]]:
    """By clue what its own callers urged, in the order in which it came, with the answers; two queries."""
    notes = list(TicketNote.objects.filter(clue__in=clues, kind=TicketNote.Kind.URGE).order_by("pk"))
    carried = CallersUrging.objects.filter(note__in=notes).select_related("urging__matter__lead")
    urgings = {one.note_id: one.urging for one in carried}
    found: dict[int, list[Urged]] = defaultdict(list)
    for note in notes:
        one = urgings.get(note.pk)
        found[note.clue_id].append(
            Urged(note.at, one.matter.lead.name, masked_words(one.answer), one.answered_at)
            if one is not None
            else Urged(note.at, "", "", None)
        )
    return found


def _extensions(current: Iterable[Referral]) -> dict[int, Extension]:
    """By matter the last extension of a limit that still runs."""
    rows = Extension.objects.filter(
        deadline__matter__in=[one.matter_id for one in current],
        deadline__met_on__isnull=True,
        deadline__ended_on__isnull=True,
    )
    found = rows.select_related("deadline").annotate(matter=F("deadline__matter")).order_by("pk")
    return {one.matter: one for one in found}  # type: ignore[attr-defined]
