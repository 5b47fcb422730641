"""The second factor: a code from an app on the phone, and recovery codes for the day the phone is lost."""

from __future__ import annotations

import datetime as dt

import django_otp
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.evidence import journal

RECOVERY_CODES = 8


def enrolled(user: User) -> bool:
    """Whether signing in asks this person for a code."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def recovery_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


def pending_device(user: User) -> TOTPDevice:
    """The device being enrolled: its key stays the same until it is confirmed or enrolment starts anew."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name="手机验证器", confirmed=False)


def confirm(*, user: User, code: str, now: dt.datetime) -> list[str] | None:
    """Finish enrolling when ``code`` is right: the recovery codes, shown once; ``None`` for a wrong code."""
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None or not device.verify_token(code):
            return None
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save()
        codes = _new_recovery_codes(user)
        _record(user, user, "account.second_factor_on", "启用了登录二次验证", now)
    return codes


def verify(user: User, code: str) -> django_otp.models.Device | None:
    """The device that accepts ``code`` (a recovery code works once), or ``None``. Throttled per device."""
    return django_otp.match_token(user, code)


def remove(*, user: User, by: User, now: dt.datetime) -> None:
    """Switch the second factor off: by the person, or by an administrator when the phone is lost."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        _record(user, by, "account.second_factor_off", "停用了登录二次验证", now)


def _new_recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="备用码")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes


def _record(user: User, by: User, action: str, words: str, now: dt.datetime) -> None:
    journal.record(
        actor=actor(by),
        action=action,
        object_type="user",
        object_id=user.pk,
        summary=f"{by}为{user}{words}" if by.pk != user.pk else f"{user}{words}",
        now=now,
    )
