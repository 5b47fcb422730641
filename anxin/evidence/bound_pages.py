"""Scanned pages bound into a PDF: a picture fills each page, and nothing else is in the file, so that the same once more is the same."""

from __future__ import annotations

import zlib
from io import BytesIO

from PIL import Image

#: PDF counts 72 to an inch
_POINTS = 72
_CATALOG, _PAGES = 1, 2
#: a page is three objects: itself, what is drawn on it, and the picture
_EACH = 3


class Binder:
    """Takes one page at a time, and holds what was written of it and no picture."""

    def __init__(self, *, dots: int, quality: int) -> None:
        """``dots``: how many pixels make an inch of the page; ``quality``: of pages in colour or grey, as JPEG."""
        self._dots, self._quality = dots, quality
        self._file = BytesIO()
        self._file.write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
        self._at: dict[int, int] = {}
        self._pages: list[int] = []

    def add(self, image: Image.Image) -> None:
        """A page of mode ``1`` (kept without loss), ``L`` or ``RGB``."""
        page = _PAGES + 1 + _EACH * len(self._pages)
        drawn, picture = page + 1, page + 2
        width, height = (round(side * _POINTS / self._dots, 2) for side in image.size)
        self._object(
            page,
            f"<</Type/Page/Parent {_PAGES} 0 R/MediaBox[0 0 {width} {height}]/Contents {drawn} 0 R"
            f"/Resources<</XObject<</P {picture} 0 R>>>>>>",
        )
        self._stream(drawn, "", f"q {width} 0 0 {height} 0 0 cm /P Do Q".encode())
        data, kind = self._encoded(image)
        size = f"/Type/XObject/Subtype/Image/Width {image.width}/Height {image.height}"
        self._stream(picture, size + kind, data)
        self._pages.append(page)

    def _encoded(self, image: Image.Image) -> tuple[bytes, str]:
        if image.mode == "1":
            return zlib.compress(
                image.tobytes(), 9
            ), "/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/FlateDecode"
        written = BytesIO()
        image.save(written, "JPEG", quality=self._quality, optimize=True)
        colours = "Gray" if image.mode == "L" else "RGB"
        return written.getvalue(), f"/ColorSpace/Device{colours}/BitsPerComponent 8/Filter/DCTDecode"

    def bound(self) -> bytes:
        """The file, once all pages are in."""
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        self._object(_CATALOG, f"<</Type/Catalog/Pages {_PAGES} 0 R>>")
        self._object(_PAGES, f"<</Type/Pages/Count {len(self._pages)}/Kids[{kids}]>>")
        start, size = self._file.tell(), max(self._at) + 1
        table = "".join(f"{self._at[number]:010d} 00000 n\r\n" for number in range(1, size))
        self._file.write(
            f"xref\n0 {size}\n0000000000 65535 f\r\n{table}trailer\n<</Size {size}/Root {_CATALOG} 0 R>>\n"
            f"startxref\n{start}\n%%EOF\n".encode()
        )
        return self._file.getvalue()

    def _object(self, number: int, words: str) -> None:
        self._at[number] = self._file.tell()
        self._file.write(f"{number} 0 obj\n{words}\nendobj\n".encode())

    def _stream(self, number: int, words: str, data: bytes) -> None:
        self._at[number] = self._file.tell()
        self._file.write(f"{number} 0 obj\n<<{words}/Length {len(data)}>>\nstream\n".encode())
        self._file.write(data + b"\nendstream\nendobj\n")
