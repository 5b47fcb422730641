"""Platforms we report to, what waits for them, and what became of it."""

from __future__ import annotations

from django.db import models

from anxin.evidence.sealing import SealedField
from anxin.registry.models import Project


class Kind(models.TextChoices):
    """What is reported, in the order in which a platform must learn of it."""

    ENTERPRISE = "enterprise", "企业"
    PROJECT = "project", "项目"
    PERSONNEL = "personnel", "人员"
    ENTRY = "entry", "进退场"
    ATTENDANCE = "attendance", "考勤"
    PAY = "pay", "工资"


class Platform(models.Model):
    """One platform above us, as the administrator set it up. Nothing leaves while ``enabled`` is off."""

    class Adapter(models.TextChoices):
        SICHUAN = "sichuan", "四川接口式样"

    class Cipher(models.TextChoices):
        SM4 = "sm4-cbc", "SM4-CBC"
        AES = "aes-256-gcm", "AES-256-GCM"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    adapter = models.CharField(max_length=20, choices=Adapter.choices)
    base_url = models.CharField(max_length=300)
    cipher = models.CharField(max_length=20, choices=Cipher.choices)
    #: JSON with ``app_id``, ``secret`` and ``cipher_key``
    credentials = SealedField(null=True)
    #: kinds that are reported
    kinds = models.JSONField(default=list)
    #: significant digits of a region: projects there are reported; empty means all
    region = models.CharField(max_length=12, blank=True)
    enabled = models.BooleanField(default=False)
    enabled_at = models.DateTimeField(null=True)
    #: minutes without a final answer, while records wait, after which an alarm is raised
    stall_minutes = models.PositiveSmallIntegerField(default=10)
    #: when the last record was accepted or came back
    progress_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    #: when every project was last looked through for what is not queued yet
    filled_at = models.DateTimeField(null=True)
    #: after trouble that is not about one record: not before then, and what it was
    paused_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    troubles = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class UploadRecord(models.Model):
    """One of our records for one platform: the version that is to go, and how far it is."""

    class State(models.TextChoices):
        QUEUED = "queued", "待报送"
        SENT = "sent", "已报送"
        ACCEPTED = "accepted", "已接收"
        REJECTED = "rejected", "被退回"
        STALLED = "stalled", "停滞"
        WITHDRAWN = "withdrawn", "已撤下"

    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    #: which of our records: ``12``, ``3:7:木工班``, ``3:7:2026-09``
    object_key = models.CharField(max_length=200)
    #: the kind's place in the order of reporting
    rank = models.PositiveSmallIntegerField()
    #: what people read; people stand masked
    title = models.CharField(max_length=200)
    #: keyed hash of what is to go
    version = models.CharField(max_length=64)
    #: ours for this version; sent with every try, so that the platform and we can tell a repetition
    request_id = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    #: a try ended without an answer: whether the platform has it must be asked before it is sent again
    uncertain = models.BooleanField(default=False)
    tries = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    #: the platform has had it, in this version or an earlier one: what needs it may go
    accepted_at = models.DateTimeField(null=True)
    receipt = models.CharField("回执编号", max_length=80, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    reason_field = models.CharField(max_length=60, blank=True)
    projects = models.ManyToManyField(Project, related_name="+")
    needs = models.ManyToManyField("self", symmetrical=False, related_name="needed_by")

    class Meta:
        indexes = [
            # what is due, in the order of reporting
            models.Index(fields=["platform", "state", "next_try"], name="upload_due"),
            # the list of records, newest first, by key
            models.Index(fields=["platform", "-id"], name="upload_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["platform", "kind", "object_key"], name="upload_once"),
        ]

    @property
    def number(self) -> str:
        """How the platform calls our record back."""
        return f"{self.kind}-{self.pk}"


class UploadEvent(models.Model):
    """What happened to a record: what went out (masked), what came back."""

    class What(models.TextChoices):
        QUEUED = "queued", "进入队列"
        SENT = "sent", "报送"
        RECEIPT = "receipt", "回执"
        TROUBLE = "trouble", "未成功"
        STRAY = "stray", "不符的回执"
        RESENT = "resent", "人工重新报送"

    record = models.ForeignKey(UploadRecord, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    what = models.CharField(max_length=10, choices=What.choices)
    request_id = models.UUIDField(db_index=True)  # a late receipt names the request of an earlier version
    sentence = models.CharField(max_length=500, blank=True)
    #: what went out, identifiers masked
    sent = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["record", "-id"], name="upload_event_record")]


class PlatformCode(models.Model):
    """A code a platform gives for one of our records before it takes data about it (实名核验码, 项目编码…)."""

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="codes")
    name = models.CharField(max_length=20)
    object_key = models.CharField(max_length=200)
    code = models.CharField(max_length=120)
    obtained_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "name", "object_key"], name="platform_code_once"),
        ]


class PackageImport(models.Model):
    """A package that somebody took in: counts per object, and the rows that came back."""

    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    taken_by = models.CharField(max_length=80)
    taken_by_name = models.CharField(max_length=80)
    taken_at = models.DateTimeField()
    projects = models.JSONField(default=list)
    counts = models.JSONField(default=list)
    #: as many as :data:`anxin.exchange.standard.importing.MOST_PROBLEMS`; ``problem_count`` has them all
    problems = models.JSONField(default=list)
    problem_count = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)

    class Meta:
        indexes = [
            # what one person took in, newest first
            models.Index(fields=["taken_by", "-id"], name="package_import_mine"),
        ]
