"""What strangers send: only what is a picture or a recording by its content, and of a picture nothing but its pixels."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from anxin.evidence.doors import PHOTO, VOICE, Taken, taken
from anxin.evidence.pictures import cleaned
from anxin.kernel.refusal import Refused
from tests.evidence.samples import heic

_ORIENTATION, _GPS, _MAKER = 0x0112, 0x8825, 0x010F


def a_picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **more) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste((200, 0, 0), (0, 0, size[0] // 2, size[1] // 2))  # red at the top left
    data = BytesIO()
    image.save(data, form, **more)
    return data.getvalue()


def with_camera_notes() -> bytes:
    exif = Image.Exif()
    exif[_MAKER] = "SECRET-PHONE"
    exif[_ORIENTATION] = 6  # the camera was held upright: to be turned by a quarter
    exif.get_ifd(_GPS)[2] = (23.0, 8.0, 11.0)
    return a_picture(exif=exif.tobytes(), comment=b"SECRET-COMMENT")


def test_what_the_camera_noted_is_gone_and_the_picture_stands_upright():
    sent = with_camera_notes()
    assert b"SECRET-PHONE" in sent and b"SECRET-COMMENT" in sent and Image.open(BytesIO(sent)).getexif()[_GPS]
    kept = cleaned(sent)
    again = Image.open(BytesIO(kept.data))
    assert not dict(again.getexif()) and b"SECRET" not in kept.data and "comment" not in again.info
    assert (kept.width, kept.height) == again.size == (40, 60)
    assert again.getpixel((35, 5))[0] > 150 and again.getpixel((35, 5))[1] < 90  # red is at the top right now


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_every_kind_of_picture_becomes_a_jpeg(form):
    assert Image.open(BytesIO(cleaned(a_picture(form)).data)).format == "JPEG"


def test_what_hides_behind_a_picture_is_not_kept():
    kept = cleaned(a_picture() + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in kept.data and b"PK\x03\x04" not in kept.data


def test_a_large_picture_is_made_smaller_and_stays_readable():
    kept = cleaned(a_picture(size=(6000, 3000)))
    assert (kept.width, kept.height) == (2000, 1000)


def test_a_transparent_picture_is_on_white():
    data = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(data, "PNG")
    assert min(Image.open(BytesIO(cleaned(data.getvalue()).data)).getpixel((5, 5))) > 250


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is as large as that."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded():
    with pytest.raises(Refused, match="尺寸太大"):
        cleaned(a_bomb(12_000, 12_000))
    with pytest.raises(Refused):
        cleaned(a_bomb(60_000, 60_000))


def photo(data: bytes) -> Taken:
    return taken(data, "", PHOTO)


def voice(data: bytes) -> Taken:
    return taken(data, "", VOICE)


def test_a_damaged_photo_of_an_iphone_is_refused_like_any_other():
    with pytest.raises(Refused, match="不是能打开的照片"):
        photo(b"\0\0\0\x18ftypheic" + b"\0" * 100)


def test_a_file_beyond_the_limit_is_refused_unread():
    with pytest.raises(Refused, match="这张照片超过0MB，请重新拍一张"):
        taken(a_picture(), "", replace(PHOTO, largest=1))
    with pytest.raises(Refused, match="这段录音超过0MB，请分成几段"):
        taken(b"OggS" + b"\0" * 20, "", replace(VOICE, largest=1))


DANGEROUS = [
    b"<html><script>alert(1)</script></html>",
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    b"MZ\x90\0" + b"\0" * 80,
    b"\x7fELF" + b"\0" * 80,
    b"#!/bin/sh\nrm -rf /\n",
    b"PK\x03\x04" + b"\0" * 80,
    b"%PDF-1.7\n",
    b"GIF89a" + b"\0" * 20,
    b"",
]


@pytest.mark.parametrize("data", DANGEROUS)
def test_what_is_neither_picture_nor_recording_is_refused_as_both(data):
    with pytest.raises(Refused, match="不是能打开的照片"):
        photo(data)
    with pytest.raises(Refused, match="不是能识别的录音"):
        voice(data)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", a_picture()[:200], b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 ", heic()[:300]]),
)
def test_whatever_is_sent_ends_in_a_picture_or_a_sentence(data, start):
    try:
        assert photo(start + data).data
    except Refused as refusal:
        assert str(refusal).endswith("。")


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm", "audio/webm"),
        (b"OggS\0\x02", "audio/ogg"),
        (b"\0\0\0\x1cftypM4A ", "audio/mp4"),
        (b"\0\0\0\x18ftyp3gp4", "audio/3gpp"),
        (b"#!AMR\n<", "audio/amr"),
        (b"ID3\x03\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    ],
)
def test_a_recording_is_known_by_how_it_begins(start, kind):
    sound = voice(start + b"\0" * 50)
    assert sound.kind.content_type == kind and sound.data.startswith(start)
