"""Codes on boards and helmets, and how often each was scanned. No row here knows a person."""

from __future__ import annotations

from django.db import models

from anxin.accounts.models import User
from anxin.registry.models import Project


class ScanCode(models.Model):
    """One printed code: the board of a site, or the sticker of one helmet.

    What is printed follows from the row's number alone (``tokens``), so nothing in the database can be printed
    as a code without the key of the installation. Rotating withdraws the row and makes the next generation.
    """

    class Kind(models.TextChoices):
        BOARD = "board", "告示牌"
        HELMET = "helmet", "安全帽贴"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="scan_codes", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    #: which board or which helmet of the site; 1, 2, 3 …: the number of a helmet, not of who wears it
    number = models.PositiveIntegerField()
    generation = models.PositiveSmallIntegerField(default=1)
    issued_at = models.DateTimeField()
    issued_by_name = models.CharField(max_length=80)
    #: when its sheet was last made for printing; from here on silence means that it does not hang there
    printed_at = models.DateTimeField(null=True)
    #: kept beside the counters, so that "never scanned" is one comparison
    last_scanned_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "number", "generation"], name="scan_code_generation_once"
            ),
            # also serves the codes of one site, by kind
            models.UniqueConstraint(
                fields=["project", "kind", "number"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="scan_code_current_once",
            ),
        ]
        indexes = [
            # the list of one kind of code, by key
            models.Index(fields=["kind", "id"], name="scan_code_kind"),
        ]

    def __str__(self) -> str:
        word = self.get_kind_display()
        return word if self.kind == self.Kind.BOARD and self.number == 1 else f"{word}{self.number}号"

    @property
    def current(self) -> bool:
        return self.withdrawn_at is None


class CodeFlag(models.Model):
    """That a code looked odd, from when somebody was told of it until a person cleared it or it was over by itself."""

    class Kind(models.TextChoices):
        FAR = "far", "离工地很远"
        MASS = "mass", "扫得异常多"
        MISSING = "missing", "贴出后没人扫"
        OLD = "old", "旧码还在用"

    code = models.ForeignKey(ScanCode, on_delete=models.CASCADE, related_name="flags", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    raised_at = models.DateTimeField()
    #: by a person with a reason, or, without a name, because it was over
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cleared_by_name = models.CharField(max_length=80, blank=True)
    cleared_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "kind"],
                condition=models.Q(cleared_at__isnull=True),
                name="code_flag_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(cleared_by__isnull=True)
                | models.Q(cleared_at__isnull=False) & ~models.Q(cleared_why=""),
                name="code_flag_cleared_with_why",
            ),
        ]
        indexes = [
            # what a person has cleared of one code, and when
            models.Index(fields=["code", "kind", "cleared_at"], name="code_flag_cleared"),
        ]

    def __str__(self) -> str:
        return f"{self.code}：{self.get_kind_display()}"


class ScanDay(models.Model):
    """How often one code was scanned on one day. Stays; the single scans do not."""

    code = models.ForeignKey(ScanCode, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    scans = models.PositiveIntegerField(default=0)
    #: scans whose phone told a place far from the site
    far = models.PositiveIntegerField(default=0)
    #: the most scans by one phone
    by_one = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # also serves the days of one code, and "was there anything odd lately"
            models.UniqueConstraint(fields=["code", "day"], name="scan_day_once")
        ]


class Scan(models.Model):
    """One scan, for a month: enough to tell one busy phone from many, and where, to a kilometre.

    ``visitor`` is a keyed hash of the day, the address and the browser: it cannot be turned back, and the same
    phone has another one tomorrow.
    """

    code = models.ForeignKey(ScanCode, on_delete=models.CASCADE, related_name="scans", db_index=False)
    at = models.DateTimeField(db_index=True)  # what may be forgotten
    visitor = models.CharField(max_length=64)
    #: told by the phone when its owner allowed it, in hundredths of a degree
    latitude = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    longitude = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        indexes = [
            # how often this phone scanned this code today; the places of one code
            models.Index(fields=["code", "visitor", "at"], name="scan_by_visitor"),
        ]
