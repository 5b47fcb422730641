"""Around every call of the interface: its body is bounded, its end is JSON, and its trace is kept."""

from __future__ import annotations

import re
import time

from django.http import HttpRequest, HttpResponseBase

from anxin.connections.calls import trace
from anxin.connections.models import ApiCall, ApiKey
from anxin.connections.refusals import CallRefused
from anxin.connections.signing import KEY
from anxin.web import clock
from anxin.web.api.base import refused
from anxin.web.middleware import Answer

ROOT = "/api/v1/"
#: a batch beyond this is refused before it is read; below what Django itself reads into memory
BODY_LIMIT_MB = 2
#: a call that brings one file of a ticket (10 MB), written as Base64 in JSON
FILE_LIMIT_MB = 14
_BRINGS_A_FILE = re.compile(rf"{ROOT}hotline/tickets/[^/]+/files")


class ApiCalls:
    """Only for the interface's own addresses; pages pass through untouched."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(ROOT):
            return self.get_response(request)
        started = time.monotonic()
        size = _length(request)
        response = _too_large(request, size) or _told(request, self.get_response(request))
        if request.path != f"{ROOT}openapi.json":
            _trace(request, response, size, started)
        return response


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if str(text).isdecimal() else 0


def _too_large(request: HttpRequest, size: int) -> HttpResponseBase | None:
    limit = FILE_LIMIT_MB if _BRINGS_A_FILE.fullmatch(request.path) else BODY_LIMIT_MB
    if size <= limit * 1024 * 1024:
        return None
    refusal = CallRefused("body_too_large", limit=limit)
    return refused(request, refusal.code, refusal.sentence)


def _told(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """What the framework says in its own words (no such address, wrong method, a failure) said in ours."""
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    code = {404: "not_found", 405: "method_wrong", 500: "server_error"}.get(response.status_code)
    if code is None:
        return response
    told = refused(request, code, CallRefused(code).sentence)
    if "Allow" in response.headers:
        told["Allow"] = response.headers["Allow"]
    return told


def _trace(request: HttpRequest, response: HttpResponseBase, size: int, started: float) -> None:
    key: ApiKey | None = getattr(request, "api_key", None)
    trace(
        ApiCall(
            key=key,
            named=key.key_id if key else request.headers.get(KEY, "").replace("\0", "")[:24],
            at=clock.now(),
            method=str(request.method)[:8],
            path=request.path.replace("\0", ""),
            status=response.status_code,
            code=response.headers.get("X-Anxin-Code", ""),
            sandbox=bool(key and key.sandbox),
            repeated="X-Anxin-Repeated" in response.headers,
            request_bytes=size,
            milliseconds=int((time.monotonic() - started) * 1000),
        )
    )
