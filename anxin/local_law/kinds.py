"""What differs between the three sorts of record: how each is named, checked, and told to the journal."""

from __future__ import annotations

from typing import Any, Protocol

from django.conf import settings

from anxin import law as law_data
from anxin.kernel.refusal import Refused
from anxin.law import LawError, UnknownKey
from anxin.law.words import value_words
from anxin.local_law import overlay as overlays
from anxin.local_law import queries
from anxin.local_law.models import CalendarYear, Confirmation, LocalValue, State, TwoPersonRecord
from anxin.local_law.wording import place


class Kind(Protocol):
    """One sort of record. ``name`` is part of its actions (``local_law.value_confirmed``)."""

    name: str
    object_type: str

    def describe(self, record: Any) -> str:
        """In a few words, for a summary."""

    def said(self, record: Any) -> dict[str, Any]:
        """What the journal keeps of it: JSON without floats."""

    def basis(self, record: Any) -> str:
        """The paper it stands on."""

    def slot(self, record: Any) -> dict[str, Any]:
        """The question that only one record in force may answer."""

    def doubts(self, record: Any) -> list[str]:
        """What a person has to look at before it may count, in sentences."""

    def check(self, record: Any) -> None:
        """Raise :class:`Refused` where the law could not be read with it."""


class ValueKind:
    name, object_type = "value", "local_value"

    def describe(self, record: LocalValue) -> str:
        name = parameter_name(record.key)
        shown = value_words(record.value, record.unit)
        return f"{place(record.region, record.region_name)}“{name}”自{record.valid_from}起为{shown}"

    def said(self, record: LocalValue) -> dict[str, Any]:
        return {
            "key": record.key,
            "region": record.region,
            "from": record.valid_from.isoformat(),
            "until": record.valid_until.isoformat() if record.valid_until else None,
            "value": without_floats(record.value),
            "unit": record.unit,
            "counting": record.counting,
            "only_for": record.only_for,
        }

    def basis(self, record: LocalValue) -> str:
        return record.source

    def slot(self, record: LocalValue) -> dict[str, Any]:
        return {
            "key": record.key,
            "region": record.region,
            "valid_from": record.valid_from,
            "only_for": record.only_for,
        }

    def doubts(self, record: LocalValue) -> list[str]:
        return []

    def check(self, record: LocalValue) -> None:
        """The law is read once with the record in it: what would break the files is refused before it counts."""
        others = LocalValue.objects.filter(state=State.CONFIRMED).exclude(**self.slot(record))
        try:
            base = overlays.fitting(others, (), ())
            entries = (*base.local_values, overlays.local_value_entry(record))
            law = law_data.load(settings.ANXIN_LAW_DIRS, law_data.Overlay(local_values=entries))
            law.timeline(record.key)
        except LawError as problem:
            raise Refused(f"这个值不能使用：{problem}") from problem


class ConfirmationKind:
    name, object_type = "confirmation", "law_confirmation"

    def describe(self, record: Confirmation) -> str:
        where = place(record.region, "") if record.region else "全国"
        return f"“{parameter_name(record.key)}”{where}自{record.value_from}起的数值已对照文件核对"

    def said(self, record: Confirmation) -> dict[str, Any]:
        return {
            "key": record.key,
            "region": record.region,
            "from": record.value_from.isoformat(),
            "only_for": record.only_for,
            "value": without_floats(record.value),
        }

    def basis(self, record: Confirmation) -> str:
        return record.document

    def slot(self, record: Confirmation) -> dict[str, Any]:
        return {
            "key": record.key,
            "region": record.region,
            "value_from": record.value_from,
            "only_for": record.only_for,
        }

    def doubts(self, record: Confirmation) -> list[str]:
        return []

    def check(self, record: Confirmation) -> None:
        if not overlays.covers(record, overlays.shipped()):
            raise Refused(
                "提出核对之后，系统收录的这个数值已经变了，请不同意这一条，再按现在的数值重新核对。"
            )


class CalendarKind:
    name, object_type = "calendar", "calendar_year"

    def describe(self, record: CalendarYear) -> str:
        return f"{record.year}年放假安排（{record.notice}）"

    def said(self, record: CalendarYear) -> dict[str, Any]:
        kinds = [kind for _, kind, _ in record.days]
        return {
            "year": record.year,
            "notice": record.notice,
            "days_off": kinds.count("off"),
            "make_up_days": kinds.count("work"),
            "file": record.file.sha256,
        }

    def basis(self, record: CalendarYear) -> str:
        return record.notice

    def slot(self, record: CalendarYear) -> dict[str, Any]:
        return {"year": record.year}

    def doubts(self, record: CalendarYear) -> list[str]:
        return list(record.doubts)

    def check(self, record: CalendarYear) -> None:
        """Its days were checked when the table was read; the law has nothing to add."""


_KINDS: dict[type[TwoPersonRecord], Kind] = {
    LocalValue: ValueKind(),
    Confirmation: ConfirmationKind(),
    CalendarYear: CalendarKind(),
}


def kind_of(record: TwoPersonRecord) -> Kind:
    return _KINDS[type(record)]


def parameter_name(key: str) -> str:
    """The Chinese name, or the key itself where an upgrade no longer has it."""
    try:
        return queries.current().parameter(key).name
    except UnknownKey:
        return key


def without_floats(value: Any) -> Any:
    """The journal holds no floats: they become text."""
    if isinstance(value, dict):
        return {name: without_floats(part) for name, part in value.items()}
    if isinstance(value, list):
        return [without_floats(part) for part in value]
    return f"{value:g}" if isinstance(value, float) else value
