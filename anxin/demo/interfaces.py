"""A bank's program being tried with a sandbox key, another's and a hotline's that report every few days. All invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from anxin.connections.calls import spend, trace
from anxin.connections.models import ApiCall, ApiKey
from anxin.connections.refusals import REFUSALS
from anxin.connections.scopes import (
    ACCOUNTS_READ,
    ACCOUNTS_WRITE,
    CLUES_READ,
    CLUES_WRITE,
    GUARANTEES_WRITE,
    ORDERS_READ,
    RESULTS_WRITE,
)
from anxin.connections.services import issue_key
from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.evidence.journal import Actor

#: days before today on which the keys were issued
_LIVE, _TRIAL, _HOTLINE = 41, 6, 20
_EVERY = 9
Step = tuple[dt.date, float, Callable[[dt.datetime], object]]
#: what the trial went through: a clock that was off, a wrong signature, a float, then right
_TRIED = (
    (5, 10.2, "GET", "/api/v1/whoami", "timestamp_wrong"),
    (5, 10.4, "GET", "/api/v1/whoami", "signature_wrong"),
    (5, 10.5, "GET", "/api/v1/whoami", ""),
    (5, 11.0, "GET", "/api/v1/accounts", ""),
    (4, 9.5, "POST", "/api/v1/accounts/1/entries", "invalid"),
    (4, 9.7, "POST", "/api/v1/accounts/1/entries", ""),
    (1, 16.0, "POST", "/api/v1/guarantees", "scope_missing"),
)
#: these titles find the keys again; nobody knows their secrets
_LIVE_TITLE, _TRIAL_TITLE, _HOTLINE_TITLE = "农商行生产环境", "城建银行沙箱", "热线工单系统"


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """What the administrator did and what the programs called, by day and hour."""
    yield world.today - dt.timedelta(days=_LIVE), 14, lambda now: _issued(cast, now, live=True)
    yield world.today - dt.timedelta(days=_TRIAL), 15, lambda now: _issued(cast, now, live=False)
    yield world.today - dt.timedelta(days=_HOTLINE), 10, lambda now: _issued_to_hotline(cast, now)
    for ago in range(_HOTLINE - 1, 0, -_EVERY // 2):
        day = world.today - dt.timedelta(days=ago)
        yield day, 8.4, _call(_HOTLINE_TITLE, "GET", "/api/v1/hotline/changes")
    for ago in range(_LIVE - 3, 0, -_EVERY):
        day = world.today - dt.timedelta(days=ago)
        for hour, method, path in (
            (8.1, "GET", "/api/v1/accounts"),
            (8.2, "POST", "/api/v1/accounts/1/entries"),
            (8.3, "PUT", f"/api/v1/accounts/1/balances/{day - dt.timedelta(days=1)}"),
        ):
            yield day, hour, _call(_LIVE_TITLE, method, path)
    for ago, hour, method, path, code in _TRIED:
        yield world.today - dt.timedelta(days=ago), hour, _call(_TRIAL_TITLE, method, path, code)


def _issued(cast: Cast, now: dt.datetime, *, live: bool) -> ApiKey:
    user = cast.users["guanli"]
    scopes = [ACCOUNTS_READ, ACCOUNTS_WRITE, ORDERS_READ, RESULTS_WRITE]
    key, _secret = issue_key(
        title=_LIVE_TITLE if live else _TRIAL_TITLE,
        organisation=cast.bodies["BK-NS" if live else "BK-CJ"],
        scopes=[*scopes, GUARANTEES_WRITE] if live else scopes,
        sandbox=not live,
        expires_at=None if live else now + dt.timedelta(days=60),
        actor=Actor(f"user:{user.pk}", str(user)),
        now=now,
    )
    return key


def _issued_to_hotline(cast: Cast, now: dt.datetime) -> ApiKey:
    user = cast.users["guanli"]
    key, _secret = issue_key(
        title=_HOTLINE_TITLE,
        organisation=cast.bodies["RX-12345"],
        scopes=[CLUES_READ, CLUES_WRITE],
        actor=Actor(f"user:{user.pk}", str(user)),
        now=now,
    )
    return key


def _call(title: str, method: str, path: str, code: str = "") -> Callable[[dt.datetime], None]:
    def called(now: dt.datetime) -> None:
        key = ApiKey.objects.get(title=title)
        known = code not in ("timestamp_wrong", "signature_wrong")
        if known:
            spend(key, now=now)
        trace(
            ApiCall(
                key=key if known else None,
                named=key.key_id,
                at=now,
                method=method,
                path=path,
                status=REFUSALS[code].status if code else 200,
                code=code,
                sandbox=key.sandbox and known,
                request_bytes=0 if method == "GET" else 412,
                milliseconds=11 + len(path) % 17,
            )
        )

    return called
