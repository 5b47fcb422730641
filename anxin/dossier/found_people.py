"""What was found to be owed person by person: the lines of each registration of arrears, with whom they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from anxin.clues.masking import masked_words, opened
from anxin.clues.models import Particulars
from anxin.dossier.case_reading import key_of
from anxin.dossier.people import People
from anxin.dossier.showing import moment, yuan
from anxin.enforcement.finding import taken_words
from anxin.enforcement.models import Arrears
from anxin.mediation.models import Party
from anxin.proof import Table
from anxin.proof.contents import ABOUT

#: how a line's key begins: somebody on a clue's list, or a party of a mediation
_CLAIMANT, _PARTY = "c", "p"


@dataclass
class FoundRead:
    """Who the lines are about, by the row's key."""

    claimants: dict[int, Particulars] = field(default_factory=dict)
    parties: dict[int, Party] = field(default_factory=dict)

    @property
    def clues(self) -> set[int]:
        """On whose lists they stand."""
        return {one.claimant.clue_id for one in self.claimants.values()}


def found_of(arrears: Sequence[Arrears]) -> FoundRead:
    """Two queries where persons were found, none where sums alone were entered."""
    keys = {line["key"] for one in arrears for line in one.lines}
    claimants = [int(key[1:]) for key in keys if key[0] == _CLAIMANT]
    parties = [int(key[1:]) for key in keys if key[0] == _PARTY]
    found = FoundRead()
    if claimants:
        rows = Particulars.objects.filter(claimant__in=claimants, superseded_at__isnull=True)
        found.claimants = {one.claimant_id: one for one in rows.select_related("claimant")}
    if parties:
        found.parties = Party.objects.select_related("claimant").in_bulk(parties)
    return found


def table(arrears: Sequence[Arrears], found: FoundRead, people: People) -> Table:
    """A row for each person of each registration, also of those that a later one replaced."""
    columns = {
        "sign": "代号", "name": "姓名", "number": "名单序号", "list": "在哪份名单", "amount": "认定金额（元）", "months": "拖欠月数",
        "how": "怎样认定", "by": "认定人", "recorded": "登记时间", "superseded": "被替换",
    }  # fmt: skip
    rows = [
        {
            **_who(line["key"], found, people),
            "number": line["number"],
            "list": line["list"],
            "amount": yuan(line["fen"]),
            "months": line["months"],
            "how": taken_words(line["verdict"], line["source"], masked_words(line["why"])),
            "by": line["by"],
            "recorded": moment(one.recorded_at),
            "superseded": moment(one.superseded_at),
        }
        for one in arrears
        for line in one.lines
    ]
    return Table("t09_found", "查明的欠薪，逐人", columns, rows)


def _who(key: str, found: FoundRead, people: People) -> dict[str, Any]:
    """The person among the people of the package: somebody on a clue's list is the same person everywhere."""
    if key[0] == _CLAIMANT and (listed := found.claimants.get(int(key[1:]))) is not None:
        known = listed.claimant.id_hash or f"claimant:{listed.claimant_id}"
        person = people.add(known, opened(listed.name), opened(listed.id_number))
    elif key[0] == _PARTY and (party := found.parties.get(int(key[1:]))) is not None:
        number = opened(party.id_number)
        person = people.add(key_of(party, number), opened(party.name), number)
    else:
        return {"name": "名单上已没有此人"}
    return {ABOUT: [person.sign], "sign": person.sign, "name": person.name}
