"""Whom and which site a clue means: the names in it held against the register, all clues in one pass.

The names of the register are those that the process keeps (``registry.names``): laid out once, some seconds for 350,000,
and afterwards asked in milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anxin.registry import names as register
from anxin.triage.names import Candidate, core

#: more than this fit: the name tells nothing
MOST = 5
_SHORTEST = 3
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


def match_employers(names: Iterable[str]) -> dict[str, list[Match]]:
    """For each name the employers of the register that it may mean, at most :data:`MOST`."""
    return _match(names, register.employers)


def match_projects(names: Iterable[str]) -> dict[str, list[Match]]:
    """The same for projects."""
    return _match(names, register.projects)


def _match(names: Iterable[str], kept: register.Names) -> dict[str, list[Match]]:
    asked = {name for name in names if _tells_apart(core(name))}
    if not asked:
        return {}
    index = kept.index()
    found = {name: _fitting(index.find(name, MOST + 1)) for name in asked}
    return {name: [_said(name, one) for one in fitting] for name, fitting in found.items() if fitting}


def _fitting(candidates: Sequence[Candidate[int]]) -> Sequence[Candidate[int]]:
    """Whole names before others; those nearly as good as the best; where too many fit, none."""
    if not candidates:
        return ()
    best = candidates[0].likeness
    fitting = [one for one in candidates if one.likeness >= (1 if best == 1 else best - _AS_GOOD)]
    return fitting if len(fitting) <= MOST else ()


def _said(name: str, candidate: Candidate[int]) -> Match:
    asked, registered = core(name), core(candidate.name)
    if asked == registered:
        return Match(candidate.key, f"与登记名称“{candidate.name}”相同", certain=True)
    if asked in registered or registered in asked:
        return Match(candidate.key, f"“{name}”与登记名称“{candidate.name}”相合", certain=True)
    return Match(candidate.key, f"“{name}”与登记名称“{candidate.name}”只差几个字", certain=False)


def _tells_apart(said: str) -> bool:
    return len(said) >= _SHORTEST and len(_GENERIC.sub("", said)) >= 2
