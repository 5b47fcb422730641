"""What people call an employer or a project besides its registered name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.registry.models import Employer, Project, Region


class Alias(models.Model):
    """A name that a person has said to mean this employer or project in one place; ended, it is kept but means nothing."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, null=True, related_name="aliases")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="aliases")
    #: clues of this place and below are meant: 红星工地 is another site elsewhere
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("别名", max_length=120)
    #: what it is found by (``triage.names.core``)
    core = models.CharField(max_length=120)
    #: where somebody said it, in words: the number of a clue
    source = models.CharField("出处", max_length=80)
    by_name = models.CharField("记下的人", max_length=80)
    at = models.DateTimeField("记下时间")
    ended_at = models.DateTimeField("去掉时间", null=True)
    ended_by_name = models.CharField(max_length=80, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(employer__isnull=False) ^ Q(project__isnull=False), name="alias_of_one_kind"
            ),
            # the same said twice is one; also finds whom a name stands for
            models.UniqueConstraint(
                fields=["core", "region", "employer"],
                condition=Q(ended_at__isnull=True),
                name="alias_employer_once",
            ),
            models.UniqueConstraint(
                fields=["core", "region", "project"],
                condition=Q(ended_at__isnull=True),
                name="alias_project_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
