"""What the working page of a clue shows: gathered in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anxin.accounts.access import HANDLE
from anxin.accounts.models import User
from anxin.casework.models import Document
from anxin.channels.reaching import workers_phone
from anxin.clues.access import reaches
from anxin.clues.masking import masked_words, opened
from anxin.clues.models import Clue
from anxin.evidence.sealing import Sealed
from anxin.funds.models import BankReceipt
from anxin.kernel.masking import mask_name, mask_phone
from anxin.kernel.money import sentence_yuan, yuan_string
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.referral import informing, table_words, texting
from anxin.referral.access import may_answer, may_conclude, may_handle, may_review, own
from anxin.referral.answering import wait_ends
from anxin.referral.claims import particulars_of
from anxin.referral.concluding import choices_for
from anxin.referral.conclusion_list import Choice
from anxin.referral.models import Closing, Conclusion, Recovered, Satisfaction
from anxin.referral.owed import owed_reason
from anxin.referral.proofs import papers_of
from anxin.referral.queries import Work, answering_body, work
from anxin.referral.recovering import receipts_for, sums
from anxin.referral.referring import Proposal, clock_problem, propose
from anxin.registry.models import Organisation
from anxin.web.bureau.clue_chain import chain_shown
from anxin.web.bureau.clue_words import sentence

_WHAT = {
    "lead": "牵头",
    "supporting": "协办",
    "level": "层级",
    "procedure": "程序",
    "clock": "期限",
    "desk": "直接答复",
}
_STANDINGS = Conclusion.Standing
#: beyond this a list to choose from is slower than its number
_MOST_CHOICES = 200
_AUTHORITIES = (
    Organisation.Kind.BUREAU,
    Organisation.Kind.INDUSTRY_AUTHORITY,
    Organisation.Kind.TOWN,
)


@dataclass(frozen=True)
class ChoiceShown:
    """One conclusion of the list with its papers in words."""

    choice: Choice
    papers: str
    #: its wording with what is known of this clue
    wording: str


@dataclass(frozen=True)
class MoneyShown:
    """One person's money; the name masked."""

    row: Recovered
    person: str
    proof: str
    #: the closing rests on it: it is not taken back
    fixed: bool

    @property
    def key(self) -> str:
        return str(self.row.pk)


def shown(user: User, clue: Clue, *, on: dt.date, law: Law) -> dict[str, Any]:
    """Everything the page needs besides the clue."""
    found = work(clue)
    referral, conclusion = found.referral, found.conclusion
    works = reaches(user, HANDLE, clue)
    handles = referral is not None and may_handle(user, referral)
    concludes = referral is not None and may_conclude(user, referral)
    closing = next((one for one in found.closings if one.reopened_at is None), None)
    open_ = clue.state != Clue.State.CLOSED
    context: dict[str, Any] = {
        "work": found,
        "sentence": sentence(clue),
        "text": _text(clue),
        "works": works,
        "handles": handles,
        "concludes": concludes,
        "accepts": referral is not None and may_answer(user, referral),
        "answering": referral.now.lead.name if referral and referral.gone_on else answering_body(found.askings),
        "first_asked": found.askings[0].body.name if found.askings else "",
        "waits_for_desk": found.asking is not None and found.asking.returned_at is not None,
        "returnable": _returnable(found),
        "conclusion": conclusion,
        "standing": conclusion.standing if conclusion else "",
        "closing": closing,
        "money": [_money(row, closing) for row in found.recovered],
        "sums": sums(conclusion.amount_fen if conclusion and conclusion.amount_fen else clue.amount_fen,
                     found.recovered),
        # also once it is closed: later instalments are counted without opening it again
        "records_money": bool(found.referral or found.recovered) and (works or handles),
        "closed": not open_,
        "said": [(one, _opened(one.words)) for one in found.words],
        "grades": _grades(found.conclusions),
    }  # fmt: skip
    if referral is not None:
        context |= _route(found, law)
        context["chain"] = chain_shown(user, referral, law) if len(referral.chain) > 1 else []
    context |= _may_refer(user, clue, found, works, on, law)
    context |= _may_conclude(clue, found, concludes, works, on, law)
    if conclusion is not None:
        conclusion.clue = clue  # at hand already
        until = wait_ends(conclusion, law)
        context |= {
            **_telling(user, clue, conclusion, works or handles, on, law),
            "until": until,
            "waited": until is not None and on > until and context["closing"] is None,
            "reviews": conclusion.standing in (_STANDINGS.REVIEW, _STANDINGS.SILENT)
            and not own(user, conclusion)
            and may_review(user, clue, referral),
        }
    if context["records_money"]:
        context["receipts"] = [(one.pk, receipt_words(one)) for one in receipts_for(clue)]
        context["papers"] = _papers(found)
        people = _people(clue)
        context["people_count"] = len(people)
        context["people"] = people if len(people) <= _MOST_CHOICES else []
    return context


def _telling(
    user: User, clue: Clue, conclusion: Conclusion, may: bool, on: dt.date, law: Law
) -> dict[str, Any]:
    """Whether the worker and the callers of merged clues know, until when they are to be told, and every telling and try so
    far; two queries."""
    rows = list(conclusion.tellings.select_related("clue").order_by("pk"))
    calls = sum(not one.reached and one.way == informing.Way.PHONE and one.clue_id == clue.pk for one in rows)
    callers = informing.callers_to_tell(clue, conclusion, rows)
    context: dict[str, Any] = {
        "untold": conclusion.to_be_told,
        "callers": callers,
        "tellings": [(one, mask_phone(_plain(one.number))) for one in rows],
        "may_tell": may,
    }
    if conclusion.to_be_told or callers:
        until = informing.tell_by(conclusion, law)
        text = texting.words_for(clue, conclusion) if may else ""
        context |= {
            "tell_until": until,
            "tell_late": until is not None and until < on,
            "tell_ways": [(str(way), way.label) for way in informing.BY_HAND],
            "tries": calls,
            "tried_enough": calls >= informing.most_tries(law, on, clue.region_id),
            "may_text": may and workers_phone(clue) != "",
            "text_words": text,
        }
    return context


def _route(found: Work, law: Law) -> dict[str, Any]:
    assert found.referral is not None  # asked for only then
    told = found.referral.route
    return {
        "level": table_words.LEVELS[told["level"]],
        "procedure": law.procedure(told["procedure"]).name,
        "clock": law.parameter(told["clock"]).name,
        "rows": [
            (one["row"], one["name"], "、".join(_WHAT[what] for what in one["what"])) for one in told["why"]
        ],
        "notes": told["notes"],
        "matter_state": law.procedure(found.referral.matter.procedure)
        .state(found.referral.matter.state)
        .name,
    }


def _may_refer(user: User, clue: Clue, found: Work, works: bool, on: dt.date, law: Law) -> dict[str, Any]:
    """The proposal, and bodies to choose another from, for whoever may pass it on."""
    waiting = found.asking is not None and found.asking.returned_at is not None
    free = found.referral is None and found.conclusion is None and clue.dispute_id is None
    if not works or not (free or waiting):
        return {}
    bodies = list(
        Organisation.objects.filter(kind__in=_AUTHORITIES, region__code__startswith=clue.region_id[:2])
        .select_related("region")
        .order_by("kind", "name")
    )
    if waiting:
        return {"redirects": True, "bodies": bodies}
    try:
        proposal = propose(clue, on=on, law=law)
    except Refused as refusal:
        return {"cannot": refusal.sentence}
    return {"proposal": _proposal(proposal, on, law), "refers": not proposal.route.desk, "bodies": bodies}


def _proposal(proposal: Proposal, on: dt.date, law: Law) -> dict[str, Any]:
    route = proposal.route
    return {
        "lead": proposal.bodies.lead,
        "supporting": proposal.bodies.supporting,
        "notes": proposal.bodies.notes,
        "level": table_words.LEVELS[route.level],
        "procedure": law.procedure(route.procedure).name,
        "clock": law.parameter(route.clock).name,
        "clock_problem": clock_problem(proposal, law, on),
        "desk": route.desk,
        "table": proposal.held,
        "rows": [
            (one.row.position, one.row.name, "、".join(_WHAT[what] for what in one.what)) for one in route.why
        ],
    }


def _may_conclude(
    clue: Clue, found: Work, handles: bool, works: bool, on: dt.date, law: Law
) -> dict[str, Any]:
    answers = works and found.referral is None and clue.arrears is False and clue.dispute_id is None
    waiting = found.asking is not None and found.asking.returned_at is not None
    if found.conclusion is not None or not ((handles and not waiting) or answers):
        return {}
    choices = [_choice(one, clue, law) for one in choices_for(clue, on=on, law=law)]
    kinds = {kind for one in choices for group in one.choice.needs for kind in group}
    return {
        "choices": choices,
        "amount_typed": yuan_string(clue.amount_fen) if clue.amount_fen else "",
        "kinds": sorted((kind, law.document(kind).name) for kind in kinds),
        "concludes": handles,
        "answers": answers,
        # said before they write it: this answer closes only with a second person
        "answer_why": owed_reason(clue) if answers and not handles else "",
    }


def _choice(choice: Choice, clue: Clue, law: Law) -> ChoiceShown:
    papers = "；".join("或".join(law.document(kind).name for kind in group) for group in choice.needs)
    known = {
        "debtor": clue.debtor or "用人单位",
        "people": f"{clue.people}人" if clue.people else "工人",
        "amount": f"{sentence_yuan(clue.amount_fen)}" if clue.amount_fen else "",
        "paid": "一部分",
    }
    wording = choice.wording
    for name, value in known.items():
        wording = wording.replace(f"{{{name}}}", value)
    return ChoiceShown(choice, papers, wording)


def _returnable(found: Work) -> bool:
    asking = found.asking
    if asking is None or found.referral is None:
        return False
    untouched = asking.accepted_at is None and asking.returned_at is None and not asking.final
    return untouched and found.referral.matter.closed_on is None


def _papers(found: Work) -> Sequence[Document]:
    if found.referral is None:
        return []
    return papers_of(found.referral)


def _money(row: Recovered, closing: Closing | None) -> MoneyShown:
    said = _opened(row.said)
    fixed = closing is not None and row.at <= closing.closed_at
    return MoneyShown(row, mask_name(_opened(row.person)), said, fixed)


def _text(clue: Clue) -> str:
    telling = clue.tellings.filter(superseded_at__isnull=True).first()
    return masked_words(_opened(telling.text), name=opened(telling.name)) if telling is not None else ""


def _grades(conclusions: Sequence[Any]) -> list[tuple[str, str, str]]:
    """``(answer, words, conclusion)``: what the person answered on the receipt about each conclusion, the latest first."""
    titles = dict(Satisfaction.Grade.choices)
    return [(str(titles[one.grade]), _opened(one.grade_words), one.name) for one in conclusions if one.grade]


def _opened(sealed: Any) -> str:
    return masked_words(sealed.open()) if isinstance(sealed, Sealed) else ""


def receipt_words(receipt: BankReceipt) -> str:
    """One receipt in a list to choose from."""
    rest = getattr(receipt, "rest_fen", receipt.amount_fen)
    left = "" if rest == receipt.amount_fen else f"，还剩{sentence_yuan(rest)}"
    return f"{receipt.paid_on} {mask_name(receipt.payee_name)} {sentence_yuan(receipt.amount_fen)}{left}"


def _people(clue: Clue) -> list[tuple[int, str]]:
    """A list to choose from: the list's number, the name masked, the end of the ID number where two may share a name."""
    shown = []
    for one in particulars_of(clue):
        number = _plain(one.id_number)
        tail = f"（证件尾号{number[-4:]}）" if number else ""
        shown.append((one.claimant_id, f"{one.claimant.number}　{mask_name(_plain(one.name))}{tail}"))
    return shown


def _plain(sealed: Any) -> str:
    return sealed.open() if isinstance(sealed, Sealed) else ""
