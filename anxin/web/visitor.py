"""What tells one telephone from another without knowing whose it is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


def address_of(request: HttpRequest) -> str:
    """The browser's address, read as the office's proxy is set up (``anxin.config.proxy``)."""
    return str(import_string(settings.AXES_CLIENT_IP_CALLABLE)(request))


def visitor_of(request: HttpRequest) -> str:
    """Address and browser together: many telephones of one site share an address. Never stored in clear."""
    return f"{address_of(request)}|{request.headers.get('User-Agent', '')[:200]}"
