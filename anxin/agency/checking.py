"""What is looked at before an order goes to a bank: what it would send back, and what a person should see first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from anxin.agency.account import PayingAccount
from anxin.agency.models import PayOrderLine, PayrollRun, RunLine
from anxin.agency.states import last_orders
from anxin.evidence.sealing import Sealed
from anxin.formats.codes import word_of
from anxin.kernel.identifiers import bank_card_problem
from anxin.kernel.masking import mask_card, mask_name
from anxin.kernel.money import sentence_yuan
from anxin.payroll.lines import MOST_FEN
from anxin.workforce.people import plain_name

ERROR, WARNING = "error", "warning"
#: the bank said these of the payee's account: the same card and name would come back again
MUST_MEND = ("wrong_card", "closed", "frozen", "wrong_name")
#: the bank may already have paid: only a person who has asked it may send again
ASK_FIRST = ("duplicate",)


@dataclass(frozen=True)
class Check:
    """One finding. An error keeps its line out of the order; a warning wants a person's eyes."""

    severity: str
    sentence: str
    line_id: int | None = None

    @property
    def is_error(self) -> bool:
        return self.severity == ERROR


def payable_lines(run: PayrollRun) -> list[RunLine]:
    """The lines of an approved run that no bank is working on and none has paid."""
    taken = PayOrderLine.objects.filter(
        run_line__run=run, state__in=[PayOrderLine.State.OPEN, PayOrderLine.State.PAID]
    )
    return list(
        run.lines.filter(net_fen__gt=0)
        .exclude(pk__in=taken.values("run_line_id"))
        .select_related("worker")
        .order_by("position")
    )


def precheck(run: PayrollRun, lines: Sequence[RunLine], account: PayingAccount | None) -> list[Check]:
    """Everything that speaks against paying these lines now."""
    cards = _others_with_cards(run, lines)
    before = last_orders([line.pk for line in lines])
    elsewhere = _paid_elsewhere(run, lines)
    found = _account_checks(lines, account)
    for line in lines:
        error = _line_error(line, before.get(line.pk))
        if error:
            found.append(Check(ERROR, f"{mask_name(line.name)}：{error}", line.pk))
            continue
        sharers = cards.get(line.card_hash, set()) - {line.worker_id}
        if sharers:
            card = mask_card(line.bank_card.open()) if isinstance(line.bank_card, Sealed) else ""
            sentence = f"{mask_name(line.name)}：银行卡（{card}）还有另外{len(sharers)}人在用，工资应发到本人账户，请核实是否由他人代领。"
            found.append(Check(WARNING, sentence, line.pk))
        if line.worker_id in elsewhere:
            sentence = f"{mask_name(line.name)}：本月在本项目另一张工资表中也有工资，请核对是否重复。"
            found.append(Check(WARNING, sentence, line.pk))
    return found


def _line_error(line: RunLine, last: PayOrderLine | None) -> str:
    """Why the bank would send this line back, or nothing."""
    if not isinstance(line.bank_card, Sealed):
        return "没有银行卡号，请补填本人银行卡。"
    card = line.bank_card.open()
    problem = bank_card_problem(card)
    if problem:
        return problem
    if plain_name(line.name) != plain_name(line.worker.name):
        return f"收款人姓名与实名制登记（{mask_name(line.worker.name)}）不一致，工资只能发给本人。"
    if line.net_fen > MOST_FEN:
        return "金额超过1亿元，请核对。"
    if last is not None and last.state == PayOrderLine.State.RETURNED:
        unchanged = last.card_hash == line.card_hash and last.payee_name == line.name
        if last.fault in MUST_MEND and unchanged:
            return f"上次因“{word_of(last.fault)}”退回，收款信息还没有更正，再报仍会退回。"
    return ""


def _account_checks(lines: Sequence[RunLine], account: PayingAccount | None) -> list[Check]:
    if account is None:
        return [Check(ERROR, "项目没有登记在用的农民工工资专用账户，请先登记专用账户。")]
    if account.number is None:
        return [Check(ERROR, "专用账户没有登记账号，请先补登账号。")]
    total = sum(line.net_fen for line in lines)
    if account.balance_fen is None:
        return [Check(WARNING, "不知道专用账户余额，请先向开户银行核实余额够不够。")]
    if account.balance_fen < total:
        on = f"（{account.balance_on:%Y-%m-%d}）" if account.balance_on else ""
        sentence = (
            f"专用账户余额{sentence_yuan(account.balance_fen)}{on}，不够发放{sentence_yuan(total)}，"
            f"还差{sentence_yuan(total - account.balance_fen)}，请先拨付人工费用。"
        )
        return [Check(WARNING, sentence)]
    return []


def _others_with_cards(run: PayrollRun, lines: Sequence[RunLine]) -> dict[str, set[int]]:
    """Card → everybody whom payrolls of this project and month pay to it."""
    wanted = {line.card_hash for line in lines if line.card_hash}
    found: dict[str, set[int]] = defaultdict(set)
    rows = RunLine.objects.filter(run__project=run.project_id, run__month=run.month).exclude(
        run__state=PayrollRun.State.WITHDRAWN
    )
    for card, worker in rows.values_list("card_hash", "worker_id"):
        if card in wanted:
            found[card].add(worker)
    return found


def _paid_elsewhere(run: PayrollRun, lines: Sequence[RunLine]) -> set[int]:
    """Workers whom another payroll of the same project and month pays too."""
    others = RunLine.objects.filter(
        run__project=run.project_id, run__month=run.month, worker_id__in=[line.worker_id for line in lines]
    ).exclude(run__state=PayrollRun.State.WITHDRAWN)
    return set(others.exclude(run=run).values_list("worker_id", flat=True))
