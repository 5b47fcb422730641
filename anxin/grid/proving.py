"""Whether a report that became no clue was so: an officer says it, and what was wrong is taken back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from anxin.accounts.access import HANDLE, actor
from anxin.accounts.models import User
from anxin.evidence.journal import record
from anxin.grid.access import visible_reports
from anxin.grid.models import GridReport
from anxin.kernel.refusal import Refused
from anxin.signals.models import BoardCheck, KnownSite

SHORTEST, LONGEST = 4, 200


def prove(report: GridReport, *, right: bool, words: str, by: User, now: dt.datetime) -> GridReport:
    """Say whether it was so; not so, its look or its site no longer counts. Said once. Raises :class:`Refused`."""
    words = words.strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise Refused(f"请写一句核实情况，{SHORTEST}到{LONGEST}个字；上报的网格员会看到。", field="words")
    with transaction.atomic():
        # only the report: what the scope joins may be absent, and PostgreSQL locks no absent row
        rows = visible_reports(by, HANDLE).select_related(None).select_for_update(of=("self",))
        held = rows.filter(pk=report.pk).first()
        if held is None:
            raise Refused("这条上报不在您负责的范围内。")
        if held.clue_id is not None:
            raise Refused("这条上报已经转成线索，结果以线索的结论为准。")
        if held.proved is not None:
            raise Refused("这条上报已经核实过，请刷新页面。")
        held.proved, held.proved_words, held.proved_by_name, held.proved_at = right, words, str(by), now
        held.save(update_fields=["proved", "proved_words", "proved_by_name", "proved_at"])
        if not right:
            _take_back(held, now)
        record(
            actor=actor(by),
            action="grid.proved",
            object_type="grid_report",
            object_id=held.pk,
            summary=f"{held}：核实{'属实' if right else '不属实'}，{words}",
            after={"proved": right},
            now=now,
        )
    return held


def _take_back(held: GridReport, now: dt.datetime) -> None:
    """Only what this report brought: an inspector's own look of that day is theirs, and other reports keep theirs."""
    if held.known_site_id is not None:
        KnownSite.objects.filter(pk=held.known_site_id, superseded_at__isnull=True).update(superseded_at=now)
    others = GridReport.objects.filter(board_check_id=held.board_check_id).exclude(pk=held.pk)
    if held.board_check_id is None or others.exclude(proved=False).exists():
        return
    BoardCheck.objects.filter(
        pk=held.board_check_id,
        batch__isnull=True,
        recorded_at__gte=held.received_at,
        superseded_at__isnull=True,
    ).update(superseded_at=now)
