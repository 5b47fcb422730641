"""What is claimed item by item, what the tribunal finds of each, the awards made of it, and what comes after them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anxin.arbitration.models import Applicant, ArbitrationCase
from anxin.casework.models import Matter


class Item(models.TextChoices):
    """Kinds of claims as 劳动争议调解仲裁法第四十七条 and 办案规则第五十条 tell them apart."""

    WAGE = "wage", "工资"
    OVERTIME = "overtime", "加班工资"
    INJURY = "injury", "工伤医疗费"
    SEVERANCE = "severance", "经济补偿"
    DAMAGES = "damages", "赔偿金"
    DOUBLE = "double", "未签书面合同的第二倍工资"
    STANDARDS = "standards", "工时、休息休假、社会保险"
    OTHER = "other", "其他请求"


class Claim(models.Model):
    """One line of what an applicant asks for. Money in fen; ``owed_fen`` is what is due less what was paid."""

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="claims")
    item = models.CharField("项目", max_length=10, choices=Item.choices)
    #: ``2026-01``; empty where the claim is about no single month
    month = models.CharField("月份", max_length=7, blank=True)
    days = models.DecimalField("天数", max_digits=5, decimal_places=1, null=True)
    rate_fen = models.BigIntegerField("日工资（分）", null=True)
    due_fen = models.BigIntegerField("应付（分）")
    paid_fen = models.BigIntegerField("已付（分）", default=0)
    owed_fen = models.BigIntegerField("请求（分）")
    #: where each figure comes from, in a sentence
    source = models.CharField("数字来源", max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            # the same item of the same month is claimed once
            models.UniqueConstraint(fields=["applicant", "item", "month"], name="arbitration_claim_once"),
            models.CheckConstraint(
                condition=Q(
                    due_fen__gt=0, paid_fen__gte=0, owed_fen__gt=0, owed_fen=F("due_fen") - F("paid_fen")
                ),
                name="arbitration_claim_adds_up",
            ),
        ]


class Award(models.Model):
    """One award paper, decided and never changed: what is wrong in its words is corrected beside it."""

    class Finality(models.TextChoices):
        FINAL = "final", "终局裁决"
        OPEN = "open", "非终局裁决"

    case = models.ForeignKey(ArbitrationCase, on_delete=models.PROTECT, related_name="awards")
    number = models.PositiveSmallIntegerField()
    finality = models.CharField(max_length=5, choices=Finality.choices)
    #: 先行裁决 (劳动争议调解仲裁法第四十三条第二款): something was left to be decided
    part = models.BooleanField("先行裁决", default=False)
    decided_on = models.DateField("裁决日期")
    pay_within = models.PositiveSmallIntegerField("履行期限（日）")
    minimum_fen = models.BigIntegerField("当地月最低工资（分）")
    ceiling_fen = models.BigIntegerField("终局金额线（分）")
    #: where the minimum wage is written
    minimum_source = models.CharField(max_length=300)
    #: as worked out: ``[{applicant, item, name, before, fen, final, why}]``
    working = models.JSONField(default=list)
    #: the matter of the remedies and the execution, once begun
    after = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            # also lists the awards of a case
            models.UniqueConstraint(fields=["case", "number"], name="arbitration_award_number"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}份裁决"


class Finding(models.Model):
    """What the tribunal finds of one claim; fixed once an award is made of it."""

    class Support(models.TextChoices):
        WHOLE = "whole", "支持"
        PART = "part", "部分支持"
        NONE = "none", "不支持"

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="finding")
    due_fen = models.BigIntegerField("认定应付（分）")
    paid_fen = models.BigIntegerField("认定已付（分）")
    owed_fen = models.BigIntegerField("裁决支付（分）")
    support = models.CharField(max_length=5, choices=Support.choices)
    reason = models.CharField("理由", max_length=500, blank=True)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, null=True, related_name="findings")
    by_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_fen__gte=0, paid_fen__gte=0, owed_fen__gte=0), name="arbitration_finding_sums"
            ),
        ]


class Correction(models.Model):
    """补正 of clerical errors in an award (办案规则第五十四条): where, what is written, what it should say."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="corrections")
    place = models.CharField("位置", max_length=60)
    before = models.CharField("原文", max_length=300)
    after = models.CharField("补正为", max_length=300)
    on = models.DateField("补正日期")
    by_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "place", "before"], name="arbitration_correction_once"),
        ]


class Received(models.Model):
    """The day on which a party received an award: remedies count from it (劳动争议调解仲裁法第四十八条至第五十条).

    Each applicant has a day of their own; ``applicant`` is empty for the employer and where one day was written for all workers.
    """

    class Side(models.TextChoices):
        WORKER = "worker", "劳动者"
        EMPLOYER = "employer", "用人单位"

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="received")
    side = models.CharField(max_length=8, choices=Side.choices)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField("收到日期")
    how = models.CharField("怎样收到的", max_length=200)
    by_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["award", "side"],
                condition=Q(applicant__isnull=True),
                name="arbitration_received_once",
            ),
            models.UniqueConstraint(
                fields=["award", "applicant"],
                condition=Q(applicant__isnull=False),
                name="arbitration_received_by_one",
            ),
            models.CheckConstraint(
                condition=Q(applicant__isnull=True) | Q(side="worker"), name="arbitration_received_by_worker"
            ),
        ]


class Consent(models.Model):
    """What representatives want to do and may only with the consent of those they represent (办案规则第六十三条)."""

    class What(models.TextChoices):
        CHANGE = "change", "变更请求"
        GIVE_UP = "give_up", "放弃请求"
        ADMIT = "admit", "承认对方的请求"
        SETTLE = "settle", "和解"

    case = models.ForeignKey(ArbitrationCase, on_delete=models.CASCADE, related_name="consents")
    what = models.CharField(max_length=8, choices=What.choices)
    words = models.CharField("内容", max_length=500)
    asked_on = models.DateField()
    by_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()


class ConsentAnswer(models.Model):
    """What one represented applicant says to it; said once."""

    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="answers")
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="+")
    agrees = models.BooleanField()
    on = models.DateField()
    how = models.CharField("怎样表示的", max_length=200)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consent", "applicant"], name="arbitration_consent_once"),
        ]
