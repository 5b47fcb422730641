"""What runs by itself: submissions become clues."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from anxin.channels.taking_in import queue_next, take_in_waiting


@task()
def take_in_task() -> None:
    """Take in everything that waits. It may run twice: what is a clue already is left alone."""
    if take_in_waiting(now=timezone.now()):
        queue_next(now=timezone.now())
