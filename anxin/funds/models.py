"""Special accounts, labour-cost disbursements, wage deposits, bank receipts and what they pay."""

from __future__ import annotations

from django.db import models

from anxin.evidence.models import Recorded
from anxin.evidence.sealing import SealedField
from anxin.funds.models_accounts import (
    AccountAgreement,
    AccountBalance,
    AccountEntry,
    AccountEvent,
    AccountQuery,
    ProgressAmount,
)
from anxin.funds.models_deposits import DepositAssessment, DepositEvent, PaymentGuarantee
from anxin.payroll.models import PayrollLine
from anxin.registry.models import Organisation, Project

__all__ = [
    "AccountAgreement",
    "AccountBalance",
    "AccountEntry",
    "AccountEvent",
    "AccountQuery",
    "BankReceipt",
    "DepositAssessment",
    "DepositEvent",
    "Disbursement",
    "LabourCostTerm",
    "PaymentGuarantee",
    "ProgressAmount",
    "ReceiptMatch",
    "SpecialAccount",
    "WageDeposit",
]


class SpecialAccount(Recorded):
    """The project's account for workers' wages (农民工工资专用账户).

    A corrected record replaces the row; what hangs on the account hangs on the first row of its line
    (``original``), so that a correction moves nothing and what was known before stays as it was.
    """

    original = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="later")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="special_accounts")
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    number = SealedField(null=True)
    number_hash = models.CharField(max_length=64, blank=True)
    #: in whose name it is held (户名)
    name = models.CharField(max_length=200, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [
            # which account does this statement or call speak of?
            models.Index(fields=["number_hash"], name="account_number"),
        ]

    @property
    def line_id(self) -> int:
        """Key of the first row of this account: what entries, balances and steps hang on."""
        return self.original_id or self.pk


class LabourCostTerm(Recorded):
    """What owner and general contractor agreed: how often and how much labour cost is disbursed."""

    class ShareOf(models.TextChoices):
        PROGRESS = "progress", "当期工程进度款"
        CONTRACT = "contract", "施工合同总价"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="labour_cost_terms")
    #: months from one disbursement to the next (at most 1: 保障农民工工资支付条例 art. 24)
    cycle_months = models.PositiveSmallIntegerField(default=1)
    due_day = models.PositiveSmallIntegerField()
    monthly_fen = models.BigIntegerField(null=True)
    #: the agreed share in hundredths of a percent, and of what
    share_bp = models.PositiveIntegerField(null=True)
    share_of = models.CharField(max_length=10, choices=ShareOf.choices, blank=True)
    first_month = models.CharField(max_length=7)

    @property
    def share_words(self) -> str:
        """The agreed share as people write it; empty where none was agreed."""
        return f"{self.share_bp / 100:g}%" if self.share_bp is not None else ""


class Disbursement(Recorded):
    """Labour cost that reached the special account for a period."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="disbursements")
    month = models.CharField(max_length=7)
    due_fen = models.BigIntegerField(null=True)
    paid_fen = models.BigIntegerField()
    paid_on = models.DateField()
    #: the booking on the account that proves it
    entry = models.ForeignKey(AccountEntry, on_delete=models.PROTECT, null=True, related_name="disbursements")


class WageDeposit(Recorded):
    """Cash deposit, letter of guarantee or surety insurance (工资保证金).

    Corrections and renewals replace the row; its events hang on the first row (``original``).
    """

    class Kind(models.TextChoices):
        CASH = "cash", "现金"
        GUARANTEE = "guarantee", "银行保函"
        INSURANCE = "insurance", "保证保险"
        GUARANTOR = "guarantor", "担保公司保函"

    original = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="later")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="wage_deposits")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    institution = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    number = models.CharField(max_length=60, blank=True)
    amount_fen = models.BigIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    released_on = models.DateField(null=True)

    @property
    def line_id(self) -> int:
        """Key of the first row of this deposit: what its events hang on."""
        return self.original_id or self.pk


class BankReceipt(Recorded):
    """One row of the bank's pay results."""

    class Outcome(models.TextChoices):
        PAID = "paid", "成功"
        RETURNED = "returned", "退回"
        #: an entry of its own that takes an earlier payment back
        REVERSAL = "reversal", "冲正"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="receipts")
    month = models.CharField(max_length=7, blank=True)
    payee_name = models.CharField(max_length=60)
    bank_card = SealedField(null=True)
    card_hash = models.CharField(max_length=64, blank=True)
    id_hash = models.CharField(max_length=64, blank=True)
    amount_fen = models.BigIntegerField()
    paid_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    #: the bank's reference, else the row's content and its count within the file: the same row twice is one receipt
    natural_key = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["project", "paid_on"], name="receipt_project_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "natural_key"],
                condition=models.Q(superseded_at__isnull=True),
                name="receipt_current_once",
            )
        ]


class ReceiptMatch(models.Model):
    """So many fen of a receipt pay this payroll line. A proposal counts only after a person's yes."""

    class State(models.TextChoices):
        EXACT = "exact", "自动匹配"
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "人工确认"
        DENIED = "denied", "人工否认"

    receipt = models.ForeignKey(BankReceipt, on_delete=models.CASCADE, related_name="matches")
    # Lines lie in pieces by month, whose key is not the line's number alone: the database cannot hold this reference.
    line = models.ForeignKey(
        PayrollLine, on_delete=models.CASCADE, related_name="matches", db_constraint=False
    )
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receipt", "line"],
                condition=models.Q(ended_at__isnull=True),
                name="match_current_once",
            )
        ]
