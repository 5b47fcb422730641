"""What funds does when something happened below."""

from __future__ import annotations

from anxin.evidence.journal import react_to
from anxin.evidence.models import JournalEntry
from anxin.funds.services import match_project
from anxin.payroll.promising import PROMISED


def payroll_accepted(entry: JournalEntry) -> None:
    """A corrected payroll line ends its matches, and new lines may be what earlier receipts paid.

    Done at once, not queued: between the two a paid worker would count as unpaid.
    """
    after = entry.after or {}
    if after.get("kind") == "payroll":
        for project_id in after["project_ids"]:
            match_project(project_id, now=entry.at)


def register() -> None:
    react_to("import.accepted", payroll_accepted)
    react_to(PROMISED, payroll_accepted)
