"""What the papers of an assessment begin with: the year that is assessed, the place, and what the law has assessed (考核办法第五条)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anxin.casework.models import Matter
from anxin.letters.sources import Source
from anxin.local_law import queries as local_law

#: what is assessed, in the order of the law
_CONTENT = "assessment.assess_content"
#: kind of paper → its table that has a row for each
_TABLES = {
    "assessment_self_report": "items",
    "assessment_evidence": "proofs",
    "assessment_check_record": "checks",
    "assessment_report": "",
}


def _source(table: str) -> Callable[[Matter], dict[str, Any]]:
    def known(matter: Matter) -> dict[str, Any]:
        if matter.procedure != "assessment":
            return {}
        found: dict[str, Any] = {"year": str(matter.opened_on.year - 1), "area": matter.region.name}
        if table:
            content = local_law.current().value(_CONTENT, on=matter.opened_on, region=matter.region_id).value
            found[table] = [{"item": one} for one in content]
        return found

    return known


#: kind of paper → what it begins with
SOURCES: dict[str, Source] = {kind: _source(table) for kind, table in _TABLES.items()}
