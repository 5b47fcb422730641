"""How many people a dispute is about: merged clues say it each for itself, and each may be of other people.

Nobody counts twice: what is not known to be another person is taken for the same one, so that the number is never too high.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from anxin.clues.models import Claimant, Clue, Telling
from anxin.evidence.sealing import Sealed

#: the rule of :func:`people_of_disputes` in words, beside the numbers
RULE = (
    "一件纠纷的人数，取各条线索名单上的人（同一身份证号算一人，没有身份证号的同名算一人）；没有名单，或者名单还没有登齐的，"
    "取各条中说明人数最多的一条；都不少于留了姓名的反映人数（姓名或者电话相同的算一人）"
)


def people_of_disputes(disputes: Mapping[int, Sequence[Clue]]) -> dict[int, int]:
    """For each dispute, given with its clues, its people by :data:`RULE`; 0 where nobody said. Two queries.

    A list that holds fewer people than a clue of the dispute says is not complete: the larger number counts, until a
    person corrects the clue's number to the list's.
    """
    of = {clue.pk: key for key, together in disputes.items() for clue in together}
    listed: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Claimant.objects.filter(clue__in=of, left_at__isnull=True)
    for clue, person, name in rows.values_list("clue_id", "id_hash", "name_hash"):
        listed[of[clue]].append((person, name))
    callers = _callers({clue: key for clue, key in of.items() if len(disputes[key]) > 1})
    return {
        key: max(
            _distinct(listed[key]),
            max((clue.people or 0 for clue in together), default=0),
            _apart(callers.get(key, ())),
        )
        for key, together in disputes.items()
    }


def _distinct(people: Collection[tuple[str, str]]) -> int:
    """By ID number; somebody without one is another person only where the name is another."""
    known = {person for person, _ in people if person}
    names = {name for person, name in people if person}
    return len(known) + len({name for person, name in people if not person} - names)


def _callers(of: Mapping[int, int]) -> dict[int, list[tuple[str, str]]]:
    """By dispute the name and the hash of the telephone of everybody who called and said who they are."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Telling.objects.filter(clue__in=of, superseded_at__isnull=True, name__isnull=False)
    for clue, name, phone in rows.values_list("clue_id", "name", "phone_hash"):
        if isinstance(name, Sealed) and (plain := "".join(name.open().split())):
            found[of[clue]].append((plain, phone))
    return found


def _apart(callers: Iterable[tuple[str, str]]) -> int:
    """How many they are at least: the same name or the same telephone is the same caller, also through a third call."""
    groups: list[set[tuple[str, str]]] = []
    for name, phone in callers:
        marks = {("name", name)} | ({("phone", phone)} if phone else set())
        touching = [group for group in groups if group & marks]
        groups = [group for group in groups if not group & marks] + [marks.union(*touching)]
    return len(groups)
