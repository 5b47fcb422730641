"""Opening and closing accounts, and granting roles. Each leaves one journal entry."""

from __future__ import annotations

import datetime as dt
import re
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from anxin.accounts.access import MAY, OUTSIDE, WORKS_FOR
from anxin.accounts.models import Grant, Role, User
from anxin.evidence import journal
from anxin.evidence.journal import Actor

_USERNAME = re.compile(r"^[a-z][a-z0-9._-]{1,29}$")
_REGION = re.compile(r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})?$")
#: without letters and digits that look alike on paper
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class AccountRefused(ValueError):
    """What was asked for an account cannot be done; the message is a Chinese sentence."""


def new_password() -> str:
    """A random first password that can be read out over the telephone: 16 characters, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def add_user(
    *, username: str, password: str, display_name: str, actor: Actor, now: dt.datetime, office: str = ""
) -> User:
    """Open an account without any role yet. Raises :class:`AccountRefused`."""
    if not _USERNAME.match(username):
        raise AccountRefused(
            "用户名应为2至30位小写字母、数字、点、下划线或连字符，并以字母开头，例如 zhang.wei。"
        )
    if not display_name.strip():
        raise AccountRefused("请填写姓名，同事在页面上看到的就是它。")
    if User.objects.filter(username=username).exists():
        raise AccountRefused(f"用户名“{username}”已有人使用，请换一个。")
    user = User(username=username, display_name=display_name.strip()[:40], office=office.strip()[:80])
    _check_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        user.save(force_insert=True)
        _record(user, actor, "account.opened", f"开通账号“{username}”（{user}）", now)
    return user


def set_password(*, user: User, password: str, actor: Actor, now: dt.datetime) -> None:
    """Give the account another password; its open sessions end. Raises :class:`AccountRefused`."""
    _check_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        _record(user, actor, "account.password_set", f"重设账号“{user.username}”的密码", now)


def set_email(*, user: User, email: str, actor: Actor, now: dt.datetime) -> None:
    """Where notices are mailed to, empty for nowhere; no entry where nothing changes. Raises :class:`AccountRefused`.

    The journal says that it was changed, not to what.
    """
    email = email.strip()
    if email == user.email:
        return
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise AccountRefused("邮箱地址不正确，应像 zhang.wei@example.gov.cn 这样填写。") from None
    user.email = email
    with transaction.atomic():
        user.save(update_fields=["email"])
        words = "更改" if email else "清除"
        _record(user, actor, "account.email_set", f"{words}账号“{user.username}”的邮箱", now)


def set_active(*, user: User, active: bool, actor: Actor, now: dt.datetime) -> None:
    """Close an account (its history stays) or open it again; no entry where nothing changes."""
    if user.is_active == active:
        return
    user.is_active = active
    words = "恢复" if active else "停用"
    with transaction.atomic():
        user.save(update_fields=["is_active"])
        _record(
            user,
            actor,
            "account.reopened" if active else "account.closed",
            f"{words}账号“{user.username}”",
            now,
        )


def grant_role(
    *,
    user: User,
    role: str,
    actor: Actor,
    now: dt.datetime,
    region: str = "",
    industry: str = "",
    organisation: str = "",
    employer: str = "",
    institution: str = "",
) -> Grant:
    """Give a role in a scope; the same again returns the one there is. Raises :class:`AccountRefused`.

    ``region`` holds the significant digits of a region's code. A payroll clerk has one ``employer`` (unified
    social credit code), a bank's operator one ``institution`` (its code), and nobody else has either. Whether
    such a region, employer or institution exists is known above this package and checked there.
    """
    if role not in MAY:
        known = "、".join(f"{value}（{label}）" for value, label in Role.choices)
        raise AccountRefused(f"没有角色“{role}”，可用：{known}。")
    if not _REGION.match(region):
        raise AccountRefused(f"地区代码“{region}”不正确，应为2、4、6、9或12位数字，留空表示全部地区。")
    scope = {
        "region": region,
        "industry": industry,
        "organisation": organisation,
        "employer": employer,
        "institution": institution,
    }
    _check_works_for(role, scope)
    _check_grid(role, scope)
    _keep_duties_apart(user, role)
    with transaction.atomic():
        grant, created = Grant.objects.get_or_create(defaults=None, user=user, role=role, **scope)
        if created:
            _record(user, actor, "account.granted", f"授予“{user.username}”{_described(grant)}", now, grant)
    return grant


def withdraw_grant(*, grant: Grant, actor: Actor, now: dt.datetime) -> None:
    """Take a role back."""
    with transaction.atomic():
        summary = f"收回“{grant.user.username}”的{_described(grant)}"
        _record(grant.user, actor, "account.withdrawn", summary, now, grant)
        grant.delete()


def _check_works_for(role: str, scope: dict[str, str]) -> None:
    """Who works outside the bureau works for one named employer or institution, and has no other scope."""
    wanted = WORKS_FOR.get(role)
    missing = {"employer": "用人单位（统一社会信用代码）", "institution": "金融机构（单位代码）"}
    if wanted and not scope[wanted]:
        raise AccountRefused(f"{Role(role).label}必须注明所属的{missing[wanted]}。")
    if any(text for name, text in scope.items() if name != wanted) and (wanted or _outside(scope)):
        raise AccountRefused(
            f"{Role(role).label}的范围填写有误：劳资专管员只填用人单位，银行经办只填金融机构，其他角色只填地区、行业和主管单位。"
        )


def _check_grid(role: str, scope: dict[str, str]) -> None:
    """A grid worker, a mediator or an arbitrator has a place, never a trade or a body: what they meet is of every trade."""
    if role not in (Role.GRID_WORKER, Role.MEDIATOR, Role.ARBITRATOR):
        return
    name = Role(role).label
    if not scope["region"]:
        raise AccountRefused(f"{name}必须注明负责的地区，一般是镇街或者村社的代码。")
    if scope["industry"] or scope["organisation"]:
        raise AccountRefused(f"{name}的范围只填地区，不填行业和主管单位。")


def _outside(scope: dict[str, str]) -> bool:
    return any(scope[name] for name in WORKS_FOR.values())


def _keep_duties_apart(user: User, role: str) -> None:
    """Who manages accounts or audits sees no people and changes nothing: one person does not hold both.

    Who works for an employer or a bank is outside the bureau, and never acts for it from the same account.
    """
    held = {grant.role for grant in user.grants.all()} - {role}
    apart = {Role.ADMIN, Role.AUDITOR}
    if held and (role in apart or held & apart):
        raise AccountRefused("系统管理员、审计员与其他角色不能由同一账号兼任，请另开账号。")
    if held and (role in OUTSIDE or held & OUTSIDE):
        raise AccountRefused(
            "劳资专管员、银行经办、网格员、调解员、仲裁员与其他角色不能由同一账号兼任，请另开账号。"
        )


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise AccountRefused("密码不合要求：" + "".join(error.messages)) from error


def _described(grant: Grant) -> str:
    scope = [
        f"地区{grant.region}" if grant.region else "",
        f"行业{grant.industry}" if grant.industry else "",
        f"单位{grant.organisation}" if grant.organisation else "",
        f"用人单位{grant.employer}" if grant.employer else "",
        f"金融机构{grant.institution}" if grant.institution else "",
    ]
    return f"{Role(grant.role).label}角色（{'、'.join(filter(None, scope)) or '全部范围'}）"


def _record(
    user: User, actor: Actor, action: str, summary: str, now: dt.datetime, grant: Grant | None = None
) -> None:
    journal.record(
        actor=actor,
        action=action,
        object_type="user",
        object_id=user.pk,
        summary=summary,
        now=now,
        after=None
        if grant is None
        else {
            "role": grant.role,
            "region": grant.region,
            "industry": grant.industry,
            "organisation": grant.organisation,
            "employer": grant.employer,
            "institution": grant.institution,
        },
    )
