"""Who signed this call? One canonical text, HMAC-SHA256, a time stamp and a word that is used once."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from anxin.connections.models import ApiKey, UsedNonce
from anxin.connections.refusals import CallRefused
from anxin.evidence.sealing import Sealed

KEY, TIMESTAMP, NONCE, SIGNATURE = (
    "X-Anxin-Key",
    "X-Anxin-Timestamp",
    "X-Anxin-Nonce",
    "X-Anxin-Signature",
)
#: how far the caller's clock may be off
WINDOW = dt.timedelta(minutes=5)
_NONCE = re.compile(r"^[A-Za-z0-9_-]{16,64}$")


def text_to_sign(*, method: str, path: str, query: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Six lines: method, path, query as sent, seconds since 1970, nonce, SHA-256 of the body in hexadecimal."""
    return "\n".join((method.upper(), path, query, timestamp, nonce, hashlib.sha256(body).hexdigest()))


def signature(secret: str, text: str) -> str:
    """HMAC-SHA256 of the text in hexadecimal."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def authenticate(
    *, headers: Mapping[str, str], method: str, path: str, query: str, body: bytes, now: dt.datetime
) -> ApiKey:
    """The key that signed this call. Raises :class:`CallRefused`.

    The nonce is used up only by a call with a right signature: a stranger cannot use up another's.
    """
    given = [headers.get(name, "") for name in (KEY, TIMESTAMP, NONCE, SIGNATURE)]
    key_id, timestamp, nonce, signed = given
    if not all(given) or not _NONCE.match(nonce):
        raise CallRefused("signature_missing")
    key = usable_keys(now).select_related("organisation").filter(key_id=key_id).first()
    if key is None:
        raise CallRefused("key_unknown")
    secret = key.secret.open() if isinstance(key.secret, Sealed) else ""
    text = text_to_sign(method=method, path=path, query=query, timestamp=timestamp, nonce=nonce, body=body)
    if not hmac.compare_digest(signature(secret, text).encode(), signed.lower().encode()):
        raise CallRefused("signature_wrong")
    _in_time(timestamp, now)
    _use_up(key, nonce, now)
    return key


def usable_keys(now: dt.datetime) -> QuerySet[ApiKey]:
    """The keys that are taken at this moment."""
    return ApiKey.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now), withdrawn_at__isnull=True
    )


def _in_time(timestamp: str, now: dt.datetime) -> None:
    off = abs(int(timestamp) - now.timestamp()) if timestamp.isdecimal() and len(timestamp) <= 12 else None
    if off is None or off > WINDOW.total_seconds():
        raise CallRefused("timestamp_wrong", server=int(now.timestamp()))


def _use_up(key: ApiKey, nonce: str, now: dt.datetime) -> None:
    try:
        with transaction.atomic():
            UsedNonce.objects.create(key=key, nonce=nonce, at=now)
    except IntegrityError:
        raise CallRefused("nonce_used") from None
