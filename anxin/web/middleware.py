"""Headers every answer carries, and the refusal of a body that is too large before it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

#: No inline script or style anywhere: a sentence typed by somebody can never become code.
CONTENT_SECURITY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
#: what the fields and boundaries of a form may add to the file itself
FORM_OVERHEAD = 1024 * 1024

Answer = Callable[[HttpRequest], HttpResponseBase]


class ConsoleHeaders:
    """Adds the content security policy, and keeps pages with people's data out of caches."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._too_large(request) or self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            response.headers.setdefault("Cache-Control", "no-store")
        elif "v" in request.GET and response.status_code == 200:
            # The address names the content ({% fresh %}): a phone on a slow network fetches it once.
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    def _too_large(self, request: HttpRequest) -> HttpResponse | None:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length <= settings.ANXIN_UPLOAD_LIMIT + FORM_OVERHEAD:
            return None
        limit = settings.ANXIN_UPLOAD_LIMIT // (1024 * 1024)
        return HttpResponse(render_to_string("413.html", {"limit": limit}), status=413)
