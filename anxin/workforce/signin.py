"""A worker signs in: site, name, last digits of the ID number, and a code sent to the phone on the roster.

Nothing here says whether somebody is on a roster: a try that fits nobody looks the same from outside, and takes
the same steps, up to the last one.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project
from anxin.workforce.models import Enrolment, Worker
from anxin.workforce.models_signin import SignInCode
from anxin.workforce.people import plain_name

#: how many last digits of the ID number are asked for
ID_DIGITS = 6
CODE_DIGITS = 6
#: long enough for somebody who reads slowly
VALID = dt.timedelta(minutes=15)
WRONG_AT_MOST = 5
_HOUR = dt.timedelta(hours=1)
#: tries for one site and name within an hour, whatever the digits: guessing them takes years
TRIES_AN_HOUR = 10
#: messages to one phone within an hour
CODES_AN_HOUR = 5


@dataclass(frozen=True)
class Asked:
    """``token`` goes back to the browser. ``phone`` and ``code`` are for the channel; empty where nobody fits."""

    token: str
    phone: str
    code: str


def ask_code(project: Project, *, name: str, id_tail: str, now: dt.datetime) -> Asked:
    """Make a code for the one person of this site's roster that fits.

    Raises :class:`Refused` for digits that cannot be, and after too many tries within an hour.
    """
    tail = "".join(unicodedata.normalize("NFKC", id_tail).split()).upper()
    if not plain_name(name):
        raise Refused("请填写您的姓名。", field="name")
    if len(tail) != ID_DIGITS or not (tail[:-1].isdigit() and (tail[-1].isdigit() or tail[-1] == "X")):
        raise Refused(f"请填写身份证号的最后{ID_DIGITS}位，最后一位可能是X。", field="id_tail")
    # Without the digits: who knows a name must not try them out one after the other.
    asked_hash = finding_hash("sign-in", f"{project.pk}|{plain_name(name)}")
    with transaction.atomic():
        _not_too_often(asked_hash, now)
        worker = _fitting(project, name, tail)
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        token = secrets.token_urlsafe(32)
        SignInCode.objects.create(
            token=token,
            project=project,
            worker=worker,
            asked_hash=asked_hash,
            code_hash=_code_hash(token, code),
            asked_at=now,
        )
        phone = _phone(worker, now) if worker else ""
    return Asked(token, phone, code if phone else "")


def sign_in(*, token: str, code: str, now: dt.datetime) -> tuple[Worker, Project]:
    """The person whose code this is. Raises :class:`Refused` with the same sentence for every reason to refuse."""
    typed = "".join(code.split())
    with transaction.atomic():
        asked = (
            SignInCode.objects.select_for_update(of=("self",))
            .select_related("worker", "project")
            .filter(token=token, used_at__isnull=True, asked_at__gt=now - VALID, wrong__lt=WRONG_AT_MOST)
            .first()
        )
        right = asked is not None and hmac.compare_digest(asked.code_hash, _code_hash(token, typed))
        if asked is not None and right and asked.worker is not None:
            asked.used_at = now
            asked.save(update_fields=["used_at"])
            _journal(asked.worker, asked.project, now)
            return asked.worker, asked.project
        if asked is not None:
            SignInCode.objects.filter(pk=asked.pk).update(wrong=F("wrong") + 1)
    raise Refused(
        f"验证码不对或已过期（{VALID.seconds // 60}分钟内有效）。请核对短信里的数字，或重新获取。",
        field="code",
    )


def forget(now: dt.datetime) -> int:
    """Remove tries that can no longer be used or counted; who signed in stays in the journal."""
    forgotten, _ = SignInCode.objects.filter(asked_at__lt=now - _HOUR - VALID).delete()
    return forgotten


def worker_actor(worker: Worker) -> Actor:
    """The worker as somebody who acts."""
    return Actor(f"worker:{worker.pk}", f"工人{mask_name(worker.name)}")


def _fitting(project: Project, name: str, tail: str) -> Worker | None:
    """The only person of the current roster with that name and those digits."""
    wanted = plain_name(name)
    rows = (
        Enrolment.objects.filter(project=project, superseded_at__isnull=True)
        .values_list("worker_id", "worker__name")
        .distinct()
    )
    namesakes = {pk for pk, known in rows if plain_name(known) == wanted}
    found = [
        worker
        for worker in Worker.objects.filter(pk__in=namesakes).order_by("pk")
        if isinstance(worker.id_number, Sealed) and worker.id_number.open().upper().endswith(tail)
    ]
    return found[0] if len(found) == 1 else None


def _phone(worker: Worker, now: dt.datetime) -> str:
    """Where the code goes; nowhere when the phone is unknown or has had enough codes this hour."""
    sent = SignInCode.objects.filter(worker=worker, asked_at__gt=now - _HOUR).count()
    if sent > CODES_AN_HOUR or not isinstance(worker.phone, Sealed):
        return ""
    return worker.phone.open()


def _not_too_often(asked_hash: str, now: dt.datetime) -> None:
    tried = SignInCode.objects.filter(asked_hash=asked_hash, asked_at__gt=now - _HOUR).count()
    if tried >= TRIES_AN_HOUR:
        raise Refused("试的次数太多了，请一小时后再试，或请项目部的劳资专管员帮您核对登记的姓名和手机号。")


def _code_hash(token: str, code: str) -> str:
    return finding_hash("sign-in-code", f"{token}|{code}")


def _journal(worker: Worker, project: Project, now: dt.datetime) -> None:
    journal.record(
        actor=worker_actor(worker),
        action="worker.signed_in",
        object_type="worker",
        object_id=worker.pk,
        summary=f"工人{mask_name(worker.name)}在项目“{project.name}”用手机验证码登录",
        now=now,
    )
