"""Posting JSON to the one address that the office has set, signed, without following anybody elsewhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import http.client
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from anxin.notices.channels.base import NotDelivered

TIMEOUT_SECONDS = 10
_ANSWER_LIMIT = 64 * 1024


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC SHA-256 in hexadecimal over the timestamp (seconds since 1970, ASCII) followed by the body."""
    return hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).hexdigest()


def setting_problem(url: str, secret: str) -> str | None:
    """What is wrong with the settings, in a sentence; ``None`` when a message could be posted.

    Loopback and private addresses are fine: gateways of government chats stand in the intranet.
    """
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known or not (url.isascii() and url.isprintable()) or " " in url:
        return "政务通讯地址不正确，应以https://或http://开头，请系统管理员核对ANXIN_WEBHOOK_URL。"
    if parts.username is not None or parts.password is not None:
        return "政务通讯地址里不能写账号和密码，请系统管理员核对ANXIN_WEBHOOK_URL。"
    if not secret:
        return "没有设置政务通讯的签名密钥，请系统管理员填写ANXIN_WEBHOOK_SECRET。"
    return None


def post(body: bytes, *, now: dt.datetime) -> None:
    """Post once. Raises :class:`NotDelivered`, whose sentence never holds the address: it may carry a key."""
    url, secret = settings.ANXIN_WEBHOOK_URL, settings.ANXIN_WEBHOOK_SECRET
    if problem := setting_problem(url, secret):
        raise NotDelivered(problem, everybody=True)
    timestamp = str(int(now.timestamp()))
    request = urllib.request.Request(
        url,
        data=body,
        method="POST",
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "anxin",
            "X-Anxin-Timestamp": timestamp,
            "X-Anxin-Signature": f"sha256={signature(secret, timestamp, body)}",
        },
    )
    try:
        with _opener().open(request, timeout=TIMEOUT_SECONDS) as answer:
            _refuse_unless_taken(answer.read(_ANSWER_LIMIT))
    except urllib.error.HTTPError as refused:
        raise _refused(refused.code) from refused
    except (OSError, http.client.HTTPException) as failure:
        raise NotDelivered("政务通讯网关没有应答或中断了连接。", everybody=True) from failure


def _opener() -> urllib.request.OpenerDirector:
    """Only http and https, and no handler for redirects: a 3xx is an answer like any other refusal."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _refused(code: int) -> NotDelivered:
    if 300 <= code < 400:
        sentence = "政务通讯网关要求转到别的地址，没有照办；请系统管理员核对ANXIN_WEBHOOK_URL。"
        return NotDelivered(sentence, everybody=True)
    return NotDelivered(f"政务通讯网关没有接收（HTTP {code}）。", everybody=True)


def _refuse_unless_taken(answer: bytes) -> None:
    """Chat gateways answer 200 also when they refuse, with their own code in the body."""
    try:
        content: Any = json.loads(answer or b"{}")
    except ValueError:
        return  # a gateway of one's own may answer in plain words
    if not isinstance(content, dict):
        return
    code = content.get("errcode", content.get("code", 0))
    if isinstance(code, int) and code != 0:
        raise NotDelivered(f"政务通讯网关没有接收（代码{code}）。", everybody=True)
