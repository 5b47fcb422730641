"""The bank's answers: each line of an order ends paid or returned, once, however often the bank says it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from anxin.agency import steps
from anxin.agency.models import LineResult, PayOrder, PayOrderLine, PayrollRun, RunStep
from anxin.agency.telling import tell_came_back
from anxin.evidence import bulk
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import finding_hash
from anxin.formats.codes import OTHER, code_of_words, return_codes, word_of
from anxin.formats.messages import OrderState, Outcome, PayResult
from anxin.funds.receiving import Given, receive
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.workforce.people import plain_name

_Paying = PayOrderLine.State
#: what became of one row of an answer
APPLIED, KNOWN, PENDING, CONFLICT, UNKNOWN = "applied", "known", "pending", "conflict", "unknown"
FATES = {
    APPLIED: "已登记",
    KNOWN: "此前已登记",
    PENDING: "银行尚在处理",
    CONFLICT: "与已知结果矛盾，未登记",
    UNKNOWN: "不是这份代发单的行",
}
_STATE_OF = {
    Outcome.PAID: _Paying.PAID,
    Outcome.RETURNED: _Paying.RETURNED,
    Outcome.REVERSED: _Paying.REVERSED,
}


@dataclass(frozen=True)
class Fate:
    """What became of one row: ``place`` in the file, the line's reference where one was found."""

    place: int
    reference: str
    fate: str
    sentence: str


@dataclass
class Applied:
    """What an answer changed. ``fates`` has one entry per row, in the order of the rows."""

    order: PayOrder
    fates: list[Fate] = field(default_factory=list)
    paid: int = 0
    returned: int = 0
    reversed: int = 0

    @property
    def changed(self) -> int:
        return self.paid + self.returned + self.reversed

    def count(self, fate: str) -> int:
        return sum(one.fate == fate for one in self.fates)

    @property
    def sentence(self) -> str:
        parts = [
            f"到账{self.paid}笔" if self.paid else "",
            f"退回{self.returned}笔" if self.returned else "",
            f"冲正{self.reversed}笔" if self.reversed else "",
            *(f"{FATES[fate]}{count}笔" for fate in (KNOWN, PENDING, CONFLICT, UNKNOWN) if (count := self.count(fate))),
        ]  # fmt: skip
        return "，".join(part for part in parts if part) or "没有结果"


def apply_results(
    order: PayOrder,
    results: Sequence[PayResult],
    *,
    actor: Actor,
    now: dt.datetime,
    source: str = "",
    receipts: bool = True,
) -> Applied:
    """Take the bank's answers about an order, all in one transaction; the same answers again change nothing.

    Each row is taken, known already, or told why not: a bad row holds no good one back. Receipts are recorded, so
    that the payments count where every payment counts (``receipts=False`` where a delivered table has recorded them).
    ``source`` names the file or call. Raises :class:`Refused` for an order that no bank has been given.
    """
    with transaction.atomic():
        run = steps.locked(order.run)
        found = PayOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
        if found.state in (PayOrder.State.PREPARED, PayOrder.State.CANCELLED):
            raise Refused(f"代发单{found.reference}还没有报送银行，不能登记银行结果。")
        taking = _Taking(found, now)
        outcome = Applied(found)
        for result in results:
            outcome.fates.append(taking.take(result))
        if taking.noted:
            taking.write()
            counts = Counter(line.state for line in taking.changed.values())
            outcome.paid, outcome.returned = counts[_Paying.PAID], counts[_Paying.RETURNED]
            outcome.reversed = counts[_Paying.REVERSED]
            if receipts and taking.changed:
                given = [_given(run, line) for line in taking.changed.values()]
                receive(run.project, given, summary=f"代发单{found.reference}银行结果", actor=actor, now=now)
            _settle(run, found)
            note = f"{found.reference}：{outcome.sentence}" + (f"（{source}）" if source else "")
            steps.trace(
                run,
                RunStep.Action.RESULTS,
                actor=actor,
                now=now,
                summary="银行结果",
                note=note,
                after={"order": found.reference, "order_state": found.state},
            )
            back = outcome.returned + outcome.reversed
            if back:
                tell_came_back(found, run, back, actor=actor, now=now)
        outcome.order = found
    return outcome


def refuse_whole(order: PayOrder, answer: OrderState, *, actor: Actor, now: dt.datetime) -> Applied:
    """The bank refused the order as a whole: every line that is still open came back with its sentence."""
    lines = order.lines.filter(state=_Paying.OPEN).order_by("sequence")
    results = [
        PayResult(
            sequence=line.sequence,
            reference=line.reference,
            name=line.payee_name,
            amount_fen=line.amount_fen,
            outcome=Outcome.RETURNED,
            code=code_of_words(answer.sentence) or OTHER,
            reason=answer.sentence,
            bank_reference=answer.bank_reference,
            line=number,
        )
        for number, line in enumerate(lines, 1)
    ]
    return apply_results(order, results, actor=actor, now=now, source="银行整单退回")


class _Taking:
    """The order's lines with what is known of them, while an answer is taken row by row."""

    def __init__(self, order: PayOrder, now: dt.datetime) -> None:
        self._now = now
        lines = list(order.lines.order_by("sequence"))
        self._by_reference = {line.reference: line for line in lines}
        self._by_payee: dict[tuple[str, str, int], list[PayOrderLine]] = defaultdict(list)
        for line in lines:
            self._by_payee[plain_name(line.payee_name), line.card_hash, line.amount_fen].append(line)
        self._known: dict[int, list[LineResult]] = defaultdict(list)
        for result in LineResult.objects.filter(line__order=order).order_by("id"):
            self._known[result.line_id].append(result)
        self._elsewhere = _elsewhere(order)
        self.noted: list[LineResult] = []
        self.changed: dict[int, PayOrderLine] = {}

    def take(self, result: PayResult) -> Fate:
        line = self._line_of(result)
        if line is None:
            who = result.reference or f"第{result.sequence}笔"
            return Fate(result.line, "", UNKNOWN, f"{who}不在这份代发单里，请核对是否选错了代发单。")
        if result.outcome == Outcome.PENDING:
            return Fate(result.line, line.reference, PENDING, FATES[PENDING])
        if result.amount_fen and result.amount_fen != line.amount_fen:
            told = f"金额{sentence_yuan(result.amount_fen)}与报送的{sentence_yuan(line.amount_fen)}不一致，请与银行核实。"
            return Fate(result.line, line.reference, CONFLICT, told)
        key = _key(result)
        if self._is_known(line, result, key):
            return Fate(result.line, line.reference, KNOWN, f"{FATES[KNOWN]}：{line.get_state_display()}。")
        if (
            result.outcome == Outcome.PAID
            and line.run_line_id in self._elsewhere
            and line.state != _Paying.OPEN
        ):
            other = self._elsewhere[line.run_line_id]
            told = f"银行说已到账，但这笔退回后已在代发单{other}重新报送，请立即与银行核实，防止重复发放。"
            self._note(line, result, key, conflict=told)
            return Fate(result.line, line.reference, CONFLICT, told)
        self._note(line, result, key)
        self._set(line, result)
        return Fate(result.line, line.reference, APPLIED, f"{line.get_state_display()}{_why(line)}。")

    def _line_of(self, result: PayResult) -> PayOrderLine | None:
        """By our reference; where the bank gives none, the one payee with this name, card and amount."""
        if result.reference in self._by_reference:
            return self._by_reference[result.reference]
        if result.reference or not (result.name and result.card):
            return None
        card = finding_hash("card", clean_identifier(result.card))
        found = self._by_payee.get((plain_name(result.name), card, result.amount_fen), [])
        return found[0] if len(found) == 1 else None

    def _is_known(self, line: PayOrderLine, result: PayResult, key: str) -> bool:
        if line.state == _STATE_OF[result.outcome]:
            return True
        if result.outcome == Outcome.RETURNED and line.state == _Paying.REVERSED:
            return True
        earlier = self._known[line.pk]
        if any(one.key == key for one in earlier):
            return True
        if result.outcome != Outcome.PAID:
            return result.outcome == Outcome.REVERSED and line.state == _Paying.RETURNED
        # The payment that came back is told again by another file: only a later payment is news.
        paid = [one.happened_on for one in earlier if one.outcome == Outcome.PAID]
        return bool(paid) and (
            result.paid_on is None or any(day is None or result.paid_on <= day for day in paid)
        )

    def _note(self, line: PayOrderLine, result: PayResult, key: str, conflict: str = "") -> None:
        row = LineResult(
            line=line,
            key=key,
            outcome=result.outcome,
            fault=_fault(result),
            reason=result.reason[:200],
            bank_reference=result.bank_reference[:80],
            happened_on=result.paid_on,
            recorded_at=self._now,
            conflict=conflict[:200],
        )
        self._known[line.pk].append(row)
        self.noted.append(row)

    def _set(self, line: PayOrderLine, result: PayResult) -> None:
        line.state, line.result_at = _STATE_OF[result.outcome], self._now
        line.bank_reference = result.bank_reference[:80] or line.bank_reference
        if result.outcome == Outcome.PAID:
            line.paid_on, line.fault, line.reason = result.paid_on, "", ""
        else:
            line.fault, line.reason = _fault(result), result.reason[:200]
        self.changed[line.pk] = line

    def write(self) -> None:
        LineResult.objects.bulk_create(self.noted, batch_size=500)
        bulk.update(
            list(self.changed.values()),
            ["state", "fault", "reason", "bank_reference", "paid_on", "result_at"],
        )


def _elsewhere(order: PayOrder) -> dict[int, str]:
    """Lines of the run that another order holds open or paid → that order's reference."""
    rows = PayOrderLine.objects.filter(
        run_line__run=order.run_id, state__in=[_Paying.OPEN, _Paying.PAID]
    ).exclude(order=order)
    return dict(rows.values_list("run_line_id", "order__reference"))


def _fault(result: PayResult) -> str:
    if result.outcome == Outcome.PAID:
        return ""
    return result.code if result.code in return_codes() else code_of_words(result.reason) or OTHER


def _why(line: PayOrderLine) -> str:
    return f"：{word_of(line.fault)}" if line.fault else ""


def _key(result: PayResult) -> str:
    said = f"{result.outcome}|{_fault(result)}|{result.paid_on}|{result.bank_reference}"
    return hashlib.sha256(said.encode()).hexdigest()


def _given(run: PayrollRun, line: PayOrderLine) -> Given:
    return Given(
        month=run.month,
        payee_name=line.payee_name,
        bank_card=line.bank_card,
        card_hash=line.card_hash,
        amount_fen=line.amount_fen,
        paid_on=line.paid_on,
        returned=line.state != _Paying.PAID,
        reason=line.reason or (word_of(line.fault) if line.fault else ""),
        reference=line.reference,
    )


def _settle(run: PayrollRun, order: PayOrder) -> None:
    """Order and run follow from their lines."""
    states = Counter(order.lines.values_list("state", flat=True))
    open_lines = states[_Paying.OPEN]
    if not open_lines:
        order.state = PayOrder.State.DONE
    else:
        order.state = PayOrder.State.PARTLY if open_lines < sum(states.values()) else PayOrder.State.SENT
    order.save(update_fields=["state"])
    paid = PayOrderLine.objects.filter(run_line__run=run, state=_Paying.PAID)
    unpaid = run.lines.filter(net_fen__gt=0).exclude(pk__in=paid.values("run_line_id")).exists()
    steps.move(run, PayrollRun.State.SENT if unpaid else PayrollRun.State.SETTLED)


def orders_by_reference(references: Iterable[str]) -> dict[str, PayOrder]:
    """Line reference → the order that holds it."""
    found: dict[str, PayOrder] = {}
    for piece in bulk.chunks(set(references)):
        rows = PayOrderLine.objects.filter(reference__in=piece).select_related("order__run")
        found.update({row.reference: row.order for row in rows})
    return found
