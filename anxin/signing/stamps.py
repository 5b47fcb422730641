"""What a signature looks like on the page: name, time, a line of small print, and a seal.

Drawn by typst as a page of its own that becomes the appearance of the signature's field. It embeds only the
characters used, some 10 KB; laying a whole Chinese face into each signature took 1.5 s.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import typst
from pyhanko.pdf_utils import content, layout
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle

from anxin.signing.naming import SHANGHAI

_TEMPLATE = files("anxin.signing").joinpath("stamp.typ")


@dataclass(frozen=True)
class Seal:
    """The seal beside the name: the owner's ``picture``, or a round one drawn with the ``text``.

    The picture is SVG, because text is what goes into the compiler; ``typesetting.seals.as_svg`` makes it of PNG and JPEG.
    As part of the signature's own appearance it is covered by the signature: nobody lifts it off or puts another there.
    """

    text: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Stamp:
    """``small`` is a line of small print, for example that the certificate is a demonstration's."""

    seal: Seal | None = None
    small: str = ""


def draw(stamp: Stamp, *, label: str, name: str, at: dt.datetime, size: tuple[float, float]) -> bytes:
    """A PDF of one page of ``size`` points. The same arguments give the same page."""
    width, height = size
    said = {
        "width": width,
        "height": height,
        "label": label,
        "name": name,
        "time": at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S %z"),
        "small": stamp.small,
        "seal": stamp.seal.text if stamp.seal else "",
        "picture": bool(stamp.seal and stamp.seal.picture),
    }
    given = {"main.typ": _TEMPLATE.read_bytes(), "stamp.json": json.dumps(said).encode()}
    if stamp.seal and stamp.seal.picture:
        given["seal.svg"] = stamp.seal.picture.encode()
    drawn = _compiler().compile(  # type: ignore[type-var]
        input=given, format="pdf", pdf_tags=False, timestamp=0
    )
    assert isinstance(drawn, bytes)
    return drawn


def style_of(page: bytes) -> StaticStampStyle:
    return StaticStampStyle(
        background=_Page(page),
        background_layout=layout.SimpleBoxLayoutRule(
            x_align=layout.AxisAlignment.ALIGN_MID, y_align=layout.AxisAlignment.ALIGN_MID
        ),
        border_width=0,
    )


class _Page(content.PdfContent):
    """The first page of a PDF in memory; the library's own reads from a file."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self._page = page

    def render(self) -> bytes:
        reference = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._page)))
        self.resources.xobject["/Stamp"] = reference
        left, bottom, right, top = reference.get_object()["/BBox"]
        self.box = layout.BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Stamp Do"


@cache
def _compiler() -> typst.Compiler:
    import pylopdf_fonts_zh_cn

    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Compiler(font_paths=[folder], ignore_system_fonts=True)
