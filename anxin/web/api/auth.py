"""``signed(scope)``: the call is signed with a key that is taken now, has the scope, and has calls left."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from anxin.connections.calls import spend
from anxin.connections.models import ApiKey
from anxin.connections.refusals import CallRefused
from anxin.connections.scopes import SCOPES
from anxin.connections.signing import authenticate
from anxin.web import clock


def signed(scope: str = "") -> Callable[[HttpRequest], ApiKey]:
    """For ``auth=`` of an endpoint; the endpoint finds the key in ``request.auth``. No scope: any key."""

    def authenticated(request: HttpRequest) -> ApiKey:
        now = clock.now()
        key = authenticate(
            headers=request.headers,
            method=str(request.method),
            path=request.path,
            query=request.META.get("QUERY_STRING", ""),
            body=request.body,
            now=now,
        )
        request.api_key = key  # type: ignore[attr-defined]  # for the trace, also of what is refused from here on
        spend(key, now=now)
        if scope and scope not in key.scopes:
            raise CallRefused("scope_missing", scope=SCOPES[scope])
        return key

    authenticated.scope = scope  # type: ignore[attr-defined]  # for the description
    return authenticated
