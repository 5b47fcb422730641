"""What a worker says beside any run: to a promise that came in a file, or to a day before there is a payroll."""

from __future__ import annotations

from django.db import models

from anxin.payroll.models import PayrollLine
from anxin.registry.models import Project
from anxin.workforce.models import Worker


class WorkerWord(models.Model):
    """A worker's yes or no from the own phone. No word is no answer; a no stays, with what was answered to it."""

    class State(models.TextChoices):
        SAID = "said", "已确认"
        OPEN = "open", "待答复"
        ANSWERED = "answered", "已答复"

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="words", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    #: the promise that is confirmed or contested …
    # Lines lie in pieces by month, whose key is not the line's number alone: the database cannot hold this reference.
    promise = models.ForeignKey(
        PayrollLine, on_delete=models.PROTECT, null=True, related_name="words", db_constraint=False
    )
    #: … or the day whose attendance is
    day = models.DateField(null=True)
    #: what the promise said then
    net_fen = models.BigIntegerField(null=True)
    says = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices)
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            # what waits for an answer on a project, the longest waiting first
            models.Index(fields=["project", "state", "id"], name="word_project_state"),
            # everything one worker has said
            models.Index(fields=["worker", "-id"], name="word_worker"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(promise__isnull=False, day__isnull=True, net_fen__isnull=False)
                | models.Q(promise__isnull=True, day__isnull=False, net_fen__isnull=True),
                name="word_about_one_thing",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="said") | models.Q(promise__isnull=False),
                name="word_yes_is_to_a_promise",
            ),
            models.UniqueConstraint(
                fields=["worker", "promise"],
                condition=models.Q(state="open", promise__isnull=False),
                name="word_open_promise_once",
            ),
            models.UniqueConstraint(
                fields=["worker", "project", "day"],
                condition=models.Q(state="open", day__isnull=False),
                name="word_open_day_once",
            ),
        ]
