"""Recordings that strangers send: recognised by how they begin, never by their name, and only ever handed out as files."""

from __future__ import annotations

from dataclasses import dataclass

from anxin.kernel.refusal import Refused

LARGEST_MB = 10
#: the brands of MP4 that recorders of phones write
_MP4 = {b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"iso6", b"dash"}
#: first byte pairs of an MPEG audio frame (layer III), and of AAC in ADTS
_MP3, _AAC = {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"}, {b"\xff\xf1", b"\xff\xf9"}
_HEAD = 4096


@dataclass(frozen=True)
class Sound:
    """A recording as it came, with the type its content shows."""

    data: bytes
    content_type: str
    ending: str


def recognised(data: bytes) -> Sound:
    """The recording within ``data``. Raises :class:`Refused` for what is none, or too large."""
    if len(data) > LARGEST_MB * 1024 * 1024:
        raise Refused(f"这段录音超过{LARGEST_MB}MB，请分成几段，每段不超过5分钟。", field="voice")
    found = _type_of(data)
    if found is None:
        raise Refused("这个文件不是能识别的录音，请用手机自带的录音机重新录一段。", field="voice")
    return Sound(data, *found)


def _type_of(data: bytes) -> tuple[str, str] | None:
    head = data[:_HEAD]
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return "audio/webm", "webm"
    if head.startswith(b"OggS"):
        return "audio/ogg", "ogg"
    if head[4:8] == b"ftyp":
        if head[8:11] == b"3gp":
            return "audio/3gpp", "3gp"
        return ("audio/mp4", "m4a") if head[8:12] in _MP4 else None
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "audio/amr", "amr"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav", "wav"
    if head.startswith(b"ID3") or head[:2] in _MP3:
        return "audio/mpeg", "mp3"
    return ("audio/aac", "aac") if head[:2] in _AAC else None
