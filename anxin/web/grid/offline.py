"""The service worker: it keeps the page of the form and its assets, so that the page opens without network.

It keeps nothing else: neither reports nor anybody's name is on what it keeps, and only this portal is within its reach.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse

from anxin.web.policy import page
from anxin.web.templatetags.anxin_static import fresh

ASSETS = (
    "worker/worker.css",
    "public/public.css",
    "public/telling.css",
    "grid/grid.css",
    "public/phone.js",
    "grid/places.js",
    "grid/report.js",
)
_ICON = "bureau/icon.svg"


@page(public=True)  # no data of anybody; a signed-out phone must still learn that it changed
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script with the addresses that it keeps; other content of an asset makes another script."""
    kept = [fresh(name) for name in ASSETS] + [static(_ICON)]
    script = _script()
    version = hashlib.sha256(json.dumps([kept, script]).encode()).hexdigest()[:12]
    head = f"const VERSION = {json.dumps(version)}, PAGE = {json.dumps(reverse('grid:home'))}, ASSETS = {json.dumps(kept)};\n"
    return HttpResponse(head + script, content_type="text/javascript; charset=utf-8")


@cache
def _script() -> str:
    found = finders.find("grid/sw.js")
    assert isinstance(found, str)
    return Path(found).read_text(encoding="utf-8")
