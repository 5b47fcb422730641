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
    address = public_address(request, "worker:scanned", code.code)
    return Board(code, address, qr_svg(address, "工人扫码查工资"))


def public_address(request: HttpRequest, name: str, *parts: str) -> str:
    """The whole address of a page as telephones outside reach it."""
    base = settings.ANXIN_URL or f"{request.scheme}://{request.get_host()}"
    return f"{base}{reverse(name, args=parts)}"


def qr_svg(address: str, title: str) -> str:
    """A QR code that a quarter of dirt does not spoil, as an SVG for the page; its size is the style sheet's."""
    code = segno.make(address, error="q", micro=False)
    # Without a size of its own, so that it fills the box on paper to the millimetre; with the quiet zone of the standard.
    return code.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass="", title=title)
