"""A scan or a photograph of a paper as PDF: what comes as PDF stays as it is, a picture becomes one page of its own."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from anxin.kernel.refusal import Refused

#: how a picture begins → what typst calls it
_PICTURES = {b"\x89PNG\r\n\x1a\n": "scan.png", b"\xff\xd8\xff": "scan.jpg"}
#: as wide as a page of paper
_PAGE = '#set page(width: 210mm, height: auto, margin: 0pt)\n#image("{}", width: 210mm)\n'


def scan_pdf(data: bytes) -> bytes:
    """The PDF of a scan (PDF, JPEG or PNG). Raises :class:`Refused` for anything else, and for a picture that does not open."""
    if data.startswith(b"%PDF-"):
        return data
    name = next((name for start, name in _PICTURES.items() if data.startswith(start)), None)
    if name is None:
        raise Refused("扫描件应是PDF，或者JPG、PNG照片。", field="file")
    # the setter takes pictures from a folder only; what it is given in memory is read as text
    with TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(data)
        main = Path(folder) / "main.typ"
        main.write_text(_PAGE.format(name))
        try:
            made = typst.compile(main, format="pdf")
        except RuntimeError:
            raise Refused("这张照片打不开，请重新拍照或者扫描后再传。", field="file") from None
    assert isinstance(made, bytes)
    return made
