"""In which registered place a clue lies: as the list says it, else as its address or its words name it."""

from __future__ import annotations

from collections.abc import Sequence

from anxin.accounts.access import IMPORT, Scope, scopes
from anxin.accounts.models import User
from anxin.evidence.journal import Actor
from anxin.registry.models import Region

#: of a text no more than this is searched for the name of a place
_SEARCHED = 300
#: shortest code whose name tells a place apart: a county or a district
_COUNTY = 6


class Places:
    """The registered places below where the sender works, read once for a whole file."""

    def __init__(self, allowed: Sequence[Scope] | None) -> None:
        regions = list(Region.objects.order_by("code").values_list("code", "name"))
        self._allowed = None if allowed is None else [scope.region for scope in allowed]
        codes = sorted((code for code, _ in regions), key=lambda code: (len(code), code))
        homes = sorted(self._allowed or [""], key=len)
        #: where a clue lies that names no place: the sender's own
        self.home = next((code for code in codes if code.startswith(homes[0])), "")
        self._codes = set(codes)
        # the longest name first: a street before its district, which it often carries in its name
        self._names = sorted(
            ((name, code) for code, name in regions if len(code) >= _COUNTY and code.startswith(homes[0])),
            key=lambda pair: (-len(pair[0]), pair[1]),
        )
        self._found: dict[str, str] = {}

    def of(self, said: str | None, *texts: str | None) -> str:
        """The code of the place, ``said`` being the list's own column; the sender's own where none is named."""
        if said and said in self._codes:
            return said
        return next((code for text in (said, *texts) if text and (code := self._named(text))), self.home)

    def knows(self, said: str) -> bool:
        """Whether the list's own column names a registered place."""
        return said in self._codes or bool(self._named(said))

    def allows(self, code: str) -> bool:
        """Whether the sender works there."""
        return self._allowed is None or any(code.startswith(region) for region in self._allowed)

    def _named(self, text: str) -> str:
        text = text[:_SEARCHED]
        if text not in self._found:
            self._found[text] = next((code for name, code in self._names if name in text), "")
        return self._found[text]


def places_for(actor: Actor) -> Places:
    """For a person the places of their grants; a machine or the command line speaks for the whole."""
    kind, _, key = actor.key.partition(":")
    user = User.objects.filter(pk=key).first() if kind == "user" and key.isdecimal() else None
    return Places(scopes(user, IMPORT) if user is not None else None)
