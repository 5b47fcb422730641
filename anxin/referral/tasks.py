"""What follows from a step of a matter of a clue's chain: its body has accepted, and a clue whose conclusion stands closes
with the last of them; and what follows when a further matter is begun."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from anxin.referral import chains
from anxin.referral.closing import matter_ended
from anxin.referral.current import locked
from anxin.referral.models import Referral
from anxin.referral.referring import accepted_by_step


def follow(matter_id: int, name: str, now: dt.datetime) -> None:
    """After a step of the matter that ``name`` took (empty: by itself). Twice is as good as once."""
    with transaction.atomic():
        rows = Referral.objects.filter(chains.of_matter(matter_id), ended_at__isnull=True)
        referral = rows.select_related("matter", "clue").first()
        if referral is None:
            return
        clue = locked(referral.clue)
        if name and referral.matter_id == matter_id:
            accepted_by_step(referral, name=name, now=now)
        matter_ended(clue, now=now)


@task()
def follow_task(matter_id: int, name: str) -> None:
    """:func:`follow`, now."""
    follow(matter_id, name, timezone.now())


@task()
def went_on_task(matter_id: int) -> None:
    """:func:`chains.went_on`, now."""
    chains.went_on(matter_id, timezone.now())
