"""A warning that explains itself: by which article and threshold, on which rows, who acts by when.

The constant part (threshold, articles, what clears it) is kept with the warning by the sweep that last saw
it, so that an old warning is explained by the law that produced it and not by today's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Subquery
from django.utils import timezone

from anxin.kernel.masking import mask_name
from anxin.kernel.money import yuan_string
from anxin.monitoring import sharing, sources
from anxin.monitoring.models import Gap, Level, Sweep, Warning, WarningEvent, WarningRow
from anxin.workforce.models import Worker

ROWS = 200


@dataclass(frozen=True)
class EvidencePage:
    """Evidence rows in the rule's order; ``after`` asks for the next ones, ``None`` on the last page.

    ``total`` counts the rows of all pages.
    """

    rows: list[dict[str, Any]]
    after: int | None
    total: int


def evidence(warning: Warning, *, after: int = 0, limit: int = ROWS) -> EvidencePage:
    """The rows behind a warning with masked names and the place where each can be checked.

    A constant number of queries, however many rows.
    """
    # The number comes with the rows: it does not hang on them, so the database counts once.
    everything = WarningRow.objects.filter(warning=warning.pk).order_by().values("warning")
    counted = everything.annotate(number=Count("pk")).values("number")
    found: list[Any] = list(
        warning.rows.filter(pk__gt=after).order_by("pk").annotate(total=Subquery(counted))[: limit + 1]
    )
    shown, more = found[:limit], len(found) > limit
    total = found[0].total if found else (warning.rows.count() if after else 0)
    keys = [key for row in shown for key in sources.split(row.keys)]
    places = sources.resolve(keys, project_id=warning.project_id)
    names = _names(shown)
    rows = [_evidence_row(row, names, places) for row in shown]
    return EvidencePage(rows, shown[-1].pk if more else None, total)


def shared_by(warning: Warning, *, whole: bool = False) -> tuple[sharing.Graph, int]:
    """What the people of a sign share, and how many rows beyond :data:`sharing.MOST_ROWS` were not looked at.

    ``whole`` leaves nobody out of those rows: for a list, not for a picture. The caller has checked the scope.
    Three queries at most.
    """
    found = list(warning.rows.order_by("pk")[: sharing.MOST_ROWS])
    rows = [sharing.SharedRow(row.worker_key, row.amount_fen, row.detail) for row in found]
    unread = warning.rows.count() - len(found) if len(found) == sharing.MOST_ROWS else 0
    limits = {"most_people": len(rows), "most_things": len(rows) * len(sharing.KINDS)} if whole else {}
    return sharing.graph_of(rows, _names(found), **limits), unread


def _evidence_row(
    row: WarningRow, names: Mapping[str, str], places: Mapping[str, list[sources.Source]]
) -> dict[str, Any]:
    found = [source for key in sources.split(row.keys) for source in places.get(key, [])]
    known = mask_name(names.get(row.worker_key, ""))
    return {
        "id": row.pk,
        "worker": int(row.worker_key) if row.worker_key.isdecimal() else None,
        "person": known or next((source.person for source in found if source.person), ""),
        "amount": None if row.amount_fen is None else yuan_string(row.amount_fen),
        "days": row.days,
        "detail": _detail(row.detail),
        "sources": [source.as_json() for source in found],
    }


def _detail(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Measured values of one row; what is counted in fen becomes a yuan string under the name without it."""
    return {
        name.removesuffix("_fen"): yuan_string(value)
        if name.endswith("_fen") and value is not None
        else value
        for name, value in detail.items()
    }


def explain(
    warning: Warning,
    *,
    rows_after: int = 0,
    rows_limit: int = ROWS,
    events: Sequence[WarningEvent] | None = None,
) -> dict[str, Any]:
    """Everything a person needs to understand, check and act on a warning; amounts as yuan strings.

    The caller has checked the scope, and hands over the history where it has read it already. A constant number
    of queries.
    """
    if events is None:
        events = list(warning.events.order_by("pk"))
    page = evidence(warning, after=rows_after, limit=rows_limit)
    return {
        **_what(warning),
        **_why(warning.explanation),
        "sentence": warning.sentence,
        "evidence": page.rows,
        "evidence_after": page.after,
        "evidence_total": page.total,
        "missing": missing(warning),
        "act_by": _act_by(warning),
        "first_seen": warning.first_seen.isoformat(),
        "last_seen": warning.last_seen.isoformat(),
        "cleared_on": warning.cleared_on.isoformat() if warning.cleared_on else None,
        "history": [event_json(event) for event in events],
        "sweep": _sweep(warning.sweep),
    }


def _what(warning: Warning) -> dict[str, Any]:
    """Which warning it is, about whom, how grave, and how many people and how much money."""
    return {
        "id": warning.pk,
        "rule": warning.rule,
        "family": warning.get_family_display(),
        "level": Level(warning.level).name.lower(),
        "level_name": Level(warning.level).label,
        "state": warning.state,
        "state_name": warning.get_state_display(),
        "advice": warning.advice,
        "subject": {
            "project": warning.project.code if warning.project else None,
            "employer": warning.employer.uscc if warning.employer else None,
            "name": warning.subject.name,
            "region": warning.subject.region_id,
        },
        "period": warning.month or None,
        "people": warning.people,
        "amount": None if warning.amount_fen is None else yuan_string(warning.amount_fen),
        "days": warning.longest_days,
    }


def _why(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the sweep kept with it: rule, threshold, parameters, articles, what clears it."""
    return {
        "title": kept["title"],
        "days_unit": kept["days_unit"],
        "due": kept["due"],
        "threshold": _threshold(kept["threshold"]),
        "parameters": kept["parameters"],
        "articles": kept["articles"],
        "measures": _detail(kept["measures"]),
        "clears": kept["clears"],
    }


def _act_by(warning: Warning) -> dict[str, Any]:
    """Who acts, who sees to it, and by when."""
    kept = warning.explanation
    return {
        "who": kept["responsible_name"],
        "role": kept["responsible"],
        "supervised_by": warning.responsible.name if warning.responsible else None,
        "date": warning.act_by.isoformat() if warning.act_by else None,
        "provisional": warning.act_by_provisional,
        **kept["act_by"],
    }


def _sweep(sweep: Sweep) -> dict[str, Any]:
    """The run that last saw it, so that it can be run again."""
    return {
        "id": sweep.pk,
        "as_of": sweep.as_of.isoformat(),
        "known_at": sweep.known_at.isoformat(),
        "code_version": sweep.code_version,
        "parameters_hash": sweep.parameters_hash,
    }


def _threshold(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The step of the grading table that was reached: in words, with its conditions and its paper."""
    return {"value": kept["words"], **kept}


def missing(warning: Warning) -> list[str]:
    """What could not be judged for the same subject and rule, in this month or standing."""
    gaps = Gap.objects.filter(
        Q(project_id=warning.project_id) if warning.project_id else Q(employer_id=warning.employer_id),
        rule=warning.rule,
        closed_on__isnull=True,
    ).filter(month__in={"", warning.month})
    return [gap.missing for gap in gaps.order_by("pk")]


def event_json(event: WarningEvent) -> dict[str, Any]:
    return {
        "at": timezone.localtime(event.at).isoformat(),
        "kind": event.kind,
        "title": event.get_kind_display(),
        "who": event.actor_name,
        "text": event.text,
        "file": event.filename,
    }


def _names(rows: list[WarningRow]) -> dict[str, str]:
    keys = {int(row.worker_key) for row in rows if row.worker_key.isdecimal()}
    found = Worker.objects.filter(pk__in=keys).values_list("pk", "name")
    return {str(pk): name for pk, name in found}
