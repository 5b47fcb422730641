"""What was given back to a sender that exchanges lists only: the workbook, and which ticket stood how in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.clues.models import Clue
from anxin.evidence.models import ImportBatch, StoredFile
from anxin.registry.models import Region

__all__ = ["TITLES", "GivenBack", "GivenBackRow"]

#: channels whose senders get lists back, and what their workbooks are called
TITLES: dict[str, str] = {Clue.Channel.HOTLINE: "热线回传", Clue.Channel.PLATFORM: "平台回传"}


class GivenBack(models.Model):
    """One workbook: made once, kept as it was, fetched again unchanged."""

    channel = models.CharField(
        "渠道", max_length=12, choices=Clue.Channel.choices, default=Clue.Channel.HOTLINE
    )
    #: the list it answers, where its channel has several senders; null: all lists, or what came in none
    of_list = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, related_name="+")
    #: the place in which all its tickets lie; null: they have none in common
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    rows = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(rows__gt=0), name="given_back_holds_something")]

    def __str__(self) -> str:
        return f"第{self.pk}份"

    @property
    def filename(self) -> str:
        """Under which it is fetched, without the ending."""
        return f"{TITLES[self.channel]}{self}"


class GivenBackRow(models.Model):
    """How one ticket stood in one workbook. The latest of a clue is what its sender knows."""

    given = models.ForeignKey(GivenBack, on_delete=models.CASCADE, related_name="lines")
    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="given_back")
    #: in the workbook, from 1
    position = models.PositiveIntegerField()
    #: as people read it
    state = models.CharField(max_length=40)
    #: keyed hash over all that was said: the same is not said again
    mark = models.CharField(max_length=64)
    #: of the clue then: one that closed and was given back is not looked at again
    closed_at = models.DateTimeField(null=True)
    latest = models.BooleanField(default=True)

    class Meta:
        constraints = [
            # two at once give no ticket twice; also finds what the sender knows of a clue
            models.UniqueConstraint(fields=["clue"], condition=Q(latest=True), name="given_back_latest_once"),
            models.UniqueConstraint(fields=["given", "position"], name="given_back_position_once"),
        ]
