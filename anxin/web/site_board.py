"""The sheet for a site's notice board: the site code, and the QR code that opens the workers' pages."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from anxin.registry.models import Project
from anxin.workforce.models_signin import SiteCode
from anxin.workforce.site_codes import current_site_code


@dataclass(frozen=True)
class Board:
    """What is printed. ``qr`` is an SVG; it holds the address alone, and nobody's data."""

    site_code: SiteCode
    address: str
    qr: str


def board_of(request: HttpRequest, project: Project) -> Board | None:
    """The board of a site; ``None`` while it has no code."""
    code = current_site_code(project)
    if code is None:
        return None
    path = reverse("worker:scanned", kwargs={"code": code.code})
    base = settings.ANXIN_URL or f"{request.scheme}://{request.get_host()}"
    address = f"{base}{path}"
    qr = segno.make(address, error="q").svg_inline(
        scale=8, border=2, svgclass="qr", lineclass="", title="工人扫码查工资"
    )
    return Board(code, address, qr)
