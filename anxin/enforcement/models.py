"""What hangs on matters when several bodies work together: emergencies, and what is said about them over time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from anxin.casework.models import Matter, Task
from anxin.clues.models import Clue
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Employer, Industry, Organisation, Project, Region


class Emergency(models.Model):
    """People have gathered over wages. A real one runs as a matter of its own; a drill has none, so that
    nothing which counts matters, tasks or clocks can count it."""

    #: the matter's number; of a drill one of its own series
    number = models.CharField("编号", max_length=120, unique=True)
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, null=True, related_name="emergency")
    drill = models.BooleanField("演练", default=False)
    place = models.CharField("地点", max_length=200)
    what = models.CharField("情况", max_length=500)
    # what decides who sees it; of a real one the matter decides
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    industry = models.CharField(max_length=20, choices=Industry.choices, blank=True)
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="+")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="+")
    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, null=True, related_name="+")
    # as last said; every entry keeps what was said then
    people = models.PositiveIntegerField("人数")
    owed_fen = models.BigIntegerField("涉及金额（分）", null=True)
    paid_fen = models.BigIntegerField("已付金额（分）", null=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    #: hours from one report to the next, and where that number comes from, in words
    report_hours = models.PositiveSmallIntegerField()
    report_basis = models.CharField(max_length=300)
    #: null once it has ended
    next_report_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(drill=True, matter__isnull=True) | Q(drill=False, matter__isnull=False),
                name="emergency_real_or_drill",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(next_report_at__isnull=True),
                name="emergency_ended_reports_no_more",
            ),
        ]
        indexes = [
            # the list: those that go on, the latest first
            models.Index(fields=["drill", "ended_at", "-id"], name="emergency_list"),
        ]

    def __str__(self) -> str:
        return self.number


class EmergencyEntry(models.Model):
    """One line of the timeline: when it was so, what was seen or done, how many people, how much money then."""

    class Kind(models.TextChoices):
        OPENED = "opened", "接报"
        EVENT = "event", "现场情况"
        REPORT = "report", "信息报告"
        ENDED = "ended", "结束"

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    text = models.CharField(max_length=1000)
    people = models.PositiveIntegerField(null=True)
    owed_fen = models.BigIntegerField(null=True)
    paid_fen = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)

    class Meta:
        # the timeline of one emergency
        indexes = [models.Index(fields=["emergency", "at", "id"], name="entry_emergency")]


class Responder(models.Model):
    """One of the three on the spot: whom to call. A later one of the same office ends the one before."""

    class Office(models.TextChoices):
        HUMAN_RESOURCES = "hr", "人社"
        POLICE = "police", "派出所"
        INDUSTRY = "industry", "行业主管部门"

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="responders")
    office = models.CharField(max_length=8, choices=Office.choices)
    body_name = models.CharField("单位", max_length=80)
    name = SealedField()
    phone = SealedField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # also finds who is on the spot now
            models.UniqueConstraint(
                fields=["emergency", "office"], condition=Q(until__isnull=True), name="responder_current_once"
            )
        ]


class Meeting(models.Model):
    """A meeting about matters: planned with its agenda, then held, with minutes and what was decided."""

    title = models.CharField("会议", max_length=120)
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=120, blank=True)
    #: who calls it; with the place it decides who sees it
    convenor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    industry = models.CharField(max_length=20, choices=Industry.choices, blank=True)
    attended = models.CharField("参加单位和人员", max_length=500, blank=True)
    minutes = models.TextField("会议纪要", blank=True)
    #: null: planned
    held_at = models.DateTimeField(null=True)
    held_by_name = models.CharField(max_length=80, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()

    class Meta:
        # the list of meetings, the latest first
        indexes = [models.Index(fields=["-on", "-id"], name="meeting_list")]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """A matter on a meeting's agenda, with the question that is put."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="agenda_items")
    question = models.CharField("议题", max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "matter"], name="agenda_matter_once")]


class Decision(models.Model):
    """What a meeting decided about a matter; the task that came of it says what, who and until when."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="decisions")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="decision")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()


class Mark(models.Model):
    """Somebody above looks at a matter: who, since when, why, and what came of it. Missed limits have their own
    marks in ``casework``; these are put by people."""

    class Kind(models.TextChoices):
        LEADER = "leader", "领导包案"
        ELEVATION = "elevation", "提级办理"
        LISTED = "listed", "挂牌督办"
        DUAL = "dual", "一案双查"

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: the leader in charge, or the body that has raised it, watches it or looks into the duties behind it
    who = models.CharField("谁", max_length=80)
    since = models.DateField("起始日期")
    why = models.CharField("原因", max_length=300)
    by_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    result = models.CharField("结果", max_length=500, blank=True)
    ended_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            # one of a kind at a time; also finds what stands on a matter now
            models.UniqueConstraint(
                fields=["matter", "kind"], condition=Q(ended_on__isnull=True), name="mark_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("since")),
                name="mark_ends_after_it_begins",
            ),
        ]
        # the list: those that stand, the latest first
        indexes = [models.Index(fields=["ended_on", "-since", "-id"], name="mark_list")]


class Bulletin(models.Model):
    """A draft 通报 about one employer and one month: what was counted, by which rule and line, with its rows."""

    class Kind(models.TextChoices):
        CLUES = "clues", "工程欠薪线索偏多"
        COLLECTIVE = "collective", "集体欠薪纠纷"
        ARBITRATION = "arbitration", "仲裁个案偏多"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="bulletins")
    #: ``YYYY-MM``
    month = models.CharField(max_length=7)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    #: the line and where it comes from, and how was counted, in words, as they stood then
    line = models.CharField(max_length=300)
    rule = models.CharField(max_length=500)
    #: ``[{to, pk, number, title, on, people}]``; ``to`` is ``clue`` or ``matter``
    rows = models.JSONField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    #: the joint interview that somebody opened from it
    interview = models.OneToOneField(Matter, on_delete=models.PROTECT, null=True, related_name="bulletin")

    class Meta:
        constraints = [
            # drafted once; also finds what has been drafted for a month and place
            models.UniqueConstraint(fields=["month", "region", "kind", "employer"], name="bulletin_once")
        ]


class Inspector(models.Model):
    """Who investigates a case, with the number of the card they show; whoever is replaced stays in the record."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="inspectors")
    name = models.CharField("监察员", max_length=40)
    certificate = models.CharField("执法证号", max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            # also finds who investigates now
            models.UniqueConstraint(
                fields=["matter", "certificate"], condition=Q(until__isnull=True), name="inspector_once"
            )
        ]


class HearingHost(models.Model):
    """Who presides over the hearing of a penalty and who keeps its record; whoever is replaced stays."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="hearing_hosts")
    name = models.CharField("主持人", max_length=40)
    recorder = models.CharField("记录人", max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(until__isnull=True), name="hearing_host_once"
            )
        ]


class Arrears(models.Model):
    """What a case has found to be owed: people, months, money. A later finding supersedes; both stay."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="arrears")
    people = models.PositiveIntegerField("人数")
    months = models.PositiveIntegerField("拖欠月数")
    total_fen = models.BigIntegerField("合计金额（分）")
    #: the most that is owed to one person
    single_fen = models.BigIntegerField("最多一人金额（分）")
    source = models.CharField("依据", max_length=200)
    #: person by person as found then, ``{key, number, verdict, source, fen, months, why, by}``; empty: entered as sums only
    lines = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            # also finds what holds now
            models.UniqueConstraint(
                fields=["matter"], condition=Q(superseded_at__isnull=True), name="arrears_current_once"
            ),
            models.CheckConstraint(
                condition=Q(single_fen__gt=0) & Q(total_fen__gte=models.F("single_fen")),
                name="arrears_add_up",
            ),
        ]


class LeniencyOpinion(models.Model):
    """What a person decided after holding a case against the three lists, with the conditions as they stood then."""

    class Outcome(models.TextChoices):
        WAIVED = "waived", "不予处罚"
        MITIGATED = "mitigated", "减轻处罚"
        LIGHTER = "lighter", "从轻处罚"
        NONE = "none", "不适用清单"

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="leniency_opinions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    #: whether the arrears are malicious, as the person said or the records show
    malicious = models.BooleanField()
    #: ``[{ground, citation, conditions: [{words, state, why}]}]``
    grounds = models.JSONField()
    reason = models.CharField("理由", max_length=1000)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(malicious=False) | Q(outcome="none"), name="leniency_never_for_malice"
            )
        ]


# Django finds models through this module.
from anxin.enforcement.models_found import FoundPerson  # noqa: E402, F401
