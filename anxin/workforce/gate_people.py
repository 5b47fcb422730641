"""Whom a gate means: its rows against the roster of its own site. Nobody is guessed, nobody is merged.

A row names the person by ID number or by the code that the roster gave to the device. Somebody who is on no roster of
the site stays open until the roster catches up. Where the device has another name for that person, the row hangs on
an :class:`IdentityClaim` until a person has decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from anxin.evidence import bulk
from anxin.evidence.sealing import finder
from anxin.workforce.claim_notes import note_claims
from anxin.workforce.models import Device, Enrolment, IdentityClaim, Punch
from anxin.workforce.people import plain_name

_CODE = "P"


class Named(NamedTuple):
    """How a row names its person."""

    id_number: str
    person_code: str
    name: str


@dataclass(frozen=True)
class Resolved:
    """The person of a row, or why it stays open. ``key`` finds it again later."""

    key: str
    worker_id: int | None = None
    open_reason: str = ""
    claim_id: int | None = None


def person_code(worker_id: int) -> str:
    """The code by which a device knows a worker; it says nothing about the person."""
    return f"{_CODE}{worker_id:08d}"


def person_keys(people: Sequence[Named]) -> list[str]:
    """The key under which each row's person is found on the roster: keyed hash of the ID number, or the code."""
    find = finder("id")
    known: dict[str, str] = {}
    keys = []
    for person in people:
        number = person.id_number
        if number and number not in known:
            known[number] = find(number)
        keys.append(known[number] if number else person.person_code)
    return keys


def resolve(
    project_id: int, people: Sequence[Named], *, device: Device | None, source: str, now: dt.datetime
) -> list[Resolved]:
    """The person of every row, in a few queries for all of them; conflicting names become claims."""
    keys = person_keys(people)
    roster = on_roster(project_id, keys)
    differing: dict[tuple[int, str], tuple[str, str]] = {}
    for person, key in zip(people, keys, strict=True):
        found = roster.get(key)
        if found and person.name and plain_name(person.name) != plain_name(found[1]):
            differing.setdefault((found[0], plain_name(person.name)[:60]), (person.name, source))
    claims = note_claims(project_id, differing, device=device, now=now)
    result = []
    for person, key in zip(people, keys, strict=True):
        found = roster.get(key)
        if found is None:
            result.append(Resolved(key, None, Punch.Open.NOT_ON_ROSTER))
            continue
        claim = claims.get((found[0], plain_name(person.name)[:60])) if person.name else None
        result.append(claimed(key, found[0], claim))
    return result


def claimed(key: str, worker_id: int, claim: IdentityClaim | None) -> Resolved:
    """What a claim makes of a row; without one the person is clear."""
    if claim is None:
        return Resolved(key, worker_id)
    if claim.state == IdentityClaim.State.SAME_PERSON:
        return Resolved(key, worker_id, "", claim.pk)
    pending = claim.state == IdentityClaim.State.PENDING
    return Resolved(key, None, Punch.Open.NAME_DIFFERS if pending else Punch.Open.OTHER_PERSON, claim.pk)


def on_roster(project_id: int, keys: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Key → (worker, registered name) for those whom the site's roster has ever had, present or left."""
    wanted = set(keys)
    codes = {key: int(key[1:]) for key in wanted if key.startswith(_CODE) and key[1:].isdecimal()}
    hashes = wanted - codes.keys()
    enrolments = Enrolment.objects.filter(project_id=project_id, superseded_at__isnull=True)
    found: dict[str, tuple[int, str]] = {}
    for piece in bulk.chunks(hashes):
        hashed = enrolments.filter(worker__id_hash__in=piece).values_list(
            "worker__id_hash", "worker_id", "worker__name"
        )
        found.update({key: (worker, name) for key, worker, name in hashed})
    for numbers in bulk.chunks(codes.values()):
        coded = enrolments.filter(worker_id__in=numbers).values_list("worker_id", "worker__name")
        found.update({person_code(worker): (worker, name) for worker, name in coded})
    return {key: found[key] for key in wanted if key in found}
