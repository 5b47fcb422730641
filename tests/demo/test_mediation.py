"""The invented city's mediation by itself: the size of a real district, and a case in every state."""

from __future__ import annotations

from collections import Counter

from anxin.demo.mediation import ENTERPRISES, MEDIATORS, TOWNS, VILLAGES, mediation
from anxin.demo.registering import register_city
from anxin.evidence.journal import SYSTEM
from anxin.mediation.models import (
    AidDuty,
    AidRequest,
    Instalment,
    MediationBody,
    MediationCase,
    MediationPaper,
    Mediator,
)
from anxin.mediation.paying import overdue


def test_the_directory_has_its_size_and_every_state_a_case(db, home, now):
    cast = register_city(actor=SYSTEM, now=now)
    mediation(cast, now=now)
    levels = Counter(MediationBody.objects.values_list("level", flat=True))
    assert levels == {"county": 4, "town": TOWNS, "village": VILLAGES, "enterprise": ENTERPRISES}
    assert Mediator.objects.count() == MEDIATORS
    states = Counter(MediationCase.objects.values_list("matter__state", flat=True))
    assert states == {"fulfilled": 1, "performing": 1, "mediating": 2, "failed": 1, "applied": 1}
    assert MediationCase.objects.filter(matter__state="mediating", level="county").count() == 1
    assert Instalment.objects.filter(overdue(now.date())).count() == 2
    kinds = Counter(MediationPaper.objects.filter(sealed_at__isnull=False).values_list("kind", flat=True))
    assert kinds == {"agreement": 5, "record": 2, "end": 1}
    assert AidDuty.objects.filter(on=now.date()).count() == 4 and AidRequest.objects.count() == 1
