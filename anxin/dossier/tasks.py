"""Packages take longer than a page may. Put back after a crash, one is made again and handed out once."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from anxin.dossier import making
from anxin.local_law import queries as local_law


@task()
def make_package_task(pk: int) -> None:
    """Make one package that somebody asked for."""
    making.run(pk, now=timezone.now(), law=local_law.current())
