"""What each line's worker has said, and where its money is: computed from the records whenever it is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from anxin.agency.models import Confirmation, Objection, PayOrderLine, PayrollRun, RunLine

#: nobody has answered: never a yes
UNKNOWN = "unknown"
CONFIRMED = "confirmed"
#: an objection waits for the clerk
CONTESTED = "contested"
#: the clerk has answered, the worker has not yet spoken again
ANSWERED = "answered"
ANSWERS = {UNKNOWN: "未答复", CONFIRMED: "已确认", CONTESTED: "有异议", ANSWERED: "异议已答复，待本人确认"}

#: not yet in any order
NOT_SENT = "not_sent"
#: nothing to pay
NOTHING = "nothing"
MONEY = {
    NOTHING: "无需发放",
    NOT_SENT: "尚未报银行",
    PayOrderLine.State.OPEN: "银行办理中",
    PayOrderLine.State.PAID: "已到账",
    PayOrderLine.State.RETURNED: "银行退回",
    PayOrderLine.State.REVERSED: "银行冲正",
}


@dataclass
class Words:
    """Everything that was said to one line, oldest first."""

    confirmations: list[Confirmation] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)

    def answer(self, digest: str) -> str:
        """The worker's last word about these figures."""
        if any(one.state == Objection.State.OPEN for one in self.objections):
            return CONTESTED
        yes = [one for one in self.confirmations if one.digest == digest]
        no = self.objections[-1] if self.objections else None
        if yes and (no is None or yes[-1].at >= no.at):
            return CONFIRMED
        return ANSWERED if no is not None else UNKNOWN


def words_of(lines: Iterable[int]) -> dict[int, Words]:
    """What was said to each of the lines; two queries."""
    found: dict[int, Words] = defaultdict(Words)
    wanted = list(lines)
    for confirmation in Confirmation.objects.filter(line_id__in=wanted).order_by("id"):
        found[confirmation.line_id].confirmations.append(confirmation)
    for objection in Objection.objects.filter(line_id__in=wanted).order_by("id"):
        found[objection.line_id].objections.append(objection)
    return found


def answers_of(run: PayrollRun) -> dict[int, str]:
    """Line id → the worker's answer, for a whole run."""
    digests = dict(RunLine.objects.filter(run=run).values_list("id", "digest"))
    words = words_of(digests)
    return {pk: words[pk].answer(digest) if pk in words else UNKNOWN for pk, digest in digests.items()}


def last_orders(lines: Iterable[int]) -> dict[int, PayOrderLine]:
    """Line id → its latest place in an order that was not given up."""
    rows = (
        PayOrderLine.objects.filter(run_line_id__in=list(lines))
        .exclude(state=PayOrderLine.State.CANCELLED)
        .select_related("order")
        .order_by("id")
    )
    return {row.run_line_id: row for row in rows}


def money_state(line: RunLine, order_line: PayOrderLine | None) -> str:
    if order_line is not None:
        return order_line.state
    return NOT_SENT if line.net_fen > 0 else NOTHING
