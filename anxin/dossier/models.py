"""A package that somebody asked for: the worker makes it, and whoever asked fetches it within a week."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.clues.models import Claimant
from anxin.registry.models import Project
from anxin.workforce.models import Worker


class EvidencePackage(models.Model):
    """One package on its way. What was handed out stands in the journal; this holds the file until it is fetched."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "正在做"
        DONE = "done", "已做好"
        FAILED = "failed", "没有做成"

    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # of what, as ``subjects`` reads it: a matter; a project with a month; a worker; a claimant of a clue
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="+")
    month = models.CharField(max_length=7, blank=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    claimant = models.ForeignKey(Claimant, on_delete=models.PROTECT, null=True, related_name="+")
    #: names and ID numbers whole, and why
    full = models.BooleanField(default=False)
    purpose = models.CharField("目的", max_length=200, blank=True)
    #: the package from which people were taken out to make this one, for somebody else to read
    source = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    #: who they are: ``{"sign": "P3", "name": …}``, names as a list shows them
    taken_out = models.JSONField(default=list, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    recipient = models.CharField("给谁看", max_length=100, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True)
    filename = models.CharField(max_length=200, blank=True)
    left_out = models.CharField(max_length=200, blank=True)
    #: by which the sealed file is found (see ``keeping``); empty: none yet, or dropped after its week
    kept_as = models.CharField(max_length=40, blank=True)
    size = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            # what one person asked for, the latest first
            models.Index(fields=["asked_by", "-id"], name="evidence_package_own"),
            # files whose week is over
            models.Index(fields=["finished_at"], name="evidence_package_kept", condition=~Q(kept_as="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(matter__isnull=False, project__isnull=True, worker__isnull=True, claimant__isnull=True)
                    | (
                        Q(
                            matter__isnull=True,
                            project__isnull=False,
                            worker__isnull=True,
                            claimant__isnull=True,
                        )
                        & ~Q(month="")
                    )
                    | Q(
                        matter__isnull=True, project__isnull=True, worker__isnull=False, claimant__isnull=True
                    )
                    | Q(
                        matter__isnull=True, project__isnull=True, worker__isnull=True, claimant__isnull=False
                    )
                ),
                name="evidence_package_of_one",
            ),
            models.CheckConstraint(
                condition=Q(full=False) | ~Q(purpose=""), name="evidence_package_whole_says_why"
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | (~Q(reason="") & ~Q(recipient="")),
                name="evidence_package_taken_out_says_why",
            ),
        ]

    @property
    def busy(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)
