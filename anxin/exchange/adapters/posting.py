"""Posting JSON to the one address that the administrator has set, without following anybody elsewhere."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from anxin.exchange.adapters.base import TryAgain
from anxin.notices import addresses
from anxin.notices.posting import opener

TIMEOUT_SECONDS = 20
_ANSWER_LIMIT = 4 * 1024 * 1024
_LONGEST_WAIT = 3600


def address_problem(url: str) -> str | None:
    """What is wrong with the platform's address, in a sentence: names of people are not encrypted everywhere."""
    return addresses.address_problem(url, "平台")


def post(url: str, content: Any, *, headers: dict[str, str]) -> Any:
    """Post once and return the JSON answer. Raises :class:`TryAgain`.

    The sentence never holds the address or the body.
    """
    request = urllib.request.Request(
        url,
        data=json.dumps(content, ensure_ascii=False).encode(),
        method="POST",
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "anxin", **headers},
    )
    try:
        with opener().open(request, timeout=TIMEOUT_SECONDS) as answer:
            body = answer.read(_ANSWER_LIMIT)
    except urllib.error.HTTPError as refused:
        raise _refused(refused) from refused
    except ConnectionRefusedError as failure:
        raise TryAgain("平台没有应答（连接被拒绝）。", everybody=True) from failure
    except urllib.error.URLError as failure:
        if isinstance(failure.reason, ConnectionRefusedError):
            raise TryAgain("平台没有应答（连接被拒绝）。", everybody=True) from failure
        raise TryAgain("平台没有应答或中断了连接。", uncertain=True) from failure
    except (OSError, http.client.HTTPException) as failure:
        raise TryAgain("平台没有应答或中断了连接。", uncertain=True) from failure
    try:
        return json.loads(body)
    except ValueError:
        raise TryAgain("平台的回答不是约定的格式。", uncertain=True) from None


def _refused(refused: urllib.error.HTTPError) -> TryAgain:
    code = refused.code
    if code == 429 or code == 503:
        return TryAgain(f"平台忙，请稍后（HTTP {code}）。", everybody=True, wait=_wait(refused))
    if 300 <= code < 400:
        return TryAgain("平台要求转到别的地址，没有照办；请系统管理员核对平台地址。", everybody=True)
    if code in (401, 403, 404):
        return TryAgain(
            f"平台不认可本系统的账号或地址（HTTP {code}），请系统管理员核对设置。", everybody=True
        )
    return TryAgain(f"平台出错（HTTP {code}）。", uncertain=True)


def _wait(refused: urllib.error.HTTPError) -> int | None:
    said = refused.headers.get("Retry-After", "")
    return min(int(said), _LONGEST_WAIT) if said.isascii() and said.isdecimal() and len(said) < 6 else None
