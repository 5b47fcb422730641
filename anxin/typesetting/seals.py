"""A seal for demonstrations, drawn from the name; it says 示例 and is nobody's seal."""

from __future__ import annotations

import math
from xml.sax.saxutils import escape

_RED = "#d7000f"


def demonstration_seal(name: str) -> bytes:
    """A round seal of 42 mm as SVG: the name along the edge, a star, and 示例 below."""
    step = min(24.0, 250 / max(len(name), 1))  # degrees between two characters
    height = min(5.4, 34 * math.pi * step / 360)
    first = -step * (len(name) - 1) / 2
    letters = "".join(_on_edge(sign, first + at * step, height) for at, sign in enumerate(name))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 42 42">'
        f'<g fill="{_RED}" fill-opacity="0.88" font-family="FandolSong, Noto Serif SC" font-weight="700" text-anchor="middle">'
        f'<circle cx="21" cy="21" r="20.3" fill="none" stroke="{_RED}" stroke-opacity="0.88" stroke-width="1.2"/>'
        f'{letters}<path d="{_star()}"/>'
        '<text x="21" y="33.5" font-size="4.6">示 例</text></g></svg>'
    ).encode()


def _on_edge(sign: str, angle: float, height: float) -> str:
    return (
        f'<text font-size="{height:.2f}" transform="rotate({angle:.2f} 21 21) translate(21 7.6)">'
        f"{escape(sign)}</text>"
    )


def _star() -> str:
    """Five points around the middle."""
    points = []
    for corner in range(10):
        length, turn = (6.4, 2.45)[corner % 2], math.radians(36 * corner - 90)
        points.append(f"{21 + length * math.cos(turn):.2f} {21 + length * math.sin(turn):.2f}")
    return f"M{' L'.join(points)} Z"
