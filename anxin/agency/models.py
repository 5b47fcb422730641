"""Payroll runs, what workers said to them, and the orders that a bank was given."""

from __future__ import annotations

from django.db import models

from anxin.evidence.models import StoredFile
from anxin.evidence.sealing import SealedField
from anxin.payroll.models import PayrollLine
from anxin.registry.models import Employer, Organisation, Project
from anxin.workforce.models import Worker


class PayrollRun(models.Model):
    """One employer's payroll of one project's month (or of one team), from attendance to the last payment."""

    class State(models.TextChoices):
        DRAFT = "draft", "编制中"
        WITH_WORKERS = "with_workers", "工人确认中"
        SUBMITTED = "submitted", "待总包审核"
        RETURNED = "returned", "已退回修改"
        APPROVED = "approved", "已审核，待报银行"
        SENT = "sent", "已报银行"
        SETTLED = "settled", "已全部发放"
        WITHDRAWN = "withdrawn", "已作废"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="payroll_runs")
    month = models.CharField(max_length=7)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="payroll_runs")
    #: empty: all teams of the employer
    team = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    drafted_at = models.DateTimeField()
    drafted_by_name = models.CharField(max_length=80)
    #: why the general contractor gave it back, while it is being mended
    return_reason = models.CharField(max_length=500, blank=True)
    #: what the clerk says about workers who did not answer, when the run is submitted
    unanswered_note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            # the runs of a project, newest month first
            models.Index(fields=["project", "-month", "-id"], name="run_project_month"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "month", "employer", "team"],
                condition=~models.Q(state="withdrawn"),
                name="run_once",
            )
        ]


class RunStep(models.Model):
    """Who did what to a run, and when. Never changed; who drafted may not approve is read from here."""

    class Action(models.TextChoices):
        DRAFTED = "drafted", "编制"
        EDITED = "edited", "修改"
        REBUILT = "rebuilt", "按考勤重新编制"
        OPENED = "opened", "交工人确认"
        SUBMITTED = "submitted", "报总包审核"
        RETURNED = "returned", "退回"
        APPROVED = "approved", "审核通过"
        ORDERED = "ordered", "生成代发单"
        CANCELLED = "cancelled", "撤销代发单"
        SENT = "sent", "报送银行"
        RESULTS = "results", "收到银行结果"
        MENDED = "mended", "更正收款信息"
        SETTLED = "settled", "全部发放"
        WITHDRAWN = "withdrawn", "作废"

    run = models.ForeignKey(PayrollRun, on_delete=models.CASCADE, related_name="steps")
    action = models.CharField(max_length=12, choices=Action.choices)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    note = models.CharField(max_length=500, blank=True)


class RunLine(models.Model):
    """What one worker is to be paid by a run, and how it came about.

    Its figures may change until the run is approved; ``digest`` says which figures somebody has confirmed.
    """

    class Unit(models.TextChoices):
        DAY = "day", "按日"
        MONTH = "month", "按月"
        HOUR = "hour", "按时"
        PIECE = "piece", "计件"
        FIXED = "fixed", "按约定金额"

    run = models.ForeignKey(PayrollRun, on_delete=models.CASCADE, related_name="lines")
    position = models.IntegerField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="run_lines")
    #: name, team and trade as the roster had them when the line was made
    name = models.CharField(max_length=60)
    team = models.CharField(max_length=60, blank=True)
    trade = models.CharField(max_length=40, blank=True)
    #: what attendance says; never typed
    attended_days = models.DecimalField(max_digits=5, decimal_places=2)
    attended_hours = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    unit = models.CharField(max_length=6, choices=Unit.choices)
    #: as the roster has it: 300元/天
    agreed_wage = models.CharField(max_length=40, blank=True)
    #: wage per unit; empty where nothing was agreed that can be read
    rate_fen = models.BigIntegerField(null=True)
    #: days, hours or pieces paid for
    quantity = models.DecimalField(max_digits=9, decimal_places=2)
    #: beside what quantity and rate give (overtime, allowance)
    extra_fen = models.BigIntegerField(default=0)
    gross_fen = models.BigIntegerField()
    #: ``[{"kind": …, "fen": …, "note": …}]``
    deductions = models.JSONField(default=list)
    deduction_fen = models.BigIntegerField(default=0)
    net_fen = models.BigIntegerField()
    #: why the figures differ from attendance and agreement
    reason = models.CharField(max_length=200, blank=True)
    bank_card = SealedField(null=True)
    card_hash = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    #: the promise this line became when the run was approved
    # Lines lie in pieces by month, whose key is not the line's number alone: the database cannot hold this reference.
    payroll_line = models.ForeignKey(
        PayrollLine, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )

    class Meta:
        indexes = [
            # one worker's slips over all runs
            models.Index(fields=["worker", "-id"], name="run_line_worker"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "worker"], name="run_line_once"),
            models.CheckConstraint(
                condition=models.Q(net_fen=models.F("gross_fen") - models.F("deduction_fen")),
                name="run_line_adds_up",
            ),
            models.CheckConstraint(condition=models.Q(deduction_fen__gte=0), name="run_line_deduction"),
        ]


class Channel(models.TextChoices):
    """Through what a worker's word came."""

    OWN_PHONE = "own_phone", "本人手机"
    TABLET = "tablet", "工地平板当面"
    PAPER = "paper", "纸质签字"


class Confirmation(models.Model):
    """A worker's yes to the figures of a line. Counts only while the line still says the same."""

    line = models.ForeignKey(RunLine, on_delete=models.CASCADE, related_name="confirmations")
    digest = models.CharField(max_length=64)
    net_fen = models.BigIntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)


class Objection(models.Model):
    """A worker's no: to a whole line, or to one day. Answered by the clerk, and never taken off."""

    class State(models.TextChoices):
        OPEN = "open", "待答复"
        ACCEPTED = "accepted", "已采纳"
        EXPLAINED = "explained", "已说明"

    line = models.ForeignKey(RunLine, on_delete=models.CASCADE, related_name="objections")
    #: empty: the whole line
    day = models.DateField(null=True)
    says = models.CharField(max_length=500, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    #: what the line said when it was contested
    net_fen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            # what waits for an answer, by run
            models.Index(fields=["state", "line"], name="objection_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=models.Q(state="open", day__isnull=True),
                name="objection_line_open_once",
            ),
            models.UniqueConstraint(
                fields=["line", "day"],
                condition=models.Q(state="open", day__isnull=False),
                name="objection_day_open_once",
            ),
        ]


class PayOrder(models.Model):
    """What a bank is asked to pay: all payable lines of a run, or those that came back."""

    class State(models.TextChoices):
        PREPARED = "prepared", "待报送"
        SENT = "sent", "银行办理中"
        PARTLY = "partly", "部分有结果"
        DONE = "done", "全部有结果"
        CANCELLED = "cancelled", "已撤销"

    run = models.ForeignKey(PayrollRun, on_delete=models.CASCADE, related_name="orders")
    #: known to bank and office; a line's reference is this and its number
    reference = models.CharField(max_length=20, unique=True)
    number = models.IntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="pay_orders")
    #: the special account as it stood; an account's record may be replaced meanwhile
    account_number = SealedField(null=True)
    account_hash = models.CharField(max_length=64, blank=True)
    payer_name = models.CharField(max_length=120)
    format = models.CharField(max_length=30, blank=True)
    total_fen = models.BigIntegerField()
    lines_count = models.IntegerField()
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=80)
    sent_at = models.DateTimeField(null=True)
    sent_by_name = models.CharField(max_length=80, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    filename = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            # a bank's orders, newest first
            models.Index(fields=["bank", "-id"], name="order_bank_newest"),
        ]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="order_number_once")]


class PayOrderLine(models.Model):
    """One payee of an order. While it is open or paid, no other order may hold the same line of the run."""

    class State(models.TextChoices):
        OPEN = "open", "银行办理中"
        PAID = "paid", "已到账"
        RETURNED = "returned", "已退回"
        REVERSED = "reversed", "已冲正"
        CANCELLED = "cancelled", "未报送"

    order = models.ForeignKey(PayOrder, on_delete=models.CASCADE, related_name="lines")
    run_line = models.ForeignKey(RunLine, on_delete=models.PROTECT, related_name="order_lines")
    sequence = models.IntegerField()
    reference = models.CharField(max_length=30, unique=True)
    payee_name = models.CharField(max_length=60)
    bank_card = SealedField()
    card_hash = models.CharField(max_length=64)
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    #: why it came back: a key of ``formats.codes.return_codes``
    fault = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    bank_reference = models.CharField(max_length=80, blank=True)
    paid_on = models.DateField(null=True)
    result_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="order_line_once"),
            models.UniqueConstraint(
                fields=["run_line"],
                condition=models.Q(state__in=["open", "paid"]),
                name="paid_once",
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="order_line_positive"),
        ]


class LineResult(models.Model):
    """One answer of the bank about one line, kept once however often it comes."""

    line = models.ForeignKey(PayOrderLine, on_delete=models.CASCADE, related_name="results")
    #: SHA-256 of what the answer says: the same answer again is the same result
    key = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10)
    fault = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    bank_reference = models.CharField(max_length=80, blank=True)
    happened_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    #: a result that contradicts what is known changes nothing and says here why
    conflict = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "key"], name="result_once")]


# Django finds models through this module.
from anxin.agency.models_words import WorkerWord  # noqa: E402, F401
