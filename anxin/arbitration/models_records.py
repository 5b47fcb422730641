"""The record of a hearing (庭审笔录): what was said, the file that everybody signs, and how each of them signed.

Labour arbitration law, article 40: signed by arbitrators, recorder, parties and others who took part; who finds an
omission or an error may ask for a correction, and what is not corrected is written down.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.arbitration.models_hearings import Hearing
from anxin.evidence.sealing import SealedField
from anxin.letters.models_turns import TurnCode, TurnLink, TurnPaper, TurnSigner, signs_or_refuses


class HearingRecord(TurnPaper):
    """The record of one hearing. Words are sealed; once closed they stand in a file and change no more."""

    noun = "笔录"

    class State(models.TextChoices):
        WRITING = "writing", "记录中"
        CLOSED = "closed", "已定稿，待签名"
        DONE = "done", "签名结束"

    hearing = models.OneToOneField(Hearing, on_delete=models.CASCADE, related_name="record")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WRITING)
    #: JSON: list of [who, what they said]
    words = SealedField(null=True)
    #: grows with every change; a page that saw an older one does not overwrite
    version = models.PositiveIntegerField(default=1)
    #: who is there and who is not, as the record says it
    present = models.CharField("到庭情况", max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=80, blank=True)
    done_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="writing") | Q(file__isnull=False, unsigned__isnull=False),
                name="arbitration_record_closed_is_a_file",
            )
        ]

    def __str__(self) -> str:
        return f"{self.hearing.case}庭审笔录"


class Signer(TurnSigner):
    """One person who was there and signs (article 40: an omission that is not mended is kept as asked)."""

    class Side(models.TextChoices):
        APPLICANT = "applicant", "申请人"
        FOR_APPLICANT = "for_applicant", "申请人的代理人"
        RESPONDENT = "respondent", "被申请人的代理人"
        OTHER = "other", "其他参加人"
        ARBITRATOR = "arbitrator", "仲裁员"
        SECRETARY = "secretary", "书记员"

    record = models.ForeignKey(
        HearingRecord, on_delete=models.CASCADE, related_name="signers", db_index=False
    )
    side = models.CharField(max_length=14, choices=Side.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="arbitration_signer_number"),
            *signs_or_refuses("arbitration_signer"),
        ]

    def __str__(self) -> str:
        return f"{self.number}号{self.get_side_display()}"


class SigningLink(TurnLink):
    """What the code on the room's screen opens."""

    signer = models.ForeignKey(Signer, on_delete=models.CASCADE, related_name="links")


class RecordCode(TurnCode):
    """A code that went to the signer's known telephone."""

    signer = models.ForeignKey(Signer, on_delete=models.CASCADE, related_name="codes")
