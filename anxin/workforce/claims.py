"""Deciding who somebody was: kept apart until a person has said so, and the decision can be taken back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from anxin.accounts.access import HANDLE, actor, may_on
from anxin.accounts.models import User
from anxin.evidence.journal import record
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused, worded
from anxin.workforce.deriving import derive_days, follow_claim
from anxin.workforce.models import IdentityClaim


def decide_claim(
    claim: IdentityClaim, state: str, *, reason: str, user: User, now: dt.datetime
) -> IdentityClaim:
    """Say whether the name that was claimed is the known person; the days follow."""
    if state not in IdentityClaim.State.values or state == IdentityClaim.State.PENDING:
        raise Refused("请选择：是同一人、是另一人，或录入差错。", field="state")
    return _change(claim, state, reason=reason, user=user, now=now)


def reopen_claim(claim: IdentityClaim, *, reason: str, user: User, now: dt.datetime) -> IdentityClaim:
    """Take a decision back; what rested on it is open again."""
    return _change(claim, IdentityClaim.State.PENDING, reason=reason, user=user, now=now)


def _change(claim: IdentityClaim, state: str, *, reason: str, user: User, now: dt.datetime) -> IdentityClaim:
    if not may_on(user, HANDLE, claim.project):
        raise Refused("您没有在这个项目上核定人员身份的权限。")
    reason = worded(reason, "请写明依据", field="reason", more="，例如“核对身份证原件”")
    with transaction.atomic():
        claim = (
            IdentityClaim.objects.select_for_update(of=("self",))
            .select_related("project", "worker")
            .get(pk=claim.pk)
        )
        if claim.state == state:
            raise Refused("这一条已经是这个结论，没有变更。", field="state")
        before = claim.state
        claim.state, claim.reason, claim.decided_at = state, reason[:200], now
        claim.decided_by_name = str(user)
        claim.save(update_fields=["state", "reason", "decided_at", "decided_by_name"])
        days = follow_claim(claim)
        record(
            actor=actor(user),
            action="identity.decided",
            object_type="identity_claim",
            object_id=claim.pk,
            summary=(
                f"{mask_name(claim.worker.name)}与“{mask_name(claim.claimed_name)}”"
                f"（{claim.source}）：{claim.get_state_display()}；依据：{reason}"
            ),
            now=now,
            before={"state": before},
            after={"state": state, "reason": reason[:200], "worker_id": claim.worker_id},
        )
        derive_days(claim.project_id, now=now, also=days)
    return claim
