"""What proves a payment, and how much of it is left: a bank's receipt, or a paper of payment in the matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from anxin.casework.models import Document, Matter
from anxin.clues.models import Clue
from anxin.funds.models import BankReceipt
from anxin.funds.queries import counting_matches
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.referral.current import referral_of
from anxin.referral.models import MatterPayment, PaperSum, Recovered, Referral

_SHOWN = 200
#: rows that stand on a proof
Proved = Recovered | MatterPayment


def receipts_for(clue: Clue) -> Sequence[BankReceipt]:
    """Paid receipts of the clue's project, matched to a payroll line, with money left, the latest first; one query.

    ``rest_fen`` on each is what no row of recovered money has used yet.
    """
    return receipts_since(clue.project_id, timezone.localdate(clue.received_at))


def receipts_since(
    project_id: int | None, day: dt.date, rows: type[Proved] = Recovered
) -> Sequence[BankReceipt]:
    """The same of any project from a day on; ``rest_fen`` is what no row of ``rows`` has used yet."""
    if project_id is None:
        return []
    matched = counting_matches().filter(receipt=OuterRef("pk"))
    found = BankReceipt.objects.filter(
        Exists(matched), project=project_id, superseded_at__isnull=True, outcome=BankReceipt.Outcome.PAID,
        paid_on__gte=day,
    )  # fmt: skip
    left = found.annotate(rest_fen=F("amount_fen") - used_of_receipt(rows)).filter(rest_fen__gt=0)
    return list(left.order_by("-paid_on", "-pk")[:_SHOWN])


def receipts_by_reference(clue: Clue, references: set[str]) -> dict[str, Any]:
    """The clue's project's paid and matched receipts by the bank's number, held, with ``rest_fen`` left of each.

    A number that two receipts bear names none.
    """
    if clue.project_id is None or not references - {""}:
        return {}
    rows = BankReceipt.objects.select_for_update(of=("self",)).filter(
        Exists(counting_matches().filter(receipt=OuterRef("pk"))), project=clue.project_id,
        superseded_at__isnull=True, outcome=BankReceipt.Outcome.PAID, reference__in=references - {""},
    )  # fmt: skip
    found: dict[str, list[Any]] = {}
    for one in rows.annotate(rest_fen=F("amount_fen") - used_of_receipt()):
        found.setdefault(one.reference, []).append(one)
    return {reference: several[0] for reference, several in found.items() if len(several) == 1}


def used_of_receipt(rows: type[Proved] = Recovered) -> Coalesce:
    """For an annotation of receipts: the fen that standing rows of recovered money take of each."""
    used = rows.objects.filter(receipt=OuterRef("pk"), withdrawn_at__isnull=True).order_by()
    return Coalesce(Subquery(used.values("receipt").annotate(total=Sum("amount_fen")).values("total")), 0)


def checked_receipt(
    project_id: int | None, receipt: BankReceipt | None, rows: type[Proved] = Recovered
) -> tuple[BankReceipt, int]:
    """The receipt, held until the transaction ends, and what ``rows`` leave of it. Raises :class:`Refused`.

    A receipt that nobody matched proves nothing.
    """
    if receipt is None:
        raise Refused("请选择一张银行回单。", field="receipt")
    held = BankReceipt.objects.select_for_update().get(pk=receipt.pk)
    if held.project_id != project_id or held.superseded_at is not None:
        raise Refused("这张回单不是这个项目的，请从列表中选择。", field="receipt")
    if held.outcome != BankReceipt.Outcome.PAID or held.paid_on is None:
        raise Refused("这张回单没有付款成功，不能证明到账。", field="receipt")
    if not counting_matches().filter(receipt=held).exists():
        raise Refused("这张回单还没有对应到工资表上的人，请先在“回单匹配”中确认。", field="receipt")
    used = _used(rows.objects.filter(receipt=held))
    if used >= held.amount_fen:
        raise Refused("这张回单已经证明过一笔或几笔到账，没有余额，不能再用。", field="receipt")
    return held, held.amount_fen - used


def people_of_receipts(receipts: Collection[int]) -> dict[int, set[str]]:
    """Keyed hashes of the ID numbers of whom each receipt pays, by the bank and by the payroll line; two queries."""
    found: dict[int, set[str]] = {pk: set() for pk in receipts}
    for pk, one in (
        BankReceipt.objects.filter(pk__in=receipts).exclude(id_hash="").values_list("pk", "id_hash")
    ):
        found[pk].add(one)
    lines = counting_matches().filter(receipt__in=receipts, line__worker__isnull=False)
    for pk, one in lines.values_list("receipt_id", "line__worker__id_hash"):
        found[pk].add(one)
    return found


def papers_of(referral: Referral) -> list[Document]:
    """The papers of every matter of the chain in their order, each file once: what went along is the same paper; one query."""
    return papers_in([one.pk for one in referral.chain])


def papers_in(chain: Sequence[int] | QuerySet[Any, Any]) -> list[Document]:
    """The same of any matters, by key."""
    rows = Document.objects.filter(matter__in=chain, withdrawn_at__isnull=True).order_by("pk")
    found: dict[int, Document] = {}
    for one in rows:
        found.setdefault(one.file_id, one)
    return list(found.values())


def same_paper(document: Document) -> QuerySet[Document]:
    """The paper, and the same file where it went along to another matter of its chain: it holds its money once."""
    root = document.matter.root_id or document.matter_id
    return Document.objects.filter(Q(matter=root) | Q(matter__root=root), file=document.file_id)


def checked_document(clue: Clue, document: Document | None) -> Document:
    """The paper of a matter of the clue's chain, held until the transaction ends. Raises :class:`Refused`."""
    referral = referral_of(clue)
    return held_document(referral.chain if referral is not None else (), document)


def held_document(matters: Iterable[Matter], document: Document | None) -> Document:
    """A paper of one of the matters, held until the transaction ends. Raises :class:`Refused`."""
    if document is None or document.matter_id not in [one.pk for one in matters]:
        raise Refused("请选择附在本件事项里的付款凭证或签收单。", field="document")
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.withdrawn_at is not None:
        raise Refused("这份凭证已经撤下，请另选。", field="document")
    return held


def hold_to_paper(
    document: Document, fen: int, stated: int | None, *, by_name: str, now: dt.datetime,
    rows: type[Proved] = Recovered,
) -> None:  # fmt: skip
    """Keep what the paper holds in all, and refuse more than that. Raises :class:`Refused`.

    ``stated`` is the sum that the person read off the paper. Said nothing the first time, the paper holds this one
    payment; said anew, it replaces what was said, never below what was already proved by it. ``rows`` is where this
    payment stands: the same money in a matter and in the clue takes of the paper once in each.
    """
    same = same_paper(document)
    known = PaperSum.objects.filter(document__in=same).order_by("pk").last()
    used = _used(rows.objects.filter(document__in=same))
    elsewhere = max(_used(one.objects.filter(document__in=same)) for one in (Recovered, MatterPayment))
    total = stated if stated is not None else known.amount_fen if known else used + fen
    if elsewhere > total >= used + fen:
        raise Refused(
            f"凭这份凭证已经登记过{sentence_yuan(elsewhere)}，凭证合计不能比它少，请核对。", field="paper"
        )
    if used + fen > total:
        raise Refused(
            f"这份凭证合计{sentence_yuan(total)}，已经证明{sentence_yuan(used)}，只剩{sentence_yuan(max(total - used, 0))}；"
            "凭证上的合计写错了的，请在“凭证合计”里重新填写。",
            field="document",
        )
    if known is None or known.amount_fen != total:
        told = {"amount_fen": total, "by_name": by_name, "at": now}
        PaperSum.objects.update_or_create(document=known.document if known else document, defaults=told)


def _used(rows: QuerySet[Any]) -> int:
    return rows.filter(withdrawn_at__isnull=True).aggregate(total=Sum("amount_fen"))["total"] or 0
