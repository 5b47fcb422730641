"""移送 of a matter that a clue was passed on with: before acceptance it is a return, afterwards another body answers."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef

from anxin.accounts.models import User
from anxin.casework import conditions
from anxin.casework import services as casework
from anxin.casework.models import Matter
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.referral.current import MOST_WORDS, locked, note, words_of
from anxin.referral.models import Asking, Referral
from anxin.referral.referring import ASK_RETURN, asked_returns, held_by, return_
from anxin.registry.models import Organisation

_HOTLINE = "hotline_12345"


def transfer(
    matter: Matter,
    to: Organisation,
    *,
    on: dt.date,
    reason: str,
    by: User,
    now: dt.datetime,
    law: Law,
    expected_version: int,
) -> str:
    """Hand a matter on as its page does; says what came of it. One that no clue stands behind is only transferred.

    Not yet accepted, it counts as 退单: back to the desk with ``to`` as advice, the second time to the wage office.
    Raises :class:`Refused`.
    """
    with transaction.atomic():
        rows = Referral.objects.filter(matter=matter.pk, ended_at__isnull=True).select_related("clue")
        if (found := rows.first()) is None:
            return _moved(
                matter, to, on=on, reason=reason, by=by, now=now, law=law, expected=expected_version
            )
        clue = locked(found.clue)
        referral, asking = held_by(clue, by)
        casework.check_version(referral.matter, expected_version)
        if asking.accepted_at is None:
            advice = f"（建议由{to}办理）"
            why = words_of(reason, "reason", "请写明移送的原因", most=MOST_WORDS - len(advice))
            return_(clue, why=why + advice, by=by, now=now, law=law)
            last = referral.askings.select_related("body").latest("position")
            if last.final:
                return f"还没有接收，移送按第二次退单处理，由{last.body}办理。"
            return "还没有接收，移送按退单处理，已退回分派岗，由分派岗改派。"
        if asking.final and to.kind != Organisation.Kind.BUREAU:
            raise Refused(f"两次退单后由{asking.body}负责到底，只能移送有管辖权的其他人社部门。", field="to")
        said = _moved(matter, to, on=on, reason=reason, by=by, now=now, law=law, expected=expected_version)
        Asking.objects.create(
            referral=referral, position=asking.position + 1, body=to, asked_at=now, asked_by_name=str(by),
            why=f"移送：{reason.strip()}"[:200], final=asking.final,
        )  # fmt: skip
        note(clue, "transferred", f"{asking.body}移送{to}", by=by, now=now,
             after={"from": asking.body.code, "lead": to.code, "why": reason.strip()})  # fmt: skip
    return said


def may_ask_hotline(matter: Matter, on: dt.date, law: Law) -> str:
    """Why the hotline is not asked to take a ticket back; empty where it may be: once, and not by who has to keep it.

    One query: every page of a ticket's matter asks.
    """
    asked = Exists(asked_returns(OuterRef("referral__matter")))
    rows = Asking.objects.filter(referral__matter=matter.pk, referral__ended_at__isnull=True)
    askings = list(rows.select_related("body").annotate(asked=asked).order_by("position"))
    if not askings:
        return ""
    last = askings[-1]
    if last.final:
        return f"两次退单后由{last.body}负责到底，不能再申请退单。"
    if last.asked or any(one.returned_at for one in askings):
        return "本件已经退过一次，不能再向热线申请退单；仍不归本单位的，请在线索的办理页点“退单”，由人社部门办理。"
    return ""


def register() -> None:
    """Called once when the application starts."""
    conditions.register_step(_HOTLINE, ASK_RETURN, may_ask_hotline)


def _moved(
    matter: Matter,
    to: Organisation,
    *,
    on: dt.date,
    reason: str,
    by: User,
    now: dt.datetime,
    law: Law,
    expected: int,
) -> str:
    casework.transfer(matter, to, on=on, reason=reason, by=by, now=now, law=law, expected_version=expected)
    return f"事项已移送{to}。"
