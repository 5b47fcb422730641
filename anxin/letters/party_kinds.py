"""Which papers named people sign (with a party, or inside the office), who signs them, and where they hold a promise: ``data/party_papers.yaml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from anxin.letters.models_party import PartySigner
from anxin.typesetting.fields import Field
from anxin.typesetting.templates import Template, template

_FILE = Path(__file__).parent / "data" / "party_papers.yaml"
#: in which an addressee agrees to electronic service, or does not
CONFIRMATION = "service_address_confirmation"
#: what a number register or a head gives; such a paper has neither
_NEVER = ("issuer", "number", "attachments", "copies")


@dataclass(frozen=True)
class PartyKind:
    """One kind of paper. ``roles``: side → what its signers are called; ``needs``: sides that must be named, ``must``: that must
    have signed; ``promises``: where they stand, or nothing."""

    key: str
    roles: Mapping[str, str]
    needs: tuple[str, ...]
    must: tuple[str, ...]
    promises: Mapping[str, str]
    usual: tuple[str, ...]

    @property
    def template(self) -> Template:
        return template(self.key)

    @property
    def name(self) -> str:
        return self.template.name

    @property
    def fields(self) -> list[Field]:
        """What a person fills in, the day of the paper with it."""
        return [one for name, one in self.template.fields.items() if name not in _NEVER]

    def role(self, side: str) -> str:
        return self.roles.get(side) or PartySigner.Side(side).label

    def promised(self, values: Mapping[str, Any]) -> list[tuple[str, dt.date]]:
        """What is promised and by when, from values that were checked."""
        if not self.promises:
            return []
        rows = values.get(self.promises["table"], []) if "table" in self.promises else [values]
        found = [(row.get(self.promises["words"]), row.get(self.promises["due"])) for row in rows]
        return [(str(words), _day(due)) for words, due in found if words and due]


@cache
def kinds() -> Mapping[str, PartyKind]:
    """By key, in the order of the file."""
    said = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["kinds"]
    return {
        key: PartyKind(
            key,
            entry["roles"],
            tuple(entry["needs"]),
            tuple(entry["must"]),
            entry.get("promises", {}),
            tuple(entry.get("usual", ())),
        )
        for key, entry in said.items()
    }


def offered(procedure: str) -> list[PartyKind]:
    """Those that this procedure asks for first, then the others."""
    return sorted(kinds().values(), key=lambda one: procedure not in one.usual)


def _day(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
