"""Who owes, on which site, where: names as the text writes them."""

from __future__ import annotations

import re

from anxin.triage.candidates import parties
from anxin.triage.ranking import shipped
from anxin.triage.sites import sites
from anxin.triage.spans import Name

#: a letter of a place's name; none has a word that stands in front of one
_LETTER = "[^\\W\\d_A-Za-z在由是的到我们有某被说请及各]"
#: not the beginning of an office's or a person's title: 县委, 市领导, 区教育局
_NO_OFFICE = "(?![委政长里级领劳教住建公交信法纪直立]|人(?!民))"
#: 上市 and 园区 are no districts
_DISTRICT = rf"(?:(?<!外)省|(?:(?<![上外])市(?![场民值面])|县|(?<![小社园校院片厂库])区(?![域别])){_NO_OFFICE}|自治州)"
#: where a written-out name may begin: behind no letter, or behind a word that leads to a place
_BEGIN = r"(?:(?<![^\W\d_A-Za-z])|(?<=[在于到由是从给找去住])|(?<=来自)|(?<=我们)|(?<=省)|(?<=本人))(?!位于|来自|关于|希望|恳请|求助|隔壁|管理)"
_PLACE = re.compile(
    rf"(?:[A-Z]\d*[市区县]|西地省|{_BEGIN}{_LETTER}{{2,4}}?{_DISTRICT})(?:[A-Z]\d*[市区县]|{_LETTER}{{1,4}}?{_DISTRICT})*"
    rf"(?:{_LETTER}{{1,6}}?(?:(?<!乡)镇|乡(?!村)|街道|(?<!乡)村|社区|(?<![马泥公铁])路|大道|园区|开发区))*"
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
