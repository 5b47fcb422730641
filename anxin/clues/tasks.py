"""What runs by itself: the reading of what has come in."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from anxin.clues.triaging import triage_new
from anxin.evidence.journal import SYSTEM


@task()
def triage_task() -> None:
    """Read every clue that has no reading yet. It may run twice: what is read is not read again."""
    triage_new(actor=SYSTEM, now=timezone.now())
