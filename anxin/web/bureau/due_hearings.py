"""Due dates of arbitration: a case's nearest limit, the notice of a hearing, and what each party may do after an award."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from anxin.accounts.models import User
from anxin.arbitration.access import visible_case, visible_hearings
from anxin.arbitration.aftermath import last_day, remedy
from anxin.arbitration.models import Received
from anxin.arbitration.scheduling import NOTICE
from anxin.law import Law, LawError
from anxin.web.bureau.due_matters import limit_shown
from anxin.web.bureau.due_parts import Kind, Part, Shown, part_of


def _notice(user: User, pk: int, month: str, law: Law) -> Shown | None:
    """Counted backwards from the day of the hearing."""
    hearing = visible_hearings(user).filter(pk=pk).first()
    if hearing is None:
        return None
    case = hearing.case
    where = (reverse("arbitration-hearings", args=[case.pk]), f"{case.matter.number}：{case.matter.title}")
    notes = (f"提前开庭：{hearing.shorter_why}",) if hearing.shorter_why else ()
    try:
        found = law.deadline(NOTICE, timezone.localdate(hearing.begins_at), case.region_id)
        part = part_of(law, found, heading="")
    except LawError as problem:
        part = Part("", problem=str(problem))
    return Shown("开庭通知的最迟日", where, hearing.notice_by, [part], notes=notes)


def _case(user: User, pk: int, month: str, law: Law) -> Shown | None:
    """For whoever sees the case: an arbitrator has no page of the matter."""
    case = visible_case(user, pk)
    if case is None:
        return None
    where = (reverse("arbitration-case", args=[case.pk]), f"{case.matter.number}：{case.matter.title}")
    return limit_shown(case.matter, law, where)


def _remedy(user: User, pk: int, month: str, law: Law) -> Shown | None:
    """The time of one party, from the day on which that party received the award."""
    got = Received.objects.filter(pk=pk).select_related("award", "applicant").first()
    case = visible_case(user, got.award.case_id) if got else None
    if got is None or case is None:
        return None
    whose = f"{got.applicant}申请人" if got.applicant else got.get_side_display()
    title = f"{whose}：{law.parameter(remedy(got, got.award)).name}"
    where = (
        f"{reverse('arbitration-case', args=[case.pk])}#award-{got.award_id}",
        f"{case.matter.number}：{case.matter.title}",
    )
    try:
        found = last_day(got, got.award, case.region_id, law)
    except LawError as problem:
        return Shown(title, where, None, [Part("", problem=str(problem))])
    return Shown(title, where, found.due_day, [part_of(law, found, heading="")])


KINDS: dict[str, Kind] = {"arbitration-notice": _notice, "arbitration-case": _case, "award-remedy": _remedy}
