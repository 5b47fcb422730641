"""The service of an award's paper is its receipt: nobody enters the day a second time on the case's page.

Each party's own day counts (劳动争议调解仲裁法第四十八条至第五十条), so the day of one worker's service is that worker's, not that of all.
"""

from __future__ import annotations

import datetime as dt

from anxin.accounts.models import User
from anxin.arbitration import aftermath
from anxin.arbitration.award_papers import people_of
from anxin.arbitration.models import Award, Received
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters.models import Service
from anxin.mediation.sealed import plain

_SIDES = {event: side for side, event in aftermath.EVENTS.items()}


def from_service(service: Service, by: User, now: dt.datetime, law: Law) -> bool:
    """Write down who received the award whose remedies the day belongs to; ``False`` for every other day.

    Raises :class:`Refused` where several apply and the addressee is none of them.
    """
    side = _SIDES.get(service.event_name)
    award = (
        Award.objects.filter(after=service.event_matter_id).select_related("case").first() if side else None
    )
    if side is None or award is None:
        return False
    applicants = _whose(award, service.receiver) if side == Received.Side.WORKER else None
    aftermath.receive(
        award, side, service.served_on, how=f"{service.letter.number}的送达回证", by=by, now=now, law=law, applicants=applicants
    )  # fmt: skip
    return True


def _whose(award: Award, receiver: str) -> list[int]:
    people = people_of(award)
    found = people if len(people) == 1 else [one for one in people if plain(one.name) == receiver]
    if not found:
        raise Refused(
            "每位申请人从自己收到裁决书之日起算期限：受送达人请填写其中一位的姓名；代表代收的，不登记这个日期，在仲裁案件页登记。",
            field="receiver",
        )
    return [one.pk for one in found]
