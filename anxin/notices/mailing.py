"""One e-mail through the office's own mail server, and what its refusals mean."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMessage

from anxin.notices.channels.base import NotDelivered

#: automatic replies ("I am on leave") to a machine only make noise
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
_PERMANENT = 500


def send(message: EmailMessage, *, mend: str) -> None:
    """Hand it to the mail server; ``mend`` says how a wrong address is mended. Raises :class:`NotDelivered`."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        raise _recipient_refused(refused, mend) from refused
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


def _recipient_refused(refused: smtplib.SMTPRecipientsRefused, mend: str) -> NotDelivered:
    codes = [code for code, _ in refused.recipients.values()]
    final = all(code >= _PERMANENT for code in codes)
    return NotDelivered(f"邮件服务器不接受收件地址，{mend}", final=final)
