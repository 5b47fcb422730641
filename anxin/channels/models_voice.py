"""What people tell the bureau themselves: submissions with their pictures and recordings, messages, and flood counters."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.accounts.models import User
from anxin.channels.models_codes import ScanCode
from anxin.clues.models import Clue
from anxin.evidence.models import StoredFile
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Region


class Submission(models.Model):
    """One sent form. Once it stands here its receipt is good; becoming a clue follows (``taking_in``).

    A clue that came by no form has one too once an officer has given out a receipt for it (``issuing``).
    """

    #: keyed hash of the word that the phone made for it: sent again, it is the same one
    key_hash = models.CharField(max_length=64, unique=True)
    #: keyed hash of the receipt's digits; the digits themselves are kept nowhere
    receipt_hash = models.CharField(max_length=64, unique=True)
    #: how often the receipt's digits were taken already when they were made
    receipt_turn = models.PositiveSmallIntegerField(default=0)
    #: tells the same submission sent again from another one under the same word
    words_hash = models.CharField(max_length=64)
    kind = models.CharField("类别", max_length=12, choices=Clue.Kind.choices)
    #: what was scanned; empty where the site was typed
    code = models.ForeignKey(ScanCode, on_delete=models.PROTECT, null=True, related_name="submissions")
    #: where nothing was scanned; a code's place is its site's
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    trade = models.CharField("工种", max_length=20, blank=True)
    #: whether somebody else filled the form in
    helped = models.BooleanField("他人代填", default=False)
    #: everything that was typed, as JSON, until the clue has it
    words = SealedField(null=True)
    received_at = models.DateTimeField("收到时间")
    clue = models.OneToOneField(Clue, on_delete=models.PROTECT, null=True, related_name="submission")
    #: when an officer gave out the receipt that holds; null: the phone that sent the form got it
    issued_at = models.DateTimeField(null=True)
    issued_by_name = models.CharField(max_length=80, blank=True)
    #: whom it was given to, where that was not the worker; and the number by which the worker is known then
    helper = SealedField(null=True)
    own = SealedField(null=True)

    class Meta:
        indexes = [
            # what is still to become a clue, in the order it came
            models.Index(fields=["id"], condition=Q(clue__isnull=True), name="submission_waiting"),
        ]

    @property
    def by_form(self) -> bool:
        """Whether somebody sent the public form; else it stands for a receipt that was given out."""
        return self.words_hash != ""


class SubmissionFile(models.Model):
    """A picture or a recording of a submission; may come after it, over a slow network."""

    class Kind(models.TextChoices):
        PICTURE = "picture", "照片"
        SOUND = "sound", "语音"

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    #: keyed hash of the phone's word for this file: sent again, it is the same one
    key_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    #: by its content, not by what the sender called it
    content_type = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            # also finds the files of a submission
            models.UniqueConstraint(fields=["submission", "key_hash"], name="submission_file_once")
        ]


class Message(models.Model):
    """A word between the office and whoever told us; they are known only by their receipt."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="messages")
    #: from the office; else from whoever told us
    from_office = models.BooleanField()
    text = SealedField()
    #: for the office's own pages; the other side reads only that it was the office
    by_name = models.CharField(max_length=80, blank=True)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    #: when whoever holds the receipt first read it
    seen_at = models.DateTimeField(null=True)
    #: what tells a message sent again from a second one; empty from the office
    key_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["submission", "id"], name="message_submission")
        ]  # the page's messages
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "key_hash"], condition=~Q(key_hash=""), name="message_once"
            )
        ]


class FloodMark(models.Model):
    """One counter of ``floods``: until when it is used up, in milliseconds, and how far ahead that may lie.

    Nothing but the key is indexed: every submission writes three of these.
    """

    key = models.CharField(primary_key=True, max_length=64)
    until = models.BigIntegerField()
    room = models.BigIntegerField()
