"""A mediation: its parties, the levels it went through, sessions, the agreement, and its money to the last instalment."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anxin.casework.models import Document, Matter
from anxin.clues.models import Claimant, Clue
from anxin.evidence.sealing import SealedField
from anxin.mediation.models import Level, MediationBody, Mediator
from anxin.referral.models import Recovered
from anxin.referral.models_money import PROVED, ProvedPayment
from anxin.registry.models import Employer, Region


class MediationCase(models.Model):
    """One mediation. Its steps and statutory clocks are those of its matter (procedure ``mediation``)."""

    class Origin(models.TextChoices):
        CLUE = "clue", "线索转来"
        COUNTER = "counter", "当面申请"

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="mediation")
    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, null=True, related_name="mediations")
    origin = models.CharField("来源", max_length=8, choices=Origin.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: village or community, where the region's tree ends at the town
    place = models.CharField("村（社区）", max_length=60, blank=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="mediations")
    employer_name = models.CharField("用人单位", max_length=120)
    employer_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    employer_address = models.CharField("单位住所", max_length=200, blank=True)
    employer_head = models.CharField("法定代表人或负责人", max_length=60, blank=True)
    employer_phone = models.CharField("单位电话", max_length=40, blank=True)
    oral = models.BooleanField("口头申请", default=False)
    claims = models.CharField("调解请求", max_length=500)
    facts = models.CharField("事实和理由", max_length=1000)
    skill = models.CharField("争议类型", max_length=20, blank=True)
    language = models.CharField("需要的语言或方言", max_length=20, blank=True)
    applied_on = models.DateField("申请日期")
    people = models.PositiveIntegerField("人数")
    claimed_fen = models.BigIntegerField("请求金额（分）")
    # the stage that runs now, for lists; null: nobody has been given it yet
    level = models.CharField("层级", max_length=10, choices=Level.choices, blank=True)
    body = models.ForeignKey(MediationBody, on_delete=models.PROTECT, null=True, related_name="+")
    mediator = models.ForeignKey(Mediator, on_delete=models.PROTECT, null=True, related_name="cases")
    stage_due_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            # the list of a region's subtree, the latest first
            models.Index(fields=["region", "-id"], name="mediation_case_region"),
            # whose time at a level is out, for the day's run
            models.Index(fields=["stage_due_on"], name="mediation_case_stage_due"),
        ]
        constraints = [
            # a clue is mediated once: asked for again, the same case is shown
            models.UniqueConstraint(
                fields=["clue"], condition=Q(clue__isnull=False), name="mediation_clue_once"
            ),
            models.CheckConstraint(
                condition=Q(people__gt=0, claimed_fen__gte=0), name="mediation_has_people"
            ),
        ]

    def __str__(self) -> str:
        return self.matter.number


class Party(models.Model):
    """One worker of a case. Who they are is sealed."""

    case = models.ForeignKey(MediationCase, on_delete=models.CASCADE, related_name="parties")
    number = models.PositiveIntegerField()
    claimant = models.ForeignKey(Claimant, on_delete=models.PROTECT, null=True, related_name="+")
    name = SealedField()
    id_number = SealedField(null=True)
    #: keyed hash of the identity number, empty where none was said: on whose page the notice of the end stands
    id_hash = models.CharField(max_length=64, blank=True)
    phone = SealedField(null=True)
    address = SealedField(null=True)
    claimed_fen = models.BigIntegerField("请求金额（分）")

    class Meta:
        indexes = [
            # a worker's own cases
            models.Index(fields=["id_hash"], condition=~Q(id_hash=""), name="mediation_party_own"),
        ]
        constraints = [
            # also pages the parties of a case
            models.UniqueConstraint(fields=["case", "number"], name="mediation_party_number"),
            models.CheckConstraint(condition=Q(claimed_fen__gte=0), name="mediation_party_claims"),
        ]

    def __str__(self) -> str:
        return f"{self.number}号"


class Stage(models.Model):
    """The time a case spent at one level with one organisation."""

    class Outcome(models.TextChoices):
        RUNNING = "running", "调解中"
        CLIMBED = "climbed", "到期转上一级"
        HANDED = "handed", "改派"
        AGREED = "agreed", "达成协议"
        FAILED = "failed", "调解不成"

    case = models.ForeignKey(MediationCase, on_delete=models.CASCADE, related_name="stages")
    level = models.CharField(max_length=10, choices=Level.choices)
    body = models.ForeignKey(MediationBody, on_delete=models.PROTECT, related_name="stages")
    mediator = models.ForeignKey(Mediator, on_delete=models.PROTECT, null=True, related_name="stages")
    started_on = models.DateField()
    due_on = models.DateField(null=True)
    #: the provision the days come from, or why they could not be worked out
    basis = models.CharField(max_length=500, blank=True)
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.RUNNING)
    #: why this organisation and mediator: sentences
    reasons = models.JSONField(default=list)
    #: why somebody chose another than the one proposed
    changed_why = models.CharField(max_length=200, blank=True)
    #: the highest level's time is out and somebody was told so
    expired_on = models.DateField(null=True)

    class Meta:
        indexes = [
            # a mediator's load and results
            models.Index(fields=["mediator", "ended_on"], name="mediation_stage_mediator"),
            # an organisation's load and results
            models.Index(fields=["body", "ended_on"], name="mediation_stage_body"),
        ]
        constraints = [
            # a case is at one level at a time; also finds it
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_on__isnull=True), name="mediation_stage_runs_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="mediation_stage_ends_after",
            ),
        ]


class Session(models.Model):
    """One meeting of both sides: appointed, then held with its record, or not held with why."""

    class State(models.TextChoices):
        APPOINTED = "appointed", "已约定"
        HELD = "held", "已调解"
        MISSED = "missed", "没有到场"
        CANCELLED = "cancelled", "已取消"

    case = models.ForeignKey(MediationCase, on_delete=models.CASCADE, related_name="sessions")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="sessions")
    at = models.DateTimeField("时间")
    online = models.BooleanField("线上", default=False)
    place = models.CharField("地点或会议号", max_length=120)
    state = models.CharField(max_length=9, choices=State.choices, default=State.APPOINTED)
    appointed_by_name = models.CharField(max_length=80)
    # the record; what people said may name them
    present = SealedField(null=True)
    worker_said = SealedField(null=True)
    employer_said = SealedField(null=True)
    result = models.CharField("结果", max_length=500, blank=True)
    recorded_by_name = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField(null=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            # what is appointed for the coming days
            models.Index(fields=["state", "at"], name="mediation_session_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="held") | Q(worker_said__isnull=False, employer_said__isnull=False),
                name="mediation_session_heard_both",
            ),
            # the same hour twice is a slip
            models.UniqueConstraint(
                fields=["case", "at"], condition=Q(state="appointed"), name="mediation_session_once"
            ),
        ]


class Agreement(models.Model):
    """What both sides agreed to. It holds from the day on which everybody has confirmed it."""

    case = models.ForeignKey(MediationCase, on_delete=models.PROTECT, related_name="agreements")
    drafted_on = models.DateField()
    by_name = models.CharField(max_length=80)
    facts = models.CharField("争议事实", max_length=1000)
    other = models.CharField("其他约定", max_length=500, blank=True)
    manner = models.CharField("付款方式", max_length=60)
    employer_confirmed_on = models.DateField(null=True)
    employer_confirmed_how = models.CharField(max_length=200, blank=True)
    #: everybody has confirmed: the day from which the law counts
    effective_on = models.DateField(null=True)
    #: taken back before it took effect
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            # one agreement holds at a time; also finds it
            models.UniqueConstraint(
                fields=["case"], condition=Q(withdrawn_at__isnull=True), name="mediation_agreement_once"
            ),
            models.CheckConstraint(
                condition=Q(effective_on__isnull=True) | Q(withdrawn_at__isnull=True),
                name="mediation_effective_stands",
            ),
        ]


class Share(models.Model):
    """What the agreement gives one worker, their confirmation, and their copy of it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="shares")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="shares")
    total_fen = models.BigIntegerField()
    confirmed_on = models.DateField(null=True)
    confirmed_how = models.CharField(max_length=200, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="mediation_share_once"),
            models.CheckConstraint(condition=Q(total_fen__gt=0), name="mediation_share_is_something"),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True) | ~Q(confirmed_how=""),
                name="mediation_share_says_how",
            ),
        ]


class Instalment(models.Model):
    """One payment promised to one worker. Whether it is overdue is asked with a day, never stored."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount_fen = models.BigIntegerField()
    #: the sum of its payments that stand; kept in the same transaction as they are
    paid_fen = models.BigIntegerField(default=0)
    paid_on = models.DateField(null=True)
    # the day's run has told people: once each
    reminded_on = models.DateField(null=True)
    overdue_seen_on = models.DateField(null=True)

    class Meta:
        indexes = [
            # what falls due or is overdue, over all cases
            models.Index(fields=["paid_on", "due_on"], name="mediation_instalment_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["share", "number"], name="mediation_instalment_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, paid_fen__gte=0, paid_fen__lte=F("amount_fen")),
                name="mediation_instalment_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True) | Q(paid_fen=F("amount_fen")),
                name="mediation_instalment_paid_whole",
            ),
        ]


class Payment(ProvedPayment):
    """Money of one instalment that arrived."""

    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="payments")
    #: the same money counted for the clue
    recovered = models.ForeignKey(
        Recovered, on_delete=models.PROTECT, null=True, related_name="mediation_payments"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="mediation_payment_is_something"),
            models.CheckConstraint(condition=PROVED, name="mediation_payment_is_proved"),
            # the same money of the same instalment and day once
            models.UniqueConstraint(
                fields=["instalment", "paid_on", "amount_fen"],
                condition=Q(withdrawn_at__isnull=True),
                name="mediation_payment_once",
            ),
            models.UniqueConstraint(
                fields=["receipt"],
                condition=Q(receipt__isnull=False, withdrawn_at__isnull=True),
                name="mediation_receipt_once",
            ),
        ]


class Handoff(models.Model):
    """The way on after the agreement was not kept (or to secure it): the matter, and what each was still owed."""

    class Route(models.TextChoices):
        CONFIRMATION = "confirmation", "司法确认"
        PAYMENT_ORDER = "payment_order", "支付令"
        ARBITRATION = "arbitration", "仲裁"

    case = models.ForeignKey(MediationCase, on_delete=models.PROTECT, related_name="handoffs")
    route = models.CharField(max_length=14, choices=Route.choices)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="mediation_handoffs")
    owed_fen = models.BigIntegerField()
    #: ``{party's number: fen still owed on that day}``
    owed = models.JSONField()
    opened_on = models.DateField()
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "route"], name="mediation_handoff_once"),
        ]


class PartyTold(models.Model):
    """Something that the parties must be told; whoever tells them says how. One row an occasion and side."""

    class Side(models.TextChoices):
        WORKERS = "workers", "劳动者"
        EMPLOYER = "employer", "用人单位"

    case = models.ForeignKey(MediationCase, on_delete=models.CASCADE, related_name="tellings")
    side = models.CharField(max_length=8, choices=Side.choices)
    occasion = models.CharField(max_length=60)
    text = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_how = models.CharField(max_length=200, blank=True)
    told_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            # what still has to be told
            models.Index(fields=["told_at", "case"], name="mediation_told_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "side", "occasion"], name="mediation_told_once"),
        ]
