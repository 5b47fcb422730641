"""Whom a sweep looks at: everybody, or some projects and employers that were touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from anxin.monitoring.rules.framework import Rule


@dataclass(frozen=True)
class Subject:
    """Whom a breach or a gap is about: one of the two is set."""

    project_id: int | None
    employer_id: int | None

    def columns(self) -> dict[str, int | None]:
        return {"project_id": self.project_id, "employer_id": self.employer_id}


@dataclass(frozen=True)
class Reach:
    """Both ``None``: everybody. Otherwise only these; an empty tuple is nobody of that kind.

    What a sweep did not look at it neither judges nor clears: a file about one site says nothing about a firm.
    """

    project_ids: tuple[int, ...] | None = None
    employer_ids: tuple[int, ...] | None = None

    @classmethod
    def of(cls, project_ids: Sequence[int] | None, employer_ids: Sequence[int] | None) -> Reach:
        """What was asked for, in order and each once. Asked for one kind only, nobody of the other."""
        if project_ids is None and employer_ids is None:
            return cls()
        return cls(tuple(sorted(set(project_ids or ()))), tuple(sorted(set(employer_ids or ()))))

    @property
    def everybody(self) -> bool:
        return self.project_ids is None

    @property
    def nobody(self) -> bool:
        return not self.everybody and not self.project_ids and not self.employer_ids

    def covers(self, subject: Subject) -> bool:
        """Whether this sweep may judge it."""
        return (
            self.everybody
            or subject.project_id in (self.project_ids or ())
            or subject.employer_id in (self.employer_ids or ())
        )

    def q(self) -> Q:
        """The filter on rows with ``project_id`` and ``employer_id``."""
        if self.everybody:
            return Q()
        return Q(project_id__in=self.project_ids) | Q(employer_id__in=self.employer_ids)

    def rules(self, rules: Mapping[str, Rule]) -> dict[str, Rule]:
        """The rules about somebody who is looked at."""
        return {
            code: rule
            for code, rule in rules.items()
            if self.everybody or (self.project_ids if rule.subject == "project" else self.employer_ids)
        }
