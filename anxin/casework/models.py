"""Matters and what hangs on them. A procedure is a key here; what it asks for stands in the law's tables."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.evidence.models import StoredFile
from anxin.registry.models import Employer, Industry, Organisation, Project, Region


class NumberSeries(models.Model):
    """The last number given in one place, year and procedure; locked while the next one is given."""

    region_code = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    procedure = models.CharField(max_length=60)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region_code", "year", "procedure"], name="series_once")
        ]


class Matter(models.Model):
    """One piece of work run through one procedure from its opening to a final state."""

    #: ``990102〔2026〕程序名0001号``; stays when the matter changes hands
    number = models.CharField("编号", max_length=120, unique=True)
    procedure = models.CharField(max_length=60)
    state = models.CharField(max_length=60)
    title = models.CharField("事项", max_length=200)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    #: code of the other region of something between two (mutual assistance), else empty
    counterpart = models.CharField(max_length=12, blank=True)
    industry = models.CharField("行业", max_length=20, choices=Industry.choices, blank=True)
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="led_matters")
    supporting = models.ManyToManyField(Organisation, related_name="supported_matters", blank=True)
    #: who works on it; empty: whoever of the lead body takes it up
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="matters")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="matters")
    #: the matter that this one goes on from, by the law's table of successions
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    #: the matter with which its chain began, kept so that a whole chain is one condition; null where it began by itself
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="chain")
    opened_on = models.DateField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True)
    #: day of the latest step: the next one is not earlier
    stepped_on = models.DateField()
    #: earliest due day of the limits that run now, for lists
    next_due_on = models.DateField(null=True)
    #: grows with every step; a form that saw an older one is refused
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            # the list of open matters, soonest due first
            models.Index(fields=["closed_on", "next_due_on", "id"], name="matter_due"),
            # the matters of a region's subtree
            models.Index(fields=["region", "procedure", "id"], name="matter_region"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True) | models.Q(closed_on__gte=models.F("opened_on")),
                name="matter_closed_after_opened",
            ),
            models.CheckConstraint(
                condition=models.Q(stepped_on__gte=models.F("opened_on")), name="matter_stepped_after_opened"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Document(models.Model):
    """A paper of the matter: which instrument of the catalogue it is, its file, number and date."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="documents")
    #: key of the law's catalogue of papers
    kind = models.CharField(max_length=80)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    number = models.CharField("文号", max_length=80, blank=True)
    dated = models.DateField("文书日期", null=True)
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
    #: taken back before any step rested on it; the row and the file stay
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["matter", "kind"], name="document_matter")]


class Step(models.Model):
    """The history of a matter, in order: who did what on which day, and what it moved."""

    class Kind(models.TextChoices):
        OPENED = "opened", "开始"
        TAKEN = "taken", "办理"
        AUTOMATIC = "automatic", "到期自动"
        MISSED = "missed", "逾期"
        EVENT = "event", "登记日期"
        TRANSFERRED = "transferred", "移送承办单位"
        RECOMPUTED = "recomputed", "期限重算"

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    #: key of the procedure's step; empty where it is none
    transition = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120)
    from_state = models.CharField(max_length=60, blank=True)
    to_state = models.CharField(max_length=60)
    on = models.DateField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    #: the body whose step it is; an officer records those of parties and of other offices
    body = models.CharField(max_length=60, blank=True)
    body_name = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    articles = models.JSONField(default=list)
    #: what happened to the clocks: ``[{clock, name, effect, due, was}]``
    effects = models.JSONField(default=list)
    #: the papers it rested on
    documents = models.ManyToManyField(Document, related_name="steps", blank=True)

    class Meta:
        indexes = [models.Index(fields=["matter", "id"], name="step_matter")]


class Deadline(models.Model):
    """One run of one clock. It keeps what it is counted from; the due day is worked out by the law.

    ``due_on`` and its companions are stored for lists and worked out anew after every change.
    """

    class Nature(models.TextChoices):
        LIMIT = "limit", "办理期限"
        RIGHT = "right", "权利期限"
        WAITING = "waiting", "最短期间"

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="deadlines")
    clock = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    nature = models.CharField(max_length=8, choices=Nature.choices)
    #: an authority's own limit: missing it is put under oversight
    authority = models.BooleanField(default=False)
    # what it is counted from
    parameter = models.CharField(max_length=80)
    region_code = models.CharField(max_length=12)
    counterpart = models.CharField(max_length=12, blank=True)
    only_for = models.CharField(max_length=60, blank=True)
    part = models.CharField(max_length=60, blank=True)
    started_on = models.DateField()
    #: the moment, for limits in hours
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="started")
    # what was worked out
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    #: of a minimum period: the first day after it
    act_from = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    needs_check = models.BooleanField(default=False)
    unit = models.CharField(max_length=10, blank=True)
    basis = models.CharField(max_length=500, blank=True)
    #: why it could not be worked out, one sentence
    problem = models.CharField(max_length=500, blank=True)
    # how it goes on
    paused_since = models.DateField(null=True)
    met_on = models.DateField(null=True)
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey(Step, on_delete=models.SET_NULL, null=True, related_name="met")
    #: no longer counted without having been met: begun anew, or nothing can meet it any more
    ended_on = models.DateField(null=True)
    #: the day after the last one, once that has been noticed
    missed_on = models.DateField(null=True)

    class Meta:
        indexes = [
            # what falls due or was missed, over all matters
            models.Index(fields=["met_on", "ended_on", "due_on"], name="deadline_due"),
            # everything counted by one parameter, when its value changes
            models.Index(fields=["parameter", "region_code"], name="deadline_parameter"),
        ]
        constraints = [
            # a clock runs once at a time
            models.UniqueConstraint(
                fields=["matter", "clock"],
                condition=models.Q(met_on__isnull=True, ended_on__isnull=True),
                name="clock_runs_once",
            ),
        ]


class EventDate(models.Model):
    """The day of an event that clocks count from or back from: a hearing, a pay day agreed in a contract."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="event_dates")
    #: as the procedure names it
    name = models.CharField(max_length=120)
    on = models.DateField()
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "name"], name="event_date_once")]


class Pause(models.Model):
    """Days that are not counted, from ``first`` to the day before ``resumed_on``."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="pauses")
    first = models.DateField()
    resumed_on = models.DateField(null=True)
    reason = models.CharField(max_length=200)
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resumed_on__isnull=True) | models.Q(resumed_on__gte=models.F("first")),
                name="pause_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["deadline"], condition=models.Q(resumed_on__isnull=True), name="pause_open_once"
            ),
        ]


class Extension(models.Model):
    """More time, granted by a paper; in the unit of the law's own text."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="extensions")
    amount = models.PositiveIntegerField()
    approved_on = models.DateField()
    paper = models.CharField(max_length=120)
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="extension_gives_time")]


class Restart(models.Model):
    """The count begins anew from this day."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="restarts")
    on = models.DateField()
    reason = models.CharField(max_length=200)
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="+")


class Task(models.Model):
    """Something to be done or watched in a matter, for one colleague or for a body."""

    class Kind(models.TextChoices):
        CLOCK = "clock", "限时办理"
        WATCH = "watch", "跟踪期限"
        STEP = "step", "办理下一步"
        PAPER = "paper", "补附文书"
        #: given by people beside the procedure's own steps, for the lead or a supporting body to do
        DECISION = "decision", "交办任务"

    class State(models.TextChoices):
        OPEN = "open", "待办"
        DONE = "done", "已办"
        DROPPED = "dropped", "不再需要"

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    #: what it is about, once per matter among the open ones
    key = models.CharField(max_length=160)
    title = models.CharField(max_length=200)
    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, null=True, related_name="tasks")
    for_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="matter_tasks"
    )
    for_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="matter_tasks")
    #: only a leader can do it
    for_leader = models.BooleanField(default=False)
    due_on = models.DateField(null=True)
    #: a minimum period has to pass first
    not_before = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()
    done_on = models.DateField(null=True)
    # of a task given by people: what came of it, and who said so
    done_note = models.CharField(max_length=500, blank=True)
    done_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            # somebody's open tasks, soonest due first
            models.Index(fields=["for_user", "state", "due_on", "id"], name="task_user"),
            # a body's open tasks, soonest due first
            models.Index(fields=["for_organisation", "state", "due_on", "id"], name="task_organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "key"], condition=models.Q(state="open"), name="task_open_once"
            ),
        ]


class OversightMark(models.Model):
    """An authority's limit went by unmet: raised once, settled when the step was made up for."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="oversight")
    deadline = models.OneToOneField(Deadline, on_delete=models.CASCADE, related_name="oversight_mark")
    raised_on = models.DateField()
    sentence = models.CharField(max_length=500)
    settled_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["settled_on", "-raised_on", "-id"], name="oversight_open")]


class DailyRun(models.Model):
    """The day's run over due days and reminders: queued once a local day, again where it did not end."""

    day = models.DateField(primary_key=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    enqueued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


# Django finds models through this module.
from anxin.casework.models_urging import CallersUrging, Urging  # noqa: E402, F401
