"""A list of payments to a clue's people as a file: good rows go on, bad rows come back, the same file twice changes nothing.

A list proves nothing by itself: its rows are shown as not proved until a receipt, a paper or the person's own word
stands beside them. Where a row names a bank receipt of the project by its number, the receipt proves it at once.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from anxin.accounts.models import User
from anxin.clues.models import Claimant, Clue
from anxin.evidence.journal import Actor
from anxin.evidence.kinds import ApplyContext, ApplyResult, ImportRefused, RowProblem
from anxin.evidence.sealing import finder
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.referral.claims import Claim, claims_of, names_of, people_of, who
from anxin.referral.current import locked, note
from anxin.referral.models import ListedPayment, Recovered
from anxin.referral.proofs import receipts_by_reference
from anxin.referral.recovering import may_record
from anxin.sheets import SIGNALS

if TYPE_CHECKING:
    from anxin.sheets.result import ParsedRow

KIND = "claim_payments"
_SUMS = {"合计", "小计", "总计", "共计"}
#: nobody is paid more wages at once; a bigger number is a slip
_MOST_FEN, _REFERENCE = 10**10, 80
#: what makes two rows one payment: who, day, sum, number
_Key = tuple[int, dt.date, int, str]


class PaymentsImport:
    """付款清单: one row is one payment to one person of the clue's list."""

    kind = KIND
    title = SIGNALS[KIND].title

    def check(self, *, project_code: str) -> None:
        clue = Clue.objects.filter(number=project_code).first()
        if clue is None:
            raise ImportRefused(
                "付款清单要从线索的“逐人到账”导入：打开这条线索的人员名单，在“逐人到账”里选择文件。"
            )
        if not people_of(clue):
            raise ImportRefused("这条线索还没有人员名单，请先登记名单，再导入付款清单。")

    def apply(self, context: ApplyContext) -> ApplyResult:
        clue = locked(Clue.objects.get(number=context.batch.project_code))
        _require_allowed(clue, context.actor)
        result = ApplyResult()
        rows = []
        for row in context.recognition.rows:
            if str(row.values["name"]).replace(" ", "") in _SUMS:
                sentence = "这一行是合计，不算作一笔付款。"
                result.notes.append(RowProblem(row.number, sentence, rejected=False, field="name"))
            else:
                rows.append(row)
        _List(clue, rows, context, result).write()
        return result


class _List:
    """One delivery being read: everything about the clue's people is asked for once, whatever the number of rows."""

    def __init__(self, clue: Clue, rows: list[ParsedRow], context: ApplyContext, result: ApplyResult) -> None:
        self.clue, self.rows, self.context, self.result = clue, rows, context, result
        self.people = people_of(clue)
        self.claims = claims_of([one.pk for one in self.people])
        self.ids = finder("id")
        standing = ListedPayment.objects.filter(claimant__in=self.people, withdrawn_at__isnull=True)
        self.known: set[_Key] = set(standing.values_list("claimant_id", "paid_on", "amount_fen", "reference"))
        self.receipts = receipts_by_reference(clue, {_reference(row) for row in rows})
        #: what a receipt, a paper or a word has proved before the list came, by who, day and sum
        self.proved: dict[tuple[int, dt.date, int], list[Recovered]] = defaultdict(list)
        free = Recovered.objects.filter(
            claimant__in=self.people, withdrawn_at__isnull=True, listed__isnull=True
        )
        for one in free.order_by("pk"):
            self.proved[(one.claimant_id or 0, one.paid_on, one.amount_fen)].append(one)
        self.links: dict[_Key, Recovered] = {}
        #: which receipt has proved whose money already
        self.paired = set(
            Recovered.objects.filter(receipt__in=list(self.receipts.values()), withdrawn_at__isnull=True)
            .values_list("receipt_id", "claimant_id")
        )  # fmt: skip
        self.names = names_of([one.pk for one in self.people])
        #: listed by this file and not proved by anything before it
        self.taken: dict[int, int] = defaultdict(int)

    def write(self) -> None:
        """The rows as payments, and those that a receipt of the project proves as money recovered."""
        made = [one for row in self.rows if (one := self._payment(row)) is not None]
        ListedPayment.objects.bulk_create(made)
        linked = []
        for one in made:
            proof = self.links.get((one.claimant_id, one.paid_on, one.amount_fen, one.reference))
            if proof is not None:
                proof.listed = one
                linked.append(proof)
        Recovered.objects.bulk_update(linked, ["listed"])
        before = {one.listed_id for one in linked}
        fresh = [proof for one in made if one.pk not in before and (proof := self._proof(one)) is not None]
        Recovered.objects.bulk_create(fresh)
        proofs = [*linked, *fresh]
        self.result.inserted = len(made)
        self.result.counts = {"payments_listed": len(made), "payments_proved": len(proofs)}
        total = sum(one.amount_fen for one in made)
        words = (
            f"导入付款清单{len(made)}笔，共{sentence_yuan(total)}，其中{len(proofs)}笔有银行回单或已有证明"
        )
        note(self.clue, "payments_listed", words, by=self.context.actor, now=self.context.now,
             after={"batch": self.context.batch.pk, **self.result.counts, "amount_fen": total})  # fmt: skip

    def _payment(self, row: ParsedRow) -> ListedPayment | None:
        """The row as a payment; ``None`` where it is known already or comes back."""
        said = row.values
        fen, day, reference = said["amount"], said["paid_on"], _reference(row)
        try:
            _check(fen, day, reference, self.context)
            number = said.get("id_number") or ""
            found = who(
                self.clue, self.people, name=said["name"], id_hashes=[self.ids(number)] if number else ()
            )
        except Refused as refusal:
            name = "name" if refusal.field == "claimant" else refusal.field
            self._back(row, refusal.sentence.replace("从名单中选择是哪一个", "在表里补填身份证号"), name)
            return None
        assert found is not None  # the clue has a list, asked for by ``check``
        key = (found.pk, day, fen, reference)
        if key in self.known:
            self.result.unchanged += 1
            return None
        before = self.proved.get(key[:3])
        if before:
            self.links[key] = before.pop(0)
        elif wrong := self._too_much(found, fen):
            self._back(row, wrong, "amount")
            return None
        else:
            self.taken[found.pk] += fen
        self.known.add(key)
        return ListedPayment(
            clue=self.clue, claimant=found, amount_fen=fen, paid_on=day, reference=reference,
            batch=self.context.batch, row_number=row.number, by_name=self.context.actor.name, at=self.context.now,
        )  # fmt: skip

    def _too_much(self, claimant: Claimant, fen: int) -> str:
        claim: Claim = self.claims[claimant.pk]
        if claim.owed is None:
            return ""
        listed = claim.unproved + self.taken[claimant.pk]
        left = max(claim.owed - claim.proved - listed, 0)
        if fen <= left:
            return ""
        return (
            f"超过这个人应得的：应得{sentence_yuan(claim.owed)}，已证明{sentence_yuan(claim.proved)}，"
            f"清单上已有{sentence_yuan(listed)}，只剩{sentence_yuan(left)}，请核对金额。"
        )

    def _back(self, row: ParsedRow, sentence: str, name: str) -> None:
        self.result.problems.append(RowProblem(row.number, sentence, field=name))

    def _proof(self, payment: ListedPayment) -> Recovered | None:
        """The project's receipt with its number proves it, where that has as much left."""
        receipt = self.receipts.get(payment.reference) if payment.reference else None
        if receipt is None or receipt.paid_on != payment.paid_on or receipt.rest_fen < payment.amount_fen:
            return None
        if (receipt.pk, payment.claimant_id) in self.paired:
            return None
        self.paired.add((receipt.pk, payment.claimant_id))
        receipt.rest_fen -= payment.amount_fen
        return Recovered(
            clue=self.clue, claimant=payment.claimant, person=self.names[payment.claimant_id], listed=payment,
            amount_fen=payment.amount_fen, paid_on=payment.paid_on, proof=Recovered.Proof.RECEIPT, receipt=receipt,
            by_name=self.context.actor.name, at=self.context.now,
        )  # fmt: skip


def _check(fen: int, day: dt.date, reference: str, context: ApplyContext) -> None:
    """What is wrong with a row by itself. Raises :class:`Refused`."""
    if not 0 < fen < _MOST_FEN:
        raise Refused("金额应大于零、不超过一亿元，请核对。", field="amount")
    if day > timezone.localdate(context.now):
        raise Refused("付款日期晚于今天，请核对。", field="paid_on")
    if len(reference) > _REFERENCE:
        raise Refused(f"流水号不能超过{_REFERENCE}个字，请核对。", field="reference")


def _reference(row: ParsedRow) -> str:
    said: Any = row.values.get("reference")
    return str(said).strip() if said else ""


def _require_allowed(clue: Clue, actor: Actor) -> None:
    """A person needs to work the clue; the command line speaks for the whole bureau."""
    kind, _, key = actor.key.partition(":")
    if kind != "user":
        return
    user = User.objects.filter(pk=key).first() if key.isdecimal() else None
    if user is None or not may_record(user, clue):
        raise ImportRefused("这条线索不由您办理，付款清单不能由您导入。")
