"""The arbitration and the mediation of a matter, each read once with everything that hangs on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from anxin.arbitration.models import (
    Applicant,
    ArbitrationCase,
    Award,
    Claim,
    Consent,
    Hearing,
    Seat,
    Signer,
    Tribunal,
)
from anxin.casework.models import Matter
from anxin.clues.masking import opened
from anxin.dossier.people import People, Person
from anxin.evidence.sealing import finding_hash
from anxin.mediation.models import (
    Agreement,
    Handoff,
    MediationCase,
    PaperSigner,
    Party,
    Session,
    Share,
    Stage,
)


@dataclass(frozen=True)
class ArbitrationRead:
    """An arbitration case; whoever sees its matter sees it."""

    case: ArbitrationCase
    applicants: Sequence[Applicant]
    claims: Sequence[Claim]
    awards: Sequence[Award]
    tribunal: Tribunal | None
    seats: Sequence[Seat]
    hearings: Sequence[Hearing]
    signers: Sequence[Signer]
    consents: Sequence[Consent]


@dataclass(frozen=True)
class MediationRead:
    """A mediation case; whoever sees its matter sees it."""

    case: MediationCase
    parties: Sequence[Party]
    stages: Sequence[Stage]
    sessions: Sequence[Session]
    agreements: Sequence[Agreement]
    shares: Sequence[Share]
    signers: Sequence[PaperSigner]
    handoffs: Sequence[Handoff]


def arbitration_of(matter: Matter, seen: QuerySet[Matter]) -> ArbitrationRead | None:
    """The arbitration of the matter, or the one whose award it executes, if that lies among the matters ``seen``.

    One question where there is none, else about a dozen, however many apply.
    """
    this_one = Q(matter=matter) | Q(awards__after=matter, matter__in=seen.values("pk"))
    case = ArbitrationCase.objects.filter(this_one).select_related("region", "employer").first()
    return arbitrations([case])[0] if case else None


def arbitrations(cases: Sequence[ArbitrationCase]) -> list[ArbitrationRead]:
    """Each with everything that hangs on it, in their order; about a dozen questions for all."""
    if not cases:
        return []
    keys = [one.pk for one in cases]
    applicants = Applicant.objects.filter(case__in=keys).select_related("claimant").order_by("number")
    claims = Claim.objects.filter(applicant__case__in=keys).select_related("applicant", "finding__award")
    awards = Award.objects.filter(case__in=keys).select_related("after").order_by("number")
    seats = Seat.objects.filter(tribunal__case__in=keys).select_related("tribunal", "arbitrator")
    hearings = Hearing.objects.filter(case__in=keys).select_related(
        "room", "circuit", "record__unsigned", "record__file"
    )
    signers = Signer.objects.filter(record__hearing__case__in=keys).select_related("record__hearing")
    consents = Consent.objects.filter(case__in=keys).prefetch_related("answers__applicant")
    tribunals = {one.case_id: one for one in Tribunal.objects.filter(case__in=keys)}
    told = {
        "applicants": _by_case(applicants, lambda one: one.case_id),
        "claims": _by_case(
            claims.order_by("applicant__number", "item", "month", "pk"), lambda one: one.applicant.case_id
        ),
        "awards": _by_case(
            awards.prefetch_related("corrections", "received__applicant"), lambda one: one.case_id
        ),
        "seats": _by_case(seats.order_by("pk"), lambda one: one.tribunal.case_id),
        "hearings": _by_case(hearings.order_by("begins_at", "pk"), lambda one: one.case_id),
        "signers": _by_case(
            signers.order_by("record__hearing__begins_at", "record", "number"),
            lambda one: one.record.hearing.case_id,
        ),
        "consents": _by_case(consents.order_by("pk"), lambda one: one.case_id),
    }
    return [
        ArbitrationRead(
            case=case,
            tribunal=tribunals.get(case.pk),
            **{name: rows.get(case.pk, []) for name, rows in told.items()},
        )
        for case in cases
    ]


def _by_case(rows: Iterable[Any], case: Callable[[Any], int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for one in rows:
        found.setdefault(case(one), []).append(one)
    return found


def mediation_of(matter: Matter, seen: QuerySet[Matter]) -> MediationRead | None:
    """The mediation of the matter, or the one whose agreement it carries on, if that lies among the matters ``seen``.

    One question where there is none, else about ten, however many take part.
    """
    this_one = Q(matter=matter) | Q(handoffs__matter=matter, matter__in=seen.values("pk"))
    case = MediationCase.objects.filter(this_one).select_related("region", "clue").first()
    if case is None:
        return None
    shares = Share.objects.filter(agreement__case=case).select_related("agreement", "party", "document")
    paid = "instalments__payments"
    signers = PaperSigner.objects.filter(paper__case=case).select_related(
        "paper__share__party", "paper__session", "paper__body", "paper__document__file"
    )
    return MediationRead(
        case=case,
        parties=list(case.parties.select_related("claimant").order_by("number")),
        stages=list(case.stages.select_related("body", "mediator").order_by("pk")),
        sessions=list(case.sessions.select_related("document").order_by("at", "pk")),
        agreements=list(case.agreements.order_by("pk")),
        shares=list(
            shares.prefetch_related(f"{paid}__receipt", f"{paid}__document").order_by(
                "agreement", "party__number"
            )
        ),
        signers=list(signers.order_by("paper", "number")),
        handoffs=list(case.handoffs.select_related("matter").order_by("pk")),
    )


def people_of(listed: Sequence[Applicant] | Sequence[Party], people: People) -> dict[int, Person]:
    """Everybody of the case among the people of the package, by their key; a claimant of the clue is the same person."""
    found = {}
    for one in listed:
        number = opened(one.id_number)
        found[one.pk] = people.add(key_of(one, number), opened(one.name), number)
    return found


def key_of(one: Applicant | Party, number: str) -> str:
    """By what somebody of a case is known among the people of a package."""
    if one.claimant is not None:
        return one.claimant.id_hash or f"claimant:{one.claimant.pk}"
    return finding_hash("id", number) if number else f"{one._meta.label_lower}:{one.pk}"
