"""A name without the place in front of it and the legal form behind: what people call a firm or a site."""

from __future__ import annotations

import re

#: 云州市江北区…; also places that a sender has made unreadable before handing the texts on (A3区, 西地省)
_PLACE = re.compile(
    r"^(?:[A-Z]\d*[市区县]|西地省|[\u4e00-\u9fff]{2,4}?(?:自治区|自治州)|[\u4e00-\u9fff]{2,3}?(?:[省县区]|(?<!城)市(?![政场容])))+(?=.{2})"
)
_FORM = re.compile(r"(?:有限责任|股份有限|有限)?公司$")


def without_place(name: str) -> str:
    """``江北区众力劳务公司`` → ``众力劳务公司``; what is nothing but a place stays."""
    return _PLACE.sub("", name)


def without_form(name: str) -> str:
    """``众力劳务有限责任公司`` → ``众力劳务``."""
    return _FORM.sub("", name)
