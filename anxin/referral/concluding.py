"""What came out of a clue: concluded from the list, looked at by a second person where nothing proves it, then to be told (``informing``)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.casework.models import Document
from anxin.clues.access import may_work
from anxin.clues.models import Clue
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.referral import tables
from anxin.referral.access import may_conclude, may_review, own
from anxin.referral.claims import ListStanding, standings_of
from anxin.referral.closing import close_if_ready, close_now
from anxin.referral.conclusion_list import Choice
from anxin.referral.current import (
    asking_of,
    closing_of,
    conclusion_of,
    locked,
    move,
    note,
    referral_of,
    words_of,
)
from anxin.referral.models import Conclusion, Recovered, Referral
from anxin.referral.owed import owed_reason
from anxin.referral.referring import accepted_by_step, facts_of
from anxin.referral.telling import tell_waiting

Standing = Conclusion.Standing
_LEAST, _MOST = 10, 1000
_REVIEW_WORDS = 300
_UNPROVED = "到账金额没有逐人证明到核定的数，也没有劳动者确认。"


def choices_for(clue: Clue, *, on: dt.date, law: Law) -> tuple[Choice, ...]:
    """The conclusions that may be reached about this clue, in the order of the list in force."""
    about = facts_of(clue, law, on).about
    held = tables.in_force("conclusions", region=clue.region_id, on=on)
    return tuple(choice for choice in held.choices if about in choice.about)


def conclude(
    clue: Clue,
    name: str,
    *,
    words: str,
    by: User,
    now: dt.datetime,
    law: Law,
    people: int | None = None,
    amount_fen: int | None = None,
) -> Conclusion:
    """Reach a conclusion of the list about a clue that was passed on. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(clue)
        referral = referral_of(held)
        if referral is None:
            raise Refused("这条线索还没有派出，请先派单；不是工资问题的请直接答复。")
        if not may_conclude(by, referral):
            raise Refused(f"本件由{referral.now.lead}办理，您没有办理权限，请联系{referral.now.lead}。")
        if asking_of(referral).returned_at is not None:
            raise Refused("派单已经退回，等分派岗改派后由接收单位作出结论。")
        _refuse_second(held)
        choice = _choice(held, name, timezone.localdate(now), law)
        papers = _papers(referral, choice, law)
        if not referral.gone_on:
            accepted_by_step(referral, name=str(by), now=now)
        why = review_reason(held, choice, amount_fen)
        made = _make(held, referral, choice, words, by, now, people, amount_fen, why)
        made.documents.set(papers)
        move(held, Clue.State.REVIEW if why else Clue.State.CONCLUDED, now=now)
        note(
            held, "concluded", f"结论“{choice.name}”，{'等另一人复核' if why else '待告知劳动者'}", by=by, now=now,
            after={"conclusion": made.pk, "name": choice.name, "people": people, "amount_fen": amount_fen,
                   "documents": [paper.pk for paper in papers], "review": why},
        )  # fmt: skip
        if why:
            tell_waiting(held, made, referral, now=now)
    return made


def answer(clue: Clue, name: str, *, words: str, by: User, now: dt.datetime, law: Law) -> Conclusion:
    """The desk answers what is not about wages, and closes it; what was read as wages owed waits for a second person.

    Raises :class:`Refused`.
    """
    with transaction.atomic():
        held = locked(clue)
        if not may_work(by, held):
            raise Refused("您没有处理这条线索的权限，请联系分派岗。")
        if referral_of(held) is not None or closing_of(held) is not None:
            raise Refused("这条线索已经派出或者办结，请刷新页面。")
        if held.dispute_id is not None:
            raise Refused(f"这条线索已并入{held.dispute}，请在那一条上答复。")
        choice = _choice(held, name, timezone.localdate(now), law)
        if choice.outcome != "answered":
            raise Refused("直接答复只用于不是工资的线索；欠薪线索请派单办理。", field="name")
        _refuse_second(held)
        why = review_reason(held, choice, None)
        made = _make(held, None, choice, words, by, now, None, None, why, "" if why else Standing.ANSWERED)
        if why:
            move(held, Clue.State.REVIEW, now=now)
            tell_waiting(held, made, None, now=now)
        else:
            close_now(held, made, "answered", by=by, now=now)
        note(
            held, "answered", f"直接答复“{choice.name}”{'，等另一人复核' if why else ''}", by=by, now=now,
            after={"conclusion": made.pk, "review": why},
        )  # fmt: skip
    return made


def review(clue: Clue, *, agrees: bool, words: str, by: User, now: dt.datetime) -> Conclusion:
    """The second person's word: on a conclusion without proof, or on closing without the worker's word.

    Raises :class:`Refused`.
    """
    with transaction.atomic():
        held = locked(clue)
        found = conclusion_of(held)
        if found is None or found.standing not in (Standing.REVIEW, Standing.SILENT):
            raise Refused("这条线索没有等待复核的结论，请刷新页面。")
        referral = referral_of(held)
        if not may_review(by, held, referral):
            raise Refused("复核由有决定权限的领导办理，您没有这一权限。")
        if own(by, found):
            raise Refused("结论是您自己作出或者提请的，须由另一人复核。")
        said = words.strip()[:_REVIEW_WORDS]
        if not agrees:
            said = words_of(words, "words", "退回请写明还缺什么", most=_REVIEW_WORDS)
        if found.standing == Standing.REVIEW:
            found.reviewed_by, found.reviewed_by_name = actor(by).key, str(by)
            found.reviewed_at, found.review_words = now, said
            _reviewed(held, found, agrees, by, now)
        else:
            # who reviewed the conclusion itself stays as it was
            found.silence_reviewed_by, found.silence_reviewed_by_name = actor(by).key, str(by)
            found.silence_reviewed_at, found.silence_review_words = now, said
            found.standing = Standing.UNCONFIRMED if agrees else Standing.TOLD
            found.save()
            if agrees:
                close_if_ready(held, found, by=by, now=now)
        note(
            held, "reviewed", f"复核{'同意' if agrees else '退回'}“{found.name}”", by=by, now=now,
            after={"conclusion": found.pk, "agrees": agrees, "standing": found.standing},
        )  # fmt: skip
    return found


def review_reason(clue: Clue, choice: Choice, amount_fen: int | None) -> str:
    """Why a second person has to look, in words; empty where nobody has."""
    if choice.outcome == "answered" and (why := owed_reason(clue)):
        return why  # whatever the list says: it takes a claim away
    if choice.review == "never":
        return ""
    if choice.review == "always":
        return "结论目录规定这一类一律由另一人复核。"
    if choice.outcome in ("settled", "partial"):
        if choice.outcome == "settled":
            return unpaid_reason(clue, amount_fen)
        if recovered_fen(clue):
            return ""
        return _UNPROVED
    return "没有劳动者确认，须另一人复核。"


def unpaid_reason(clue: Clue, amount_fen: int | None) -> str:
    """What is not proved of a claim that is said to be settled, in words; empty where everybody's money is proved."""
    paid = recovered_fen(clue)
    if not (paid and amount_fen and paid >= amount_fen):
        return _UNPROVED
    told = standings_of([clue]).get(clue.pk)
    less = below_claim(clue, told, paid)
    return f"{f'{less}，也没有劳动者确认。' if less else ''}{lacking(told)}"


def below_claim(clue: Clue, told: ListStanding | None, paid: int) -> str:
    """That less is proved than what stands claimed, with both sums in words; empty where it is not less.

    What stands claimed is no matter of what whoever concludes types: it is the sum of the list, and what the clue says
    where there is none, or where the list does not hold as many people as the clue says yet.
    """
    claimed, source = (told.owed, "名单合计") if told is not None else (0, "")
    if (told is None or told.people < (clue.people or 0)) and (clue.amount_fen or 0) > claimed:
        claimed, source = clue.amount_fen or 0, "线索所说"
    if paid >= claimed:
        return ""
    return f"已证明到账{sentence_yuan(paid)}，少于{source}的{sentence_yuan(claimed)}"


def lacking(told: ListStanding | None) -> str:
    """What a clue's list still lacks, in words; empty where it has none, or everybody's money is proved."""
    if told is None or not told.open_people:
        return ""
    words = f"名单上还有{told.open_people}人的到账没有逐人证明到应得的数，共差{sentence_yuan(told.rest)}"
    return f"{words}{f'，其中{told.unknown}人还没有定下金额' if told.unknown else ''}。"


def recovered_fen(clue: Clue) -> int:
    """Money proved for this clue, to the fen."""
    rows = Recovered.objects.filter(clue=clue, withdrawn_at__isnull=True)
    return rows.aggregate(total=Sum("amount_fen"))["total"] or 0


def _reviewed(clue: Clue, found: Conclusion, agrees: bool, by: User, now: dt.datetime) -> None:
    """Agreed: the worker is to be told, or a direct answer closes. Sent back: whoever has the clue goes on with it."""
    if not agrees:
        found.standing, found.ended_at = Standing.SENT_BACK, now
        found.save()
        move(clue, Clue.State.NEW if referral_of(clue) is None else Clue.State.REFERRED, now=now)
        return
    if found.outcome == "answered" and clue.arrears:
        raise Refused("这条线索现在判为欠薪，不能按直接答复办结，请退回，由分派岗派单。", field="agrees")
    direct = found.referral_id is None
    found.standing = Standing.ANSWERED if direct else Standing.TOLD
    found.save()
    if direct:
        close_now(clue, found, "answered", by=by, now=now)
    else:
        move(clue, Clue.State.CONCLUDED, now=now)


def _refuse_second(clue: Clue) -> None:
    found = conclusion_of(clue)
    if found is not None:
        raise Refused(f"这条线索已有结论“{found.name}”（{found.get_standing_display()}），请刷新页面。")


def _choice(clue: Clue, name: str, on: dt.date, law: Law) -> Choice:
    for choice in choices_for(clue, on=on, law=law):
        if choice.name == name:
            return choice
    raise Refused("请从结论目录中选择适用于这条线索的结论。", field="name")


def _papers(referral: Referral, choice: Choice, law: Law) -> list[Document]:
    """The papers of the chain that the conclusion rests on, a file that went along once. Raises :class:`Refused` naming what
    is missing."""
    kinds = {kind for group in choice.needs for kind in group}
    chain = [one.pk for one in referral.chain]
    rows = Document.objects.filter(matter__in=chain, kind__in=kinds, withdrawn_at__isnull=True).order_by(
        "-pk"
    )
    papers = list({(one.kind, one.file_id): one for one in rows}.values())[::-1]
    there = {paper.kind for paper in papers}
    for group in choice.needs:
        if not there.intersection(group):
            names = "或".join(f"《{law.document(kind).name}》" for kind in group)
            raise Refused(f"“{choice.name}”须附上{names}，请先附到事项里。", field="documents")
    return papers


def _make(
    clue: Clue,
    referral: Referral | None,
    choice: Choice,
    words: str,
    by: User,
    now: dt.datetime,
    people: int | None,
    amount_fen: int | None,
    why: str,
    standing: str = "",
) -> Conclusion:
    held = tables.in_force("conclusions", region=clue.region_id, on=timezone.localdate(now))
    return Conclusion.objects.create(
        clue=clue, referral=referral, table=held.record, name=choice.name, outcome=choice.outcome, people=people,
        amount_fen=amount_fen,
        words=words_of(words, "words", "请写明核实的情况和结果", least=_LEAST, most=_MOST),
        standing=standing or (Standing.REVIEW if why else Standing.TOLD), by=actor(by).key, by_name=str(by),
        at=now, review_why=why,
    )  # fmt: skip
