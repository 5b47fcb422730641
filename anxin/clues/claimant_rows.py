"""Rows of a group's list become claimants: who is new, who is known again, what each side says of them now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from anxin.clues.models import Amount, Claimant, Clue, Particulars
from anxin.evidence import bulk
from anxin.evidence.models import ImportBatch
from anxin.evidence.sealing import Sealed, finder
from anxin.kernel.identifiers import clean_identifier, id_number_problem, phone_problem
from anxin.kernel.refusal import Refused

_LONGEST_NAME, _LONGEST_TRADE, _LONGEST_PHONE = 60, 60, 40
#: nobody is owed more wages; a bigger number is a slip
_MOST_FEN = 10**10
#: people of one group
MOST = 5_000


@dataclass(frozen=True)
class Said:
    """One person as typed or listed: ``amounts`` by source, in fen; ``row`` of the list, zero where typed."""

    name: str
    id_number: str = ""
    phone: str = ""
    trade: str = ""
    amounts: Mapping[str, int] = field(default_factory=dict)
    row: int = 0


@dataclass
class Written:
    """What became of the rows; ``problems`` holds ``(row, sentence, field)`` of those that came back."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    superseded: int = 0
    problems: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass
class _Known:
    """A claimant of the group as it stands, with what is known and said now."""

    claimant: Claimant
    particulars: Particulars
    amounts: dict[str, Amount]


def write_claimants(
    clue: Clue, rows: Sequence[Said], *, by_name: str, now: dt.datetime, batch: ImportBatch | None = None
) -> Written:
    """Rows into the group of a locked clue; inside the caller's transaction, which journals."""
    written, group = Written(), _Group(clue)
    news: list[tuple[Claimant, Said]] = []
    changes: list[tuple[_Known, Said]] = []
    for said in rows:
        said = _tidy(said)
        problem = _problem(said) or group.problem(said)
        if problem:
            written.problems.append((said.row, *problem))
            continue
        known = group.find(said)
        if known is None:
            news.append((group.new(said, now), said))
        elif _differs(known, said):
            changes.append((known, said))
        else:
            written.unchanged += 1
    if group.number > MOST:
        raise Refused(f"一条线索的名单不超过{MOST}人，请分开登记。")
    made = Claimant.objects.bulk_create([claimant for claimant, _ in news])
    _write_facts(
        [(claimant, said, None) for claimant, (_, said) in zip(made, news, strict=True)]
        + [(known.claimant, said, known) for known, said in changes],
        by_name=by_name, now=now, batch=batch, written=written,
    )  # fmt: skip
    written.added, written.changed = len(news), len(changes)
    return written


class _Group:
    """The people of a clue as they stand, to be looked up by ID number, else by name."""

    def __init__(self, clue: Clue) -> None:
        self.clue = clue
        self._ids, self._names = finder("id"), finder("name")
        people = list(Claimant.objects.filter(clue=clue, left_at__isnull=True))
        wanted = {"claimant__clue": clue, "superseded_at__isnull": True}
        particulars = {one.claimant_id: one for one in Particulars.objects.filter(**wanted)}
        amounts: dict[int, dict[str, Amount]] = {}
        for one in Amount.objects.filter(**wanted):
            amounts.setdefault(one.claimant_id, {})[one.source] = one
        known_people = [_Known(one, particulars[one.pk], amounts.get(one.pk, {})) for one in people]
        self._by_id = {one.claimant.id_hash: one for one in known_people if one.claimant.id_hash}
        self._by_name: dict[str, list[_Known]] = defaultdict(list)
        for known in known_people:
            self._by_name[known.claimant.name_hash].append(known)
        self._named = {name: len(people) for name, people in self._by_name.items()}
        #: of the rows themselves: ID numbers, names with one and names without
        self._seen: set[str] = set()
        self._fresh: dict[bool, set[str]] = {True: set(), False: set()}
        self._met: set[int] = set()
        self.number = Claimant.objects.filter(clue=clue).aggregate(last=Max("number"))["last"] or 0

    def problem(self, said: Said) -> tuple[str, str] | None:
        """What is wrong with a row against the group and the rows before it."""
        name, person = self._names(said.name), self._ids(said.id_number) if said.id_number else ""
        if person:
            known = self._by_id.get(person)
            if known is not None and known.claimant.name_hash != name:
                return "这个身份证号在名单里登记的是另一个姓名，请核对是否抄错。", "id_number"
            if person in self._seen:
                return "这个身份证号在前面已经出现过，请核对是否抄错，每人只留一行。", "id_number"
            self._seen.add(person)
        elif self._named.get(name, 0) > 1:
            return f"名单里有{self._named[name]}个人叫这个名字，请补填身份证号。", "id_number"
        elif name in self._fresh[True]:
            return "前面有同名的人，请补填身份证号以便区分；是同一个人的只留一行。", "id_number"
        if name in self._fresh[False]:
            return "前面有一个同名、没有身份证号的人，请都补填身份证号；是同一个人的只留一行。", "id_number"
        self._fresh[bool(person)].add(name)
        return None

    def find(self, said: Said) -> _Known | None:
        """Who it is: by the ID number, else the only one of this name; a new ID number is another person."""
        known = self._by_id.get(self._ids(said.id_number)) if said.id_number else None
        known = known or self._alone(said.name, without_id=bool(said.id_number))
        if known is not None:
            self._met.add(known.claimant.pk)
        return known

    def new(self, said: Said, now: dt.datetime) -> Claimant:
        """The next number of the group."""
        self.number += 1
        return Claimant(
            clue=self.clue,
            number=self.number,
            name_hash=self._names(said.name),
            id_hash=self._ids(said.id_number) if said.id_number else "",
            added_at=now,
        )

    def _alone(self, name: str, *, without_id: bool) -> _Known | None:
        wanted = self._names(name)
        named = [one for one in self._by_name.get(wanted, []) if one.claimant.pk not in self._met]
        fits = len(named) == 1 and not (without_id and named[0].claimant.id_hash)
        return named[0] if fits else None


def _tidy(said: Said) -> Said:
    return Said(
        name="".join(said.name.split()),
        id_number=clean_identifier(said.id_number),
        phone=clean_identifier(said.phone),
        trade=said.trade.strip(),
        amounts=said.amounts,
        row=said.row,
    )


def _problem(said: Said) -> tuple[str, str] | None:
    """What is wrong with a row by itself: ``(sentence, field)``."""
    if not said.name:
        return "请填写姓名。", "name"
    if len(said.name) > _LONGEST_NAME:
        return f"姓名不能超过{_LONGEST_NAME}个字，请核对。", "name"
    if said.id_number and (wrong := id_number_problem(said.id_number)):
        return wrong, "id_number"
    if len(said.phone) > _LONGEST_PHONE or (said.phone.isdecimal() and len(said.phone) < 7):
        return "电话号码不对，请核对是否抄错。", "phone"
    if len(said.trade) > _LONGEST_TRADE:
        return f"工种或班组不能超过{_LONGEST_TRADE}个字，请删减。", "trade"
    return next(((wrong, source) for source, fen in said.amounts.items() if (wrong := wrong_sum(fen))), None)


def wrong_sum(fen: int) -> str:
    """A sum that cannot be one person's wages."""
    return "" if 0 <= fen < _MOST_FEN else "每人金额应不小于零、不超过一亿元，请核对。"


def _differs(known: _Known, said: Said) -> bool:
    return _other_person(known, said) or any(
        source not in known.amounts or known.amounts[source].fen != fen
        for source, fen in said.amounts.items()
    )


def _other_person(known: _Known, said: Said) -> bool:
    """Whether the row says something of the person that is not known yet; what it leaves out stays."""
    was = known.particulars
    return any(
        new and new != (old.open() if isinstance(old, Sealed) else old)
        for new, old in (
            (said.id_number, was.id_number or ""),
            (said.phone, was.phone or ""),
            (said.trade, was.trade),
        )
    )


def _write_facts(
    rows: Sequence[tuple[Claimant, Said, _Known | None]],
    *,
    by_name: str,
    now: dt.datetime,
    batch: ImportBatch | None,
    written: Written,
) -> None:
    """Particulars and amounts that are new; those they replace are superseded."""
    people, sums = [], []
    old_people: list[int] = []
    old_sums: list[int] = []
    identified = []
    ids, phones = finder("id"), finder("phone")
    for claimant, said, known in rows:
        fixed: dict[str, Any] = {
            "claimant": claimant, "batch": batch, "row_number": said.row or None, "recorded_at": now, "by_name": by_name
        }  # fmt: skip
        if known is None or _other_person(known, said):
            was = known.particulars if known else None
            phone = Sealed.of(said.phone) if said.phone else (was.phone if was else None)
            people.append(
                Particulars(
                    name=Sealed.of(said.name),
                    id_number=Sealed.of(said.id_number)
                    if said.id_number
                    else (was.id_number if was else None),
                    phone=phone,
                    phone_hash=_phone_hash(said.phone, phones)
                    if said.phone
                    else (was.phone_hash if was else ""),
                    trade=said.trade or (was.trade if was else ""),
                    **fixed,
                )
            )
            if was is not None:
                old_people.append(was.pk)
            if said.id_number and not claimant.id_hash:
                claimant.id_hash = ids(said.id_number)
                identified.append(claimant)
        for source, fen in said.amounts.items():
            before = known.amounts.get(source) if known else None
            if before is None or before.fen != fen:
                sums.append(Amount(source=source, fen=fen, **fixed))
                old_sums += [before.pk] if before else []
    by = batch.pk if batch else None
    written.superseded = bulk.supersede(Particulars, old_people, by=by, now=now)
    written.superseded += bulk.supersede(Amount, old_sums, by=by, now=now)
    bulk.update(identified, ("id_hash",))
    Particulars.objects.bulk_create(people)
    Amount.objects.bulk_create(sums)


def _phone_hash(phone: str, phones: Callable[[str], str]) -> str:
    return phones(phone) if phone_problem(phone) is None else ""
