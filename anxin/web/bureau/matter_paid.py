"""付款登记: what each person of a decision or an award is given and got, payment by payment, with its proof."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework.access import visible_matters
from anxin.casework.models import Document, Matter
from anxin.casework.paper_files import PAPERS
from anxin.casework.services import attach
from anxin.clues.masking import masked_words, opened
from anxin.evidence.workbooks import Column, table_workbook
from anxin.funds.models import BankReceipt
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.referral import services
from anxin.referral.matter_paid import may_record, papers_for, payments_of, receipts_for
from anxin.referral.models import MatterPayment, Recovered
from anxin.referral.payees import PROCEDURES, Payee, clue_of, payees
from anxin.web import clock, lists, receiving
from anxin.web.bureau.clue_work_shown import receipt_words
from anxin.web.bureau.typed_money import day_of, fen_of
from anxin.web.policy import page, user_of

_PAGE = 50
#: more people than this are chosen by their number
_CHOICES = 200
_COLUMNS = (
    Column("序号", "number", 6),
    Column("谁", "text", 10),
    Column("应得（元）", "yuan", 16),
    Column("金额（元）", "yuan", 16),
    Column("到账", "date", 12),
    Column("凭什么", "text", 40),
    Column("计入线索", "text", 10),
    Column("登记人", "text", 12),
    Column("撤下", "text", 30),
)


@dataclass(frozen=True)
class PayeeShown:
    """One person of the decision, name masked, sums in fen; ``rest`` is ``None`` where nobody said how much is owed."""

    key: str
    number: int
    name: str
    owed: int | None
    paid: int

    @property
    def rest(self) -> int | None:
        return None if self.owed is None else max(self.owed - self.paid, 0)

    @property
    def more(self) -> int:
        """What was paid beyond it: interest, a surcharge, or a slip."""
        return 0 if self.owed is None else max(self.paid - self.owed, 0)


@dataclass(frozen=True)
class PaymentShown:
    row: MatterPayment
    number: int | None
    name: str
    proof: str


@page(access.VIEW)
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.VIEW)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Every payment as a workbook, names masked."""
    matter, today = _find(request, pk), clock.today()
    people = {one.key: one for one in payees(matter, clue_of(matter))}
    rows = []
    for one in _payments(list(payments_of(matter)), people):
        known = people.get(one.row.person_key)
        rows.append(
            [
                one.number, one.name, known.owed_fen if known else None, one.row.amount_fen, one.row.paid_on,
                f"{one.row.get_proof_display()} {one.proof}".strip(), "是" if _counted(one.row) else "否",
                one.row.by_name, one.row.withdrawn_why,
            ]
        )  # fmt: skip
    office = lists.office_of(user_of(request))
    subtitle = f"填报单位：{office}　事项：{matter.number}　导出日期：{today.isoformat()}"
    return lists.workbook_response(
        table_workbook("付款登记", subtitle, _COLUMNS, rows), f"付款登记_{matter.number}_", today
    )


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Record a payment, or take one back; a refusal is said above the list."""
    if what not in _ACTS:
        raise Http404
    matter = _find(request, pk)
    try:
        with transaction.atomic():
            said = _ACTS[what](request, matter, user_of(request), clock.now())
    except Refused as refusal:
        return _show(request, matter, refusal=str(refusal), where=what)
    messages.success(request, said)
    return redirect("matter-paid", pk=pk)


def _pay(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> str:
    post, proof = request.POST, request.POST.get("proof", "")
    number, receipt = lists.whole_number(post.get("document")), lists.whole_number(post.get("receipt"))
    document = Document.objects.filter(pk=number).first() if number else None
    if proof == Recovered.Proof.DOCUMENT and (sent := receiving.sent(request, "file", PAPERS)) is not None:
        document = attach(
            matter, kind="payment_proof", data=sent.data, filename=sent.name, by=user, now=now,
            law=local_law.current(),
        )  # fmt: skip
    row = services.record_payment(
        matter, proof=proof, payee=_payee(request, matter), person=post.get("person", ""),
        amount_fen=fen_of(post.get("amount", ""), "amount"), paid_on=day_of(post.get("paid_on", "")),
        receipt=BankReceipt.objects.filter(pk=receipt).first() if receipt else None, document=document,
        paper_fen=fen_of(post.get("paper", ""), "paper"), said=post.get("said", ""), by=user, now=now,
    )  # fmt: skip
    if row.recovered_id is not None:
        return "已登记，这一笔同时计入了线索的到账。"
    return "已登记。线索已经计过同一笔的不再计；还没有计入的，在线索办理页“已有的证明”里采用。"


def _payee(request: HttpRequest, matter: Matter) -> str:
    """The key that was picked, or that of the number typed."""
    post = request.POST
    if (key := post.get("payee", "")) or not (number := lists.whole_number(post.get("number"))):
        return key[:24]
    people = payees(matter, clue_of(matter))
    fits = [one.key for one in people if one.number == number]
    if len(fits) != 1:
        raise Refused("本件的人员里没有这个序号，请核对后重新填写。", field="number")
    return fits[0]


def _take_back(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> str:
    number = lists.whole_number(request.POST.get("row")) or 0
    row = payments_of(matter).select_related("matter").filter(pk=number).first()
    if row is None:
        raise Refused("没有这一笔，请刷新页面。")
    services.take_payment_back(row, why=request.POST.get("why", ""), by=user, now=now)
    return "已撤下，这一笔不再计入。"


_ACTS: dict[str, Callable[[HttpRequest, Matter, User, dt.datetime], str]] = {
    "pay": _pay,
    "take-back": _take_back,
}


def _show(request: HttpRequest, matter: Matter, *, refusal: str = "", where: str = "") -> HttpResponse:
    user, clue = user_of(request), clue_of(matter)
    known, rows = payees(matter, clue), list(payments_of(matter))
    people = _people(known, rows)
    start = lists.whole_number(request.GET.get("after")) or 0
    records = may_record(user, matter)
    context: dict[str, Any] = {
        "matter": matter,
        "clue": clue,
        "people": people[start : start + _PAGE],
        "next_key": start + _PAGE if len(people) > start + _PAGE else None,
        "number": len(people),
        "owed": sum(one.owed or 0 for one in people),
        "paid": sum(row.amount_fen for row in rows if row.withdrawn_at is None),
        "payments": _payments(rows, {one.key: one for one in known}),
        "records": records,
        "choices": people if len(people) <= _CHOICES else (),
        "receipts": [(one.pk, receipt_words(one)) for one in receipts_for(matter, clue)] if records else (),
        "papers": papers_for(matter) if records else (),
        "today": clock.today(),
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/matter_paid.html", context, status=422 if refusal else 200)


def _people(known: Sequence[Payee], rows: Sequence[MatterPayment]) -> list[PayeeShown]:
    paid: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.withdrawn_at is None:
            paid[row.person_key] += row.amount_fen
    return [
        PayeeShown(one.key, one.number, mask_name(opened(one.name)), one.owed_fen, paid[one.key])
        for one in known
    ]


def _payments(rows: Sequence[MatterPayment], people: dict[str, Payee]) -> list[PaymentShown]:
    return [
        PaymentShown(
            row, people[row.person_key].number if row.person_key in people else None, mask_name(opened(row.person)),
            _proof(row),
        )
        for row in rows
    ]  # fmt: skip


def _proof(row: MatterPayment) -> str:
    if row.receipt is not None:
        return row.receipt.reference
    return row.document.filename if row.document is not None else masked_words(opened(row.said))


def _counted(row: MatterPayment) -> bool:
    return row.recovered is not None and row.recovered.withdrawn_at is None


def _find(request: HttpRequest, pk: int) -> Matter:
    """The matter, where money is paid in it."""
    matter = visible_matters(user_of(request)).select_related("root").filter(pk=pk).first()
    if matter is None or matter.procedure not in PROCEDURES:
        raise Http404
    return matter
