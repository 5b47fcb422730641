"""查明的欠薪 person by person: an inspector takes what a side says, finds another sum, or strikes; then it is registered.

Whoever stands on a list is only proposed. What is found of a claimant is also written beside the other sides on the
clue's list (监察员核实), so that it is entered once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.clues.claimants import verified
from anxin.clues.masking import masked_words
from anxin.clues.models import Source
from anxin.enforcement.inspection import note, record_arrears, working
from anxin.enforcement.listed import SOURCES, Listed, listed
from anxin.enforcement.models import Arrears, FoundPerson
from anxin.kernel.money import format_yuan
from anxin.kernel.refusal import Refused, worded

Verdict = FoundPerson.Verdict
#: choices of a ruling besides a side and its sum (``worker:500000``)
CHANGED, STRUCK, OPEN = str(Verdict.CHANGED), str(Verdict.STRUCK), ""
#: what was found stays, though the side has said something else since
KEEP = "keep"
_MOST_MONTHS = 600
#: nobody is owed more wages; a bigger number is a slip
_MOST_FEN = 10**10


@dataclass(frozen=True)
class Ruling:
    """What is said of one person: ``choice`` is open, a side with the sum it was shown with, another sum, or struck."""

    key: str
    choice: str
    months: int | None = None
    fen: int | None = None
    why: str = ""


def rule(matter: Matter, rulings: Sequence[Ruling], *, by: User, now: dt.datetime) -> int:
    """Say what holds of these people; returns of how many something changed. All of it or nothing: raises :class:`Refused`.

    Open takes back what was found in this case. The same twice changes nothing.
    """
    with transaction.atomic():
        held = working(matter, by)
        people = {one.key: one for one in listed(held)}
        wanted = [(_person(people, one), one) for one in rulings if one.choice != KEEP]
        made = [(person, _row(held, person, one, by, now)) for person, one in wanted]
        return _keep(held, [(person, row) for person, row in made if _differs(person, row)], by, now)


def rule_rest(matter: Matter, source: str, months: int | None, *, by: User, now: dt.datetime) -> int:
    """Take what one side says of everybody of whom nothing is found yet; returns of how many. Raises :class:`Refused`.

    Who is proved to have got money is left to be looked at: less than what a side says may still be owed.
    """
    with transaction.atomic():
        held = working(matter, by)
        if source not in SOURCES:
            raise Refused("请选择按谁说的金额认定。", field="rest_source")
        rest = [
            one
            for one in listed(held)
            if one.found is None and one.said.get(source, 0) > 0 and not one.proved
        ]
        if not rest:
            raise Refused(
                f"没有还未核实、又有“{SOURCES[source]}”金额的人；已有证明到账的人请逐人核实。",
                field="rest_source",
            )
        if months is None or not 0 <= months <= _MOST_MONTHS:
            raise Refused("请填写拖欠了几个月，不满一个月的填0。", field="rest_months")
        made = [
            (one, _row(held, one, Ruling(one.key, f"{source}:{one.said[source]}", months), by, now))
            for one in rest
        ]
        return _keep(held, made, by, now)


def register(matter: Matter, *, by: User, now: dt.datetime) -> Arrears:
    """Register what was found of everybody as the arrears of the case. Raises :class:`Refused` while somebody is open."""
    with transaction.atomic():
        held = working(matter, by)
        people = listed(held)
        if not people:
            raise Refused("本件背后没有名单，请先在线索的人员名单登记，或者按合计登记查明的欠薪。")
        if waiting := [one for one in people if one.found is None]:
            raise Refused(
                f"还有{len(waiting)}人没有核实（{_numbers(waiting)}），请逐人认定、改数或者划去，再登记。"
            )
        lines = [_line(one) for one in people]
        owed = [one for one in lines if one["fen"]]
        if not owed:
            raise Refused("名单上的人都划去了，没有查明的欠薪可以登记。")
        return record_arrears(
            held, people=len(owed), months=max(one["months"] for one in owed),
            total_fen=sum(one["fen"] for one in owed), single_fen=max(one["fen"] for one in owed),
            source=_source(lines), by=by, now=now, lines=lines,
        )  # fmt: skip


def _person(people: Mapping[str, Listed], ruling: Ruling) -> Listed:
    if ruling.key not in people:
        raise Refused("名单已经变动，请刷新页面后再核实。")
    return people[ruling.key]


def _row(matter: Matter, person: Listed, ruling: Ruling, by: User, now: dt.datetime) -> FoundPerson | None:
    """The finding as it will stand; ``None`` where it is left open."""
    if ruling.choice == OPEN:
        return None
    who = {"claimant_id": person.row} if person.key[0] == "c" else {"party_id": person.row}
    row = FoundPerson(matter=matter, by_name=str(by)[:80], recorded_at=now, **who)
    if ruling.choice == STRUCK:
        row.verdict, row.why = STRUCK, _why(person, ruling, "请写明为什么划去")
        return row
    row.months = _months(person, ruling)
    if ruling.choice == CHANGED:
        row.verdict, row.fen = CHANGED, _sum(person, ruling)
        row.why = _why(person, ruling, "请写明按什么核定这个金额")
        return row
    source, _, shown = ruling.choice.partition(":")
    fen = person.said.get(source, 0)
    if source not in SOURCES or str(fen) != shown:
        raise Refused(
            f"{person.number}号：这一方说的金额已经变动，请刷新页面看过再认定。", field=f"choice-{person.key}"
        )
    if fen <= 0:
        raise Refused(
            f"{person.number}号：{SOURCES[source]}是0元，请核定为其他金额，或者划去。",
            field=f"choice-{person.key}",
        )
    row.verdict, row.source, row.fen = Verdict.SAID, source, fen
    return row


def _months(person: Listed, ruling: Ruling) -> int:
    if ruling.months is None or not 0 <= ruling.months <= _MOST_MONTHS:
        raise Refused(
            f"{person.number}号：请填写拖欠了几个月，不满一个月的填0。", field=f"months-{person.key}"
        )
    return ruling.months


def _sum(person: Listed, ruling: Ruling) -> int:
    if ruling.fen is None or not 0 < ruling.fen < _MOST_FEN:
        raise Refused(
            f"{person.number}号：请填写核定的金额，单位是元，大于0；没有欠薪的请划去。",
            field=f"fen-{person.key}",
        )
    return ruling.fen


def _why(person: Listed, ruling: Ruling, ask: str) -> str:
    return worded(masked_words(ruling.why), f"{person.number}号：{ask}", field=f"why-{person.key}")


def _differs(person: Listed, row: FoundPerson | None) -> bool:
    """Whether it is news; what the case before found counts here until something else is said."""
    was = person.found
    if was is None or row is None:
        return not (was is None or person.brought) if row is None else True
    told = ("verdict", "source", "fen", "months", "why")
    return any(getattr(was, name) != getattr(row, name) for name in told)


def _keep(
    matter: Matter, made: Sequence[tuple[Listed, FoundPerson | None]], by: User, now: dt.datetime
) -> int:
    if not made:
        return 0
    gone = [person.found.pk for person, _ in made if person.found is not None and not person.brought]
    FoundPerson.objects.filter(pk__in=gone).update(superseded_at=now)
    rows = [row for _, row in made if row is not None]
    FoundPerson.objects.bulk_create(rows)
    verified(
        {row.claimant_id: row.fen for row in rows if row.claimant_id and row.fen and row.source != Source.INSPECTOR},
        by=by, now=now,
    )  # fmt: skip
    after = {person.key: _told(row) for person, row in made}
    note(matter, "case.people_found", f"核实名单上{len(made)}人的欠薪", by, now, {"people": after})
    return len(made)


def _told(row: FoundPerson | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "verdict": str(row.verdict),
        "source": row.source,
        "fen": row.fen,
        "months": row.months,
        "why": row.why,
    }


def _line(person: Listed) -> dict[str, Any]:
    found = person.found
    assert found is not None  # nobody is open
    return {
        "key": person.key, "number": person.number, "list": person.list_name, "by": found.by_name,
        **(_told(found) or {}),
    }  # fmt: skip


def _source(lines: Sequence[Mapping[str, Any]]) -> str:
    """``逐人核实12人：按工人自述9人，核定为其他金额2人，划去1人``."""
    told = Counter(one["source"] or one["verdict"] for one in lines)
    words = [f"按{SOURCES[source]}{told[source]}人" for source in SOURCES if told[source]]
    words += [f"核定为其他金额{told[CHANGED]}人"] if told[CHANGED] else []
    words += [f"划去{told[STRUCK]}人"] if told[STRUCK] else []
    return f"逐人核实{len(lines)}人：{'，'.join(words)}"


def _numbers(people: Sequence[Listed]) -> str:
    names = "、".join(f"{one.number}号" for one in people[:5])
    return f"{names}等" if len(people) > 5 else names


def words_of(person: Listed) -> str:
    """The finding in words: what was taken, and from whom."""
    found = person.found
    if found is None:
        return "还没有核实"
    said = taken_words(found.verdict, found.source, found.why)
    return said if found.verdict == STRUCK else f"{format_yuan(found.fen)}，{found.months}个月。{said}"


def taken_words(verdict: str, source: str, why: str) -> str:
    """Whose word was taken, or why another sum stands or nothing is owed."""
    if verdict == STRUCK:
        return f"划去：{why}"
    return f"按{SOURCES[source]}认定" if source else f"核定：{why}"
