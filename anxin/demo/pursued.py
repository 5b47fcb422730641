"""The clue with a list goes on: from the ticket to a complaint and a case, from the list to what was found of each of its people,
to the order to pay and to the line for the police. So each page leads to the next, down to who has got what.

The driving school and its five instructors are those of ``shares.py``. All of it is invented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from anxin.accounts.models import User
from anxin.casework import flow
from anxin.casework import services as casework
from anxin.casework.clockwork import Words
from anxin.casework.models import Matter
from anxin.casework.succession import go_on
from anxin.demo.referrals import Step, attach_paper, clue_of, referral_of, take_steps
from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.enforcement import finding, inspection
from anxin.enforcement.finding import CHANGED, STRUCK, Ruling
from anxin.enforcement.listed import Listed, listed
from anxin.local_law import queries as local_law

_CLUE = "GD-0013"
_COMPLAINT, _CASE, _CRIME = (
    "驾校教练投诉欠薪",
    "驾校欠5名教练半年工资，立案查处",
    "驾校欠薪案，比对刑事立案标准",
)
#: months for which the instructors got nothing, as the ticket says
_MONTHS = 6
_INSPECTORS = (("林晓", "演示执法990101001"), ("赵志刚", "演示执法990102001"))


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """The day after the third instructor said that nothing had come."""
    lin, chen = cast.users["lin"], cast.users["chen"]
    day = world.today - dt.timedelta(days=1)
    yield day, 9.0, partial(take_steps, _CLUE, lin, ("contact",))
    yield day, 9.5, partial(_complains, lin, chen)
    yield day, 10.0, partial(_filed, lin)
    yield day, 13.5, partial(_found, lin)
    yield day, 14.0, partial(_ordered, lin)
    yield day, 16.0, partial(_compared, lin)


def _complains(lin: User, chen: User, now: dt.datetime) -> None:
    ticket = referral_of(clue_of(_CLUE)).matter
    _go_on(ticket, "complaint_intake", _COMPLAINT, lin, now)
    _take(_COMPLAINT, "accept", chen, now)


def _filed(lin: User, now: dt.datetime) -> None:
    case = _go_on(_matter(_COMPLAINT), "inspection_case", _CASE, lin, now)
    inspection.name_inspectors(case, _INSPECTORS, on=now.date(), by=lin, now=now, law=local_law.current())
    _take(_CASE, "assign", lin, now)


def _found(lin: User, now: dt.datetime) -> None:
    """Whoever is proved to have got all is struck off, of another the rest is owed, of the others what they say."""
    case = _matter(_CASE)
    finding.rule(case, [_ruling(one) for one in listed(case)], by=lin, now=now)
    finding.register(case, by=lin, now=now)


def _ruling(one: Listed) -> Ruling:
    owed = one.said["worker"]
    if one.proved >= owed:
        return Ruling(one.key, STRUCK, why="银行凭证证明已经足额收到")
    if one.proved:
        return Ruling(one.key, CHANGED, _MONTHS, fen=owed - one.proved, why="扣除已经证明到账的部分")
    return Ruling(one.key, f"worker:{owed}", _MONTHS)


def _ordered(lin: User, now: dt.datetime) -> None:
    _take(_CASE, "order", lin, now, note="责令7日内付清其余教练的工资。")


def _compared(lin: User, now: dt.datetime) -> None:
    _go_on(_matter(_CASE), "crime_transfer", _CRIME, lin, now)


def _matter(title: str) -> Matter:
    return Matter.objects.select_related("lead", "region", "project", "employer").get(title=title)


def _go_on(before: Matter, procedure: str, title: str, by: User, now: dt.datetime) -> Matter:
    law, on = local_law.current(), now.date()
    asked = casework.opening_events(law, procedure, before.region_id)
    return go_on(
        before, procedure, by=by, now=now, law=law, title=title, region=before.region, lead=before.lead, on=on, handler=by,
        events={name: on for name, required in asked if required},
    )  # fmt: skip


def _take(title: str, key: str, by: User, now: dt.datetime, note: str = "") -> None:
    law, matter = local_law.current(), _matter(title)
    option = next(one for one in flow.options(matter, by, now.date(), law) if one.transition.key == key)
    for group in option.missing:
        attach_paper(matter, group[0], by, now)
    flow.take(
        matter, key, by=by, on=now.date(), now=now, law=law, expected_version=matter.version, words=Words(note=note)
    )  # fmt: skip
