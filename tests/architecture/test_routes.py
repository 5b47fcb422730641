"""Every route asks who is there, or stands on the short list of those that do not."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

#: route → why a stranger may open it
PUBLIC = {
    "jf/": "which leader receives when and where, as published; holds no clue and nobody who came",
    "healthz": "the service manager asks whether the process lives; it answers ok and nothing else",
    "sign-in": "where one says who one is",
    "sign-in/code": "the second step of saying who one is",
    "w/sign-in": "where a worker says at which site they work",
    "w/s/<str:code>": "the address in the QR code on a site's board; it names the site and nobody on it",
    "s/": "where a worker finds the own site by the letters on its board or a part of its name",
    "s/<str:token>": "what a scanned code opens; it names the site and its firms and nobody on it",
    "s/<str:token>/place": "the rough place of a scan, taken only with the signed number of that scan",
    "f": "where somebody tells the bureau without a code; nobody needs an account to be owed wages",
    "f/<str:token>": "the same with the site of a scanned code; it shows the site and nobody on it",
    "f/files": "a picture of a form that was sent before, under the word of its phone; refuses all else",
    "r": "what became of it, for whoever holds the receipt; names nobody",
    "r/word": "whether whoever told us agrees with the result, under a signed ticket; refuses all else",
    "r/satisfied": "whether whoever told us is content once it is concluded, under a signed ticket; refuses all else",
    "r/say": "an answer of whoever holds the receipt, under a signed ticket; refuses all else",
    "y/<int:pk>": "a recording of what a public page says, once a second person has heard it; says nothing else",
    "z/": "what to do when wages are not paid: for everybody who passes a poster",
    "z/<slug:key>": "a guide that the office has published",
    "z/<slug:key>/<int:number>": "an older version of a guide, with its dates",
    "bl/<str:token>": "the record of a hearing, for whoever holds the code from the room's screen: for an hour, on one telephone",
    "xh/": "when and where the tribunal comes to a town or a site, as published; names no case and nobody",
    "l/<str:token>": "a letter, for whoever holds the link that was sent for it: that letter alone, until the link runs out",
    "grid/sw.js": "the script that keeps the grid workers' page on a phone; it holds addresses and no data",
    "api/v1/openapi.json": "the description of the interface, for those who program against it; holds no data",
}
#: values for the parts of an address; no such rows exist, and a stranger must not even learn that
EXAMPLES = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


def routes(patterns=None, prefix="") -> list[str]:
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            found.append(route)
    return found


def address(route: str) -> str:
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda part: EXAMPLES.get(part[1] or "str", "1"), route)


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_gets_nothing_but_the_public_routes(method):
    open_routes = []
    for route in routes():
        answer = getattr(Client(raise_request_exception=False), method)(address(route))
        # Programs are asked for a signature instead of being led to a page.
        to_sign = route.startswith("api/") and answer.status_code in (401, 404)
        to_sign_in = answer.status_code == 302 and "sign-in" in answer["Location"]
        if not (to_sign_in or to_sign or answer.status_code in (403, 405)):
            open_routes.append(f"{route} ({answer.status_code})")
    assert [route for route in open_routes if route.partition(" (")[0] not in PUBLIC] == []


def test_the_list_of_public_routes_names_only_routes_that_exist():
    assert set(PUBLIC) <= set(routes())
