"""Signed tables; who was asked about a clue, what came out of it, what was paid, what the worker said of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.local_law.models import State, TwoPersonRecord, two_persons

__all__ = ["SignedTable", "State"]


class SignedTable(TwoPersonRecord):
    """A table that one officer proposed and another signed, for one region from one day on. Never changed."""

    class Sort(models.TextChoices):
        ROUTING = "routing", "分派表"
        CONCLUSIONS = "conclusions", "结论目录"

    sort = models.CharField(max_length=12, choices=Sort.choices)
    #: significant digits of the place whose clues it is for; empty: everywhere
    region = models.CharField(max_length=12, blank=True)
    region_name = models.CharField(max_length=60)
    valid_from = models.DateField()
    #: rows as in the data files of this package
    entries = models.JSONField()
    source_title = models.CharField(max_length=160)
    source_number = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            # what holds for a place on a day, and the versions of a sort, newest first
            models.Index(fields=["sort", "state", "-id"], name="signed_table_list"),
        ]
        constraints = [
            *two_persons("signed_table"),
            models.CheckConstraint(
                condition=~Q(source_title="") & ~Q(source_number=""), name="signed_table_has_a_paper"
            ),
            # one answer for one place and day, and one proposal at a time
            models.UniqueConstraint(
                fields=["sort", "region", "valid_from"],
                condition=Q(state=State.CONFIRMED),
                name="signed_table_once",
            ),
            models.UniqueConstraint(
                fields=["sort", "region", "valid_from"],
                condition=Q(state=State.PROPOSED),
                name="signed_table_proposed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sort_display()}第{self.pk}号"
