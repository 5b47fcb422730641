"""Where the people and things of a shared-graph stand in its picture: things in the middle, people on both sides.

Whole pixels, the same for the same graph; the picture scrolls in its own box where the screen is narrow.
"""

from __future__ import annotations

from dataclasses import dataclass

from anxin.monitoring.checks import checks_of
from anxin.monitoring.models import Warning
from anxin.monitoring.queries import shared_by
from anxin.monitoring.sharing import Graph, Person, Thing

WIDTH = 720
_ROW, _BOX, _EDGE = 44, 32, 12
_PERSON, _THING = 168, 176
_LEFT, _MIDDLE, _RIGHT = _EDGE, (WIDTH - _THING) // 2, WIDTH - _EDGE - _PERSON


@dataclass(frozen=True)
class Box:
    """A node: its corner, its size and the middle of its text."""

    label: str
    kind: str
    x: int
    y: int
    width: int
    told: str = ""
    height: int = _BOX

    @property
    def text_x(self) -> int:
        return self.x + self.width // 2

    @property
    def text_y(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True)
class Line:
    """An edge from the side of a person to the side of a thing."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class Picture:
    """Everything to draw, and what it says in words."""

    boxes: list[Box]
    lines: list[Line]
    height: int
    words: str
    width: int = WIDTH


@dataclass(frozen=True)
class Sign:
    """What the page of a sign of forgery shows beside its sentence."""

    checks: tuple[str, ...]
    picture: Picture | None
    #: the same facts as the picture, as a table
    table: list[tuple[Thing, list[Person]]]
    more_people: int
    more_things: int
    unread: int


def sign_of(warning: Warning) -> Sign:
    """The picture, its table and what a person should check; the caller has checked the scope."""
    graph, unread = shared_by(warning)
    return Sign(
        checks=checks_of(warning.rule),
        picture=picture(graph),
        table=[(thing, graph.people_of(thing)) for thing in graph.things],
        more_people=graph.more_people,
        more_things=graph.more_things,
        unread=unread,
    )


def picture(graph: Graph) -> Picture | None:
    """The drawing, or ``None`` where nothing is shared."""
    if not graph.things:
        return None
    half = (len(graph.people) + 1) // 2
    sides = {one.key: (number % 2, number // 2) for number, one in enumerate(graph.people)}
    rows = max(half, len(graph.things))
    height = rows * _ROW + _EDGE
    people = {
        one.key: Box(one.label, "person", (_LEFT, _RIGHT)[side], _EDGE + row * _ROW, _PERSON)
        for one in graph.people
        for side, row in [sides[one.key]]
    }
    step = height // len(graph.things)
    things = {
        one.key: Box(
            one.label, one.kind, _MIDDLE, step * number + (step - _BOX) // 2, _THING, told=f"{one.people}人"
        )
        for number, one in enumerate(graph.things)
    }
    lines = [_line(people[edge.person], things[edge.thing]) for edge in graph.edges]
    return Picture([*people.values(), *things.values()], lines, height, words(graph))


def _line(person: Box, thing: Box) -> Line:
    if person.x < thing.x:
        return Line(person.x + person.width, person.text_y, thing.x, thing.text_y)
    return Line(person.x, person.text_y, thing.x + thing.width, thing.text_y)


def words(graph: Graph) -> str:
    """The picture for who cannot see it: ``卡A：4人共用（1号 张**、…）。``"""
    return "".join(
        f"{thing.label}：{thing.people}人共用（{'、'.join(one.label for one in graph.people_of(thing))}）。"
        for thing in graph.things
    )
