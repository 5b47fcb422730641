"""Which tickets a hotline's own program delivered, what it told us of them afterwards, and how lists say they stand."""

from __future__ import annotations

from django.db import models

from anxin.clues.models import Clue
from anxin.evidence.models import Recorded, StoredFile
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Organisation

#: the answers of a 回访 in words, yes and no
_SAYS = {
    "contacted": ("已联系", "未联系上"),
    "solved": ("已解决", "未解决"),
    "satisfied": ("满意", "不满意"),
}


class HotlineTicket(models.Model):
    """A clue that a hotline centre delivered by program: only that centre's keys see it."""

    clue = models.OneToOneField(Clue, on_delete=models.CASCADE, related_name="ticket")
    centre = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField()
    #: where the journal stood before it came: its changes lie behind
    since = models.BigIntegerField()

    class Meta:
        indexes = [
            # the first ticket of a centre: no change of its tickets lies before
            models.Index(fields=["centre", "since"], name="ticket_centre"),
        ]


class TicketNote(models.Model):
    """One thing that the hotline heard from the caller afterwards. Told twice it is one row."""

    class Kind(models.TextChoices):
        REVISIT = "revisit", "回访"
        URGE = "urge", "催办"
        SUPPLEMENT = "supplement", "补充"

    clue = models.ForeignKey(Clue, on_delete=models.CASCADE, related_name="ticket_notes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: when the caller said it
    at = models.DateTimeField()
    #: of a 回访: whether the caller was reached, the matter is solved, the caller is content; null: not asked
    contacted = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfied = models.BooleanField(null=True)
    #: may name people: sealed
    words = SealedField(null=True)
    #: keyed hash over all of it: the same told again is known
    mark = models.CharField(max_length=64)
    #: it counted as the worker's disagreement
    disagreed = models.BooleanField(default=False)
    centre_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            # also finds the notes of a clue
            models.UniqueConstraint(fields=["clue", "mark"], name="ticket_note_once"),
            models.CheckConstraint(
                condition=models.Q(kind="revisit", contacted__isnull=False)
                | models.Q(
                    contacted__isnull=True, solved__isnull=True, satisfied__isnull=True, words__isnull=False
                )
                & ~models.Q(kind="revisit"),
                name="ticket_note_says_something",
            ),
        ]

    @property
    def summary(self) -> str:
        """``回访（已联系，未解决，不满意）``, without anybody's words."""
        said = [
            words[0 if value else 1]
            for name, words in _SAYS.items()
            if (value := getattr(self, name)) is not None
        ]
        return f"{self.get_kind_display()}（{'，'.join(said)}）" if said else str(self.get_kind_display())


class TicketFile(models.Model):
    """A picture or a recording that the hotline sent with its ticket. The same content again is one row."""

    class Kind(models.TextChoices):
        PICTURE = "picture", "照片"
        SOUND = "sound", "录音"

    clue = models.ForeignKey(Clue, on_delete=models.CASCADE, related_name="ticket_files")
    #: keyed hash of what was sent
    mark = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    #: by its content, not by what the sender called it
    content_type = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    centre_name = models.CharField(max_length=80)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            # also finds the files of a clue
            models.UniqueConstraint(fields=["clue", "mark"], name="ticket_file_once")
        ]


class TicketStatus(Recorded):
    """How a ticket stands by the hotline's own account, as its lists or its program say (``ticket_status.Status``). Later rows
    replace earlier ones, which are kept."""

    class Extension(models.TextChoices):
        ASKED = "asked", "申请中"
        GRANTED = "granted", "已批准"
        REFUSED = "refused", "未批准"

    clue = models.ForeignKey(Clue, on_delete=models.CASCADE, related_name="ticket_statuses")
    status = models.CharField(max_length=40, blank=True)
    #: may name people: sealed
    returned_why = SealedField(null=True)
    returned_at = models.DateTimeField(null=True)
    extension = models.CharField(max_length=8, choices=Extension.choices, blank=True)
    extension_asked_to = models.DateField(null=True)
    extended_to = models.DateField(null=True)
    #: may name people: sealed
    result = SealedField(null=True)
    answered_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    redone = models.PositiveSmallIntegerField(null=True)
    supervised = models.PositiveSmallIntegerField(null=True)
    #: of the hotline's 回访; null: not asked
    contacted = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfied = models.BooleanField(null=True)
    #: by the list: when the ticket stood so, and the day of the list
    as_of = models.DateTimeField(null=True)
    listed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            # also finds how a ticket stands now
            models.UniqueConstraint(
                fields=["clue"], condition=models.Q(superseded_at__isnull=True), name="ticket_status_once"
            ),
            models.CheckConstraint(
                condition=models.Q(extended_to__isnull=True) | models.Q(extension="granted"),
                name="ticket_status_until_granted",
            ),
            # nobody answers for a caller who was not reached
            models.CheckConstraint(
                condition=models.Q(contacted__isnull=True)
                | models.Q(contacted=True)
                | models.Q(solved__isnull=True, satisfied__isnull=True),
                name="ticket_status_caller_reached",
            ),
        ]

    @property
    def asked_back(self) -> str:
        """``已联系，未解决，不满意``; empty where nobody asked."""
        return "，".join(
            words[0 if value else 1]
            for name, words in _SAYS.items()
            if (value := getattr(self, name)) is not None
        )
