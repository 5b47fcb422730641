"""Clues of the test city, as they stand once a person has looked at them."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from anxin.casework import flow
from anxin.casework import services as casework
from anxin.casework.clockwork import Words
from anxin.casework.models import Matter, Step
from anxin.clues.intake import Voice, take_in
from anxin.clues.models import Clue
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import JournalEntry
from anxin.local_law import queries as local_law
from anxin.referral.handlers import accepting
from anxin.referral.tasks import follow
from tests.referral.conftest import NOW

TEXT = "我们14个木工在东台安置房工地给众力劳务做事，工资一共18.6万元一直没有发。"

#: how a person left it
READ = {
    "arrears": True,
    "construction": True,
    "urgency": 1,
    "people": 4,
    "amount_fen": 1_860_000,
    "debtor": "众力劳务",
}


def a_clue(city: SimpleNamespace, *, now: dt.datetime = NOW, **fields: Any) -> Clue:
    """Read and looked at; what is not said is a housing site's claim from the hotline."""
    told = {
        "channel": "hotline", "kind": "complaint", "region": "990101", "project": city.site, "employer": city.firm,
        **{name: fields.pop(name) for name in ("channel", "kind", "region", "project", "employer") if name in fields},
    }  # fmt: skip
    voice = Voice(received_at=now - dt.timedelta(hours=2), text=TEXT, title="木工班工资", **told)
    clue = take_in([voice], actor=SYSTEM, now=now)[0]
    known = {**READ, **fields}
    Clue.objects.filter(pk=clue.pk).update(**known)
    return Clue.objects.get(pk=clue.pk)


def paper(matter: Matter, kind: str, *, by: Any, now: dt.datetime = NOW, data: bytes = b"") -> Any:
    return casework.attach(
        matter,
        kind=kind,
        data=data or kind.encode(),
        filename=f"{kind}.pdf",
        by=by,
        now=now,
        law=local_law.current(),
    )


def step(matter: Matter, key: str, *, by: Any, now: dt.datetime = NOW, **words: Any) -> Step:
    """Take a step with its papers; what follows from it follows."""
    law = local_law.current()
    fresh = Matter.objects.select_related("lead").get(pk=matter.pk)
    on = now.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    option = next(one for one in flow.options(fresh, by, on, law) if one.transition.key == key)
    for group in option.missing:
        paper(fresh, group[0], by=by, now=now)
    taken = flow.take(
        fresh, key, by=by, on=on, now=now, law=law, expected_version=fresh.version, words=Words(**words)
    )
    entry = JournalEntry.objects.filter(action="matter.step", object_id=str(fresh.pk)).latest("pk")
    follow(fresh.pk, accepting(entry), now)
    return taken


def to_the_end(matter: Matter, *, by: Any, now: dt.datetime = NOW) -> None:
    """A hotline ticket by its own steps to its end."""
    for key in ("sign", "contact", "reply", "revisit", "satisfied"):
        fresh = Matter.objects.select_related("lead").get(pk=matter.pk)
        if key == "sign" and fresh.state != "dispatched":
            continue
        step(fresh, key, by=by, now=now)
