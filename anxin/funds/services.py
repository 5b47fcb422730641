"""Writing what receipts pay: matching a project anew, and people's yes or no to proposals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from anxin.evidence import bulk
from anxin.evidence.journal import Actor, record
from anxin.funds.matching import EXACT, PROPOSED, Line, Pairing, Receipt, match
from anxin.funds.models import BankReceipt, ReceiptMatch
from anxin.funds.ordered import lines_meant
from anxin.funds.reversals import TakenBack, take_back
from anxin.kernel.masking import mask_name
from anxin.kernel.money import sentence_yuan, yuan_string
from anxin.kernel.refusal import Refused
from anxin.payroll.models import PayrollLine
from anxin.payroll.promising import OUR_REFERENCE
from anxin.payroll.queries import of_projects
from anxin.registry.models import Project
from anxin.workforce.people import plain_name

_State = ReceiptMatch.State


@dataclass(frozen=True)
class MatchOutcome:
    """How many matches stand after matching, and how many changed."""

    exact: int
    proposed: int
    ended: int
    added: int


def match_project(project_id: int, *, now: dt.datetime) -> MatchOutcome:
    """Match the project's receipts to its payroll lines anew and write the difference.

    Matches of a receipt or line that has been superseded end, also confirmed ones: the corrected row is
    matched again. Runs in one transaction; a second call changes nothing.
    """
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project_id)
        standing = _standing(project_id)
        stale = standing.filter(
            Q(line__superseded_at__isnull=False)
            | Q(receipt__superseded_at__isnull=False)
            | ~Q(receipt__outcome=BankReceipt.Outcome.PAID)
        )
        ended = stale.update(ended_at=now)
        receipts, back = _standing_receipts(project_id)
        for piece in bulk.chunks(list(back.pairs.values())):
            # What was taken back pays nothing, even where a person had said yes before.
            ended += _standing(project_id).filter(receipt_id__in=piece).update(ended_at=now)
        if not receipts:
            return MatchOutcome(0, 0, ended, 0)
        kept: dict[tuple[int, int, int, str, str], int] = {}
        confirmed, denied = [], []
        for match_id, receipt, line, fen, state, reason in _standing(project_id).values_list(
            "id", "receipt_id", "line_id", "amount_fen", "state", "reason"
        ):
            if state == _State.CONFIRMED:
                confirmed.append((receipt, line, fen))
            elif state == _State.DENIED:
                denied.append((receipt, line))
            else:
                kept[receipt, line, fen, state, reason] = match_id
        wanted = match(_lines(project_id), receipts, confirmed=confirmed, denied=denied, held=back.held)
        return _write_difference(wanted, kept, ended, now)


def confirm_match(proposal: ReceiptMatch, *, actor: Actor, now: dt.datetime) -> ReceiptMatch:
    """Count a proposal as payment. Raises :class:`Refused` when it no longer stands."""
    with transaction.atomic():
        found, project = _locked_proposal(proposal)
        # It counts from now on: what was known before the decision must not change afterwards.
        found.state, found.decided_by_name, found.recorded_at = _State.CONFIRMED, actor.name, now
        found.save(update_fields=["state", "decided_by_name", "recorded_at"])
        match_project(project.pk, now=now)
        _record_decision(found, project, "funds.match_confirmed", "确认", actor, now)
    return found


def deny_match(proposal: ReceiptMatch, *, actor: Actor, now: dt.datetime) -> ReceiptMatch:
    """Rule a proposal out; the same receipt and line are not proposed again. Raises :class:`Refused`."""
    with transaction.atomic():
        found, project = _locked_proposal(proposal)
        found.state, found.decided_by_name = _State.DENIED, actor.name
        found.save(update_fields=["state", "decided_by_name"])
        match_project(project.pk, now=now)
        _record_decision(found, project, "funds.match_denied", "否认", actor, now)
    return found


def _standing(project_id: int) -> QuerySet[ReceiptMatch]:
    return ReceiptMatch.objects.filter(receipt__project_id=project_id, ended_at__isnull=True)


def _standing_receipts(project_id: int) -> tuple[list[Receipt], TakenBack]:
    """The payments that no reversal took back, and what the reversals did."""
    paid, reversals = read_receipts(
        BankReceipt.objects.filter(project_id=project_id, superseded_at__isnull=True)
    )
    if not reversals:
        return paid, TakenBack()
    sure = _standing(project_id).filter(state=_State.CONFIRMED).values_list("receipt_id", flat=True)
    back = take_back(paid, reversals, confirmed=sure)
    gone = set(back.pairs.values())
    return [receipt for receipt in paid if receipt.id not in gone], back


def read_receipts(rows: QuerySet[BankReceipt]) -> tuple[list[Receipt], list[Receipt]]:
    """Payments and reversals of the rows, as matching sees them; returned ones are left out."""
    found = list(
        rows.exclude(outcome=BankReceipt.Outcome.RETURNED).values_list(
            "id",
            "month",
            "payee_name",
            "card_hash",
            "id_hash",
            "amount_fen",
            "paid_on",
            "reference",
            "outcome",
        )
    )
    meant = lines_meant([row[7] for row in found if OUR_REFERENCE.fullmatch(row[7])])
    paid: list[Receipt] = []
    reversals: list[Receipt] = []
    for pk, month, name, card, id_hash, fen, day, reference, outcome in found:
        receipt = Receipt(
            pk, month, plain_name(name), card, id_hash, fen, day, reference, meant.get(reference)
        )
        (reversals if outcome == BankReceipt.Outcome.REVERSAL else paid).append(receipt)
    return paid, reversals


def _lines(project_id: int) -> list[Line]:
    rows = PayrollLine.objects.filter(of_projects([project_id]), superseded_at__isnull=True).values_list(
        "id", "month", "worker_id", "name", "card_hash", "worker__id_hash", "net_fen", "worker__name"
    )
    lines = []
    for pk, month, worker, written, card, id_hash, fen, registered in rows.iterator(chunk_size=5000):
        name = plain_name(written or registered or "")
        person = f"w{worker}" if worker is not None else f"n:{name}"
        lines.append(Line(pk, month, person, name, card, id_hash or "", fen))
    return lines


def _write_difference(
    wanted: list[Pairing], kept: dict[tuple[int, int, int, str, str], int], ended: int, now: dt.datetime
) -> MatchOutcome:
    new = []
    for pairing in wanted:
        key = (pairing.receipt_id, pairing.line_id, pairing.amount_fen, pairing.state, pairing.reason)
        if kept.pop(key, None) is None:
            new.append(key)
    for piece in bulk.chunks(kept.values()):
        ended += ReceiptMatch.objects.filter(pk__in=piece).update(ended_at=now)
    columns = ("receipt_id", "line_id", "amount_fen", "state", "reason")
    bulk.insert(ReceiptMatch, columns, new, constants={"recorded_at": now, "decided_by_name": ""})
    states = [pairing.state for pairing in wanted]
    return MatchOutcome(states.count(EXACT), states.count(PROPOSED), ended, len(new))


def _locked_proposal(proposal: ReceiptMatch) -> tuple[ReceiptMatch, Project]:
    """The proposal as it stands now, with its project locked so that nothing is matched meanwhile."""
    project = Project.objects.select_for_update(of=("self",)).get(receipts=proposal.receipt_id)
    found = ReceiptMatch.objects.select_related("receipt", "line__payroll").get(pk=proposal.pk)
    if found.ended_at is not None:
        raise Refused("这条匹配建议已失效（回执或工资明细已更正，或已另行匹配），请刷新后再看。")
    if found.state != _State.PROPOSED:
        raise Refused(f"这条匹配现在是“{found.get_state_display()}”，不能再改。")
    return found, project


def _record_decision(
    found: ReceiptMatch, project: Project, action: str, verb: str, actor: Actor, now: dt.datetime
) -> None:
    receipt, line = found.receipt, found.line
    record(
        actor=actor,
        action=action,
        object_type="receipt_match",
        object_id=found.pk,
        summary=(
            f"{verb}：银行回执“{mask_name(receipt.payee_name)}”{sentence_yuan(found.amount_fen)}"
            f"{'支付' if verb == '确认' else '不是支付'}“{mask_name(line.name)}”{line.payroll.month}工资"
        ),
        before={"state": PROPOSED, "reason": found.reason},
        after={
            "state": found.state,
            "project_ids": [project.pk],
            "months": [line.payroll.month],
            "receipt_id": receipt.pk,
            "line_id": line.pk,
            "amount": yuan_string(found.amount_fen),
        },
        now=now,
    )
