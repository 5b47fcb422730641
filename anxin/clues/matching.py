"""Whom and which site a clue means: the names in it held against the register, all clues in one pass.

The names of the register are those that the process keeps (``registry.names``): laid out once, some seconds for 350,000,
and afterwards asked in milliseconds. What people call an employer or a site besides (``registry.aliases``) counts in its
place: the very words for certain, something like them as a proposal.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anxin.registry import names as register
from anxin.registry.aliases import KnownAs, standing
from anxin.triage.names import Candidate, NameIndex, core

#: more than this fit: the name tells nothing
MOST = 5
_SHORTEST = 3
#: aliases looked at for one name before the place is
_NEAR = 20
#: how a reason that rests on an alias begins
_ALIAS = "别名"
#: nearly as good as the best: as likely meant
_AS_GOOD = 0.08
#: words that many names have; what is left without them tells a name apart
_GENERIC = re.compile(
    r"建筑|工程|建设|劳务|装饰|装修|安装|机电|市政|水利|交通|物业|保安|保洁|项目|工地|小区|安置房|施工|分包|总包|有限|责任|公司|集团|老板|标段|[一二三四五六七八九十\d]+期"
)


@dataclass(frozen=True)
class Match:
    """One entry of the register that a name may mean.

    ``certain``: the name is the registered one, or a part of it; a misspelt name waits for a person.
    """

    pk: int
    why: str
    certain: bool


#: a name as somebody said it, and the code of the place whose clue it stands in
Said = tuple[str, str]


def match_employers(said: Iterable[Said]) -> dict[Said, list[Match]]:
    """For each name the employers of the register that it may mean in that place, at most :data:`MOST`."""
    return _match(said, register.employers, "employer")


def match_projects(said: Iterable[Said]) -> dict[Said, list[Match]]:
    """The same for projects."""
    return _match(said, register.projects, "project")


def registered(name: str, kind: str) -> list[Match]:
    """What a name means by the registered names alone."""
    kept = register.projects if kind == "project" else register.employers
    return _registered({name}, kept).get(name, [])


def by_alias(why: str) -> bool:
    """Whether a reason rests on an alias."""
    return why.startswith(_ALIAS)


def _match(said: Iterable[Said], kept: register.Names, kind: str) -> dict[Said, list[Match]]:
    asked = set(said)
    if not asked:
        return {}
    found = _registered({name for name, _ in asked}, kept)
    known = _Aliases(kind)
    together = {
        (name, region): _together(found.get(name, []), known.meaning(name, region)) for name, region in asked
    }
    return {one: matches for one, matches in together.items() if matches}


def _registered(names: Iterable[str], kept: register.Names) -> dict[str, list[Match]]:
    asked = {name for name in names if _tells_apart(core(name))}
    if not asked:
        return {}
    index = kept.index()
    found = {name: _fitting(index.find(name, MOST + 1)) for name in asked}
    there = kept.there(one.key for fitting in found.values() for one in fitting)
    return {
        name: [_said(name, one) for one in fitting if one.key in there]
        for name, fitting in found.items()
        if fitting
    }


def _together(matches: list[Match], meant: list[Match]) -> list[Match]:
    """An alias that is the very words goes before names that are only like them; like an alias, after what is certain."""
    sure = [one for one in matches if one.certain]
    if not any(one.certain for one in meant):
        return sure or _once([*matches, *meant])
    return _once([*sure, *(one for one in meant if one.certain)])


def _once(matches: Iterable[Match]) -> list[Match]:
    """Each entry with its first reason."""
    first: dict[int, Match] = {}
    for one in matches:
        first.setdefault(one.pk, one)
    return list(first.values())[:MOST]


class _Aliases:
    """The standing aliases of one kind, ready to be asked: they are few, and laid out in moments."""

    def __init__(self, kind: str) -> None:
        self._known = standing(kind)
        self._by_core: dict[str, list[KnownAs]] = defaultdict(list)
        for one in self._known:
            self._by_core[one.core].append(one)
        self._index = NameIndex((place, one.name) for place, one in enumerate(self._known))

    def meaning(self, name: str, region: str) -> list[Match]:
        """What these words mean in a place: the very words, else those most like them."""
        asked = core(name)
        same = [one for one in self._by_core.get(asked, []) if region.startswith(one.region)]
        if same or not _tells_apart(asked):
            return [Match(one.entry, _alias_words(one), certain=True) for one in same]
        near = [
            one for one in self._index.find(name, _NEAR) if region.startswith(self._known[one.key].region)
        ]
        return [
            Match(known.entry, f"{_alias_words(known)}与“{name}”只差几个字", certain=False)
            for known in (self._known[one.key] for one in _fitting(near[: MOST + 1]))
        ]


def _alias_words(known: KnownAs) -> str:
    return f"{_ALIAS}“{known.name}”（{known.by_name}{known.on}记下）"


def _fitting(candidates: Sequence[Candidate[int]]) -> Sequence[Candidate[int]]:
    """Whole names before others; those nearly as good as the best; where too many fit, none."""
    if not candidates:
        return ()
    best = candidates[0].likeness
    fitting = [one for one in candidates if one.likeness >= (1 if best == 1 else best - _AS_GOOD)]
    return fitting if len(fitting) <= MOST else ()


def _said(name: str, candidate: Candidate[int]) -> Match:
    asked, whole = core(name), core(candidate.name)
    if asked == whole:
        return Match(candidate.key, f"与登记名称“{candidate.name}”相同", certain=True)
    if asked in whole or whole in asked:
        return Match(candidate.key, f"“{name}”与登记名称“{candidate.name}”相合", certain=True)
    return Match(candidate.key, f"“{name}”与登记名称“{candidate.name}”只差几个字", certain=False)


def _tells_apart(said: str) -> bool:
    return len(said) >= _SHORTEST and len(_GENERIC.sub("", said)) >= 2
