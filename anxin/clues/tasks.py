"""What runs by itself: the reading of what has come in."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from anxin.clues import list_ocr
from anxin.clues.learning import learn
from anxin.clues.triaging import hold_again, triage_new
from anxin.evidence.journal import SYSTEM


@task()
def triage_task() -> None:
    """Read every clue that has no reading yet. It may run twice: what is read is not read again."""
    if triage_new(actor=SYSTEM, now=timezone.now()).left:
        triage_task.enqueue()


@task()
def hold_again_task(clue_id: int) -> None:
    """Match a corrected clue anew; twice is as good as once."""
    if not hold_again(clue_id, actor=SYSTEM, now=timezone.now()):
        hold_again_task.enqueue(clue_id)


@task()
def learn_task(pk: int) -> None:
    """Learn from what people looked at, and hold the new model against the one in use."""
    learn(pk, now=timezone.now())


@task()
def read_list_task(pk: int) -> None:
    """Read the photograph of a list; what is read or typed already is left alone."""
    list_ocr.read_photo(pk, now=timezone.now())
