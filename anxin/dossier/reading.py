"""Everything that hangs on a matter, read once in a bounded number of queries."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from anxin.accounts.models import User
from anxin.arbitration.models import Applicant
from anxin.casework.access import visible_matters
from anxin.casework.models import Document, Matter, Task
from anxin.casework.situation import Situation, situation
from anxin.clues.models import Clue, Telling
from anxin.clues.queries_claimants import Person, group_of, person_page
from anxin.dossier.case_reading import ArbitrationRead, MediationRead, arbitration_of, mediation_of
from anxin.dossier.found_people import FoundRead, found_of
from anxin.dossier.journal_rows import SEALED_ACTIONS
from anxin.dossier.reporter import Reporter, reporter_of
from anxin.enforcement.models import Arrears, Inspector, LeniencyOpinion
from anxin.evidence.models import JournalEntry
from anxin.law import Law
from anxin.letters.models import Letter
from anxin.mediation.models import MediationCase, Party
from anxin.monitoring.access import visible_warnings
from anxin.monitoring.explaining import explain
from anxin.monitoring.models import Warning
from anxin.referral.access import seen_clue
from anxin.referral.matter_paid import payments_of
from anxin.referral.models import Asking, Conclusion, MatterPayment, Recovered, Referral, Word, WorkerTold
from anxin.workforce.models import Worker

#: rows of the warning that are packed; a warning of more says how many there are
MOST_ROWS = 5000
#: what the journal says of a telling and of a try in vain
_TOLD = ("referral.told", "referral.told_in_vain")


@dataclass
class ClueRead:
    """The clue that the matter came from, and what became of it."""

    clue: Clue
    telling: Telling
    people: Sequence[Person]
    referrals: Sequence[Referral]
    askings: Sequence[Asking]
    conclusions: Sequence[Conclusion]
    words: Sequence[Word]
    recovered: Sequence[Recovered]
    #: tellings and tries in vain of its conclusions, also to the callers of clues merged into it
    tellings: Sequence[WorkerTold]


@dataclass
class WarningRead:
    """The warning that the clue came from, as it explains itself, and who its rows are about by key."""

    warning: Warning
    told: dict[str, object]
    workers: dict[int, Worker] = field(default_factory=dict)


@dataclass
class MatterRead:
    """One matter with everything about it; ``law`` is the law that counted its clocks."""

    matter: Matter
    found: Situation
    law: Law
    on: dt.date
    papers: Sequence[Document]
    tasks: Sequence[Task]
    arrears: Sequence[Arrears]
    #: money recorded after the decision or the award
    payments: Sequence[MatterPayment]
    #: whom the lines of the arrears are about
    found_people: FoundRead
    inspectors: Sequence[Inspector]
    opinions: Sequence[LeniencyOpinion]
    clue: ClueRead | None
    warning: WarningRead | None
    reporter: Reporter
    letters: Sequence[Letter]
    arbitration: ArbitrationRead | None
    mediation: MediationRead | None
    entries: Sequence[JournalEntry]


def read(matter: Matter, law: Law, *, user: User | None, on: dt.date) -> MatterRead:
    """Read it for ``user``, who may see the matter; ``None`` is the operator of the installation.

    The clue and the warning it came from come along where this person may see them. About thirty queries, and a
    dozen for an arbitration or a mediation, however much hangs on it.
    """
    origins = _origins(matter)
    clue = _clue(origins, user)
    callers = sorted({one.clue_id for one in clue.tellings} - {clue.clue.pk}) if clue else []
    warning = _warning(clue.clue, user) if clue else None
    seen = Matter.objects.all() if user is None else visible_matters(user)
    arbitration, mediation = arbitration_of(matter, seen), mediation_of(matter, seen)
    letters = list(
        matter.letters.select_related("sealed_file").prefetch_related("acts", "services").order_by("pk")
    )
    arrears = list(matter.arrears.order_by("pk"))
    found_people = found_of(arrears)
    return MatterRead(
        matter=matter,
        found=situation(matter, law),
        law=law,
        on=on,
        papers=list(matter.documents.select_related("file", "attached_by").order_by("pk")),
        tasks=list(matter.tasks.select_related("for_user", "for_organisation", "deadline").order_by("pk")),
        arrears=arrears,
        payments=list(payments_of(matter)),
        found_people=found_people,
        inspectors=list(matter.inspectors.order_by("pk")),
        opinions=list(matter.leniency_opinions.order_by("pk")),
        clue=clue,
        warning=warning,
        reporter=reporter_of(_told([*origins, *callers, *found_people.clues], arbitration, mediation)),
        letters=letters,
        arbitration=arbitration,
        mediation=mediation,
        entries=_entries(_objects(matter, letters, clue, warning, arbitration, mediation), callers),
    )


def _origins(matter: Matter) -> list[int]:
    """The clues it may have come from, the nearest first: it was referred, or mediated, here or up to two matters back."""
    keys = [matter.pk]
    if matter.follows_id:
        keys.append(matter.follows_id)
        before = Matter.objects.filter(pk=matter.follows_id).values_list("follows_id", flat=True).first()
        keys += [before] if before else []
    found = list(Referral.objects.filter(matter__in=keys).order_by("pk").values_list("matter", "clue"))
    mediated = MediationCase.objects.filter(matter__in=keys, clue__isnull=False)
    found += mediated.order_by("pk").values_list("matter", "clue")
    return [clue for _, clue in sorted(found, key=lambda one: keys.index(one[0]))]


def _clue(origins: Sequence[int], user: User | None) -> ClueRead | None:
    """The nearest clue, where this person sees it."""
    if not origins:
        return None
    clue = seen_clue(user, origins[0]) if user else Clue.objects.get(pk=origins[0])
    return _clue_read(clue) if clue else None


def _told(
    origins: Sequence[int], arbitration: ArbitrationRead | None, mediation: MediationRead | None
) -> Sequence[Telling]:
    """Every telling of the clues behind the matter and its people, also of a clue that the reader does not see:
    whoever told us stays inside all the same."""
    people: list[Applicant | Party] = []
    people += arbitration.applicants if arbitration else []
    people += mediation.parties if mediation else []
    clues = {*origins, *(one.claimant.clue_id for one in people if one.claimant)}
    return list(Telling.objects.filter(clue__in=clues)) if clues else []


def _clue_read(clue: Clue) -> ClueRead:
    page = person_page(clue, group_of(clue), limit=None)
    referrals = Referral.objects.filter(clue=clue).select_related("matter", "table").order_by("pk")
    return ClueRead(
        clue=clue,
        telling=clue.tellings.get(superseded_at__isnull=True),
        people=page.items,
        referrals=list(referrals),
        askings=list(Asking.objects.filter(referral__clue=clue).select_related("body").order_by("pk")),
        conclusions=list(Conclusion.objects.filter(clue=clue).order_by("pk")),
        words=list(Word.objects.filter(clue=clue).order_by("pk")),
        recovered=list(
            Recovered.objects.filter(clue=clue).select_related("receipt", "document").order_by("pk")
        ),
        tellings=list(
            WorkerTold.objects.filter(conclusion__clue=clue)
            .select_related("conclusion", "clue")
            .order_by("pk")
        ),
    )


def _warning(clue: Clue, user: User | None) -> WarningRead | None:
    """The warning that became the clue, where this person sees it."""
    number = re.fullmatch(r"预警(\d{1,18})", clue.sender_number)
    if clue.channel != Clue.Channel.SWEEP or number is None:
        return None
    rows = visible_warnings(user) if user else Warning.objects.select_related("project", "employer")
    warning = rows.select_related("project", "employer", "sweep").filter(pk=int(number[1])).first()
    if warning is None:
        return None
    told = explain(warning, rows_limit=MOST_ROWS)
    keys = {row["worker"] for row in told["evidence"] if row["worker"]}
    return WarningRead(warning, told, Worker.objects.in_bulk(keys))


def _objects(
    matter: Matter,
    letters: Sequence[Letter],
    clue: ClueRead | None,
    warning: WarningRead | None,
    arbitration: ArbitrationRead | None,
    mediation: MediationRead | None,
) -> dict[str, list[int]]:
    """What the journal is asked about, by kind: the matter, its letters and cases, its clue and its warning."""
    return {
        "matter": [matter.pk],
        "letter": [one.pk for one in letters],
        "arbitration_case": [arbitration.case.pk] if arbitration else [],
        "mediation_case": [mediation.case.pk] if mediation else [],
        "clue": [clue.clue.pk] if clue else [],
        "warning": [warning.warning.pk] if warning else [],
    }


def _entries(objects: dict[str, list[int]], callers: Sequence[int]) -> list[JournalEntry]:
    """The journal about these, and that the callers of merged clues were told; one query."""
    about = Q(object_type="clue", object_id__in=[str(key) for key in callers], action__in=_TOLD)
    for kind, keys in objects.items():
        if keys:
            about |= Q(object_type=kind, object_id__in=[str(key) for key in keys])
    found = JournalEntry.objects.filter(about).order_by("sequence")
    return [entry for entry in found if not entry.action.startswith(SEALED_ACTIONS)]
