"""What follows by itself from what was found in a case."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from anxin.casework.models import Matter
from anxin.enforcement.crime_notice import tell_of_line
from anxin.local_law.queries import current


@task()
def line_task(matter_id: int) -> None:
    """Hold the case against the criminal amounts; tells nobody twice."""
    matter = Matter.objects.select_related("lead", "handler", "region").get(pk=matter_id)
    tell_of_line(matter, now=timezone.now(), law=current())
