"""Sweeps, and the warnings that live from one sweep to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from anxin.evidence.models import StoredFile
from anxin.monitoring.models_employers import EmployerGrade as EmployerGrade
from anxin.registry.models import Employer, Organisation, Project, Region


class Level(models.IntegerChoices):
    """Numeric severity; colour and word are for display (local schemes name them differently)."""

    BLUE = 1, "蓝色"
    YELLOW = 2, "黄色"
    ORANGE = 3, "橙色"
    RED = 4, "红色"


class AboutOne(models.Model):
    """Something about one project or about one employer as a whole, never about both."""

    # declared by each table with its own reverse name
    if TYPE_CHECKING:
        project: models.ForeignKey[Project | None, Project | None]
        employer: models.ForeignKey[Employer | None, Employer | None]

    class Meta:
        abstract = True

    @property
    def subject(self) -> Project | Employer:
        """The project or the employer; read both with the row to spare a query."""
        found = self.project if self.project is not None else self.employer
        assert found is not None  # the database checks it
        return found

    @property
    def subject_code(self) -> str:
        """Project code, or unified social credit code."""
        found = self.subject
        return found.code if isinstance(found, Project) else found.uscc

    @property
    def region(self) -> Region | None:
        """Where it is; an employer may have been recorded without a place."""
        return self.subject.region

    @property
    def responsible(self) -> Organisation | None:
        """The body that answers for the project; nobody's for an employer but the bureau's of its place."""
        return self.project.responsible if self.project is not None else None


def about_one(name: str) -> models.CheckConstraint:
    """The database's own guard that a row of :class:`AboutOne` is about exactly one."""
    return models.CheckConstraint(
        condition=models.Q(project__isnull=True, employer__isnull=False)
        | models.Q(project__isnull=False, employer__isnull=True),
        name=name,
    )


class Sweep(models.Model):
    """One run of the rules: what was asked, with which code and parameters, and what came out."""

    class Trigger(models.TextChoices):
        NIGHTLY = "nightly", "每夜"
        IMPORT = "import", "导入后"
        MANUAL = "manual", "手动"

    trigger = models.CharField(max_length=8, choices=Trigger.choices)
    as_of = models.DateField()
    known_at = models.DateTimeField()
    #: both empty: everybody; otherwise the ids that were touched, of either kind
    project_ids = models.JSONField(default=list)
    employer_ids = models.JSONField(default=list)
    engine = models.CharField(max_length=12, default="duckdb")
    code_version = models.CharField(max_length=40)
    parameters_hash = models.CharField(max_length=64)
    rules = models.JSONField()
    facts = models.BigIntegerField()
    findings = models.IntegerField()
    gaps = models.IntegerField()
    opened = models.IntegerField()
    continued = models.IntegerField()
    worsened = models.IntegerField()
    cleared = models.IntegerField()
    #: a what-if (``as_of`` or ``known_at`` in the past) reports but changes no warning
    rehearsal = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    milliseconds = models.IntegerField()
    #: of a rehearsal: the findings and gaps it would have kept, since no warning holds them
    report = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["trigger", "as_of"], name="sweep_trigger_day"),
            # "is this day before the last real sweep?"
            models.Index(fields=["rehearsal", "-as_of"], name="sweep_last_real"),
        ]


class SweepTurn(models.Model):
    """One row, locked while a sweep writes: two sweeps at once take turns.

    ``number`` counts the sweeps that have written. A sweep reads it before it reads the facts and again
    when its turn comes: where another has written in between, it looks at the facts again.
    """

    number = models.BigIntegerField(default=0)


class TouchedProject(models.Model):
    """A project about which something arrived since it was last swept.

    Written with the facts themselves, removed when a sweep has seen them: what a killed worker leaves
    undone is done by the next one, and twenty files in a row cost one sweep.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")


class TouchedEmployer(models.Model):
    """The same for an employer."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="+")


class NightlyRun(models.Model):
    """The nightly sweep of one local day: put in the queue once, and again where it did not come to an end."""

    day = models.DateField(primary_key=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    enqueued_at = models.DateTimeField()


class Warning(AboutOne):
    """A breach of one rule by one project or employer in one month, from its first sign until its facts are gone."""

    class State(models.TextChoices):
        OPEN = "open", "待处置"
        ACKNOWLEDGED = "acknowledged", "已知悉"
        ASSIGNED = "assigned", "处置中"
        CLEARING = "clearing", "申请消除"
        CLEARED = "cleared", "已消除"

    class Family(models.TextChoices):
        WAGES = "wages", "工资风险"
        PAPER = "paper", "制度缺失"

    #: rule, subject and month: the same breach has the same fingerprint in every sweep
    fingerprint = models.CharField(max_length=64, unique=True)
    rule = models.CharField(max_length=8)
    family = models.CharField(max_length=8, choices=Family.choices)
    #: a sign of forgery for a person to look into: listed apart, and never counted as a warning
    advice = models.BooleanField(default=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="warnings")
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, null=True, related_name="warnings")
    month = models.CharField(max_length=7, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    worst_level = models.PositiveSmallIntegerField(choices=Level.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    people = models.IntegerField(null=True)
    amount_fen = models.BigIntegerField(null=True)
    longest_days = models.IntegerField(null=True)
    sentence = models.CharField(max_length=500)
    #: the finding as the rule left it: threshold, since when, articles, measured values
    explanation = models.JSONField()
    first_seen = models.DateField()
    #: start of the present episode: ``first_seen``, or the day it came back
    opened_on = models.DateField()
    last_seen = models.DateField()
    cleared_on = models.DateField(null=True)
    act_by = models.DateField(null=True)
    #: the working calendar of ``act_by``'s year is not published yet
    act_by_provisional = models.BooleanField(default=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    assigned_organisation = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    #: who asks that it be cleared; somebody else decides
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    #: the request was turned down and waits with ``asked_by`` again
    returned = models.BooleanField(default=False)
    #: cleared by people while the facts still stand: it stays so until they are worse than they were then
    hand_cleared = models.BooleanField(default=False)
    hand_cleared_level = models.PositiveSmallIntegerField(null=True)
    hand_cleared_people = models.IntegerField(null=True)
    hand_cleared_amount_fen = models.BigIntegerField(null=True)
    #: what it turned out to be, by the bureau's own list (see ``concluding``); asked for while ``concluded_on``
    #: is empty, and void once it is open again
    conclusion = models.CharField(max_length=30, blank=True)
    conclusion_title = models.CharField(max_length=60, blank=True)
    #: whether it counts as right; empty: neither
    conclusion_right = models.BooleanField(null=True)
    #: nobody said so: the money that arrived did
    conclusion_by_facts = models.BooleanField(default=False)
    concluded_on = models.DateField(null=True)
    #: out of the work lists up to and including this day; still counted (see ``Mute``)
    muted_until = models.DateField(null=True)
    sweep = models.ForeignKey(Sweep, on_delete=models.PROTECT)

    class Meta:
        indexes = [
            # the warning list: not cleared, worst first, then by key
            models.Index(fields=["state", "-level", "-id"], name="warning_list"),
            # a project's warnings
            models.Index(fields=["project", "state"], name="warning_project"),
            # an employer's warnings, and its clerk's
            models.Index(fields=["employer", "state"], name="warning_employer"),
        ]
        constraints = [about_one("warning_about_one")]

    @property
    def concluded_by_two(self) -> bool:
        """One person asked with this conclusion and another agreed: no single person changes it."""
        return self.concluded_on is not None and not self.conclusion_by_facts and self.asked_by_id is not None


class WarningRow(models.Model):
    """One row of evidence behind a warning, as the latest sweep found it."""

    warning = models.ForeignKey(Warning, on_delete=models.CASCADE, related_name="rows")
    #: ``Worker`` id as text, or empty where the row has no identified person
    worker_key = models.CharField(max_length=120, blank=True)
    amount_fen = models.BigIntegerField(null=True)
    days = models.IntegerField(null=True)
    #: where the facts stand: ``payroll_line:12|receipt:40``
    keys = models.TextField()
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["warning", "id"], name="warning_row")]


class Gap(AboutOne):
    """Something that could not be judged because data are missing: never "all is well"."""

    fingerprint = models.CharField(max_length=64, unique=True)
    rule = models.CharField(max_length=8)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="gaps")
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, null=True, related_name="gaps")
    month = models.CharField(max_length=7, blank=True)
    missing = models.CharField(max_length=300)
    first_seen = models.DateField()
    closed_on = models.DateField(null=True)
    sweep = models.ForeignKey(Sweep, on_delete=models.PROTECT)

    class Meta:
        constraints = [about_one("gap_about_one")]


class WarningEvent(models.Model):
    """The history of a warning, in order."""

    class Kind(models.TextChoices):
        OPENED = "opened", "发出预警"
        WORSENED = "worsened", "程度加重"
        EASED = "eased", "程度减轻"
        CLEARED = "cleared", "事实消除"
        REOPENED = "reopened", "再次出现"
        ACKNOWLEDGED = "acknowledged", "知悉"
        ASSIGNED = "assigned", "交办"
        NOTED = "noted", "记录"
        ATTACHED = "attached", "附件"
        CLEARING_ASKED = "clearing_asked", "申请消除"
        CLEARING_AGREED = "clearing_agreed", "同意消除"
        CLEARING_REFUSED = "clearing_refused", "退回申请"
        REOPENED_BY_HAND = "reopened_by_hand", "人工重开"
        STOPPED = "stopped", "规则停用"
        MUTE_ASKED = "mute_asked", "申请静默"
        MUTED = "muted", "同意静默"
        MUTE_REFUSED = "mute_refused", "不同意静默"
        UNMUTED = "unmuted", "静默结束"
        ESCALATED = "escalated", "催办"
        CONCLUDED = "concluded", "结论"

    warning = models.ForeignKey(Warning, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    #: stable key of who acted (``user:12``, ``system``)
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    text = models.CharField(max_length=1000, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    filename = models.CharField(max_length=255, blank=True)

    class Meta:
        indexes = [models.Index(fields=["warning", "id"], name="warning_event")]


class RuleStage(models.Model):
    """From which day a rule has been in which stage; over the stages that ship (``stages.yaml``)."""

    class Stage(models.TextChoices):
        DRAFT = "draft", "草拟"
        SHADOW = "shadow", "试运行"
        LIVE = "live", "正式"
        RETIRED = "retired", "停用"

    class Answer(models.TextChoices):
        ASKED = "asked", "待确认"
        CONFIRMED = "confirmed", "已确认"
        REFUSED = "refused", "未同意"

    rule = models.CharField(max_length=8)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    from_day = models.DateField()
    reason = models.CharField(max_length=500)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.ASKED)
    #: empty where the system did it, because the rule was measured below the floor
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_by_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_by_name = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer_text = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            # one open question a rule; also finds it
            models.UniqueConstraint(
                fields=["rule"], condition=models.Q(answer="asked"), name="rule_stage_asked_once"
            )
        ]
        indexes = [
            # the stage of every rule on a day
            models.Index(fields=["rule", "from_day"], name="rule_stage_day"),
        ]


class ShadowWarning(AboutOne):
    """What a rule on trial would have warned of: nobody acts on it, it is only counted and compared."""

    fingerprint = models.CharField(max_length=64, unique=True)
    rule = models.CharField(max_length=8)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, null=True, related_name="+")
    month = models.CharField(max_length=7, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    people = models.IntegerField(null=True)
    amount_fen = models.BigIntegerField(null=True)
    sentence = models.CharField(max_length=500)
    first_seen = models.DateField()
    last_seen = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [about_one("shadow_about_one")]
        indexes = [
            # a rule's open ones, to count and to close
            models.Index(fields=["rule", "closed_on"], name="shadow_rule"),
        ]


# Django finds models through this module.
from anxin.monitoring.models_forecast import ForecastModel, PayDayForecast  # noqa: E402, F401
from anxin.monitoring.models_quiet import Escalation, Mute  # noqa: E402, F401
from anxin.monitoring.models_trials import Backtest, RuleAccuracy  # noqa: E402, F401
