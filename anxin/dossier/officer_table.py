"""经办人: who looked, changed, confirmed and signed, counted from the entries of the journal that stand in the package."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anxin.dossier.journal_rows import named_stay
from anxin.dossier.people import People
from anxin.dossier.showing import moment
from anxin.proof import Table

#: keys of those who act for themselves: the worker, a party who signs, whoever reads by a link or told us
_PARTIES = ("worker", "signer:", "link:", "public")
#: what an action is, by how its name ends; everything else changed something
_KINDS = {
    "looked": re.compile(r"[._](seen|downloaded|fetched|exported|redacted|handed_out|looked_up|unmasked)$"),
    "confirmed": re.compile(
        r"[._](confirmed|denied|acknowledged|agreed|refused|approved|declined|returned|reviewed|issued|settled|muted|concluded)$"
    ),
    "signed": re.compile(r"[._](signed|sealed)$"),
}
#: settled in the name of a run: the bank has paid everybody, which nobody decides
_FACTS = frozenset({"agency.settled"})
#: how often each was done, with the moments of the first and the last
DEEDS = {
    "looked": "查看、下载（次）", "changed": "登记、办理（次）", "confirmed": "确认、审核（次）", "signed": "签名、用印（次）",
    "first": "最早", "last": "最近",
}  # fmt: skip


def kind_of(action: str) -> str:
    """``looked``, ``changed``, ``confirmed`` or ``signed``, by the journal's name of an action."""
    if action in _FACTS:
        return "changed"
    return next((kind for kind, ends in _KINDS.items() if ends.search(action)), "changed")


def is_officer(actor: str) -> bool:
    """Whether a journal's actor acts in an office's, a firm's or the system's name and not as a party."""
    return not actor.startswith(_PARTIES)


@dataclass
class Deeds:
    """What one of them did, and when."""

    times: list[dt.datetime] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, action: str, at: dt.datetime) -> None:
        kind = kind_of(action)
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.times.append(at)

    def row(self) -> dict[str, Any]:
        """The columns of :data:`DEEDS`."""
        counted = {kind: self.counts.get(kind, 0) for kind in ("looked", "changed", "confirmed", "signed")}
        return {**counted, "first": moment(min(self.times)), "last": moment(max(self.times))}


def table(slug: str, logged: Iterable[Mapping[str, Any]], people: People) -> Table:
    """``logged``: rows of the journal's own table, so that the counts can be held against it.

    Somebody whose name is that of a worker whom the package masks keeps the row's hash alone.
    """
    met: dict[tuple[str, str], Deeds] = {}
    for row in logged:
        if is_officer(row["actor"]):
            who = (row["actor_name"], row["actor"])
            met.setdefault(who, Deeds()).add(row["action"], dt.datetime.fromisoformat(row["at"]))
    rows = [{"name": name, **deeds.row()} for (name, _), deeds in sorted(met.items())]
    return Table(slug, "经办人", {"name": "姓名", **DEEDS}, people.marked(named_stay(rows, people)))
