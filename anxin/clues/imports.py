"""Lists of hotline tickets (12345 and other channels) become clues: good rows go on, a ticket that comes again stays one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from anxin.clues import intake, list_files, ticket_statuses
from anxin.clues.intake import Voice
from anxin.clues.models import Clue
from anxin.clues.places import Places, places_for
from anxin.clues.tickets import sort, voice_of
from anxin.evidence.kinds import ApplyContext, ApplyResult, RowProblem
from anxin.evidence.models import ImportBatch
from anxin.sheets import SIGNALS

KIND = "hotline"
#: how lists name the channels; what names none of them (电话, 微信, 网站) is a way to the hotline
_CHANNELS = {
    "平台": Clue.Channel.PLATFORM,
    "来访": Clue.Channel.VISIT,
    "接访": Clue.Channel.VISIT,
    "窗口": Clue.Channel.VISIT,
    "监察电话": Clue.Channel.TELEPHONE,
    "举报投诉电话": Clue.Channel.TELEPHONE,
    "网格": Clue.Channel.GRID,
    "公安": Clue.Channel.POLICE,
    "110": Clue.Channel.POLICE,
    "警情": Clue.Channel.POLICE,
    "二维码": Clue.Channel.QR,
    "扫码": Clue.Channel.QR,
}
#: a hotline calls itself a platform too
_HOTLINE = ("12345", "热线")
#: names of files and sheets that come from the platforms above us and have no column for the channel
_PLATFORM_FILES = ("根治欠薪线索", "线索反映平台", "国家平台", "省级平台", "全国平台", "省平台")


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


def channel_of(said: str | None) -> str:
    """The channel that a list's own word means."""
    said = said or ""
    if any(word in said for word in _HOTLINE):
        return Clue.Channel.HOTLINE
    return next((channel for word, channel in _CHANNELS.items() if word in said), Clue.Channel.HOTLINE)


def _channel_of_file(context: ApplyContext) -> str:
    """Of a list without a column for it: the platform's, where file or sheet are named after one."""
    named = f"{context.batch.filename}{context.recognition.sheet}"
    return Clue.Channel.PLATFORM if any(word in named for word in _PLATFORM_FILES) else Clue.Channel.HOTLINE


def _voices(context: ApplyContext, places: Places) -> list[tuple[Mapping[str, Any], Voice]]:
    unsaid = _channel_of_file(context)
    found: list[tuple[Mapping[str, Any], Voice]] = []
    for row in context.recognition.rows:
        said = row.values.get("channel")
        channel = channel_of(said) if said else unsaid
        found.append((row.values, voice_of(row.values, places, channel=channel, row=row.number)))
    return found
