"""In which registered place a clue lies: as the list says it, else as its address or its words name it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models.functions import Length

from anxin.accounts.access import IMPORT, scopes
from anxin.accounts.models import Grant, User
from anxin.evidence.journal import Actor
from anxin.registry.models import Region

#: of a text no more than this is searched for the name of a place
_SEARCHED = 300
#: shortest code whose name tells a place apart: a county or a district
_COUNTY = 6


class Places:
    """The registered places below where the sender works, read once for a whole file.

    Half the country's counties share their name with another: only names below the sender's own place count.
    """

    def __init__(self, home: str, allowed: Sequence[str] | None) -> None:
        #: where a clue lies that names no place: the sender's own, empty where nobody knows it
        self.home = home
        self._allowed = allowed
        regions = list(Region.objects.order_by("code").values_list("code", "name"))
        self._codes = {code for code, _ in regions}
        self._counties = {code: name for code, name in regions if len(code) == _COUNTY}
        by_name: dict[str, list[str]] = defaultdict(list)
        for code, name in regions:
            if len(code) >= _COUNTY and code.startswith(home):
                by_name[name].append(code)
        # the longest name first: a street before its district, whose name it often carries
        self._names = sorted(by_name.items(), key=lambda pair: (-len(pair[0]), pair[0]))
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
            named = (self._one(codes, text) for name, codes in self._names if name in text)
            self._found[text] = next((code for code in named if code), "")
        return self._found[text]

    def _one(self, codes: Sequence[str], text: str) -> str:
        """The one place of this name; of several (城关镇) the one whose county the text names as well."""
        if len(codes) > 1:
            counties = {code: self._counties.get(code[:_COUNTY], "") for code in codes}
            codes = [code for code, county in counties.items() if county and county in text]
        return codes[0] if len(codes) == 1 else ""


def places_for(actor: Actor) -> Places:
    """For a person the places of their grants; a machine or the command line speaks for the whole bureau."""
    kind, _, key = actor.key.partition(":")
    user = User.objects.filter(pk=key).first() if kind == "user" and key.isdecimal() else None
    mine = sorted((scope.region for scope in scopes(user, IMPORT)), key=len) if user is not None else []
    bureau = Grant.objects.exclude(region="").order_by(Length("region"), "region")
    home = (mine[0] if mine else "") or bureau.values_list("region", flat=True).first() or ""
    return Places(home, mine if user is not None else None)
