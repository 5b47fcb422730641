"""Calling the interface as an institution's own program would: built from the handbook, not from our code."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

_serial = itertools.count(1)


def headers_for(
    key_id: str, secret: str, method: str, address: str, body: bytes, *, timestamp: int, nonce: str = ""
) -> dict[str, str]:
    """The four headers of a signed call."""
    parts = urlsplit(address)
    return signed(key_id, secret, method, parts.path, parts.query, body, timestamp=timestamp, nonce=nonce)


def signed(
    key_id: str,
    secret: str,
    method: str,
    path: str,
    query: str,
    body: bytes,
    *,
    timestamp: int,
    nonce: str = "",
) -> dict[str, str]:
    """The same for an address in its parts: the path without percent signs, the query as it is sent."""
    nonce = nonce or secrets.token_urlsafe(18)
    lines = [method, path, query, str(timestamp), nonce, hashlib.sha256(body).hexdigest()]
    digest = hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    return {
        "X-Anxin-Key": key_id,
        "X-Anxin-Timestamp": str(timestamp),
        "X-Anxin-Nonce": nonce,
        "X-Anxin-Signature": digest,
    }


@dataclass
class Caller:
    """A program with a key. ``call`` signs anew each time; ``headers`` given to it go before its own."""

    key_id: str
    secret: str
    timestamp: int
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def call(self, method: str, address: str, content: Any = None, **headers: str) -> Any:
        body = (
            content
            if isinstance(content, bytes)
            else b""
            if content is None
            else json.dumps(content).encode()
        )
        own = headers_for(self.key_id, self.secret, method, address, body, timestamp=self.timestamp)
        if method != "GET":
            own["Idempotency-Key"] = f"word-{next(_serial):08}"
        given = own | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, address, body, content_type="application/json", headers=given)

    def get(self, address: str, **headers: str) -> Any:
        return self.call("GET", address, **headers)

    def post(self, address: str, content: Any, **headers: str) -> Any:
        return self.call("POST", address, content, **headers)
