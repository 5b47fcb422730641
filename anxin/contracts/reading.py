"""What a clerk has before them before the seal: one contract word by word, or one whole text and the list of all.

Nothing more is recorded than happened: a thousand contracts of one text are not said to have been read one by one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.contracts.access import clerk_contracts
from anxin.contracts.models import Contract
from anxin.evidence import readings
from anxin.evidence.models import FileReading
from anxin.kernel.refusal import Refused
from anxin.signing.parties import Extent

#: in one action
MOST = 1000
NOTHING = "所选的合同没有工人已签、等待盖章的。"
NOT_READ = "还没有看到末尾，不能盖章。请打开“盖章前核对”，从头看到最后一行，再确认盖章。"


@dataclass(frozen=True)
class Laid:
    """The contracts to be sealed; ``samples``: the first of each batch, shown whole, because a batch has one text."""

    rows: Sequence[Contract]
    samples: Sequence[Contract]
    digest: str
    extent: Extent

    @property
    def single(self) -> bool:
        return self.extent is Extent.FILE

    @property
    def what(self) -> str:
        """For the journal."""
        if self.single:
            return f"劳动合同{self.rows[0].number}全文"
        return f"劳动合同{len(self.samples)}份全文和{len(self.rows)}份的清单"


def to_seal(user: User, ids: Collection[int] | None) -> Laid:
    """Those of the chosen contracts that wait for the seal; ``None``: all, at most :data:`MOST`. Raises :class:`Refused`."""
    found = clerk_contracts(user).filter(state=Contract.State.WORKER_SIGNED, seal_asked_at__isnull=True)
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    rows = list(found.select_related("worker", "project", "employer", "file", "batch").order_by("pk")[:MOST])
    if not rows:
        raise Refused(NOTHING)
    return laid(rows)


def laid(rows: Sequence[Contract]) -> Laid:
    """One contract: its file. Many: the list with what differs in each, in the order of their keys."""
    if len(rows) == 1:
        return Laid(rows, rows, _digest_of(rows[0]), Extent.FILE)
    samples = list({row.batch_id: row for row in reversed(rows)}.values())[::-1]
    said = [[row.number, _digest_of(row), row.worker.name, row.terms, str(row.begins_on), str(row.ends_on)] for row in rows]  # fmt: skip
    whole = json.dumps(
        {"rows": said, "samples": [row.number for row in samples]}, ensure_ascii=False, sort_keys=True
    )
    return Laid(rows, samples, hashlib.sha256(whole.encode()).hexdigest(), Extent.LIST)


def open_all(all_of: Laid, *, user: User, now: dt.datetime) -> None:
    """It is on the clerk's screen."""
    readings.opened(all_of.digest, files=len(all_of.rows), **_said(all_of, user, now))


def read_to_end(all_of: Laid, *, user: User, now: dt.datetime) -> None:
    """Its last line was on the clerk's screen. Raises :class:`Refused` where something changed since it was opened."""
    readings.ended(all_of.digest, **_said(all_of, user, now))


def by_reading(rows: Sequence[Contract], user: User) -> list[tuple[FileReading, list[Contract]]]:
    """What the clerk has read of each: its file where it was opened by itself, else the list of just these. Two queries.

    Raises :class:`Refused` where the seal would claim a reading that was not.
    """
    by = actor(user)
    own = readings.files_read_by(by, {_digest_of(row) for row in rows})
    found = [(own[_digest_of(row)], [row]) for row in rows if _digest_of(row) in own]
    rest = [row for row in rows if _digest_of(row) not in own]
    if not rest:
        return found
    all_of = laid(rows)
    listed = None if all_of.single else readings.read_by(by, all_of.digest, Extent.LIST)
    if listed is None:
        raise Refused(NOT_READ)
    return [*found, (listed, rest)]


def _digest_of(row: Contract) -> str:
    assert row.file is not None
    return row.file.sha256


def _said(all_of: Laid, user: User, now: dt.datetime) -> dict[str, Any]:
    first = all_of.rows[0]
    about = ("contract", first.pk) if all_of.single else ("employer", first.employer_id)
    return {"extent": all_of.extent, "by": actor(user), "about": about, "what": all_of.what, "now": now}
