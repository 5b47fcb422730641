"""Workers, their enrolments on projects, and the days they worked."""

from __future__ import annotations

from django.db import models

from anxin.evidence.models import Recorded, StoredFile
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Employer, Project
from anxin.workforce.models_gates import (
    Device,
    GateAlarm,
    GateVendor,
    IdentityClaim,
    Outage,
    Punch,
    PunchBatch,
    RefusedPunch,
)

__all__ = [
    "AttendanceDay",
    "AttendanceMonth",
    "Device",
    "Enrolment",
    "GateAlarm",
    "GateVendor",
    "IdentityClaim",
    "Outage",
    "Punch",
    "PunchBatch",
    "RefusedPunch",
    "Training",
    "Worker",
]


class Worker(models.Model):
    """A person with a verified-form ID number; one worker over all sites."""

    name = models.CharField(max_length=60)
    id_number = SealedField()
    #: keyed hash of the ID number: the only way to look a person up
    id_hash = models.CharField(max_length=64, unique=True)
    phone = SealedField(null=True)
    #: keyed hash of the phone: tells that two people have one, and looks nobody up
    phone_hash = models.CharField(max_length=64, blank=True, db_default="")
    recorded_at = models.DateTimeField()


class Enrolment(Recorded):
    """One worker on one project for one employer: entry, exit, trade, agreed wage (real-name roster)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="enrolments")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="enrolments")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True)
    #: as the file names it, when it is not registered
    employer_name = models.CharField(max_length=120, blank=True)
    team = models.CharField("班组", max_length=60, blank=True)
    trade = models.CharField("工种", max_length=40, blank=True)
    employee_number = models.CharField("工号", max_length=40, blank=True)
    entry = models.DateField("进场日期", null=True)
    exit = models.DateField("退场日期", null=True)
    #: agreed wage as written (unit stays with it: 300元/天, 9000元/月)
    agreed_wage = models.CharField(max_length=40, blank=True)
    #: agreed day of the month on which this wage is paid
    pay_day = models.PositiveSmallIntegerField("约定发薪日", null=True)
    contract_signed = models.BooleanField(null=True)
    contract_number = models.CharField("合同编号", max_length=60, blank=True, db_default="")
    contract_from = models.DateField("合同起始", null=True)
    contract_until = models.DateField("合同终止", null=True)
    contract_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    bank_card = SealedField(null=True)
    card_hash = models.CharField(max_length=64, blank=True)
    #: tell numbers in a row without the number: keyed hash of all but the last five digits, and the four before the last
    card_series = models.CharField(max_length=64, blank=True, db_default="")
    card_serial = models.PositiveSmallIntegerField(null=True)
    card_opened_on = models.DateField("开卡日期", null=True)
    card_branch = models.CharField("开户行网点", max_length=80, blank=True, db_default="")
    #: keyed hash of the ID number of whom the worker lets receive the wages (代收授权)
    payee_hash = models.CharField(max_length=64, blank=True, db_default="")

    class Meta:
        indexes = [models.Index(fields=["project", "worker"], name="enrolment_project_worker")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "worker", "team"],
                condition=models.Q(superseded_at__isnull=True),
                name="enrolment_current_once",
            )
        ]


class Training(Recorded):
    """A training of one worker on one project: safety before entry, or later ones."""

    class Kind(models.TextChoices):
        ENTRY = "entry", "进场安全教育"
        SAFETY = "safety", "日常安全教育"
        SKILL = "skill", "技能培训"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="trainings")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="trainings")
    on = models.DateField("培训日期")
    kind = models.CharField("培训种类", max_length=8, choices=Kind.choices)
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "worker", "on", "kind"],
                condition=models.Q(superseded_at__isnull=True),
                name="training_current_once",
            ),
            models.CheckConstraint(condition=models.Q(hours__gt=0), name="training_has_hours"),
        ]


class AttendanceDay(Recorded):
    """One worker's day on one project."""

    class Source(models.TextChoices):
        FILE = "file", "考勤表"
        GATE = "gate", "打卡折算"
        HAND = "hand", "人工更正"

    project = models.ForeignKey(Project, on_delete=models.CASCADE)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT)
    day = models.DateField()
    #: 1.00 a whole day, 0.50 half a day
    share = models.DecimalField(max_digits=3, decimal_places=2)
    hours = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    overtime_hours = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    #: who says so: marks in a sheet, punches of a gate or a file, or a person who corrected it
    source = models.CharField(max_length=4, choices=Source.choices, default=Source.FILE, db_default="file")
    #: the rule by which punches became this day, with its date
    rule = models.CharField(max_length=40, blank=True, db_default="")
    #: what is to be looked at (``missing_out``), or why a person corrected the day
    remark = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        indexes = [
            # a worker over all sites
            models.Index(fields=["worker", "day"], name="attendance_worker_day"),
            # a project's month
            models.Index(fields=["project", "day"], name="attendance_project_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "worker", "day"],
                condition=models.Q(superseded_at__isnull=True),
                name="attendance_current_once",
            )
        ]


class AttendanceMonth(Recorded):
    """Days worked in a month where the file gives only the total (出勤天数)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT)
    month = models.CharField(max_length=7)
    days = models.DecimalField(max_digits=4, decimal_places=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "worker", "month"],
                condition=models.Q(superseded_at__isnull=True),
                name="attendance_month_current_once",
            )
        ]


# Django finds models through this module.
from anxin.workforce.models_signin import SignInCode, SiteCode  # noqa: E402, F401
