"""Posting JSON to an address that the office has set, signed, without following anybody elsewhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import http.client
import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from anxin.notices.channels.base import NotDelivered

TIMEOUT_SECONDS = 10
_ANSWER_LIMIT = 64 * 1024


@dataclass(frozen=True)
class Gateway:
    """An office's own gateway: ``title`` is what people read, ``setting`` the beginning of its variables' names."""

    title: str
    setting: str
    url: str
    secret: str


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC SHA-256 in hexadecimal over the timestamp (seconds since 1970, ASCII) followed by the body."""
    return hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).hexdigest()


def setting_problem(gateway: Gateway) -> str | None:
    """What is wrong with the settings, in a sentence; ``None`` when a message could be posted.

    Loopback and private addresses are fine: such gateways stand in the intranet.
    """
    title, url, ask = gateway.title, gateway.url, f"请系统管理员核对{gateway.setting}_URL"
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known or not (url.isascii() and url.isprintable()) or " " in url:
        return f"{title}地址不正确，应以https://或http://开头，{ask}。"
    if parts.username is not None or parts.password is not None:
        return f"{title}地址里不能写账号和密码，{ask}。"
    if not gateway.secret:
        return f"没有设置{title}的签名密钥，请系统管理员填写{gateway.setting}_SECRET。"
    return None


def post(gateway: Gateway, body: bytes, *, now: dt.datetime) -> None:
    """Post once. Raises :class:`NotDelivered`, whose sentence never holds the address: it may carry a key."""
    if problem := setting_problem(gateway):
        raise NotDelivered(problem, everybody=True)
    timestamp = str(int(now.timestamp()))
    request = urllib.request.Request(
        gateway.url,
        data=body,
        method="POST",
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "anxin",
            "X-Anxin-Timestamp": timestamp,
            "X-Anxin-Signature": f"sha256={signature(gateway.secret, timestamp, body)}",
        },
    )
    try:
        with opener().open(request, timeout=TIMEOUT_SECONDS) as answer:
            _refuse_unless_taken(gateway, answer.read(_ANSWER_LIMIT))
    except urllib.error.HTTPError as refused:
        raise _refused(gateway, refused.code) from refused
    except (OSError, http.client.HTTPException) as failure:
        raise NotDelivered(f"{gateway.title}网关没有应答或中断了连接。", everybody=True) from failure


def opener(tls: ssl.SSLContext | None = None) -> urllib.request.OpenerDirector:
    """Only http and https, and no handler for redirects: a 3xx is an answer like any other refusal.

    ``tls`` brings a certificate of our own where the other side asks for one.
    """
    made = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=tls),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        made.add_handler(handler)
    return made


def _refused(gateway: Gateway, code: int) -> NotDelivered:
    if 300 <= code < 400:
        sentence = f"{gateway.title}网关要求转到别的地址，没有照办；请系统管理员核对{gateway.setting}_URL。"
        return NotDelivered(sentence, everybody=True)
    return NotDelivered(f"{gateway.title}网关没有接收（HTTP {code}）。", everybody=True)


def _refuse_unless_taken(gateway: Gateway, answer: bytes) -> None:
    """Gateways answer 200 also when they refuse, with their own code in the body."""
    try:
        content: Any = json.loads(answer or b"{}")
    except ValueError:
        return  # a gateway of one's own may answer in plain words
    if not isinstance(content, dict):
        return
    code = content.get("errcode", content.get("code", 0))
    if isinstance(code, int) and code != 0:
        raise NotDelivered(f"{gateway.title}网关没有接收（代码{code}）。", everybody=True)
