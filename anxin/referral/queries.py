"""What is read of a clue's way: how it stands for whoever told us, and everything on its working page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from anxin.clues.models import Clue
from anxin.local_law import queries as local_law
from anxin.referral import chains
from anxin.referral.current import lead_of
from anxin.referral.models import (
    Asking,
    Closing,
    Conclusion,
    Recovered,
    Referral,
    Satisfaction,
    Word,
    further,
)
from anxin.referral.satisfaction import answer_of, asks

__all__ = ["Standing", "Work", "answering_body", "standing", "work"]

_RECEIVED = "您反映的情况已经收到并登记，正在看由哪个单位负责。"
_SENTENCES = {
    Conclusion.Standing.TOLD: "已经有了结果，等您确认；您不同意的，会重新办理。",
    Conclusion.Standing.SILENT: "已经有了结果，还没有等到您的确认；您不同意的，会重新办理。",
    Conclusion.Standing.CONFIRMED: "您已经确认了结果，承办单位正在办结手续。",
    Conclusion.Standing.UNCONFIRMED: "已经有了结果，没有等到您的确认；您不同意的，会重新办理。",
    Conclusion.Standing.ANSWERED: "您反映的情况已经答复。",
}


@dataclass(frozen=True)
class Standing:
    """How a clue stands, in plain words for whoever told it."""

    sentence: str
    #: who answers now; empty before anybody was asked
    body: str
    due_on: dt.date | None
    #: name of the conclusion and its words, once it is told
    conclusion: str
    words: str
    people: int | None
    amount_fen: int | None
    #: the worker is asked whether they agree
    waits_for_word: bool
    #: they may say that they do not agree
    may_disagree: bool
    #: it is concluded: they are asked whether they are content, and what they said
    asks_satisfied: bool
    satisfied: Satisfaction | None
    #: who told us does not know of the result yet, as far as is written down
    untold: bool


@dataclass(frozen=True)
class Work:
    """Everything on the working page of a clue."""

    referral: Referral | None
    askings: Sequence[Asking]
    conclusions: Sequence[Conclusion]
    words: Sequence[Word]
    closings: Sequence[Closing]
    recovered: Sequence[Recovered]
    #: rounds before this one
    earlier: Sequence[Referral]

    @property
    def conclusion(self) -> Conclusion | None:
        """The one that holds."""
        return next((one for one in self.conclusions if one.ended_at is None), None)

    @property
    def asking(self) -> Asking | None:
        """The body asked last in this round."""
        return self.askings[-1] if self.askings else None


def standing(clue: Clue) -> Standing:
    """How it stands; a clue merged into another stands as that one does. Six queries at most."""
    lead = lead_of(clue)
    rows = (
        Referral.objects.filter(clue=lead, ended_at__isnull=True)
        .select_related("matter__lead")
        .annotate(further=further())
    )
    referral = rows.first()
    conclusion = Conclusion.objects.filter(clue=lead, ended_at__isnull=True).first()
    told = conclusion if conclusion is not None and conclusion.standing in _SENTENCES else None
    body = _body(referral) if referral is not None else ""
    if told is not None:
        sentence = _SENTENCES[Conclusion.Standing(told.standing)]
        if lead.state == Clue.State.CLOSED and told.standing == Conclusion.Standing.CONFIRMED:
            sentence = "您确认了结果，这件事已经办结。"
    elif referral is not None and referral.gone_on:
        stage = local_law.current().procedure(referral.now.procedure).name
        sentence = f"您反映的情况正在由{body}办理（{stage}），承办人会联系您核实情况。"
    elif referral is not None:
        sentence = f"您反映的情况已经交给{body}办理，承办人会联系您核实情况。"
    else:
        sentence = _RECEIVED
    waits = told is not None and told.standing in (Conclusion.Standing.TOLD, Conclusion.Standing.SILENT)
    asked = asks(lead, told)
    return Standing(
        sentence=sentence,
        body=body,
        due_on=referral.now.next_due_on if referral is not None and told is None else None,
        conclusion=told.name if told else "",
        words=told.words if told else "",
        people=told.people if told else None,
        amount_fen=told.amount_fen if told else None,
        # nobody agrees for somebody else: who was merged into it may only disagree
        waits_for_word=waits and lead.pk == clue.pk,
        may_disagree=told is not None,
        asks_satisfied=asked,
        satisfied=answer_of(clue, told) if asked and told is not None else None,
        # of who was merged into another it is not known without asking
        untold=told is not None and (told.told_at is None or lead.pk != clue.pk),
    )


def _body(referral: Referral) -> str:
    """Who has it: the body of the matter in which it stands, else who was asked and answers."""
    if referral.gone_on:
        return referral.now.lead.name
    return answering_body(list(referral.askings.select_related("body").order_by("position")))


def answering_body(askings: Sequence[Asking]) -> str:
    """Who answers now: the last body that has accepted, must keep it or got it from one that had accepted (移送), else
    the one that was asked first (首问负责)."""
    for place in range(len(askings) - 1, -1, -1):
        one = askings[place]
        # what was accepted is not returned: whoever comes after has it by a transfer, and the earlier one acts no more
        got = place > 0 and askings[place - 1].accepted_at is not None
        if one.accepted_at is not None or one.final or got:
            return one.body.name
    return askings[0].body.name if askings else ""


def work(clue: Clue) -> Work:
    """Seven queries at most; two where nothing has been done yet."""
    rounds = list(
        Referral.objects.filter(clue=clue)
        .select_related("matter__lead", "proposed", "table")
        .annotate(further=further())
        .order_by("-pk")
    )
    told = Satisfaction.objects.filter(
        conclusion=OuterRef("pk"), clue=OuterRef("clue"), superseded_at__isnull=True
    )
    conclusions = list(
        Conclusion.objects.filter(clue=clue)
        .order_by("-pk")
        .annotate(grade=Subquery(told.values("grade")[:1]), grade_words=Subquery(told.values("words")[:1]))
    )
    if not (rounds or conclusions):
        return Work(None, (), (), (), (), (), ())
    current = next((one for one in rounds if one.ended_at is None), None)
    chains.fill(rounds)
    askings = Asking.objects.filter(referral=current).select_related("body").order_by("position")
    words = list(Word.objects.filter(clue=clue).order_by("-pk")) if conclusions else []
    # what was closed and is open again was opened by a worker's no
    was_closed = clue.state == Clue.State.CLOSED or any(not word.agrees for word in words)
    return Work(
        referral=current,
        askings=list(askings) if current is not None else [],
        conclusions=conclusions,
        # nobody can have spoken of a conclusion, or closed by one, before there is any
        words=words,
        closings=list(Closing.objects.filter(clue=clue).order_by("-pk")) if was_closed else [],
        recovered=list(Recovered.objects.filter(clue=clue).select_related("claimant").order_by("pk")),
        earlier=[one for one in rounds if one is not current],
    )
