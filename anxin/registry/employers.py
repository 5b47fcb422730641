"""Many employers at once, as the register of businesses delivers them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from anxin.evidence import bulk
from anxin.evidence.journal import Actor, record
from anxin.registry import names
from anxin.registry.models import Employer


@dataclass(frozen=True)
class TakenIn:
    """What became of a delivery of employers."""

    #: unified social credit code → id, for every employer of the delivery
    ids: Mapping[str, int]
    registered: int
    changed: int


def take_in_employers(
    rows: Iterable[tuple[str, str, str]], *, source: str, actor: Actor, now: dt.datetime
) -> TakenIn:
    """Register or rename employers given as ``(USCC, name, region code)``, all in one go.

    The codes are checked by whoever read them. ``source`` says in the journal where they come from. The same
    again changes nothing.
    """
    wanted = {uscc: (name, region) for uscc, name, region in rows}
    with transaction.atomic():
        known = {
            uscc: (pk, name, region)
            for uscc, pk, name, region in bulk.look_up(Employer, "uscc", wanted, ("id", "name", "region_id"))
        }
        new = [(uscc, *said) for uscc, said in wanted.items() if uscc not in known]
        bulk.insert(Employer, ("uscc", "name", "region_id"), new, ignore_conflicts=True)
        changed = [
            Employer(pk=known[uscc][0], name=name, region_id=region)
            for uscc, (name, region) in wanted.items()
            if uscc in known and known[uscc][1:] != (name, region)
        ]
        bulk.update(changed, ("name", "region_id"))
        ids = {uscc: pk for uscc, (pk, _, _) in known.items()}
        fresh = dict(bulk.look_up(Employer, "uscc", [row[0] for row in new], ("id",)))
        ids.update(fresh)
        if new or changed:
            record(
                actor=actor,
                action="registry.employers_taken_in",
                object_type="employer",
                object_id="",
                summary=f"{source}：新登记用人单位{len(new)}家，更名或变更地区{len(changed)}家",
                now=now,
                after={
                    "registered": len(new),
                    "changed": len(changed),
                    **names.taken_in((one.pk for one in changed), fresh.values()),
                },
            )
    return TakenIn(ids, len(new), len(changed))
