"""Importing the State Council's arrangement of a year; a second person confirms it like any other record."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction

from anxin.evidence import doors
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.local_law.deciding import lock, record_proposal
from anxin.local_law.models import CalendarYear, State
from anxin.local_law.notice_checks import checks
from anxin.local_law.notice_table import Mark, read_notice

_FIRST, _LAST = 2004, 2100
_NOTICE_LIMIT = 80


def import_calendar(
    *, data: bytes, filename: str, year: int, notice: str, actor: Actor, now: dt.datetime
) -> CalendarYear:
    """Propose the calendar of a year from a table (.xlsx, .xls, .csv) of the notice with number ``notice``.

    The same file for the same year and notice again returns the record there is and changes nothing.
    Raises :class:`Refused` naming the field.
    """
    number = notice.strip()
    if not number:
        raise Refused("请填写通知的文号，例如 国办发明电〔2026〕7号。", field="notice")
    if len(number) > _NOTICE_LIMIT:
        raise Refused(f"文号太长，不超过{_NOTICE_LIMIT}字。", field="notice")
    if not _FIRST <= year <= _LAST:
        raise Refused(f"年份应在{_FIRST}至{_LAST}之间。", field="year")
    marks = read_notice(data, filename, year)
    days = [[mark.day.isoformat(), mark.kind, mark.festival] for mark in marks]
    with transaction.atomic():
        lock()
        known = _standing(year, number, days, hashlib.sha256(data).hexdigest())
        if known is not None:
            return known
        record = CalendarYear.objects.create(
            year=year,
            notice=number,
            days=days,
            doubts=[check.detail for check in checks(year, marks) if not check.passed],
            file=doors.keep_as_sent(data, filename, now=now),
            filename=filename[:255],
            proposed_by=actor.key,
            proposed_by_name=actor.name,
            proposed_at=now,
        )
        record_proposal(record, actor=actor, now=now)
    return record


def marks_of(record: CalendarYear) -> list[Mark]:
    """The stored days as they were read."""
    return [Mark(dt.date.fromisoformat(day), kind, festival) for day, kind, festival in record.days]


def _standing(year: int, notice: str, days: list[list[str]], sha256: str) -> CalendarYear | None:
    """The record that already says the same, waiting or in force. Raises :class:`Refused` for another one waiting."""
    standing = CalendarYear.objects.filter(year=year, state__in=(State.PROPOSED, State.CONFIRMED))
    for record in standing.select_related("file"):
        if record.notice == notice and (record.file.sha256 == sha256 or record.days == days):
            return record
    waiting = standing.filter(state=State.PROPOSED).first()
    if waiting is not None:
        raise Refused(f"{year}年已有一份安排等另一人确认（第{waiting.pk}号），请先处理那一份。", field="year")
    return None
