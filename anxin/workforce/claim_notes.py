"""Noting that somebody was named in a way that conflicts with a known person. Deciding it is :mod:`claims`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from anxin.evidence import bulk
from anxin.workforce.models import Device, IdentityClaim

#: (worker, name in the form in which names are compared)
Key = tuple[int, str]


def note_claims(
    project_id: int, differing: Mapping[Key, tuple[str, str]], *, device: Device | None, now: dt.datetime
) -> dict[Key, IdentityClaim]:
    """Keep each (name as written, where it was said); a name that was said before keeps its decision."""
    if not differing:
        return {}
    columns = ("worker_id", "plain_name", "claimed_name", "source")
    rows = [
        (worker, plain, name[:60], source[:120])
        for (worker, plain), (name, source) in sorted(differing.items())
    ]
    constants = {
        "project_id": project_id,
        "device_id": device.pk if device else None,
        "first_said_at": now,
        "state": IdentityClaim.State.PENDING,
        "reason": "",
        "decided_by_name": "",
    }
    bulk.insert(IdentityClaim, columns, rows, constants=constants, ignore_conflicts=True)
    workers = {worker for worker, _ in differing}
    found: dict[Key, IdentityClaim] = {}
    for piece in bulk.chunks(workers):
        for claim in IdentityClaim.objects.filter(project_id=project_id, worker_id__in=piece):
            found[claim.worker_id, claim.plain_name] = claim
    return found
