"""What every adapter answers to the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from anxin.exchange.uploads.payloads import Outgoing


class TryAgain(Exception):
    """No final answer. ``sentence`` is Chinese, without addresses, secrets or people.

    ``uncertain``: the platform may have it all the same. ``everybody``: not about this record, so that
    others would fail as well for now; ``wait`` seconds where the platform named them.
    """

    def __init__(
        self, sentence: str, *, uncertain: bool = False, everybody: bool = False, wait: int | None = None
    ) -> None:
        super().__init__(sentence)
        self.sentence, self.uncertain, self.everybody, self.wait = sentence, uncertain, everybody, wait


class Rejected(Exception):
    """The platform does not want the record; ``field`` is one of ours where it is known."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason, self.field = reason, field


@dataclass(frozen=True)
class Receipt:
    """What the platform says of one request. ``record`` is the number of our record as it understood it."""

    request_id: str
    record: str
    state: Literal["accepted", "rejected", "processing", "unknown"]
    number: str = ""
    reason: str = ""
    field: str = ""


class Codes(Protocol):
    """The codes that the platform has given us so far."""

    def get(self, name: str, key: str) -> str | None: ...

    def keep(self, name: str, key: str, code: str) -> None: ...

    def forget(self, name: str, key: str) -> None: ...


class Session(Protocol):
    """One run of talking to a platform; the token lives as long as it does."""

    def post(self, outgoing: Outgoing, *, request_id: UUID, record: str, codes: Codes) -> str:
        """Report one record; returns the number under which the platform took it for checking.

        Obtains the codes that must come first. Raises :class:`TryAgain`, :class:`Rejected`.
        """

    def receipts(self, requests: Sequence[UUID]) -> Sequence[Receipt]:
        """What has become of these requests. Raises :class:`TryAgain`."""

    def masked(self, outgoing: Outgoing) -> Mapping[str, object]:
        """What goes out, as people may see it afterwards."""
