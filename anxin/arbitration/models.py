"""An arbitration case and those who apply; claims and the award stand in ``models_awards``, hearings in ``models_hearings``."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.casework.models import Matter
from anxin.clues.models import Claimant
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Employer, Region

#: the procedures of the law's data that are an arbitration, each with its own clocks
PROCEDURES = ("arbitration", "arbitration_simple", "arbitration_collective")


class ArbitrationCase(models.Model):
    """One arbitration. Its steps and statutory clocks are those of its matter (one of :data:`PROCEDURES`)."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="arbitration")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    cause = models.CharField("案由", max_length=60, default="追索劳动报酬争议")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="arbitrations")
    employer_name = models.CharField("被申请人", max_length=120)
    employer_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    employer_address = models.CharField("单位住所", max_length=200, blank=True)
    employer_head = models.CharField("法定代表人或负责人", max_length=60, blank=True)
    employer_phone = models.CharField("单位电话", max_length=40, blank=True)
    facts = models.CharField("事实和理由", max_length=2000, blank=True)
    applied_on = models.DateField("申请日期")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            # the list of a region's subtree, the latest first
            models.Index(fields=["region", "-id"], name="arbitration_case_region"),
        ]

    def __str__(self) -> str:
        return self.matter.number


class Applicant(models.Model):
    """A worker who applies. Who they are is sealed; a group of ten or more elects three to five of them to speak."""

    case = models.ForeignKey(ArbitrationCase, on_delete=models.CASCADE, related_name="applicants")
    number = models.PositiveIntegerField()
    claimant = models.ForeignKey(Claimant, on_delete=models.PROTECT, null=True, related_name="+")
    name = SealedField()
    id_number = SealedField(null=True)
    phone = SealedField(null=True)
    address = SealedField(null=True)
    #: elected by the others (arbitration case rules, article 62)
    represents = models.BooleanField("推举的代表", default=False)

    class Meta:
        constraints = [
            # also pages the applicants of a case
            models.UniqueConstraint(fields=["case", "number"], name="arbitration_applicant_number"),
            # one person of the claimants applies once in a case
            models.UniqueConstraint(
                fields=["case", "claimant"],
                condition=Q(claimant__isnull=False),
                name="arbitration_claimant_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}号"


# Django finds models through this module.
from anxin.arbitration.models_awards import (  # noqa: E402, F401
    Award,
    Claim,
    Consent,
    ConsentAnswer,
    Correction,
    Finding,
    Item,
    Received,
)
from anxin.arbitration.models_hearings import Booking, CircuitDay, Hearing, Room  # noqa: E402, F401
from anxin.arbitration.models_records import HearingRecord, RecordCode, Signer, SigningLink  # noqa: E402, F401
from anxin.arbitration.models_tribunal import Arbitrator, Seat, Tribunal  # noqa: E402, F401
