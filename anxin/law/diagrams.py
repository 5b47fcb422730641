"""Procedures as pictures: Mermaid for the documents, SVG of our own for pages with a strict content policy."""

from __future__ import annotations

from collections.abc import Sequence
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
    parts += [_bend(box, drawn, back) for (_, back, _), box in drawn.trunks.items()]
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
    """A curve from layer to layer; a line that goes back is dashed and in a colour of its own."""
    upper, lower = line.upper, line.lower
    start, end = _port(upper, line, drawn), _port(lower, line, drawn)
    down, top = upper.y + _half(upper, drawn), lower.y - _half(lower, drawn)
    middle = (down + top) / 2
    path = f"M{start:.1f} {down:.1f}C{start:.1f} {middle:.1f} {end:.1f} {middle:.1f} {end:.1f} {top:.1f}"
    arrow = ""
    if line.arrives:
        arrow = f' marker-start="url(#{key}-back)"' if line.back else f' marker-end="url(#{key}-on)"'
    return _path(path, line.back, arrow)


def _bend(box: Box, drawn: Layout, back: bool) -> str:
    """The piece of a long line that passes a layer."""
    half = _half(box, drawn)
    return _path(f"M{box.x:.1f} {box.y - half:.1f}V{box.y + half:.1f}", back, "") if half else ""


def _path(path: str, back: bool, arrow: str) -> str:
    name, colour = ("back", _BACK) if back else ("on", _EDGE)
    dashed = ' stroke-dasharray="5 4"' if back else ""
    return (
        f'<path class="procedure-line procedure-line-{name}" d="{path}" fill="none"'
        f' stroke="{colour}" stroke-width="1.4"{dashed}{arrow}/>'
    )


def _half(box: Box, drawn: Layout) -> float:
    """Half the height that a box takes; a bend takes that of its layer."""
    return (drawn.heights[box.layer] if box.kind == "bend" else box.height) / 2


def _port(box: Box, line: Line, drawn: Layout) -> float:
    """Where on the edge of a state a line begins or ends: the lines of one edge share its width in order."""
    if box.kind != "state":
        return box.x
    beneath = line.upper is box
    beside = [other for other in drawn.lines if (other.upper if beneath else other.lower) is box]
    beside.sort(key=lambda other: (other.lower if beneath else other.upper).x)
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
