"""What a paper or letter takes over from the earlier ones of its matter: ``data/carried.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from anxin.accounts.models import User
from anxin.casework.access import visible_matters
from anxin.casework.models import Matter
from anxin.letters import content
from anxin.letters.life import NUMBERED, State
from anxin.letters.models import Letter, PartyPaper

_FILE = Path(__file__).parent / "data" / "carried.yaml"
#: earlier kind → its field → the field here
Taken = Mapping[str, Mapping[str, str]]


@cache
def rules() -> Mapping[str, Taken]:
    """By kind of the paper that takes over, as the file says."""
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8"))["kinds"])


def carried(matter: Matter, kind: str, by: User) -> dict[str, Any]:
    """Field → value as it was typed in the latest earlier letter or paper; none is read of a matter that ``by`` does not see."""
    taken = rules().get(kind)
    if not taken:
        return {}
    wanted = [one for one in (matter.pk, matter.follows_id) if one]
    matters = visible_matters(by).filter(pk__in=wanted).order_by().values("pk")
    letters = Letter.objects.filter(matter__in=matters, kind__in=taken, state__in=NUMBERED)
    papers = PartyPaper.objects.filter(matter__in=matters, kind__in=taken)
    latest: dict[str, Letter | PartyPaper] = {}
    for letter in letters.exclude(state=State.REPLACED).order_by("pk"):
        latest[letter.kind] = letter
    for paper in papers.exclude(state=PartyPaper.State.DROPPED).order_by("pk"):
        latest[paper.kind] = paper
    found: dict[str, Any] = {}
    for earlier, fields in taken.items():
        if earlier in latest:
            said = content.values_of(latest[earlier])
            found |= {here: said[there] for there, here in fields.items() if said.get(there)}
    return found
