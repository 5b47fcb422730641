"""The people of a package: each once, under a sign (P1, P2, …) by which rows say whom they are about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anxin.kernel.masking import mask_id_number, mask_name
from anxin.proof.contents import ABOUT, PEOPLE, Table


@dataclass
class Person:
    """One person; ``name`` and ``id_number`` as they may be shown."""

    sign: str
    name: str
    id_number: str


@dataclass
class People:
    """Everybody met so far. ``full``: names and numbers are shown whole, else as on the screen."""

    full: bool
    _by_key: dict[str, Person] = field(default_factory=dict)
    _by_name: dict[str, list[Person]] = field(default_factory=dict)

    def add(self, key: str, name: str, id_number: str = "") -> Person:
        """The person known by ``key`` (the keyed hash of the ID number, or what stands for it)."""
        shown = id_number if self.full else mask_id_number(id_number)
        if key in self._by_key:
            known = self._by_key[key]
            known.id_number = known.id_number or shown
            return known
        person = Person(f"P{len(self._by_key) + 1}", self.shown(name), shown)
        self._by_key[key] = person
        self._by_name.setdefault(name, []).append(person)
        return person

    def named(self, name: str) -> Person:
        """The only person of that name, else a new one."""
        found = self._by_name.get(name, [])
        return found[0] if len(found) == 1 else self.add(f"name:{name}", name)

    def shown(self, name: str) -> str:
        return name if self.full else mask_name(name)

    def masked_in(self, value: Any) -> Any:
        """The text with everybody's whole name as a list shows it; as it is where names are shown whole."""
        if self.full or not isinstance(value, str):
            return value
        for name in sorted(self._by_name, key=len, reverse=True):
            if len(name) > 1:
                value = value.replace(name, mask_name(name))
        return value

    def told_whole(self, text: str) -> bool:
        """Whether a text holds a whole name though the package shows none."""
        return not self.full and any(len(name) > 1 and name in text for name in self._by_name)

    def table(self) -> Table:
        rows = [
            {ABOUT: [one.sign], "sign": one.sign, "name": one.name, "id_number": one.id_number}
            for one in self._by_key.values()
        ]
        return Table(PEOPLE, "涉及的劳动者", {"sign": "代号", "name": "姓名", "id_number": "身份证号"}, rows)

    def marked(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The rows, each saying about whom it is: as it said already, and whose name stands in it."""
        return [self._marked(row) for row in rows]

    def signs_in(self, text: str) -> list[str]:
        """Whom a text names, whole or as a list shows them."""
        met = [
            one.sign
            for name, same in self._by_name.items()
            for one in same
            if len(name) > 1 and (name in text or one.name in text)
        ]
        return sorted(set(met), key=lambda sign: int(sign[1:]))

    def _marked(self, row: Mapping[str, Any]) -> dict[str, Any]:
        said = {name: value for name, value in row.items() if name != ABOUT}
        signs = {*row.get(ABOUT, ()), *self.signs_in(json.dumps(said, ensure_ascii=False))}
        return {**said, ABOUT: sorted(signs, key=lambda sign: int(sign[1:]))} if signs else said
