"""The journal, stored files, and import batches with their raw rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from anxin.evidence.sealing import SealedField

if TYPE_CHECKING:
    from anxin.sheets import Recognition


class JournalHead(models.Model):
    """One row: the end of the chain. Locked while an entry is added, so that the chain never forks."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)


class JournalEntry(models.Model):
    """Who did what, when, to which object. Never changed or deleted; each entry holds the hash of the one before."""

    sequence = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80)
    summary = models.CharField(max_length=500)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    basis = models.CharField(max_length=200, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            # the history of one object
            models.Index(fields=["object_type", "object_id", "sequence"], name="journal_object"),
            # "what did this person look at?"
            models.Index(fields=["actor", "sequence"], name="journal_actor"),
        ]


class StoredFile(models.Model):
    """A file kept under its SHA-256 in the data folder, sealed; the same content is kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    name = models.CharField(max_length=255)
    stored_at = models.DateTimeField()


class ImportBatch(models.Model):
    """One file delivered for one purpose: how it was recognised, what was accepted, what came back."""

    class State(models.TextChoices):
        RECOGNISED = "recognised", "待接收"
        ACCEPTING = "accepting", "接收中"
        ACCEPTED = "accepted", "已接收"
        REFUSED = "refused", "已拒绝"
        FAILED = "failed", "接收失败"
        WITHDRAWN = "withdrawn", "已放弃"

    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECOGNISED)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    filename = models.CharField(max_length=255)
    #: the archive in which the list came together with files; ``file`` is the list within
    bundle = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    #: files beside the list
    bundled = models.IntegerField(default=0)
    project_code = models.CharField(max_length=40, blank=True)
    month = models.CharField(max_length=7, blank=True)
    mapping = models.JSONField(null=True)
    layout_key = models.CharField(max_length=64, blank=True)
    #: file + kind + project + month (stated and read) + mapping: the same delivery again has the same fingerprint
    fingerprint = models.CharField(max_length=64)
    #: ``Recognition.as_json()``: identifiers masked
    report = models.JSONField(null=True)
    refusal = models.CharField(max_length=500, blank=True)
    rows_read = models.IntegerField(default=0)
    rows_accepted = models.IntegerField(default=0)
    rows_rejected = models.IntegerField(default=0)
    rows_unchanged = models.IntegerField(default=0)
    rows_superseded = models.IntegerField(default=0)
    delivered_by = models.CharField(max_length=80)
    delivered_by_name = models.CharField(max_length=80)
    delivered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    #: set on a returned batch (not stored): this delivery had been accepted before, nothing was changed
    already_accepted: bool = False
    #: the recognition this process has just made (not stored)
    recognition: Recognition | None = None

    class Meta:
        indexes = [
            # the imports page, newest first, by key
            models.Index(fields=["-id"], name="batch_newest"),
            # a project's deliveries
            models.Index(fields=["project_code", "kind", "-id"], name="batch_project"),
        ]
        constraints = [
            # the same delivery is accepted once, whatever two workers do at the same moment
            models.UniqueConstraint(
                fields=["fingerprint"], condition=models.Q(state="accepted"), name="batch_accepted_once"
            ),
        ]


class FileReading(models.Model):
    """Somebody had this before them on the screen, from when, and until its end. Never changed once it has ended."""

    #: SHA-256 (hex) of the file, or of the list with what stands in it
    digest = models.CharField(max_length=64)
    #: see ``signing.parties.Extent``
    extent = models.CharField(max_length=12)
    #: how many files the list names
    files = models.PositiveIntegerField(default=1)
    by_key = models.CharField(max_length=40)
    by_name = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "by_key", "extent"], name="file_reading_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at")),
                name="file_reading_ends_after_it_begins",
            ),
        ]


class RawRows(models.Model):
    """A stretch of a batch's source rows exactly as they came: sealed, compressed JSON ``{row: [cells]}``."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="raw_rows")
    first_row = models.IntegerField()
    last_row = models.IntegerField()
    payload = SealedField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "first_row"], name="raw_rows_once")]


class ImportProblem(models.Model):
    """One problem at one cell. The value itself stays in the sealed raw row."""

    class Severity(models.TextChoices):
        REJECTED = "rejected", "退回"
        WARNING = "warning", "提醒"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="problems")
    row = models.IntegerField()
    column = models.CharField(max_length=3, blank=True)
    header = models.CharField(max_length=200, blank=True)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    reason = models.CharField(max_length=500)

    class Meta:
        indexes = [models.Index(fields=["batch", "row", "id"], name="problem_batch_row")]


class RememberedLayout(models.Model):
    """A mapping somebody mended by hand, used again for the same header."""

    kind = models.CharField(max_length=20)
    layout_key = models.CharField(max_length=64)
    mapping = models.JSONField()
    remembered_by_name = models.CharField(max_length=80)
    remembered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "layout_key"], name="layout_once")]


class Recorded(models.Model):
    """Base of facts: from which batch and row, known since when, replaced when.

    ``recorded_at`` and ``superseded_at`` make "as known on that day" a filter.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, related_name="+")
    row_number = models.IntegerField(null=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
