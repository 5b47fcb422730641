"""欠薪明细表: person by person what was found to be owed, for the police (移送) and for whoever approves the emergency fund.

It names workers, so it is registered for its own kind of paper alone.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from anxin.casework.models import Matter
from anxin.enforcement.finding import words_of
from anxin.enforcement.inspection import arrears_of
from anxin.enforcement.listed import Listed, listed
from anxin.enforcement.models import FoundPerson
from anxin.evidence.sealing import plain

KIND = "arrears_list"


def known(matter: Matter) -> dict[str, Any]:
    """Everybody of whom something was found, and what the sums rest on; who was struck is told by number."""
    found: dict[str, Any] = {}
    arrears = arrears_of(matter)
    if arrears is not None:
        found |= {"evidence": arrears.source, "as_of": timezone.localdate(arrears.recorded_at).isoformat()}
    people = [(one, one.found) for one in listed(matter) if one.found is not None]
    struck = [f"{one.number}号：{words_of(one)}" for one, what in people if not what.fen]
    return found | {
        "owed_rows": [_row(one, what) for one, what in people if what.fen],
        "struck": "\n".join(struck),
    }


def _row(person: Listed, found: FoundPerson) -> dict[str, Any]:
    return {
        "name": plain(person.name),
        "period": f"{found.months}个月" if found.months else "不满一个月",
        "owed": found.fen,
        "basis": words_of(person)[:200],
    }
