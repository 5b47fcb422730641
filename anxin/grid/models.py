"""What grid workers report from their round: three taps, a place, a photo; and whether it proved right."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.accounts.models import User
from anxin.clues.models import Clue
from anxin.evidence.models import StoredFile
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Project, Region
from anxin.signals.models import BoardCheck, KnownSite


class GridReport(models.Model):
    """One report. It became a clue, a look at a board or a known site; see ``reporting``."""

    class Kind(models.TextChoices):
        WAGES = "wages", "拖欠工资"
        UNREST = "unrest", "停工或闹访苗头"
        CLOSING = "closing", "单位关门、老板失联"
        BOARD = "board", "没有维权告示牌"
        SITE = "site", "新开小工地未登记"

    class People(models.TextChoices):
        UNKNOWN = "unknown", "不清楚"
        FEW = "few", "9人以下"
        MANY = "many", "10到29人"
        CROWD = "crowd", "30人以上"

    class Urgency(models.TextChoices):
        ORDINARY = "ordinary", "不急"
        PRESSING = "pressing", "今天要有人来"
        NOW = "now", "马上要有人来"

    #: keyed hash of the word that the phone made for it: sent again, it is the same one
    key_hash = models.CharField(max_length=64, unique=True)
    #: tells the same report sent again from another one under the same word
    words_hash = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grid_reports", db_index=False)
    by_name = models.CharField("上报人", max_length=80)
    kind = models.CharField("情况", max_length=8, choices=Kind.choices)
    people = models.CharField("涉及人数", max_length=8, choices=People.choices)
    urgency = models.CharField("急不急", max_length=8, choices=Urgency.choices)
    #: the grid of whoever reports; what was seen may lie on a project registered for a larger place
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="grid_reports")
    #: where it is, in words; empty where the project says it
    place = models.CharField("地点", max_length=100, blank=True)
    note = SealedField(null=True)
    picture = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    sound = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    sound_type = models.CharField(max_length=40, blank=True)
    #: when it was written on the phone, which may have been without network
    seen_at = models.DateTimeField("发现时间")
    received_at = models.DateTimeField("收到时间")
    clue = models.OneToOneField(Clue, on_delete=models.PROTECT, null=True, related_name="grid_report")
    board_check = models.ForeignKey(BoardCheck, on_delete=models.PROTECT, null=True, related_name="+")
    known_site = models.ForeignKey(KnownSite, on_delete=models.PROTECT, null=True, related_name="+")
    #: of what became no clue: whether an officer found it so. A clue has its own conclusion.
    proved = models.BooleanField("核实结果", null=True)
    proved_words = models.CharField(max_length=200, blank=True)
    proved_by_name = models.CharField(max_length=80, blank=True)
    proved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # one's own reports, the latest first
            models.Index(fields=["by", "-id"], name="grid_report_own"),
            # the reports of a region's subtree, and of the last days
            models.Index(fields=["region", "-id"], name="grid_report_region"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False) | ~Q(place=""), name="grid_report_has_a_place"
            ),
            models.CheckConstraint(
                condition=Q(clue__isnull=True) | Q(board_check__isnull=True, known_site__isnull=True),
                name="grid_report_became_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(proved__isnull=True, proved_at__isnull=True)
                | (Q(proved__isnull=False, proved_at__isnull=False, clue__isnull=True) & ~Q(proved_words="")),
                name="grid_report_proved_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it by."""
        return f"WG{self.pk:06d}"

    @property
    def where(self) -> str:
        """The place in words: the project's name, else what was written."""
        return self.project.name if self.project is not None else self.place
