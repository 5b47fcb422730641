"""A group's list as a file: good rows go on, bad rows come back, the same file twice changes nothing.

The delivery is about one clue, not one project: its number stands where a project's code does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.accounts.models import User
from anxin.clues.claimants import Said, follow_list, may_list, write_claimants
from anxin.clues.models import Clue
from anxin.clues.models_claimants import SIDES
from anxin.evidence.journal import Actor
from anxin.evidence.kinds import ApplyContext, ApplyResult, ImportRefused, RowProblem
from anxin.sheets import SIGNALS

if TYPE_CHECKING:
    from anxin.sheets.result import ParsedRow

KIND = "claimants"
#: lines under a list that are no people
_SUMS = {"合计", "小计", "总计", "共计"}


class ClaimantsImport:
    """群体名单: one row is one person of the clue's group, known again by ID number, else by name."""

    kind = KIND
    title = SIGNALS[KIND].title

    def check(self, *, project_code: str) -> None:
        if not Clue.objects.filter(number=project_code).exists():
            raise ImportRefused("名单要从线索页导入：打开这条线索，在“人员名单”里选择文件。")

    def apply(self, context: ApplyContext) -> ApplyResult:
        clue = Clue.objects.select_for_update().get(number=context.batch.project_code)
        _require_allowed(clue, context.actor)
        result = ApplyResult()
        rows = []
        for row in context.recognition.rows:
            if str(row.values["name"]).replace(" ", "") in _SUMS:
                sentence = "这一行是合计，不算作一个人。"
                result.notes.append(RowProblem(row.number, sentence, rejected=False, field="name"))
            else:
                rows.append(_said(row))
        written = write_claimants(
            clue, rows, by_name=context.actor.name, now=context.now, batch=context.batch
        )
        follow_list(clue, by_name=context.actor.name, actor=context.actor, now=context.now)
        result.problems = [RowProblem(row, sentence, field=name) for row, sentence, name in written.problems]
        result.inserted, result.unchanged = written.added + written.changed, written.unchanged
        result.superseded = written.superseded
        result.counts = {"claimants_new": written.added, "claimants_changed": written.changed}
        return result


def _require_allowed(clue: Clue, who: Actor) -> None:
    """A person needs the clue in scope; the command line speaks for the whole bureau."""
    kind, _, key = who.key.partition(":")
    if kind != "user":
        return
    user = User.objects.filter(pk=key).first() if key.isdecimal() else None
    if user is None or not may_list(user, clue):
        raise ImportRefused("这条线索不在您负责的范围内，名单不能由您导入。")


def _said(row: ParsedRow) -> Said:
    said = row.values
    return Said(
        name=said["name"],
        id_number=said.get("id_number") or "",
        phone=said.get("phone") or "",
        trade=said.get("trade") or "",
        amounts={str(side): said[side] for side in SIDES if said.get(side) is not None},
        row=row.number,
    )
