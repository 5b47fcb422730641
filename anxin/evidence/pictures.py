"""Pictures that strangers send: read as pictures, and written anew. What the camera noted (place, device) stays behind.

Nothing of the file that was sent is kept, only its pixels: whatever else was hidden in it is gone as well.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from anxin.kernel.refusal import Refused

CONTENT_TYPE = "image/jpeg"
LARGEST_MB = 15
#: readable handwriting of a notebook's page; more only costs room
LONGEST_SIDE = 2000
#: a JPEG is decoded smaller than it is, so that a phone's largest is no burden; others are decoded whole
_MOST_PIXELS = {"JPEG": 120_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
_HEIC = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
_QUALITY = 82
#: Pillow's own bound, below which it is silent; ours follow by kind
Image.MAX_IMAGE_PIXELS = max(_MOST_PIXELS.values())
#: one at a time in a process: several large ones at once would take all its memory
_decoding = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A picture written anew: JPEG, upright, without metadata."""

    data: bytes
    width: int
    height: int


def cleaned(data: bytes) -> Picture:
    """The picture within ``data``. Raises :class:`Refused` for what is none, too large, or not readable."""
    if len(data) > LARGEST_MB * 1024 * 1024:
        raise Refused(f"这张照片超过{LARGEST_MB}MB，请重新拍一张，或发一张小一些的。", field="photos")
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise Refused(
            "这张照片是HEIC格式，暂时不能打开。请在手机“设置—相机—格式”中选“兼容性最佳”后重拍，或发送截图。",
            field="photos",
        )
    with _decoding:
        return _decoded(data)


def _decoded(data: bytes) -> Picture:
    try:
        with Image.open(BytesIO(data), formats=tuple(_MOST_PIXELS)) as image:
            if image.width * image.height > _MOST_PIXELS.get(image.format or "", 0):
                raise Image.DecompressionBombError
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            flat = _on_white(upright)
    except Image.DecompressionBombError:
        raise Refused("这张照片的尺寸太大，请用手机重新拍一张。", field="photos") from None
    # A damaged picture ends in whatever error its decoder thinks of.
    except (OSError, ValueError, SyntaxError, EOFError):
        raise Refused("这个文件不是能打开的照片，请发送JPG或PNG格式的照片。", field="photos") from None
    written = BytesIO()
    flat.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(written.getvalue(), flat.width, flat.height)


def _on_white(image: Image.Image) -> Image.Image:
    """Plain colours and nothing beside them; what was transparent is white, as paper is."""
    flat = Image.new("RGB", image.size, "white")
    layered = image.convert("RGBA") if image.has_transparency_data else image.convert("RGB")
    flat.paste(layered, mask=layered if layered.mode == "RGBA" else None)
    return flat
