"""Makers of gates, their devices, what the devices sent, and alarms when they fall silent."""

from __future__ import annotations

import datetime as dt

from django.db import models

from anxin.evidence.models import ImportBatch
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Project


class GateVendor(models.Model):
    """A maker or operator of gates; its interface keys carry the same name."""

    name = models.CharField("厂商名称", max_length=80, unique=True)
    contact = models.CharField("联系人", max_length=80, blank=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """One gate on one site: what it last said, and when it is expected to say something."""

    class Direction(models.TextChoices):
        BOTH = "both", "进出"
        IN = "in", "只进"
        OUT = "out", "只出"

    vendor = models.ForeignKey(GateVendor, on_delete=models.PROTECT, related_name="devices")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="devices")
    serial = models.CharField("设备序列号", max_length=40, unique=True)
    place = models.CharField("安装位置", max_length=60, blank=True)
    direction = models.CharField("通行方向", max_length=4, choices=Direction.choices, default=Direction.BOTH)
    #: the hours in which it must report; equal: round the clock; closing before opening: over midnight
    opens = models.TimeField("开始时刻", default=dt.time(6))
    closes = models.TimeField("结束时刻", default=dt.time(19))
    registered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    #: heartbeat or batch, by our clock; the moment of registration until the first one
    last_seen_at = models.DateTimeField()
    last_heartbeat_at = models.DateTimeField(null=True)
    last_batch_at = models.DateTimeField(null=True)
    #: all records up to this number are here: where the device goes on
    position = models.BigIntegerField(default=0)
    #: the number of its latest record, as it said itself
    reported_position = models.BigIntegerField(default=0)
    #: since when it has records that do not arrive
    behind_since = models.DateTimeField(null=True)
    #: its clock minus ours, when it last said its time
    skew_seconds = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(position__gte=0), name="device_position_not_negative"),
        ]

    def __str__(self) -> str:
        return self.serial


class Outage(models.Model):
    """A planned stop that somebody declared: no alarm meanwhile. Without a device it is the whole site's."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="gate_outages")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="outages")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField("原因", max_length=200)
    declared_at = models.DateTimeField()
    declared_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="outage_ends_after_start"
            )
        ]


class PunchBatch(models.Model):
    """What arrived in one piece: the raw packet, the moment of arrival, and what became of its rows."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="batches")
    #: the delivered file, where the punches came by file
    file = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()
    #: the body as it came, compressed and sealed
    packet = SealedField(null=True)
    packet_sha256 = models.CharField(max_length=64, blank=True)
    first_sequence = models.BigIntegerField(null=True)
    last_sequence = models.BigIntegerField(null=True)
    skew_seconds = models.IntegerField(null=True)
    rows = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    repeated = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    unresolved = models.PositiveIntegerField()
    backfilled = models.PositiveIntegerField()
    #: its punches stand in the days; empty: the next run takes it
    derived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # batches whose punches are not in the days yet
            models.Index(
                fields=["project", "id"],
                condition=models.Q(derived_at__isnull=True),
                name="punches_to_derive",
            ),
            # how far a device has come
            models.Index(fields=["device", "first_sequence"], name="punch_batch_position"),
        ]


class Punch(models.Model):
    """One passage as a device or a file told it. The person stays open until somebody of the roster fits."""

    class Open(models.TextChoices):
        NONE = "", "已确认"
        NOT_ON_ROSTER = "not_on_roster", "不在本项目花名册"
        NAME_DIFFERS = "name_differs", "姓名与花名册不符，待核"
        OTHER_PERSON = "other_person", "经核不是本人"

    batch = models.ForeignKey(PunchBatch, on_delete=models.CASCADE, related_name="punches")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    #: the device's running number, or the row of the file
    sequence = models.BigIntegerField(null=True)
    worker = models.ForeignKey(
        "workforce.Worker", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: the moment of the passage by the device's clock
    at = models.DateTimeField()
    #: ``in``, ``out`` or empty where the device does not tell
    direction = models.CharField(max_length=3, blank=True)
    #: arrived long after it happened
    backfilled = models.BooleanField(default=False)
    #: the day under which a file wrote it: a departure after midnight stands under the day before
    file_day = models.DateField(null=True)
    #: a later file speaks of the same days and does not have it; what a device sent is never withdrawn
    withdrawn_at = models.DateTimeField(null=True)
    open_reason = models.CharField(max_length=16, choices=Open.choices, blank=True)
    #: how the sender named the person: keyed hash of the ID number, or the site's code of the person
    person_key = models.CharField(max_length=64)
    #: keyed hash of what the device made of the face's features; never a picture; empty: the device sends none
    face_hash = models.CharField(max_length=64, blank=True, db_default="")
    claim = models.ForeignKey(
        "workforce.IdentityClaim", on_delete=models.PROTECT, null=True, related_name="punches", db_index=False
    )

    class Meta:
        indexes = [
            # the punches behind a person's days on a site
            models.Index(fields=["project", "worker", "at"], name="punch_project_worker_at"),
            # who is still open on a site, when its roster catches up
            models.Index(
                fields=["project", "person_key"],
                condition=models.Q(worker__isnull=True),
                name="punch_person_open",
            ),
            # the punches that hang on a claim
            models.Index(fields=["claim"], condition=models.Q(claim__isnull=False), name="punch_of_claim"),
        ]
        constraints = [
            # a record of a device is one punch, however often it is sent
            models.UniqueConstraint(
                fields=["device", "sequence"],
                condition=models.Q(device__isnull=False),
                name="punch_of_device_once",
            ),
            # a passage stands once, in however many files it is written
            models.UniqueConstraint(
                fields=["project", "person_key", "at", "direction"],
                condition=models.Q(device__isnull=True, withdrawn_at__isnull=True),
                name="punch_of_file_once",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(device__isnull=True),
                name="only_punch_of_file_withdrawn",
            ),
        ]


class RefusedPunch(models.Model):
    """A row that could not be taken, with code, sentence and field; the row itself is in the packet."""

    batch = models.ForeignKey(PunchBatch, on_delete=models.CASCADE, related_name="refusals")
    sequence = models.BigIntegerField()
    code = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    sentence = models.CharField(max_length=200)


class GateAlarm(models.Model):
    """A device is silent, its records do not arrive, or all devices of a maker are silent."""

    class Kind(models.TextChoices):
        DEVICE_SILENT = "device_silent", "设备失联"
        UPLOADS_STALLED = "uploads_stalled", "记录停传"
        VENDOR_SILENT = "vendor_silent", "厂商停报"

    class Ended(models.TextChoices):
        BACK = "back", "数据恢复"
        PLANNED = "planned", "已报停用"
        RETIRED = "retired", "设备撤除"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    vendor = models.ForeignKey(GateVendor, on_delete=models.CASCADE, related_name="alarms")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="alarms")
    #: the last sign of life before it
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=8, choices=Ended.choices, blank=True)
    #: somebody was told; a device that comes and goes is told of once an hour
    told = models.BooleanField(default=False)

    class Meta:
        indexes = [
            # the alarms page: latest first
            models.Index(fields=["-id"], condition=models.Q(closed_at__isnull=True), name="gate_alarm_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "device"],
                condition=models.Q(closed_at__isnull=True, device__isnull=False),
                name="gate_alarm_of_device_once",
            ),
            models.UniqueConstraint(
                fields=["vendor"],
                condition=models.Q(closed_at__isnull=True, device__isnull=True),
                name="gate_alarm_of_vendor_once",
            ),
        ]


class IdentityClaim(models.Model):
    """Somebody was named in a way that conflicts with a known person. A person decides; nothing merges by itself."""

    class State(models.TextChoices):
        PENDING = "pending", "待核"
        SAME_PERSON = "same_person", "是同一人"
        OTHER_PERSON = "other_person", "是另一人"
        MISTAKE = "mistake", "录入差错"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="identity_claims")
    #: the known person with whom the claim conflicts
    worker = models.ForeignKey("workforce.Worker", on_delete=models.PROTECT, related_name="claims")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="+")
    #: where it was said: ``闸机 GZ-01`` or ``花名册第12行``
    source = models.CharField(max_length=120)
    claimed_name = models.CharField(max_length=60)
    #: the name in the form in which names are compared
    plain_name = models.CharField(max_length=60)
    first_said_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    reason = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            # the list of claims, open ones first, by key
            models.Index(fields=["state", "id"], name="identity_claim_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "worker", "plain_name"], name="identity_claim_once")
        ]
