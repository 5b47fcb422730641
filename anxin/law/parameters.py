"""Parameters: numbers of the law by date and place, each with its source and how well it was checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from anxin.law.counting_rules import Counting, parse_counting
from anxin.law.errors import DataError
from anxin.law.statutes import Reference, parse_references

#: statutory: a statute says so; policy: an authority's paper or recommended table; operational: our choice,
#: which may draw attention but never carries a legal claim
KINDS = ("statutory", "policy", "operational")
#: verified: read in the text; verified_secondary: read as quoted; recalled: from memory; derived: worked out
#: from the cited provisions, to be confirmed locally; unknown: not found; confirmed: held against the paper
#: by two persons of this bureau
CONFIDENCES = ("verified", "verified_secondary", "recalled", "derived", "unknown", "confirmed")
#: shown as 待核, and carries no legal claim until the bureau has confirmed it
UNCHECKED = frozenset({"recalled", "unknown"})
TYPES = (
    "deadline", "period", "threshold", "amount", "ratio", "penalty", "frequency", "grading", "obligation",
    "required_fields", "rule", "authority", "calendar",
)  # fmt: skip
#: how many digits a region code or its prefix may have: province, city, county, town, village
REGION_DIGITS = (2, 4, 6, 9, 12)
_KEYS = {
    "key", "name", "kind", "type", "unit", "confidence", "checked_on", "counting", "values", "local_values",
    "note", "only_in", "notes_by_region", "examples",
}  # fmt: skip
_DATED = {
    "from", "until", "value", "references", "source", "confidence", "unit", "note", "counting", "checked_on",
}  # fmt: skip
_LOCAL = _DATED | {"key", "region", "regions", "name", "only_for", "between"}


@dataclass(frozen=True)
class DatedValue:
    """One value from one day on; ``region`` is empty for the nation."""

    from_: dt.date
    until: dt.date | None
    value: Any
    unit: str
    references: tuple[Reference, ...]
    source: str
    confidence: str
    note: str
    counting: Counting | None
    checked_on: dt.date
    region: str = ""
    region_name: str = ""
    #: used only where the question names this case, empty for all
    only_for: str = ""
    #: used only between these two regions
    between: tuple[str, ...] = ()

    @property
    def needs_check(self) -> bool:
        return self.confidence in UNCHECKED

    def meets(self, only_for: str, region: str, counterpart: str) -> bool:
        """Whether the value was made for the case asked about."""
        if self.only_for and self.only_for != only_for:
            return False
        return not self.between or _connects(self.between, region, counterpart)

    def in_force(self, on: dt.date) -> bool:
        return self.from_ <= on and (self.until is None or on <= self.until)


def _connects(between: tuple[str, ...], region: str, counterpart: str) -> bool:
    one, other = between
    return any(
        region.startswith(here) and counterpart.startswith(there)
        for here, there in ((one, other), (other, one))
    )


@dataclass(frozen=True)
class Remark:
    """What is known of a place but cannot be computed with: shown, never used."""

    region: str
    name: str
    text: str
    source: str


@dataclass(frozen=True)
class Parameter:
    """One number (or table) of the law with all its values."""

    key: str
    name: str
    kind: str
    type: str
    unit: str
    confidence: str
    checked_on: dt.date
    note: str
    values: tuple[DatedValue, ...]
    local_values: Mapping[str, tuple[DatedValue, ...]]
    counting: Counting | None
    #: code to name of the places whose own rule this is; empty: it holds in the whole country
    only_in: Mapping[str, str]
    #: what is known of places and cannot be computed with, examples last (without a region)
    remarks: tuple[Remark, ...]
    #: the counting rule as written, which local values added later inherit
    counting_fields: Mapping[str, Any]

    def parent_fields(self) -> dict[str, Any]:
        """What a local value takes over from its parameter where it says nothing itself."""
        return {
            "unit": self.unit,
            "confidence": "verified",
            "checked_on": self.checked_on,
            "counting": self.counting_fields,
        }


def parse_parameter(key: str, entry: Mapping[str, Any], file: str) -> Parameter:
    """One parameter from a data file. Raises :class:`DataError` naming file and entry."""
    where = f"{file}：参数“{key}”"
    _refuse_unknown(entry, _KEYS, where)
    for name in ("name", "kind", "type", "unit", "confidence", "checked_on", "values"):
        if name not in entry:
            raise DataError(f"{where}缺少 {name}，请补齐。")
    if "." not in key:
        raise DataError(f"{where}的键名应写成“分组.名称”。")
    if entry["kind"] not in KINDS:
        raise DataError(f"{where}的 kind 应为 {'、'.join(KINDS)} 之一，现在是“{entry['kind']}”。")
    if entry["type"] not in TYPES:
        raise DataError(f"{where}的 type 应为 {'、'.join(TYPES)} 之一，现在是“{entry['type']}”。")
    values = tuple(_dated(item, entry, where) for item in entry["values"])
    _refuse_disorder(values, where)
    if entry["kind"] == "statutory" and not all(value.references for value in values):
        raise DataError(f"{where}是法定数值，每个时段都须写明 references（法规与条）。")
    local = parse_local(entry.get("local_values", ()), entry, where)
    return Parameter(
        key=key,
        name=entry["name"],
        kind=entry["kind"],
        type=entry["type"],
        unit=entry["unit"],
        confidence=entry["confidence"],
        checked_on=entry["checked_on"],
        note=entry.get("note", ""),
        values=values,
        local_values=local,
        counting=parse_counting({}, entry.get("counting") or {}, entry["unit"], where),
        only_in=_places(entry.get("only_in") or {}, where),
        remarks=_remarks(entry, where),
        counting_fields=entry.get("counting") or {},
    )


def _places(places: Any, where: str) -> dict[str, str]:
    known = isinstance(places, Mapping) and all(_is_code(code) and name for code, name in places.items())
    if not known:
        raise DataError(f"{where}的 only_in 应写成“区划代码（加引号）: 地名”。")
    return dict(places)


def _is_code(code: Any) -> bool:
    return isinstance(code, str) and code.isdigit() and len(code) in REGION_DIGITS


def _remarks(entry: Mapping[str, Any], where: str) -> tuple[Remark, ...]:
    remarks = []
    for item in [*(entry.get("notes_by_region") or ()), *(entry.get("examples") or ())]:
        _refuse_unknown(item, {"region", "name", "text", "source"}, f"{where}的说明")
        if not item.get("text") or not item.get("source"):
            raise DataError(f"{where}的说明须写明 text 和 source。")
        remarks.append(Remark(item.get("region", ""), item.get("name", ""), item["text"], item["source"]))
    return tuple(remarks)


def parse_local(
    items: Sequence[Mapping[str, Any]], parent: Mapping[str, Any], where: str
) -> dict[str, tuple[DatedValue, ...]]:
    """Local values by region code, each sorted by date. Every one needs the paper it comes from."""
    by_region: dict[str, list[DatedValue]] = {}
    for item in items:
        _refuse_unknown(item, _LOCAL, f"{where}的地方值")
        regions = item.get("regions") or {item.get("region"): item.get("name", "")}
        for code, name in regions.items():
            if not _is_code(code):
                raise DataError(f"{where}的地方值“{code}”不是区划代码，应为2、4、6、9或12位数字并加引号。")
            value = _dated(item, parent, f"{where}的地方值“{code}”", region=code, region_name=name)
            if not (value.source or value.references):
                raise DataError(f"{where}的地方值“{code}”没有写明依据，请在 source 填写文件名或文号。")
            by_region.setdefault(code, []).append(value)
    for code, values in by_region.items():
        values.sort(key=lambda value: value.from_)
        for case in {(value.only_for, value.between) for value in values}:
            alike = tuple(value for value in values if (value.only_for, value.between) == case)
            _refuse_disorder(alike, f"{where}的地方值“{code}”")
    return {code: tuple(values) for code, values in by_region.items()}


def _dated(
    item: Mapping[str, Any],
    parent: Mapping[str, Any],
    where: str,
    *,
    region: str = "",
    region_name: str = "",
) -> DatedValue:
    if not region:
        _refuse_unknown(item, _DATED, where)
    for name in ("from", "value"):
        if name not in item:
            raise DataError(f"{where}有一项缺少 {name}，请补齐。")
    start, until = item["from"], item.get("until")
    if not isinstance(start, dt.date) or not isinstance(until, dt.date | None):
        raise DataError(f"{where}的日期“{start}”或“{until}”不对，应形如 2026-01-01。")
    if until is not None and until < start:
        raise DataError(f"{where}的截止日 {until} 早于生效日 {start}。")
    between = tuple(item.get("between") or ())
    if between and len(between) != 2:
        raise DataError(f"{where}的 between 应写两个区划代码。")
    confidence = item.get("confidence", parent["confidence"])
    if confidence not in CONFIDENCES:
        raise DataError(f"{where}的 confidence 应为 {'、'.join(CONFIDENCES)} 之一，现在是“{confidence}”。")
    return DatedValue(
        from_=start,
        until=until,
        value=item["value"],
        unit=item.get("unit", parent["unit"]),
        references=parse_references(item.get("references", ()), where),
        source=item.get("source", ""),
        confidence=confidence,
        note=item.get("note", ""),
        counting=parse_counting(
            item.get("counting") or {},
            parent.get("counting") or {},
            item.get("unit", parent["unit"]),
            where,
            unit_differs=item.get("unit", parent["unit"]) != parent["unit"],
        ),
        checked_on=item.get("checked_on", parent["checked_on"]),
        region=region,
        region_name=region_name,
        only_for=item.get("only_for", ""),
        between=between,
    )


def _refuse_unknown(entry: Mapping[str, Any], allowed: set[str], where: str) -> None:
    strange = sorted(set(entry) - allowed)
    if strange:
        raise DataError(f"{where}有不认识的字段：{'、'.join(strange)}。")


def _refuse_disorder(values: tuple[DatedValue, ...], where: str) -> None:
    for earlier, later in pairwise(values):
        if later.from_ <= earlier.from_:
            raise DataError(f"{where}的生效日须由早到晚且不重复：{earlier.from_}、{later.from_}。")
