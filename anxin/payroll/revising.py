"""Which current line of a month an incoming row speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from anxin.evidence.sealing import Sealed
from anxin.payroll.lines import Line
from anxin.payroll.models import Payroll, PayrollLine
from anxin.workforce.pairing import pair
from anxin.workforce.people import plain_name

#: a current line with its id
Known = tuple[int, Line]


class CurrentLines:
    """The month's current lines by person, and by name across the known and the unknown."""

    def __init__(self, payroll: Payroll, incoming: Iterable[str]) -> None:
        """``incoming``: the person keys of the file, whose own lines no namesake may claim."""
        self._named_in_file = set(incoming)
        self._by_person: dict[str, list[Known]] = defaultdict(list)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self.keys: set[str] = set()
        rows = PayrollLine.objects.filter(
            payroll=payroll, month=payroll.month, superseded_at__isnull=True
        ).order_by("id")
        for pk, *values in rows.values_list("id", *Line._fields).iterator(chunk_size=5000):
            line = Line(*values)
            card = line.bank_card
            line = line._replace(bank_card=card.envelope if isinstance(card, Sealed) else None)
            person = line.person_key.split("|", 1)[0]
            self.keys.add(line.person_key)
            self._by_person[person].append((pk, line))
            self._by_name[plain_name(line.name)].add(person)

    def of(self, line: Line) -> list[Known]:
        """The lines that may be this person's, oldest first.

        Somebody known by name alone in one file and by ID number in another (the roster came in between) is
        one person when the name fits one person only.
        """
        known = list(self._by_person.get(line.person_key, ()))
        if not self._by_person:
            return known
        bare = line.worker_id is None
        others = {
            person
            for person in self._by_name.get(plain_name(line.name), ())
            if person != line.person_key
            and person not in self._named_in_file
            and person.startswith("n:") != bare
        }
        if len(others) == 1:
            known += self._by_person[others.pop()]
        return known

    def free_key(self, person: str, team: str) -> str:
        """A key for one more line of a person: by team, and by count where even the team is the same."""
        key, count = person, 1
        while key in self.keys:
            key = f"{person}|{team[:20]}" if count == 1 else f"{person}|{team[:20]}|{count}"
            count += 1
        self.keys.add(key)
        return key


def pairs(known: list[Known], lines: list[Line]) -> list[tuple[Line, Known | None]]:
    """Each incoming line of one person with the current line that it repeats or corrects."""
    likenesses = [_same_content, _same_card_and_team, same_team]
    if len(known) == len(lines) == 1:
        likenesses.append(_may_be_corrected)
    return pair(known, lines, *likenesses)


def _same_content(old: Known, new: Line) -> bool:
    return old[1].content_hash == new.content_hash


def _same_card_and_team(old: Known, new: Line) -> bool:
    return bool(new.card_hash) and old[1].card_hash == new.card_hash and same_team(old, new)


def same_team(old: Known, new: Line) -> bool:
    return plain_name(old[1].team) == plain_name(new.team)


def _may_be_corrected(old: Known, new: Line) -> bool:
    """Whether another team on the only line is a correction: surely for a known worker.

    Somebody known by name alone may be a namesake in the other team, unless the card says otherwise.
    """
    both_known = new.worker_id is not None and old[1].worker_id is not None
    if both_known or not (old[1].team and new.team):
        return True
    return bool(new.card_hash) and old[1].card_hash == new.card_hash
