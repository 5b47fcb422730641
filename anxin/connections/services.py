"""Issuing, following and withdrawing keys. Each leaves one journal entry; the secret is seen once."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence

from django.db import transaction

from anxin.connections.models import ApiKey
from anxin.connections.scopes import HOTLINE_SCOPES, INSTITUTION_SCOPES, SCOPES, VENDOR_SCOPES
from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation

#: how long a key goes on beside the one that follows it, at most
LONGEST_OVERLAP_DAYS = 30
#: which bodies hold keys, and what each kind may be given
SCOPES_OF: Mapping[str, Mapping[str, str]] = {
    Organisation.Kind.BANK: INSTITUTION_SCOPES,
    Organisation.Kind.INSURER: INSTITUTION_SCOPES,
    Organisation.Kind.GUARANTOR: INSTITUTION_SCOPES,
    Organisation.Kind.HOTLINE: HOTLINE_SCOPES,
}


def issue_key(
    *,
    title: str,
    scopes: Sequence[str],
    actor: Actor,
    now: dt.datetime,
    organisation: Organisation | None = None,
    vendor: str = "",
    sandbox: bool = False,
    calls_per_minute: int = 300,
    expires_at: dt.datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is not shown again. Raises :class:`Refused`."""
    vendor = vendor.strip()
    if not title.strip():
        raise Refused("请填写用途，例如“某银行生产环境”。", field="title")
    if (organisation is None) == (not vendor):
        raise Refused("请在机构和设备厂商中选填一项。", field="organisation")
    if organisation is not None and organisation.kind not in SCOPES_OF:
        raise Refused("接口密钥只发给银行、保险机构、担保公司和12345热线，或设备厂商。", field="organisation")
    allowed = SCOPES_OF[organisation.kind] if organisation else VENDOR_SCOPES
    if not scopes or any(scope not in allowed for scope in scopes):
        raise Refused(f"请选择权限，可选：{'、'.join(allowed.values())}。", field="scopes")
    if not 1 <= calls_per_minute <= 6000:
        raise Refused("每分钟调用次数应为1至6000。", field="calls_per_minute")
    if expires_at is not None and expires_at <= now:
        raise Refused("到期时间已过，请核对。", field="expires_at")
    holder = {"organisation": organisation, "vendor": vendor}
    key, secret = _made(
        title.strip()[:80], sorted(set(scopes)), sandbox, calls_per_minute, expires_at, holder
    )
    return _issued(key, actor, now, f"发放接口密钥“{key.title}”（{holder_name(key)}）"), secret


def follow_key(key: ApiKey, *, overlap_days: int, actor: Actor, now: dt.datetime) -> tuple[ApiKey, str]:
    """Another secret for the same holder and scopes; the old one goes on for ``overlap_days``."""
    if not 0 <= overlap_days <= LONGEST_OVERLAP_DAYS:
        raise Refused(f"新旧密钥并用的天数应为0至{LONGEST_OVERLAP_DAYS}。", field="overlap_days")
    with transaction.atomic():
        old = ApiKey.objects.select_for_update().get(pk=key.pk)
        if old.withdrawn_at is not None or (old.expires_at is not None and old.expires_at <= now):
            raise Refused("这个密钥已停用或到期，请发放新的密钥。")
        holder = {"organisation": old.organisation, "vendor": old.vendor}
        new, secret = _made(old.title, list(old.scopes), old.sandbox, old.calls_per_minute, None, holder)
        new.follows = old
        end = now + dt.timedelta(days=overlap_days)
        old.expires_at = min(end, old.expires_at or end)
        old.save(update_fields=["expires_at"])
        summary = f"更换接口密钥“{old.title}”（{holder_name(old)}），旧密钥再用{overlap_days}天"
        return _issued(new, actor, now, summary), secret


def withdraw_key(key: ApiKey, *, actor: Actor, now: dt.datetime) -> ApiKey:
    """Take the key from now on no longer; its calls stay on record."""
    with transaction.atomic():
        found = ApiKey.objects.select_for_update().get(pk=key.pk)
        if found.withdrawn_at is not None:
            return found
        found.withdrawn_at, found.withdrawn_by_name = now, actor.name
        found.save(update_fields=["withdrawn_at", "withdrawn_by_name"])
        _record(
            found, actor, now, "api_key.withdrawn", f"停用接口密钥“{found.title}”（{holder_name(found)}）"
        )
    return found


def holder_name(key: ApiKey) -> str:
    """Who holds the key, in words."""
    return key.organisation.name if key.organisation else key.vendor


def _made(
    title: str,
    scopes: list[str],
    sandbox: bool,
    calls_per_minute: int,
    expires_at: dt.datetime | None,
    holder: Mapping[str, object],
) -> tuple[ApiKey, str]:
    secret = secrets.token_urlsafe(32)
    key = ApiKey(
        key_id=f"ak_{secrets.token_hex(8)}",
        secret=Sealed.of(secret),
        title=title,
        scopes=scopes,
        sandbox=sandbox,
        calls_per_minute=calls_per_minute,
        expires_at=expires_at,
        **holder,
    )
    return key, secret


def _issued(key: ApiKey, actor: Actor, now: dt.datetime, summary: str) -> ApiKey:
    key.issued_at, key.issued_by_name = now, actor.name
    with transaction.atomic():
        key.save(force_insert=True)
        _record(key, actor, now, "api_key.issued", summary)
    return key


def _record(key: ApiKey, actor: Actor, now: dt.datetime, action: str, summary: str) -> None:
    journal.record(
        actor=actor,
        action=action,
        object_type="api_key",
        object_id=key.pk,
        summary=summary + ("，沙箱" if key.sandbox else ""),
        after={
            "key_id": key.key_id,
            "scopes": [scope for scope in key.scopes if scope in SCOPES],
            "sandbox": key.sandbox,
        },
        now=now,
    )
