"""Names of sites, made comparable."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

_MARKS = re.compile(r"[\s\W_]+")
#: words that say that it is a site and not which one
_COMMON = re.compile(r"(?:建设)?(?:工程)?(?:项目|工程)(?:施工总承包|施工|总承包)?$")
#: from here on two names are worth a person's look
NEAR = 0.72


def plain_site_name(name: str) -> str:
    """``滨江花园（二期） 建设工程项目`` → ``滨江花园二期``."""
    text = _MARKS.sub("", unicodedata.normalize("NFKC", name)).upper()
    return _COMMON.sub("", text) or text


def likeness(one: str, other: str) -> float:
    """0 to 1 for two plain names; a name within the other counts at least as near."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) >= 4 and (one in other or other in one):
        return max(NEAR, SequenceMatcher(None, one, other, autojunk=False).ratio())
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
