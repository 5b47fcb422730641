"""The statutes that parameters, procedures, papers and rules cite."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from anxin.kernel.numerals import chinese_number
from anxin.law.errors import DataError

LEVELS = (
    "法律", "行政法规", "国务院规范性文件", "部门规章", "部门规范性文件", "司法解释", "党内法规",
    "地方性法规", "地方政府规章", "地方规范性文件", "区域协议",
)  # fmt: skip
#: statutes number their articles (第…条); some papers have parts (一、二、…) instead
NUMBERINGS = ("articles", "sections")
_OPTIONAL = {"effective_until", "numbering"}


@dataclass(frozen=True)
class Statute:
    """One statute in one version."""

    key: str
    title: str
    short: str
    number: str
    issuer: str
    level: str
    effective_from: dt.date
    effective_until: dt.date | None
    status: str
    #: how the text behind the entry was read: in full, in part, as quoted
    source: str
    numbering: str = "articles"

    @property
    def quoted(self) -> str:
        """The title as it is cited; a title inside it stands in single marks: ``《关于实施〈…〉若干规定》``."""
        inner = self.title.replace("《", "〈").replace("》", "〉")
        return f"《{inner}》"

    def in_force(self, on: dt.date) -> bool:
        return self.effective_from <= on and (self.effective_until is None or on <= self.effective_until)


@dataclass(frozen=True)
class Reference:
    """A place in a statute: article (条), and where needed its paragraph (款) and item (项).

    ``sub`` is the number after 之 of an article put in later. Without an article the statute as a whole is
    cited, because the number of the article is not known.
    """

    statute: str
    article: int | None = None
    paragraph: int | None = None
    sub: int | None = None
    item: int | None = None


def citation(
    statute: Statute,
    article: int | None = None,
    paragraph: int | None = None,
    sub: int | None = None,
    item: int | None = None,
) -> str:
    """``《保障农民工工资支付条例》第十四条第二款``; ``《中华人民共和国刑法》第二百七十六条之一``."""
    text = statute.quoted
    if article:
        text += f"第{chinese_number(article)}{'部分' if statute.numbering == 'sections' else '条'}"
    if sub:
        text += f"之{chinese_number(sub)}"
    if paragraph:
        text += f"第{chinese_number(paragraph)}款"
    if item:
        text += (
            f"第（{chinese_number(item)}）项"
            if statute.numbering == "sections"
            else f"第{chinese_number(item)}项"
        )
    return text


def cite(statute: Statute, reference: Reference) -> str:
    """The reference in words."""
    return citation(statute, reference.article, reference.paragraph, reference.sub, reference.item)


def parse_reference(item: Any, where: str) -> Reference:
    """``{statute: key, article: 17, sub: 1, paragraph: 2, item: 3}``. Raises :class:`DataError`."""
    if not isinstance(item, Mapping) or not isinstance(item.get("statute"), str):
        raise DataError(f"{where}的条款“{item}”应写明 statute 与 article。")
    numbers = {name: number for name, number in item.items() if name != "statute"}
    known = {field.name for field in fields(Reference)}
    if any(name not in known or type(number) is not int or number < 1 for name, number in numbers.items()):
        raise DataError(f"{where}的条款“{dict(item)}”不对，article、sub、paragraph、item 应为正整数。")
    if numbers and "article" not in numbers:
        raise DataError(f"{where}的条款“{dict(item)}”写了款项，却没有写第几条（article）。")
    return Reference(item["statute"], **numbers)


def parse_references(items: Iterable[Any], where: str) -> tuple[Reference, ...]:
    """Several references. Raises :class:`DataError`."""
    return tuple(parse_reference(item, where) for item in items)


def parse_statutes(entries: Mapping[str, Mapping[str, Any]], file: str) -> dict[str, Statute]:
    """Statutes from the data file. Raises :class:`DataError` naming the entry."""
    return {key: _statute(key, entry, f"{file}：法规“{key}”") for key, entry in entries.items()}


def _statute(key: str, entry: Mapping[str, Any], where: str) -> Statute:
    names = {field.name for field in fields(Statute)} - {"key"}
    missing = sorted(names - _OPTIONAL - set(entry))
    strange = sorted(set(entry) - names)
    if missing or strange:
        problem = f"缺少 {missing[0]}，请补齐" if missing else f"有不认识的字段：{'、'.join(strange)}"
        raise DataError(f"{where}{problem}。")
    statute = Statute(key=key, **{"effective_until": None, **entry})
    if statute.level not in LEVELS:
        raise DataError(f"{where}的效力级别“{statute.level}”不在 {'、'.join(LEVELS)} 之内。")
    if statute.numbering not in NUMBERINGS:
        raise DataError(
            f"{where}的 numbering 应为 {'、'.join(NUMBERINGS)} 之一，现在是“{statute.numbering}”。"
        )
    if statute.effective_until and statute.effective_until < statute.effective_from:
        raise DataError(f"{where}的失效日早于施行日。")
    return statute
