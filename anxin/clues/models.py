"""Clues: what people told us, how it was read, what a person said instead, and which clues are one dispute."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anxin.evidence.models import Recorded
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Employer, Project, Region


class ClueSeries(models.Model):
    """The last number given in one place and year; locked while the next ones are given."""

    region_code = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region_code", "year"], name="clue_series_once")]


class Clue(models.Model):
    """One voice on one channel. What it says is shown as a person corrected it, else as it was read."""

    class Channel(models.TextChoices):
        HOTLINE = "hotline", "12345热线"
        PLATFORM = "platform", "国家和省级平台"
        VISIT = "visit", "来访"
        TELEPHONE = "telephone", "电话"
        GRID = "grid", "网格上报"
        POLICE = "police", "公安移交"
        QR = "qr", "扫码反映"
        SWEEP = "sweep", "预警转线索"

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", "投诉"
        REPORT = "report", "举报"

    class State(models.TextChoices):
        NEW = "new", "待派"
        REFERRED = "referred", "办理中"
        #: what somebody found or answered waits for a second person
        REVIEW = "review", "待复核"
        CONCLUDED = "concluded", "待确认"
        CLOSED = "closed", "已办结"

    class Urgency(models.IntegerChoices):
        UNREAD = 0, "待判读"
        ORDINARY = 1, "一般"
        PRESSING = 2, "紧急"
        NOW = 3, "特急"

    #: ``990102〔2026〕线索00001号``; stays whatever becomes of the clue, also when it is opened again
    number = models.CharField("编号", max_length=40, unique=True)
    channel = models.CharField("渠道", max_length=12, choices=Channel.choices)
    kind = models.CharField("类别", max_length=12, choices=Kind.choices, default=Kind.COMPLAINT)
    #: the sender's own number (工单编号); empty where the channel gives none
    sender_number = models.CharField("来件编号", max_length=80, blank=True)
    #: moved by whoever settles it, above (``states.move``)
    state = models.CharField("办理状态", max_length=9, choices=State.choices, default=State.NEW)
    closed_at = models.DateTimeField("办结时间", null=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="told_clues")
    received_at = models.DateTimeField("接收时间")
    recorded_at = models.DateTimeField()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="told_clues")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="told_clues")
    #: identifiers within are masked; the whole words stand sealed in :class:`Telling`
    title = models.CharField("标题", max_length=200)
    #: null: not read yet
    arrears = models.BooleanField("是否欠薪", null=True)
    #: the chance that it is about wages owed, in ten-thousandths
    score = models.PositiveSmallIntegerField(default=0)
    construction = models.BooleanField("工程建设领域", default=False)
    urgency = models.PositiveSmallIntegerField("紧急程度", choices=Urgency.choices, default=Urgency.UNREAD)
    people = models.PositiveIntegerField("人数", null=True)
    amount_fen = models.BigIntegerField("金额（分）", null=True)
    months = models.PositiveIntegerField("拖欠月数", null=True)
    debtor = models.CharField("谁欠", max_length=120, blank=True)
    project_name = models.CharField("所说项目", max_length=120, blank=True)
    #: since when a person has agreed with the reading or corrected it; null: 未看
    looked_at = models.DateTimeField(null=True)
    looked_by_name = models.CharField(max_length=80, blank=True)
    #: the first clue of the dispute that this one was merged into; null where it stands for itself
    dispute = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")

    class Meta:
        constraints = [
            # the same hotline ticket comes twice and stays one; also finds one by the sender's number
            models.UniqueConstraint(
                fields=["channel", "sender_number"], condition=~Q(sender_number=""), name="clue_sender_once"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="clue_closed_with_moment",
            ),
        ]
        indexes = [
            # the lead desk's list: the most urgent first, then the surest, by key
            models.Index(fields=["-urgency", "-score", "-id"], name="clue_desk"),
            # the same of one state: what is open is a small part of what ever came
            models.Index(fields=["state", "-urgency", "-score", "-id"], name="clue_state"),
            # the list of a region's subtree
            models.Index(fields=["region", "-id"], name="clue_region"),
            # the clues of the last months that a new one is held against
            models.Index(fields=["received_at"], name="clue_received"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def of_construction(self) -> bool:
        """Whether it counts as wages of construction, wherever that is asked: its text says so, or it belongs to a project."""
        return self.construction or self.project_id is not None


class Telling(Recorded):
    """What the channel said of the clue. A changed hotline ticket is a new telling; the one before is kept."""

    clue = models.ForeignKey(Clue, on_delete=models.CASCADE, related_name="tellings")
    #: what tells a changed row from the same one: a keyed hash over everything that was said
    mark = models.CharField(max_length=64)
    title = SealedField()
    text = SealedField()
    place = models.CharField("地点", max_length=200, blank=True)
    name = SealedField(null=True)
    phone = SealedField(null=True)
    #: empty where the channel gave none, or only a masked one
    phone_hash = models.CharField(max_length=64, blank=True)
    #: keyed hashes of the ID numbers that stand in the text
    id_hashes = models.JSONField(default=list)
    #: what the hotline said of it: category, urgency, due days, who was to handle it
    said = models.JSONField(default=dict)

    class Meta:
        constraints = [
            # also finds what a clue says now
            models.UniqueConstraint(
                fields=["clue"], condition=Q(superseded_at__isnull=True), name="telling_current_once"
            )
        ]
        indexes = [
            # who else has called from this telephone
            models.Index(fields=["phone_hash"], name="telling_phone"),
        ]


class Reading(models.Model):
    """How a telling was read, by which version of the model; a person's corrections leave it as it is."""

    telling = models.OneToOneField(Telling, on_delete=models.CASCADE, related_name="reading")
    model_version = models.CharField(max_length=40)
    read_at = models.DateTimeField()
    arrears = models.BooleanField()
    score = models.PositiveSmallIntegerField()
    construction = models.BooleanField()
    people = models.PositiveIntegerField(null=True)
    amount_fen = models.BigIntegerField(null=True)
    months = models.PositiveIntegerField(null=True)
    debtor = models.CharField(max_length=120, blank=True)
    project_name = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=120, blank=True)
    urgency = models.PositiveSmallIntegerField()
    #: ``[{about, says, words}]``
    reasons = models.JSONField(default=list)


class Correction(models.Model):
    """A person's value for one field of a clue. A later one ends it; the machine's reading stays beside it."""

    clue = models.ForeignKey(Clue, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=20)
    #: in words, as the page shows them
    was = models.CharField(max_length=200, blank=True)
    became = models.CharField(max_length=200, blank=True)
    #: the value itself, as JSON
    value = models.JSONField(null=True)
    why = models.CharField(max_length=200)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # also finds what holds of a clue now
            models.UniqueConstraint(
                fields=["clue", "field"], condition=Q(ended_at__isnull=True), name="correction_current_once"
            )
        ]


class Candidate(models.Model):
    """An employer or a project of the register that the names in a clue may mean. One alone is taken."""

    clue = models.ForeignKey(Clue, on_delete=models.CASCADE, related_name="candidates")
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, null=True, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    #: why it may be meant, in words
    why = models.CharField(max_length=200)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(employer__isnull=False) ^ Q(project__isnull=False), name="candidate_of_one_kind"
            ),
            models.UniqueConstraint(fields=["clue", "employer"], name="candidate_employer_once"),
            models.UniqueConstraint(fields=["clue", "project"], name="candidate_project_once"),
        ]


class Likeness(models.Model):
    """Two clues that seem to be about one dispute, with the reasons, until a person decides."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待定"
        MERGED = "merged", "已并案"
        REFUSED = "refused", "不是同一件事"

    #: the earlier clue and the later one, by key
    first = models.ForeignKey(Clue, on_delete=models.CASCADE, related_name="likenesses")
    second = models.ForeignKey(Clue, on_delete=models.CASCADE, related_name="likenesses_back")
    #: how much speaks for one dispute, in thousandths
    score = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="likeness_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="likeness_in_order"),
        ]


class Merge(models.Model):
    """A person said that two clues are one dispute. Ended, it is as if it had never been said, but kept."""

    first = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="merges")
    second = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="merges_back")
    reasons = models.JSONField(default=list)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=80, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            # the two are merged once at a time; also finds the merges of a clue
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(ended_at__isnull=True), name="merge_current_once"
            ),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="merge_in_order"),
        ]


# Django finds models through this module.
from anxin.clues.models_claimants import Amount, Claimant, ListPhoto, Particulars, Source  # noqa: E402, F401
from anxin.clues.models_learning import LearntModel  # noqa: E402, F401
from anxin.clues.models_opening import Opening  # noqa: E402, F401
from anxin.clues.models_tickets import HotlineTicket, TicketFile, TicketNote, TicketStatus  # noqa: E402, F401
