"""One e-mail per notice to the person's own address, through the office's mail server."""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from anxin.accounts.models import User
from anxin.notices import kinds
from anxin.notices.channels.base import Channel, NotDelivered
from anxin.notices.models import ChannelName, Notice

_PERMANENT = 500


class EmailChannel(Channel):
    name = str(ChannelName.EMAIL)

    def ready(self) -> bool:
        return bool(settings.EMAIL_HOST)

    def reaches(self, user: User) -> bool:
        return bool(user.email)

    def send(self, notices: Sequence[Notice], *, now: dt.datetime) -> None:
        for notice in notices:
            _send(notice)


def _send(notice: Notice) -> None:
    if not notice.to.email:
        raise NotDelivered("收件人没有填写邮箱。", final=True)
    message = EmailMessage(
        subject=f"【安薪】{notice.title}",
        body=_text(notice),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[notice.to.email],
        # Automatic replies ("I am on leave") to a machine only make noise.
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        raise _recipient_refused(refused) from refused
    except smtplib.SMTPAuthenticationError as refused:
        raise NotDelivered(
            "邮件服务器不接受登录账号或密码，请系统管理员核对邮件设置。", everybody=True
        ) from refused
    except smtplib.SMTPSenderRefused as refused:
        raise NotDelivered(
            "邮件服务器不接受发件地址，请系统管理员核对邮件设置。", everybody=True
        ) from refused
    except smtplib.SMTPDataError as refused:
        raise NotDelivered(
            f"邮件服务器没有接受这封邮件（代码{refused.smtp_code}）。", final=refused.smtp_code >= _PERMANENT
        ) from refused
    except OSError as failure:  # no answer, time-out, broken TLS; smtplib's other errors are of this kind too
        raise NotDelivered("邮件服务器没有应答或中断了连接。", everybody=True) from failure


def _recipient_refused(refused: smtplib.SMTPRecipientsRefused) -> NotDelivered:
    codes = [code for code, _ in refused.recipients.values()]
    final = all(code >= _PERMANENT for code in codes)
    return NotDelivered("邮件服务器不接受收件地址，请在“接收方式”里核对邮箱。", final=final)


def _text(notice: Notice) -> str:
    address = f"{settings.ANXIN_URL}{notice.link}" if settings.ANXIN_URL and notice.link else ""
    return render_to_string(
        "notices/email.txt", {"notice": notice, "kind": kinds.title(notice.kind), "address": address}
    )
