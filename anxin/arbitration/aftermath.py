"""After an award: the matter of the remedies begins from it, and its clocks count from the days each side received it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from anxin.accounts.models import User
from anxin.arbitration.journalling import held, note
from anxin.arbitration.models import Award, Received
from anxin.casework import flow
from anxin.casework.clockwork import Words
from anxin.casework.models import Matter
from anxin.casework.services import set_event
from anxin.casework.succession import go_on
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law

PROCEDURE = "post_award"
#: events of ``post_award`` that clocks count from
EVENTS = {Received.Side.WORKER: "劳动者收到裁决书之日", Received.Side.EMPLOYER: "用人单位收到裁决书之日"}
LAST = "最后一方收到裁决书之日"


def begin(award: Award, *, by: User, now: dt.datetime, law: Law) -> Matter:
    """Begin the remedies and execution of an award, with its finality and what is known of its receipt.

    Begun again, the matter that stands is returned. Raises :class:`Refused`.
    """
    with transaction.atomic():
        case = held(award.case, by)
        found = Award.objects.select_for_update().get(pk=award.pk)
        if found.after_id is not None:
            return Matter.objects.get(pk=found.after_id)
        begun = go_on(
            case.matter,
            PROCEDURE,
            by=by,
            now=now,
            law=law,
            beside=_others(found),
            title=f"{case.employer_name}：{found}（{found.get_finality_display()}）的救济与执行"[:200],
            region=case.region,
            lead=case.matter.lead,
            on=found.decided_on,
        )
        step = "find_final" if found.finality == Award.Finality.FINAL else "find_nonfinal"
        flow.take(
            begun, step, by=by, on=found.decided_on, now=now, law=law, expected_version=begun.version,
            words=Words(body="arbitral_tribunal"),
        )  # fmt: skip
        found.after = begun
        found.save(update_fields=["after"])
        for name, day in _days(found).items():
            _tell(begun, name, day, by=by, now=now, law=law)
        note(
            case, "after_begun", f"{found}接着办理{begun.number}", by=by, now=now, after={"matter": begun.pk}
        )
    return begun


def receive(
    award: Award, side: str, on: dt.date, *, how: str, by: User, now: dt.datetime, law: Law
) -> Received:
    """Write down when a side received the award; told to the clocks where they run. Raises :class:`Refused`."""
    if side not in Received.Side.values:
        raise Refused("请选择是哪一方收到的。", field="side")
    how = worded(how, "请写明怎样收到的", field="how", more="，例如“当面签收送达回证”")
    if not award.decided_on <= on <= now.date():
        raise Refused(f"收到日期须在裁决之日{award.decided_on}和今天之间。", field="on")
    with transaction.atomic():
        case = held(award.case, by)
        found = Award.objects.select_for_update().get(pk=award.pk)
        standing = found.received.filter(side=side).first()
        if standing is not None and (standing.on, standing.how) == (on, how):
            return standing
        was = standing.on if standing else None
        kept, _ = Received.objects.update_or_create(
            award=found, side=side, defaults={"on": on, "how": how, "by_name": str(by), "recorded_at": now}
        )
        if found.after_id is not None and was != on:
            begun = Matter.objects.select_related("lead").get(pk=found.after_id)
            for name, day in _days(found).items():
                _tell(begun, name, day, by=by, now=now, law=law)
        note(case, "received", f"{kept.get_side_display()}{on}收到{found}", by=by, now=now,
             after={"award": found.pk, "was": str(was) if was else None})  # fmt: skip
    return kept


def _others(award: Award) -> list[int]:
    """Matters of the other awards of the case: each paper has its own remedies."""
    return list(Award.objects.filter(case=award.case_id, after__isnull=False).values_list("after", flat=True))


def _days(award: Award) -> dict[str, dt.date]:
    """Days by the name of the event; the last one once both sides have received it."""
    known = dict(award.received.values_list("side", "on"))
    days = {name: known[side] for side, name in EVENTS.items() if side in known}
    if len(known) == len(EVENTS):
        days[LAST] = max(known.values())
    return days


def _tell(matter: Matter, name: str, day: dt.date, *, by: User, now: dt.datetime, law: Law) -> None:
    """A day that the matter does not know yet; the same day again is no step."""
    fresh = Matter.objects.select_related("lead").get(pk=matter.pk)
    known = fresh.event_dates.filter(name=name).values_list("on", flat=True).first()
    if known != day:
        set_event(fresh, name, day, by=by, now=now, law=law, expected_version=fresh.version)
