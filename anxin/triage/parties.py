"""Who owes, on which site, where: names as the text writes them."""

from __future__ import annotations

import re

from anxin.triage.candidates import parties
from anxin.triage.ranking import shipped
from anxin.triage.sites import sites
from anxin.triage.spans import Name

_PLACE = re.compile(
    r"(?:[A-Z]\d*[市区县]|西地省|[\u4e00-\u9fff]{2,4}?(?:省|市|县|区|自治州))+(?:[\u4e00-\u9fff]{1,6}?(?:镇|乡|街道|村|社区|路|大道|园区|开发区))*"
)


def debtor(title: str, body: str) -> Name | None:
    """Who is said to owe: a firm, a body or a person, by the fullest name that the text gives; ``None`` where nobody is named."""
    found = shipped("debtor").best(parties(title, body))
    return found.name if found else None


def project(title: str, body: str) -> Name | None:
    """The site or project that the work was done on; ``None`` where none is named."""
    found = shipped("project").best(sites(title, body))
    return found.name if found else None


def place(title: str, body: str) -> Name | None:
    """The most exact place that the text names."""
    text = title + "\n" + body
    found = [Name(match.group(0), match.start(), match.end()) for match in _PLACE.finditer(text)]
    return max(found, key=lambda one: (len(one.words), -one.start), default=None)
