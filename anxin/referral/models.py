"""Signed tables; who was asked about a clue, what came out of it, what was paid, what the worker said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property

from anxin.casework.models import Document, Matter
from anxin.clues.models import Clue
from anxin.evidence.models import StoredFile
from anxin.evidence.sealing import SealedField
from anxin.local_law.models import State, TwoPersonRecord, two_persons
from anxin.referral.models_given_back import TITLES, GivenBack, GivenBackRow
from anxin.referral.models_matter_paid import MatterPayment
from anxin.referral.models_money import ListedPayment, PaperSum, Recovered
from anxin.referral.models_satisfaction import Satisfaction
from anxin.referral.models_told import WorkerTold
from anxin.registry.models import Organisation

__all__ = [
    "TITLES",
    "Asking",
    "Closing",
    "Conclusion",
    "GivenBack",
    "GivenBackRow",
    "ListedPayment",
    "MatterPayment",
    "PaperSum",
    "Recovered",
    "Referral",
    "Satisfaction",
    "SignedTable",
    "State",
    "Word",
    "WorkerTold",
]


#: begun beside a claim: they settle nothing by themselves, so that a clue does not move to them
BESIDE = frozenset({"legal_aid", "leniency_check", "interview", "crime_transfer"})


def further() -> Exists:
    """For an annotation ``further`` of rounds: whether anything went on from the matter; a chain is read only then."""
    return Exists(Matter.objects.filter(root=OuterRef("matter")))


#: a conclusion that stands and that nobody has told the worker yet
UNTOLD = "待告知"


class SignedTable(TwoPersonRecord):
    """A table that one officer proposed and another signed, for one region from one day on. Never changed."""

    class Sort(models.TextChoices):
        ROUTING = "routing", "分派表"
        CONCLUSIONS = "conclusions", "结论目录"
        LEDGER = "ledger", "台账版式"

    sort = models.CharField(max_length=12, choices=Sort.choices)
    #: significant digits of the place whose clues it is for; empty: everywhere
    region = models.CharField(max_length=12, blank=True)
    region_name = models.CharField(max_length=60)
    valid_from = models.DateField()
    #: rows as in the data files of this package
    entries = models.JSONField()
    #: the bureau's own workbook that a ledger's rows are put into, its sheet, and the last row of its headings
    pattern = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    pattern_sheet = models.CharField(max_length=31, blank=True)
    pattern_row = models.PositiveSmallIntegerField(null=True)
    source_title = models.CharField(max_length=160)
    source_number = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            # what holds for a place on a day, and the versions of a sort, newest first
            models.Index(fields=["sort", "state", "-id"], name="signed_table_list"),
        ]
        constraints = [
            *two_persons("signed_table"),
            models.CheckConstraint(
                condition=~Q(source_title="") & ~Q(source_number=""), name="signed_table_has_a_paper"
            ),
            # one answer for one place and day, and one proposal at a time
            models.UniqueConstraint(
                fields=["sort", "region", "valid_from"],
                condition=Q(state=State.CONFIRMED),
                name="signed_table_once",
            ),
            models.UniqueConstraint(
                fields=["sort", "region", "valid_from"],
                condition=Q(state=State.PROPOSED),
                name="signed_table_proposed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sort_display()}第{self.pk}号"


class Referral(models.Model):
    """One round of a clue with the bodies that answer for it: the route, and the matter that was opened."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="referrals")
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="referral")
    #: the signed table that decided; null: the one that came with the system
    table = models.ForeignKey(SignedTable, on_delete=models.PROTECT, null=True, related_name="+")
    table_title = models.CharField(max_length=160)
    #: as decided: ``{lead, level, procedure, clock, why: [{row, name, what}], notes}``
    route = models.JSONField()
    #: whom the table meant, and why an officer chose another
    proposed = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    changed_why = models.CharField(max_length=200, blank=True)
    referred_at = models.DateTimeField()
    referred_by_name = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # one round at a time; also finds the round of a clue
            models.UniqueConstraint(
                fields=["clue"], condition=Q(ended_at__isnull=True), name="referral_current_once"
            )
        ]

    @cached_property
    def chain(self) -> Sequence[Matter]:
        """The matter it was passed on with, then all that went on from it as they were begun; one query, none where
        ``chains.fill`` has read it or :func:`further` says that nothing went on."""
        if getattr(self, "further", None) is False:
            return (self.matter,)
        later = Matter.objects.filter(root=self.matter_id).select_related("lead").order_by("pk")
        return (self.matter, *later)

    @property
    def handling(self) -> Sequence[Matter]:
        """Of the chain, where the claim itself is or was dealt with."""
        return [one for one in self.chain if one.procedure not in BESIDE or one.pk == self.matter_id]

    @property
    def now(self) -> Matter:
        """Where it stands: what was begun last of those that are open, of all where none is."""
        handling = self.handling
        return ([one for one in handling if one.closed_on is None] or handling)[-1]

    @property
    def gone_on(self) -> bool:
        """Whether it stands elsewhere than in the matter that it was passed on with."""
        return self.now.pk != self.matter_id


class Asking(models.Model):
    """One body asked within a round. The first one answers until another has accepted (首问负责)."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="askings")
    position = models.PositiveSmallIntegerField()
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=80)
    why = models.CharField(max_length=200, blank=True)
    #: asked after two returns: it cannot return it
    final = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True)
    accepted_by_name = models.CharField(max_length=80, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by_name = models.CharField(max_length=80, blank=True)
    returned_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "position"], name="asking_in_order"),
            models.CheckConstraint(
                condition=Q(final=False) | Q(returned_at__isnull=True), name="asking_final_is_kept"
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | ~Q(returned_why=""), name="asking_returned_says_why"
            ),
        ]


class Conclusion(models.Model):
    """What somebody found, as the list words it. Ended: sent back, or the worker did not agree."""

    class Standing(models.TextChoices):
        REVIEW = "review", "待复核"
        SENT_BACK = "sent_back", "复核退回"
        TOLD = "told", "待劳动者确认"
        CONFIRMED = "confirmed", "劳动者已确认"
        REJECTED = "rejected", "劳动者不同意"
        SILENT = "silent", "申请按未获确认办结"
        UNCONFIRMED = "unconfirmed", "未获确认办结"
        ANSWERED = "answered", "已答复"

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="conclusions")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, related_name="conclusions")
    table = models.ForeignKey(SignedTable, on_delete=models.PROTECT, null=True, related_name="+")
    #: as the list had it then
    name = models.CharField(max_length=40)
    outcome = models.CharField(max_length=16)
    people = models.PositiveIntegerField("人数", null=True)
    amount_fen = models.BigIntegerField("核定金额（分）", null=True)
    words = models.CharField(max_length=1000)
    documents = models.ManyToManyField(Document, related_name="conclusions", blank=True)
    standing = models.CharField(max_length=12, choices=Standing.choices)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    #: why a second person has to look; empty where nobody has
    review_why = models.CharField(max_length=200, blank=True)
    reviewed_by = models.CharField(max_length=80, blank=True)
    reviewed_by_name = models.CharField(max_length=80, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    review_words = models.CharField(max_length=300, blank=True)
    #: since when the worker knows of it and is asked (``WorkerTold``); null: 待告知
    told_at = models.DateTimeField(null=True)
    #: who asked to close without the worker's word
    silent_by = models.CharField(max_length=80, blank=True)
    silent_by_name = models.CharField(max_length=80, blank=True)
    silent_at = models.DateTimeField(null=True)
    #: the second person's word on that, beside the review of the conclusion itself
    silence_reviewed_by = models.CharField(max_length=80, blank=True)
    silence_reviewed_by_name = models.CharField(max_length=80, blank=True)
    silence_reviewed_at = models.DateTimeField(null=True)
    silence_review_words = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # what waits for a second person or for the worker, over all clues
            models.Index(fields=["standing", "at"], name="conclusion_standing"),
        ]
        constraints = [
            # one conclusion holds at a time; also finds it
            models.UniqueConstraint(
                fields=["clue"], condition=Q(ended_at__isnull=True), name="conclusion_current_once"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by="") | ~Q(reviewed_by=models.F("by")), name="conclusion_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(standing="unconfirmed")
                | (Q(silent_at__isnull=False) & ~Q(silence_reviewed_by="")),
                name="conclusion_unconfirmed_was_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(silence_reviewed_by="")
                | (~Q(silence_reviewed_by=models.F("by")) & ~Q(silence_reviewed_by=models.F("silent_by"))),
                name="conclusion_silence_second_person",
            ),
        ]

    @property
    def stands_since(self) -> dt.datetime:
        """Since when it may be told: when it was made, or when the second person had agreed."""
        return self.reviewed_at or self.at

    @property
    def to_be_told(self) -> bool:
        """It stands and nobody has told the worker yet."""
        waits = self.standing in (self.Standing.TOLD, self.Standing.ANSWERED)
        return waits and self.told_at is None and self.ended_at is None

    def get_standing_display(self) -> str:  # type: ignore[no-redef]
        """The standing in words. Nobody is waited for who was not told: 待告知."""
        standing = self.Standing(self.standing)
        return str(UNTOLD if standing == self.Standing.TOLD and self.told_at is None else standing.label)


class Word(models.Model):
    """What the worker said of a conclusion. Nobody speaks for them: silence is no row."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="words")
    conclusion = models.ForeignKey(Conclusion, on_delete=models.PROTECT, related_name="words_of_worker")
    agrees = models.BooleanField()
    #: may name people: sealed
    words = SealedField(null=True)
    at = models.DateTimeField()
    #: empty where the worker said it themselves; else who heard it, and how
    heard_by_name = models.CharField(max_length=80, blank=True)
    how = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["clue", "at"], name="word_clue")]
        constraints = [
            models.CheckConstraint(condition=Q(heard_by_name="") | ~Q(how=""), name="word_heard_says_how")
        ]


class Closing(models.Model):
    """From when to when a clue counted as closed (销号). Opened again, the row keeps both days."""

    class How(models.TextChoices):
        CONFIRMED = "confirmed", "劳动者确认"
        #: everybody's money is proved to the fen; the worker has not spoken yet, and still may
        PROVED = "proved", "付款已逐人证明"
        UNCONFIRMED = "unconfirmed", "未获确认，复核办结"
        ANSWERED = "answered", "直接答复"

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="closings")
    conclusion = models.ForeignKey(Conclusion, on_delete=models.PROTECT, related_name="closings")
    how = models.CharField(max_length=12, choices=How.choices)
    closed_at = models.DateTimeField()
    by_name = models.CharField(max_length=80)
    reopened_at = models.DateTimeField(null=True)
    reopened_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            # what was closed on a day: counted by closing, not by the clue's state of today
            models.Index(fields=["closed_at", "clue"], name="closing_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["clue"], condition=Q(reopened_at__isnull=True), name="closing_current_once"
            )
        ]
