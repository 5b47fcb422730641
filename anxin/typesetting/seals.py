"""Pictures of seals: an office's own, and a seal for demonstrations, which says 示例 and is nobody's seal."""

from __future__ import annotations

import base64
import math
from xml.sax.saxutils import escape

from anxin.typesetting.errors import LetterError

_RED = "#d7000f"
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def as_svg(picture: bytes) -> str:
    """A picture (PNG, JPEG) as SVG, because text is what goes into the compiler; a drawing that is SVG goes as it is.

    Raises :class:`LetterError` for anything else.
    """
    for start, kind in _PICTURES.items():
        if picture.startswith(start):
            inside = f"data:{kind};base64,{base64.b64encode(picture).decode()}"
            return (
                '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100">'
                f'<image width="100" height="100" xlink:href="{inside}"/></svg>'
            )
    text = picture.decode("utf-8", errors="replace")
    if "<svg" not in text[:1000]:
        raise LetterError("印章图片打不开，请换成 SVG、PNG 或 JPEG 格式的图片。")
    return text


def marked_demonstration(picture: bytes) -> bytes:
    """A picture of a seal (PNG, JPEG) with 示例 across it: sealed with a demonstration's key, it must not pass for a seal.

    Raises :class:`LetterError` where it is none.
    """
    mark = (
        f'<g font-family="FandolHei, Noto Serif SC" font-weight="700" text-anchor="middle" font-size="26" fill="{_RED}" '
        'stroke="#ffffff" stroke-width="1.2" transform="rotate(-18 50 50)"><text x="50" y="59">示 例</text></g></svg>'
    )
    return as_svg(picture).replace("</svg>", mark).encode()


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
