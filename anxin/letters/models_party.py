"""Papers that named people sign (约谈记录、承诺书、笔录、审批表): filled in, closed into a file, signed by people in turn or by hand, and what
they promise. What they say and who signs is sealed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from anxin.casework.models import Document, Matter, Task
from anxin.evidence.sealing import SealedField
from anxin.letters.models_turns import TurnCode, TurnLink, TurnPaper, TurnSigner, signs_or_refuses


class PartyPaper(TurnPaper):
    """One paper. Once closed it stands in a file; signed it is a paper of the matter."""

    class State(models.TextChoices):
        DRAFT = "draft", "填写中"
        SIGNING = "signing", "待签名"
        DONE = "done", "已存入案卷"
        DROPPED = "dropped", "已作废"

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="party_papers")
    #: the template's key, which is that of the law's catalogue of papers
    kind = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    #: field → value as JSON: names, sums, what was said
    fields = SealedField()
    #: grows with every change; a form that saw an older one is refused
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=80, blank=True)
    #: printed and signed by hand: the document is the scan, which this person compared with the file
    by_hand = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    done_by_name = models.CharField(max_length=80, blank=True)
    dropped_why = models.CharField(max_length=200, blank=True)
    #: among the papers of the matter, for steps to rest on
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, related_name="party_paper")

    class Meta:
        indexes = [
            # the papers of a matter, the latest first
            models.Index(fields=["matter", "-id"], name="party_paper_matter"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"]) | Q(file__isnull=False, unsigned__isnull=False),
                name="party_paper_closed_is_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(document__isnull=False), name="party_paper_done_is_a_document"
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(dropped_why=""), name="party_paper_dropped_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter.number}文书{self.pk}"


class PartySigner(TurnSigner):
    """One person who signs such a paper."""

    class Side(models.TextChoices):
        PARTY = "party", "当事人一方"
        OFFICER = "officer", "承办人员"
        OTHER = "other", "其他参加人"
        APPROVER = "approver", "审批人"

    paper = models.ForeignKey(PartyPaper, on_delete=models.CASCADE, related_name="signers", db_index=False)
    side = models.CharField(max_length=8, choices=Side.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="party_signer_number"),
            *signs_or_refuses("party_signer"),
        ]

    def __str__(self) -> str:
        return f"{self.number}号{self.get_side_display()}"


class PartyLink(TurnLink):
    """What the code on the desk's screen opens."""

    signer = models.ForeignKey(PartySigner, on_delete=models.CASCADE, related_name="links")


class PartyCode(TurnCode):
    """A code that went to the signer's known telephone."""

    signer = models.ForeignKey(PartySigner, on_delete=models.CASCADE, related_name="codes")


class Promise(models.Model):
    """One thing promised by a day. While it is looked after it is an open task of the matter."""

    class Outcome(models.TextChoices):
        KEPT = "kept", "已经履行"
        BROKEN = "broken", "没有履行"

    paper = models.ForeignKey(PartyPaper, on_delete=models.CASCADE, related_name="promises", db_index=False)
    number = models.PositiveSmallIntegerField()
    words = SealedField()
    due_on = models.DateField("承诺完成日期")
    #: none where the matter was already closed
    task = models.OneToOneField(Task, on_delete=models.SET_NULL, null=True, related_name="promise")
    outcome = models.CharField(max_length=6, choices=Outcome.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)
    answered_on = models.DateField(null=True)
    answered_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="party_promise_number"),
            models.CheckConstraint(
                condition=Q(outcome="") | (Q(answered_on__isnull=False) & ~Q(note="")),
                name="party_promise_answer_says_how",
            ),
        ]
