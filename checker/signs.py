"""The signs of a business in trouble, worked out from what was reported of it: the rows a warning must rest on.

Each function gives the rows of one sign: ``amount_fen``, ``keys``, ``due`` and the details, as a warning shows them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from checker.firms import Firm, Told

Rows = Iterator[dict[str, Any]]

#: half of what is usual is low; a season explains what stays above three fifths of last year's month
_LOW, _SEASON = 0.5, 0.6
#: the latest two months may both be low, so that the usual is that of the months before them
_USUAL_FROM = 2
_ENOUGH = 3
_YEAR = 12
_SEVERITY = {"abnormal": 1, "revoked": 2, "deregistered": 3}
_FEN = 100


def arrears(firm: Firm) -> Rows:
    """Contributions owed in the latest month that is known."""
    back = firm.latest("insurance_arrears_months")
    if back is None or firm.said("insurance_arrears_months", back) < 1:
        return
    yield {
        "keys": firm.key_of_month(back),
        "amount_fen": firm.said("insurance_arrears_fen", back),
        "due": None,
        "arrears_months": firm.said("insurance_arrears_months", back),
        "concerned": firm.said("insured", back),
        "at_month": firm.this_month - back,
    }


def staff(firm: Firm) -> Rows:
    """Insured people well below the most of the months before."""
    back = firm.latest("insured")
    if back is None:
        return
    compared = firm.limits["compared_months"]
    before = max(firm.said("insured", back + ago) or 0 for ago in range(1, compared + 1))
    now = firm.said("insured", back)
    lost = before - now
    if before < firm.limits["least_staff"] or lost * 10 < before:
        return
    yield {
        "keys": firm.key_of_month(back),
        "amount_fen": None,
        "due": None,
        "concerned": before,
        "staying": now,
        "lost": lost,
        "lost_percent": lost * 100 / before,
        "leavers": sum(firm.said("leavers", back + ago) or 0 for ago in range(compared)),
        "at_month": firm.this_month - back,
    }


def claims(firm: Firm) -> Rows:
    """Former people who draw unemployment benefit."""
    back = firm.latest("unemployment_claims")
    if back is None:
        return
    span = range(back, back + firm.limits["compared_months"])
    number = sum(firm.said("unemployment_claims", ago) or 0 for ago in span)
    if number < 1:
        return
    people = max(number, *(firm.said("insured", ago) or 0 for ago in span))
    yield {
        "keys": firm.key_of_month(back),
        "amount_fen": None,
        "due": None,
        "claims": number,
        "claim_percent": number * 100 / people,
        "concerned": people,
        "at_month": firm.this_month - back,
    }


def complaints(firm: Firm) -> list[Any]:
    """Leads of the days that count, without those found to be unfounded."""
    return [
        clue
        for clue in firm.clues
        if clue.get("founded") is not False
        and 0 <= (firm.age(clue["received_on"]) or 0) <= firm.limits["dispute_days"]
    ]


def disputes(firm: Firm) -> Rows:
    """Arbitrations, inspections and leads, a row each."""
    for entry in firm.begun("arbitration", "inspection"):
        if (firm.age(entry["on"]) or 0) <= firm.limits["dispute_days"]:
            yield _dispute(f"employer_event:{entry['event_id']}", entry, entry["on"], formal=1)
    for clue in complaints(firm):
        yield _dispute(f"clue:{clue['clue_id']}", clue, clue["received_on"], formal=0)


def _dispute(key: str, entry: Any, day: str, *, formal: int) -> dict[str, Any]:
    people = entry.get("people")
    return {
        "keys": key,
        "amount_fen": entry.get("amount_fen"),
        "due": day,
        "concerned": 1 if people is None else people,
        "formal": formal,
        "leads": 1 - formal,
        "disputes": 1,
        "last_on": day,
    }


def enforcement(firm: Firm) -> Rows:
    """Court orders in execution that still stand."""
    for entry in firm.standing("enforcement"):
        if (firm.age(entry["on"]) or 0) <= firm.limits["event_days"]:
            yield {
                "keys": f"employer_event:{entry['event_id']}",
                "amount_fen": entry.get("amount_fen"),
                "due": entry["on"],
                "orders": 1,
                "enforced_yuan": (entry.get("amount_fen") or 0) // _FEN,
                "last_on": entry["on"],
            }


def registration(firm: Firm) -> Rows:
    """What the register says, and the list of abnormal businesses."""
    found = []
    status, on = firm.register.get("status"), firm.register.get("status_on")
    if status in _SEVERITY and (on is None or (firm.age(on) or 0) >= 0):
        found.append((_SEVERITY[status], on, f"employer:{firm.number}"))
    for entry in firm.standing("abnormal_registration"):
        found.append((1, entry["on"], f"employer_event:{entry['event_id']}"))
    for severity, day, key in found:
        staffed = int((firm.insured or 0) > 0)
        # A business that was wound up and employs nobody is no longer anybody's employer.
        if severity < _SEVERITY["deregistered"] or staffed:
            yield {
                "keys": key,
                "amount_fen": None,
                "due": day,
                "severity": severity,
                "staffed": staffed,
                "concerned": firm.insured,
                "last_on": day,
            }


def dishonesty(firm: Firm) -> Rows:
    """Entries in a list of dishonest debtors that still stand."""
    for entry in firm.standing("dishonesty"):
        yield {
            "keys": f"employer_event:{entry['event_id']}",
            "amount_fen": entry.get("amount_fen"),
            "due": entry["on"],
            "entries": 1,
            "concerned": firm.insured,
            "last_on": entry["on"],
        }


def utilities(firm: Firm) -> Rows:
    """Each meter that shows far less than usual, and less than the season explains."""
    meters = (
        ("water_m3", "least_water", "water_percent", "power_percent"),
        ("power_kwh", "least_power", "power_percent", "water_percent"),
    )
    for column, least, own, other in meters:
        drop = _drop(firm, column, firm.limits[least])
        if drop is not None:
            back, percent, low = drop
            yield {
                "keys": firm.key_of_month(back),
                "amount_fen": None,
                "due": None,
                "drop_percent": percent,
                "low_months": low,
                "meters": 1,
                own: percent,
                other: None,
                "at_month": firm.this_month - back,
            }


def _drop(firm: Firm, column: str, least: int) -> tuple[int, int, int] | None:
    """Months back, percent lost and low months in a row; ``None`` where nothing fell."""
    back = firm.latest(column)
    if back is None:
        return None
    span = range(_USUAL_FROM, _USUAL_FROM + firm.limits["utility_base_months"])
    known = [used for ago in span if (used := firm.said(column, back + ago)) is not None]
    if len(known) < _ENOUGH or _added(known) < len(known) * least:
        return None
    usual = _added(known) / len(known)
    now, previous, last_year = (firm.said(column, back + ago) for ago in (0, 1, _YEAR))
    if now >= usual * _LOW or (last_year is not None and now >= last_year * _SEASON):
        return None
    low = previous is not None and previous < usual * _LOW
    return back, math.floor((1 - now / usual) * 100), 1 + low


def _added(numbers: list[float]) -> float:
    """One after the other: whole percents hang on the last digit, and a compensated sum has another."""
    total = 0.0
    for one in numbers:
        total += one
    return total


def contagion(told: Told) -> Rows:
    """Each linked business that is in severe trouble itself."""
    insured = told.itself.insured
    for other in told.linked():
        trouble = _trouble(told.firm(other))
        if trouble:
            yield {
                "keys": f"employer:{other}",
                "amount_fen": None,
                "due": None,
                "linked": 1,
                "signs": trouble,
                "concerned": insured,
                "other_id": other,
            }


def _trouble(firm: Firm) -> int:
    """How many kinds of trouble reach those around a business."""
    owes = any(row["arrears_months"] >= firm.limits["severe_arrears_months"] for row in arrears(firm))
    gone = any(row["severity"] > 1 for row in registration(firm))
    return sum((owes, gone, any(enforcement(firm)), any(dishonesty(firm))))


def tax(firm: Firm) -> Rows:
    """Taxes owed that still stand."""
    for entry in firm.standing("tax_arrears"):
        yield {"keys": f"employer_event:{entry['event_id']}"}


def combined(told: Told) -> Rows:
    """One row for each kind of sign that is worth counting: from the mildest grade of its own rule on."""
    firm = told.itself
    kinds: dict[str, Callable[[], Rows]] = {
        "arrears": lambda: _from(arrears(firm), "arrears_months", told.least("e01", "arrears_months")),
        "staff": lambda: _from(staff(firm), "lost_percent", told.least("e02", "lost_percent")),
        "claims": lambda: _from(claims(firm), "claims", told.least("e03", "claims")),
        "disputes": lambda: _from(disputes(firm), "formal", 1),
        "enforcement": lambda: enforcement(firm),
        "registration": lambda: registration(firm),
        "utilities": lambda: utilities(firm),
        "contagion": lambda: contagion(told),
        "dishonesty": lambda: dishonesty(firm),
        "tax": lambda: tax(firm),
    }
    said = len(complaints(firm))
    for kind, rows in kinds.items():
        keys = [row["keys"] for row in rows()]
        if keys:
            yield {
                "keys": min(keys),
                "amount_fen": None,
                "due": None,
                "signs": 1,
                "complaints": said,
                "concerned": firm.insured,
                **{f"has_{name}": int(name == kind) for name in kinds},
            }


def _from(rows: Rows, measure: str, least: int) -> Rows:
    return (row for row in rows if row[measure] >= least)
