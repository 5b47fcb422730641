"""What a bureau has recorded over the shipped law. Nothing counts before a second person has said yes."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from anxin.evidence.models import StoredFile


class OverlayStamp(models.Model):
    """One row: which content of the overlay is in force. Locked while that content changes.

    ``token`` is new at every change, so that a process knows with one small query whether its copy still holds.
    """

    token = models.CharField(max_length=32, blank=True)
    changed_at = models.DateTimeField(null=True)


class State(models.TextChoices):
    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已生效"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"
    SUPERSEDED = "superseded", "已被替代"


#: whatever was once confirmed, also where it has ended since
WAS_CONFIRMED = Q(confirmed_at__isnull=False)


def two_persons(name: str) -> list[models.BaseConstraint]:
    """What the database itself refuses for every record that needs a second person."""
    ended = (State.REFUSED, State.WITHDRAWN, State.SUPERSEDED)
    return [
        models.CheckConstraint(
            condition=~Q(confirmed_by=F("proposed_by")), name=f"{name}_confirmed_by_another"
        ),
        models.CheckConstraint(
            condition=Q(confirmed_at__isnull=True, confirmed_by="")
            | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
            name=f"{name}_confirmed_by_somebody",
        ),
        models.CheckConstraint(
            condition=~Q(state=State.CONFIRMED) | Q(confirmed_at__isnull=False),
            name=f"{name}_in_force_is_confirmed",
        ),
        models.CheckConstraint(
            condition=Q(state__in=ended, ended_at__isnull=False)
            | (~Q(state__in=ended) & Q(ended_at__isnull=True)),
            name=f"{name}_ended_has_its_day",
        ),
    ]


class TwoPersonRecord(models.Model):
    """Proposed by one person, confirmed by another, ended once: refused, withdrawn, or replaced by a later one.

    People are kept as the journal keeps them: a stable key (``user:12``) and the name as of that day.
    """

    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.CharField(max_length=80)
    proposed_by_name = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_by_name = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_by_name = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.state == State.PROPOSED

    @property
    def is_in_force(self) -> bool:
        return self.state == State.CONFIRMED


class LocalValue(TwoPersonRecord):
    """A value of one parameter for one region from one day on, with the paper that sets it."""

    key = models.CharField(max_length=80)
    #: GB/T 2260 code or its prefix: text, because regions are registered above this package
    region = models.CharField(max_length=12)
    region_name = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    value: models.JSONField[Any, Any] = models.JSONField()
    unit = models.CharField(max_length=20)
    #: what differs from the shipped counting rule; empty: nothing
    counting = models.JSONField(default=dict)
    #: used only when the question names this case
    only_for = models.CharField(max_length=60, blank=True)
    source_title = models.CharField(max_length=160)
    source_number = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            # the list of one state, newest first
            models.Index(fields=["state", "-id"], name="local_value_list"),
            # the history of one parameter
            models.Index(fields=["key", "-id"], name="local_value_key"),
        ]
        constraints = [
            *two_persons("local_value"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="local_value_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(source_title="") & ~Q(source_number=""), name="local_value_has_a_paper"
            ),
            # one answer for one question, and one proposal at a time
            models.UniqueConstraint(
                fields=["key", "region", "valid_from", "only_for"],
                condition=Q(state=State.CONFIRMED),
                name="local_value_once",
            ),
            models.UniqueConstraint(
                fields=["key", "region", "valid_from", "only_for"],
                condition=Q(state=State.PROPOSED),
                name="local_value_proposed_once",
            ),
        ]

    @property
    def source(self) -> str:
        return f"{self.source_title}（{self.source_number}）"


class Confirmation(TwoPersonRecord):
    """The bureau has held one shipped value against its paper: then it may carry a claim."""

    key = models.CharField(max_length=80)
    #: empty: the value of the nation
    region = models.CharField(max_length=12, blank=True)
    #: first day of the value that is confirmed, and the case it was made for
    value_from = models.DateField()
    only_for = models.CharField(max_length=60, blank=True)
    #: the value that was looked at: if a later release ships another one, the confirmation does not cover it
    value: models.JSONField[Any, Any] = models.JSONField()
    document_title = models.CharField(max_length=160)
    document_number = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-id"], name="confirmation_list")]
        constraints = [
            *two_persons("confirmation"),
            models.CheckConstraint(
                condition=~Q(document_title="") & ~Q(document_number=""), name="confirmation_has_a_paper"
            ),
            models.UniqueConstraint(
                fields=["key", "region", "value_from", "only_for"],
                condition=Q(state=State.CONFIRMED),
                name="confirmation_once",
            ),
            models.UniqueConstraint(
                fields=["key", "region", "value_from", "only_for"],
                condition=Q(state=State.PROPOSED),
                name="confirmation_proposed_once",
            ),
        ]

    @property
    def document(self) -> str:
        return f"{self.document_title}（{self.document_number}）"


class CalendarYear(TwoPersonRecord):
    """The State Council's arrangement of one year, as imported from a table."""

    year = models.PositiveSmallIntegerField()
    #: number of the notice, such as 国办发明电〔2026〕7号
    notice = models.CharField(max_length=80)
    #: ``[[day, "off" | "work", festival], …]`` by day; may hold the last days of the year before
    days = models.JSONField()
    #: what did not agree when it was read: ``[sentence, …]``
    doubts = models.JSONField(default=list)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    filename = models.CharField(max_length=255)

    class Meta:
        indexes = [models.Index(fields=["-year", "-id"], name="calendar_year_list")]
        constraints = [
            *two_persons("calendar_year"),
            models.CheckConstraint(condition=~Q(notice=""), name="calendar_year_has_its_notice"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state=State.CONFIRMED), name="calendar_year_once"
            ),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state=State.PROPOSED), name="calendar_year_proposed_once"
            ),
        ]
