"""After an award: the matter of the remedies begins from it, and its clocks count from the days each side received it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from anxin.accounts.models import User
from anxin.arbitration.award_papers import people_of
from anxin.arbitration.journalling import held, note
from anxin.arbitration.models import Applicant, Award, Received
from anxin.casework import flow
from anxin.casework.clockwork import Words
from anxin.casework.models import Matter
from anxin.casework.services import set_event
from anxin.casework.succession import go_on
from anxin.kernel.refusal import Refused, worded
from anxin.law import Deadline, Law

PROCEDURE = "post_award"
#: events of ``post_award`` that clocks count from
EVENTS = {Received.Side.WORKER: "劳动者收到裁决书之日", Received.Side.EMPLOYER: "用人单位收到裁决书之日"}
LAST = "最后一方收到裁决书之日"
SUE = "mediation_arbitration.worker_sue_days"
_EMPLOYER_SUE, _ANNUL = "mediation_arbitration.employer_sue_days", "mediation_arbitration.employer_annul_days"


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
    award: Award,
    side: str,
    on: dt.date,
    *,
    how: str,
    by: User,
    now: dt.datetime,
    law: Law,
    applicants: Sequence[int] | None = None,
    through: int | None = None,
) -> list[Received]:
    """Write down when the employer, or which applicants, received the award; told to the clocks where they run.

    ``applicants`` are those who received it themselves (``None``: all of them on that day); ``through`` is a representative
    who received it for everybody without a day of their own (劳动人事争议仲裁办案规则第六十三条). The same again changes nothing.
    Raises :class:`Refused`.
    """
    if side not in Received.Side.values:
        raise Refused("请选择是哪一方收到的。", field="side")
    how = worded(how, "请写明怎样收到的", field="how", more="，例如“当面签收送达回证”")
    if not award.decided_on <= on <= now.date():
        raise Refused(f"收到日期须在裁决之日{award.decided_on}和今天之间。", field="on")
    with transaction.atomic():
        case = held(award.case, by)
        found = Award.objects.select_for_update().get(pk=award.pk)
        people = people_of(found)
        if side == Received.Side.EMPLOYER:
            whose: list[Applicant | None] = [None]
        elif through is not None:
            whose, how = list(_without_day(found, people)), _through(people, through, how)
        else:
            whose = list(_chosen(people, applicants))
        kept = [_keep(found, side, one, on, how, by, now) for one in whose]
        fresh = [one for one in kept if one is not None]
        if not fresh:
            return list(found.received.filter(side=side))
        if found.after_id is not None:
            begun = Matter.objects.select_related("lead").get(pk=found.after_id)
            for name, day in _days(found).items():
                _tell(begun, name, day, by=by, now=now, law=law)
        who = fresh[0].get_side_display() if side == Received.Side.EMPLOYER else f"{len(fresh)}名申请人"
        note(case, "received", f"{who}{on}收到{found}", by=by, now=now,
             after={"award": found.pk, "received": [one.pk for one in fresh]})  # fmt: skip
    return fresh


def last_day(received: Received, award: Award, region: str, law: Law) -> Deadline:
    """The last day of this party's own remedy: to sue, or for the employer of a final award to ask that it be set aside.

    Raises :class:`~anxin.law.LawError`.
    """
    return law.deadline(remedy(received, award), received.on, region)


def remedy(received: Received, award: Award) -> str:
    """Key of the period that runs for this party (劳动争议调解仲裁法第四十八条、第四十九条、第五十条)."""
    if received.side == Received.Side.WORKER:
        return SUE
    return _ANNUL if award.finality == Award.Finality.FINAL else _EMPLOYER_SUE


def _chosen(people: Sequence[Applicant], applicants: Sequence[int] | None) -> list[Applicant]:
    """The applicants named; of a single one nobody needs to be named. Raises :class:`Refused`."""
    if applicants is None or (not applicants and len(people) == 1):
        return list(people)
    found = [one for one in people if one.pk in set(applicants)]
    if not found:
        raise Refused("请勾选是哪几位申请人收到的，或者选择由哪位代表代为收到。", field="applicant")
    return found


def _without_day(award: Award, people: Sequence[Applicant]) -> list[Applicant]:
    known = set(award.received.filter(applicant__isnull=False).values_list("applicant", flat=True))
    return [one for one in people if one.pk not in known]


def _through(people: Sequence[Applicant], through: int, how: str) -> str:
    """How those received it for whom a representative did. Raises :class:`Refused`."""
    found = next((one for one in people if one.pk == through and one.represents), None)
    if found is None:
        raise Refused("只有登记了的推举代表才能代其他申请人收到，请先登记推举的代表。", field="through")
    return f"由代表{found}代收：{how}"[:200]


def _keep(
    award: Award, side: str, applicant: Applicant | None, on: dt.date, how: str, by: User, now: dt.datetime
) -> Received | None:
    """The row as it stands now; ``None`` where it said the same already."""
    standing = award.received.filter(side=side, applicant=applicant).first()
    if standing is not None and (standing.on, standing.how) == (on, how):
        return None
    kept, _ = Received.objects.update_or_create(
        award=award,
        side=side,
        applicant=applicant,
        defaults={"on": on, "how": how, "by_name": str(by), "recorded_at": now},
    )
    return kept


def _others(award: Award) -> list[int]:
    """Matters of the other awards of the case: each paper has its own remedies."""
    return list(Award.objects.filter(case=award.case_id, after__isnull=False).values_list("after", flat=True))


def _days(award: Award) -> dict[str, dt.date]:
    """Days by the name of the event.

    The workers' day is known once each of them has received the award and is the last one: before it nobody's time may be
    held to be over. The last day of all once the employer has received it, too.
    """
    rows = list(award.received.all())
    days = {EVENTS[Received.Side(one.side)]: one.on for one in rows if one.side == Received.Side.EMPLOYER}
    own = {one.applicant_id: one.on for one in rows if one.side == Received.Side.WORKER}
    # one day written for all of them stands for whoever has none of their own
    workers = [own.get(one.pk, own.get(None)) for one in people_of(award)]
    known = [one for one in workers if one is not None]
    if known and len(known) == len(workers):
        days[EVENTS[Received.Side.WORKER]] = max(known)
    if len(days) == len(EVENTS):
        days[LAST] = max(days.values())
    return days


def _tell(matter: Matter, name: str, day: dt.date, *, by: User, now: dt.datetime, law: Law) -> None:
    """A day that the matter does not know yet; the same day again is no step."""
    fresh = Matter.objects.select_related("lead").get(pk=matter.pk)
    known = fresh.event_dates.filter(name=name).values_list("on", flat=True).first()
    if known != day:
        set_event(fresh, name, day, by=by, now=now, law=law, expected_version=fresh.version)
