"""Which table holds for a place on a day: the nearest signed one, else the one that came with the system."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from anxin.accounts.access import LAW, VIEW, scopes
from anxin.accounts.models import User
from anxin.evidence import files
from anxin.referral.conclusion_list import Choice, read_choices
from anxin.referral.ledger_layout import Layout, read_layout
from anxin.referral.models import SignedTable, State
from anxin.referral.routing import Row, read_rows
from anxin.referral.shipped import shipped

if TYPE_CHECKING:
    from anxin.referral.ledger_pattern import Pattern

#: whatever was once signed and is not taken back holds for its own days, also where a later one replaced it
_COUNTS = Q(state=State.CONFIRMED)


@dataclass(frozen=True)
class Held:
    """The table that holds. ``record`` is ``None`` for the shipped one."""

    record: SignedTable | None
    title: str
    source: str
    valid_from: dt.date
    entries: Sequence[Mapping[str, Any]]

    @property
    def rows(self) -> tuple[Row, ...]:
        return read_rows(self.entries)

    @property
    def choices(self) -> tuple[Choice, ...]:
        return read_choices(self.entries)

    @property
    def layout(self) -> Layout:
        return read_layout(self.entries)

    @property
    def pattern(self) -> Pattern | None:
        """The bureau's own workbook for its ledger, where it gave one. Raises ``FileDamaged``."""
        if self.record is None or self.record.pattern is None:
            return None
        # with all that reads and writes workbooks: not at the start of every process
        from anxin.referral.ledger_pattern import Pattern

        return Pattern(
            files.read(self.record.pattern), self.record.pattern_sheet, self.record.pattern_row or 1
        )


def in_force(sort: str, *, region: str, on: dt.date) -> Held:
    """The table for a place (significant digits) on a day; one query. Versions for later days wait."""
    found = (
        SignedTable.objects.select_related("pattern")
        .filter(_COUNTS, sort=sort, valid_from__lte=on)
        .filter(region__in=[region[:length] for length in (0, 2, 4, 6, 9, 12) if length <= len(region)])
        .order_by("-valid_from", "-pk")
    )
    nearest = max(found, key=lambda one: len(one.region), default=None)
    return of_record(nearest) if nearest is not None else of_files(sort)


def own_place(user: User) -> str:
    """The place (significant digits) a person works for; empty: everywhere, or nowhere."""
    found = scopes(user, VIEW) or scopes(user, LAW)
    return min((scope.region for scope in found), key=len, default="")


def held_for(user: User, sort: str, region: str, on: dt.date) -> Held:
    """What holds on a day for the place asked about; where none is, for the person's own."""
    return in_force(sort, region=region if region.isdecimal() else own_place(user), on=on)


def of_record(record: SignedTable) -> Held:
    """One signed table, whether or not it holds."""
    source = f"{record.source_title}（{record.source_number}）"
    title = f"{record.region_name or '全部地区'}{record.get_sort_display()}（第{record.pk}号）"
    return Held(record, title, source, record.valid_from, record.entries)


def of_files(sort: str) -> Held:
    """The table that came with the system."""
    told = shipped(sort)
    return Held(None, told.title, told.source, told.valid_from, told.entries)
