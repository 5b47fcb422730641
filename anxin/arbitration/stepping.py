"""What the tribunal does moves the matter, so that nobody enters it twice; a step that is not due there is left alone."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anxin.accounts.models import User
from anxin.arbitration.models import ArbitrationCase
from anxin.casework import flow
from anxin.casework.flow import Words
from anxin.casework.models import Matter, Step
from anxin.law import Law

#: keys of the procedure's steps
SET, POSTPONE, HEAR = "set_hearing", "postpone", "hear"
#: the event that the notice is counted back from
HEARING_DAY = "开庭日"


def follow(
    case: ArbitrationCase,
    key: str,
    *,
    on: dt.date,
    by: User,
    now: dt.datetime,
    law: Law,
    hearing_day: dt.date | None = None,
) -> Step | None:
    """Take the step where it leads on from where the matter stands and lacks nothing; ``None`` where it does not.

    Simple and collective cases know fewer steps, and a step may wait for a paper: then a person takes it on the
    matter's page. ``on`` is the day on which it happened; a matter that was stepped on later takes it on that later day.
    ``hearing_day``: for the clocks that are counted back from it.
    """
    matter = Matter.objects.select_related("lead", "handler").get(pk=case.matter_id)
    day = min(max(on, matter.stepped_on), timezone.localdate(now))
    option = next((one for one in flow.options(matter, by, day, law) if one.transition.key == key), None)
    if option is None or not (option.from_here and option.allowed):
        return None
    asked = {one.name for one in option.needs.events}
    events = {HEARING_DAY: hearing_day} if hearing_day is not None and HEARING_DAY in asked else {}
    return flow.take(
        matter,
        key,
        by=by,
        on=day,
        now=now,
        law=law,
        expected_version=matter.version,
        words=Words(events=events),
    )


def standing(case: ArbitrationCase, law: Law) -> str:
    """Where the matter stands, in a sentence for whoever has just moved it."""
    matter = Matter.objects.get(pk=case.matter_id)
    return f"事项现在是“{law.procedure(matter.procedure).state(matter.state).name}”。"
