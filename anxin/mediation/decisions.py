"""Letters of the office that begin from a mediation or a request for aid: not accepted; aid granted or refused.

They go the way of every letter (written, reviewed, issued under a number, sealed, served). The applicant is the addressee, so the
name is filled in; a letter that is under way is opened again instead of being written twice.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.kernel.refusal import Refused
from anxin.letters import drafting
from anxin.letters.life import State
from anxin.letters.models import Letter
from anxin.mediation.applying import applicants, locked
from anxin.mediation.models import AidRequest, MediationCase
from anxin.mediation.sealed import plain
from anxin.mediation.telling import note

REFUSAL, GRANT, DENIAL = "mediation_refusal_notice", "legal_aid_grant", "legal_aid_refusal"
#: what a request for aid may be answered with, in the order of the page
AID_KINDS = {GRANT: "给予法律援助决定书", DENIAL: "不予法律援助决定书"}


def draft_refusal(case: MediationCase, *, by: User, now: dt.datetime) -> Letter:
    """The notice that the application is not accepted (enterprise mediation rules, article 22). Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(case)
        if held.matter.state != "applied":
            raise Refused("本件已经受理，不能再出不受理通知书；谈不成的，请终结调解。")
        values = {
            "applicant": applicants(held),
            "employer": held.employer_name,
            "received_on": held.applied_on.isoformat(),
        }
        made, fresh = _begun(held.matter, REFUSAL, values, by, now)
        if fresh:
            note(held, "refusal_drafted", "起草调解不受理通知书", by=by, now=now, after={"letter": made.pk})
    return made


def draft_aid(request: AidRequest, kind: str, *, by: User, now: dt.datetime) -> Letter:
    """The decision on a request for aid (legal aid law, article 43). Raises :class:`Refused`."""
    if kind not in AID_KINDS:
        raise Refused("请选择给予还是不予法律援助。", field="kind")
    if request.matter.state != "applied":
        raise Refused("这件申请已经有了决定，或者在等补充材料，请打开事项核对。")
    values: dict[str, Any] = {
        "applicant": plain(request.name),
        "applied_on": request.asked_on.isoformat(),
        "about": request.about if request.about.endswith("。") else f"{request.about}。",
        "exemption": "进城务工人员请求支付劳动报酬，免予核查经济困难状况。"
        if request.exempt and kind == GRANT
        else "",
    }
    with transaction.atomic():
        return _begun(request.matter, kind, values, by, now)[0]


def _begun(
    matter: Matter, kind: str, values: dict[str, Any], by: User, now: dt.datetime
) -> tuple[Letter, bool]:
    """The letter of that kind under way, or a new one; and whether it is new."""
    standing = Letter.objects.filter(matter=matter, kind=kind).exclude(
        state__in=(State.DROPPED, State.REPLACED)
    )
    if (found := standing.order_by("-pk").first()) is not None:
        return found, False
    given = {name: value for name, value in values.items() if value}
    return drafting.draft(matter, kind=kind, by=by, now=now, values=given), True
