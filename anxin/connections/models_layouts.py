"""How an institution's files are laid out: what was agreed with it, tried on its sample, and seen by two people."""

from __future__ import annotations

from django.db import models

from anxin.evidence.models import StoredFile
from anxin.registry.models import Organisation

#: ``format_key`` of a table whose columns were mapped; others are keys of ``anxin.formats``
TABLE = "table"


class InstitutionLayout(models.Model):
    """One version of one layout of one institution: a draft, tried, live, or ended.

    A live version is never changed: a new one is drafted beside it and takes its place when it goes live.
    """

    class Direction(models.TextChoices):
        RECEIPTS = "receipts", "收：银行回执"
        ORDERS = "orders", "发：代发文件"

    class Stage(models.TextChoices):
        DRAFT = "draft", "草稿"
        TESTED = "tested", "已试读，待启用"
        LIVE = "live", "已启用"
        RETIRED = "retired", "已停用"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="layouts")
    direction = models.CharField(max_length=10, choices=Direction.choices)
    name = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    format_key = models.CharField(max_length=20)
    #: of a table: ``{"sheet", "header_rows", "columns": {field: letter}, "unit"}`` as they are in the sample
    mapping = models.JSONField(default=dict)
    #: of a table: the texts of its header rows; a delivered file with the same header has this layout
    header = models.JSONField(default=list)
    header_hash = models.CharField(max_length=64, blank=True)
    #: of a format that asks for them: what payer and bank agreed
    options = models.JSONField(default=dict)
    sample = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    sample_name = models.CharField(max_length=255, blank=True)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.DRAFT)
    #: what the last trial counted: read, accepted, refused, skipped
    trial = models.JSONField(default=dict)
    drafted_by = models.CharField(max_length=80)
    drafted_by_name = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    tested_by = models.CharField(max_length=80, blank=True)
    tested_by_name = models.CharField(max_length=80, blank=True)
    tested_at = models.DateTimeField(null=True)
    live_by = models.CharField(max_length=80, blank=True)
    live_by_name = models.CharField(max_length=80, blank=True)
    live_at = models.DateTimeField(null=True)
    retired_by_name = models.CharField(max_length=80, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # the live layouts against which a delivered table is held
            models.Index(fields=["direction", "stage", "header_hash"], name="layout_of_header"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "direction", "name", "version"], name="layout_version_once"
            ),
            # one version is in force, whatever two people do at the same moment
            models.UniqueConstraint(
                fields=["organisation", "direction", "name"],
                condition=models.Q(stage="live"),
                name="layout_live_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.name}“{self.name}”第{self.version}版"
