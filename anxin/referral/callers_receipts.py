"""Receipts of a clue without a list: those that pay its own caller, where who that is on the site's roster is beyond doubt.

Nobody else's receipt is offered, and where it is not beyond doubt none is: then the page says why, and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anxin.channels.models_voice import Submission
from anxin.clues.models import Clue
from anxin.evidence.sealing import plain
from anxin.funds.models import BankReceipt
from anxin.referral.claims import people_of
from anxin.referral.proofs import people_of_receipts, receipts_for
from anxin.workforce.models import Worker

__all__ = ["Found", "of_caller", "why_none"]

_LIST = "登记人员名单以后，回单按身份证号对应到人。"


@dataclass(frozen=True)
class Found:
    """What pays the caller, or in a sentence why nothing is offered."""

    receipts: Sequence[BankReceipt] = ()
    name: str = ""
    why: str = ""


def of_caller(clue: Clue, receipts: Sequence[BankReceipt]) -> Found:
    """Of a clue without a list: the receipts whose only payee, by ID number, is the caller; five queries at most."""
    worker, why = _caller(clue)
    if worker is None:
        return Found(why=why)
    paid = people_of_receipts([one.pk for one in receipts])
    own = [one for one in receipts if paid[one.pk] == {worker.id_hash}]
    if not own:
        return Found(why="这个项目接到线索以后的银行回单里，没有付给反映人本人的；付给别人的不采用。")
    return Found(own, worker.name)


def why_none(clue: Clue) -> str:
    """Why the page of a clue without a list offers no receipt; empty where it has a list, or where one is offered."""
    if people_of(clue):
        return ""
    if clue.project_id is None:
        return f"线索没有对应到项目，没有可以采用的银行回单；请先在线索页确认是哪个项目。{_LIST}"
    receipts = receipts_for(clue)
    if not receipts:
        return "这个项目接到线索以后，还没有付款成功、对应到工资表而且没有用完的银行回单。"
    return of_caller(clue, receipts).why


def _caller(clue: Clue) -> tuple[Worker | None, str]:
    """Who called, on the roster of the site; else why nobody can say so.

    The name has to fit one person of the roster alone, by the ID number told or the telephone where it fits several,
    and an ID number that was told has to be theirs.
    """
    if clue.kind != Clue.Kind.COMPLAINT or Submission.objects.filter(clue=clue, helped=True).exists():
        return None, f"反映的不是本人自己的工资，或者由他人代填，没有人员名单就说不清回单是谁的。{_LIST}"
    if Clue.objects.filter(dispute=clue).exists():
        return None, f"这条线索并入了别人反映的，没有人员名单就说不清回单是谁的。{_LIST}"
    telling = clue.tellings.filter(superseded_at__isnull=True).first()
    name = "".join(plain(telling.name).split()) if telling is not None else ""
    if telling is None or not name:
        return None, f"反映人没有留姓名，也没有人员名单，说不清回单是谁的。{_LIST}"
    roster = Worker.objects.filter(
        enrolments__project=clue.project_id, enrolments__superseded_at__isnull=True
    )
    named = list(roster.filter(name=name).distinct())
    if not named:
        return None, f"项目的花名册里没有叫反映人这个名字的人，也没有人员名单，说不清回单是谁的。{_LIST}"
    fits = [one for one in named if one.id_hash in telling.id_hashes]
    if telling.id_hashes and not fits:
        return None, f"反映里写的身份证号与花名册上同名的人不同，不能当作本人。{_LIST}"
    if not fits and len(named) > 1 and telling.phone_hash:
        named = [one for one in named if one.phone_hash == telling.phone_hash]
    fits = fits or named
    if len(fits) != 1:
        return None, f"花名册里有几个人叫反映人这个名字，分不清是谁。{_LIST}"
    return fits[0], ""
