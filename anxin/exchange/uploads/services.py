"""Setting a platform up, switching it on and off, and sending records again: by people, with a trace."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from anxin.accounts.access import IMPORT, MANAGE, actor, may
from anxin.accounts.models import User
from anxin.evidence.journal import record
from anxin.evidence.sealing import Sealed
from anxin.exchange.access import visible_records
from anxin.exchange.adapters.ciphers import cipher as field_cipher
from anxin.exchange.adapters.posting import address_problem
from anxin.exchange.models import Kind, Platform, UploadEvent, UploadRecord
from anxin.exchange.tasks import enqueue_upload, fill_all_task
from anxin.kernel.refusal import Refused
from anxin.registry.models import Region

CONFIGURED = "exchange.configured"
SWITCHED = "exchange.switched"
RESENT = "exchange.resent"
#: an alarm within 15 minutes: the scheduler looks every minute
_LONGEST_STALL = 13
#: records sent again by one click
MOST_AT_ONCE = 20_000
_State = UploadRecord.State


def configure_platform(
    platform: Platform | None = None,
    *,
    code: str,
    name: str,
    adapter: str,
    base_url: str,
    app_id: str,
    cipher: str,
    kinds: Sequence[str],
    user: User,
    now: dt.datetime,
    secret: str = "",
    cipher_key: str = "",
    region: str = "",
    stall_minutes: int = 10,
) -> Platform:
    """Set a platform up, or change it; it starts switched off. Empty secrets keep what was set before."""
    _require(may(user, MANAGE))
    code, name, app_id = code.strip(), name.strip(), app_id.strip()
    for value, title, field in ((code, "平台代码", "code"), (name, "平台名称", "name"), (app_id, "接入账号", "app_id")):  # fmt: skip
        if not value:
            raise Refused(f"{title}不能为空，请填写。", field=field)
    if adapter not in Platform.Adapter.values or cipher not in Platform.Cipher.values:
        raise Refused("请选择列出的接口式样和加密算法。", field="adapter")
    if problem := address_problem(base_url.strip()):
        raise Refused(problem, field="base_url")
    if region and not Region.objects.filter(code=region).exists():
        raise Refused(f"没有地区代码“{region}”，请核对；全部地区都报送时请留空。", field="region")
    if not 1 <= stall_minutes <= _LONGEST_STALL:
        raise Refused(f"停滞提醒应为1至{_LONGEST_STALL}分钟，才能在15分钟内提醒。", field="stall_minutes")
    chosen = [str(kind) for kind in Kind if kind in kinds]
    _check_kinds(chosen)
    kept = _kept(platform)
    said = {
        "app_id": app_id,
        "secret": secret.strip() or kept.get("secret", ""),
        "cipher_key": cipher_key.strip() or kept.get("cipher_key", ""),
    }
    if not said["secret"]:
        raise Refused("请填写平台给的接入密钥。", field="secret")
    field_cipher(cipher, said["cipher_key"])
    other = Platform.objects.filter(code=code).first()
    if other and (platform is None or other.pk != platform.pk):
        raise Refused(f"平台代码“{code}”已用于“{other.name}”，请换一个。", field="code")
    with transaction.atomic():
        target = Platform.objects.select_for_update().get(pk=platform.pk) if platform else Platform()
        before = _shown(target) if platform else None
        target.code, target.name, target.adapter, target.cipher = code, name, adapter, cipher
        target.base_url, target.kinds, target.region = base_url.strip(), chosen, region
        target.stall_minutes = stall_minutes
        target.credentials = Sealed.of(json.dumps(said))
        target.filled_at = None
        target.save()
        record(
            actor=actor(user),
            action=CONFIGURED,
            object_type="platform",
            object_id=target.pk,
            summary=f"{'修改' if platform else '设置'}上传平台“{name}”",
            before=before,
            after={**_shown(target), "secret_changed": bool(secret.strip() or cipher_key.strip())},
            now=now,
        )
    return target


def account_of(platform: Platform) -> str:
    """The account's name, which is no secret; the secrets never come back to a page."""
    return _kept(platform).get("app_id", "")


def switch_platform(platform: Platform, *, on: bool, user: User, now: dt.datetime) -> Platform:
    """Start or stop reporting. Stopped, the queue stays as it is; started, it is filled and goes on."""
    _require(may(user, MANAGE))
    with transaction.atomic():
        target = Platform.objects.select_for_update().get(pk=platform.pk)
        if target.enabled == on:
            return target
        target.enabled = on
        target.enabled_at = now if on else None
        target.paused_until, target.trouble, target.troubles = None, "", 0
        target.save()
        record(
            actor=actor(user),
            action=SWITCHED,
            object_type="platform",
            object_id=target.pk,
            summary=f"{'开始' if on else '停止'}向“{target.name}”报送",
            before={"enabled": not on},
            after={"enabled": on},
            now=now,
        )
        if on:
            fill_all_task.enqueue(target.pk)
    return target


def resend(records: QuerySet[UploadRecord], *, user: User, now: dt.datetime) -> int:
    """Let records that came back, stalled or wait for their next try go at once; returns how many.

    What the platform has accepted is left alone, and what may be there already is asked for first.
    """
    _require(may(user, IMPORT))
    with transaction.atomic():
        # What one may send again is decided here, whatever the caller has chosen.
        mine = visible_records(user, IMPORT).filter(
            Q(state__in=(_State.REJECTED, _State.STALLED)) | Q(state=_State.QUEUED, tries__gt=0),
            pk__in=records.order_by().values("pk"),
        )
        found = list(mine.select_for_update(of=("self",)).order_by("pk")[: MOST_AT_ONCE + 1])
        if len(found) > MOST_AT_ONCE:
            raise Refused(f"一次最多重新报送{MOST_AT_ONCE}条，请用筛选条件分几次。")
        for one in found:
            _queue_again(one, now)
        if found:
            names = sorted({one.platform_id for one in found})
            record(
                actor=actor(user),
                action=RESENT,
                object_type="platform",
                object_id=names[0],
                summary=f"重新报送{len(found)}条记录",
                now=now,
                after={"records": [one.pk for one in found[:200]], "count": len(found)},
            )
            Platform.objects.filter(pk__in=names).update(paused_until=None)
            enqueue_upload()
    return len(found)


def _queue_again(one: UploadRecord, now: dt.datetime) -> None:
    if one.state == _State.REJECTED:
        # The platform has dealt with that request; a new try is a new one.
        one.request_id, one.uncertain, one.sent_at = uuid.uuid4(), False, None
    if one.state != _State.STALLED or one.sent_at is None:
        one.state = _State.QUEUED
    else:
        one.state = _State.SENT
    one.tries, one.next_try, one.claim, one.reason, one.reason_field = 0, now, None, "", ""
    one.queued_at = now
    one.save()
    UploadEvent.objects.create(record=one, at=now, what=UploadEvent.What.RESENT, request_id=one.request_id)


def _check_kinds(chosen: Sequence[str]) -> None:
    if not chosen:
        raise Refused("请至少选择一种要报送的数据。", field="kinds")
    about_people = {str(Kind.ENTRY), str(Kind.ATTENDANCE), str(Kind.PAY)} & set(chosen)
    missing = {str(Kind.PROJECT), str(Kind.PERSONNEL)} - set(chosen)
    if about_people and missing:
        raise Refused("报送进退场、考勤或工资时，必须同时报送项目和人员。", field="kinds")


def _kept(platform: Platform | None) -> dict[str, str]:
    if platform is None or platform.credentials is None:
        return {}
    sealed: Any = platform.credentials
    kept: dict[str, str] = json.loads(sealed.open())
    return kept


def _shown(platform: Platform) -> dict[str, Any]:
    """The journal's view: no secrets."""
    names = ("code", "name", "adapter", "base_url", "cipher", "kinds", "region", "stall_minutes")
    return {name: getattr(platform, name) for name in names}


def _require(allowed: bool) -> None:
    if not allowed:
        raise Refused("您没有这项权限，请联系系统管理员。")
