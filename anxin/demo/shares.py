"""One clue whose people are paid one by one: two in full, one in part, one says that nothing came, one waits.

The driving school's payment is one paper for several people, divided in one action. All of it is invented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from itertools import islice

from anxin.accounts.models import User
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.models import Claimant
from anxin.demo.people import crowd
from anxin.demo.referrals import Step, attach_paper, clue_of, referral_of
from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.referral import services
from anxin.referral.models import Recovered

_CLUE = "GD-0013"
#: five people and 110,000 yuan, as the ticket says
_EACH, _PEOPLE = 2_200_000, 5
#: what the paper holds: less than four of them are owed
_PAID = 7_600_000
_REJECTS = "本人来电说没有收到，凭证上的户名不是他的"


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """After the five did not agree that nothing was owed: their list, the school's payment, and who says it never came."""
    lin = cast.users["lin"]
    day = world.today - dt.timedelta(days=2)
    yield day, 9.0, partial(_list, lin)
    yield day, 15.0, partial(_divided, lin)
    yield day, 17.0, partial(_rejected, lin)


def _list(by: User, now: dt.datetime) -> None:
    for one in islice(crowd(7_713), _PEOPLE):
        said = Said(one.name, one.id_number, trade="教练", amounts={"worker": _EACH})
        add_claimant(clue_of(_CLUE), said, by=by, now=now)


def _people() -> list[Claimant]:
    return list(Claimant.objects.filter(clue=clue_of(_CLUE)).order_by("number"))


def _divided(by: User, now: dt.datetime) -> None:
    """Three get everything, as the school has written; the fourth what is left of it."""
    clue, people = clue_of(_CLUE), _people()
    paper = attach_paper(referral_of(clue).matter, "payment_proof", by, now)
    fens = (_EACH, _EACH, _EACH, _PAID - 3 * _EACH)
    shares = {one.pk: fen for one, fen in zip(people, fens, strict=False)}
    services.divide(clue, shares, _PAID, document=paper, paid_on=now.date(), by=by, now=now)


def _rejected(by: User, now: dt.datetime) -> None:
    """Whoever says that nothing came is owed again: nobody's paper goes before the worker's word."""
    row = Recovered.objects.get(claimant=_people()[2], withdrawn_at__isnull=True)
    services.withdraw_recovered(row, why=_REJECTS, by=by, now=now)
