"""Where the boxes of a procedure's diagram stand: a layered layout of our own, from first state to last.

States and steps are both boxes: a step sits between the states it joins, so that its name never lies on
another. Layers come from the longest path; boxes within a layer are ordered by the barycentre of their
neighbours; their places across are the least-squares answer that keeps order and distance. A step that leads
back up hangs between the same layers, marked as going back. Lines into one box run together as soon as they
can: a step open in nine states is one trunk with nine branches. Lengths are in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from anxin.law.procedures import Procedure, Transition

#: space between boxes of a layer, and between layers
GAP_ACROSS, GAP_DOWN = 20.0, 30.0
STATE_FONT, STEP_FONT = 14.0, 12.0
_LINE = 1.4
_SWEEPS = 24


@dataclass(eq=False)
class Box:
    """A state, a step, or the bend of a long line. ``x`` and ``y`` are its centre."""

    kind: str
    key: str
    lines: tuple[str, ...]
    #: lines in small letters below: steps that keep the state
    small: tuple[str, ...]
    width: float
    height: float
    layer: int
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, eq=False)
class Line:
    """From a box to one in the next layer down; ``back``: it is walked upwards, from lower to upper."""

    upper: Box
    lower: Box
    back: bool
    #: whether it arrives at a state, and so carries the arrow
    arrives: bool


@dataclass
class Layout:
    """All boxes with their places, the lines between them, and the size of the whole."""

    layers: list[list[Box]]
    lines: list[Line]
    #: bends by the box at the end of their trunk, its direction, and the layer
    trunks: dict[tuple[int, bool, int], Box] = field(default_factory=dict)
    width: float = 0.0
    height: float = 0.0
    heights: list[float] = field(default_factory=list)

    def boxes(self) -> Iterator[Box]:
        for layer in self.layers:
            yield from layer


def layout(procedure: Procedure, wording: Mapping[str, str]) -> Layout:
    """Places for everything in a procedure. ``wording``: what stands in the box of each step."""
    back = _leading_back(procedure)
    ranks = _ranks(procedure, back)
    drawn = _boxes_and_lines(procedure, wording, back, ranks)
    _order(drawn)
    _place_across(drawn)
    _place_down(drawn)
    return drawn


def text_width(text: str, font: float) -> float:
    """Width of a line: a Chinese character is as wide as the letters are high."""
    return sum(font if ord(letter) > 0x2E7F else font * 0.58 for letter in text)


def wrap(text: str, most: int) -> tuple[str, ...]:
    """Lines of about equal length, at most ``most`` characters; a break after a comma is preferred."""
    lines: list[str] = []
    rest = text
    while len(rest) > most:
        even = -(-len(rest) // -(-len(rest) // most))
        commas = [
            at + 1 for at, letter in enumerate(rest[:most]) if letter in "，；、）" and at + 1 >= even - 2
        ]
        cut = commas[-1] if commas else even
        while cut < len(rest) and rest[cut] in "，；、。）”":
            cut += 1
        while cut > 1 and rest[cut - 1] in "（“":
            cut -= 1
        lines.append(rest[:cut])
        rest = rest[cut:]
    return (*lines, rest) if rest else tuple(lines)


def _leading_back(procedure: Procedure) -> set[tuple[str, str]]:
    """Pairs of states whose step closes a circle, found by walking from the first state in file order."""
    back: set[tuple[str, str]] = set()
    done: set[str] = set()

    def walk(state: str, path: tuple[str, ...]) -> None:
        for step in procedure.leaving(state):
            if step.to == state or step.to in path:
                back.add((state, step.to))
            elif step.to not in done:
                walk(step.to, (*path, step.to))
        done.add(state)

    walk(procedure.initial.key, (procedure.initial.key,))
    return back


def _ranks(procedure: Procedure, back: set[tuple[str, str]]) -> dict[str, int]:
    """How many steps down each state stands: the longest path that leads there."""
    ranks = {state.key: 0 for state in procedure.states}
    for _ in procedure.states:
        for step in procedure.transitions:
            for source in step.from_:
                if (source, step.to) not in back and source != step.to:
                    ranks[step.to] = max(ranks[step.to], ranks[source] + 1)
    return ranks


def _boxes_and_lines(
    procedure: Procedure, wording: Mapping[str, str], back: set[tuple[str, str]], ranks: dict[str, int]
) -> Layout:
    drawn = Layout([[] for _ in range(2 * max(ranks.values()) + 1)], [])
    states = {}
    for state in procedure.states:
        staying = [step for step in procedure.leaving(state.key) if step.to == state.key]
        small = tuple(line for step in staying for line in _looped(wrap(wording[step.key], 12)))
        states[state.key] = _box("state", state.key, wrap(state.name, 9), small, 2 * ranks[state.key])
        drawn.layers[2 * ranks[state.key]].append(states[state.key])
    for step in procedure.transitions:
        sources = [source for source in step.from_ if source != step.to]
        _add_step(
            drawn, step, wording[step.key], states, [s for s in sources if (s, step.to) not in back], False
        )
        _add_step(drawn, step, wording[step.key], states, [s for s in sources if (s, step.to) in back], True)
    return drawn


def _looped(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield ("↻ " if number == 0 else "　") + line


def _add_step(
    drawn: Layout, step: Transition, words: str, states: Mapping[str, Box], sources: list[str], back: bool
) -> None:
    if not sources:
        return
    layers = [states[source].layer for source in sources]
    layer = min(layers) - 1 if back else max(layers) + 1
    box = _box("step", step.key, wrap(words, 9), (), layer)
    drawn.layers[layer].append(box)
    for source in sources:
        _connect(drawn, states[source], box, back, arrives=False)
    _connect(drawn, box, states[step.to], back, arrives=True)


def _connect(drawn: Layout, start: Box, end: Box, back: bool, *, arrives: bool) -> None:
    """Lines from start to end, layer by layer, joining the trunk that already leads to the end."""
    onward = -1 if back else 1
    at = start
    for layer in range(start.layer + onward, end.layer, onward):
        known = drawn.trunks.get((id(end), back, layer))
        bend = known or Box("bend", "", (), (), 10.0, 0.0, layer)
        drawn.lines.append(Line(*((bend, at) if back else (at, bend)), back, arrives=False))
        if known:
            return
        drawn.trunks[(id(end), back, layer)] = bend
        drawn.layers[layer].append(bend)
        at = bend
    drawn.lines.append(Line(*((end, at) if back else (at, end)), back, arrives))


def _box(kind: str, key: str, lines: tuple[str, ...], small: tuple[str, ...], layer: int) -> Box:
    font, across, down = (STATE_FONT, 24.0, 18.0) if kind == "state" else (STEP_FONT, 14.0, 8.0)
    widths = [text_width(line, font) for line in lines] + [text_width(line, STEP_FONT) for line in small]
    height = len(lines) * font * _LINE + len(small) * STEP_FONT * _LINE
    return Box(kind, key, lines, small, max(widths) + across, height + down, layer)


# order within layers


def _order(drawn: Layout) -> None:
    """Sweep down and up by barycentre, and keep the order with the fewest crossings."""
    above, below = _neighbours(drawn)
    best, fewest = [list(layer) for layer in drawn.layers], _crossings(drawn.layers, below)
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        order = range(1, len(drawn.layers)) if downwards else range(len(drawn.layers) - 2, -1, -1)
        for number in order:
            beside = drawn.layers[number - 1 if downwards else number + 1]
            _sort(drawn.layers[number], beside, above if downwards else below)
        crossings = _crossings(drawn.layers, below)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in drawn.layers], crossings
    drawn.layers = best


def _neighbours(drawn: Layout) -> tuple[dict[Box, list[Box]], dict[Box, list[Box]]]:
    above: dict[Box, list[Box]] = {box: [] for box in drawn.boxes()}
    below: dict[Box, list[Box]] = {box: [] for box in drawn.boxes()}
    for line in drawn.lines:
        below[line.upper].append(line.lower)
        above[line.lower].append(line.upper)
    return above, below


def _sort(layer: list[Box], beside: Sequence[Box], neighbours: Mapping[Box, list[Box]]) -> None:
    places = {box: float(place) for place, box in enumerate(beside)}
    own = {box: float(place) for place, box in enumerate(layer)}

    def centre(box: Box) -> float:
        near = [places[other] for other in neighbours[box]]
        return sum(near) / len(near) if near else own[box]

    layer.sort(key=centre)


def _crossings(layers: Sequence[Sequence[Box]], below: Mapping[Box, list[Box]]) -> int:
    count = 0
    for layer, beneath in pairwise(layers):
        places = {box: place for place, box in enumerate(beneath)}
        ends = [sorted(places[other] for other in below[box]) for box in layer]
        seen: list[int] = []
        for run in ends:
            count += sum(1 for end in run for earlier in seen if earlier > end)
            seen += run
    return count


# places


def _place_across(drawn: Layout) -> None:
    """Pull every box towards its neighbours; the bends of one trunk towards one line, so that it runs straight."""
    above, below = _neighbours(drawn)
    near = {box: [*above[box], *below[box]] for box in drawn.boxes()}
    trunks = _trunks(drawn)
    for layer in drawn.layers:
        _settle(layer, [0.0] * len(layer), [1.0] * len(layer))
    for sweep in range(_SWEEPS * 3):
        for layer in drawn.layers if sweep % 2 == 0 else drawn.layers[::-1]:
            wished = [_wish(box, near, trunks) for box in layer]
            _settle(layer, wished, [4.0 if box.kind == "bend" else 1.0 for box in layer])
    left = min(box.x - box.width / 2 for box in drawn.boxes())
    for box in drawn.boxes():
        box.x += GAP_ACROSS - left
    drawn.width = max(box.x + box.width / 2 for box in drawn.boxes()) + GAP_ACROSS


def _trunks(drawn: Layout) -> dict[Box, list[Box]]:
    """The bends of each trunk, by bend."""
    groups: dict[tuple[int, bool], list[Box]] = {}
    for (end, back, _), bend in drawn.trunks.items():
        groups.setdefault((end, back), []).append(bend)
    return {bend: group for group in groups.values() for bend in group}


def _wish(box: Box, near: Mapping[Box, list[Box]], trunks: Mapping[Box, list[Box]]) -> float:
    """Where a box would best stand: amid its neighbours, or in the line of its trunk."""
    if box.kind != "bend":
        return _mean([other.x for other in near[box]], box.x)
    trunk = trunks[box]
    ends = [other.x for bend in trunk for other in near[bend] if other.kind != "bend"]
    line = _mean([bend.x for bend in trunk], box.x)
    return (line + _mean(ends, line)) / 2


def _mean(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _settle(layer: Sequence[Box], wished: Sequence[float], weights: Sequence[float]) -> None:
    """Nearest places to those wished that keep order and distance: pooling of adjacent violators."""
    offsets, offset = [], 0.0
    for number, box in enumerate(layer):
        if number:
            offset += (layer[number - 1].width + box.width) / 2 + GAP_ACROSS
        offsets.append(offset)
    pools: list[tuple[float, float, int]] = []
    for wish, weight, shift in zip(wished, weights, offsets, strict=True):
        pools.append((wish - shift, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, heavy, many), (two, light, few) = pools[-2], pools[-1]
            both = heavy + light
            pools[-2:] = [((one * heavy + two * light) / both, both, many + few)]
    places = [place for place, _, count in pools for _ in range(count)]
    for box, place, shift in zip(layer, places, offsets, strict=True):
        box.x = place + shift


def _place_down(drawn: Layout) -> None:
    top = GAP_DOWN / 2
    for layer in drawn.layers:
        height = max((box.height for box in layer), default=0.0)
        drawn.heights.append(height)
        for box in layer:
            box.y = top + height / 2
        top += height + GAP_DOWN
    drawn.height = top - GAP_DOWN / 2
