"""Who belongs to whom: groups with a common owner, and the persons that the register names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import columns, identifiers, names
from simulation.city import City
from simulation.employers import drawing

RELATIONS = ["同一法定代表人", "共同股东", "母子公司"]
#: area codes of the persons named here; workers of sites have others
_FIRST_AREA, _AREAS = 999101, 799


@dataclass(frozen=True)
class Links:
    """Pairs of employers, each pair once."""

    one: np.ndarray
    other: np.ndarray
    relation: np.ndarray
    since: np.ndarray

    def sisters(self, who: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each pair that touches ``who``: the place in ``who``, and the sister."""
        place, sister = [], []
        order = np.argsort(who, kind="stable")
        for mine, theirs in ((self.one, self.other), (self.other, self.one)):
            at = np.searchsorted(who[order], mine).clip(0, max(len(who) - 1, 0))
            hit = who[order][at] == mine if len(who) else np.zeros(len(mine), bool)
            place.append(order[at[hit]] if len(who) else at[:0])
            sister.append(theirs[hit])
        return np.concatenate(place), np.concatenate(sister)


def make_links(city: City, free: np.ndarray) -> Links:
    """Groups of two to five; ``free`` may belong to one. In a group each is tied to the one before it."""
    rng = city.streams.rng("employers", "links")
    share = city.profile.economy["linked"]
    # Large firms have sisters more often.
    weight = np.where(free, np.minimum(city.employers.size, 200) ** 0.5, 0.0)
    members = rng.permutation(drawing.pick(rng, weight, max(6, int(share * len(city.employers)))))
    ends = np.cumsum(rng.choice([2, 3, 4, 5], len(members), p=[0.6, 0.25, 0.1, 0.05]))
    starts = np.zeros(len(members), bool)
    starts[0] = True
    starts[ends[ends < len(members)]] = True
    later = np.flatnonzero(~starts)
    one, other = members[later - 1], members[later]
    founded = np.maximum(city.employers.founded[one], city.employers.founded[other])
    return Links(one, other, rng.choice(3, len(one), p=[0.45, 0.35, 0.2]), founded)


def write_links(city: City, links: Links) -> None:
    """The pairs as the register gives them on the opening day."""
    codes = city.employers.codes
    table = pa.table(
        {
            "统一社会信用代码": codes.take(pa.array(links.one)),
            "关联单位代码": codes.take(pa.array(links.other)),
            "关系": columns.words(links.relation, RELATIONS),
            "起": columns.day(links.since),
            "止": columns.same(None, len(links.one)),
        }
    )
    city.out.write("registry/links", city.opening, table, sender="register", tag="employers")


def id_letters(city: City, number: np.ndarray) -> np.ndarray:
    """ID numbers of the persons that this part invents, by running number; no two alike."""
    area = _FIRST_AREA + number % _AREAS
    rest = number // _AREAS
    spread = (number * 7919 + 104_729 * city.streams.seed) % 1500
    born = np.datetime64("1962-01-01") + spread * 8 + (rest // 1000) % 8
    return identifiers.id_numbers(area, born, rest % 1000)


def write_persons(city: City, links: Links) -> int:
    """Legal representatives of all, a shareholder and a supervisor of the larger ones. Returns how many persons.

    Firms tied by the same legal representative name the same person. Who builds is named with the sites, not here.
    """
    count = len(city.employers)
    head = np.arange(count)
    same = np.flatnonzero(links.relation == 0)
    # Pairs stand in the order of their group: the one before already has the person of the group.
    for pair in same.tolist():
        head[links.other[pair]] = head[links.one[pair]]
    builders = city.employers.builders()
    named_there = np.concatenate([builders["contractors"], builders["subcontractors"]])
    here = np.setdiff1d(np.arange(count), named_there)
    larger = here[city.employers.size[here] >= 10]
    who = np.concatenate([here, larger, larger])
    person = np.concatenate([head[here], count + np.arange(2 * len(larger))])
    office = np.repeat([0, 1, 2], [len(here), len(larger), len(larger)])
    people = names.people(city.streams.rng("employers", "persons"), count + 2 * len(larger))
    table = pa.table(
        {
            "统一社会信用代码": city.employers.codes.take(pa.array(who)),
            "身份证号": columns.fixed(id_letters(city, person)),
            "姓名": people.take(pa.array(person)),
            "职务": columns.words(office, ["法定代表人", "股东", "监事"]),
        }
    )
    city.out.write("registry/persons", city.opening, table, sender="register", tag="employers")
    return count + 2 * len(larger)
