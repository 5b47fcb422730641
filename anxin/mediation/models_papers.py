"""What parties and mediator sign in turn: each worker's agreement, the record of a session; and the registers of their numbers.

How papers are signed is that of :mod:`anxin.letters.turns`. Once sealed a paper changes no more.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.casework.models import Document
from anxin.letters.models_turns import TurnCode, TurnLink, TurnPaper, TurnSigner, signs_or_refuses
from anxin.mediation.models import MediationBody
from anxin.mediation.models_cases import MediationCase, Session, Share

#: how somebody signed who signed the paper itself; beside ``signing.parties.Method``
BY_HAND = "by_hand"


class PaperKind(models.TextChoices):
    AGREEMENT = "agreement", "调解协议书"
    RECORD = "record", "调解笔录"
    #: signed by nobody: the organisation alone ends a mediation
    END = "end", "调解终结告知书"


_NOUNS = {PaperKind.AGREEMENT: "协议书", PaperKind.RECORD: "笔录", PaperKind.END: "告知书"}


class PaperRegister(models.Model):
    """The last number of one organisation, kind of paper and year; locked while the next one is given."""

    body = models.ForeignKey(MediationBody, on_delete=models.PROTECT, related_name="paper_registers")
    kind = models.CharField(max_length=9, choices=PaperKind.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "kind", "year"], name="mediation_register_once")
        ]


class MediationPaper(TurnPaper):
    """One worker's copy of an agreement, the record of one session, or the end notice: the file, its number, the seal."""

    case = models.ForeignKey(MediationCase, on_delete=models.CASCADE, related_name="signed_papers")
    kind = models.CharField(max_length=9, choices=PaperKind.choices)
    share = models.OneToOneField(Share, on_delete=models.CASCADE, null=True, related_name="paper")
    session = models.OneToOneField(Session, on_delete=models.CASCADE, null=True, related_name="paper")
    body = models.ForeignKey(MediationBody, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    prepared_by_name = models.CharField(max_length=80)
    #: signed on paper: the file is the scan, attached by this person
    scanned_at = models.DateTimeField(null=True)
    scanned_by_name = models.CharField(max_length=80, blank=True)
    # from the seal on
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    number = models.CharField("文号", max_length=80, blank=True)
    sealed_at = models.DateTimeField(null=True)
    sealed_by_name = models.CharField(max_length=80, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            # a party's own papers, the latest first
            models.Index(fields=["case", "-id"], name="mediation_paper_case"),
        ]
        constraints = [
            # also serves the register, newest first
            models.UniqueConstraint(
                fields=["body", "kind", "year", "serial"],
                condition=Q(serial__isnull=False),
                name="mediation_paper_serial_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="agreement", share__isnull=False, session__isnull=True)
                | Q(kind="record", share__isnull=True, session__isnull=False)
                | Q(kind="end", share__isnull=True, session__isnull=True),
                name="mediation_paper_is_of_one",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, serial__isnull=True, year__isnull=True, number="")
                | (
                    Q(
                        sealed_at__isnull=False,
                        serial__isnull=False,
                        year__isnull=False,
                        document__isnull=False,
                    )
                    & ~Q(number="")
                ),
                name="mediation_paper_numbered_when_sealed",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.get_kind_display()

    @property
    def noun(self) -> str:  # type: ignore[override]
        """What sentences call it."""
        return _NOUNS[PaperKind(self.kind)]


class PaperSigner(TurnSigner):
    """One person who signs: the worker, who acts for the employer, the mediator."""

    class Side(models.TextChoices):
        WORKER = "worker", "劳动者"
        EMPLOYER = "employer", "用人单位"
        MEDIATOR = "mediator", "调解员"

    paper = models.ForeignKey(
        MediationPaper, on_delete=models.CASCADE, related_name="signers", db_index=False
    )
    side = models.CharField(max_length=8, choices=Side.choices)
    #: keyed hash of a worker's identity number: whose page the paper stands on
    id_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            # a worker's own papers
            models.Index(fields=["id_hash"], condition=~Q(id_hash=""), name="mediation_signer_own"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="mediation_signer_number"),
            *signs_or_refuses("mediation_signer"),
        ]

    def __str__(self) -> str:
        return f"{self.number}号{self.get_side_display()}"


class PaperLink(TurnLink):
    """What the code on the mediator's screen opens."""

    signer = models.ForeignKey(PaperSigner, on_delete=models.CASCADE, related_name="links")


class PaperCode(TurnCode):
    """A code that went to the signer's known telephone."""

    signer = models.ForeignKey(PaperSigner, on_delete=models.CASCADE, related_name="codes")
