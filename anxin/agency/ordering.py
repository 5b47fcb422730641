"""Orders to a bank: made of what is payable, written as a file, and made again for what came back."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from anxin.agency import steps
from anxin.agency.account import PayingAccount, paying_account
from anxin.agency.checking import ASK_FIRST, ERROR, WARNING, Check, payable_lines, precheck
from anxin.agency.deciding import promise
from anxin.agency.models import PayOrder, PayOrderLine, PayrollRun, RunLine, RunStep
from anxin.agency.states import last_orders
from anxin.connections.queries_layouts import agreed_format
from anxin.evidence import files
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.formats import messages
from anxin.formats import registry as formats
from anxin.kernel.identifiers import bank_card_problem, clean_identifier
from anxin.kernel.masking import mask_card, mask_name
from anxin.kernel.money import sentence_yuan, yuan_string
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.payroll.promising import give_references
from anxin.registry.models import Participation
from anxin.workforce.people import plain_name

_State, _Action, _Paying = PayrollRun.State, RunStep.Action, PayOrderLine.State
_THROUGH_ACCOUNT = "《保障农民工工资支付条例》第三十一条"
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Ready:
    """What an order made now would hold, and what speaks against it."""

    account: PayingAccount | None
    lines: list[RunLine]
    left_out: list[RunLine]
    checks: list[Check]

    @property
    def total_fen(self) -> int:
        return sum(line.net_fen for line in self.lines)

    @property
    def errors(self) -> list[Check]:
        return [check for check in self.checks if check.severity == ERROR]

    @property
    def warnings(self) -> list[Check]:
        return [check for check in self.checks if check.severity == WARNING]


def order_formats() -> list[tuple[str, str]]:
    """The formats in which orders can be written: (key, title)."""
    return [(one.key, one.title) for one in formats.formats() if one.writes_orders]


def ready(run: PayrollRun) -> Ready:
    """What is payable now; lines with an error of their own are left out, and named."""
    lines, account = payable_lines(run), paying_account(run.project)
    checks = precheck(run, lines, account)
    faulty = {check.line_id for check in checks if check.is_error}
    asked = {pk for pk, last in last_orders([line.pk for line in lines]).items() if last.fault in ASK_FIRST}
    for line in lines:
        if line.pk in asked and line.pk not in faulty:
            sentence = f"{mask_name(line.name)}：银行上次说是重复付款，请先向银行核实没有到账再报。"
            checks.append(Check(WARNING, sentence, line.pk))
    good = [line for line in lines if line.pk not in faulty]
    return Ready(account, good, [line for line in lines if line.pk in faulty], checks)


def make_order(
    run: PayrollRun,
    *,
    format: str,
    actor: Actor,
    now: dt.datetime,
    accept_warnings: bool = False,
    only: Collection[int] | None = None,
) -> PayOrder:
    """Make an order of what is payable (or of ``only`` these lines of it); the money has not moved yet.

    After returns it holds what came back and was mended, and nothing else: the database refuses a line that another
    order holds open or paid. Raises :class:`Refused` for what a person must mend or look at first.
    """
    with transaction.atomic():
        found = steps.locked_in(run, (_State.APPROVED, _State.SENT), "报银行")
        if format not in dict(order_formats()):
            raise Refused("请选择银行要求的文件格式。", field="format")
        if found.orders.filter(state=PayOrder.State.PREPARED).exists():
            raise Refused("已有一份还没有报送的代发单，请先报送或撤销它。")
        lines = ready(found)
        chosen = [line for line in lines.lines if only is None or line.pk in only]
        _refuse_unready(lines, chosen, accept_warnings)
        order = _made(found, lines.account, chosen, format, actor, now)
        steps.trace(
            found,
            _Action.ORDERED,
            actor=actor,
            now=now,
            summary="生成代发单",
            note=f"{order.reference}，{order.lines_count}笔，{sentence_yuan(order.total_fen)}",
            after={"order": order.reference, "total": yuan_string(order.total_fen)},
        )
    return order


def _refuse_unready(lines: Ready, chosen: list[RunLine], accept_warnings: bool) -> None:
    whole = [check for check in lines.errors if check.line_id is None]
    if whole:
        raise Refused(whole[0].sentence)
    if not chosen:
        first = f"第一处：{lines.errors[0].sentence}" if lines.errors else "都已在银行办理或已到账。"
        raise Refused(f"没有可以报送的行。{first}")
    if lines.checks and not accept_warnings:
        raise Refused(
            f"报送前检查发现{len(lines.checks)}处问题，请逐条看过；确认无误的，勾选“已核对”再生成代发单。",
            field="accept_warnings",
        )


def _made(
    run: PayrollRun,
    account: PayingAccount | None,
    chosen: list[RunLine],
    format: str,
    actor: Actor,
    now: dt.datetime,
) -> PayOrder:
    """The order with its lines and its file; the account has been checked to be there."""
    assert account is not None and account.number is not None
    number = run.orders.count() + 1
    month = Month.parse(run.month)
    order = PayOrder.objects.create(
        run=run,
        number=number,
        reference=f"AX{month.year % 100:02d}{month.number:02d}{run.pk:06d}{number:02d}",
        bank=account.bank,
        account_number=account.number,
        account_hash=account.number_hash,
        payer_name=_payer_name(run),
        format=format,
        total_fen=sum(line.net_fen for line in chosen),
        lines_count=len(chosen),
        made_at=now,
        made_by_name=actor.name,
    )
    rows = [
        PayOrderLine(
            order=order,
            run_line=line,
            sequence=sequence,
            reference=f"{order.reference}{sequence:05d}",
            payee_name=line.name,
            bank_card=line.bank_card,
            card_hash=line.card_hash,
            amount_fen=line.net_fen,
        )
        for sequence, line in enumerate(chosen, 1)
    ]
    PayOrderLine.objects.bulk_create(rows, batch_size=500)
    promised = {line.pk: line.payroll_line_id for line in chosen if line.payroll_line_id is not None}
    give_references({row.reference: promised[row.run_line_id] for row in rows}, now=now)
    order.filename, data = bank_file(order, now)
    order.file = files.store(data, name=order.filename, now=now)
    order.save(update_fields=["filename", "file"])
    return order


def _payer_name(run: PayrollRun) -> str:
    """Whose account pays: the general contractor's (总包代发), else the run's own employer's."""
    general = (
        Participation.objects.filter(project=run.project_id, role=Participation.Role.GENERAL_CONTRACTOR)
        .order_by("id")
        .values_list("employer__name", flat=True)
        .first()
    )
    return general or run.employer.name


def message_of(order: PayOrder, now: dt.datetime) -> messages.PayOrder:
    """The order as every format writes it, with cards in the clear: for the bank and nobody else."""
    month = Month.parse(order.run.month)
    lines = tuple(
        messages.PayOrderLine(
            sequence=row.sequence,
            reference=row.reference,
            name=row.payee_name,
            card=_clear(row.bank_card),
            id_number=_clear(row.run_line.worker.id_number),
            amount_fen=row.amount_fen,
            purpose=f"{month.number}月工资",
        )
        for row in order.lines.select_related("run_line__worker").order_by("sequence")
    )
    return messages.PayOrder(
        reference=order.reference,
        project_code=order.run.project.code,
        month=order.run.month,
        payer_account=_clear(order.account_number),
        payer_name=order.payer_name,
        created_at=timezone.localtime(now),
        lines=lines,
    )


def _clear(sealed: object) -> str:
    return sealed.open() if isinstance(sealed, Sealed) else ""


def bank_file(order: PayOrder, now: dt.datetime) -> tuple[str, bytes]:
    """Name and content of the order's file; a format that wants several files has them in one ZIP."""
    try:
        written = agreed_format(order.bank, order.format).write_files(message_of(order, now))
    except messages.FormatRefused as refusal:
        raise Refused(f"代发文件没有生成：{refusal}") from None
    if len(written) == 1:
        return written[0].filename, written[0].data
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in written:
            archive.writestr(zipfile.ZipInfo(one.filename, _ZIP_DAY), one.data)
    return f"{order.reference}.zip", packed.getvalue()


def send_order(order: PayOrder, *, actor: Actor, now: dt.datetime) -> PayOrder:
    """The file has been handed to the bank; from now on only the bank's answer changes its lines."""
    with transaction.atomic():
        run = steps.locked_in(order.run, (_State.APPROVED, _State.SENT), "报银行")
        found = _prepared(order)
        found.state, found.sent_at, found.sent_by_name = PayOrder.State.SENT, now, actor.name
        found.save(update_fields=["state", "sent_at", "sent_by_name"])
        steps.move(run, _State.SENT)
        steps.trace(
            run,
            _Action.SENT,
            actor=actor,
            now=now,
            summary="报送银行",
            note=f"{found.reference}，{found.lines_count}笔，{sentence_yuan(found.total_fen)}",
            after={"order": found.reference, "sha256": found.file.sha256 if found.file else ""},
            basis=_THROUGH_ACCOUNT,
        )
    return found


def cancel_order(order: PayOrder, *, actor: Actor, now: dt.datetime) -> PayOrder:
    """Give up an order that has not been handed to the bank; its lines are payable again."""
    with transaction.atomic():
        run = steps.locked(order.run)
        found = _prepared(order)
        found.state = PayOrder.State.CANCELLED
        found.save(update_fields=["state"])
        found.lines.update(state=_Paying.CANCELLED)
        steps.trace(run, _Action.CANCELLED, actor=actor, now=now, summary="撤销代发单", note=found.reference)
    return found


def _prepared(order: PayOrder) -> PayOrder:
    found = PayOrder.objects.select_for_update(of=("self",)).select_related("file").get(pk=order.pk)
    if found.state != PayOrder.State.PREPARED:
        raise Refused(f"代发单{found.reference}现在是“{found.get_state_display()}”，请刷新后再看。")
    return found


def mend_line(
    line: RunLine,
    *,
    actor: Actor,
    now: dt.datetime,
    bank_card: str = "",
    payee_name: str = "",
) -> RunLine:
    """After a return: another card of the worker, or the name as the bank has it. The amount stays.

    The name must be the worker's own in another writing (spaces, the middle point): wages go to the person. What is
    promised takes the new card, so that the bank's receipt fits it. Raises :class:`Refused`.
    """
    number = clean_identifier(bank_card)
    if number and (problem := bank_card_problem(number)):
        raise Refused(problem, field="bank_card")
    name = payee_name.strip()
    with transaction.atomic():
        run = steps.locked_in(line.run, (_State.APPROVED, _State.SENT), "更正收款信息")
        found = run.lines.select_related("worker").get(pk=line.pk)
        if found.order_lines.filter(state__in=[_Paying.OPEN, _Paying.PAID]).exists():
            raise Refused(f"{mask_name(found.name)}的工资银行正在办理或已经到账，现在不能更正收款信息。")
        if name and plain_name(name) != plain_name(found.worker.name):
            raise Refused(
                f"收款人只能是本人（实名制登记为“{mask_name(found.worker.name)}”）；登记的姓名有误的，请先更正花名册。",
                field="payee_name",
            )
        changed = _mended(found, number, name)
        if not changed:
            return found
        found.save(update_fields=["bank_card", "card_hash", "name"])
        promise(run, [found], actor=actor, now=now)
        note = f"{mask_name(found.name)}：{changed}"
        steps.trace(run, _Action.MENDED, actor=actor, now=now, summary="更正收款信息", note=note)
    return found


def _mended(line: RunLine, number: str, name: str) -> str:
    """Set what is new; what changed, in words."""
    changed = []
    if number and finding_hash("card", number) != line.card_hash:
        line.bank_card, line.card_hash = Sealed.of(number), finding_hash("card", number)
        changed.append(f"银行卡改为{mask_card(number)}")
    if name and name != line.name:
        line.name = name[:60]
        changed.append("户名按银行登记的写法更正")
    return "，".join(changed)
