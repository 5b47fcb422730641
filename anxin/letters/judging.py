"""May this person take this act on this letter now, and if not, why: one answer for the page and for the service."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from anxin.accounts.models import User
from anxin.kernel.refusal import Refused
from anxin.letters.access import has_right
from anxin.letters.life import MOVE, RULES, SENDS_BACK, Act, State
from anxin.letters.models import Letter, LetterAct

_WHO = {
    Act.REVIEWED: "核稿人",
    Act.ISSUED: "签发人",
    Act.SEALED: "用印人",
}


def why_not(letter: Letter, act: Act, user: User, acts: Sequence[LetterAct] | None = None) -> str:
    """Why this person cannot take this act now, in a sentence; empty where they can. ``acts``: the history, where read."""
    right = SENDS_BACK.get(letter.state, "") if act == Act.SENT_BACK else MOVE[act].right
    states = tuple(SENDS_BACK) if act == Act.SENT_BACK else MOVE[act].from_
    if letter.state not in states:
        return f"这份文书{State(letter.state).label}，现在不能{act.label}。"
    if not has_right(user, right, letter):
        return f"您没有“{act.label}”的权限，请联系{letter.office}有权限的同事。"
    return _same_person(letter, act, user, acts)


def require(letter: Letter, act: Act, user: User) -> None:
    """Raises :class:`Refused` where :func:`why_not` says why."""
    if said := why_not(letter, act, user):
        raise Refused(said)


def _same_person(letter: Letter, act: Act, user: User, acts: Sequence[LetterAct] | None) -> str:
    """Who took part in writing does not review or issue; whoever wrote an earlier version counts, too."""
    apart = RULES[settings.ANXIN_LETTER_EYES].get(act, ())
    if not apart:
        return ""
    history = acts if acts is not None else list(letter.acts.all())
    mine = next((one for one in history if one.act in apart and one.by_id == user.pk), None)
    if mine is None:
        return ""
    return f"您办过这份文书的“{mine.get_act_display()}”，{_WHO[act]}须是另一个人，请交给有权限的同事。"
