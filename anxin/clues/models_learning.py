"""Models learnt from what people said of clues. For each question one is in use, or the shipped one where none is."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q


class LearntModel(models.Model):
    """A training that somebody asked for: on what, how it did on judgements it had not seen, whether it is in use."""

    class State(models.TextChoices):
        ASKED = "asked", "训练中"
        TRIED = "tried", "待启用"
        WORSE = "worse", "不如现用的"
        USED = "used", "使用中"
        RETIRED = "retired", "已停用"
        FAILED = "failed", "没有训练成"

    class Question(models.TextChoices):
        WAGES = "wages", "是否欠薪"
        CONSTRUCTION = "construction", "是否工程建设领域"
        DISPUTE = "dispute", "是否同一件事"

    question = models.CharField(max_length=12, choices=Question.choices, default=Question.WAGES)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    #: the model that was in use then, which it had to beat
    base_version = models.CharField(max_length=40, blank=True)
    judged = models.PositiveIntegerField("核定", default=0)
    owed = models.PositiveIntegerField("其中答是", default=0)
    #: ``{precision, recall, f1}`` in ten-thousandths: of the one in use, and of the new one on what it had not seen
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    #: ``as_json()`` of ``triage.Model``, of ``triage.weights.Weights`` for other questions than wages
    weights = models.JSONField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    retired_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question"], condition=Q(state="used"), name="learnt_model_used_once"
            ),
        ]

    @property
    def version(self) -> str:
        """``本地2026-11-29-3``: the day it was learnt and its number."""
        return f"本地{self.asked_at:%Y-%m-%d}-{self.pk}"

    @property
    def compared(self) -> list[tuple[str, dict[str, str] | None]]:
        """The one in use and this one, rates in words: ``92.3%``."""
        return [
            (title, self._rates(figures))
            for title, figures in (("现用的", self.before), ("新训练的", self.after))
        ]

    @staticmethod
    def _rates(figures: Mapping[str, int] | None) -> dict[str, str] | None:
        return None if figures is None else {name: f"{value / 100:.1f}%" for name, value in figures.items()}
