"""Who am I, and is the interface there?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from anxin.connections.services import holder_name
from anxin.web import clock
from anxin.web.api.auth import signed
from anxin.web.api.schemas import REFUSALS_OF_ALL
from anxin.web.api.writing import key_of

router = Router(tags=["联通测试"])


class Whoami(Schema):
    """The key as the server knows it."""

    key_id: str
    holder: str
    scopes: list[str]
    sandbox: bool
    expires_at: dt.datetime | None
    server_time: dt.datetime


@router.get("/whoami", auth=signed(), response={200: Whoami, **REFUSALS_OF_ALL}, summary="核对密钥和签名")
def whoami(request: HttpRequest) -> dict[str, Any]:
    key = key_of(request)
    return {
        "key_id": key.key_id,
        "holder": holder_name(key),
        "scopes": key.scopes,
        "sandbox": key.sandbox,
        "expires_at": clock.local(key.expires_at) if key.expires_at else None,
        "server_time": clock.local(None),
    }
