"""What every call that changes something shares: its effect happens once, and a sandbox keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from anxin.connections.calls import once
from anxin.connections.models import ApiKey
from anxin.evidence.journal import Actor
from anxin.web import clock
from anxin.web.api.base import dumps


def written(request: HttpRequest, effect: Callable[[], dict[str, Any]]) -> HttpResponse:
    """Run ``effect`` once for the caller's ``Idempotency-Key`` and answer with what it returns.

    The answer says ``"sandbox": true`` where nothing was kept, and carries ``X-Anxin-Repeated`` where it is the
    answer to the same call before.
    """
    key = key_of(request)
    answer = once(
        key,
        idempotency_key=request.headers.get("Idempotency-Key", ""),
        request=f"{request.method} {request.path}\n".encode() + request.body,
        effect=lambda: (200, dumps({**effect(), "sandbox": key.sandbox})),
        now=clock.now(),
    )
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json; charset=utf-8")
    if answer.repeated:
        response["X-Anxin-Repeated"] = "true"
    return response


def key_of(request: HttpRequest) -> ApiKey:
    """The key that signed the call."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    return key


def actor_of(request: HttpRequest) -> Actor:
    """The caller as somebody who acts."""
    key = key_of(request)
    return Actor(f"api_key:{key.pk}", key.title)
