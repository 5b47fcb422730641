"""Pictures that people send: read as pictures, and written anew. What the camera noted (place, device) stays behind.

Nothing of the file that was sent is kept, only its pixels: whatever else was hidden in it is gone as well.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import Image, ImageOps, ImageSequence

from anxin.evidence.bound_pages import Binder
from anxin.kernel.refusal import Refused

_MB = 1024 * 1024
#: readable handwriting of a notebook's page; more only costs room
LONGEST_SIDE = 2000
#: of a paper that is put on file: a page of A4 at 400 dots an inch, so that small print and seals stay as they are
LONGEST_PAGE = 4700
#: a JPEG is decoded smaller than it is, so that a phone's largest is no burden; others are decoded whole. Some phones put a
#: second, smaller picture behind the first (MPO); the first is the photograph.
_MOST_PIXELS = {
    "JPEG": 120_000_000, "MPO": 120_000_000, "PNG": 25_000_000, "WEBP": 25_000_000, "HEIF": 50_000_000, "AVIF": 25_000_000,
}  # fmt: skip
_MOST_PIXELS_OF_PAGES = {**_MOST_PIXELS, "GIF": 25_000_000, "BMP": 25_000_000, "TIFF": 40_000_000}
#: pixels that are decoded whole
_AT_ONCE = 50_000_000
_QUALITY, _QUALITY_OF_PAGES = 82, 92
#: a picture of few colours stays exactly as it is; a photograph kept that way would be several times its size
_DRAWN, _MAY_GROW = {"1", "L", "LA", "P", "PA"}, 2
#: Pillow's own bound, below which it is silent; ours follow by kind
Image.MAX_IMAGE_PIXELS = max(_MOST_PIXELS.values())
#: one at a time in a process: several large ones at once would take all its memory
#: a damaged picture ends in whatever error its decoder thinks of
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, RuntimeError)
_decoding = threading.Lock()
#: formats of which the first picture is what was taken; whatever else lies in the file goes with it
_FIRST_COUNTS = ("MPO", "HEIF", "AVIF")
#: of one file that is scanned paper, and pixels of all its pages
MOST_PAGES, _MOST_BOUND = 200, 1_200_000_000
_DOTS = 200
#: photographs of iPhones; nothing of it is called but the decoder
pillow_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True)
class Picture:
    """A picture written anew, upright, without metadata: JPEG, or PNG where it is ``lossless``."""

    data: bytes
    width: int
    height: int
    lossless: bool = False


def cleaned(data: bytes) -> Picture:
    """The picture within ``data``. Raises :class:`Refused` for what is none, too large, or not readable."""
    with _decoding:
        flat, _ = _decoded(data, LONGEST_SIDE, _MOST_PIXELS, _on_white)
        return _written(flat, _QUALITY)


def redrawn(data: bytes) -> Picture:
    """The picture of a paper or a seal, written anew at the size it has: screens and drawings without loss, see-through where
    they are; photographs as JPEG. Raises :class:`Refused` for what is none, not readable, or has several pages."""
    with _decoding:
        image, form = _decoded(data, LONGEST_PAGE, _MOST_PIXELS_OF_PAGES, _plain)
        if form in ("PNG", "GIF") or image.mode in _DRAWN:
            written = BytesIO()
            image.save(written, "PNG")
            if written.tell() <= max(_MAY_GROW * len(data), _MB):
                return Picture(written.getvalue(), image.width, image.height, lossless=True)
        return _written(_on_white(image), _QUALITY_OF_PAGES)


def bound(data: bytes) -> bytes | None:
    """A TIFF of several pages as a PDF of as many, each page written anew; ``None`` for one of a single page.

    Raises :class:`Refused` for more pages than an office scans at once, and for what cannot be read.
    """
    with _decoding:
        try:
            with Image.open(BytesIO(data), formats=("TIFF",)) as image:
                number = getattr(image, "n_frames", 1)
                if number == 1:
                    return None
                if number > MOST_PAGES:
                    raise Refused(
                        f"这个图片文件里有{number}页，最多{MOST_PAGES}页，请分成几份再传。", field="photos"
                    )
                return _pages(image)
        except Image.DecompressionBombError:
            raise Refused("这个图片文件的尺寸太大，请用200到300点重新扫描。", field="photos") from None
        except _BROKEN:
            raise Refused(
                "这个图片文件里有打不开的页，请重新扫描，或转成PDF后再传。", field="photos"
            ) from None


def _pages(image: Image.Image) -> bytes:
    """One page at a time, so that a hundred of them are never in memory together."""
    binder, pixels = Binder(dots=_DOTS, quality=_QUALITY_OF_PAGES), 0
    for page in ImageSequence.Iterator(image):
        pixels += page.width * page.height
        if page.width * page.height > _MOST_PIXELS_OF_PAGES["TIFF"] or pixels > _MOST_BOUND:
            raise Image.DecompressionBombError
        upright = ImageOps.exif_transpose(page)
        upright.thumbnail((LONGEST_PAGE, LONGEST_PAGE))
        flat = _plain(upright)
        binder.add(flat if flat.mode in ("1", "L", "RGB") else _on_white(flat))
    return binder.bound()


def _written(flat: Image.Image, quality: int) -> Picture:
    written = BytesIO()
    flat.save(written, "JPEG", quality=quality, optimize=True)
    return Picture(written.getvalue(), flat.width, flat.height)


def _decoded(
    data: bytes, longest: int, most_pixels: Mapping[str, int], flatten: Callable[[Image.Image], Image.Image]
) -> tuple[Image.Image, str]:
    """The picture, upright and within ``longest``, and its format. Raises :class:`Refused`."""
    try:
        with Image.open(BytesIO(data), formats=tuple(one for one in most_pixels if one != "MPO")) as image:
            form = image.format or ""
            if image.width * image.height > most_pixels.get(form, 0):
                raise Image.DecompressionBombError
            # of a photograph the first is what was taken; of a paper every page counts
            if (
                most_pixels is _MOST_PIXELS_OF_PAGES
                and form not in _FIRST_COUNTS
                and getattr(image, "is_animated", False)
            ):
                raise Refused(
                    "这个图片文件里有多页，请转成PDF，或一页一张保存为JPG、PNG后再传。", field="photos"
                )
            # a JPEG is decoded at a whole fraction of its size: of a very large one at half of what is kept or more
            wanted = longest if image.width * image.height <= _AT_ONCE else longest // 2
            image.draft("RGB", (wanted, wanted))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((longest, longest))
            return flatten(upright), form
    except Image.DecompressionBombError:
        raise Refused("这张照片的尺寸太大，请用手机重新拍一张。", field="photos") from None
    except Refused:
        raise
    except _BROKEN:
        raise Refused("这个文件不是能打开的照片，请发送JPG或PNG格式的照片。", field="photos") from None


def _plain(image: Image.Image) -> Image.Image:
    """The pixels and nothing beside them: no notes, colour profile, text or second picture."""
    if image.mode == "P":
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode not in ("1", "L", "LA", "RGB", "RGBA"):
        image = image.convert("RGB")
    plain = Image.new(image.mode, image.size)
    plain.paste(image)
    return plain


def _on_white(image: Image.Image) -> Image.Image:
    """Plain colours and nothing beside them; what was transparent is white, as paper is."""
    flat = Image.new("RGB", image.size, "white")
    layered = image.convert("RGBA") if image.has_transparency_data else image.convert("RGB")
    flat.paste(layered, mask=layered if layered.mode == "RGBA" else None)
    return flat
