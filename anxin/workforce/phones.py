"""The phone on the roster: where a worker's sign-in code goes, so that a correction has to arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from anxin.evidence import bulk
from anxin.evidence.kinds import ApplyResult
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.kernel.masking import mask_phone
from anxin.workforce.models import Worker

if TYPE_CHECKING:
    from anxin.sheets.result import ParsedRow


def take_phones(rows: Sequence[ParsedRow], workers: Mapping[int, int], result: ApplyResult) -> None:
    """Let the roster's phones stand for its people; a row without one takes nothing away.

    Each change goes into the journal with both numbers masked: whoever redirects somebody's codes leaves a trace.
    """
    told = {
        workers[row.number]: (row.number, str(row.values["phone"]))
        for row in rows
        if row.number in workers and row.values.get("phone")
    }
    changed = []
    for piece in bulk.chunks(list(told)):
        for worker in Worker.objects.filter(pk__in=piece).only("phone", "phone_hash"):
            number, phone = told[worker.pk]
            known = worker.phone.open() if isinstance(worker.phone, Sealed) else ""
            if known == phone:
                continue
            worker.phone, worker.phone_hash = Sealed.of(phone), finding_hash("phone", phone)
            changed.append(worker)
            result.changes.append(
                {
                    "before": {"row": number, "phone": mask_phone(known)},
                    "after": {"row": number, "phone": mask_phone(phone)},
                }
            )
    Worker.objects.bulk_update(changed, ["phone", "phone_hash"], batch_size=500)
    result.counts["phones_changed"] = len(changed)
