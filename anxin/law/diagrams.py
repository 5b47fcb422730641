"""Procedures as pictures: Mermaid for the documents, SVG of our own for pages with a strict content policy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from anxin.law.diagram_layout import STATE_FONT, STEP_FONT, Box, Layout, Line, layout
from anxin.law.procedures import Procedure, Transition

#: words that Mermaid keeps for itself
_RESERVED = {
    "as",
    "class",
    "classDef",
    "default",
    "direction",
    "end",
    "fork",
    "join",
    "note",
    "state",
    "style",
}
_LINE = 1.4
_INK, _QUIET, _EDGE, _BACK = "#1f2937", "#475569", "#64748b", "#b45309"


def mermaid(procedure: Procedure) -> str:
    """A Mermaid state diagram: every state by its name, every step as a labelled arrow."""
    lines = ["stateDiagram-v2", "    direction TB"]
    lines += [f'    state "{_plain(state.name)}" as {_alias(state.key)}' for state in procedure.states]
    lines.append(f"    [*] --> {_alias(procedure.initial.key)}")
    for step in procedure.transitions:
        words = _plain(_words(step))
        lines += [f"    {_alias(source)} --> {_alias(step.to)}: {words}" for source in step.from_]
    lines += [f"    {_alias(state.key)} --> [*]" for state in procedure.states if state.final]
    return "\n".join(lines) + "\n"


def svg(procedure: Procedure, current: str | None = None) -> str:
    """A drawing that stands by itself: no styles, no scripts, nothing loaded. ``current``: the state that a
    matter is in, marked by a thick frame and an arrow head before its name. Raises :class:`UnknownKey`."""
    if current:
        procedure.state(current)
    drawn = layout(procedure, {step.key: _words(step) for step in procedure.transitions})
    final = {state.key for state in procedure.states if state.final}
    parts = [_head(procedure, drawn, current)]
    parts += [_line(line, drawn, procedure.key) for line in drawn.lines]
    for box in drawn.boxes():
        if box.kind == "state":
            parts.append(_state(box, box.key == procedure.initial.key, box.key in final, box.key == current))
        elif box.kind == "step":
            parts.append(_step(box, procedure.transition(box.key)))
    return "".join([*parts, "</svg>"])


def _words(step: Transition) -> str:
    return f"自动：{step.name}" if step.automatic else step.name


def _alias(key: str) -> str:
    return f"{key}_" if key in _RESERVED else key


def _plain(text: str) -> str:
    """Without the signs that Mermaid reads as its own."""
    for sign, instead in (('"', "”"), (":", "："), (";", "；"), ("#", "＃"), ("\n", " ")):
        text = text.replace(sign, instead)
    return text


def _head(procedure: Procedure, drawn: Layout, current: str | None) -> str:
    width, height = round(drawn.width), round(drawn.height)
    named = f"；现为“{procedure.state(current).name}”" if current else ""
    markers = "".join(
        f'<marker id="{procedure.key}-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
        f' markerHeight="8" orient="auto-start-reverse"><path d="M0 0.5L8 4L0 7.5z" fill="{colour}"/></marker>'
        for name, colour in (("on", _EDGE), ("back", _BACK))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="procedure-diagram" role="img" width="{width}"'
        f' height="{height}" viewBox="0 0 {width} {height}"'
        f" aria-label={quoteattr(procedure.name + '流程图' + named)}><defs>{markers}</defs>"
    )


def _line(line: Line, drawn: Layout, key: str) -> str:
    """Curves from layer to layer; a line that goes back is dashed and in a colour of its own."""
    first, last = line.boxes[0], line.boxes[-1]
    at, down = _port(first, line, drawn), first.y + first.height / 2
    path = [f"M{at:.1f} {down:.1f}"]
    for upper, lower in pairwise(line.boxes):
        half = drawn.heights[lower.layer] / 2 if lower.kind == "bend" else lower.height / 2
        end = lower.x if lower is not last else _port(lower, line, drawn)
        top = lower.y - half
        middle = (down + top) / 2
        path.append(f"C{at:.1f} {middle:.1f} {end:.1f} {middle:.1f} {end:.1f} {top:.1f}")
        at, down = end, top
        if lower.kind == "bend" and half:
            down = lower.y + half
            path.append(f"L{at:.1f} {down:.1f}")
        assert upper.layer < lower.layer
    name, colour = ("back", _BACK) if line.back else ("on", _EDGE)
    arrow = f' marker-{"start" if line.back else "end"}="url(#{key}-{name})"' if line.arrives else ""
    dashed = ' stroke-dasharray="5 4"' if line.back else ""
    return (
        f'<path class="procedure-line procedure-line-{name}" d="{"".join(path)}" fill="none"'
        f' stroke="{colour}" stroke-width="1.4"{dashed}{arrow}/>'
    )


def _port(box: Box, line: Line, drawn: Layout) -> float:
    """Where on the edge of a box a line begins or ends: lines of one side share its width by direction."""
    if box.kind == "step":
        return box.x
    upper_side = line.boxes[-1] is box
    beside = [other for other in drawn.lines if (other.boxes[-1] if upper_side else other.boxes[0]) is box]
    near = {id(other): (other.boxes[-2] if upper_side else other.boxes[1]).x for other in beside}
    beside.sort(key=lambda other: near[id(other)])
    room = min(box.width - 24, 26.0 * (len(beside) - 1))
    step = room / (len(beside) - 1) if len(beside) > 1 else 0.0
    return box.x - room / 2 + step * next(place for place, other in enumerate(beside) if other is line)


def _state(box: Box, first: bool, final: bool, current: bool) -> str:
    kinds = [name for name, yes in (("first", first), ("final", final), ("current", current)) if yes]
    classes = " ".join(["procedure-state", *(f"procedure-state-{name}" for name in kinds)])
    fill = "#fef3c7" if current else "#dcfce7" if final else "#dbeafe" if first else "#ffffff"
    stroke, wide = ("#b45309", 3) if current else ("#334155", 1.4)
    frame = _frame(box, 8, f'fill="{fill}" stroke="{stroke}" stroke-width="{wide}"')
    inner = _frame(box, 6, f'fill="none" stroke="{stroke}" stroke-width="1"', inset=3) if final else ""
    lines = [f"▶ {box.lines[0]}", *box.lines[1:]] if current else list(box.lines)
    top = box.y - box.height / 2 + 9
    words = _text(lines, box.x, top, STATE_FONT, f'fill="{_INK}" font-weight="600"')
    below = top + len(box.lines) * STATE_FONT * _LINE
    small = _text(box.small, box.x, below, STEP_FONT, f'fill="{_QUIET}"')
    return f'<g class="{classes}">{frame}{inner}{words}{small}</g>'


def _step(box: Box, step: Transition) -> str:
    kind = "procedure-step-automatic" if step.automatic else "procedure-step-taken"
    frame = _frame(box, 4, 'fill="#f8fafc" stroke="#cbd5e1" stroke-width="1"')
    words = _text(box.lines, box.x, box.y - box.height / 2 + 4, STEP_FONT, f'fill="{_QUIET}"')
    return f'<g class="procedure-step {kind}">{frame}{words}</g>'


def _frame(box: Box, round_: int, paint: str, inset: float = 0.0) -> str:
    x, y = box.x - box.width / 2 + inset, box.y - box.height / 2 + inset
    width, height = box.width - 2 * inset, box.height - 2 * inset
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{round_}" {paint}/>'


def _text(lines: Sequence[str], x: float, top: float, font: float, paint: str) -> str:
    rows = "".join(
        f'<tspan x="{x:.1f}" y="{top + number * font * _LINE + font * 1.05:.1f}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return f'<text text-anchor="middle" font-size="{font:g}" {paint}>{rows}</text>' if rows else ""
