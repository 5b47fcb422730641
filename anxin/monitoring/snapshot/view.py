"""What a snapshot shows, and the pieces that its tables share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast, Substr

from anxin.kernel.months import Month

CHUNK = 20_000
_MONTH = re.compile(r"\d{4}-\d{2}")

Row = tuple[Any, ...]
Rows = Callable[["View"], Iterable[Row]]


@dataclass(frozen=True)
class View:
    """What the tables show: the day, what had arrived by when, and for which projects and employers (``None``: all)."""

    as_of: dt.date
    known_at: dt.datetime
    project_ids: tuple[int, ...] | None = None
    employer_ids: tuple[int, ...] | None = None
    #: of tables that grow with the months only these (``None``: all)
    months: frozenset[str] | None = None

    def known(self, prefix: str = "") -> Q:
        """Rows that had arrived and had not yet been replaced at ``known_at``."""
        return Q(**{f"{prefix}recorded_at__lte": self.known_at}) & (
            Q(**{f"{prefix}superseded_at__isnull": True}) | Q(**{f"{prefix}superseded_at__gt": self.known_at})
        )

    def here(self, path: str = "project_id") -> Q:
        return Q() if self.project_ids is None else Q(**{f"{path}__in": self.project_ids})

    def rows(self, model: type[Model], path: str = "project_id") -> QuerySet[Any]:
        return model._default_manager.filter(self.known(), self.here(path))

    def among(self, path: str = "employer_id") -> Q:
        return Q() if self.employer_ids is None else Q(**{f"{path}__in": self.employer_ids})

    def about(self, model: type[Model], path: str = "employer_id") -> QuerySet[Any]:
        """Rows about employers, like :meth:`rows` about projects."""
        return model._default_manager.filter(self.known(), self.among(path))

    def touching(self, model: type[Model]) -> QuerySet[Any]:
        """Rows that may name a project, an employer, or neither."""
        whole = self.project_ids is None and self.employer_ids is None
        condition = Q() if whole else self.here() | self.among()
        return model._default_manager.filter(self.known(), condition)

    def in_months(self, column: str) -> Q:
        """Rows of the months looked at, by their wage month."""
        return Q() if self.months is None else Q(**{f"{column}__in": sorted(self.months)})

    def in_days(self, column: str, zone: dt.tzinfo | None = None) -> Q:
        """Rows of the months looked at, by their day; with ``zone`` by their moment."""
        if self.months is None:
            return Q()
        found = Q(pk__in=[])
        for month in sorted(self.months):
            first = Month.parse(month)
            since, until = (
                dt.datetime.combine(day, dt.time(), zone) if zone else day
                for day in (first.first_day, first.plus(1).first_day)
            )
            found |= Q(**{f"{column}__gte": since, f"{column}__lt": until})
        return found

    @property
    def month(self) -> str:
        return f"{self.as_of:%Y-%m}"


def month_of(column: str) -> Substr:
    """``YYYY-MM`` of a date column."""
    return Substr(Cast(column, CharField(max_length=10)), 1, 7)


def plain(model: type[Model], *columns: str, until: str = "") -> Rows:
    """A table whose rows are the model's columns; ``until`` names the date that must not be after the day."""

    def rows(view: View) -> Iterable[Row]:
        found = view.rows(model)
        if until:
            found = found.filter(**{f"{until}__lte": view.as_of})
        return found.order_by("pk").values_list(*columns).iterator(CHUNK)

    return rows


def checked(month: str) -> str:
    """The month, or an error where the database writes dates in another order."""
    if not _MONTH.fullmatch(month):
        raise RuntimeError(
            f"数据库返回的日期格式不是 YYYY-MM-DD（得到“{month}”），请检查数据库的日期格式设置。"
        )
    return month
