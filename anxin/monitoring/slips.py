"""预警单 and 预警升级单: a warning on paper, with what it rests on, for whoever is to act and has no account here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from anxin.kernel.money import parse_yuan
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.monitoring.explaining import evidence
from anxin.monitoring.models import Level, Warning, WarningEvent
from anxin.typesetting.agreements import agreement_pdf
from anxin.typesetting.errors import FacesMissing, NotFilled
from anxin.typesetting.filling import fill
from anxin.typesetting.templates import template

SLIP, ESCALATION = "warning_slip", "warning_escalation_slip"
#: people on one slip; the page has the others
_ROWS = 60
_EVENTS = 30
#: what makes a warning one that has climbed
_CLIMBED = (WarningEvent.Kind.ESCALATED, WarningEvent.Kind.WORSENED)


def slip(warning: Warning, kind: str, *, on: dt.date, law: Law) -> bytes:
    """The PDF, names masked. The caller has checked the scope.

    Raises :class:`Refused`: nothing has climbed yet, or everything that is missing.
    """
    data = known(warning, kind) | {"issued_on": on}
    if kind == ESCALATION and "reasons" not in data:
        raise Refused("这条预警还没有加重，也没有因为无人处置而催办，没有升级单可以出。")
    try:
        return agreement_pdf(fill(template(kind), data, cite=law.cite))
    except NotFilled as missing:
        said = "".join(one.sentence for one in missing.problems)
        raise Refused(f"不能制作《{template(kind).name}》：{said}"[:500]) from None
    except FacesMissing as missing:
        raise Refused(f"不能制作《{template(kind).name}》：{missing}") from None


def known(warning: Warning, kind: str) -> dict[str, Any]:
    """Field → value, without what is not known; a constant number of queries."""
    found = _head(warning) | (_escalation(warning) if kind == ESCALATION else _why(warning))
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _head(warning: Warning) -> dict[str, Any]:
    kept = warning.explanation
    return {
        "office": warning.responsible.name if warning.responsible else "",
        "warning_number": str(warning.pk),
        "level": Level(warning.level).label,
        "subject": warning.subject.name,
        "subject_code": warning.subject_code,
        "responsible": kept.get("responsible_name", ""),
        "opened_on": warning.opened_on,
        "act_by": warning.act_by,
        "warned": warning.sentence,
        "people": warning.people,
        "amount": warning.amount_fen,
    }


def _why(warning: Warning) -> dict[str, Any]:
    kept = warning.explanation
    page = evidence(warning, limit=_ROWS)
    to = [str(one) for one in (warning.assigned_organisation, warning.assigned_to) if one]
    return {
        "rule": f"{warning.rule} {kept.get('title', '')}".strip(),
        "month": Month.parse(warning.month).chinese() if warning.month else "",
        "assigned": " ".join(to),
        "days": warning.longest_days,
        "threshold": _threshold(kept.get("threshold", {})),
        "basis": "\n".join(
            one.get("citation", "") if isinstance(one, Mapping) else str(one)
            for one in kept.get("articles", ())
        ),
        "source": f"{warning.sweep.as_of:%Y-%m-%d}扫描时系统里的记录（扫描编号{warning.sweep_id}）。",
        "clears": kept.get("clears", ""),
        "rows": [_row(one) for one in page.rows],
        "omitted": page.total - len(page.rows) or None,
    }


def _threshold(kept: Mapping[str, Any]) -> str:
    """``逾期1日以上（逾期未发工资分级，自2020-05-01起执行，依据…）``."""
    words = str(kept.get("words", ""))
    told = [str(kept[name]) for name in ("name",) if kept.get(name)]
    told += [f"自{kept['since']}起执行"] if kept.get("since") else []
    told += [f"依据{kept['reference']}"] if kept.get("reference") else []
    return f"{words}（{'，'.join(told)}）。" if words and told else words


def _row(one: Mapping[str, Any]) -> dict[str, Any]:
    places = [source["place"] for source in one["sources"]]
    more = f"等{len(places)}处" if len(places) > 1 else ""
    return {
        "person": one["person"] or "—",
        "amount": parse_yuan(one["amount"]) if one["amount"] else None,
        "days": one["days"],
        "source": f"{places[0]}{more}"[:200] if places else "",
    }


def _escalation(warning: Warning) -> dict[str, Any]:
    events = list(warning.events.order_by("-pk")[:_EVENTS])[::-1]
    climbed = [
        one for one in events if one.kind in _CLIMBED and timezone.localdate(one.at) >= warning.opened_on
    ]
    if not climbed:
        return {}
    last = climbed[-1]
    return {
        "history": [
            {"day": timezone.localdate(one.at), "what": one.get_kind_display(), "text": one.text[:200]}
            for one in events
        ],
        "reasons": last.text or f"预警{last.get_kind_display()}。",
        "demands": "请上一级督办：核实事实，督促整改责任单位限期整改，并把处置情况记入预警。",
    }
