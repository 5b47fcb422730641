"""Whose address counts when somebody signs in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The browser's address: behind the office's own proxy (``ANXIN_HTTPS=1``) the last one that the proxy added.

    Without a proxy the header is whatever a stranger writes, and is not read.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
