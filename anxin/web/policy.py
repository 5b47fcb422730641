"""Who may open which page: every route declares it here, and nothing is open by default.

A view carries its :class:`Policy`; ``tests/web`` walks the URL table and fails on a view without one.
The policy answers only "may this person open this kind of page at all". Which rows a page shows is the
answer of the ``visible_…`` queries, so that an object outside somebody's scope does not exist for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import reverse

from anxin.accounts import access
from anxin.accounts.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True)
class Policy:
    """What a route asks for. No permission: any signed-in person. ``public``: nobody needs to sign in."""

    permissions: tuple[str, ...]
    methods: tuple[str, ...]
    public: bool = False


def page(
    *permissions: str, methods: Sequence[str] = ("GET",), public: bool = False
) -> Callable[[View[P]], View[P]]:
    """Declare and enforce a route's policy; one of several permissions is enough."""
    policy = Policy(permissions, tuple(methods), public)
    # HEAD is a GET without its body; it needs no token, so it must not reach what only a POST may do.
    allowed = (*policy.methods, "HEAD") if "GET" in policy.methods else policy.methods

    def declare(view: View[P]) -> View[P]:
        @wraps(view)
        def enforced(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in allowed:
                # Somebody who opens the address of a button again (history, refresh) gets a page, not a blank.
                return HttpResponseNotAllowed(policy.methods, render_to_string("405.html", request=request))
            if not policy.public:
                if not request.user.is_authenticated:
                    return ask_to_sign_in(request)
                if policy.permissions and not any(
                    access.may(user_of(request), p) for p in policy.permissions
                ):
                    raise PermissionDenied
            _refuse_nul(request)
            return view(request, *args, **kwargs)

        enforced.policy = policy  # type: ignore[attr-defined]
        return enforced

    return declare


def _refuse_nul(request: HttpRequest) -> None:
    """No keyboard types a NUL; PostgreSQL refuses it in any text, with an error nobody could understand."""
    for values in (request.GET, request.POST):
        if any("\0" in text for _, texts in values.lists() for text in texts):
            raise BadRequest("文字中含有无法保存的字符。")


def user_of(request: HttpRequest) -> User:
    """The signed-in person behind a request that :func:`page` let through."""
    user: Any = request.user
    # The middleware's lazy wrapper is not a User to isinstance() of a type checker; the policy made sure.
    return user  # type: ignore[no-any-return]


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back. A piece of a page (htmx) sends the whole window there."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("sign-in") + "?" + urlencode({"next": _current(request)})
        return response
    # A lost POST cannot be repeated after signing in; its page can be opened again.
    return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("home"))


def _current(request: HttpRequest) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    return parts.path + (f"?{parts.query}" if parts.query else "") if parts.path else reverse("home")
