"""The one way a page gives a file back: under the type that its own bytes show, and never as something that runs.

A picture, a recording or a PDF may be shown by the browser; everything else is saved. What we do not recognise, or would
not take today, is a file without a type.
"""

from __future__ import annotations

import re
from typing import BinaryIO
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from anxin.evidence import contents
from anxin.evidence.contents import Family, Kind
from anxin.evidence.doors import honest_name

_NO_TYPE = "application/octet-stream"
#: even if a browser took it for a page, nothing in it would run. Browsers open no PDF in a sandbox; it is none of ours then.
_NOTHING_RUNS = "default-src 'none'; img-src 'self'; media-src 'self'; sandbox"
#: one stretch; a player asks for no more
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_SHOWN_FAMILIES = (Family.PICTURE, Family.SOUND, Family.FILM)


def handed_out(data: bytes, name: str, *, show: bool = False, plain: str = "file") -> HttpResponse:
    """``data`` as a file called ``name``, to be saved; to be shown where ``show`` asks for it and its kind may be.

    The name's ending is mended where the content says something else. ``plain``: the name for browsers that read no
    Chinese, without an ending.
    """
    kind = contents.recognise(data)
    name = honest_name(name, kind)
    response = HttpResponse(data, content_type=_type_of(kind))
    if kind is not contents.PDF:
        response["Content-Security-Policy"] = _NOTHING_RUNS
    _describe(response, name, plain, show=show and may_show(kind))
    return response


def streamed(file: BinaryIO, name: str) -> FileResponse:
    """A package of our own making that is too large to hold in memory, to be saved."""
    response = FileResponse(file, content_type=_NO_TYPE)
    response["Content-Security-Policy"] = _NOTHING_RUNS
    _describe(response, name, "package", show=False)
    return response


def in_parts(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The part of a file that a player asks for: some phones play nothing that cannot be fetched in parts."""
    response["Accept-Ranges"] = "bytes"
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()):
        return response
    size = len(response.content)
    if asked[1]:
        first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
    else:
        first, last = max(size - int(asked[2]), 0), size - 1
    if first > last:
        response.content, response.status_code = b"", 416
        response["Content-Range"] = f"bytes */{size}"
        return response
    response.content, response.status_code = response.content[first : last + 1], 206
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def may_show(kind: Kind | None) -> bool:
    """Whether a browser may show it: pictures, recordings, films, PDF, recognised as such."""
    return kind is not None and (kind is contents.PDF or kind.family in _SHOWN_FAMILIES)


def _type_of(kind: Kind | None) -> str:
    """Words carry no type: a browser would show them as a page of ours, in an encoding that it guesses."""
    if kind is None or kind.refusal or kind.family is Family.TEXT:
        return _NO_TYPE
    return kind.content_type


def _describe(response: HttpResponseBase, name: str, plain: str, *, show: bool) -> None:
    ending = name.rpartition(".")[2]
    simple = f"{plain}.{ending}" if ending.isascii() and ending.isalnum() else plain
    response["Content-Disposition"] = (
        f"{'inline' if show else 'attachment'}; filename=\"{simple}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response["X-Content-Type-Options"] = "nosniff"
