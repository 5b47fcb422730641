"""The record of a hearing (庭审笔录): what was said, the file that everybody signs, and how each of them signed.

Labour arbitration law, article 40: signed by arbitrators, recorder, parties and others who took part; who finds an
omission or an error may ask for a correction, and what is not corrected is written down.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.arbitration.models_hearings import Hearing
from anxin.evidence.models import StoredFile
from anxin.evidence.sealing import SealedField


class HearingRecord(models.Model):
    """The record of one hearing. Words are sealed; once closed they stand in a file and change no more."""

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
    #: JSON: the very words of the file as blocks, to read on a telephone
    shown = SealedField(null=True)
    #: the file as it was closed, and as it stands now with the signatures behind it
    unsigned = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
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


class Signer(models.Model):
    """One person who was there and signs. Who they are is sealed; the phone and the card say that it is they."""

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
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=14, choices=Side.choices)
    name = SealedField()
    phone = SealedField(null=True)
    id_number = SealedField(null=True)
    read_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    #: see ``signing.parties.Method``
    method = models.CharField(max_length=20, blank=True)
    device = models.CharField(max_length=80, blank=True)
    witness = models.CharField(max_length=60, blank=True)
    #: would not sign, and why, as the tribunal writes it down
    refused_at = models.DateTimeField(null=True)
    refused_why = models.CharField(max_length=300, blank=True)
    refused_by_name = models.CharField(max_length=80, blank=True)
    #: asked for a correction that was not made (article 40)
    objection = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="arbitration_signer_number"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(refused_at__isnull=True),
                name="arbitration_signer_signs_or_not",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True) | ~Q(refused_why=""),
                name="arbitration_signer_refusal_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}号{self.get_side_display()}"


class SigningLink(models.Model):
    """What the code on the room's screen opens: one record for one signer, on the first telephone that opens it."""

    signer = models.ForeignKey(Signer, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    #: keyed hash of what the first telephone got; another telephone opens nothing any more
    device_hash = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(null=True)
    #: replaced by a newer one, or used
    ended_at = models.DateTimeField(null=True)


class RecordCode(models.Model):
    """A code that went to the signer's known telephone; only hashes are kept."""

    signer = models.ForeignKey(Signer, on_delete=models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=64)
    #: SHA-256 of the closed file that was shown when it was asked for
    shown = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
