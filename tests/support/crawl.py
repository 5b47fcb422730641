"""Walk through the console by its links, as a person would, and count the queries of every page."""

from __future__ import annotations

import html
import re
from collections import Counter, deque
from dataclasses import dataclass, field

from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

_LINK = re.compile(rb'href="(/[^"#]*)"')
#: addresses of one page that are opened: another project, a list with a filter
_EACH = 2


@dataclass
class Walk:
    """What was seen: the most queries of any address by route, and where something went wrong."""

    queries: dict[str, int] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    broken: list[tuple[str, int]] = field(default_factory=list)


def walk(client: Client, seen: Walk, start: str = "/") -> None:
    """Open every page that links lead to, a few addresses of each, and note the queries."""
    waiting, known, opened = deque([start]), {start}, Counter[str]()
    while waiting:
        address = waiting.popleft()
        name = _route(address)
        if name is None or opened[name] >= _EACH:
            continue
        opened[name] += 1
        answer, count = _open(client, address)
        if answer.status_code not in (200, 204, 302):
            seen.broken.append((address, answer.status_code))
        if answer.status_code == 302 and answer["Location"] not in known:
            known.add(answer["Location"])  # the door of the portal that is this user's own
            waiting.append(answer["Location"])
        if answer.status_code != 200:
            continue
        if count > seen.queries.get(name, -1):
            seen.queries[name], seen.where[name] = count, address
        if "text/html" in answer["Content-Type"]:
            for link in _LINK.findall(answer.content):
                found = html.unescape(link.decode())
                if found not in known:
                    known.add(found)
                    waiting.append(found)


def _open(client: Client, address: str):
    """The answer and its queries; a page that had to fill a cache of the process first is opened again."""
    reset_queries()  # the log of a connection is bounded: once it is full, nothing is counted
    with CaptureQueriesContext(connection) as first:
        answer = client.get(address)
    if answer.status_code != 200 or len(first) <= 10:
        return answer, len(first)
    with CaptureQueriesContext(connection) as again:
        client.get(address)
    return answer, min(len(first), len(again))


def _route(address: str) -> str | None:
    try:
        return resolve(address.split("?")[0]).view_name
    except Resolver404:
        return None
