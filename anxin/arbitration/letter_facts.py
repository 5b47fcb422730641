"""What a letter about an arbitration begins with: who sits, when and where the next hearing is."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from anxin.arbitration.models import PROCEDURES, ArbitrationCase, Hearing, Seat
from anxin.arbitration.scheduling import seats, tribunal_of
from anxin.casework.models import Matter
from anxin.mediation.sealed import plain


def of_hearings(matter: Matter) -> dict[str, Any]:
    """By field name as the templates use it; empty for a matter that is no arbitration."""
    if matter.procedure not in PROCEDURES:
        return {}
    case = ArbitrationCase.objects.filter(matter=matter).first()
    if case is None:
        return {}
    known: dict[str, Any] = {
        "applicant": applicant_words(case),
        "respondent": case.employer_name,
        "cause": case.cause,
    }
    return known | _sitting(case) | _hearing(case)


def applicant_words(case: ArbitrationCase) -> str:
    """``赵某某等3人``: papers name people in full."""
    names = list(case.applicants.order_by("number").values_list("name", flat=True))
    if not names:
        return ""
    first = plain(names[0])
    return first if len(names) == 1 else f"{first}等{len(names)}人"


def _sitting(case: ArbitrationCase) -> dict[str, Any]:
    tribunal = tribunal_of(case)
    if tribunal is None:
        return {}
    found = seats(case)
    chairs = [
        f"{one.arbitrator}（首席仲裁员）" if one.part == Seat.Part.PRESIDING else str(one.arbitrator)
        for one in found
        if one.part != Seat.Part.SECRETARY
    ]
    secretary = [str(one.arbitrator) for one in found if one.part == Seat.Part.SECRETARY]
    return {"form": tribunal.form, "arbitrators": "、".join(chairs), "secretary": "".join(secretary)}


def _hearing(case: ArbitrationCase) -> dict[str, Any]:
    found = (
        case.hearings.filter(state=Hearing.State.SET)
        .select_related("room", "circuit")
        .order_by("-begins_at")
        .first()
    )
    if found is None:
        return {}
    at = timezone.localtime(found.begins_at)
    hour = f"{'上午' if at.hour < 12 else '下午'}{at.hour}时{f'{at.minute:02d}分' if at.minute else ''}"
    return {"day": at.date(), "hour": hour, "place": found.place, "online": found.meeting}
