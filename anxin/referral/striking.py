"""销号 by a person: what has to be met before a clue is struck off, and which of it is not met yet, in words.

Most clues close by themselves with the last of their matters (``closing``). A person strikes off where everybody's money is proved
to the fen and the worker has not spoken, or where what should have followed has not followed yet. What an officer wrote
down of a person's word proves it, but not to that officer alone: another person strikes off, or has reviewed it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import BigIntegerField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.casework.models import Document
from anxin.clues.models import Clue
from anxin.evidence.models import JournalEntry
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.referral.claims import ListStanding, standings_of
from anxin.referral.closing import READY, close_now
from anxin.referral.concluding import below_claim, lacking, recovered_fen
from anxin.referral.current import closing_of, conclusion_of, locked, referral_of
from anxin.referral.models import Closing, Conclusion, Recovered, Referral
from anxin.referral.recovering import may_record

Standing = Conclusion.Standing
_WAITS: Mapping[str, str] = {
    Standing.REVIEW: "结论还在等另一人复核",
    Standing.SILENT: "按“未获确认”办结还在等另一人复核",
}


@dataclass(frozen=True)
class Strike:
    """How a clue stands towards 销号: the basis it can be struck off on, or what is missing, in words."""

    how: str
    missing: tuple[str, ...]

    @property
    def ready(self) -> bool:
        return not self.missing


def strikes(
    clues: Sequence[Clue],
    referrals: Mapping[int, Referral],
    conclusions: Mapping[int, Conclusion],
    paid: Mapping[int, int],
    law: Law,
) -> dict[int, Strike]:
    """For clues that are not struck off: what is missing of each; four queries whatever their number.

    ``paid``: the fen proved of each of them now.
    """
    held = [conclusions[clue.pk] for clue in clues if clue.pk in conclusions]
    lists = standings_of([clue for clue in clues if clue.pk in conclusions])
    papers = _papers(held)
    return {
        clue.pk: _strike(
            clue, referrals.get(clue.pk), conclusions.get(clue.pk), paid[clue.pk], lists.get(clue.pk), papers, law
        )
        for clue in clues
    }  # fmt: skip


def strike(clue: Clue, *, by: User, now: dt.datetime, law: Law) -> Closing:
    """销号 where everything is met, in the name of who does it. Raises :class:`Refused` naming what is not met."""
    with transaction.atomic():
        held = locked(clue)
        if not may_record(by, held):
            raise Refused("销号由承办单位或者分派岗办理，您没有这条线索的办理权限。")
        if closing_of(held) is not None:
            raise Refused("这条线索已经销号，请刷新页面。")
        conclusion, referral = conclusion_of(held), referral_of(held)
        told = strikes(
            [held],
            {held.pk: referral} if referral is not None else {},
            {held.pk: conclusion} if conclusion is not None else {},
            {held.pk: recovered_fen(held)},
            law,
        )[held.pk]
        if conclusion is None or not told.ready:
            raise Refused(f"还不能销号：{'；'.join(told.missing)}。")
        if told.how == Closing.How.PROVED:
            _refuse_own_hearsay(conclusion, by)
        return close_now(held, conclusion, told.how, by=by, now=now, by_name=str(by))


def _refuse_own_hearsay(conclusion: Conclusion, by: User) -> None:
    """Raises :class:`Refused` where :func:`own_hearsay` has something to say."""
    if said := own_hearsay({conclusion.clue_id: conclusion}, by).get(conclusion.clue_id):
        raise Refused(
            f"{said}，不能由您一人销号；请另一位有办理权限的人核对后销号，或者等劳动者确认，或者补上银行回单、付款凭证。"
        )


def own_hearsay(conclusions: Mapping[int, Conclusion], by: User) -> dict[int, str]:
    """By clue what stands against this person's striking it off alone, in words; one query. Nothing is said of the others.

    Who wrote down a person's word that the money is there does not strike off on it alone. Whose rows they are stands in
    the journal by account, so that another name changes nothing. What another person reviewed together with the conclusion
    is not theirs alone any more.
    """
    key = actor(by).key
    written = JournalEntry.objects.filter(
        object_type="clue",
        object_id__in=[str(pk) for pk in conclusions],
        action="referral.recovered",
        actor=key,
    ).annotate(row=Cast(KeyTextTransform("row", "after"), BigIntegerField()))
    heard = Recovered.objects.filter(
        clue__in=conclusions,
        proof=Recovered.Proof.WORD,
        withdrawn_at__isnull=True,
        pk__in=written.values("row"),
    )
    own: dict[int, list[int]] = defaultdict(list)
    for clue_id, fen, at in heard.values_list("clue_id", "amount_fen", "at"):
        made = conclusions[clue_id]
        if made.reviewed_by in ("", key) or (made.reviewed_at is not None and at > made.reviewed_at):
            own[clue_id].append(fen)
    return {
        pk: f"“本人确认”的到账中有{len(found)}笔、共{sentence_yuan(sum(found))}是您自己登记的"
        for pk, found in own.items()
    }


def _strike(
    clue: Clue,
    referral: Referral | None,
    conclusion: Conclusion | None,
    paid: int,
    told: ListStanding | None,
    papers: Mapping[int, tuple[str, ...]],
    law: Law,
) -> Strike:
    if referral is None:
        waits = _WAITS.get(conclusion.standing) if conclusion is not None else None
        return Strike("", (waits or "还没有派单",))
    missing = []
    how = ""
    if conclusion is None:
        missing.append("还没有生效的结论")
    else:
        how, waits = _basis(clue, conclusion, paid, told)
        if waits:
            missing.append(waits)
        gone = "、".join(f"《{law.document(kind).name}》" for kind in papers.get(conclusion.pk, ()))
        if gone:
            missing.append(f"结论所附的{gone}已撤下，还没有补附")
    missing += [f"事项{one.number}还没有办结" for one in referral.chain if one.closed_on is None]
    return Strike(how, tuple(missing))


def _basis(clue: Clue, conclusion: Conclusion, paid: int, told: ListStanding | None) -> tuple[str, str]:
    """On what it may be struck off, else why not."""
    standing = Standing(conclusion.standing)
    if standing in READY:
        return READY[standing], ""
    if standing in _WAITS:
        return "", _WAITS[standing]
    if conclusion.outcome != "settled":
        return "", "劳动者还没有确认，也没有第二人按“未获确认”复核"
    if not (conclusion.amount_fen and paid >= conclusion.amount_fen):
        return "", "劳动者还没有确认，到账也没有证明到核定的数"
    # what another person agreed to as settled for less stays agreed to
    less = "" if conclusion.reviewed_by else below_claim(clue, told, paid)
    if words := lacking(told) or less:
        return "", f"劳动者还没有确认，{words.rstrip('。')}"
    return Closing.How.PROVED, ""


def _papers(conclusions: Sequence[Conclusion]) -> dict[int, tuple[str, ...]]:
    """Kinds of papers that a conclusion rested on, taken back since and not attached again; two queries."""
    gone = Conclusion.documents.through.objects.filter(
        conclusion__in=[one.pk for one in conclusions], document__withdrawn_at__isnull=False
    )
    rows = list(gone.values_list("conclusion_id", "document__matter_id", "document__kind"))
    if not rows:
        return {}
    there = set(
        Document.objects.filter(matter__in={matter for _, matter, _ in rows}, withdrawn_at__isnull=True)
        .values_list("matter_id", "kind")
    )  # fmt: skip
    found: dict[int, tuple[str, ...]] = {}
    for pk, matter, kind in sorted(set(rows)):
        if (matter, kind) not in there:
            found[pk] = (*found.get(pk, ()), kind)
    return found
