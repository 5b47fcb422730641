"""Who decides: arbitrators and secretaries of a commission, and the tribunal of a case with everybody who ever sat on it.

Labour arbitration law, articles 19 and 31 to 33; case rules, article 11.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.accounts.models import User
from anxin.arbitration.models import ArbitrationCase
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Organisation, Region


class Arbitrator(models.Model):
    """Somebody of a commission's roster: an arbitrator, or a secretary who keeps the record."""

    class Kind(models.TextChoices):
        ARBITRATOR = "arbitrator", "仲裁员"
        SECRETARY = "secretary", "书记员"

    code = models.CharField("编号", max_length=30, unique=True)
    name = models.CharField("姓名", max_length=40)
    kind = models.CharField("身份", max_length=10, choices=Kind.choices, default=Kind.ARBITRATOR)
    #: the body that runs the commission
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="arbitrators")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: the account they sign in with, where they have one
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="arbitrator")
    full_time = models.BooleanField("专职", default=True)
    #: credit code of the firm a part-time arbitrator works for: never sits in a case against it
    works_for = models.CharField("所在单位信用代码", max_length=18, blank=True)
    #: a code goes there when a record is signed by telephone
    phone = SealedField(null=True)
    left_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            # the roster of a region's subtree
            models.Index(fields=["region", "kind", "id"], name="arbitrator_place"),
        ]

    def __str__(self) -> str:
        return self.name


class Tribunal(models.Model):
    """How a case is decided: by three, or by one where the case is simple (labour arbitration law, article 31)."""

    class Form(models.TextChoices):
        THREE = "three", "三名仲裁员组成仲裁庭"
        SOLE = "sole", "一名仲裁员独任仲裁"

    case = models.OneToOneField(ArbitrationCase, on_delete=models.CASCADE, related_name="tribunal")
    form = models.CharField("组庭形式", max_length=5, choices=Form.choices)
    proposed_by = models.CharField("由谁提出", max_length=60)
    formed_on = models.DateField("组成日期")
    formed_by_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.get_form_display()


class Seat(models.Model):
    """One person's place on a tribunal. Who withdraws keeps the row with the reason; who follows has a new one."""

    class Part(models.TextChoices):
        PRESIDING = "presiding", "首席仲裁员"
        MEMBER = "member", "仲裁员"
        SOLE = "sole", "独任仲裁员"
        SECRETARY = "secretary", "书记员"

    class Left(models.TextChoices):
        SELF = "self", "自行回避"
        CHALLENGED = "challenged", "当事人申请回避"
        OTHER = "other", "不能履职"

    tribunal = models.ForeignKey(Tribunal, on_delete=models.CASCADE, related_name="seats", db_index=False)
    arbitrator = models.ForeignKey(Arbitrator, on_delete=models.PROTECT, related_name="seats")
    part = models.CharField(max_length=10, choices=Part.choices)
    from_on = models.DateField()
    left_on = models.DateField(null=True)
    left_kind = models.CharField(max_length=10, choices=Left.choices, blank=True)
    left_why = models.CharField(max_length=500, blank=True)
    #: when a party asked for it, and who of the commission decided
    asked_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            # nobody comes back to a case that they left, and nobody sits twice
            models.UniqueConstraint(fields=["tribunal", "arbitrator"], name="arbitration_seat_once"),
            models.UniqueConstraint(
                fields=["tribunal", "part"],
                condition=Q(left_on__isnull=True, part__in=["presiding", "sole", "secretary"]),
                name="arbitration_seat_one_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | ~Q(left_kind=""), name="arbitration_seat_left_says_why"
            ),
        ]
        indexes = [
            # the cases that somebody has now
            models.Index(fields=["arbitrator", "left_on"], name="arbitration_seat_of"),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}{self.arbitrator}"
