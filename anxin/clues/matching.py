"""Whom and which site a clue means: the names in it held against the register, all clues in one pass.

The register is read through once for a whole delivery; the few names of the clues are looked for in it by groups of
three letters, so that 350,000 names cost a second however many clues there are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from anxin.registry.models import Employer, Project

#: more than this fit: the name tells nothing
MOST = 5
_GRAM = 3
_MARKS = re.compile(r"[\s\W_]+")
_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_LEGAL = re.compile(r"(?:股份|有限|责任|集团|总公司|分公司|公司)+$|(?:建设)?(?:工程)?(?:项目部?|工程|工地)$")
#: words that many names have; what is left without them tells a name apart
_GENERIC = re.compile(
    r"建筑|工程|建设|劳务|装饰|装修|安装|机电|市政|水利|交通|物业|保安|保洁|项目|工地|小区|安置房|施工|分包|总包|有限|责任|公司|集团|老板|标段|[一二三四五六七八九十\d]+期"
)


@dataclass(frozen=True)
class Match:
    """One entry of the register that a name may mean. ``whole``: by its whole name."""

    pk: int
    why: str
    whole: bool


def core(name: str) -> str:
    """``云州众力劳务有限公司（演示）`` → ``云州众力劳务``."""
    text = _MARKS.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", name))).upper()
    while (shorter := _LEGAL.sub("", text)) != text and shorter:
        text = shorter
    return text


def match_employers(names: Iterable[str]) -> dict[str, list[Match]]:
    """For each name the employers of the register that it may mean, at most :data:`MOST` and one."""
    return _match(names, Employer.objects.values_list("pk", "name").iterator(chunk_size=5000))


def match_projects(names: Iterable[str]) -> dict[str, list[Match]]:
    """The same for projects."""
    return _match(names, Project.objects.values_list("pk", "name").iterator(chunk_size=5000))


def _match(names: Iterable[str], register: Iterable[tuple[int, str]]) -> dict[str, list[Match]]:
    cores = {name: said for name in set(names) if _tells_apart(said := core(name))}
    by_gram = _by_gram(cores)
    if not by_gram:
        return {}
    found: dict[str, list[Match]] = defaultdict(list)
    for pk, registered in register:
        entry = core(registered)
        grams = {entry[start : start + _GRAM] for start in range(len(entry) - _GRAM + 1)}
        for name in {name for gram in grams & by_gram.keys() for name in by_gram[gram]}:
            said = cores[name]
            if said == entry:
                found[name].append(Match(pk, f"与登记名称“{registered}”相同", whole=True))
            elif said in entry or (entry in said and _tells_apart(entry)):
                found[name].append(Match(pk, f"“{name}”与登记名称“{registered}”相合", whole=False))
    return {name: _best(matches) for name, matches in found.items() if _best(matches)}


def _best(matches: list[Match]) -> list[Match]:
    """Whole names before parts of names; where too many fit, none."""
    best = [match for match in matches if match.whole] or matches
    return best if len(best) <= MOST else []


def _tells_apart(said: str) -> bool:
    return len(said) >= _GRAM and len(_GENERIC.sub("", said)) >= 2


def _by_gram(cores: Mapping[str, str]) -> dict[str, set[str]]:
    """Every group of letters of a said name: a registered one within it or around it shares one."""
    by_gram: dict[str, set[str]] = defaultdict(set)
    for name, said in cores.items():
        for start in range(len(said) - _GRAM + 1):
            by_gram[said[start : start + _GRAM]].add(name)
    return by_gram
