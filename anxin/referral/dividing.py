"""One proof for several people: a receipt or a paper of payment divided among chosen persons of the list, in one action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from anxin.accounts.models import User
from anxin.casework.models import Document
from anxin.clues.models import Claimant, Clue
from anxin.funds.models import BankReceipt
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.referral.claims import claims_of, people_of
from anxin.referral.current import locked
from anxin.referral.models import PaperSum, Recovered
from anxin.referral.proofs import checked_receipt
from anxin.referral.recovering import add, may_record

#: people in one action: each is written and held against what they are owed
MOST = 300


def proposed(rests: Sequence[int], total: int) -> list[int]:
    """Of ``total`` fen a share for each person, who is still owed ``rests``: everything, or less in proportion.

    To the fen: what the rounding down leaves goes, a fen each, to the largest remainders, the earlier first among equal
    ones. Nobody gets more than they are owed; what nobody is owed stays undivided.
    """
    owed = sum(rests)
    if total >= owed:
        return list(rests)
    shares = [total * rest // owed for rest in rests]
    order = sorted(range(len(rests)), key=lambda at: (-(total * rests[at] % owed), at))
    for at in order[: total - sum(shares)]:
        shares[at] += 1
    return shares


def divide(
    clue: Clue,
    shares: Mapping[int, int],
    total_fen: int,
    *,
    by: User,
    now: dt.datetime,
    receipt: BankReceipt | None = None,
    document: Document | None = None,
    paid_on: dt.date | None = None,
    paper_fen: int | None = None,
) -> list[Recovered]:
    """Record ``shares``, fen by the person's key, as parts of one proof: all of them or none. Raises :class:`Refused`.

    They meet ``total_fen`` exactly, and each person is owed theirs. ``paper_fen`` is what a paper holds in all, unless
    that was said before. The same division again changes nothing.
    """
    with transaction.atomic():
        held = locked(clue)
        if not may_record(by, held):
            raise Refused("您没有处理这条线索的权限。")
        people = {one.pk: one for one in people_of(held)}
        chosen = _checked(people, shares, total_fen)
        if (receipt is None) == (document is None):
            raise Refused("请选择一张银行回单或者一份付款凭证。", field="source")
        earlier = _same_before(held, shares, receipt, document)
        if earlier is not None:
            return earlier
        if receipt is not None and total_fen > (left := checked_receipt(held.project_id, receipt)[1]):
            raise Refused(f"这张回单只剩{sentence_yuan(left)}可以登记，请核对要分的金额。", field="total")
        proof = Recovered.Proof.RECEIPT if receipt is not None else Recovered.Proof.DOCUMENT
        if document is not None and paper_fen is None:
            # a paper of which nobody said how much it holds, holds what is divided
            known = PaperSum.objects.filter(document=document).exists()
            paper_fen = None if known else total_fen
        made = []
        for at, one in enumerate(chosen):
            said = paper_fen if at == 0 else None
            row = add(
                held, proof=proof, claimant=one, amount_fen=shares[one.pk], receipt=receipt, document=document,
                paid_on=paid_on, paper_fen=said, by=by, now=now,
            )  # fmt: skip
            made.append(row)
        return made


def _checked(people: Mapping[int, Claimant], shares: Mapping[int, int], total_fen: int) -> list[Claimant]:
    """The persons in the order of the list. Raises :class:`Refused` where sums do not meet or somebody is owed nothing."""
    if any(pk not in people for pk in shares):
        raise Refused("选的人里有不在名单上的，请刷新页面重新选择。", field="people")
    if not shares or any(fen <= 0 for fen in shares.values()):
        raise Refused("请选择分给谁，每人的金额要大于0。", field="people")
    if len(shares) > MOST:
        raise Refused(f"一次最多分给{MOST}人，请分两次登记。", field="people")
    if (gap := sum(shares.values()) - total_fen) != 0:
        way = "多" if gap > 0 else "少"
        raise Refused(
            f"各人合计{sentence_yuan(sum(shares.values()))}，比要分的{sentence_yuan(total_fen)}{way}{sentence_yuan(abs(gap))}，"
            "请改到正好相等。",
            field="shares",
        )
    claims = claims_of(list(shares))
    unknown = [str(people[pk]) for pk in shares if claims[pk].owed is None]
    if unknown:
        raise Refused(f"名单{unknown[0]}还没有金额，不知道应得多少，请先在名单上填写。", field="shares")
    return [one for pk, one in people.items() if pk in shares]


def _same_before(
    clue: Clue, shares: Mapping[int, int], receipt: BankReceipt | None, document: Document | None
) -> list[Recovered] | None:
    rows = Recovered.objects.filter(
        clue=clue, claimant__in=shares, receipt=receipt, document=document, withdrawn_at__isnull=True
    )
    found = list(rows)
    same = {(one.claimant_id, one.amount_fen) for one in found} == set(shares.items())
    return found if same and len(found) == len(shares) else None
