"""Due dates of mediation: the last day of a level, and the last day on which an agreement may be confirmed."""

from __future__ import annotations

from django.urls import reverse

from anxin.accounts.models import User
from anxin.law import Law, LawError
from anxin.mediation.access import visible_case
from anxin.mediation.models import Agreement, MediationCase, Stage
from anxin.web.bureau.due_parts import Kind, Part, Shown, part_of


def _stage(user: User, pk: int, month: str, law: Law) -> Shown | None:
    """How long one organisation has."""
    stage = Stage.objects.select_related("body").filter(pk=pk).first()
    case = visible_case(user, stage.case_id) if stage else None
    if stage is None or case is None:
        return None
    notes = (
        f"自{stage.body}收到申请之日起算；期满没有达成协议的，次日自动转上一级调解组织，当事人也可以直接申请仲裁。",
    )
    try:
        found = law.deadline("mediation_arbitration.mediation_days", stage.started_on, case.region_id)
        part = part_of(law, found, heading="")
    except LawError as problem:
        part = Part("", problem=str(problem))
    return Shown("调解期限", _place(case), stage.due_on, [part], notes=notes)


def _case(user: User, pk: int, month: str, law: Law) -> Shown | None:
    """The stage that runs now."""
    stage = Stage.objects.filter(case=pk, ended_on__isnull=True).first()
    return _stage(user, stage.pk, month, law) if stage else None


def _confirmation(user: User, pk: int, month: str, law: Law) -> Shown | None:
    """The days in which both sides may ask the court to confirm an agreement."""
    agreement = Agreement.objects.filter(pk=pk, effective_on__isnull=False).first()
    case = visible_case(user, agreement.case_id) if agreement else None
    if agreement is None or case is None or agreement.effective_on is None:
        return None
    try:
        found = law.deadline(
            "mediation_arbitration.judicial_confirm_days", agreement.effective_on, case.region_id
        )
    except LawError as problem:
        return Shown("申请司法确认的期限", _place(case), None, [Part("", problem=str(problem))])
    return Shown("申请司法确认的期限", _place(case), found.due, [part_of(law, found, heading="")])


def _place(case: MediationCase) -> tuple[str, str]:
    return reverse("mediation-case", args=[case.pk]), f"{case.matter.number}：{case.matter.title}"


KINDS: dict[str, Kind] = {
    "mediation-stage": _stage,
    "mediation-case": _case,
    "mediation-confirm": _confirmation,
}
