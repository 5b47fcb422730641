"""The life of a letter as data: states, acts, whose right each act is, and who must be another person than who."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from anxin.accounts import access


class State(models.TextChoices):
    DRAFT = "draft", "拟稿中"
    REVIEW = "review", "待核稿"
    ISSUE = "issue", "待签发"
    SEAL = "seal", "待用印"
    SERVE = "serve", "待送达"
    SERVED = "served", "已送达"
    #: given up before it was issued: it never had a number
    DROPPED = "dropped", "已作废"
    #: a later letter has taken its place
    REPLACED = "replaced", "已被替代"


class Act(models.TextChoices):
    DRAFTED = "drafted", "拟稿"
    EDITED = "edited", "修改"
    SUBMITTED = "submitted", "送核"
    REVIEWED = "reviewed", "核稿"
    SENT_BACK = "sent_back", "退回"
    ISSUED = "issued", "签发"
    SEALED = "sealed", "用印"
    SERVED = "served", "送达"
    DROPPED = "dropped", "作废"
    REPLACED = "replaced", "被替代"
    LINKED = "linked", "生成送达链接"
    OPENED = "opened", "打开"
    #: its public notice was begun, with what was tried before
    ANNOUNCED = "announced", "拟公告送达"
    # what was served electronically, on paper
    ASKED = "asked", "申请纸质文书"
    HANDED = "handed", "交付纸质文书"


@dataclass(frozen=True)
class Move:
    """One act that people take: from which states to which one, and by which right."""

    act: Act
    from_: tuple[State, ...]
    to: State
    right: str


MOVES: tuple[Move, ...] = (
    Move(Act.EDITED, (State.DRAFT,), State.DRAFT, access.DRAFT),
    Move(Act.SUBMITTED, (State.DRAFT,), State.REVIEW, access.DRAFT),
    Move(Act.REVIEWED, (State.REVIEW,), State.ISSUE, access.REVIEW),
    Move(Act.ISSUED, (State.ISSUE,), State.SEAL, access.ISSUE),
    Move(Act.SEALED, (State.SEAL,), State.SERVE, access.SEAL),
    # a letter may go to several people, so a served one is served again
    Move(Act.SERVED, (State.SERVE, State.SERVED), State.SERVED, access.SERVE),
    Move(Act.DROPPED, (State.DRAFT, State.REVIEW, State.ISSUE), State.DROPPED, access.DRAFT),
)
MOVE = {move.act: move for move in MOVES}

#: who sends back a draft: whoever would have reviewed or issued it
SENDS_BACK: dict[str, str] = {State.REVIEW: access.REVIEW, State.ISSUE: access.ISSUE}

#: act → acts of the same round that must have been another person's. An office may ask for more (``ANXIN_LETTER_EYES=six``),
#: never for less: nobody reviews or issues what they wrote.
FOUR_EYES: dict[Act, tuple[Act, ...]] = {
    Act.REVIEWED: (Act.DRAFTED, Act.EDITED, Act.SUBMITTED),
    Act.ISSUED: (Act.DRAFTED, Act.EDITED, Act.SUBMITTED),
}
SIX_EYES: dict[Act, tuple[Act, ...]] = {
    **FOUR_EYES,
    Act.ISSUED: (Act.DRAFTED, Act.EDITED, Act.SUBMITTED, Act.REVIEWED),
    Act.SEALED: (Act.DRAFTED, Act.EDITED, Act.SUBMITTED),
}
RULES = {"four": FOUR_EYES, "six": SIX_EYES}

#: states in which the words are fixed and a number was given
NUMBERED = (State.SEAL, State.SERVE, State.SERVED, State.REPLACED)
#: the queues, by state, with the right that empties each
QUEUES: dict[str, str] = {
    State.REVIEW: access.REVIEW,
    State.ISSUE: access.ISSUE,
    State.SEAL: access.SEAL,
    State.SERVE: access.SERVE,
}
