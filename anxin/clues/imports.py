"""Lists of hotline tickets (12345 and other channels) become clues: good rows go on, a ticket that comes again stays one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from anxin.clues import intake, list_channels, list_files, ticket_statuses
from anxin.clues.intake import Voice
from anxin.clues.places import Places, places_for
from anxin.clues.tickets import sort, voice_of
from anxin.evidence.kinds import ApplyContext, ApplyResult, RowProblem
from anxin.evidence.models import ImportBatch
from anxin.sheets import SIGNALS

KIND = "hotline"


class HotlineImport:
    """热线工单: one row is one ticket, known again by its channel and its number."""

    kind = KIND
    title = SIGNALS[KIND].title

    def check(self, *, project_code: str) -> None:
        """Tickets are about no project before somebody has read them."""

    def prepare(self, batch: ImportBatch, *, now: dt.datetime) -> list_files.Files:
        """The pictures and recordings that came in a ZIP with the list, looked at one by one."""
        return list_files.look_at(batch, now=now)

    def apply(self, context: ApplyContext) -> ApplyResult:
        places = places_for(context.actor)
        told, rows = ticket_statuses.read_all(context, _voices(context, places))
        context.report(len(rows) // 2, len(rows), "与已登记的工单核对")
        found = sort(rows, places)
        plan = ticket_statuses.plan(told, found)
        result = ApplyResult()
        result.problems += [
            RowProblem(one.row, one.sentence, field=one.field) for one in [*told.refused, *found.refused]
        ]
        result.notes += [
            RowProblem(one.row, one.sentence, rejected=False, field=one.field)
            for one in [*found.notes, *plan.older]
        ]
        new, changed = found.new, found.changed
        result.superseded = intake.supersede(changed, now=context.now, batch=context.batch)
        clues = intake.write(new, now=context.now)
        told_now = [*changed, *zip(clues, new, strict=True)]
        intake.tell(told_now, now=context.now, batch=context.batch)
        by_row = {one.row: clue for clue, one in [*told_now, *found.unchanged]}
        moved = [one.row for _, one in found.unchanged if one.row in plan.changed]
        replaced = ticket_statuses.keep(plan, by_row, now=context.now, batch=context.batch)
        result.superseded += replaced
        cells = {row.number: row.values.get(list_files.FIELD) or "" for row in context.recognition.rows}
        carried = (
            (clue, one.row, one.sender_number, cells[one.row]) for clue, one in [*told_now, *found.unchanged]
        )
        attached = list_files.attach(carried, context.prepared, actor=context.actor, now=context.now)
        result.notes += attached.notes
        if context.batch.bundle_id:
            result.report = {"attachments": attached.as_report(context.prepared)}
        if told.columns:
            result.report |= {
                "ticket_statuses": {"kept": len(plan.changed), "older": len(plan.older)},
            }
        result.inserted = len(new) + len(changed) + len(moved)
        result.unchanged = len(found.unchanged) - len(moved)
        result.counts = {
            "clues_new": len(new), "clues_changed": len(changed), "ticket_statuses": len(plan.changed)
        }  # fmt: skip
        return result


def _voices(context: ApplyContext, places: Places) -> list[tuple[Mapping[str, Any], Voice]]:
    batch = context.batch
    unsaid = list_channels.proposed(context.recognition, batch.filename, batch.mapping).channel
    found: list[tuple[Mapping[str, Any], Voice]] = []
    for row in context.recognition.rows:
        said = row.values.get("channel")
        channel = list_channels.channel_of(said) if said else unsaid
        found.append((row.values, voice_of(row.values, places, channel=channel, row=row.number)))
    return found
