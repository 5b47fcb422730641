"""Addresses of static files that phones may keep: they name the content, so a changed file has another address."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

register = template.Library()


@register.simple_tag
def fresh(path: str) -> str:
    """``/static/worker/worker.css?v=3f2a91c4``: the middleware lets such an answer be kept for a year."""
    return f"{static(path)}?v={_mark(path) if not settings.DEBUG else _mark.__wrapped__(path)}"


@cache
def _mark(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise template.TemplateSyntaxError(f"no static file {path!r}")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:8]
