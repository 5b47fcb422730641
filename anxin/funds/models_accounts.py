"""What happens on a special account: its agreement, its steps, the bank's entries and balances, queries."""

from __future__ import annotations

from django.db import models

from anxin.evidence.models import Recorded
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Employer, Organisation, Project


class AccountAgreement(Recorded):
    """The agreement of owner, general contractor and bank on the account (三方资金管理协议)."""

    account = models.ForeignKey("funds.SpecialAccount", on_delete=models.CASCADE, related_name="agreements")
    signed_on = models.DateField()
    #: the construction contract's day, from which the days for opening the account run
    contract_on = models.DateField(null=True)
    number = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="+")
    contractor = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="+")
    #: how often and how much labour cost is disbursed, as this agreement says
    term = models.ForeignKey("funds.LabourCostTerm", on_delete=models.PROTECT, null=True, related_name="+")


class AccountEvent(Recorded):
    """One step in the life of an account after it was opened."""

    class Kind(models.TextChoices):
        FILED = "filed", "备案"
        NOTICE = "notice", "撤户公示"
        CHALLENGED = "challenged", "公示期间有人反映欠薪"
        REFUSED = "refused", "不准撤户"
        CLOSED = "closed", "销户"

    account = models.ForeignKey("funds.SpecialAccount", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    on = models.DateField()
    number = models.CharField(max_length=80, blank=True)
    #: the body with which it was filed, or which decided
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)


class AccountEntry(Recorded):
    """One booking on the account as the bank's statement says. Never changed: a wrong one is reversed."""

    class Direction(models.TextChoices):
        IN = "in", "入账"
        OUT = "out", "出账"

    class Kind(models.TextChoices):
        LABOUR_COST = "labour_cost", "人工费用拨付"
        WAGES = "wages", "发放工资"
        RETURNED = "returned", "工资退回"
        FEE = "fee", "银行费用"
        INTEREST = "interest", "利息"
        OTHER = "other", "其他"

    account = models.ForeignKey("funds.SpecialAccount", on_delete=models.CASCADE, related_name="entries")
    booked_on = models.DateField()
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount_fen = models.BigIntegerField()
    counterparty = models.CharField(max_length=120, blank=True)
    counterparty_account = SealedField(null=True)
    #: comparable with ``BankReceipt.card_hash`` and ``PayrollLine.card_hash``
    counterparty_hash = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    #: the wage month or disbursement period it is for, where the bank or its text says so
    month = models.CharField(max_length=7, blank=True)
    #: this booking takes back another one, of this reference; ``reverses`` is that one once it is found
    is_reversal = models.BooleanField(default=False)
    takes_back = models.CharField(max_length=80, blank=True)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversals")
    #: where it came from: a statement's name, an interface, a person's hand
    source = models.CharField(max_length=120, blank=True)
    #: the bank's own number of the booking, else its content and count within the statement
    natural_key = models.CharField(max_length=64)

    class Meta:
        indexes = [
            # the entries of an account, newest first, by key
            models.Index(fields=["account", "-booked_on", "-id"], name="entry_account_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "natural_key"],
                condition=models.Q(superseded_at__isnull=True),
                name="entry_current_once",
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="entry_amount_positive"),
        ]


class AccountBalance(Recorded):
    """What the bank says stood on the account at the end of a day."""

    account = models.ForeignKey("funds.SpecialAccount", on_delete=models.CASCADE, related_name="balances")
    on = models.DateField()
    balance_fen = models.BigIntegerField()
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "on"],
                condition=models.Q(superseded_at__isnull=True),
                name="balance_current_once",
            )
        ]


class ProgressAmount(Recorded):
    """The project money agreed for a month's progress: what a share of labour cost is counted from."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="progress_amounts")
    month = models.CharField(max_length=7)
    amount_fen = models.BigIntegerField()
    settled_on = models.DateField(null=True)


class AccountQuery(models.Model):
    """A look into an account for a case: asked by an officer, approved by a head, answered by the bank."""

    class State(models.TextChoices):
        ASKED = "asked", "待批准"
        APPROVED = "approved", "待银行反馈"
        REJECTED = "rejected", "不批准"
        ANSWERED = "answered", "已反馈"

    account = models.ForeignKey("funds.SpecialAccount", on_delete=models.CASCADE, related_name="queries")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    purpose = models.CharField(max_length=300)
    #: the case for which the answer may be used, and only for it
    case_number = models.CharField(max_length=60)
    first_day = models.DateField()
    last_day = models.DateField()
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)
    answered_by_name = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    answer_balance_fen = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            # the queries that wait for somebody, oldest first
            models.Index(fields=["state", "id"], name="query_state"),
        ]
