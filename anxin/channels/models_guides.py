"""What the office has made of the shipped guides, where workers can go, and how often a guide is opened."""

from __future__ import annotations

import re

from django.db import models

from anxin.registry.models import Project, Region


class GuideVersion(models.Model):
    """A guide as the office wrote it. One person drafts, another publishes; nothing published is ever changed."""

    class State(models.TextChoices):
        DRAFT = "draft", "待发布"
        PUBLISHED = "published", "已发布"
        REFUSED = "refused", "已退回"

    key = models.CharField(max_length=40)
    #: counted within one guide; the shipped text is number 0 and has no row
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=60)
    summary = models.CharField(max_length=200)
    body = models.TextField()
    #: what the text rests on, as readers see it
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    drafted_by = models.CharField(max_length=80)
    drafted_by_name = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            # also serves the versions of one guide
            models.UniqueConstraint(fields=["key", "number"], name="guide_version_once"),
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state="draft"), name="guide_one_draft_at_a_time"
            ),
        ]


class HelpPlace(models.Model):
    """A desk or a telephone where workers of a region find help; ended, not deleted."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=40)
    address = models.CharField(max_length=120, blank=True)
    hours = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    @property
    def dial(self) -> str:
        """The first of its numbers as a telephone dials it."""
        first = re.split(r"[、,，]", self.phone)[0]
        return re.sub(r"[^0-9+]", "", first)


class GuideDay(models.Model):
    """How often a guide was opened on one day, from one site's code or from elsewhere. Nobody is counted."""

    key = models.CharField(max_length=40)
    day = models.DateField()
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    opens = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # also serve the counts of a stretch of days
            models.UniqueConstraint(
                fields=["day", "key", "project"],
                condition=models.Q(project__isnull=False),
                name="guide_day_of_site_once",
            ),
            models.UniqueConstraint(
                fields=["day", "key"],
                condition=models.Q(project__isnull=True),
                name="guide_day_elsewhere_once",
            ),
        ]
